/* The world of "First light", made by the calls that a person would make, and its bystanders. */
#include "support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const char *const zones[] = {"ap-northeast-1a", "ap-northeast-1c", "ap-northeast-1d"};

static void make(struct trial *trial, char into[static 40], const char *element, const char *action,
                 const char *parameters)
{
    snprintf(into, 40, "%s", trial_element(trial_call(trial, action, parameters), element));
}

static void wait_ms(struct trial *trial, uint64_t ms)
{
    trial->now.monotonic_ms += ms;
    trial->now.wall_ms += (int64_t)ms;
}

/* IPv6 of the VPC: its /56, up to the "00::/56". */
static void ipv6_stem(struct trial *trial, const char *vpc, char ret_stem[static 40])
{
    const char *xml = trial_call(trial, "DescribeVpcs",
                                 trial_text("Filter.1.Name=vpc-id&Filter.1.Value.1=%s", vpc));
    const char *block = trial_element(xml, "ipv6CidrBlock"), *end = strstr(block, "00::/56");

    assert_non_null(end);
    snprintf(ret_stem, 40, "%.*s", (int)(end - block), block);
}

static void make_subnet(struct trial *trial, char into[static 40], const char *vpc,
                        const char *zone, const char *stem, unsigned n)
{
    make(trial, into, "subnetId", "CreateSubnet",
         trial_text("VpcId=%s&AvailabilityZone=%s&CidrBlock=10.0.%u.0%%2F24&Ipv6CidrBlock=%s%02x%%"
                    "3A%%3A%%2F64",
                    vpc, zone, n, stem, n));
}

/* As somebody does who declares IPv6: what starts in the subnet has an address of it. */
static void assign_ipv6(struct trial *trial, const char *subnet)
{
    trial_call(trial, "ModifySubnetAttribute",
               trial_text("SubnetId=%s&AssignIpv6AddressOnCreation.Value=true", subnet));
}

static void associate(struct trial *trial, char into[static 40], const char *table,
                      const char *subnet)
{
    make(trial, into, "associationId", "AssociateRouteTable",
         trial_text("RouteTableId=%s&SubnetId=%s", table, subnet));
}

static void make_public_side(struct trial *trial, struct trial_world *world, const char *stem)
{
    char association[40];

    make(trial, world->igw, "internetGatewayId", "CreateInternetGateway", "");
    trial_call(trial, "AttachInternetGateway",
               trial_text("InternetGatewayId=%s&VpcId=%s", world->igw, world->vpc));
    make(trial, world->public_table, "routeTableId", "CreateRouteTable",
         trial_text("VpcId=%s", world->vpc));
    trial_call(trial, "CreateRoute",
               trial_text("RouteTableId=%s&DestinationCidrBlock=0.0.0.0%%2F0&GatewayId=%s",
                          world->public_table, world->igw));
    trial_call(trial, "CreateRoute",
               trial_text("RouteTableId=%s&DestinationIpv6CidrBlock=%%3A%%3A%%2F0&GatewayId=%s",
                          world->public_table, world->igw));
    for (unsigned i = 0; i < 3; i++) {
        make_subnet(trial, world->public_subnet[i], world->vpc, zones[i], stem, i);
        assign_ipv6(trial, world->public_subnet[i]);
        associate(trial, association, world->public_table, world->public_subnet[i]);
    }
}

static void make_private_side(struct trial *trial, struct trial_world *world, const char *stem,
                              bool nat)
{
    make(trial, world->eigw, "egressOnlyInternetGatewayId", "CreateEgressOnlyInternetGateway",
         trial_text("VpcId=%s", world->vpc));
    for (unsigned i = 0; nat && i < 3; i++) {
        const char *address =
            trial_element(trial_call(trial, "AllocateAddress", "Domain=vpc"), "allocationId");

        make(trial, world->nat[i], "natGatewayId", "CreateNatGateway",
             trial_text("SubnetId=%s&AllocationId=%s", world->public_subnet[i], address));
    }
    wait_ms(trial, 300000);
    for (unsigned i = 0; i < 3; i++) {
        make(trial, world->private_table[i], "routeTableId", "CreateRouteTable",
             trial_text("VpcId=%s", world->vpc));
        make_subnet(trial, world->private_subnet[i], world->vpc, zones[i], stem, 16 + i);
        assign_ipv6(trial, world->private_subnet[i]);
        associate(trial, world->private_association[i], world->private_table[i],
                  world->private_subnet[i]);
        if (nat)
            trial_call(
                trial, "CreateRoute",
                trial_text("RouteTableId=%s&DestinationCidrBlock=0.0.0.0%%2F0&NatGatewayId=%s",
                           world->private_table[i], world->nat[i]));
        trial_call(trial, "CreateRoute",
                   trial_text("RouteTableId=%s&DestinationIpv6CidrBlock=%%3A%%3A%%2F0&"
                              "EgressOnlyInternetGatewayId=%s",
                              world->private_table[i], world->eigw));
    }
}

static void make_bystanders(struct trial *trial, struct trial_world *world, const char *stem)
{
    char association[40];

    make_subnet(trial, world->other_subnet, world->vpc, zones[0], stem, 32);
    make(trial, world->other_table, "routeTableId", "CreateRouteTable",
         trial_text("VpcId=%s", world->vpc));
    associate(trial, association, world->other_table, world->other_subnet);
    make(trial, world->foreign_vpc, "vpcId", "CreateVpc", "CidrBlock=10.9.0.0%2F16");
    make(trial, world->foreign_igw, "internetGatewayId", "CreateInternetGateway", "");
    trial_call(trial, "AttachInternetGateway",
               trial_text("InternetGatewayId=%s&VpcId=%s", world->foreign_igw, world->foreign_vpc));
    make(trial, world->foreign_eigw, "egressOnlyInternetGatewayId",
         "CreateEgressOnlyInternetGateway", trial_text("VpcId=%s", world->foreign_vpc));
}

/* Routes that no action of the simulator makes go into a dump of the world, which is then loaded.
 */
static void insert_routes(struct buf *world, const char *table)
{
    static const char routes[] =
        "{\"destinationCidrBlock\":\"10.50.0.0/"
        "16\",\"vpcPeeringConnectionId\":\"pcx-0123456789abcdef0\","
        "\"origin\":\"CreateRoute\",\"state\":\"active\"},"
        "{\"destinationCidrBlock\":\"10.60.0.0/16\",\"gatewayId\":\"vgw-0123456789abcdef0\","
        "\"origin\":\"EnableVgwRoutePropagation\",\"state\":\"active\"},"
        "{\"destinationPrefixListId\":\"pl-61a54008\",\"gatewayId\":\"vpce-0123456789abcdef0\","
        "\"origin\":\"CreateRoute\",\"state\":\"active\"},";
    const char *at = strstr(buf_string(world), trial_text("\"%s\"", table));
    struct buf with = {0};
    size_t n;

    assert_non_null(at);
    at = strstr(at, "\"routeSet\"");
    assert_non_null(at);
    at = strchr(at, '[') + 1;
    n = (size_t)(at - world->data);
    buf_add(&with, world->data, n);
    buf_text(&with, routes);
    buf_text(&with, at);
    buf_free(world);
    *world = with;
}

/* A world as text, so that only the first trial of a process pays for building it. */
static struct saved_world {
    struct buf text;
    struct trial_world world;
    struct instant now;
} saved_worlds[4];

static void load(struct trial *trial, const char *text, size_t n)
{
    const struct simulator_options options = {.region = "ap-northeast-1",
                                              .account = "111122223333",
                                              .access_key_id = "test",
                                              .secret_access_key = "test",
                                              .speed = 1,
                                              .visibility_ms = trial->visibility_ms,
                                              .throttle = trial->throttle,
                                              .seed = trial->rng.state + 1};
    struct json_error error = {0};

    simulator_free(trial->simulator);
    trial->simulator = simulator_new(&options);
    trial->permissions_are_on = false;
    if (simulator_load(trial->simulator, trial->now, text, n, &error) < 0)
        fail_msg("%u:%u: %s", error.place.line, error.place.column, error.message);
}

void trial_edit(struct trial *trial, const char *after, const char *from, const char *to)
{
    CLEANUP(buf_free)
    struct buf world = {0};
    CLEANUP(buf_free)
    struct buf edited = {0};
    const char *at;

    simulator_dump(trial->simulator, trial->now, &world);
    at = after ? strstr(buf_string(&world), after) : buf_string(&world);
    at = at ? strstr(at, from) : NULL;
    if (!at)
        fail_msg("no %s%s%s in the world", from, after ? " after " : "", after ? after : "");
    buf_add(&edited, world.data, (size_t)(at - world.data));
    buf_text(&edited, to);
    buf_text(&edited, at + strlen(from));
    load(trial, edited.data, edited.n);
}

static void build(struct trial *trial, struct trial_world *world, unsigned flags)
{
    char stem[40];

    make(trial, world->vpc, "vpcId", "CreateVpc", "CidrBlock=10.0.0.0%2F16");
    trial_call(trial, "AssociateVpcCidrBlock",
               trial_text("VpcId=%s&AmazonProvidedIpv6CidrBlock=true", world->vpc));
    wait_ms(trial, 60000);
    ipv6_stem(trial, world->vpc, stem);
    make(trial, world->main_table, "routeTableId", "DescribeRouteTables",
         trial_text("Filter.1.Name=vpc-id&Filter.1.Value.1=%s", world->vpc));
    make_public_side(trial, world, stem);
    make_private_side(trial, world, stem, !(flags & WORLD_WITHOUT_NAT));
    make_bystanders(trial, world, stem);
}

static void free_saved_worlds(void)
{
    for (size_t i = 0; i < ARRAY_SIZE(saved_worlds); i++)
        buf_free(&saved_worlds[i].text);
}

void trial_build_world(struct trial *trial, struct trial_world *ret_world, unsigned flags)
{
    struct saved_world *saved = &saved_worlds[flags];

    assert_true(flags < ARRAY_SIZE(saved_worlds));
    if (!saved->text.n) {
        build(trial, &saved->world, flags);
        simulator_dump(trial->simulator, trial->now, &saved->text);
        if (!(flags & WORLD_PLAIN_TABLES))
            insert_routes(&saved->text, saved->world.public_table);
        for (unsigned i = 0; i < 3 && !(flags & WORLD_PLAIN_TABLES); i++)
            insert_routes(&saved->text, saved->world.private_table[i]);
        saved->now = trial->now;
        atexit(free_saved_worlds);
    }
    trial->now = saved->now;
    load(trial, saved->text.data, saved->text.n);
    *ret_world = saved->world;
}

const char *trial_world_config(const struct trial_world *world, unsigned flags, const char *extra)
{
    static char text[4096];
    bool nat = !(flags & WORLD_WITHOUT_NAT);

    snprintf(text, sizeof(text),
             "{\n"
             "  \"name\": \"trial\", \"region\": \"ap-northeast-1\", \"vpc\": \"%s\",\n"
             "  \"mode\": \"repair\",\n"
             "  \"subnet_groups\": {\n"
             "    \"public\": {\"match\": [\"%s\", \"%s\", \"%s\"],\n"
             "      \"ipv4\": \"internet-gateway\", \"ipv6\": \"internet-gateway\"},\n"
             "    \"functions\": {\"match\": [\"%s\", \"%s\", \"%s\"],\n"
             "      %s\"ipv6\": \"egress-only-internet-gateway\"}\n"
             "  },\n"
             "  \"limits\": {\"changes_per_pass\": 20}%s%s\n"
             "}\n",
             world->vpc, world->public_subnet[0], world->public_subnet[1], world->public_subnet[2],
             world->private_subnet[0], world->private_subnet[1], world->private_subnet[2],
             nat ? "\"ipv4\": \"nat-gateway\", " : "",
             nat ? ", \"nat_gateways\": {\"placement\": \"per-az\", \"in\": \"public\"}" : "",
             extra);
    return text;
}
