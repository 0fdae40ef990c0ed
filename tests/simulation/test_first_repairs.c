/* Each drift of the first repairs, in a world with bystanders: what is sent, what is not, and that
 * a second run sends nothing. */
#include "support/trial.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define PUBLIC_IPV4 "RouteTableId=%s&DestinationCidrBlock=0.0.0.0%%2F0"
#define IPV6 "RouteTableId=%s&DestinationIpv6CidrBlock=%%3A%%3A%%2F0"

static void delete_egress_only(struct trial *trial, struct trial_world *world)
{
    trial_call(trial, "DeleteEgressOnlyInternetGateway",
               trial_text("EgressOnlyInternetGatewayId=%s", world->eigw));
}

static void delete_public_ipv4_route(struct trial *trial, struct trial_world *world)
{
    trial_call(trial, "DeleteRoute", trial_text(PUBLIC_IPV4, world->public_table));
}

static void delete_public_ipv6_route(struct trial *trial, struct trial_world *world)
{
    trial_call(trial, "DeleteRoute", trial_text(IPV6, world->public_table));
}

static void delete_private_ipv4_route(struct trial *trial, struct trial_world *world)
{
    trial_call(trial, "DeleteRoute", trial_text(PUBLIC_IPV4, world->private_table[1]));
}

static void delete_private_ipv6_routes(struct trial *trial, struct trial_world *world)
{
    for (size_t i = 0; i < 3; i++)
        trial_call(trial, "DeleteRoute", trial_text(IPV6, world->private_table[i]));
}

static void detach_internet_gateway(struct trial *trial, struct trial_world *world)
{
    trial_call(trial, "DetachInternetGateway",
               trial_text("InternetGatewayId=%s&VpcId=%s", world->igw, world->vpc));
}

static void delete_internet_gateway(struct trial *trial, struct trial_world *world)
{
    detach_internet_gateway(trial, world);
    trial_call(trial, "DeleteInternetGateway", trial_text("InternetGatewayId=%s", world->igw));
}

static void point_private_ipv4_at_a_dead_nat(struct trial *trial, struct trial_world *world)
{
    const char *address =
        trial_element(trial_call(trial, "AllocateAddress", "Domain=vpc"), "allocationId");
    const char *nat = trial_element(
        trial_call(trial, "CreateNatGateway",
                   trial_text("SubnetId=%s&AllocationId=%s", world->public_subnet[2], address)),
        "natGatewayId");

    trial->now.monotonic_ms += 300000;
    trial->now.wall_ms += 300000;
    trial_call(trial, "ReplaceRoute",
               trial_text(PUBLIC_IPV4 "&NatGatewayId=%s", world->private_table[2], nat));
    trial_call(trial, "DeleteNatGateway", trial_text("NatGatewayId=%s", nat));
    trial->now.monotonic_ms += 300000;
    trial->now.wall_ms += 300000;
    trial_call(trial, "ReleaseAddress", trial_text("AllocationId=%s", address));
}

static void point_public_ipv6_at_egress_only(struct trial *trial, struct trial_world *world)
{
    trial_call(
        trial, "ReplaceRoute",
        trial_text(IPV6 "&EgressOnlyInternetGatewayId=%s", world->public_table, world->eigw));
}

static void expose_private_ipv4(struct trial *trial, struct trial_world *world)
{
    trial_call(trial, "ReplaceRoute",
               trial_text(PUBLIC_IPV4 "&GatewayId=%s", world->private_table[0], world->igw));
}

static void expose_private_ipv6(struct trial *trial, struct trial_world *world)
{
    trial_call(trial, "ReplaceRoute",
               trial_text(IPV6 "&GatewayId=%s", world->private_table[0], world->igw));
}

static void disassociate_private(struct trial *trial, struct trial_world *world)
{
    trial_call(trial, "DisassociateRouteTable",
               trial_text("AssociationId=%s", world->private_association[1]));
}

static void delete_route_and_gateway(struct trial *trial, struct trial_world *world)
{
    delete_public_ipv4_route(trial, world);
    trial_call(trial, "DeleteRoute", trial_text(IPV6, world->private_table[2]));
    delete_egress_only(trial, world);
}

struct calls {
    enum ec2_action action;
    unsigned n;
};

static const struct repair_case {
    const char *name;
    void (*break_it)(struct trial *trial, struct trial_world *world);
    const char *drift;
    bool approve; /* the row's default asks for approval */
    bool no_nat; /* a world without NAT gateways: an IGW with mapped addresses cannot be detached */
    bool no_second_look;
    struct calls calls[4]; /* the mutating calls of the repair, all of them */
} cases[] = {
    {"egress-only gateway deleted", delete_egress_only, "egress-only-internet-gateway-missing",
     .calls = {{EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 3}}},
    {"public 0.0.0.0/0 deleted", delete_public_ipv4_route, "route-missing",
     .calls = {{EC2_CREATE_ROUTE, 1}}},
    {"public ::/0 deleted", delete_public_ipv6_route, "route-missing",
     .calls = {{EC2_CREATE_ROUTE, 1}}},
    {"private 0.0.0.0/0 deleted", delete_private_ipv4_route, "route-missing",
     .calls = {{EC2_CREATE_ROUTE, 1}}},
    {"private ::/0 deleted in every zone", delete_private_ipv6_routes, "route-missing",
     .calls = {{EC2_CREATE_ROUTE, 3}}},
    {"internet gateway detached", detach_internet_gateway, "internet-gateway-detached",
     .no_nat = true, .calls = {{EC2_ATTACH_INTERNET_GATEWAY, 1}}},
    {"internet gateway deleted", delete_internet_gateway, "internet-gateway-missing",
     .no_nat = true,
     .calls = {{EC2_CREATE_INTERNET_GATEWAY, 1},
               {EC2_ATTACH_INTERNET_GATEWAY, 1},
               {EC2_REPLACE_ROUTE, 2}}},
    {"private 0.0.0.0/0 leads to a deleted NAT gateway", point_private_ipv4_at_a_dead_nat,
     "route-blackhole", .no_second_look = true, .calls = {{EC2_REPLACE_ROUTE, 1}}},
    {"public ::/0 leads to the egress-only gateway", point_public_ipv6_at_egress_only,
     "route-wrong-target", .approve = true, .calls = {{EC2_REPLACE_ROUTE, 1}}},
    {"private 0.0.0.0/0 leads to the internet gateway", expose_private_ipv4,
     "private-subnet-exposed", .calls = {{EC2_REPLACE_ROUTE, 1}}},
    {"private ::/0 leads to the internet gateway", expose_private_ipv6, "private-subnet-exposed",
     .calls = {{EC2_REPLACE_ROUTE, 1}}},
    {"private subnet disassociated", disassociate_private, "route-table-association-missing",
     .calls = {{EC2_ASSOCIATE_ROUTE_TABLE, 1}}},
    {"two routes and the egress-only gateway at once", delete_route_and_gateway, "route-missing",
     .calls = {{EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1},
               {EC2_CREATE_ROUTE, 2},
               {EC2_REPLACE_ROUTE, 2}}},
};

static struct trial *new_trial(const struct repair_case *row, struct trial_world *world)
{
    struct trial *trial = trial_new(7);

    trial_build_world(trial, world, row->no_nat ? WORLD_WITHOUT_NAT : 0);
    return trial;
}

static const char *config_of(const struct repair_case *row, const struct trial_world *world,
                             const char *extra)
{
    return trial_world_config(world, row->no_nat ? WORLD_WITHOUT_NAT : 0, extra);
}

struct counts {
    uint64_t calls[EC2_ACTION_COUNT];
};

static struct counts count_calls(const struct trial *trial)
{
    struct counts counts;

    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        counts.calls[i] = simulator_calls(trial->simulator, (enum ec2_action)i);
    return counts;
}

/* Exactly the row's mutating calls were sent since `before`. */
static void assert_calls(struct trial *trial, const struct counts *before,
                         const struct repair_case *row)
{
    struct counts now = count_calls(trial);

    for (size_t i = 0; i < EC2_ACTION_COUNT; i++) {
        uint64_t expected = 0, got = now.calls[i] - before->calls[i];

        if (!ec2_action_table[i].mutates)
            continue;
        for (size_t k = 0; row && k < ARRAY_SIZE(row->calls) && row->calls[k].n; k++)
            if (row->calls[k].action == i)
                expected = row->calls[k].n;
        if (got != expected) {
            trial_print_events(trial);
            fail_msg("%s: %s was sent %llu times, expected %llu", row ? row->name : "quiet",
                     ec2_action_table[i].name, (unsigned long long)got,
                     (unsigned long long)expected);
        }
    }
}

static void assert_exit(struct trial *trial, const char *name, int expected)
{
    int code = trial_once(trial);

    if (code != expected) {
        trial_print_events(trial);
        fail_msg("%s: --once ended with %d, expected %d", name, code, expected);
    }
}

static void test_in_sync_world_is_left_alone(void **state)
{
    (void)state;
    for (unsigned flags = 0; flags <= WORLD_WITHOUT_NAT; flags++) {
        struct trial_world world;
        CLEANUP(trial_freep)
        struct trial *trial = trial_new(3);
        struct counts before;

        trial_build_world(trial, &world, flags);
        trial->config_text = trial_world_config(&world, flags, "");
        before = count_calls(trial);
        assert_exit(trial, "in sync", MANAGER_IN_SYNC);
        assert_calls(trial, &before, NULL);
        assert_int_equal(trial_count(trial, EVENT_FINDING_SUSPECTED, NULL), 0);
    }
}

static void test_each_drift_is_repaired_once(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct repair_case *row = &cases[i];
        struct trial_world world;
        CLEANUP(trial_freep)
        struct trial *trial = new_trial(row, &world);
        struct counts before;
        uint64_t began_ms;

        trial->config_text = config_of(row, &world, "");
        assert_exit(trial, row->name, MANAGER_IN_SYNC); /* a healthy pass records the wiring */
        row->break_it(trial, &world);
        before = count_calls(trial);
        if (row->approve) {
            assert_exit(trial, row->name, MANAGER_DRIFT);
            assert_calls(trial, &before, NULL);
            assert_non_null(trial_last(trial, EVENT_FINDING_HELD, row->drift));
            trial->approve[0] =
                trial_text("%s", trial_last(trial, EVENT_FINDING_HELD, row->drift)->finding);
        }
        began_ms = trial->now.monotonic_ms;
        assert_exit(trial, row->name, MANAGER_IN_SYNC);
        assert_calls(trial, &before, row);
        if (trial_count(trial, EVENT_FINDING_REPAIRED, row->drift) == 0) {
            trial_print_events(trial);
            fail_msg("%s: no %s was reported as repaired", row->name, row->drift);
        }
        if (!row->no_second_look) /* S6 (b), (c): a second look at the soonest after 10 s */
            assert_true(trial->now.monotonic_ms - began_ms >= 10000);

        before = count_calls(trial);
        assert_exit(trial, row->name, MANAGER_IN_SYNC);
        assert_calls(trial, &before, NULL);
    }
}

static void test_observe_sends_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct repair_case *row = &cases[i];
        struct trial_world world;
        CLEANUP(trial_freep)
        struct trial *trial = new_trial(row, &world);
        struct counts before;

        row->break_it(trial, &world);
        trial->config_text = config_of(row, &world, ", \"repair\": {\"*\": \"auto\"}");
        trial->observe = true;
        before = count_calls(trial);
        assert_exit(trial, row->name, MANAGER_DRIFT);
        assert_calls(trial, &before, NULL);
        assert_null(trial->files[0].name[0] ? trial->files[0].name : NULL);
        assert_non_null(trial_last(trial, EVENT_FINDING_HELD, row->drift));
    }
}

static void test_mode_observe_sends_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct repair_case *row = &cases[i];
        struct trial_world world;
        CLEANUP(trial_freep)
        struct trial *trial = new_trial(row, &world);
        struct counts before;
        char *mode;
        char text[4096];

        row->break_it(trial, &world);
        snprintf(text, sizeof(text), "%s", config_of(row, &world, ""));
        mode = strstr(text, "\"mode\": \"repair\",");
        assert_non_null(mode);
        memset(mode, ' ', strlen("\"mode\": \"repair\",")); /* absent: observe is the default */
        trial->config_text = text;
        before = count_calls(trial);
        assert_exit(trial, row->name, MANAGER_DRIFT);
        assert_calls(trial, &before, NULL);
    }
}

static void test_bystanders_stay(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct repair_case *row = &cases[i];
        struct trial_world world;
        CLEANUP(trial_freep)
        struct trial *trial = new_trial(row, &world);
        CLEANUP(buf_free)
        struct buf text = {0};

        trial->config_text = config_of(row, &world, ", \"repair\": {\"*\": \"auto\"}");
        row->break_it(trial, &world);
        assert_exit(trial, row->name, MANAGER_IN_SYNC);
        trial_dump(trial, &text);
        assert_non_null(strstr(buf_string(&text), world.foreign_igw));
        assert_non_null(strstr(buf_string(&text), world.foreign_eigw));
        assert_non_null(strstr(buf_string(&text), world.other_table));
        for (const char *at = buf_string(&text), *end; (at = strstr(at, "pcx-")); at = end)
            end = at + 1;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_sync_world_is_left_alone),
        cmocka_unit_test(test_each_drift_is_repaired_once),
        cmocka_unit_test(test_observe_sends_nothing),
        cmocka_unit_test(test_mode_observe_sends_nothing),
        cmocka_unit_test(test_bystanders_stay),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
