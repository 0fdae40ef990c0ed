/* The daemon under the shipped IAM policies: which calls they name, that a VPC with no tag of ours
 * is repaired under them, that reading needs no more than observe.json, and that a permission which
 * is taken away is named and leaves no half of a repair behind.
 *
 * The drift tests run under them too, all of them: see permissions.h. */
#include "support/nat_stage.h"
#include "support/permissions.h"
#include "vpc_reconciled/guard.h"
#include "vpc_reconciled/iam.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#define HOUR_MS ((uint64_t)3600000)

/* ---- what may be sent is what the policies are written from ---- */

static void test_rows_are_what_is_sent(void **state)
{
    (void)state;
    for (size_t list = 0; list < LIST_COUNT; list++) {
        const char *name = observed_list_permission((enum observed_list)list);
        bool sent = text_equal(name, "lambda:GetCapacityProvider");

        for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
            sent |= iam_table[i].sent && text_equal(ec2_action_table[i].iam, name);
        if (!sent)
            fail_msg("%s is asked, and no policy allows it", name);
    }
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        if (ec2_action_table[i].mutates && guard_may_send((enum ec2_action)i) != iam_table[i].sent)
            fail_msg("%s: the guard and the policies differ", ec2_action_table[i].name);
}

/* ---- breaking ---- */

static void unlisted(struct nat_stage *stage)
{
    nat_delete_all(stage);
    nat_stage_wait(stage, 2 * HOUR_MS);
}

/* Both gateways of the VPC, every NAT gateway and one of their addresses, routes of both families
 * and an association: the list of what is made again is as long as it gets here. */
static void most_of_it(struct nat_stage *stage)
{
    const struct trial_world *world = &stage->world;

    unlisted(stage);
    nat_release(stage, stage->address[1]);
    nat_detach_igw(stage);
    nat_call(stage, "DeleteInternetGateway", trial_text("InternetGatewayId=%s", world->igw));
    nat_call(stage, "DeleteEgressOnlyInternetGateway",
             trial_text("EgressOnlyInternetGatewayId=%s", world->eigw));
    nat_call(stage, "DeleteRoute", trial_text(IPV4_DEFAULT, world->private_table[0]));
    nat_call(stage, "DeleteRoute", trial_text(IPV6_DEFAULT, world->private_table[1]));
    nat_call(stage, "DeleteRoute", trial_text(IPV6_DEFAULT, world->public_table));
    nat_call(stage, "DisassociateRouteTable",
             trial_text("AssociationId=%s", world->private_association[2]));
}

static void share_a_table(struct nat_stage *stage)
{
    nat_call(stage, "ReplaceRouteTableAssociation",
             trial_text("AssociationId=%s&RouteTableId=%s", stage->world.private_association[1],
                        stage->world.private_table[0]));
}

static const struct breakage {
    const char *name;
    void (*break_it)(struct nat_stage *stage);
    unsigned flags;
    struct nat_config config;
} most = {"most of it", most_of_it, 0, {0}},
  shared = {"a shared table",
            share_a_table,
            WORLD_PLAIN_TABLES,
            {.repair = "\"route-table-shared\": \"auto\", \"route-cross-az\": \"auto\""}};

/* ---- the stage: healthy, known to the daemon, and with no tag of ours; then broken ---- */

static void begin(struct nat_stage *stage, const struct breakage *row)
{
    CLEANUP(buf_free)
    struct buf world = {0};

    nat_stage_begin(stage, 53, row->flags);
    nat_stage_config(stage, &row->config);
    trial_assert_once(stage->trial, row->name, MANAGER_IN_SYNC);
    trial_dump(stage->trial, &world);
    assert_null(strstr(buf_string(&world), "vpc-reconciled:"));
    row->break_it(stage);
    trial_forget_events(stage->trial);
    stage->trial->service = true;
    stage->trial->permissions = PERMISSIONS_REPAIR;
}

/* How many of each kind the VPC has, and that no address idles. */
struct counts {
    unsigned internet_gateways, egress_only, nat_gateways, addresses, unattached, route_tables;
};

static struct counts count(struct nat_stage *stage)
{
    const char *xml = nat_call(stage, "DescribeAddresses", "");
    struct counts counts = {.addresses = nat_count_text(xml, "<allocationId>")};

    counts.unattached = counts.addresses - nat_count_text(xml, "<associationId>");
    xml = nat_call(stage, "DescribeInternetGateways", "");
    counts.internet_gateways = nat_count_text(xml, "<internetGatewayId>");
    xml = nat_call(stage, "DescribeEgressOnlyInternetGateways", "");
    counts.egress_only = nat_count_text(xml, "<egressOnlyInternetGatewayId>");
    xml = nat_call(stage, "DescribeNatGateways",
                   "Filter.1.Name=state&Filter.1.Value.1=available&Filter.1.Value.2=pending");
    counts.nat_gateways = nat_count_text(xml, "<natGatewayId>");
    xml = nat_call(stage, "DescribeRouteTables", "");
    counts.route_tables = nat_count_text(xml, "<ownerId>"); /* one in each table */
    return counts;
}

static bool in_sync(const struct trial *trial)
{
    return strstr(trial->status, "In sync") != NULL;
}

/* As a run in which nothing is denied ends. */
static struct counts reference(const struct breakage *row)
{
    struct nat_stage stage;
    struct counts counts;

    begin(&stage, row);
    trial_start(stage.trial);
    if (!trial_run_until(stage.trial, 2 * HOUR_MS, in_sync) ||
        trial_count(stage.trial, EVENT_FINDING_FAILED, NULL)) {
        trial_print_events(stage.trial);
        fail_msg("%s is not repaired under the shipped policies", row->name);
    }
    trial_stop(stage.trial);
    counts = count(&stage);
    nat_stage_end(&stage);
    return counts;
}

/* ---- each permission in turn ---- */

static void check_denied(const struct breakage *row, const char *permission,
                         const struct counts *expected)
{
    struct nat_stage stage;
    const struct trial_event *event;
    struct counts counts;

    begin(&stage, row);
    stage.trial->deny = permission;
    trial_start(stage.trial);
    trial_run(stage.trial, 2 * HOUR_MS);
    event = trial_last(stage.trial, EVENT_FINDING_HELD, "permission-missing");
    if (!event || !strstr(event->message, permission) || in_sync(stage.trial)) {
        trial_print_events(stage.trial);
        fail_msg("%s, without %s: it is not named", row->name, permission);
    }
    if (trial_count(stage.trial, EVENT_FINDING_HELD, "permission-missing") != 1) {
        trial_print_events(stage.trial);
        fail_msg("%s, without %s: more than one finding", row->name, permission);
    }
    counts = count(&stage); /* no more than what a repair makes, however often it was tried */
    if (counts.internet_gateways > expected->internet_gateways ||
        counts.egress_only > expected->egress_only ||
        counts.nat_gateways > expected->nat_gateways || counts.addresses > expected->addresses ||
        counts.unattached > 3 || counts.route_tables > expected->route_tables)
        fail_msg("%s, without %s: something was made twice", row->name, permission);
    stage.trial->deny = NULL; /* count() was a call by hand */
    if (!trial_run_until(stage.trial, 2 * HOUR_MS, in_sync)) {
        trial_print_events(stage.trial);
        fail_msg("%s, with %s again: it is not repaired", row->name, permission);
    }
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, "permission-missing"), 1);
    trial_stop(stage.trial);
    counts = count(&stage);
    if (memcmp(&counts, expected, sizeof(counts)) != 0)
        fail_msg("%s, with %s again: not the same as if nothing had been denied", row->name,
                 permission);
    nat_stage_end(&stage);
}

static void test_each_denied(void **state)
{
    static const char *const of_most[] = {"ec2:CreateInternetGateway",
                                          "ec2:AttachInternetGateway",
                                          "ec2:CreateEgressOnlyInternetGateway",
                                          "ec2:CreateRoute",
                                          "ec2:ReplaceRoute",
                                          "ec2:AssociateRouteTable",
                                          "ec2:AllocateAddress",
                                          "ec2:CreateNatGateway",
                                          "ec2:CreateTags"};
    static const char *const of_shared[] = {"ec2:CreateRouteTable",
                                            "ec2:ReplaceRouteTableAssociation"};
    struct counts expected = reference(&most);

    (void)state;
    assert_int_equal(expected.nat_gateways, 3);
    assert_int_equal(expected.unattached, 0);
    for (size_t i = 0; i < ARRAY_SIZE(of_most); i++)
        check_denied(&most, of_most[i], &expected);
    expected = reference(&shared);
    for (size_t i = 0; i < ARRAY_SIZE(of_shared); i++)
        check_denied(&shared, of_shared[i], &expected);
}

/* ---- reading ---- */

/* observe.json alone: all is read, the drift is found, and nothing at all is refused. */
static void test_observe(void **state)
{
    struct nat_stage stage;

    (void)state;
    begin(&stage, &most);
    stage.trial->permissions = PERMISSIONS_OBSERVE;
    stage.trial->observe = true;
    stage.trial->service = false;
    trial_assert_once(stage.trial, "observing", MANAGER_DRIFT);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "observation-incomplete"), 0);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "permission-missing"), 0);
    assert_true(trial_count(stage.trial, EVENT_FINDING_HELD, "nat-gateway-missing") > 0);
    nat_stage_end(&stage);
}

/* In the VPC of First light every list of every target is asked. */
static void test_each_read_denied(void **state)
{
    (void)state;
    for (size_t list = 0; list < TRIAL_LISTS; list++) {
        const char *permission = observed_list_permission((enum observed_list)list);
        struct nat_stage stage;
        const struct trial_event *event;
        struct trial_calls before;

        if (list == LIST_VPC_ATTRIBUTES)
            continue; /* only with endpoints */
        begin(&stage, &most);
        stage.trial->service = false;
        stage.trial->deny = permission;
        before = trial_calls_now(stage.trial);
        /* Of the last lists nothing that this config declares depends, and the rest is repaired. */
        if (list < LIST_SECURITY_GROUPS)
            trial_assert_once(stage.trial, permission, MANAGER_UNKNOWN);
        else
            assert_in_range(trial_once(stage.trial), MANAGER_IN_SYNC, MANAGER_UNKNOWN);
        event = trial_last(stage.trial, EVENT_FINDING_HELD, "observation-incomplete");
        if (!event || !strstr(event->message, permission)) {
            trial_print_events(stage.trial);
            fail_msg("%s is not named", permission);
        }
        assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "observation-incomplete"), 1);
        if (list == LIST_VPCS || list == LIST_SUBNETS || list == LIST_ROUTE_TABLES)
            trial_assert_calls(stage.trial, &before, permission, NULL);
        nat_stage_end(&stage);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_what_is_sent),
        cmocka_unit_test(test_observe),
        cmocka_unit_test(test_each_read_denied),
        cmocka_unit_test(test_each_denied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
