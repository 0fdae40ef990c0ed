/* The hard scenarios of NAT gateways, by the project's numbers: an input state, every mutating call
 * that is made and those that must not be. Each is judged twice: as shipped it must hold, and with
 * the rule that it covers switched off it must not (the extra test build, VPC_TEST_FAULTS). */
#include "support/nat_scenario.h"

#define MINUTE_MS ((uint64_t)60000)

static const struct nat_config as_declared = {0};
static const struct nat_config pinned = {.pins = PINS_AS_THEY_ARE};
static const struct nat_config all_raised = {.repair = "\"*\": \"auto\""};

static const char *once(struct nat_stage *stage, int end, const struct expected_calls *calls)
{
    return once_sends(stage->trial, end, calls);
}

static const char *healthy(struct nat_stage *stage)
{
    nat_stage_config(stage, &as_declared);
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* A repair, the same addresses as before but in these zones, none left over, and then silence. */
static const char *repaired(struct nat_stage *stage, const struct expected_calls *calls,
                            unsigned other_zones)
{
    const char *wrong = once(stage, MANAGER_IN_SYNC, calls);

    if (!wrong)
        wrong = nat_check_addresses(stage, other_zones, 0);
    return wrong ? wrong : once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

static bool reported(const struct nat_stage *stage, enum event_kind kind, const char *drift)
{
    return trial_last(stage->trial, kind, drift) != NULL;
}

/* What the private table of the zone leads to. */
static const char *default_of_table(struct nat_stage *stage, const char *table)
{
    const char *xml =
        nat_call(stage, "DescribeRouteTables", trial_text("RouteTableId.1=%s", table));
    const char *route = strstr(xml, "<destinationCidrBlock>0.0.0.0/0<");
    const char *end = route ? strstr(route, "</item>") : NULL, *nat;

    if (!end)
        return "";
    nat = strstr(route, "<natGatewayId>");
    return nat && nat < end ? trial_element(route, "natGatewayId")
                            : trial_element(route, "gatewayId");
}

/* ---- 4: deleted by hand, and still listed ---- */

static const char *deleted_and_still_listed(struct nat_stage *stage)
{
    nat_point_private(stage, 2, stage->world.nat[1]); /* two tables used it */
    nat_delete_and_wait(stage, 1);
    nat_stage_config(stage, &as_declared); /* no healthy pass before: what EC2 shows has to do */
    CHECK(repaired(stage, CALLS({EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 2}), 0));
    HOLDS(strcmp(default_of_table(stage, stage->world.private_table[2]), stage->world.nat[2]) == 0);
    return NULL;
}

static const char *rebuilt_by_somebody_meanwhile(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    nat_delete_and_wait(stage, 1);
    nat_create(stage, 1, stage->address[1]); /* pending */
    CHECK(repaired(stage, CALLS({EC2_REPLACE_ROUTE, 1}), 0));
    return NULL;
}

/* ---- 5: failed ---- */

static const struct nat_config attach_when_told = {
    .repair = "\"internet-gateway-detached\": \"approve\""};

static const char *failed_for_want_of_an_internet_gateway(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    nat_delete_all(stage);
    nat_detach_igw(stage);
    nat_create_failing(stage, 1, stage->address[1], "Gateway.NotAttached");
    /* The cause comes first, and as long as it is not mended nothing is built that would only fail
     * again. */
    nat_stage_config(stage, &attach_when_told);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(reported(stage, EVENT_FINDING_HELD, "internet-gateway-detached"));
    HOLDS(reported(stage, EVENT_FINDING_HELD, "nat-gateway-failed"));
    nat_stage_config(stage, &as_declared);
    return repaired(stage,
                    CALLS({EC2_ATTACH_INTERNET_GATEWAY, 1}, {EC2_CREATE_NAT_GATEWAY, 3},
                          {EC2_REPLACE_ROUTE, 3}),
                    0);
}

static const char *failed_twice_rests(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    nat_delete_and_wait(stage, 1);
    nat_create_failing(stage, 1, stage->address[0], "Resource.AlreadyAssociated");
    nat_create_failing(stage, 1, stage->address[0], "Resource.AlreadyAssociated");
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(reported(stage, EVENT_FINDING_HELD, "nat-gateway-failed"));
    HOLDS(strstr(trial_last(stage->trial, EVENT_FINDING_HELD, "nat-gateway-failed")->message,
                 "the next is tried at"));
    nat_stage_wait(stage, 15 * MINUTE_MS);
    return repaired(stage, CALLS({EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}), 0);
}

static bool sent_something(const struct trial *trial)
{
    return trial->n_sent > 0;
}

/* The daemon until its first change was answered and written down. */
static const char *serve_one_change(struct nat_stage *stage)
{
    stage->trial->service = true;
    stage->trial->n_sent = 0;
    trial_start(stage->trial);
    HOLDS(trial_run_until(stage->trial, 10 * MINUTE_MS, sent_something));
    trial_run(stage->trial, 1000);
    trial_stop(stage->trial);
    stage->trial->service = false;
    return NULL;
}

/* Where the internet gateway is elsewhere for a while, what is pending fails. */
static void fail_what_is_pending(struct nat_stage *stage)
{
    char other[40];

    snprintf(other, sizeof(other), "%s",
             trial_element(nat_call(stage, "CreateVpc", "CidrBlock=10.8.0.0%2F16"), "vpcId"));
    trial_edit(stage->trial, trial_text("\"internetGatewayId\": \"%s\"", stage->world.igw),
               stage->world.vpc, other);
    nat_stage_wait(stage, 2 * MINUTE_MS);
    nat_call(stage, "DescribeVpcs", ""); /* time passes in a call */
    trial_edit(stage->trial, trial_text("\"internetGatewayId\": \"%s\"", stage->world.igw), other,
               stage->world.vpc);
    nat_call(stage, "DeleteVpc", trial_text("VpcId=%s", other));
}

/* One retry, with a token of its own, and then not one in every pass. */
static const char *failed_is_tried_once_more(struct nat_stage *stage)
{
    char token[2][60];

    CHECK(healthy(stage));
    nat_delete_and_wait(stage, 1);
    for (unsigned i = 0; i < 2; i++) {
        CHECK(serve_one_change(stage));
        HOLDS(stage->trial->n_sent == 1 && stage->trial->sent[0].action == EC2_CREATE_NAT_GATEWAY);
        snprintf(token[i], sizeof(token[i]), "%s",
                 strstr(stage->trial->sent[0].body, "ClientToken="));
        fail_what_is_pending(stage);
    }
    HOLDS(strcmp(token[0], token[1]) != 0);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(reported(stage, EVENT_FINDING_HELD, "nat-gateway-failed"));
    nat_stage_wait(stage, 15 * MINUTE_MS);
    return repaired(stage, CALLS({EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}), 0);
}

static const char *failed_for_a_full_subnet(struct nat_stage *stage)
{
    char last[40];

    CHECK(healthy(stage));
    nat_delete_and_wait(stage, 1);
    snprintf(last, sizeof(last), "%s", nat_add_interface(stage, stage->world.public_subnet[1]));
    while (trial_try(stage->trial, "CreateNetworkInterface",
                     trial_text("SubnetId=%s", stage->world.public_subnet[1]), NULL) == 200)
        ;
    nat_create_failing(stage, 1, stage->address[1], "InsufficientFreeAddressesInSubnet");
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(reported(stage, EVENT_FINDING_HELD, "zone-without-public-subnet"));
    nat_call(stage, "DeleteNetworkInterface", trial_text("NetworkInterfaceId=%s", last));
    return repaired(stage, CALLS({EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}), 0);
}

static bool address_is_held(struct nat_stage *stage, const char *address)
{
    return strstr(nat_call(stage, "DescribeAddresses", trial_text("AllocationId.1=%s", address)),
                  "<associationId>") != NULL;
}

static bool one_has_failed(struct nat_stage *stage)
{
    return strstr(nat_call(stage, "DescribeNatGateways", ""), "<state>failed<") != NULL;
}

/* EC2 lets a failed gateway hold its address for a while: no other one is taken meanwhile. */
static const char *failed_and_holds_its_address(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    nat_delete_and_wait(stage, 1);
    stage->trial->fault_action = "CreateNatGateway";
    stage->trial->fault = "nat-gateway-fails";
    CHECK(serve_one_change(stage));
    stage->trial->fault_action = NULL;
    for (unsigned i = 0; i < 120 && !one_has_failed(stage); i++)
        nat_stage_wait(stage, 1000);
    HOLDS(one_has_failed(stage) && address_is_held(stage, stage->address[1]));
    stage->trial->service = true;
    stage->trial->n_sent = 0;
    trial_start(stage->trial);
    while (address_is_held(stage, stage->address[1])) {
        HOLDS(stage->trial->n_sent == 0);
        trial_run(stage->trial, 1000);
    }
    HOLDS(stage->trial->n_sent == 0);
    trial_stop(stage->trial);
    stage->trial->service = false;
    return repaired(stage, CALLS({EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}), 0);
}

/* ---- 6: killed between a call and its record ---- */

static unsigned count_addresses(struct nat_stage *stage)
{
    return nat_count_text(nat_call(stage, "DescribeAddresses", ""), "<allocationId>");
}

static const char *killed(struct nat_stage *stage, enum trial_cut cut, unsigned at,
                          const char *action)
{
    CHECK(healthy(stage));
    nat_delete_and_wait(stage, 1);
    nat_release(stage, stage->address[1]);
    stage->trial->cut = cut;
    stage->trial->cut_at = at;
    (void)trial_once(stage->trial);
    stage->trial->cut = CUT_NONE;
    HOLDS(stage->trial->killed);
    if (cut == CUT_BEFORE_CALL) /* nothing else has spoken of it by now */
        HOLDS(strstr(trial_file(stage->trial, MANAGER_HISTORY_FILE), action));
    return NULL;
}

static const char *goes_on(struct nat_stage *stage)
{
    CHECK(trial_once(stage->trial) == MANAGER_IN_SYNC ? NULL : "it did not go on");
    HOLDS(count_addresses(stage) == 3);
    CHECK(nat_check_addresses(stage, ZONE(1), 0));
    HOLDS(nat_count_text(nat_call(stage, "DescribeNatGateways",
                                  "Filter.1.Name=state&Filter.1.Value.1=available&Filter.1.Value."
                                  "2=pending"),
                         "<natGatewayId>") == 3);
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

static const char *killed_before_an_address(struct nat_stage *stage)
{
    CHECK(killed(stage, CUT_BEFORE_CALL, 1, "AllocateAddress"));
    return goes_on(stage);
}

static const char *killed_after_an_address(struct nat_stage *stage)
{
    CHECK(killed(stage, CUT_AFTER_CALL, 1, "AllocateAddress"));
    return goes_on(stage);
}

/* What was made does not show for up to a minute, and nothing is remembered of it. */
static const char *killed_blind_and_the_history_lost(struct nat_stage *stage)
{
    nat_stage_blind(stage, MINUTE_MS);
    CHECK(killed(stage, CUT_AFTER_CALL, 1, "AllocateAddress"));
    trial_set_file(stage->trial, MANAGER_HISTORY_FILE, NULL);
    return goes_on(stage);
}

static const char *killed_before_a_gateway(struct nat_stage *stage)
{
    CHECK(killed(stage, CUT_BEFORE_CALL, 2, "CreateNatGateway"));
    return goes_on(stage);
}

static const char *killed_after_a_gateway(struct nat_stage *stage)
{
    CHECK(killed(stage, CUT_AFTER_CALL, 2, "CreateNatGateway"));
    return goes_on(stage);
}

/* A gateway that the daemon made is deleted, and nothing tells of it any more: only the dead route
 * is left to make a token of, and that token was used before. */
static const char *forget_a_gateway(struct nat_stage *stage)
{
    nat_delete_and_wait(stage, 1);
    CHECK(serve_one_change(stage));
    nat_call(stage, "DeleteNatGateway",
             trial_text("NatGatewayId=%s",
                        trial_element(nat_call(stage, "DescribeNatGateways",
                                               "Filter.1.Name=state&Filter.1.Value.1=pending"),
                                      "natGatewayId")));
    nat_stage_wait(stage, 120 * MINUTE_MS);
    trial_set_file(stage->trial, MANAGER_HISTORY_FILE, NULL);
    stage->trial->n_sent = 0;
    (void)trial_once(stage->trial);
    nat_stage_wait(stage, 15 * MINUTE_MS);
    return NULL;
}

static const char *token_answers_with_what_is_gone(struct nat_stage *stage)
{
    nat_stage_config(stage, &pinned); /* so that the parameters are the same */
    CHECK(forget_a_gateway(stage));
    HOLDS(stage->trial->n_sent == 1); /* it answers as if all were well, and is not sent again */
    HOLDS(reported(stage, EVENT_FINDING_FAILED, "nat-gateway-missing"));
    return repaired(stage, CALLS({EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}), 0);
}

static const char *token_was_used_for_another_address(struct nat_stage *stage)
{
    nat_stage_config(stage, &as_declared);
    CHECK(forget_a_gateway(stage));
    CHECK(trial_once(stage->trial) == MANAGER_IN_SYNC ? NULL : "it did not go on");
    CHECK(nat_check_addresses(stage, ZONE(1), 1)); /* whose address it was, nothing shows */
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* ---- 8: the wrong target ---- */

static const char *through_another_zone(struct nat_stage *stage)
{
    uint64_t began_ms;

    CHECK(healthy(stage));
    nat_point_private(stage, 2, stage->world.nat[0]);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(reported(stage, EVENT_FINDING_HELD, "route-cross-az"));
    stage->trial->approve[0] =
        trial_text("%s", trial_last(stage->trial, EVENT_FINDING_HELD, "route-cross-az")->finding);
    began_ms = stage->trial->now.monotonic_ms;
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_REPLACE_ROUTE, 1}))); /* no delete, no create */
    HOLDS(stage->trial->sent[0].at_ms - began_ms >= 10000);
    stage->trial->approve[0] = NULL;
    HOLDS(strcmp(default_of_table(stage, stage->world.private_table[2]), stage->world.nat[2]) == 0);
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

static const char *not_to_a_gateway_that_is_not_there_yet(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    nat_point_private(stage, 1, stage->world.nat[0]); /* somebody's way around it */
    nat_delete_and_wait(stage, 1);
    nat_create(stage, 1, stage->address[1]);
    nat_stage_config(stage, &all_raised);
    stage->trial->service = true;
    stage->trial->n_sent = 0;
    trial_start(stage->trial);
    HOLDS(trial_run_until(stage->trial, 10 * MINUTE_MS, sent_something));
    HOLDS(!strstr(nat_call(stage, "DescribeNatGateways", ""), "<state>pending</state>"));
    trial_stop(stage->trial);
    stage->trial->service = false;
    return repaired(stage, NO_CALLS, 0);
}

static const char *refused_and_left_as_it_was(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    nat_point_private(stage, 2, stage->world.nat[0]);
    nat_stage_config(stage, &all_raised);
    stage->trial->fault_action = "ReplaceRoute";
    stage->trial->fault = "unauthorized-operation";
    CHECK(once(stage, MANAGER_UNKNOWN, CALLS({EC2_REPLACE_ROUTE, 1})));
    HOLDS(strcmp(default_of_table(stage, stage->world.private_table[2]), stage->world.nat[0]) == 0);
    return NULL;
}

/* ---- 8, on failure: what our own change did harm by is put back ---- */

static const struct nat_config rebuilt_when_told = {.repair =
                                                        "\"nat-gateway-missing\": \"report\""};

/* Zone d leads through zone a, and the daemon, told to, changes that. */
static const char *changed_by_us(struct nat_stage *stage)
{
    nat_point_private(stage, 2, stage->world.nat[0]);
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_REPLACE_ROUTE, 1})));
    HOLDS(strcmp(default_of_table(stage, stage->world.private_table[2]), stage->world.nat[2]) == 0);
    return NULL;
}

static bool leads_to(struct nat_stage *stage, size_t zone, const char *nat)
{
    return strcmp(default_of_table(stage, stage->world.private_table[zone]), nat) == 0;
}

static const char *changed_and_deleted(struct nat_stage *stage)
{
    nat_stage_config(stage, &all_raised);
    CHECK(changed_by_us(stage));
    nat_delete_and_wait(stage, 2);
    nat_stage_config(stage, &rebuilt_when_told);
    return NULL;
}

static const char *put_back_after_two_looks(struct nat_stage *stage)
{
    uint64_t began_ms;

    CHECK(changed_and_deleted(stage));
    began_ms = stage->trial->now.monotonic_ms;
    CHECK(once(stage, MANAGER_DRIFT, CALLS({EC2_REPLACE_ROUTE, 1}))); /* no delete, no create */
    HOLDS(stage->trial->sent[0].at_ms - began_ms >= 10000);
    HOLDS(leads_to(stage, 2, stage->world.nat[0]));
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    /* What is declared is built meanwhile; whether to go there again, a person says. */
    nat_stage_config(stage, &as_declared);
    CHECK(once(stage, MANAGER_DRIFT, CALLS({EC2_CREATE_NAT_GATEWAY, 1})));
    HOLDS(reported(stage, EVENT_FINDING_HELD, "route-cross-az"));
    HOLDS(leads_to(stage, 2, stage->world.nat[0]));
    nat_stage_config(stage, &all_raised);
    return repaired(stage, CALLS({EC2_REPLACE_ROUTE, 1}), 0);
}

/* A gateway that is being deleted carries nothing, though the route still reads active. */
static const char *put_back_while_it_goes(struct nat_stage *stage)
{
    nat_stage_config(stage, &all_raised);
    CHECK(changed_by_us(stage));
    nat_stage_config(stage, &rebuilt_when_told);
    nat_delete(stage, 2);
    CHECK(once(stage, MANAGER_DRIFT, CALLS({EC2_REPLACE_ROUTE, 1})));
    HOLDS(leads_to(stage, 2, stage->world.nat[0]));
    return once(stage, MANAGER_DRIFT, NO_CALLS);
}

/* A table of its own for zone d's public subnet. */
static void give_zone_d_a_public_table(struct nat_stage *stage, char ret_table[static 40])
{
    const char *xml = nat_call(stage, "DescribeRouteTables",
                               trial_text("RouteTableId.1=%s", stage->world.public_table));
    const char *item = strstr(xml, trial_text("<subnetId>%s<", stage->world.public_subnet[2]));
    char association[40];

    while (strncmp(item, "<routeTableAssociationId>", strlen("<routeTableAssociationId>")) != 0)
        item--;
    snprintf(association, sizeof(association), "%s",
             trial_element(item, "routeTableAssociationId"));
    snprintf(
        ret_table, 40, "%s",
        trial_element(nat_call(stage, "CreateRouteTable", trial_text("VpcId=%s", stage->world.vpc)),
                      "routeTableId"));
    for (unsigned f = 0; f < 2; f++)
        nat_call(stage, "CreateRoute",
                 trial_text(f ? IPV6_DEFAULT "&GatewayId=%s" : IPV4_DEFAULT "&GatewayId=%s",
                            ret_table, stage->world.igw));
    nat_call(stage, "ReplaceRouteTableAssociation",
             trial_text("AssociationId=%s&RouteTableId=%s", association, ret_table));
}

static const char *put_back_when_it_has_no_way_out(struct nat_stage *stage)
{
    const struct nat_config undeclared = {.public_ipv4_unmanaged = true,
                                          .repair = "\"*\": \"auto\""};
    char table[40];
    uint64_t began_ms;

    give_zone_d_a_public_table(stage, table);
    nat_stage_config(stage, &undeclared);
    CHECK(changed_by_us(stage));
    nat_drop_route(stage, table); /* it reads available all the same */
    began_ms = stage->trial->now.monotonic_ms;
    CHECK(once(stage, MANAGER_DRIFT, CALLS({EC2_REPLACE_ROUTE, 1})));
    HOLDS(stage->trial->sent[0].at_ms - began_ms >= 10000);
    HOLDS(leads_to(stage, 2, stage->world.nat[0]));
    HOLDS(reported(stage, EVENT_FINDING_OPENED, "nat-subnet-not-public"));
    /* Not changed again, though that needs no approval, as long as it would do the same harm. */
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(strstr(trial_last(stage->trial, EVENT_FINDING_HELD, "route-cross-az")->message,
                 "and put back at"));
    nat_call(stage, "CreateRoute",
             trial_text(IPV4_DEFAULT "&GatewayId=%s", table, stage->world.igw));
    return repaired(stage, CALLS({EC2_REPLACE_ROUTE, 1}), 0);
}

/* Its way out is declared, and comes back by a repair of its own: nothing else moves. */
static const char *not_put_back_where_a_repair_helps(struct nat_stage *stage)
{
    char table[40];

    give_zone_d_a_public_table(stage, table);
    nat_stage_config(stage, &all_raised);
    CHECK(changed_by_us(stage));
    nat_drop_route(stage, table);
    CHECK(repaired(stage, CALLS({EC2_CREATE_ROUTE, 1}), 0));
    HOLDS(leads_to(stage, 2, stage->world.nat[2]));
    return NULL;
}

static const char *not_put_back_to_what_is_dead(struct nat_stage *stage)
{
    CHECK(changed_and_deleted(stage));
    nat_delete_and_wait(stage, 0);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    nat_stage_config(stage, &as_declared);
    return repaired(stage, CALLS({EC2_CREATE_NAT_GATEWAY, 2}, {EC2_REPLACE_ROUTE, 2}), 0);
}

static const char *not_put_back_an_hour_later(struct nat_stage *stage)
{
    nat_stage_config(stage, &all_raised);
    CHECK(changed_by_us(stage));
    nat_stage_wait(stage, 61 * MINUTE_MS);
    nat_delete_and_wait(stage, 2);
    nat_stage_config(stage, &rebuilt_when_told);
    return once(stage, MANAGER_DRIFT, NO_CALLS);
}

static const char *not_put_back_where_the_history_is_lost(struct nat_stage *stage)
{
    CHECK(changed_and_deleted(stage));
    trial_set_file(stage->trial, MANAGER_HISTORY_FILE, NULL);
    return once(stage, MANAGER_DRIFT, NO_CALLS);
}

static const char *not_put_back_on_a_guess(struct nat_stage *stage)
{
    CHECK(changed_and_deleted(stage));
    stage->trial->fault_action = "DescribeNatGateways";
    stage->trial->fault = "unauthorized-operation";
    return once(stage, MANAGER_UNKNOWN, NO_CALLS);
}

static const char *not_put_back_to_an_exposure(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    nat_call(
        stage, "ReplaceRoute",
        trial_text(IPV4_DEFAULT "&GatewayId=%s", stage->world.private_table[0], stage->world.igw));
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_REPLACE_ROUTE, 1})));
    nat_delete_and_wait(stage, 0);
    nat_stage_config(stage, &rebuilt_when_told);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(leads_to(stage, 0, stage->world.nat[0]));
    return NULL;
}

/* What the config does not declare, and carried traffic, comes back as well. */
static const char *put_back_to_the_egress_only_one(struct nat_stage *stage)
{
    const struct nat_config when_told = {.repair = "\"route-wrong-target\": \"auto\", "
                                                   "\"internet-gateway-detached\": \"approve\", "
                                                   "\"nat-gateway-missing\": \"report\""};

    nat_delete_all(stage); /* or the internet gateway could not be detached */
    nat_stage_config(stage, &when_told);
    nat_call(stage, "ReplaceRoute",
             trial_text(IPV6_DEFAULT "&EgressOnlyInternetGatewayId=%s", stage->world.public_table,
                        stage->world.eigw));
    CHECK(once(stage, MANAGER_DRIFT, CALLS({EC2_REPLACE_ROUTE, 1})));
    nat_detach_igw(stage);
    CHECK(once(stage, MANAGER_DRIFT, CALLS({EC2_REPLACE_ROUTE, 1})));
    HOLDS(strstr(stage->trial->sent[0].body, stage->world.eigw));
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    nat_attach_igw(stage);
    CHECK(once(stage, MANAGER_DRIFT, CALLS({EC2_REPLACE_ROUTE, 1})));
    return once(stage, MANAGER_DRIFT, NO_CALLS);
}

/* ---- 9: a private subnet leads to the internet gateway ---- */

static void expose(struct nat_stage *stage, const char *table, const char *action)
{
    nat_call(stage, action, trial_text(IPV4_DEFAULT "&GatewayId=%s", table, stage->world.igw));
}

static const char *exposed(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    expose(stage, stage->world.private_table[0], "ReplaceRoute");
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_REPLACE_ROUTE, 1})));
    HOLDS(reported(stage, EVENT_FINDING_OPENED, "private-subnet-exposed"));
    HOLDS(strcmp(default_of_table(stage, stage->world.private_table[0]), stage->world.nat[0]) == 0);
    return repaired(stage, NO_CALLS, 0);
}

/* By the table that serves it: here the main one, which leads to the internet. */
static const char *exposed_by_the_main_table(struct nat_stage *stage)
{
    expose(stage, stage->world.main_table, "CreateRoute");
    nat_call(stage, "DisassociateRouteTable",
             trial_text("AssociationId=%s", stage->world.private_association[1]));
    nat_call(stage, "DeleteRouteTable",
             trial_text("RouteTableId=%s", stage->world.private_table[1]));
    nat_stage_config(stage, &all_raised);
    CHECK(repaired(stage,
                   CALLS({EC2_CREATE_ROUTE_TABLE, 1}, {EC2_CREATE_ROUTE, 2},
                         {EC2_ASSOCIATE_ROUTE_TABLE, 1}, {EC2_REPLACE_ROUTE, 1}),
                   0));
    HOLDS(strcmp(default_of_table(stage, stage->world.main_table), stage->world.igw) == 0);
    return NULL;
}

/* ---- 11: the association ---- */

static unsigned count_tables(struct nat_stage *stage)
{
    return nat_count_text(nat_call(stage, "DescribeRouteTables", ""), "<routeSet>");
}

static const char *association_lost(struct nat_stage *stage)
{
    unsigned n_tables = count_tables(stage);

    CHECK(healthy(stage));
    nat_call(stage, "DisassociateRouteTable",
             trial_text("AssociationId=%s", stage->world.private_association[1]));
    nat_stage_config(stage, &all_raised); /* a new table would be allowed */
    CHECK(repaired(stage, CALLS({EC2_ASSOCIATE_ROUTE_TABLE, 1}), 0));
    HOLDS(count_tables(stage) == n_tables);
    return NULL;
}

static const char *association_to_a_strangers_table(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    nat_call(stage, "ReplaceRouteTableAssociation",
             trial_text("AssociationId=%s&RouteTableId=%s", stage->world.private_association[1],
                        stage->world.other_table));
    nat_stage_config(stage, &all_raised);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(reported(stage, EVENT_FINDING_HELD, "route-table-foreign"));
    return once(stage, MANAGER_DRIFT, NO_CALLS);
}

/* ---- 13: zones are added where one gateway serves all ---- */

static void one_gateway_and_one_table(struct nat_stage *stage)
{
    for (size_t i = 1; i < 3; i++) {
        nat_call(stage, "ReplaceRouteTableAssociation",
                 trial_text("AssociationId=%s&RouteTableId=%s", stage->world.private_association[i],
                            stage->world.private_table[0]));
        nat_call(stage, "DeleteRouteTable",
                 trial_text("RouteTableId=%s", stage->world.private_table[i]));
        nat_delete(stage, i);
    }
    nat_stage_wait(stage, 120 * MINUTE_MS);
    for (size_t i = 1; i < 3; i++)
        nat_release(stage, stage->address[i]);
}

/* Where a working value is replaced, one table, and so one zone, a pass. */
static const char *one_zone_a_pass(const struct trial *trial)
{
    for (size_t i = 0; i < trial->n_sent; i++)
        for (size_t k = 0; k < i; k++) {
            const struct trial_sent *a = &trial->sent[i], *b = &trial->sent[k];
            const char *table_a = strstr(a->body, "RouteTableId="),
                       *table_b = strstr(b->body, "RouteTableId=");
            bool replace_a = a->action == EC2_REPLACE_ROUTE ||
                             a->action == EC2_REPLACE_ROUTE_TABLE_ASSOCIATION,
                 replace_b = b->action == EC2_REPLACE_ROUTE ||
                             b->action == EC2_REPLACE_ROUTE_TABLE_ASSOCIATION;

            if (replace_a && replace_b && a->pass == b->pass &&
                strncmp(table_a, table_b, strlen("RouteTableId=rtb-0123456789abcdef0")) != 0)
                return trial_text("two zones in pass %u: %s and %s", a->pass, b->body, a->body);
        }
    return NULL;
}

static bool named_in_sent(const struct trial *trial, const char *id)
{
    for (size_t i = 0; i < trial->n_sent; i++)
        if (strstr(trial->sent[i].body, id))
            return true;
    return false;
}

static const char *two_zones_added(struct nat_stage *stage)
{
    one_gateway_and_one_table(stage);
    nat_stage_config(stage, &all_raised);
    CHECK(once(stage, MANAGER_IN_SYNC,
               CALLS({EC2_ALLOCATE_ADDRESS, 2}, {EC2_CREATE_NAT_GATEWAY, 2},
                     {EC2_CREATE_ROUTE_TABLE, 2}, {EC2_CREATE_ROUTE, 4},
                     {EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, 2}, {EC2_REPLACE_ROUTE, 2})));
    CHECK(one_zone_a_pass(stage->trial));
    HOLDS(!named_in_sent(stage->trial, stage->world.private_table[0]));
    HOLDS(!named_in_sent(stage->trial, stage->world.private_association[0]));
    return repaired(stage, NO_CALLS, ZONE(1) | ZONE(2));
}

static const char *one_zone_added(struct nat_stage *stage)
{
    const struct nat_config before = {.without_functions = ZONE(2), .repair = "\"*\": \"auto\""};

    one_gateway_and_one_table(stage);
    nat_call(stage, "DeleteSubnet", trial_text("SubnetId=%s", stage->world.private_subnet[2]));
    nat_stage_config(stage, &before);
    CHECK(once(stage, MANAGER_IN_SYNC,
               CALLS({EC2_ALLOCATE_ADDRESS, 1}, {EC2_CREATE_NAT_GATEWAY, 1},
                     {EC2_CREATE_ROUTE_TABLE, 1}, {EC2_CREATE_ROUTE, 2},
                     {EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, 1}, {EC2_REPLACE_ROUTE, 1})));
    HOLDS(!named_in_sent(stage->trial, stage->world.private_table[0]));
    return repaired(stage, NO_CALLS, ZONE(1) | ZONE(2));
}

/* ---- 8 again: an association of ours ---- */

/* The table that a zone was given carries nothing, and the one that it had does. */
static const char *association_put_back(struct nat_stage *stage)
{
    const struct nat_config tables_only = {
        .without_functions = ZONE(2),
        .repair = "\"route-table-shared\": \"auto\", \"nat-gateway-missing\": \"report\""};
    char table[40], dead[40];

    one_gateway_and_one_table(stage);
    nat_call(stage, "DeleteSubnet", trial_text("SubnetId=%s", stage->world.private_subnet[2]));
    nat_stage_config(stage, &tables_only);
    CHECK(once(stage, MANAGER_DRIFT,
               CALLS({EC2_CREATE_ROUTE_TABLE, 1}, {EC2_CREATE_ROUTE, 2},
                     {EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, 1})));
    snprintf(table, sizeof(table), "%.*s", (int)strlen("rtb-0123456789abcdef0"),
             strstr(stage->trial->sent[3].body, "RouteTableId=") + strlen("RouteTableId="));
    nat_allocate_spare(stage);
    snprintf(dead, sizeof(dead), "%s", nat_create(stage, 0, stage->spare));
    nat_stage_wait(stage, 5 * MINUTE_MS);
    nat_call(stage, "ReplaceRoute", trial_text(IPV4_DEFAULT "&NatGatewayId=%s", table, dead));
    nat_call(stage, "DeleteNatGateway", trial_text("NatGatewayId=%s", dead));
    nat_stage_wait(stage, 10 * MINUTE_MS);
    CHECK(once(stage, MANAGER_DRIFT, CALLS({EC2_REPLACE_ROUTE_TABLE_ASSOCIATION, 1})));
    HOLDS(strstr(stage->trial->sent[0].body, stage->world.private_table[0]));
    return once(stage, MANAGER_DRIFT, NO_CALLS); /* and not to and fro */
}

/* ---- 14: a regional gateway ---- */

static const char *regional_serves_all(struct nat_stage *stage)
{
    char regional[40];

    CHECK(healthy(stage));
    snprintf(regional, sizeof(regional), "%s", nat_create_regional(stage));
    for (size_t i = 0; i < 3; i++)
        nat_point_private(stage, i, regional);
    nat_delete_all(stage);
    nat_stage_wait(stage, 120 * MINUTE_MS);
    nat_stage_config(stage, &all_raised);
    CHECK(once(stage, MANAGER_IN_SYNC, NO_CALLS));
    HOLDS(!reported(stage, EVENT_FINDING_OPENED, NULL));
    /* And where nobody leads to it yet. */
    nat_drop_route(stage, stage->world.private_table[1]);
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_CREATE_ROUTE, 1})));
    HOLDS(strcmp(default_of_table(stage, stage->world.private_table[1]), regional) == 0);
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

static const char *regional_lacks_a_zone(struct nat_stage *stage)
{
    char regional[40];

    CHECK(healthy(stage));
    snprintf(regional, sizeof(regional), "%s", nat_create_regional(stage));
    for (size_t i = 0; i < 3; i++)
        nat_point_private(stage, i, regional);
    nat_delete_all(stage);
    nat_stage_wait(stage, 120 * MINUTE_MS);
    nat_call(stage, "DescribeNatGateways", "");
    /* As it is for up to an hour after the zone's first use. */
    for (unsigned i = 0; i < 2; i++)
        trial_edit(stage->trial, trial_text("\"natGatewayId\": \"%s\"", regional),
                   i ? "apne1-az2" : "ap-northeast-1d", "elsewhere");
    nat_stage_config(stage, &all_raised);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS)); /* no zonal one, no route elsewhere */
    HOLDS(reported(stage, EVENT_FINDING_HELD, "nat-gateway-missing"));
    HOLDS(strstr(trial_last(stage->trial, EVENT_FINDING_HELD, "nat-gateway-missing")->message,
                 "does not cover ap-northeast-1d yet (up to 60 minutes)"));
    HOLDS(!reported(stage, EVENT_FINDING_HELD, "route-cross-az"));
    HOLDS(!reported(stage, EVENT_FINDING_OPENED, NULL));
    nat_call(stage, "CreateSubnet",
             trial_text("VpcId=%s&AvailabilityZone=ap-northeast-1d&CidrBlock=10.0.77.0%%2F24",
                        stage->world.vpc));
    nat_stage_wait(stage, 61 * MINUTE_MS);
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* ---- 15: the address that others allow ---- */

static const char *pinned_address_is_used_again(struct nat_stage *stage)
{
    nat_stage_config(stage, &pinned);
    CHECK(once(stage, MANAGER_IN_SYNC, NO_CALLS));
    nat_delete_and_wait(stage, 1);
    return repaired(stage, CALLS({EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}), 0);
}

static const char *pinned_address_is_waited_for(struct nat_stage *stage)
{
    char association[40];

    nat_stage_config(stage, &pinned);
    CHECK(once(stage, MANAGER_IN_SYNC, NO_CALLS));
    nat_delete_and_wait(stage, 1);
    snprintf(association, sizeof(association), "%s", nat_use_elsewhere(stage, stage->address[1]));
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(reported(stage, EVENT_FINDING_HELD, "nat-gateway-missing"));
    nat_call(stage, "DisassociateAddress", trial_text("AssociationId=%s", association));
    return repaired(stage, CALLS({EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1}), 0);
}

static const char *pinned_address_lost_is_a_persons_to_decide(struct nat_stage *stage)
{
    nat_stage_config(stage, &pinned);
    CHECK(once(stage, MANAGER_IN_SYNC, NO_CALLS));
    nat_delete_and_wait(stage, 1);
    nat_release(stage, stage->address[1]);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS)); /* said before anything is changed */
    HOLDS(reported(stage, EVENT_FINDING_HELD, "nat-gateway-missing"));
    HOLDS(strstr(trial_last(stage->trial, EVENT_FINDING_HELD, "nat-gateway-missing")->message,
                 stage->address[1]));
    stage->trial->approve[0] = trial_text(
        "%s", trial_last(stage->trial, EVENT_FINDING_HELD, "nat-gateway-missing")->finding);
    CHECK(once(
        stage, MANAGER_DRIFT,
        CALLS({EC2_ALLOCATE_ADDRESS, 1}, {EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1})));
    HOLDS(reported(stage, EVENT_FINDING_HELD, "nat-gateway-address-wrong"));
    stage->trial->approve[0] = NULL;
    return once(stage, MANAGER_DRIFT, NO_CALLS);
}

/* Not pinned: the one that it had, even when another is free and ours. */
static const char *previous_address_is_used_again(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    nat_allocate_spare(stage);
    nat_delete_and_wait(stage, 1);
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1})));
    return nat_check_addresses(stage, 0, 1);
}

/* ---- 16: the quota ---- */

#define QUOTA(n) "{\"limits\": {\"quotas\": {\"elastic_ips\": " #n "}}}"

/* All gateways and addresses gone, three addresses of strangers. */
static void addresses_all_gone(struct nat_stage *stage)
{
    nat_delete_all(stage);
    for (size_t i = 0; i < 3; i++)
        nat_release(stage, stage->address[i]);
    for (size_t i = 0; i < 3; i++)
        nat_allocate_spare(stage);
}

static const char *quota_leaves_too_few(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    addresses_all_gone(stage);
    stage->trial->main_text = QUOTA(5);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS)); /* refused before step one */
    HOLDS(reported(stage, EVENT_FINDING_HELD, "quota-exhausted"));
    HOLDS(strstr(trial_last(stage->trial, EVENT_FINDING_HELD, "quota-exhausted")->message,
                 "raised to 6"));
    HOLDS(reported(stage, EVENT_FINDING_HELD, "nat-gateway-missing"));
    stage->trial->main_text = QUOTA(6);
    trial_edit(stage->trial, NULL, "{", "{\"quotas\": {\"addresses\": 6},");
    CHECK(once(
        stage, MANAGER_IN_SYNC,
        CALLS({EC2_ALLOCATE_ADDRESS, 3}, {EC2_CREATE_NAT_GATEWAY, 3}, {EC2_REPLACE_ROUTE, 3})));
    CHECK(nat_check_addresses(stage, ALL_ZONES, 3));
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* Nobody told: AWS refuses one, and that is remembered. */
static const char *quota_is_learnt(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    addresses_all_gone(stage);
    nat_allocate_spare(stage); /* four of five */
    CHECK(once(
        stage, MANAGER_UNKNOWN,
        CALLS({EC2_ALLOCATE_ADDRESS, 2}, {EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1})));
    HOLDS(reported(stage, EVENT_FINDING_FAILED, "nat-gateway-missing"));
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS));
    HOLDS(reported(stage, EVENT_FINDING_HELD, "quota-exhausted"));
    return nat_check_addresses(stage, ALL_ZONES, 4);
}

/* One that was allocated for a repair which somebody else has finished since. */
static const char *own_free_address_comes_first(struct nat_stage *stage)
{
    CHECK(killed(stage, CUT_AFTER_CALL, 1, "AllocateAddress"));
    for (size_t i = 0; i < 2; i++)
        nat_allocate_spare(stage); /* five of five */
    stage->trial->main_text = QUOTA(5);
    CHECK(once(stage, MANAGER_IN_SYNC, CALLS({EC2_CREATE_NAT_GATEWAY, 1}, {EC2_REPLACE_ROUTE, 1})));
    CHECK(nat_check_addresses(stage, ZONE(1), 2));
    return once(stage, MANAGER_IN_SYNC, NO_CALLS);
}

/* ---- 17: the internet gateway ---- */

static const char *igw_detached_and_gateways_gone(struct nat_stage *stage)
{
    CHECK(healthy(stage));
    nat_delete_all(stage);
    nat_detach_igw(stage);
    nat_stage_config(stage, &attach_when_told);
    CHECK(once(stage, MANAGER_DRIFT, NO_CALLS)); /* no gateway before it is attached */
    nat_stage_config(stage, &as_declared);
    CHECK(once(stage, MANAGER_IN_SYNC,
               CALLS({EC2_ATTACH_INTERNET_GATEWAY, 1}, {EC2_CREATE_NAT_GATEWAY, 3},
                     {EC2_REPLACE_ROUTE, 3})));
    HOLDS(named_in_sent(stage->trial, stage->world.igw));
    HOLDS(stage->trial->sent[0].action == EC2_ATTACH_INTERNET_GATEWAY);
    return repaired(stage, NO_CALLS, 0);
}

/* One of ours that nothing but its tag shows; and a stranger's beside it, which stays. */
static const char *igw_of_ours_is_unattached(struct nat_stage *stage)
{
    char ours[40], strangers[40];

    CHECK(healthy(stage));
    nat_delete_all(stage);
    nat_detach_igw(stage);
    nat_call(stage, "DeleteInternetGateway", trial_text("InternetGatewayId=%s", stage->world.igw));
    for (unsigned f = 0; f < 2; f++)
        nat_call(stage, "DeleteRoute",
                 trial_text(f ? IPV6_DEFAULT : IPV4_DEFAULT, stage->world.public_table));
    snprintf(strangers, sizeof(strangers), "%s",
             trial_element(nat_call(stage, "CreateInternetGateway", ""), "internetGatewayId"));
    snprintf(ours, sizeof(ours), "%s",
             trial_element(nat_call(stage, "CreateInternetGateway",
                                    trial_text("TagSpecification.1.ResourceType=internet-gateway&"
                                               "TagSpecification.1.Tag.1.Key=vpc-reconciled%%3A"
                                               "owner&TagSpecification.1.Tag.1.Value=vpc-"
                                               "reconciled%%2F%s",
                                               stage->world.vpc)),
                           "internetGatewayId"));
    CHECK(once(stage, MANAGER_IN_SYNC,
               CALLS({EC2_ATTACH_INTERNET_GATEWAY, 1}, {EC2_CREATE_ROUTE, 2},
                     {EC2_CREATE_NAT_GATEWAY, 3}, {EC2_REPLACE_ROUTE, 3})));
    HOLDS(named_in_sent(stage->trial, ours) && !named_in_sent(stage->trial, strangers));
    return repaired(stage, NO_CALLS, 0);
}

static const char *igw_of_a_stranger_is_attached(struct nat_stage *stage)
{
    char strangers[40];

    CHECK(healthy(stage));
    nat_delete_all(stage);
    nat_detach_igw(stage);
    snprintf(strangers, sizeof(strangers), "%s",
             trial_element(nat_call(stage, "CreateInternetGateway", ""), "internetGatewayId"));
    nat_call(stage, "AttachInternetGateway",
             trial_text("InternetGatewayId=%s&VpcId=%s", strangers, stage->world.vpc));
    return repaired(stage, CALLS({EC2_CREATE_NAT_GATEWAY, 3}, {EC2_REPLACE_ROUTE, 5}), 0);
}

/* ---- running ---- */

#define SCENARIO(number, name, flags, ...)                                                         \
    NAT_SCENARIO(scenario_##number##_##name, name, 41, flags, __VA_ARGS__)

SCENARIO(04, deleted_and_still_listed, 0, FAULT_DEAD_GATEWAYS_COUNT, FAULT_DEAD_ENTRY_UNREAD)
SCENARIO(04, rebuilt_by_somebody_meanwhile, 0, FAULT_PENDING_GATEWAYS_ARE_NONE)
SCENARIO(05, failed_for_want_of_an_internet_gateway, 0, FAULT_NAT_BEFORE_IGW)
SCENARIO(05, failed_twice_rests, 0, FAULT_FAILED_IS_NO_REASON)
SCENARIO(05, failed_is_tried_once_more, 0, FAULT_FAILED_IS_NO_REASON)
SCENARIO(05, failed_for_a_full_subnet, 0, NO_FAULT)
SCENARIO(05, failed_and_holds_its_address, 0, NO_FAULT)
SCENARIO(06, killed_before_an_address, 0, FAULT_NO_INTENT)
SCENARIO(06, killed_after_an_address, 0, FAULT_LEFTOVERS_UNREAD)
SCENARIO(06, killed_blind_and_the_history_lost, 0, FAULT_ONE_LOOK)
SCENARIO(06, killed_before_a_gateway, 0, FAULT_NO_INTENT)
SCENARIO(06, killed_after_a_gateway, 0, NO_FAULT)
SCENARIO(06, token_answers_with_what_is_gone, 0, NO_FAULT)
SCENARIO(06, token_was_used_for_another_address, 0, NO_FAULT)
SCENARIO(08, through_another_zone, 0, FAULT_APPROVAL_GIVEN, FAULT_ONE_LOOK)
SCENARIO(08, not_to_a_gateway_that_is_not_there_yet, 0, FAULT_TARGET_UNCHECKED)
SCENARIO(08, refused_and_left_as_it_was, 0, NO_FAULT)
SCENARIO(08, put_back_after_two_looks, 0, FAULT_NO_UNDO, FAULT_ONE_LOOK)
SCENARIO(08, put_back_while_it_goes, 0, FAULT_NO_UNDO)
SCENARIO(08, put_back_when_it_has_no_way_out, 0, FAULT_NO_UNDO, FAULT_HARM_FORGOTTEN,
         FAULT_ONE_LOOK)
SCENARIO(08, put_back_to_the_egress_only_one, 0, FAULT_NO_UNDO)
SCENARIO(08, not_put_back_where_a_repair_helps, 0, NO_FAULT)
SCENARIO(08, not_put_back_to_what_is_dead, 0, NO_FAULT)
SCENARIO(08, not_put_back_an_hour_later, 0, NO_FAULT)
SCENARIO(08, not_put_back_where_the_history_is_lost, 0, NO_FAULT)
SCENARIO(08, not_put_back_on_a_guess, 0, NO_FAULT)
SCENARIO(08, not_put_back_to_an_exposure, 0, NO_FAULT)
SCENARIO(08, association_put_back, WORLD_PLAIN_TABLES, FAULT_NO_UNDO)
SCENARIO(09, exposed, 0, FAULT_PRIVATE_MAY_BE_PUBLIC)
SCENARIO(09, exposed_by_the_main_table, 0, FAULT_PRIVATE_MAY_BE_PUBLIC)
SCENARIO(11, association_lost, 0, FAULT_TABLES_UNSOUGHT)
SCENARIO(11, association_to_a_strangers_table, 0, NO_FAULT)
SCENARIO(13, two_zones_added, WORLD_PLAIN_TABLES, FAULT_ALL_ZONES_AT_ONCE)
SCENARIO(13, one_zone_added, WORLD_PLAIN_TABLES, NO_FAULT)
SCENARIO(14, regional_serves_all, 0, FAULT_REGIONAL_UNKNOWN)
SCENARIO(14, regional_lacks_a_zone, 0, FAULT_REGIONAL_COVERS_ALL)
SCENARIO(15, pinned_address_is_used_again, 0, NO_FAULT)
SCENARIO(15, pinned_address_is_waited_for, 0, FAULT_PINS_YIELD)
SCENARIO(15, pinned_address_lost_is_a_persons_to_decide, 0, FAULT_PINS_YIELD)
SCENARIO(15, previous_address_is_used_again, 0, NO_FAULT)
SCENARIO(16, quota_leaves_too_few, 0, FAULT_QUOTA_UNREAD)
SCENARIO(16, quota_is_learnt, 0, FAULT_QUOTA_UNREAD)
SCENARIO(16, own_free_address_comes_first, 0, FAULT_LEFTOVERS_UNREAD)
SCENARIO(17, igw_detached_and_gateways_gone, 0, FAULT_DETACHED_UNSOUGHT, FAULT_NAT_BEFORE_IGW)
SCENARIO(17, igw_of_ours_is_unattached, 0, FAULT_DETACHED_UNSOUGHT)
SCENARIO(17, igw_of_a_stranger_is_attached, 0, NO_FAULT)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(scenario_04_deleted_and_still_listed),
        TEST(scenario_04_rebuilt_by_somebody_meanwhile),
        TEST(scenario_05_failed_for_want_of_an_internet_gateway),
        TEST(scenario_05_failed_twice_rests),
        TEST(scenario_05_failed_is_tried_once_more),
        TEST(scenario_05_failed_for_a_full_subnet),
        TEST(scenario_05_failed_and_holds_its_address),
        TEST(scenario_06_killed_before_an_address),
        TEST(scenario_06_killed_after_an_address),
        TEST(scenario_06_killed_blind_and_the_history_lost),
        TEST(scenario_06_killed_before_a_gateway),
        TEST(scenario_06_killed_after_a_gateway),
        TEST(scenario_06_token_answers_with_what_is_gone),
        TEST(scenario_06_token_was_used_for_another_address),
        TEST(scenario_08_through_another_zone),
        TEST(scenario_08_not_to_a_gateway_that_is_not_there_yet),
        TEST(scenario_08_refused_and_left_as_it_was),
        TEST(scenario_08_put_back_after_two_looks),
        TEST(scenario_08_put_back_while_it_goes),
        TEST(scenario_08_put_back_when_it_has_no_way_out),
        TEST(scenario_08_put_back_to_the_egress_only_one),
        TEST(scenario_08_not_put_back_where_a_repair_helps),
        TEST(scenario_08_not_put_back_to_what_is_dead),
        TEST(scenario_08_not_put_back_an_hour_later),
        TEST(scenario_08_not_put_back_where_the_history_is_lost),
        TEST(scenario_08_not_put_back_on_a_guess),
        TEST(scenario_08_not_put_back_to_an_exposure),
        TEST(scenario_08_association_put_back),
        TEST(scenario_09_exposed),
        TEST(scenario_09_exposed_by_the_main_table),
        TEST(scenario_11_association_lost),
        TEST(scenario_11_association_to_a_strangers_table),
        TEST(scenario_13_two_zones_added),
        TEST(scenario_13_one_zone_added),
        TEST(scenario_14_regional_serves_all),
        TEST(scenario_14_regional_lacks_a_zone),
        TEST(scenario_15_pinned_address_is_used_again),
        TEST(scenario_15_pinned_address_is_waited_for),
        TEST(scenario_15_pinned_address_lost_is_a_persons_to_decide),
        TEST(scenario_15_previous_address_is_used_again),
        TEST(scenario_16_quota_leaves_too_few),
        TEST(scenario_16_quota_is_learnt),
        TEST(scenario_16_own_free_address_comes_first),
        TEST(scenario_17_igw_detached_and_gateways_gone),
        TEST(scenario_17_igw_of_ours_is_unattached),
        TEST(scenario_17_igw_of_a_stranger_is_attached),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
