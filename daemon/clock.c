#include "clock.h"

#include <time.h>

static int64_t milliseconds(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

struct instant clock_now(void)
{
    return (struct instant){.monotonic_ms = (uint64_t)milliseconds(CLOCK_MONOTONIC),
                            .wall_ms = milliseconds(CLOCK_REALTIME)};
}
