#include "support/endpoint_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define SERVICE(name) "com.amazonaws.ap-northeast-1." name

void endpoint_stage_wait(struct endpoint_stage *stage, uint64_t ms)
{
    stage->trial->now.monotonic_ms += ms;
    stage->trial->now.wall_ms += (int64_t)ms;
}

const char *endpoint_call(struct endpoint_stage *stage, const char *action, const char *parameters)
{
    return trial_call(stage->trial, action, parameters);
}

static void make_group(struct endpoint_stage *stage, char into[static 40], const char *name)
{
    snprintf(into, 40, "%s",
             trial_element(endpoint_call(stage, "CreateSecurityGroup",
                                         trial_text("GroupName=%s&GroupDescription=%s&VpcId=%s",
                                                    name, name, stage->world.vpc)),
                           "groupId"));
}

const char *endpoint_create(struct endpoint_stage *stage, const char *parameters)
{
    return trial_text(
        "%s", trial_element(endpoint_call(stage, "CreateVpcEndpoint",
                                          trial_text("VpcId=%s&%s", stage->world.vpc, parameters)),
                            "vpcEndpointId"));
}

void endpoint_stage_begin(struct endpoint_stage *stage, uint64_t seed)
{
    const struct trial_world *world = &stage->world;

    *stage = (struct endpoint_stage){.trial = trial_new(seed)};
    trial_build_world(stage->trial, &stage->world, WORLD_WITHOUT_NAT | WORLD_PLAIN_TABLES);
    endpoint_call(stage, "ModifyVpcAttribute",
                  trial_text("VpcId=%s&EnableDnsHostnames.Value=true", world->vpc));
    make_group(stage, stage->functions_group, "functions");
    make_group(stage, stage->endpoint_group, "endpoints");
    endpoint_call(stage, "AuthorizeSecurityGroupIngress",
                  trial_text("GroupId=%s&IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort="
                             "443&IpPermissions.1.ToPort=443&IpPermissions.1.Groups.1.GroupId=%s",
                             stage->endpoint_group, stage->functions_group));
    snprintf(stage->s3, sizeof(stage->s3), "%s",
             endpoint_create(stage, trial_text("ServiceName=" SERVICE(
                                                   "s3") "&RouteTableId.1=%s&RouteTableId.2=%s"
                                                         "&RouteTableId.3=%s",
                                               world->private_table[0], world->private_table[1],
                                               world->private_table[2])));
    snprintf(
        stage->logs, sizeof(stage->logs), "%s",
        endpoint_create(
            stage, trial_text("ServiceName=" SERVICE(
                                  "logs") "&VpcEndpointType=Interface&SubnetId.1=%s&SubnetId.2=%s"
                                          "&SubnetId.3=%s&SecurityGroupId.1=%s&PrivateDnsEnabled="
                                          "true",
                              world->private_subnet[0], world->private_subnet[1],
                              world->private_subnet[2], stage->endpoint_group)));
    endpoint_stage_wait(stage, 600000);
}

void endpoint_stage_end(struct endpoint_stage *stage)
{
    trial_free(stage->trial);
    stage->trial = NULL;
}

void endpoint_stage_config(struct endpoint_stage *stage, const struct endpoint_config *config)
{
    const struct trial_world *world = &stage->world;
    const char *endpoints = config->endpoints, *subnets;

    if (!endpoints)
        endpoints = trial_text(
            "  {\"service\": \"s3\", \"type\": \"gateway\", \"for\": [\"functions\"]},\n"
            "  {\"service\": \"logs\", \"type\": \"interface\", \"for\": [\"functions\"],\n"
            "   \"security_groups\": [\"%s\"], \"ports\": [443], \"private_dns\": %s%s%s}",
            stage->endpoint_group, config->no_private_dns ? "false" : "true",
            config->policy ? ", \"policy\": " : "", config->policy ? config->policy : "");
    subnets =
        trial_text("\"%s\", \"%s\", \"%s\"%s%s%s", world->private_subnet[0],
                   world->private_subnet[1], world->private_subnet[2], config->subnet ? ", \"" : "",
                   config->subnet ? config->subnet : "", config->subnet ? "\"" : "");
    if (config->alone)
        subnets = trial_text("\"%s\"", config->alone);
    snprintf(stage->config, sizeof(stage->config),
             "{\"name\": \"trial\", \"region\": \"ap-northeast-1\", \"vpc\": \"%s\", \"mode\": "
             "\"repair\",\n"
             " \"subnet_groups\": {\n"
             "  \"functions\": {\"match\": [%s], %s,\n"
             "   \"security_groups\": [\"%s\"]}},\n"
             " \"endpoints\": [\n%s],\n"
             " \"repair\": {%s}}",
             world->vpc, subnets,
             config->cut_off ? "\"ipv4\": \"none\", \"ipv6\": \"none\""
                             : "\"ipv6\": \"egress-only-internet-gateway\"",
             stage->functions_group, endpoints, config->repair ? config->repair : "");
    stage->trial->config_text = stage->config;
}

void endpoint_delete(struct endpoint_stage *stage, const char *id)
{
    endpoint_call(stage, "DeleteVpcEndpoints", trial_text("VpcEndpointId.1=%s", id));
    endpoint_stage_wait(stage, 2 * 3600 * 1000);
}

void endpoint_set_state(struct endpoint_stage *stage, const char *id, const char *from,
                        const char *to)
{
    trial_edit(stage->trial, trial_text("\"vpcEndpointId\": \"%s\"", id),
               trial_text("\"state\": \"%s\"", from), trial_text("\"state\": \"%s\"", to));
}

void endpoint_offer_in_d(struct endpoint_stage *stage, bool offered)
{
    static const char in[] = "\"ap-northeast-1d\"", out[] = "\"ap-northeast-1x\"";
    const char *xml = endpoint_call(stage, "DescribeVpcEndpointServices",
                                    "Filter.1.Name=service-name&Filter.1.Value.1=" SERVICE("logs"));

    trial_edit(stage->trial, trial_text("\"%s\"", trial_element(xml, "serviceId")),
               offered ? out : in, offered ? in : out);
}

void endpoint_cut_off(struct endpoint_stage *stage)
{
    for (size_t i = 0; i < 3; i++)
        endpoint_call(stage, "DeleteRoute",
                      trial_text("RouteTableId=%s&DestinationIpv6CidrBlock=%%3A%%3A%%2F0",
                                 stage->world.private_table[i]));
}

const char *endpoint_describe(struct endpoint_stage *stage, const char *id)
{
    return endpoint_call(stage, "DescribeVpcEndpoints",
                         trial_text("Filter.1.Name=vpc-endpoint-id&Filter.1.Value.1=%s", id));
}

unsigned endpoint_count_text(const char *text, const char *part)
{
    unsigned n = 0;

    for (; (text = strstr(text, part)); text += strlen(part))
        n++;
    return n;
}
