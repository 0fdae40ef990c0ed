/* terminal.h - what a terminal is asked for. */
#pragma once

#include <stdbool.h>

/* Whether what goes to fd may carry colour: the first of VPCCTL_COLORS, SYSTEMD_COLORS, NO_COLOR,
 * CLICOLOR_FORCE that has a say, else whether fd is a terminal that is not dumb. */
bool terminal_colours(int fd);
