/* options.h - the command line of vpc-simulator. */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <uv.h>

#define OPTIONS_POLICIES_MAX 20 /* IAM quotas: managed policies of a role, when raised */

struct options {
    struct sockaddr_storage listen;
    const char *world, *dump, *log, *faults, *region, *account;
    uint64_t speed, seed, visibility_ms;
    bool throttle;
    const char *policies[OPTIONS_POLICIES_MAX];
    size_t n_policies;
};

enum options_result {
    OPTIONS_RUN,
    OPTIONS_DONE, /* --help or --version was answered */
    OPTIONS_BAD,  /* said on stderr */
};
/* Texts are argv's own. */
enum options_result options_parse(int argc, char **argv, struct options *ret_options);
