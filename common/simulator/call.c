#include "call.h"

#include <stdio.h>

#include "visibility.h"

static const struct {
    const char *code;
    int status;
} error_status_table[] = {
    {"AccessDenied", 403}, /* STS */
    {"AuthFailure", 401},  /* aws-facts 1.4 */
    {"DryRunOperation", 412},
    {"ExpiredToken", 403},
    {"InsufficientAddressCapacity", 500},
    {"InternalError", 500},
    {"InvalidClientTokenId", 403},
    {"MethodNotAllowed", 405},
    {"MissingAuthenticationToken", 403},
    {"RequestEntityTooLarge", 413},
    {"RequestLimitExceeded", 503}, /* a server error in EC2 */
    {"SignatureDoesNotMatch", 403},
    {"Throttling", 503},
    {"Unavailable", 503},
    {"UnauthorizedOperation", 403},
};

int error_status(const char *code)
{
    for (size_t i = 0; i < ARRAY_SIZE(error_status_table); i++)
        if (text_equal(error_status_table[i].code, code))
            return error_status_table[i].status;
    return 400;
}

int call_fail(struct call *call, const char *code, const char *format, ...)
{
    char message[1024];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    call->code = arena_strdup(call->arena, code);
    call->message = arena_strdup(call->arena, message);
    return -EINVAL;
}

bool id_is_well_formed(const char *id, const char *prefix)
{
    const char *digits;
    size_t n;

    if (!text_starts_with(id, prefix))
        return false;
    digits = id + strlen(prefix);
    n = strlen(digits);
    return (n == 8 || n == 17) && strspn(digits, "0123456789abcdef") == n;
}

void *call_find(struct call *call, enum kind kind, const char *id)
{
    const struct kind_row *row = &kind_table[kind];
    void *item;

    if (!id_is_well_formed(id, row->prefix)) {
        call_fail(call, row->malformed, "Invalid id: \"%s\" (expecting \"%s...\")", id ? id : "",
                  row->prefix);
        return NULL;
    }
    item = state_find(call->state, kind, id);
    if (item && call->row && !call->row->mutates && !visibility_shows(call, kind, id))
        item = NULL;
    if (!item)
        call_fail(call, row->not_found, "The %s '%s' does not exist", row->noun, id);
    return item;
}

int call_require(struct call *call, const char *value, const char *parameter)
{
    if (value)
        return 0;
    return call_fail(call, "MissingParameter", "The request must contain the parameter %s",
                     parameter);
}

const char *new_id(struct call *call, const char *prefix)
{
    return arena_printf(call->state->arena, "%s0%016llx", prefix,
                        (unsigned long long)rng_next(&call->simulator->ids));
}

void *call_add(struct call *call, enum kind kind, const char *id)
{
    void *item = state_add(call->state, kind, id);

    if (call->row) /* not while a world is completed, or a slow state ends */
        visibility_begin(call, kind, id);
    return item;
}

void call_tag(struct call *call, ec2_tags *tags)
{
    VEC_EACH (specification, &call->change.tag_specifications)
        VEC_EACH (tag, &specification->tags) {
            struct ec2_tag *copy = LIST_ADD(call->state->arena, tags);

            copy->key = keep(call, tag->key);
            copy->value = keep(call, tag->value ? tag->value : "");
        }
}

const char *state_time(struct state *state, int64_t wall_ms)
{
    char text[25];

    time_iso8601(wall_ms, text);
    return arena_strdup(state->arena, text);
}
