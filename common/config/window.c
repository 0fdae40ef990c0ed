/* Change windows: "Mon..Fri 09:00-18:00 Asia/Tokyo". */
#include "config_private.h"

static int day_of(const char *text, size_t n)
{
    static const char *const days[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};

    for (size_t i = 0; i < ARRAY_SIZE(days); i++)
        if (n == 3 && memcmp(text, days[i], 3) == 0)
            return (int)i;
    return -1;
}

/* "Mon..Fri,Sun" or "*", as systemd.time(7) writes days. */
static bool days_fit(const char *text, size_t n)
{
    const char *end = text + n;

    if (n == 1 && *text == '*')
        return true;
    for (;;) {
        const char *comma = memchr(text, ',', (size_t)(end - text));
        const size_t part = (size_t)((comma ? comma : end) - text);

        if (part == 8
                ? memcmp(text + 3, "..", 2) != 0 || day_of(text, 3) < 0 || day_of(text + 5, 3) < 0
                : day_of(text, part) < 0)
            return false;
        if (!comma)
            return true;
        text = comma + 1;
    }
}

/* Minutes of "09:00", up to "24:00"; -1. */
static int minutes_of(const char *text)
{
    int hour, minute;

    for (int i = 0; i < 5; i++)
        if (i == 2 ? text[i] != ':' : text[i] < '0' || text[i] > '9')
            return -1;
    hour = (text[0] - '0') * 10 + text[1] - '0';
    minute = (text[3] - '0') * 10 + text[4] - '0';
    return hour < 24 ? (minute < 60 ? hour * 60 + minute : -1)
                     : (hour == 24 && minute == 0 ? 24 * 60 : -1);
}

static bool zone_fits(const char *text)
{
    const size_t n = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  "_+-/");

    return n > 0 && n <= 64 && !text[n] && text[0] != '/' && text[n - 1] != '/' &&
           !strstr(text, "//");
}

const char *config_problem_window(struct loader *loader, const char *text)
{
    const char *hours = strchr(text, ' '), *zone = hours ? strchr(hours + 1, ' ') : NULL;
    int from, to;

    (void)loader;
    if (!zone || zone - hours != 12 || hours[6] != '-')
        return "is not a change window: write one as \"Mon..Fri 09:00-18:00 Asia/Tokyo\"";
    if (!days_fit(text, (size_t)(hours - text)))
        return "has no days that are known: write Mon..Fri, Sat,Sun or *";
    from = minutes_of(hours + 1);
    to = minutes_of(hours + 7);
    if (from < 0 || to < 0 || from == to || from == 24 * 60)
        return "has no hours that are known: write 09:00-18:00, or 22:00-04:00 across midnight";
    return zone_fits(zone + 1) ? NULL : "names no time zone: write one as Asia/Tokyo or UTC";
}
