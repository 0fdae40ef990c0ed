/* clock.h - both clocks of an input, read in the one place that may. */
#pragma once

#include "vpc_reconciled/base.h"

/* CLOCK_MONOTONIC and CLOCK_REALTIME, now. What EFFECT_WAKE_AT names is the first. */
struct instant clock_now(void);
