/* record.h - records as a table for people: a sign, what it is about, and labelled lines on the
 * right that wrap at the terminal's width. */
#pragma once

#include "vpc_reconciled/base.h"

#define RECORD_VALUE_MAX 1024

struct libscols_table;

/* left_width: of the longest text on the left. */
struct record_table {
    struct libscols_table *table;
    size_t width; /* of the right side; 0: lines are as long as they are (no terminal) */
};
void record_table_new(struct record_table *records, const char *left, const char *right,
                      size_t left_width, bool colour);
/* "label     value", wrapped; nothing when the value is empty. */
void record_line(struct buf *buf, const char *label, const char *value, size_t width);
/* colour: libsmartcols's name, or NULL. */
void record_add(struct record_table *records, const char *sign, const char *colour,
                const char *left, const char *right);
/* On stdout; frees it. */
void record_table_print(struct record_table *records);
