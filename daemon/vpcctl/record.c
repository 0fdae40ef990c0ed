#include "record.h"

#include <libsmartcols.h>
#include <stdlib.h>
#include <unistd.h>

#include "vpc_reconciled/report.h"

#define LABEL_WIDTH 10
#define NARROW 24 /* columns that the right side has at least */

/* Breaks at blanks so that no line is longer than width; 0: never. */
static void wrap(struct buf *buf, const char *text, size_t width)
{
    size_t column = 0;

    while (*text) {
        size_t word = strcspn(text, " "), blank = strspn(text + word, " ");

        if (width && column && column + 1 + word > width) {
            buf_printf(buf, "\n%*s", LABEL_WIDTH, "");
            column = 0;
        }
        if (column) {
            buf_char(buf, ' ');
            column++;
        }
        buf_add(buf, text, word);
        column += word;
        text += word + blank;
    }
}

void record_line(struct buf *buf, const char *label, const char *value, size_t width)
{
    CLEANUP(buf_free)
    struct buf text = {0};

    if (text_empty(value))
        return;
    report_escape(&text, value, RECORD_VALUE_MAX);
    if (buf->n)
        buf_char(buf, '\n');
    buf_printf(buf, "%-*s", LABEL_WIDTH, label);
    wrap(buf, buf_string(&text), width);
}

static void add_column(struct libscols_table *table, const char *name)
{
    struct libscols_column *column = scols_table_new_column(table, name, 0, SCOLS_FL_WRAP);

    if (!column ||
        scols_column_set_wrapfunc(column, scols_wrapnl_chunksize, scols_wrapnl_nextchunk, NULL) < 0)
        abort();
}

void record_table_new(struct record_table *records, const char *left, const char *right,
                      size_t left_width, bool colour)
{
    size_t taken = 2 + left_width + 1 + LABEL_WIDTH;

    *records = (struct record_table){.table = scols_new_table()};
    if (!records->table)
        abort(); /* out of memory */
    scols_table_enable_colors(records->table, colour);
    /* report_escape() did it, and it is the same everywhere */
    scols_table_enable_noencoding(records->table, 1);
    if (isatty(STDOUT_FILENO)) {
        size_t all = scols_table_get_termwidth(records->table);

        records->width = all > taken + NARROW ? all - taken : NARROW;
    }
    if (!scols_table_new_column(records->table, "", 0, 0))
        abort();
    add_column(records->table, left);
    add_column(records->table, right);
}

void record_add(struct record_table *records, const char *sign, const char *colour,
                const char *left, const char *right)
{
    const char *const cells[] = {sign, left, right};
    struct libscols_line *row = scols_table_new_line(records->table, NULL);

    for (size_t i = 0; i < ARRAY_SIZE(cells); i++)
        if (!row || scols_line_set_data(row, i, cells[i]) < 0)
            abort();
    for (size_t i = 0; colour && i < 2; i++)
        scols_cell_set_color(scols_line_get_cell(row, i), colour);
}

void record_table_print(struct record_table *records)
{
    scols_print_table(records->table);
    scols_unref_table(records->table);
    records->table = NULL;
}
