/* "repair": what the operator lets the daemon do about each kind of drift. */
#include "config_private.h"

void config_default_policies(struct config_target *target)
{
    for (size_t i = 0; i < DRIFT_CODE_COUNT; i++)
        target->policies[i] = (uint8_t)drift_table[i].policy;
}

static const struct drift_known *find_known(const char *code)
{
    for (size_t i = 0; i < drift_n_known_codes; i++)
        if (text_equal(drift_known_codes[i].code, code))
            return &drift_known_codes[i];
    return NULL;
}

static void fail_unknown_code(struct loader *loader, const struct json *json)
{
    const char **codes = ARENA_ARRAY(loader->scratch, const char *, drift_n_known_codes);

    for (size_t i = 0; i < drift_n_known_codes; i++)
        codes[i] = drift_known_codes[i].code;
    config_fail_key(loader, json,
                    "%s is not a code of the drift catalogue%s: write one of those in "
                    "the man page, or \"*\"",
                    config_shown(loader, json->key),
                    config_nearest(loader, json->key, codes, drift_n_known_codes));
}

/* The value, or -1 with an error. */
static int read_policy(struct loader *loader, const struct json *json)
{
    static const char *const names[] = {
        [DRIFT_REPORT] = "report",
        [DRIFT_APPROVE] = "approve",
        [DRIFT_AUTO] = "auto",
    };

    if (!config_is(loader, json, JSON_STRING, "\"auto\", \"approve\" or \"report\""))
        return -1;
    return config_choice(loader, json, "a policy", names, ARRAY_SIZE(names));
}

static void set_policy(struct config_target *target, size_t drift, int policy)
{
    target->policies[drift] = (uint8_t)policy;
    target->policy_said[drift] = true;
}

/* Every row but the report rows. */
static void apply_all(struct loader *loader, const struct json *json, struct config_target *target)
{
    int policy = read_policy(loader, json);

    for (size_t i = 0; policy >= 0 && i < DRIFT_CODE_COUNT; i++)
        if (drift_table[i].policy != DRIFT_REPORT)
            set_policy(target, i, policy);
}

static void apply_code(struct loader *loader, const struct json *json, struct config_target *target)
{
    const struct drift_known *known = find_known(json->key);
    enum drift drift;
    int policy;

    if (!known) {
        fail_unknown_code(loader, json);
        return;
    }
    policy = read_policy(loader, json);
    if (policy < 0)
        return;
    if (known->report_only && policy != DRIFT_REPORT)
        config_fail(loader, json,
                    "%s is only ever reported, so that \"%s\" cannot be: write "
                    "\"report\" or leave it out",
                    json->key, json->string);
    else if (drift_find(json->key, &drift) < 0 ||
             (drift == DRIFT_ELASTIC_IP_IDLE &&
              policy != DRIFT_REPORT)) /* its repair comes later */
        config_not_checked(loader, json, NULL);
    else
        set_policy(target, drift, policy);
}

READER(config_read_repair)
{
    struct config_target *target = at;

    (void)row;
    for (int by_name = 0; by_name < 2;
         by_name++) /* a name counts more than "*", wherever it stands */
        for (size_t i = 0; i < json->n_items && !config_full(loader); i++) {
            const size_t was = config_enter(loader, &json->items[i]);

            if (by_name && !text_equal(json->items[i].key, "*"))
                apply_code(loader, &json->items[i], target);
            else if (!by_name && text_equal(json->items[i].key, "*"))
                apply_all(loader, &json->items[i], target);
            config_leave(loader, was);
        }
}
