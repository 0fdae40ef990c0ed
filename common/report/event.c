/* The tables: what a field and a kind of event are called, in every sink. */
#include "report_private.h"

#define FIELD(name, member)                                                                        \
    {                                                                                              \
        name, #member, offsetof(struct event, member)                                              \
    }
const struct event_field event_fields[] = {
    FIELD("VPC_TARGET", target),     FIELD("VPC_ID", vpc_id),
    FIELD("VPC_REGION", region),     FIELD("VPC_FINDING", finding),
    FIELD("VPC_DRIFT", drift),       FIELD("VPC_STATE", state),
    FIELD("VPC_IMPACT", impact),     FIELD("VPC_RESOURCE", resource),
    FIELD("VPC_SUBNETS", subnets),   FIELD("VPC_CAUSE", cause),
    FIELD("VPC_DESIRED", desired),   FIELD("VPC_OBSERVED", observed),
    FIELD("VPC_ACTION", action),     FIELD("VPC_RESULT", result),
    FIELD("VPC_REPLACES", replaces), FIELD("VPC_REQUEST_ID", request_id),
    FIELD("VPC_LIFTS", lifts),       FIELD("VPC_FILE", file),
};
const size_t event_n_fields = ARRAY_SIZE(event_fields);

#define FINDING_FIELDS                                                                             \
    {                                                                                              \
        "VPC_TARGET", "VPC_FINDING", "VPC_DRIFT", "VPC_IMPACT"                                     \
    }

/* The ids were made by `systemd-id128 new` and never change: people filter by them, and
 * systemd/vpc-reconciled.catalog explains each. */
static const struct kind_row {
    const char *name, *message_id;
    const char *always[5]; /* journal fields that every event of the kind has */
} kind_table[] = {
    [EVENT_STARTED] = {"started", "062fa40c6281495696804ebe5e55d2ac", {0}},
    [EVENT_STOPPING] = {"stopping", "3061d69482fe4eeb83c1525ff14a47b1", {0}},
    [EVENT_CONFIG_LOADED] = {"config-loaded", "d8e18d776c014adc91360152d3a0a150", {0}},
    [EVENT_CONFIG_INVALID] = {"config-invalid", "4919521022c542f5bbc5083bfcccc798", {0}},
    [EVENT_CONFIG_NOT_CHECKED] = {"config-not-checked", "460febb9ba6c46b09861d815fb09ae13", {0}},
    [EVENT_PAUSED] = {"paused", "db3a4cfb5a454da5a1294f4ba0c8653b", {0}},
    [EVENT_OBSERVATION_INCOMPLETE] = {"observation-incomplete",
                                      "722f3b6cd9e14c37a8e92f6ffb9fc8bf",
                                      {0}},
    [EVENT_FINDING_SUSPECTED] = {"finding-suspected", "4af52534bd1348eb80eb15fa5b8b1b6c",
                                 FINDING_FIELDS},
    [EVENT_FINDING_OPENED] = {"finding-opened", "2cc1242c827746d595dff07a02c7c8d9", FINDING_FIELDS},
    [EVENT_FINDING_HELD] = {"finding-held",
                            "41254da9048a40b0804bc81f02833a14",
                            {"VPC_TARGET", "VPC_FINDING", "VPC_DRIFT", "VPC_IMPACT", "VPC_LIFTS"}},
    [EVENT_FINDING_REPAIRING] = {"finding-repairing", "b3b21e3604ec4719a2b185f9734db5f0",
                                 FINDING_FIELDS},
    [EVENT_FINDING_REPAIRED] = {"finding-repaired", "84a0af6e6f314d55add602b7bba3abb2",
                                FINDING_FIELDS},
    [EVENT_FINDING_FAILED] = {"finding-failed", "556ea83b322945f18a8da4f4d867cb41", FINDING_FIELDS},
    [EVENT_FINDING_CONTESTED] = {"finding-contested", "6424043db09a482fb3bba0bdae221ee8",
                                 FINDING_FIELDS},
    [EVENT_FINDING_RESOLVED] = {"finding-resolved", "54e6aab2e0474114b24b8157c8d5b51d",
                                FINDING_FIELDS},
    [EVENT_CALL] = {"call",
                    "8b14814249bb482cbd8f217f0794117a",
                    {"VPC_TARGET", "VPC_ACTION", "VPC_RESULT"}},
    [EVENT_PASS] = {"pass", "57a1bb16f6ce44cf9e462fa4c9e730e9", {0}},
    [EVENT_INVENTORY] = {"inventory",
                         "d04f04d7a6c144dc84f4ad70c72971c4",
                         {"VPC_TARGET", "VPC_ID", "VPC_REGION"}},
    [EVENT_CLOCK] = {"clock", "1d3bfebf4dd54b05985a995fa588fcce", {0}},
};
static_assert(ARRAY_SIZE(kind_table) == EVENT_KIND_COUNT, "a row for each kind of event");

static const struct kind_row *row_of(enum event_kind kind)
{
    assert((size_t)kind < ARRAY_SIZE(kind_table));
    return &kind_table[kind];
}

const char *event_kind_name(enum event_kind kind)
{
    return row_of(kind)->name;
}

int event_kind_find(const char *name, enum event_kind *ret_kind)
{
    for (size_t i = 0; i < ARRAY_SIZE(kind_table); i++)
        if (text_equal(kind_table[i].name, name)) {
            *ret_kind = (enum event_kind)i;
            return 0;
        }
    return -ENOENT;
}

const char *event_short_name(enum event_kind kind)
{
    const char *name = row_of(kind)->name;

    return text_starts_with(name, "finding-") ? name + strlen("finding-") : name;
}

const char *event_message_id(enum event_kind kind)
{
    return row_of(kind)->message_id;
}

bool event_always_sends(enum event_kind kind, const char *field_name)
{
    const struct kind_row *row = row_of(kind);

    for (size_t i = 0; i < ARRAY_SIZE(row->always); i++)
        if (row->always[i] && text_equal(row->always[i], field_name))
            return true;
    return false;
}

const char *event_priority_name(enum event_priority priority)
{
    static const char *const names[] = {
        [PRIORITY_ERR] = "ERROR", [PRIORITY_WARNING] = "WARNING", [PRIORITY_NOTICE] = "NOTICE",
        [PRIORITY_INFO] = "INFO", [PRIORITY_DEBUG] = "DEBUG",
    };

    assert((size_t)priority < ARRAY_SIZE(names) && names[priority]);
    return names[priority];
}

const char *event_value(const struct event *event, const struct event_field *field)
{
    const char *value;

    /* memcpy: the offset is right by construction, but a cast would say nothing about alignment. */
    memcpy(&value, (const char *)event + field->offset, sizeof(value));
    return value;
}
