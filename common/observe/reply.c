#include "reply.h"

#include "capacity_provider.h"

#include <stdlib.h>

/* A capacity provider's description is a few kilobytes. */
#define LAMBDA_REPLY_MAX ((size_t)1 << 20)

/* Of a header, in units of so many milliseconds; as a date, or nonsense, it says nothing. */
static uint64_t delay_ms(const struct effect_header *headers, size_t n_headers, const char *name,
                         unsigned unit_ms)
{
    for (size_t i = 0; i < n_headers; i++) {
        size_t digits;

        if (!text_equal(headers[i].name, name))
            continue;
        digits = strspn(headers[i].value, "0123456789");
        if (digits >= 1 && digits <= 6 && !headers[i].value[digits])
            return strtoull(headers[i].value, NULL, 10) * unit_ms;
    }
    return 0;
}

void reply_begin(struct reply *reply, int status, const struct effect_header *headers,
                 size_t n_headers)
{
    reply_clear(reply);
    reply->status = status;
    reply->retry_after_ms = delay_ms(headers, n_headers, "retry-after", 1000); /* aws-facts 6 */
    reply->retry_hint_ms = delay_ms(headers, n_headers, "x-amz-retry-after", 1);
    if (reply->action == EC2_NO_ACTION) {
        reply->json.limit = LAMBDA_REPLY_MAX;
        capacity_provider_error_type(headers, n_headers, &reply->error);
        return;
    }
    reply->object = arena_alloc(reply->arena, ec2_action_table[reply->action].describe
                                                  ? sizeof(struct ec2_describe_reply)
                                                  : sizeof(struct ec2_change_reply));
    reply->decoder = ec2_decoder_new(reply->arena, reply->action, status, reply->object,
                                     &reply->error, AWS_REPLY_MAX);
}

void reply_feed(struct reply *reply, const void *bytes, size_t n)
{
    if (reply->action == EC2_NO_ACTION)
        buf_add(&reply->json, bytes, n);
    else if (reply->decoder && reply->r >= 0)
        reply->r = ec2_decoder_feed(reply->decoder, bytes, n, false, &reply->wire_error);
}

static int end_capacity_provider(struct reply *reply)
{
    struct observed_capacity_provider *provider =
        ARENA_NEW(reply->arena, struct observed_capacity_provider);

    reply->object = provider;
    if (reply->status == 200)
        return capacity_provider_decode(reply->arena, reply->provider, buf_string(&reply->json),
                                        reply->json.n, provider, &reply->wire_error);
    capacity_provider_decode_error(buf_string(&reply->json), reply->json.n, &reply->error);
    if (reply->status == 404 && text_equal(reply->error.code, CAPACITY_PROVIDER_NOT_FOUND)) {
        provider->name = arena_strdup(reply->arena, reply->provider);
        return 0;
    }
    return -EREMOTEIO;
}

int reply_end(struct reply *reply)
{
    int r;

    if (reply->action == EC2_NO_ACTION) {
        r = end_capacity_provider(reply);
    } else {
        if (reply->decoder && reply->r >= 0)
            reply->r = ec2_decoder_feed(reply->decoder, "", 0, true, &reply->wire_error);
        r = reply->status != 200 ? -EREMOTEIO : reply->r < 0 ? reply->r : 0;
    }
    reply->error.status = reply->status;
    return r;
}

enum ec2_error_class reply_error_class(const struct reply *reply)
{
    return reply->action == EC2_NO_ACTION ? capacity_provider_error_class(&reply->error)
                                          : ec2_error_classify(&reply->error);
}

void reply_clear(struct reply *reply)
{
    reply->decoder = ec2_decoder_free(reply->decoder);
    buf_free(&reply->json);
    reply->json = (struct buf){0};
    reply->object = NULL;
    reply->status = reply->r = 0;
    reply->error = (struct aws_error){0};
    reply->wire_error = (struct wire_error){0};
    reply->retry_after_ms = reply->retry_hint_ms = 0;
}
