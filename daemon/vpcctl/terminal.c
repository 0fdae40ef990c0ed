#include "terminal.h"

#include <stdlib.h>
#include <unistd.h>

#include "vpc_reconciled/base.h"

static bool is_false(const char *value)
{
    static const char *const words[] = {"0", "no", "off", "false", "n", "f"};

    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        if (strcmp(value, words[i]) == 0)
            return true;
    return false;
}

bool terminal_colours(int fd)
{
    static const char *const ours[] = {"VPCCTL_COLORS", "SYSTEMD_COLORS"};
    const char *value;

    for (size_t i = 0; i < ARRAY_SIZE(ours); i++) {
        value = getenv(ours[i]);
        if (!text_empty(value))
            return !is_false(value);
    }
    if (!text_empty(getenv("NO_COLOR"))) /* no-color.org: any value */
        return false;
    value = getenv("CLICOLOR_FORCE");
    if (!text_empty(value) && strcmp(value, "0") != 0)
        return true;
    return isatty(fd) && !text_equal(getenv("TERM"), "dumb");
}
