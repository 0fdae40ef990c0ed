/* notify.h - what systemd is told (sd_notify(3)). All of it does nothing outside a Type=notify
 * unit. */
#pragma once

#include "vpc_reconciled/base.h"

void notify_ready(void);     /* after the start, and after each reload */
void notify_reloading(void); /* with MONOTONIC_USEC, which Type=notify-reload wants (systemd 253) */
void notify_stopping(void);
void notify_status(const char *text);
void notify_watchdog(void);
/* How often notify_watchdog() is due; 0: nobody watches. */
uint64_t notify_watchdog_ms(void);
