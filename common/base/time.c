#include "vpc_reconciled/base.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WALL_MAX_MS INT64_C(253402300799999) /* 9999-12-31T23:59:59.999Z */

/* What lies outside 1970 to 9999 is a broken clock; its text still has the right form. */
static int64_t clamped(int64_t wall_ms)
{
    return wall_ms < 0 ? 0 : wall_ms > WALL_MAX_MS ? WALL_MAX_MS : wall_ms;
}

static struct tm civil(int64_t wall_ms)
{
    time_t seconds = wall_ms / 1000;
    struct tm tm = {0};

    if (!gmtime_r(&seconds, &tm))
        abort();
    return tm;
}

void time_iso8601(int64_t wall_ms, char ret_text[static 25])
{
    struct tm tm = civil(clamped(wall_ms));
    char text[96]; /* more than 24 only by the types of struct tm */

    snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d.%03dZ", tm.tm_year + 1900,
             tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
             (int)(clamped(wall_ms) % 1000));
    memcpy(ret_text, text, 24);
    ret_text[24] = 0;
}

void time_compact(int64_t wall_ms, char ret_text[static 17])
{
    struct tm tm = civil(clamped(wall_ms));
    char text[96];

    snprintf(text, sizeof(text), "%04d%02d%02dT%02d%02d%02dZ", tm.tm_year + 1900, tm.tm_mon + 1,
             tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec);
    memcpy(ret_text, text, 16);
    ret_text[16] = 0;
}

enum { YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, N_NUMBERS };

/* Each letter of the form stands for one digit of its number, anything else for itself. sscanf()
 * would take signs and spaces as well. Returns what follows, or NULL. */
static const char *read_numbers(const char *text, const char *form, int numbers[static N_NUMBERS])
{
    static const char letters[] = "YMDhms";

    memset(numbers, 0, N_NUMBERS * sizeof(*numbers));
    for (; *form; form++, text++) {
        const char *letter = strchr(letters, *form);

        if (!letter) {
            if (*text != *form)
                return NULL;
            continue;
        }
        if (*text < '0' || *text > '9')
            return NULL;
        numbers[letter - letters] = numbers[letter - letters] * 10 + (*text - '0');
    }
    return text;
}

static int days_of(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

    return days[month - 1] + (month == 2 && leap);
}

/* "Z", or an offset "+09:00" as people's programs write it (RFC 3339). */
static int read_offset(const char *text, int64_t *ret_ms)
{
    int n[N_NUMBERS];
    const char *rest;

    *ret_ms = 0;
    if (strcmp(text, "Z") == 0)
        return 0;
    if (*text != '+' && *text != '-')
        return -EINVAL;
    rest = read_numbers(text + 1, "hh:mm", n);
    if (!rest || *rest || n[HOUR] > 23 || n[MINUTE] > 59)
        return -EINVAL;
    *ret_ms = (int64_t)(n[HOUR] * 60 + n[MINUTE]) * 60000 * (*text == '-' ? -1 : 1);
    return 0;
}

int time_parse(const char *text, int64_t *ret_wall_ms)
{
    int n[N_NUMBERS];
    int64_t ms = 0, scale = 100, offset_ms;
    const char *rest = read_numbers(text, "YYYY-MM-DDThh:mm:ss", n);
    struct tm tm;

    if (!rest)
        rest = read_numbers(text, "YYYYMMDDThhmmss", n);
    if (!rest)
        return -EINVAL;
    if (*rest == '.') {
        if (rest[1] < '0' || rest[1] > '9')
            return -EINVAL;
        for (rest++; *rest >= '0' && *rest <= '9'; rest++, scale /= 10)
            ms += (*rest - '0') * scale;
    }
    /* Second 60 is a leap second; it counts as the next minute's first. */
    if (read_offset(rest, &offset_ms) < 0 || n[YEAR] < 1970 || n[MONTH] < 1 || n[MONTH] > 12 ||
        n[DAY] < 1 || n[DAY] > days_of(n[YEAR], n[MONTH]) || n[HOUR] > 23 || n[MINUTE] > 59 ||
        n[SECOND] > 60)
        return -EINVAL;
    tm = (struct tm){.tm_year = n[YEAR] - 1900,
                     .tm_mon = n[MONTH] - 1,
                     .tm_mday = n[DAY],
                     .tm_hour = n[HOUR],
                     .tm_min = n[MINUTE],
                     .tm_sec = n[SECOND]};
    *ret_wall_ms = (int64_t)timegm(&tm) * 1000 + ms - offset_ms;
    return 0;
}
