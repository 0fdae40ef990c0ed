/* config_private.h - how a config file is read: one table of keys for each object, one loader for
 * all.
 *
 * A row says which type a key's value has, who reads it, and what would be right; the walk over a
 * table finds unknown, mistyped and missing keys and names those that this version does not check.
 */
#pragma once

#include "vpc_reconciled/config.h"
#include "vpc_reconciled/json.h"

#define CONFIG_FILE_SIZE_MAX ((size_t)1 << 20)
#define CONFIG_LIST_MAX 500
/* EC2 allows 50 tags a resource (aws-facts 1.2); :owner, :role and :intent are ours. */
#define CONFIG_TAGS_MAX 47

struct note { /* an error, or a key that is not checked */
    size_t file;
    struct json_place place;
    const char *message;
};

/* What may be given once only, in all files: names, VPCs, subnets, addresses. */
enum claim_kind {
    CLAIM_NONE,
    CLAIM_TARGET_NAME,
    CLAIM_VPC,
    CLAIM_VPC_TAG,
    CLAIM_SUBNET,
    CLAIM_ADDRESS,
};
struct claim {
    enum claim_kind kind;
    size_t order, file;
    struct json_place place;
    const char *text, *path;
};

struct loader {
    struct arena *arena;   /* of the config */
    struct arena *scratch; /* of the parse: JSON trees and what checks need */
    const struct config_file *files;
    VEC(struct note) errors, not_checked;
    VEC(struct claim) claims;
    VEC(const char *) accounts; /* names of the main file's "accounts" */
    bool more;                  /* errors were left out */
    size_t file, n_file_errors;
    struct buf path; /* "subnet_groups.functions.ipv4" */

    struct config *config;
    struct match_tag *tags; /* the main file's */
    size_t n_tags;
    struct config_target *target; /* the VPC file that is being read, or NULL */
    const char *region;           /* its region once that is known to be one */
};

/* Why a text does not fit, to stand after it: "is not ...: write ..."; NULL when it fits. */
typedef const char *config_problem(struct loader *loader, const char *text);

struct config_table;
struct config_row {
    const char *key;
    unsigned types;    /* TYPE(STRING) | ... */
    const char *right; /* what to write, for a wrong type or a missing key */
    void (*read)(struct loader *loader, const struct config_row *row, const struct json *json,
                 void *at);
    size_t offset;           /* of what read fills in */
    config_problem *problem; /* of text and lists of text */
    uint64_t min, max;       /* of whole numbers, and of times in ms */
    enum claim_kind claim;   /* of lists of text */
    bool required, not_checked;
};
struct config_table {
    const struct config_row *rows;
    size_t n;
    /* Where a key that is unknown here would be known, and what to say then. */
    const struct config_table *elsewhere;
    const char *elsewhere_is;
};
#define TYPE(type) (1U << JSON_##type)
#define TABLE(of)                                                                                  \
    {                                                                                              \
        .rows = (of), .n = ARRAY_SIZE(of)                                                          \
    }

extern const struct config_table config_main_table, config_target_table;

/* ---- loader.c ---- */
bool config_full(struct loader *loader); /* this file has enough errors */
/* An error at the value (its key for config_fail_key), after the path. */
void config_fail(struct loader *loader, const struct json *json, const char *format, ...)
    PRINTF_LIKE(3, 4);
void config_fail_key(struct loader *loader, const struct json *json, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* At a member of the object that the path names. */
void config_fail_member(struct loader *loader, const struct json *member, const char *format, ...)
    PRINTF_LIKE(3, 4);
void config_fail_at(struct loader *loader, struct json_place place, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* A key, or one value of a key that has others. */
void config_not_checked(struct loader *loader, const struct json *json, const char *value);
size_t config_enter(struct loader *loader, const struct json *json); /* a member */
size_t config_enter_index(struct loader *loader, size_t index);
void config_leave(struct loader *loader, size_t was);
/* In quotes, escaped, and cut when it is long: fit for a terminal. */
const char *config_shown(struct loader *loader, const char *text);
/* " (did you mean \"x\"?)", or "". */
const char *config_nearest(struct loader *loader, const char *text, const char *const *words,
                           size_t n);
void config_read_object(struct loader *loader, const struct config_table *table,
                        const struct json *json, void *object);
bool config_is(struct loader *loader, const struct json *json, enum json_type type,
               const char *right);
void config_claim(struct loader *loader, enum claim_kind kind, const struct json *json,
                  const char *text);
void config_check_claims(struct loader *loader);

/* ---- read.c: readers for rows ---- */
#define READER(name)                                                                               \
    void name(struct loader *loader, const struct config_row *row, const struct json *json,        \
              void *at)
READER(config_read_text);     /* const char * */
READER(config_read_texts);    /* struct texts */
READER(config_read_flag);     /* uint8_t: 1 false, 2 true */
READER(config_read_unsigned); /* unsigned */
READER(config_read_port);     /* uint16_t */
READER(config_read_time);     /* uint64_t, ms */
READER(config_read_tags);     /* struct config_tags */
READER(config_read_nothing);  /* its shape is all that is checked */
struct config_tags {
    struct match_tag *items;
    size_t n;
};
/* Whether a string fits; the error is added. */
bool config_check_text(struct loader *loader, const struct json *json, config_problem *problem);
/* A whole number of min to max, else an error. */
bool config_whole(struct loader *loader, const struct json *json, uint64_t min, uint64_t max,
                  uint64_t *ret_number);
/* Index of the word, or -1 with an error: "is not MEMBER". */
int config_choice(struct loader *loader, const struct json *json, const char *what,
                  const char *const *words, size_t n);
/* "60s"; -EINVAL. */
int config_parse_time(const char *text, uint64_t *ret_ms);

/* ---- values.c: what a text must be ---- */
config_problem config_problem_name, config_problem_owner, config_problem_region,
    config_problem_zone, config_problem_cidr, config_problem_destination, config_problem_service,
    config_problem_reach, config_problem_account_id, config_problem_role, config_problem_tag_key,
    config_problem_match_key, config_problem_tag_value, config_problem_capacity_provider,
    config_problem_window;
config_problem config_problem_vpc_id, config_problem_subnet_id, config_problem_security_group_id,
    config_problem_allocation_id, config_problem_ipam_pool_id;
bool config_is_id(const char *text, const char *prefix); /* the prefix, then 8 or 17 hex digits */

/* ---- one object each ---- */
READER(config_read_options);      /* option.c: struct subnet_group, by the row's key */
READER(config_read_groups);       /* group.c: struct config_target */
READER(config_read_match);        /* match.c: struct subnet_group */
READER(config_read_create);       /* match.c: struct subnet_group */
READER(config_read_outbound);     /* outbound.c: struct subnet_group */
READER(config_read_nat_gateways); /* nat_gateways.c: struct config_target */
READER(config_read_endpoints);    /* endpoints.c: struct config_target */
READER(config_read_must_reach);   /* must_reach.c: struct config_target */
READER(config_read_repair);       /* policy.c: struct config_target */
void config_default_policies(struct config_target *target);
struct subnet_group *config_find_group(const struct config_target *target, const char *name);
/* check.c: what no key can say alone. The groups are sorted. */
void config_check_target(struct loader *loader, const struct json *root);
/* The first option that can be built (OPTION_TARGET_ID when only ids are given). */
enum option config_built_option(const struct declared_options *options);
