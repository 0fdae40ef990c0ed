/* No tug-of-war (safety.md L2): a repair that somebody undoes is not carried out for ever. */
#include "action.h"

#include "vpc_reconciled/fault.h"

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)

/* Three reverts within an hour begin a hold; after its release the first one begins the next. */
#define REVERTS_HELD 3
static const int64_t hold_hours[] = {1, 2, 4, 8}; /* and so on with the last */

/* A clock that ran ahead dates it into the future: passed over, which costs a few repairs more. */
static bool is_within(int64_t wall_ms, int64_t now_wall_ms, int64_t span_ms)
{
    return wall_ms > now_wall_ms - span_ms && wall_ms <= now_wall_ms + HOUR_MS;
}

static unsigned count_within(const struct history_contest *contest, int64_t now_wall_ms,
                             int64_t span_ms)
{
    unsigned n = 0;

    for (size_t i = 0; i < contest->n_reverts; i++)
        n += is_within(contest->reverts[i].wall_ms, now_wall_ms, span_ms);
    return n;
}

/* The newest revert, unless a day was quiet since; NULL: none. */
static const struct history_revert *newest_revert(const struct history_contest *contest,
                                                  int64_t now_wall_ms)
{
    const struct history_revert *newest =
        contest->n_reverts ? &contest->reverts[contest->n_reverts - 1] : NULL;

    return newest && is_within(newest->wall_ms, now_wall_ms, DAY_MS) ? newest : NULL;
}

unsigned guard_contest_level(const struct history *history, const char *target, const char *finding,
                             int64_t now_wall_ms)
{
    const struct history_contest *contest = history_contest_of(history, target, finding);
    const struct history_revert *newest = contest ? newest_revert(contest, now_wall_ms) : NULL;

    if (newest && newest->attempt) /* a level is a small number, whatever a record says */
        return newest->attempt < HISTORY_REVERTS_MAX ? newest->attempt + 1 : HISTORY_REVERTS_MAX;
    return contest && count_within(contest, now_wall_ms, HOUR_MS) + 1 >= REVERTS_HELD ? 1 : 0;
}

/* Until when the finding is held, wall clock; 0: it is not. */
static int64_t held_until(const struct history_contest *contest, int64_t now_wall_ms)
{
    const struct history_revert *newest = newest_revert(contest, now_wall_ms);
    int64_t until_ms = 0;

    if (newest && newest->attempt) {
        size_t level = newest->attempt - 1;

        if (level >= ARRAY_SIZE(hold_hours))
            level = ARRAY_SIZE(hold_hours) - 1;
        until_ms = newest->wall_ms + hold_hours[level] * HOUR_MS;
    }
    /* Who takes longer than three within an hour is held by the day: at most so many repairs in
     * it. */
    if (count_within(contest, now_wall_ms, DAY_MS) == HISTORY_REVERTS_MAX &&
        contest->reverts[0].wall_ms + DAY_MS > until_ms)
        until_ms = contest->reverts[0].wall_ms + DAY_MS;
    return until_ms > now_wall_ms ? until_ms : 0;
}

bool contested(struct arena *arena, const struct plan_drift *drift,
               const struct guard_policy *policy, const char **ret_reason, const char **ret_lifts)
{
    const struct history_contest *contest =
        history_contest_of(policy->history, policy->target->name, drift->finding);
    int64_t until_ms = contest ? held_until(contest, policy->now.wall_ms) : 0;
    char first[25], until[25];

    if (until_ms == 0 || FAULT(CONTESTS_UNHELD))
        return false;
    time_iso8601(contest->reverts[0].wall_ms, first);
    time_iso8601(until_ms, until);
    *ret_reason = arena_printf(
        arena,
        "it is contested: its repair did not last, %zu times since %s. A run of Terraform or the "
        "like, another controller, or a second vpc-reconciled with another config may have undone "
        "it. Find the other one in CloudTrail: who else changed %s since then",
        contest->n_reverts, first, drift->resource ? drift->resource : "it");
    *ret_lifts = arena_printf(arena, "time: it is repaired again at %s", until);
    return true;
}
