/* A shared VPC as a participant sees it (safety.md 1): lists of NAT gateways, egress-only internet
 * gateways and endpoints are empty with 200, and no tag shows. It is said once, and nothing is ever
 * written. Each is judged twice, as the hard scenarios are. */
#include "support/nat_scenario.h"

#define HOUR_MS ((uint64_t)3600000)
#define OURS "\"ownerId\": \"111122223333\""
#define THEIRS "\"ownerId\": \"444455556666\""

static const struct nat_config all_raised = {.repair = "\"*\": \"auto\""};

static const char *once(struct nat_stage *stage, int end, const struct expected_calls *calls)
{
    return once_sends(stage->trial, end, calls);
}

static void give_subnet_away(struct nat_stage *stage, const char *subnet)
{
    trial_edit(stage->trial, trial_text("\"subnetId\": \"%s\"", subnet), OURS, THEIRS);
}

/* All of it: the VPC and its subnets were another account's from the start. */
static void give_away(struct nat_stage *stage)
{
    trial_edit(stage->trial, trial_text("\"vpcId\": \"%s\"", stage->world.vpc), OURS, THEIRS);
    for (size_t i = 0; i < 3; i++) {
        give_subnet_away(stage, stage->world.public_subnet[i]);
        give_subnet_away(stage, stage->world.private_subnet[i]);
    }
}

/* vpc-not-owned, once, and no other finding: nothing is called missing, dead or incomplete. */
static const char *said_once(const struct nat_stage *stage, const char *resource)
{
    const struct trial *trial = stage->trial;

    for (size_t i = 0; i < trial->n_events; i++)
        if (trial->events[i].drift[0] && strcmp(trial->events[i].drift, "vpc-not-owned") != 0)
            return trial_text("%s is reported", trial->events[i].drift);
    HOLDS(trial_count(trial, EVENT_FINDING_HELD, "vpc-not-owned") == 1);
    HOLDS(strcmp(trial_last(trial, EVENT_FINDING_HELD, "vpc-not-owned")->resource, resource) == 0);
    return NULL;
}

static const char *is_not_shown(struct nat_stage *stage)
{
    HOLDS(!strstr(nat_call(stage, "DescribeNatGateways", ""), "<natGatewayId>"));
    HOLDS(!strstr(nat_call(stage, "DescribeEgressOnlyInternetGateways", ""), stage->world.eigw));
    HOLDS(!strstr(nat_call(stage, "DescribeVpcEndpoints", ""), "<vpcEndpointId>"));
    return NULL;
}

static const char *all_is_well_as_far_as_it_shows(struct nat_stage *stage)
{
    give_away(stage);
    CHECK(is_not_shown(stage));
    nat_stage_config(stage, &all_raised);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    return said_once(stage, stage->world.vpc);
}

static const char *for_a_day(struct nat_stage *stage)
{
    uint64_t requests;

    give_away(stage);
    nat_stage_config(stage, &all_raised);
    stage->trial->service = true;
    stage->trial->n_sent = 0;
    requests = stage->trial->requests;
    trial_start(stage->trial);
    trial_run(stage->trial, 24 * HOUR_MS);
    trial_stop(stage->trial);
    HOLDS(stage->trial->n_sent == 0);
    /* Nothing is looked at more often for being unseen: some 1440 passes of a dozen calls. */
    HOLDS(stage->trial->requests - requests < 24 * 66 * TRIAL_LISTS + 100);
    return said_once(stage, stage->world.vpc);
}

/* The history, and so the wiring, of the owner's days. */
static const char *after_it_was_ours(struct nat_stage *stage)
{
    nat_stage_config(stage, &all_raised);
    CHECK(once(stage, MANAGER_IN_SYNC, NO_CALLS));
    give_away(stage);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    return said_once(stage, stage->world.vpc);
}

static const char *all_is_lost(struct nat_stage *stage)
{
    nat_delete_all(stage);
    for (size_t i = 0; i < 3; i++)
        nat_drop_route(stage, stage->world.private_table[i]);
    give_away(stage);
    nat_stage_config(stage, &all_raised);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(!trial_last(stage->trial, EVENT_FINDING_OPENED, "nat-gateway-missing"));
    HOLDS(!trial_last(stage->trial, EVENT_FINDING_OPENED, "quota-exhausted"));
    return NULL;
}

static const char *with_tags_and_endpoints(struct nat_stage *stage)
{
    give_away(stage);
    snprintf(stage->config, sizeof(stage->config),
             "{\"name\": \"trial\", \"region\": \"ap-northeast-1\", \"vpc\": \"%s\", \"mode\": "
             "\"repair\", \"subnet_groups\": {"
             "\"public\": {\"match\": {\"tag:tier\": \"public\", \"azs\": 3}, \"ipv4\": "
             "\"internet-gateway\"},"
             "\"functions\": {\"match\": {\"tag:tier\": \"functions\"}, \"ipv4\": "
             "\"nat-gateway\"}},"
             "\"nat_gateways\": {\"in\": \"public\"},"
             "\"endpoints\": [{\"service\": \"s3\", \"type\": \"gateway\", \"for\": "
             "[\"functions\"]}], \"repair\": {\"*\": \"auto\"}}",
             stage->world.vpc);
    stage->trial->config_text = stage->config;
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    return said_once(stage, stage->world.vpc);
}

/* The VPC is ours, and one declared subnet is not. */
static const char *one_subnet(struct nat_stage *stage)
{
    nat_drop_route(stage, stage->world.private_table[0]);
    give_subnet_away(stage, stage->world.private_subnet[2]);
    nat_stage_config(stage, &all_raised);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(trial_count(stage->trial, EVENT_FINDING_HELD, "vpc-not-owned") == 1);
    HOLDS(strcmp(trial_last(stage->trial, EVENT_FINDING_HELD, "vpc-not-owned")->resource,
                 stage->world.private_subnet[2]) == 0);
    HOLDS(trial_last(stage->trial, EVENT_FINDING_HELD, "route-missing"));
    return NULL;
}

static const char *an_undeclared_subnet(struct nat_stage *stage)
{
    nat_drop_route(stage, stage->world.private_table[0]);
    give_subnet_away(stage, stage->world.other_subnet);
    nat_stage_config(stage, &all_raised);
    return once(stage, MANAGER_IN_SYNC, CALLS({EC2_CREATE_ROUTE, 1}));
}

/* ---- running ---- */

#define PARTICIPANT(name, flags, ...) NAT_SCENARIO(participant_##name, name, 41, flags, __VA_ARGS__)

PARTICIPANT(all_is_well_as_far_as_it_shows, 0, FAULT_OWNER_UNREAD)
PARTICIPANT(for_a_day, WORLD_PLAIN_TABLES, FAULT_OWNER_UNREAD)
PARTICIPANT(after_it_was_ours, 0, FAULT_OWNER_UNREAD)
PARTICIPANT(all_is_lost, 0, FAULT_OWNER_UNREAD)
PARTICIPANT(with_tags_and_endpoints, 0, FAULT_OWNER_UNREAD)
PARTICIPANT(one_subnet, 0, FAULT_OWNER_UNREAD)
PARTICIPANT(an_undeclared_subnet, 0, NO_FAULT)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(participant_all_is_well_as_far_as_it_shows),
        TEST(participant_for_a_day),
        TEST(participant_after_it_was_ours),
        TEST(participant_all_is_lost),
        TEST(participant_with_tags_and_endpoints),
        TEST(participant_one_subnet),
        TEST(participant_an_undeclared_subnet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
