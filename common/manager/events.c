#include "scope.h"

struct event *events_new(struct shared *shared, enum event_kind kind, enum event_priority priority,
                         const char *message)
{
    struct event *event = ARENA_NEW(shared->outlet.arena, struct event);

    event->kind = kind;
    event->priority = priority;
    event->wall_ms = shared->now.wall_ms;
    event->message = message;
    outlet_add(&shared->outlet, EFFECT_REPORT)->event = event;
    return event;
}
