/* records.h - a record as one line of text and back; private to common/history/. */
#pragma once

#include "vpc_reconciled/history.h"

#define RECORD_WALL_MAX_MS INT64_C(253402300799999) /* the end of the year 9999 */

/* Appends the record's line to buf. */
void record_encode(const struct history_record *record, const char *body, struct buf *buf);
/* contests.c: the record happens to the finding of the contest; a new one is all zeroes. */
void contest_note(struct history_contest *contest, const struct history_record *record);
/* Appends the lines that make it again. */
void contest_encode(const struct history_contest *contest, struct buf *buf);
/* A whole record that a newer version wrote? line: NUL-terminated, without its newline. */
bool record_is_newer(const char *line);
/* ret_body gets the decoded body; record->body stays NULL. -EBADMSG: torn, flipped, or no record of
 * ours; -EPROTONOSUPPORT: record_is_newer(). */
int record_decode(const char *line, struct history_record *ret_record, struct buf *ret_body);
