/* options.h - the command line: one table that getopt_long and --help read. */
#pragma once

#include "vpc_reconciled/base.h"

#define OPTIONS_USAGE_EXIT 64 /* EX_USAGE of sysexits.h: the command line itself is wrong */

struct option_row {
    const char *name;     /* without the dashes */
    char letter;          /* 0: none */
    const char *argument; /* NULL: takes none */
    const char *help;     /* lines after the first are aligned by --help */
};
extern const struct option_row option_rows[];
extern const size_t option_n_rows;

struct options {
    const char *config_directory;
    bool once, observe, json, inventory;
    struct texts approved; /* in the arena */
};

/* 0: go on. 1: answered on stdout (--help, --version). -EINVAL: wrong; message says what is, and
 * what would be right. Texts of argv are borrowed. */
int options_parse(struct arena *arena, int argc, char **argv, struct options *ret_options,
                  struct buf *message);
void options_help(struct buf *buf);
