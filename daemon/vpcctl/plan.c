/* vpcctl plan: one observation by the daemon itself, shown as a list. The same program that would
 * repair says what it would do, so the plan cannot differ from the deed. */
#include "verbs.h"

#include <stdio.h>
#include <unistd.h>

#include "child.h"
#include "show.h"
#include "terminal.h"

#define DAEMON "vpc-reconciled"
#define SAID_MAX 4096

struct planning {
    struct findings findings;
    bool json;
};

/* What is no finding is for the reader's eyes at once: errors, what is not checked, and whatever
 * the child says that is no event. */
static void on_line(void *data, const char *line, size_t n)
{
    struct planning *planning = data;
    CLEANUP(buf_free)
    struct buf text = {0};
    size_t n_notes = planning->findings.notes.n;

    if (n == 0)
        return;
    if (findings_add_line(&planning->findings, line, n) < 0) {
        report_escape(&text, line, SAID_MAX);
        fprintf(stderr, "%s\n", buf_string(&text));
    } else if (planning->findings.notes.n > n_notes) {
        event_render_text(&text, &planning->findings.notes.items[n_notes],
                          terminal_colours(STDERR_FILENO));
        fputs(buf_string(&text), stderr);
    }
}

int verb_plan(const struct command_line *line)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct planning planning = {.findings.arena = arena};
    const char *argv[] = {child_find(arena, DAEMON),
                          "--observe",
                          "--once",
                          "--json",
                          line->config_directory ? "--config" : NULL,
                          line->config_directory,
                          NULL};
    int signal = 0, status = child_run(argv, on_line, &planning, &signal);

    if (status == -ECHILD)
        fprintf(stderr, "vpcctl: %s was ended by a signal: %s\n", argv[0], strsignal(signal));
    else if (status < 0)
        fprintf(stderr, "vpcctl: %s could not be run: %s\n", argv[0], strerror(-status));
    if (status < 0)
        status = EXIT_STATUS_UNKNOWN;
    if (line->json)
        show_json(&planning.findings, status, isatty(STDOUT_FILENO));
    else
        show_table(&planning.findings, status, terminal_colours(STDOUT_FILENO));
    if (status != 0 && status != 2)
        fprintf(stderr, "vpcctl: this is no complete plan: %s ended with status %d\n", argv[0],
                status);
    return status;
}
