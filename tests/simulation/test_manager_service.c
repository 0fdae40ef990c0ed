/* The manager as a service under a virtual clock: its rhythm, drift that comes while it runs, stops
 * in every state, pauses, histories that are torn, newer or full, and a soak. */
#include "support/service.h"

/* ---- rhythm ---- */

static bool pass_begins(const struct trial *trial)
{
    return simulator_calls(trial->simulator, EC2_DESCRIBE_VPCS) > trial->mark;
}

static void test_interval_and_jitter(void **state)
{
    static const struct {
        const char *main_text;
        uint64_t least, most; /* between two passes; each takes 20 ms */
        bool spread;
    } rows[] = {
        {"{\"interval\": \"60s\", \"jitter\": \"10%\"}", 54000, 66000, true},
        {"{\"interval\": \"60s\", \"jitter\": \"0%\"}", 60000, 60000, false},
        {"{\"interval\": \"10m\", \"jitter\": \"50%\"}", 300000, 900000, true},
        {NULL, 54000, 66000, true}, /* the defaults */
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
        struct stage stage;
        uint64_t before, least = UINT64_MAX, most = 0;

        stage_begin(&stage, 0);
        stage.trial->main_text = rows[i].main_text;
        trial_start(stage.trial);
        stage.trial->mark = simulator_calls(stage.trial->simulator, EC2_DESCRIBE_VPCS);
        trial_run(stage.trial, 10000);
        assert_true(pass_begins(stage.trial)); /* the first one at once */
        before = stage.trial->now.monotonic_ms - 10000;
        for (unsigned pass = 0; pass < 50; pass++) {
            uint64_t gap;

            stage.trial->mark = simulator_calls(stage.trial->simulator, EC2_DESCRIBE_VPCS);
            assert_true(trial_run_until(stage.trial, 3600000, pass_begins));
            gap = stage.trial->now.monotonic_ms - before;
            before = stage.trial->now.monotonic_ms;
            least = gap < least ? gap : least;
            most = gap > most ? gap : most;
        }
        if (least < rows[i].least || most > rows[i].most + 100)
            fail_msg("%s: from %llu to %llu ms", rows[i].main_text ? rows[i].main_text : "default",
                     (unsigned long long)least, (unsigned long long)most);
        if (rows[i].spread)
            assert_true(most - least > (rows[i].most - rows[i].least) / 3);
        /* Who we are is asked once for the credentials. */
        assert_int_equal(simulator_calls(stage.trial->simulator, STS_GET_CALLER_IDENTITY) -
                             stage.calls[STS_GET_CALLER_IDENTITY],
                         1);
        assert_sent(&stage, "in sync", NOTHING);
        stage_end(&stage);
    }
}

static void break_nothing(struct stage *stage)
{
    (void)stage;
}

static void break_one_route(struct stage *stage)
{
    trial_call(stage->trial, "DeleteRoute", trial_text(IPV4, stage->world.private_table[1]));
}

static void break_everything(struct stage *stage)
{
    for (unsigned i = 0; i < 3; i++) {
        trial_call(stage->trial, "DeleteRoute", trial_text(IPV4, stage->world.private_table[i]));
        trial_call(stage->trial, "DisassociateRouteTable",
                   trial_text("AssociationId=%s", stage->world.private_association[i]));
        trial_call(stage->trial, "DeleteNatGateway",
                   trial_text("NatGatewayId=%s", stage->world.nat[i]));
    }
    trial_call(stage->trial, "DeleteRoute", trial_text(IPV4, stage->world.public_table));
    trial_call(stage->trial, "DeleteEgressOnlyInternetGateway",
               trial_text("EgressOnlyInternetGatewayId=%s", stage->world.eigw));
    stage_wait(stage, 300000);
}

/* S12: the work is the same whatever the state. */
static void test_a_pass_makes_the_same_calls_whatever_the_state(void **state)
{
    static void (*const breaks[])(struct stage * stage) = {break_nothing, break_one_route,
                                                           break_everything};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(breaks); i++) {
        struct stage stage;

        stage_begin(&stage, 0);
        breaks[i](&stage);
        stage_mark(&stage);
        stage.trial->observe = true;
        stage.trial->service = false;
        assert_int_equal(trial_once(stage.trial),
                         breaks[i] == break_nothing ? MANAGER_IN_SYNC : MANAGER_DRIFT);
        for (size_t action = 0; action < EC2_ACTION_COUNT; action++) {
            /* what no config has to want: observe.h */
            bool is_list = action <= EC2_DESCRIBE_MANAGED_PREFIX_LISTS ||
                           action == EC2_DESCRIBE_SECURITY_GROUPS ||
                           action == EC2_DESCRIBE_NETWORK_ACLS ||
                           action == EC2_DESCRIBE_VPC_ENDPOINTS;

            assert_int_equal(simulator_calls(stage.trial->simulator, (enum ec2_action)action) -
                                 stage.calls[action],
                             is_list || action == STS_GET_CALLER_IDENTITY ? 1 : 0);
        }
        stage_end(&stage);
    }
}

/* Two looks, one write with its two looks at the VPC and the one object, and the look after it. */
static void test_calls_of_a_repair(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    break_one_route(&stage);
    stage_mark(&stage);
    stage.trial->service = false;
    assert_int_equal(trial_once(stage.trial), MANAGER_IN_SYNC);
    for (size_t action = 0; action <= EC2_DESCRIBE_MANAGED_PREFIX_LISTS; action++) {
        bool looked_at = action == EC2_DESCRIBE_VPCS || action == EC2_DESCRIBE_ROUTE_TABLES;

        assert_int_equal(simulator_calls(stage.trial->simulator, (enum ec2_action)action) -
                             stage.calls[action],
                         looked_at ? 4 : 3);
    }
    assert_sent(&stage, "one route", (const struct calls[]){{EC2_CREATE_ROUTE, 1}, {0}});
    stage_end(&stage);
}

/* ---- drift while it runs ---- */

static unsigned count_findings(const struct stage *stage)
{
    unsigned n = 0;

    for (int kind = EVENT_FINDING_SUSPECTED; kind <= EVENT_FINDING_RESOLVED; kind++)
        n += trial_count(stage->trial, (enum event_kind)kind, NULL);
    return n;
}

static void test_drift_is_found_and_repaired_and_then_it_is_quiet(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    trial_start(stage.trial);
    trial_run(stage.trial, 600000);
    assert_int_equal(count_findings(&stage), 0);
    break_one_route(&stage);
    stage_mark(&stage);
    trial_run(stage.trial, 180000);
    assert_sent(&stage, "a route was deleted", (const struct calls[]){{EC2_CREATE_ROUTE, 1}, {0}});
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_SUSPECTED, "route-missing"), 1);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_OPENED, "route-missing"), 1);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_REPAIRING, "route-missing"), 1);
    assert_int_equal(trial_count(stage.trial, EVENT_CALL, "route-missing"), 1);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_REPAIRED, "route-missing"), 1);
    assert_int_equal(count_findings(&stage), 4);
    assert_non_null(strstr(stage.trial->status, "In sync"));
    stage_mark(&stage);
    trial_run(stage.trial, 4 * HOUR_MS);
    assert_int_equal(count_findings(&stage), 0);
    assert_sent(&stage, "quiet", NOTHING);
    /* The summary of a pass: once an hour while nothing changes. */
    assert_in_range(trial_count(stage.trial, EVENT_PASS, NULL), 3, 5);
    assert_int_equal(stage.trial->n_events, trial_count(stage.trial, EVENT_PASS, NULL));
    stage_end(&stage);
}

/* What is held is said once, and what is held for another reason is said again. */
static void test_what_is_held_is_said_once(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    trial_start(stage.trial);
    trial_run(stage.trial, 60000);
    trial_call(stage.trial, "ReplaceRoute",
               trial_text(IPV6 "&EgressOnlyInternetGatewayId=%s", stage.world.public_table,
                          stage.world.eigw));
    stage_mark(&stage);
    trial_run(stage.trial, 3 * HOUR_MS);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "route-wrong-target"), 1);
    assert_int_equal(count_findings(&stage), 2); /* suspected before */
    assert_sent(&stage, "held", NOTHING);
    assert_non_null(strstr(stage.trial->status, "held 1"));
    /* By hand, and so resolved and not repaired. */
    trial_call(stage.trial, "ReplaceRoute",
               trial_text(IPV6 "&GatewayId=%s", stage.world.public_table, stage.world.igw));
    stage_mark(&stage);
    trial_run(stage.trial, HOUR_MS);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, "route-wrong-target"), 1);
    assert_int_equal(count_findings(&stage), 1);
    stage_end(&stage);
}

/* It came back before the second look: nothing was wrong for long, and nothing is written. */
static bool suspects(const struct trial *trial)
{
    return trial_count(trial, EVENT_FINDING_SUSPECTED, NULL) > 0;
}

static void test_what_mends_itself_is_left_alone(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    trial_start(stage.trial);
    trial_run(stage.trial, 60000);
    break_one_route(&stage);
    stage_mark(&stage);
    assert_true(trial_run_until(stage.trial, 120000, suspects));
    trial_call(
        stage.trial, "CreateRoute",
        trial_text(IPV4 "&NatGatewayId=%s", stage.world.private_table[1], stage.world.nat[1]));
    stage.calls[EC2_CREATE_ROUTE]++;
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "mended by itself", NOTHING);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, "route-missing"), 1);
    assert_int_equal(count_findings(&stage), 2);
    stage_end(&stage);
}

/* ---- stop ---- */

/* In whatever state the stop comes: the call in flight is waited for and recorded, nothing more is
 * sent, and the next start ends as if there had been no stop. */
static void test_stop_in_each_state(void **state)
{
    (void)state;
    for (size_t i = 0; i < n_moments; i++) {
        struct stage stage;
        uint64_t sent_before, sent_at_stop, requests_at_stop;
        unsigned under_way;

        stage_begin(&stage, WORLD_WITHOUT_NAT);
        break_both_gateways(&stage);
        stage_mark(&stage);
        trial_start(stage.trial);
        sent_before = simulator_mutating_calls(stage.trial->simulator);
        if (!trial_run_until(stage.trial, HOUR_MS, moments[i].so))
            fail_msg("%s: it never came", moments[i].name);
        under_way = trial_calls_under_way(stage.trial, true);
        sent_at_stop = simulator_mutating_calls(stage.trial->simulator);
        requests_at_stop = stage.trial->requests;
        assert_int_equal(under_way, moments[i].calling);
        trial_end(stage.trial);
        trial_run(stage.trial, 60000);
        assert_true(stage.trial->exited);
        assert_int_equal(stage.trial->exit_code, MANAGER_IN_SYNC);
        assert_int_equal(trial_count(stage.trial, EVENT_STOPPING, NULL), 1);
        /* Nothing was sent after the stop, and what was under way was answered and written down. */
        if (simulator_mutating_calls(stage.trial->simulator) != sent_at_stop ||
            stage.trial->requests != requests_at_stop)
            fail_msg("%s: something was sent after the stop", moments[i].name);
        assert_int_equal(count_text(trial_file(stage.trial, MANAGER_HISTORY_FILE), " change "),
                         stage.n_changes + (sent_at_stop - sent_before));
        assert_int_equal(trial_calls_under_way(stage.trial, true), 0);
        /* Started again: the same end, nothing twice. */
        stage.trial->service = false;
        if (trial_once(stage.trial) != MANAGER_IN_SYNC) {
            trial_print_events(stage.trial);
            fail_msg("%s: the next start does not end in sync", moments[i].name);
        }
        assert_sent(&stage, moments[i].name, both_gateways);
        stage_end(&stage);
    }
}

/* A stop while only the look at the pause file is out ends the pass as well. */
static bool waits_for_the_pause_file_alone(const struct trial *trial)
{
    return trial_calls_under_way(trial, false) == 0 &&
           trial_files_under_way(trial, EFFECT_READ_FILE) == 1 &&
           simulator_calls(trial->simulator, EC2_DESCRIBE_VPCS) > trial->mark;
}

static void test_stop_while_the_pause_file_is_slow(void **state)
{
    struct stage stage;

    (void)state;
    for (unsigned what = 0; what < 2; what++) {
        stage_begin(&stage, 0);
        break_one_route(&stage);
        stage_mark(&stage);
        trial_start(stage.trial);
        trial_run(stage.trial, 5000); /* the first look; the second one would write */
        stage.trial->slow_pause_ms = 2000;
        stage.trial->mark = simulator_calls(stage.trial->simulator, EC2_DESCRIBE_VPCS);
        assert_true(trial_run_until(stage.trial, HOUR_MS, waits_for_the_pause_file_alone));
        if (what == 0) {
            trial_end(stage.trial);
            trial_run(stage.trial, 60000);
            assert_true(stage.trial->exited);
        } else {
            stage.trial->config_text = NULL; /* no target is left */
            trial_reload(stage.trial);
            trial_run(stage.trial, HOUR_MS);
            assert_int_equal(trial_count(stage.trial, EVENT_CONFIG_LOADED, NULL), 1);
        }
        assert_sent(&stage, "given up", NOTHING);
        stage_end(&stage);
    }
}

/* ---- pause ---- */

static void test_pause_before_a_pass(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    trial_set_file(stage.trial, PAUSE_FILE, "CHG-7: network works\nuntil noon\n");
    break_one_route(&stage);
    stage_mark(&stage);
    trial_start(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "paused", NOTHING);
    assert_int_equal(trial_count(stage.trial, EVENT_PAUSED, NULL), 1);
    assert_non_null(strstr(trial_last(stage.trial, EVENT_FINDING_HELD, "route-missing")->message,
                           "CHG-7: network works"));
    assert_null(
        strstr(trial_last(stage.trial, EVENT_FINDING_HELD, "route-missing")->message, "noon"));
    assert_non_null(strstr(stage.trial->status, "paused: CHG-7"));
    trial_set_file(stage.trial, PAUSE_FILE, NULL);
    trial_run(stage.trial, 120000);
    assert_int_equal(trial_count(stage.trial, EVENT_PAUSED, NULL), 2);
    assert_sent(&stage, "no longer", (const struct calls[]){{EC2_CREATE_ROUTE, 1}, {0}});
    assert_null(strstr(stage.trial->status, "paused"));
    stage_end(&stage);
}

static void pause_by_file(struct stage *stage, bool on)
{
    trial_set_file(stage->trial, PAUSE_FILE, on ? "" : NULL);
}

static void pause_by_tag(struct stage *stage, bool on)
{
    trial_call(stage->trial, on ? "CreateTags" : "DeleteTags",
               trial_text("ResourceId.1=%s&Tag.1.Key=vpc-reconciled%%3Apause%s", stage->world.vpc,
                          on ? "&Tag.1.Value=" : ""));
    stage->calls[on ? EC2_CREATE_TAGS : EC2_DELETE_TAGS]++;
}

static bool second_look_is_out(const struct trial *trial)
{
    return suspects(trial) && trial_calls_under_way(trial, false) == TRIAL_LISTS;
}

/* The pause comes while the pass that will write is looking: the look right before the write sees
 * it, and no call follows (design.md 6.11). */
static void test_pause_between_look_and_write(void **state)
{
    static void (*const pauses[])(struct stage * stage, bool on) = {pause_by_file, pause_by_tag};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(pauses); i++) {
        struct stage stage;

        stage_begin(&stage, 0);
        break_one_route(&stage);
        stage_mark(&stage);
        trial_start(stage.trial);
        assert_true(trial_run_until(stage.trial, HOUR_MS, second_look_is_out));
        pauses[i](&stage, true);
        trial_run(stage.trial, HOUR_MS);
        assert_sent(&stage, "paused", NOTHING);
        assert_int_equal(trial_count(stage.trial, EVENT_FINDING_REPAIRING, "route-missing"), 1);
        assert_int_equal(trial_count(stage.trial, EVENT_FINDING_HELD, "route-missing"), 1);
        pauses[i](&stage, false);
        trial_run(stage.trial, 180000);
        assert_sent(&stage, "no longer", (const struct calls[]){{EC2_CREATE_ROUTE, 1}, {0}});
        stage_end(&stage);
    }
}

/* Somebody was faster: the one object is not as the plan saw it. */
static void test_repaired_by_hand_between_look_and_write(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    break_one_route(&stage);
    stage_mark(&stage);
    trial_start(stage.trial);
    assert_true(trial_run_until(stage.trial, HOUR_MS, second_look_is_out));
    trial_call(
        stage.trial, "CreateRoute",
        trial_text(IPV4 "&NatGatewayId=%s", stage.world.private_table[1], stage.world.nat[0]));
    stage.calls[EC2_CREATE_ROUTE]++;
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "somebody was faster", NOTHING);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_REPAIRED, NULL), 0);
    assert_int_equal(trial_count(stage.trial, EVENT_FINDING_RESOLVED, "route-missing"), 1);
    stage_end(&stage);
}

/* S5: the look fails, so what it would have shown is unknown. */
static void test_a_look_that_fails(void **state)
{
    static const char *const looks[] = {"DescribeVpcs", "DescribeRouteTables"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(looks); i++) {
        struct stage stage;

        stage_begin(&stage, 0);
        break_one_route(&stage);
        stage_mark(&stage);
        trial_start(stage.trial);
        assert_true(trial_run_until(stage.trial, HOUR_MS, second_look_is_out));
        stage.trial->fault_action = looks[i];
        stage.trial->fault = "unauthorized-operation";
        trial_run(stage.trial, 500);
        assert_int_equal(trial_count(stage.trial, EVENT_FINDING_REPAIRING, NULL), 1);
        trial_run(stage.trial, HOUR_MS);
        assert_sent(&stage, looks[i], NOTHING);
        stage.trial->fault_action = NULL;
        trial_run(stage.trial, HOUR_MS);
        assert_sent(&stage, "told again", (const struct calls[]){{EC2_CREATE_ROUTE, 1}, {0}});
        stage_end(&stage);
    }
}

static bool second_pass_is_over(const struct trial *trial)
{
    return trial_count(trial, EVENT_PASS, NULL) == 2;
}

/* S5: the look took so long that what the plan stands on is over two minutes old. */
static void test_a_look_that_takes_too_long(void **state)
{
    struct stage stage;
    uint64_t look = 0;

    (void)state;
    for (unsigned run = 0; run < 2; run++) { /* the first one tells which request it is */
        stage_begin(&stage, 0);
        break_one_route(&stage);
        stage_mark(&stage);
        stage.trial->slow_request = look;
        stage.trial->slow_ms = 121000;
        trial_start(stage.trial);
        assert_true(trial_run_until(stage.trial, HOUR_MS, moments[MOMENT_LOOKING].so));
        assert_true(look == 0 || look == stage.trial->requests);
        look = stage.trial->requests;
        if (run == 0) {
            stage_end(&stage);
            continue;
        }
        assert_true(trial_run_until(stage.trial, HOUR_MS, second_pass_is_over));
        assert_sent(&stage, "too old", NOTHING);
        assert_non_null(strstr(stage.trial->status, "Unknown"));
        trial_run(stage.trial, HOUR_MS); /* the next pass begins anew */
        assert_sent(&stage, "from a fresh look",
                    (const struct calls[]){{EC2_CREATE_ROUTE, 1}, {0}});
        stage_end(&stage);
    }
}

/* ---- histories ---- */

static void test_a_torn_history_is_mended(void **state)
{
    static const char *const tails[] = {"1 0123", "1 deadbeef change trial x\n", "garbage\n",
                                        "1 00000000 wiring trial igw igw-1\n1 f"};

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(tails); i++) {
        struct stage stage;
        CLEANUP(buf_free)
        struct buf torn = {0};
        const char *mended;

        stage_begin(&stage, 0);
        buf_text(&torn, trial_file(stage.trial, MANAGER_HISTORY_FILE));
        assert_true(torn.n > 0);
        buf_text(&torn, tails[i]);
        trial_set_file(stage.trial, MANAGER_HISTORY_FILE, buf_string(&torn));
        break_everything(&stage);
        stage_mark(&stage);
        trial_start(stage.trial);
        assert_non_null(strstr(trial_last(stage.trial, EVENT_STARTED, NULL)->message, "broken"));
        mended = trial_file(stage.trial, MANAGER_HISTORY_FILE);
        assert_null(strstr(mended, tails[i]));
        assert_int_equal(mended[strlen(mended) - 1], '\n');
        /* The wiring before the tear is known still: associations come back. */
        trial_run(stage.trial, HOUR_MS);
        assert_int_equal(simulator_calls(stage.trial->simulator, EC2_ASSOCIATE_ROUTE_TABLE) -
                             stage.calls[EC2_ASSOCIATE_ROUTE_TABLE],
                         3);
        stage_end(&stage);
    }
}

/* A line of format 2, as a newer version would write it. */
static const char *newer_line(void)
{
    static const char rest[] = "2 something new";
    static char line[64];

    snprintf(line, sizeof(line), "2 %08x%s\n", crc32_of(rest, strlen(rest)), rest + 1);
    return line;
}

static void test_a_newer_history_is_set_aside(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    trial_set_file(stage.trial, MANAGER_HISTORY_FILE, newer_line());
    trial_start(stage.trial);
    trial_run(stage.trial, 120000);
    assert_non_null(strstr(trial_last(stage.trial, EVENT_STARTED, NULL)->message, "newer version"));
    assert_string_equal(trial_file(stage.trial, MANAGER_HISTORY_FILE ".newer"), newer_line());
    assert_null(strstr(trial_file(stage.trial, MANAGER_HISTORY_FILE), newer_line()));
    assert_non_null(strstr(trial_file(stage.trial, MANAGER_HISTORY_FILE), " wiring "));
    trial_stop(stage.trial);
    /* The next start takes its own. */
    trial_forget_events(stage.trial);
    trial_start(stage.trial);
    assert_null(strstr(trial_last(stage.trial, EVENT_STARTED, NULL)->message, "newer"));
    stage_end(&stage);
}

static void test_a_newer_history_stays_when_it_cannot_be_set_aside(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    trial_set_file(stage.trial, MANAGER_HISTORY_FILE, newer_line());
    stage.trial->file_r = -ENOSPC;
    stage.trial->file_r_of = MANAGER_HISTORY_FILE ".newer";
    trial_start(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    assert_ptr_equal(strstr(trial_file(stage.trial, MANAGER_HISTORY_FILE), newer_line()),
                     trial_file(stage.trial, MANAGER_HISTORY_FILE));
    stage_end(&stage);
}

static void test_observing_writes_no_file(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    trial_set_file(stage.trial, MANAGER_HISTORY_FILE, newer_line());
    stage.trial->observe = true;
    trial_start(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    trial_reload(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    assert_string_equal(trial_file(stage.trial, MANAGER_HISTORY_FILE), newer_line());
    assert_string_equal(trial_file(stage.trial, MANAGER_HISTORY_FILE ".newer"), "");
    stage_end(&stage);
}

/* No create without its intent on disk; what makes nothing goes on. */
static void test_a_full_disk_makes_nothing(void **state)
{
    struct stage stage;

    (void)state;
    stage_begin(&stage, 0);
    trial_call(stage.trial, "DeleteEgressOnlyInternetGateway",
               trial_text("EgressOnlyInternetGatewayId=%s", stage.world.eigw));
    break_one_route(&stage);
    stage_mark(&stage);
    stage.trial->file_r = -ENOSPC;
    trial_start(stage.trial);
    trial_run(stage.trial, HOUR_MS);
    assert_sent(&stage, "the disk is full", (const struct calls[]){{EC2_CREATE_ROUTE, 1}, {0}});
    assert_non_null(
        strstr(trial_last(stage.trial, EVENT_FINDING_HELD, "egress-only-internet-gateway-missing")
                   ->message,
               "could not be written"));
    stage.trial->file_r = 0;
    trial_run(stage.trial, 600000);
    assert_sent(&stage, "there is room again",
                (const struct calls[]){{EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY, 1},
                                       {EC2_CREATE_ROUTE, 1},
                                       {EC2_REPLACE_ROUTE, 3},
                                       {0}});
    stage_end(&stage);
}

/* ---- soak ---- */

#ifdef SANITIZED
#define SOAK_PASSES 1000
#else
#define SOAK_PASSES 4000
#endif

static void soak(const char *name, void (*break_it)(struct stage *stage), unsigned passes)
{
    struct stage stage;
    size_t after_warm_up = 0;

    stage_begin(&stage, 0);
    break_it(&stage);
    stage_mark(&stage);
    stage.trial->observe = true; /* what is wrong stays so, and no history grows */
    stage.trial->main_text = "{\"interval\": \"10s\", \"jitter\": \"10%\"}";
    trial_start(stage.trial);
    for (unsigned pass = 0; pass < passes; pass += 50) {
        size_t live;

        trial_run(stage.trial, 500000);
        while (stage.trial->answers) /* between two passes: what one holds is no leak */
            trial_run(stage.trial, 1);
        trial_forget_events(stage.trial);
        live = live_bytes();
        if (pass == 100)
            after_warm_up = live;
        else if (pass > 100 && live > after_warm_up + LIVE_SLACK)
            fail_msg("%s: %zu bytes after %u passes, %zu after 100", name, live, pass,
                     after_warm_up);
    }
    assert_true(simulator_calls(stage.trial->simulator, EC2_DESCRIBE_VPCS) -
                    stage.calls[EC2_DESCRIBE_VPCS] >
                passes * 9 / 10);
    assert_sent(&stage, name, NOTHING);
    stage_end(&stage);
}

static void test_soak(void **state)
{
    (void)state;
    soak("in sync", break_nothing, SOAK_PASSES);
    soak("all broken", break_everything, SOAK_PASSES / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_interval_and_jitter),
        cmocka_unit_test(test_a_pass_makes_the_same_calls_whatever_the_state),
        cmocka_unit_test(test_calls_of_a_repair),
        cmocka_unit_test(test_drift_is_found_and_repaired_and_then_it_is_quiet),
        cmocka_unit_test(test_what_is_held_is_said_once),
        cmocka_unit_test(test_what_mends_itself_is_left_alone),
        cmocka_unit_test(test_stop_in_each_state),
        cmocka_unit_test(test_stop_while_the_pause_file_is_slow),
        cmocka_unit_test(test_pause_before_a_pass),
        cmocka_unit_test(test_pause_between_look_and_write),
        cmocka_unit_test(test_repaired_by_hand_between_look_and_write),
        cmocka_unit_test(test_a_look_that_fails),
        cmocka_unit_test(test_a_look_that_takes_too_long),
        cmocka_unit_test(test_a_torn_history_is_mended),
        cmocka_unit_test(test_a_newer_history_is_set_aside),
        cmocka_unit_test(test_a_newer_history_stays_when_it_cannot_be_set_aside),
        cmocka_unit_test(test_observing_writes_no_file),
        cmocka_unit_test(test_a_full_disk_makes_nothing),
        cmocka_unit_test(test_soak),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
