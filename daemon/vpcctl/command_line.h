/* command_line.h - verbs and options of vpcctl: one table each, which getopt_long and --help read.
 */
#pragma once

#include "vpc_reconciled/base.h"

#define COMMAND_LINE_VPCS_MAX 64

struct command_line {
    const char *config_directory; /* NULL: the default of the daemon */
    bool json;
    /* advise */
    const char *prices, *gb;
    bool live;
    const char *word; /* behind the verb: iam "observe", explain CODE; NULL: none was given */
    bool man;         /* explain */
    /* iam */
    const char *owner;
    const char *vpcs[COMMAND_LINE_VPCS_MAX];
    size_t n_vpcs;
};

/* Exit statuses of design.md 9; a plan ends with the daemon's own. */
enum exit_status {
    EXIT_STATUS_IN_SYNC = 0,
    EXIT_STATUS_UNKNOWN = 1,
    EXIT_STATUS_USAGE = 64, /* EX_USAGE of sysexits.h, as the daemon's */
    EXIT_STATUS_CONFIG = 78,
};

#define CONFIG_DIRECTORY_DEFAULT "/etc/vpc-reconciled"

struct verb {
    const char *name, *help;
    int (*run)(const struct command_line *line); /* an exit status */
    bool takes_word;                             /* behind the verb */
};
extern const struct verb verbs[];
extern const size_t n_verbs;

/* 0: *ret_verb is to run. 1: answered on stdout (--help, --version). -EINVAL: message says what is
 * wrong, and what would be right. Texts of argv are borrowed. */
int command_line_parse(int argc, char **argv, struct command_line *ret_line,
                       const struct verb **ret_verb, struct buf *message);
