#include "support/nat_stage.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* ---- the stage ---- */

void nat_stage_begin(struct nat_stage *stage, uint64_t seed, unsigned flags)
{
    *stage = (struct nat_stage){.trial = trial_new(seed)};
    trial_build_world(stage->trial, &stage->world, flags);
    nat_stage_wait(stage, 300000); /* what was being made is */
    for (size_t i = 0; i < 3; i++)
        nat_address_of_zone(stage, i, stage->address[i]);
}

void nat_stage_end(struct nat_stage *stage)
{
    trial_free(stage->trial);
    stage->trial = NULL;
}

void nat_stage_blind(struct nat_stage *stage, uint64_t visibility_ms)
{
    stage->trial->visibility_ms = visibility_ms;
    trial_edit(stage->trial, NULL, "{", "{"); /* the same world in another simulator */
}

void nat_stage_wait(struct nat_stage *stage, uint64_t ms)
{
    stage->trial->now.monotonic_ms += ms;
    stage->trial->now.wall_ms += (int64_t)ms;
}

static const char *id_list(const char (*ids)[40], unsigned without, const char *more)
{
    const char *list = "";

    for (size_t i = 0; i < 3; i++)
        if (!(without & ZONE(i)))
            list = trial_text("%s%s\"%s\"", list, *list ? ", " : "", ids[i]);
    return *more ? trial_text("%s, \"%s\"", list, more) : list;
}

static const char *pins_text(const struct nat_stage *stage, enum nat_pins pins)
{
    if (pins == PINS_NONE)
        return "";
    return trial_text(", \"elastic_ips\": {\"ap-northeast-1a\": [\"%s\"], \"ap-northeast-1c\": "
                      "[\"%s\"], \"ap-northeast-1d\": [\"%s\"]}",
                      stage->address[0], pins == PINS_ANOTHER ? stage->spare : stage->address[1],
                      stage->address[2]);
}

void nat_stage_config(struct nat_stage *stage, const struct nat_config *config)
{
    const struct trial_world *world = &stage->world;

    snprintf(stage->config, sizeof(stage->config),
             "{\"name\": \"trial\", \"region\": \"ap-northeast-1\", \"vpc\": \"%s\", \"mode\": "
             "\"repair\",\n"
             " \"subnet_groups\": {\n"
             "  \"public\": {\"match\": [%s], %s\"ipv6\": \"internet-gateway\"},\n"
             "  \"functions\": {\"match\": [%s], \"ipv4\": \"nat-gateway\", \"ipv6\": "
             "\"egress-only-internet-gateway\"}},\n"
             " \"nat_gateways\": {\"placement\": \"%s\", \"in\": \"public\"%s},\n"
             " \"repair\": {%s}}",
             world->vpc, id_list(world->public_subnet, config->without_public, ""),
             config->public_ipv4_unmanaged ? "" : "\"ipv4\": \"internet-gateway\", ",
             id_list(world->private_subnet, config->without_functions, stage->edge_subnet),
             config->placement ? config->placement : "per-az", pins_text(stage, config->pins),
             config->repair ? config->repair : "");
    stage->trial->config_text = stage->config;
}

void nat_address_of_zone(struct nat_stage *stage, size_t i, char ret_id[static 40])
{
    const char *xml = nat_call(
        stage, "DescribeNatGateways",
        trial_text("Filter.1.Name=subnet-id&Filter.1.Value.1=%s&Filter.2.Name=state&Filter.2.Value."
                   "1=available",
                   stage->world.public_subnet[i]));

    ret_id[0] = 0;
    if (strstr(xml, "<allocationId>"))
        snprintf(ret_id, 40, "%s", trial_element(xml, "allocationId"));
}

unsigned nat_count_text(const char *text, const char *part)
{
    unsigned n = 0;

    for (; (text = strstr(text, part)); text += strlen(part))
        n++;
    return n;
}

const char *nat_check_addresses(struct nat_stage *stage, unsigned other_zones, unsigned unattached)
{
    const char *xml;
    unsigned n, attached;

    for (size_t i = 0; i < 3; i++) {
        char now[40];

        nat_address_of_zone(stage, i, now);
        if (!(other_zones & ZONE(i)) && strcmp(now, stage->address[i]) != 0)
            return trial_text("zone %zu had %s and has \"%s\"", i, stage->address[i], now);
    }
    xml = nat_call(stage, "DescribeAddresses", "");
    n = nat_count_text(xml, "<allocationId>");
    attached = nat_count_text(xml, "<associationId>");
    return n - attached == unattached
               ? NULL
               : trial_text("%u addresses are attached to nothing, expected %u", n - attached,
                            unattached);
}

/* ---- what people do ---- */

const char *nat_call(struct nat_stage *stage, const char *action, const char *parameters)
{
    return trial_call(stage->trial, action, parameters);
}

void nat_delete(struct nat_stage *stage, size_t i)
{
    nat_call(stage, "DeleteNatGateway", trial_text("NatGatewayId=%s", stage->world.nat[i]));
}

void nat_delete_and_wait(struct nat_stage *stage, size_t i)
{
    nat_delete(stage, i);
    nat_stage_wait(stage, 600000);
}

void nat_delete_all(struct nat_stage *stage)
{
    for (size_t i = 0; i < 3; i++)
        nat_delete(stage, i);
    nat_stage_wait(stage, 600000);
}

const char *nat_create(struct nat_stage *stage, size_t zone, const char *address)
{
    return trial_text("%s",
                      trial_element(nat_call(stage, "CreateNatGateway",
                                             trial_text("SubnetId=%s&AllocationId=%s",
                                                        stage->world.public_subnet[zone], address)),
                                    "natGatewayId"));
}

void nat_create_failing(struct nat_stage *stage, size_t zone, const char *address, const char *code)
{
    const char *id = nat_create(stage, zone, address);

    nat_stage_wait(stage, 120000);
    assert_string_equal(
        trial_element(nat_call(stage, "DescribeNatGateways", trial_text("NatGatewayId.1=%s", id)),
                      "failureCode"),
        code);
}

const char *nat_create_regional(struct nat_stage *stage)
{
    const char *id = trial_text(
        "%s",
        trial_element(nat_call(stage, "CreateNatGateway",
                               trial_text("VpcId=%s&AvailabilityMode=regional", stage->world.vpc)),
                      "natGatewayId"));

    nat_stage_wait(stage, 120000);
    return id;
}

void nat_point_private(struct nat_stage *stage, size_t i, const char *nat)
{
    nat_call(stage, "ReplaceRoute",
             trial_text(IPV4_DEFAULT "&NatGatewayId=%s", stage->world.private_table[i], nat));
}

void nat_drop_route(struct nat_stage *stage, const char *table)
{
    nat_call(stage, "DeleteRoute", trial_text(IPV4_DEFAULT, table));
}

void nat_allocate_spare(struct nat_stage *stage)
{
    snprintf(stage->spare, sizeof(stage->spare), "%s",
             trial_element(nat_call(stage, "AllocateAddress", "Domain=vpc"), "allocationId"));
}

void nat_release(struct nat_stage *stage, const char *address)
{
    nat_call(stage, "ReleaseAddress", trial_text("AllocationId=%s", address));
}

const char *nat_add_interface(struct nat_stage *stage, const char *subnet)
{
    return trial_text("%s", trial_element(nat_call(stage, "CreateNetworkInterface",
                                                   trial_text("SubnetId=%s", subnet)),
                                          "networkInterfaceId"));
}

const char *nat_use_elsewhere(struct nat_stage *stage, const char *address)
{
    return trial_text(
        "%s",
        trial_element(nat_call(stage, "AssociateAddress",
                               trial_text("AllocationId=%s&NetworkInterfaceId=%s", address,
                                          nat_add_interface(stage, stage->world.other_subnet))),
                      "associationId"));
}

void nat_detach_igw(struct nat_stage *stage)
{
    nat_call(stage, "DetachInternetGateway",
             trial_text("InternetGatewayId=%s&VpcId=%s", stage->world.igw, stage->world.vpc));
}

void nat_attach_igw(struct nat_stage *stage)
{
    nat_call(stage, "AttachInternetGateway",
             trial_text("InternetGatewayId=%s&VpcId=%s", stage->world.igw, stage->world.vpc));
}
