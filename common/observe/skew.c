#include "skew.h"

#include "vpc_reconciled/observe.h"

#include <stdio.h>
#include <stdlib.h>

static int month_of(const char *name)
{
    static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                         "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

    for (size_t i = 0; i < ARRAY_SIZE(months); i++)
        if (memcmp(name, months[i], 3) == 0)
            return (int)i + 1;
    return 0;
}

/* "Tue, 15 Nov 1994 08:12:31 GMT", the one form that servers send (RFC 9110, 5.6.7). */
static bool parse_date(const char *text, int64_t *ret_wall_ms)
{
    char iso[40];

    if (strlen(text) != 29 || memcmp(text + 25, " GMT", 4) != 0)
        return false;
    snprintf(iso, sizeof(iso), "%.4s-%02d-%.2sT%.8sZ", text + 12, month_of(text + 8), text + 5,
             text + 17);
    return time_parse(iso, ret_wall_ms) >= 0;
}

bool skew_read(const struct effect_header *headers, size_t n_headers, int64_t wall_ms,
               int64_t *ret_skew_ms)
{
    int64_t date_ms = 0;
    bool found = false;

    for (size_t i = 0; i < n_headers; i++) {
        if (text_equal(headers[i].name, "age"))
            return false;
        if (text_equal(headers[i].name, "date"))
            found = parse_date(headers[i].value, &date_ms);
    }
    if (found)
        *ret_skew_ms = date_ms - wall_ms;
    return found;
}

/* aws-facts 4.4; some say other things as well, so the Date decides. */
static bool may_be_the_clock(const char *code)
{
    static const char *const codes[] = {
        "AccessDeniedException", "AuthFailure",        "InvalidSignatureException",
        "RequestExpired",        "RequestInTheFuture", "RequestTimeTooSkewed",
        "SignatureDoesNotMatch",
    };

    for (size_t i = 0; i < ARRAY_SIZE(codes); i++)
        if (text_equal(code, codes[i]))
            return true;
    return false;
}

bool skew_learn(int64_t *correction_ms, int64_t skew_ms, int64_t signed_ms, const char *code)
{
    bool refused = may_be_the_clock(code) && llabs(skew_ms - signed_ms) >= SKEW_LEAST_MS;
    int64_t off_ms = llabs(skew_ms - *correction_ms);

    /* Of a request that AWS took, its clock was near: a Date that says otherwise is not AWS's. */
    if (refused || (off_ms > AWS_CLIENT_SKEW_MS && off_ms <= SKEW_MOST_MS))
        *correction_ms = llabs(skew_ms) < SKEW_LEAST_MS ? 0 : skew_ms;
    return refused;
}
