#include "past.h"

#include "call.h"

static uint64_t reach_ms(const struct simulator *simulator)
{
    return PAST_MS / simulator->speed ? PAST_MS / simulator->speed : 1;
}

static uint64_t step_ms(const struct simulator *simulator)
{
    return (reach_ms(simulator) + PAST_STEPS - 1) / PAST_STEPS;
}

static void drop(struct past *past, size_t n)
{
    for (size_t i = 0; i < n; i++)
        state_clear(&past->items[i].state);
    past->n -= n;
    memmove(past->items, past->items + n, past->n * sizeof(past->items[0]));
}

void past_keep(struct simulator *simulator, uint64_t monotonic_ms)
{
    struct past *past = &simulator->past;
    uint64_t step = step_ms(simulator);
    size_t n_old = 0;

    if (past->n && past->items[past->n - 1].until_ms / step >= monotonic_ms / step)
        return;
    while (n_old < past->n && past->items[n_old].until_ms + reach_ms(simulator) <= monotonic_ms)
        n_old++;
    drop(past, n_old);
    assert(past->n < ARRAY_SIZE(past->items)); /* one a step, and no older than the reach */
    past->items[past->n].until_ms = monotonic_ms;
    state_copy(&simulator->state, &past->items[past->n].state);
    past->n++;
}

void past_look(struct call *call)
{
    struct past *past = &call->simulator->past;
    uint64_t reach = reach_ms(call->simulator);
    uint64_t then_ms = call->now.monotonic_ms > reach ? call->now.monotonic_ms - reach : 0;

    for (size_t i = 0; i < past->n; i++)
        if (past->items[i].until_ms > then_ms) {
            call->state = &past->items[i].state;
            break;
        }
    call->now.wall_ms -= (int64_t)(call->now.monotonic_ms - then_ms);
    call->now.monotonic_ms = then_ms; /* what was unseen then is unseen */
}

void past_clear(struct past *past)
{
    drop(past, past->n);
}
