/* vpcctl - the command line of vpc-reconciled. On stdout is the answer and nothing else. */
#include "verbs.h"

#include <locale.h>
#include <stdio.h>

const struct verb verbs[] = {
    {.name = "check",
     .help = "read the config as the daemon does and name every error; talks to nobody",
     .run = verb_check},
    {.name = "advise",
     .help = "weigh the ways to connect each group: cost, exposure, resilience, what a switch "
             "breaks",
     .run = verb_advise},
    {.name = "explain",
     .help = "what a drift means, breaks and wants: explain CODE; without a code, all of them",
     .run = verb_explain,
     .takes_word = true},
    {.name = "iam",
     .help = "print the IAM policy that the daemon's role needs: iam observe, iam repair",
     .run = verb_iam,
     .takes_word = true},
    {.name = "plan",
     .help = "show what differs and what would be done; changes nothing",
     .run = verb_plan},
};
const size_t n_verbs = ARRAY_SIZE(verbs);

int main(int argc, char **argv)
{
    CLEANUP(buf_free)
    struct buf message = {0};
    const struct verb *verb = NULL;
    struct command_line line;
    int r, status;

    setlocale(LC_CTYPE, ""); /* widths of characters in tables */
    r = command_line_parse(argc, argv, &line, &verb, &message);
    if (r > 0)
        return 0;
    if (r < 0) {
        fprintf(stderr, "vpcctl: %s\n", message.n ? buf_string(&message) : strerror(-r));
        return EXIT_STATUS_USAGE;
    }
    status = verb->run(&line);
    /* A full disk or a closed pipe must not look like an answer. */
    if (fflush(stdout) != 0 || ferror(stdout)) {
        fprintf(stderr, "vpcctl: the answer could not be written: %s\n", strerror(errno));
        return EXIT_STATUS_UNKNOWN;
    }
    return status;
}
