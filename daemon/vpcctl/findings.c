#include "findings.h"

#include "vpc_reconciled/json.h"

/* By the first word of a call. A route is a part of its table, so making one changes what is there.
 */
static const struct {
    const char *call;
    enum change change;
} call_table[] = {
    {"CreateRoute ", CHANGE_IN_PLACE}, {"Create", CHANGE_CREATE},   {"Allocate", CHANGE_CREATE},
    {"Delete", CHANGE_DESTROY},        {"Release", CHANGE_DESTROY}, {"Detach", CHANGE_DESTROY},
    {"Disassociate", CHANGE_DESTROY},  {"Revoke", CHANGE_DESTROY},  {"", CHANGE_IN_PLACE},
};

static enum change call_change(const char *call)
{
    size_t i = 0;

    while (!text_starts_with(call, call_table[i].call))
        i++;
    return call_table[i].change;
}

/* VPC_ACTION holds all calls of a repair, "; " between them. The gravest one counts. */
enum change finding_change(const struct event *finding)
{
    enum change change = CHANGE_NOTHING;
    const char *call = text_empty(finding->action) ? NULL : finding->action;

    while (call) {
        enum change one = call_change(call);

        change = one > change ? one : change;
        call = strstr(call, "; ");
        if (call)
            call += strlen("; ");
    }
    return change;
}

bool finding_needs_approval(const struct event *finding)
{
    return finding->kind == EVENT_FINDING_HELD && finding->lifts &&
           strstr(finding->lifts, "--approve") != NULL;
}

bool finding_is_held(const struct event *finding)
{
    return finding->kind == EVENT_FINDING_HELD &&
           (!finding->lifts || !strstr(finding->lifts, "--observe"));
}

static struct event *find(struct findings *findings, const char *id, const char *target)
{
    VEC_EACH (event, &findings->list)
        if (text_equal(event->finding, id) && text_equal(event->target, target))
            return event;
    return NULL;
}

static void drop(struct findings *findings, struct event *event)
{
    size_t i = (size_t)(event - findings->list.items);

    memmove(event, event + 1, (findings->list.n - i - 1) * sizeof(*event));
    findings->list.n--;
}

static void put(struct findings *findings, const struct event *event)
{
    struct event *known = find(findings, event->finding, event->target);
    bool over = event->kind == EVENT_FINDING_RESOLVED || event->kind == EVENT_FINDING_REPAIRED;

    if (known && over) {
        drop(findings, known);
    } else if (known) {
        *known = *event;
    } else if (!over) {
        struct event *at = VEC_ADD(findings->arena, &findings->list);

        for (; at > findings->list.items && text_compare(at[-1].target, event->target) > 0; at--)
            *at = at[-1];
        *at = *event;
    }
}

int findings_add_line(struct findings *findings, const char *line, size_t n)
{
    const struct json *json;
    struct json_error error;
    struct event event;
    int r = json_parse(findings->arena, line, n, &json, &error);

    if (r < 0)
        return -EINVAL;
    r = event_from_json(json, &event);
    if (r < 0)
        return r;
    if (event.finding && event.drift)
        put(findings, &event);
    else if (event.priority <= PRIORITY_WARNING || event.kind == EVENT_CONFIG_NOT_CHECKED)
        *VEC_ADD(findings->arena, &findings->notes) = event;
    return 0;
}

struct findings_sum findings_count(const struct findings *findings)
{
    struct findings_sum sum = {0};

    VEC_EACH (event, &findings->list) {
        sum.changes[finding_change(event)]++;
        sum.approvals += finding_needs_approval(event);
    }
    return sum;
}

void findings_render_sum(struct buf *buf, const struct findings_sum *sum)
{
    buf_printf(buf, "Plan: %u to create, %u to change, %u to destroy", sum->changes[CHANGE_CREATE],
               sum->changes[CHANGE_IN_PLACE], sum->changes[CHANGE_DESTROY]);
    if (sum->approvals)
        buf_printf(buf, "; %u need%s approval", sum->approvals, sum->approvals == 1 ? "s" : "");
    if (sum->changes[CHANGE_NOTHING])
        buf_printf(buf, "; %u wait%s for a person", sum->changes[CHANGE_NOTHING],
                   sum->changes[CHANGE_NOTHING] == 1 ? "s" : "");
}
