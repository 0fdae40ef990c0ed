/* Any bytes as the reply of any action: refused, or read to the same end however they are cut, and
 * what was read survives being written and read again. The first byte chooses the action, and the
 * status. */
#include "vpc_reconciled/ec2.h"

#include <stdio.h>
#include <stdlib.h>

#define LIMIT ((size_t)1 << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

union reply {
    struct ec2_describe_reply describe;
    struct ec2_change_reply change;
};

static int decode(struct arena *arena, enum ec2_action action, int status, const char *body,
                  size_t n, size_t step, union reply **ret_reply, struct aws_error *ret_error)
{
    struct wire_error reason = {0};
    struct ec2_decoder *decoder;
    int r = 0;

    *ret_reply = ARENA_NEW(arena, union reply);
    decoder = ec2_decoder_new(arena, action, status, *ret_reply, ret_error, LIMIT);
    for (size_t i = 0; i < n && r >= 0; i += step)
        r = ec2_decoder_feed(decoder, body + i, n - i < step ? n - i : step, false, &reason);
    if (r >= 0)
        r = ec2_decoder_feed(decoder, "", 0, true, &reason);
    if (r < 0 && !reason.message[0])
        abort();
    ec2_decoder_free(decoder);
    return r;
}

static const char *written(struct arena *arena, enum ec2_action action, const union reply *reply)
{
    CLEANUP(buf_free)
    struct buf xml = {0};
    const struct ec2_action_row *row = &ec2_action_table[action];

    buf_printf(&xml, "<%sResponse>", row->name);
    wire_xml_encode(&xml, row->reply, reply);
    buf_printf(&xml, "</%sResponse>", row->name);
    return arena_strdup(arena, buf_string(&xml));
}

/* Reads what was written and writes it again; NULL where escaping made it too long to read. */
static const char *again(struct arena *arena, enum ec2_action action, const char *text)
{
    struct aws_error error;
    union reply *reply;

    if (strlen(text) > LIMIT)
        return NULL;
    if (decode(arena, action, 200, text, strlen(text), 4096, &reply, &error) < 0)
        abort();
    return written(arena, action, reply);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    struct aws_error error, other_error;
    union reply *reply, *other;
    enum ec2_action action;
    const char *body, *first;
    int status, r;

    if (n == 0)
        return 0;
    action = (enum ec2_action)(data[0] % EC2_ACTION_COUNT);
    status = data[0] / EC2_ACTION_COUNT % 2 ? 400 : 200;
    body = (const char *)data + 1;
    n--;
    r = decode(arena, action, status, body, n, n ? n : 1, &reply, &error);
    if (decode(arena, action, status, body, n, 7, &other, &other_error) != r)
        abort();
    if (memcmp(&error, &other_error, sizeof(error)) != 0)
        abort();
    if (r < 0 || status != 200)
        return 0;
    if (strcmp(written(arena, action, reply), written(arena, action, other)) != 0)
        abort();
    /* A word that we do not know is lost when it is written; from then on nothing changes. */
    first = again(arena, action, written(arena, action, reply));
    if (first && strcmp(again(arena, action, first), first) != 0)
        abort();
    return 0;
}
