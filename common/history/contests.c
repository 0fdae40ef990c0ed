/* Our repairs of a finding and who else's will they meet (safety.md L2): what is remembered. */
#include "records.h"

void contest_note(struct history_contest *contest, const struct history_record *record)
{
    contest->record = *record;
    if (record->kind != HISTORY_REVERTED)
        return;
    if (contest->n_reverts == HISTORY_REVERTS_MAX) {
        memmove(contest->reverts, contest->reverts + 1,
                (HISTORY_REVERTS_MAX - 1) * sizeof(*contest->reverts));
        contest->n_reverts--;
    }
    contest->reverts[contest->n_reverts++] =
        (struct history_revert){.wall_ms = record->wall_ms, .attempt = record->attempt};
}

void contest_encode(const struct history_contest *contest, struct buf *buf)
{
    struct history_record record = contest->record;

    record.kind = HISTORY_REVERTED;
    for (size_t i = 0; i < contest->n_reverts; i++) {
        record.wall_ms = contest->reverts[i].wall_ms;
        record.attempt = contest->reverts[i].attempt;
        record_encode(&record, NULL, buf);
    }
    if (contest->record.kind != HISTORY_REVERTED)
        record_encode(&contest->record, NULL, buf);
}
