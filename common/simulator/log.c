/* One JSON line a call, for --log. */
#include "call.h"

/* Of the older ways to sign in the query string: no part of a signature belongs into a log. */
static const char *const secret_names[] = {
    "AWSAccessKeyId",  "SecurityToken",        "Signature",        "X-Amz-Credential",
    "X-Amz-Signature", "X-Amz-Security-Token", "WebIdentityToken",
};

static bool is_shown(const char *name)
{
    if (text_equal(name, "Action") || text_equal(name, "Version"))
        return false;
    for (size_t i = 0; i < ARRAY_SIZE(secret_names); i++)
        if (text_equal(secret_names[i], name))
            return false;
    return true;
}

static void write_parameters(struct json_writer *writer, struct arena *arena, const char *text,
                             size_t n)
{
    const char *end = text + n;

    while (text < end) {
        const char *amp = memchr(text, '&', (size_t)(end - text));
        const char *pair_end = amp ? amp : end;
        const char *equals = memchr(text, '=', (size_t)(pair_end - text));
        const char *name, *value;

        if (equals && form_decode(arena, text, (size_t)(equals - text), &name) >= 0 &&
            form_decode(arena, equals + 1, (size_t)(pair_end - equals - 1), &value) >= 0 &&
            is_shown(name)) {
            json_key(writer, name);
            json_string(writer, value);
        }
        text = pair_end + 1;
    }
}

void simulator_log_line(const struct simulator *simulator, const struct simulator_request *request,
                        const struct simulator_response *response, struct buf *buf)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct json_writer writer = {.buf = buf};
    const struct ec2_action_row *row =
        response->action < EC2_ACTION_COUNT ? &ec2_action_table[response->action] : NULL;
    const char *query = strchr(request->target, '?');
    bool post = text_equal(request->method, "POST");

    (void)simulator;
    json_begin(&writer, '{');
    json_key(&writer, "call");
    json_number(&writer, (int64_t)response->call);
    json_key(&writer, "action");
    json_string(&writer, row ? row->name : response->operation[0] ? response->operation : NULL);
    json_key(&writer, "mutates");
    json_bool(&writer, row && row->mutates);
    json_key(&writer, "status");
    json_number(&writer, response->never ? 0 : response->status);
    json_key(&writer, "code");
    json_string(&writer, response->code);
    json_key(&writer, "changed");
    json_bool(&writer, response->changed);
    json_key(&writer, "parameters");
    json_begin(&writer, '{');
    if (post)
        write_parameters(&writer, arena, request->body, request->body_n);
    else if (query)
        write_parameters(&writer, arena, query + 1, strlen(query + 1));
    json_end(&writer, '}');
    json_end(&writer, '}');
    buf_char(buf, '\n');
}
