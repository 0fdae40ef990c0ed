/* One reply of an action as its bytes arrive: the status chooses between the reply and the error
 * document. */
#include "vpc_reconciled/ec2.h"

#include <stdio.h>
#include <stdlib.h>

struct ec2_decoder {
    struct xml_decoder *xml;
    const struct ec2_action_row *row;
    const void *reply;
    char root[64];              /* "DescribeVpcsResponse" */
    bool error_document, alien; /* alien: a body that is not AWS's */
    int r;
    struct wire_error reason;
};

struct ec2_decoder *ec2_decoder_new(struct arena *arena, enum ec2_action action, int http_status,
                                    void *reply, struct aws_error *ret_error, size_t limit)
{
    struct ec2_decoder *decoder = calloc(1, sizeof(*decoder));

    if (!decoder)
        abort();
    assert(action < EC2_ACTION_COUNT);
    decoder->row = &ec2_action_table[action];
    decoder->reply = reply;
    decoder->error_document = http_status != 200;
    snprintf(decoder->root, sizeof(decoder->root), "%sResponse", decoder->row->name);
    *ret_error = (struct aws_error){.status = http_status};
    /* Some of AWS's samples show the root without the suffix (aws-facts 1.3). */
    decoder->xml = xml_decoder_new(arena, decoder->error_document ? NULL : decoder->row->reply,
                                   decoder->root, decoder->row->name, reply, ret_error, limit);
    return decoder;
}

/* Absent, the list is unknown and not empty (aws-facts 1.3). */
static bool list_was_seen(const struct ec2_decoder *decoder)
{
    const struct ec2_action_row *row = decoder->row;
    const struct wire_any_list *list;

    if (!row->list)
        return true;
    list = (const struct wire_any_list *)((const char *)decoder->reply + row->list_offset);
    return list->seen;
}

static int feed_error_document(struct ec2_decoder *decoder, const char *bytes, size_t n, bool final)
{
    /* A proxy's HTML, a cut body, nothing at all: the status alone speaks (aws-facts 1.4). */
    if (!decoder->alien && xml_decoder_feed(decoder->xml, bytes, n, final, NULL) < 0)
        decoder->alien = true;
    return 0;
}

int ec2_decoder_feed(struct ec2_decoder *decoder, const char *bytes, size_t n, bool final,
                     struct wire_error *reterr)
{
    if (decoder->error_document)
        return feed_error_document(decoder, bytes, n, final);
    if (decoder->r >= 0) {
        decoder->r = xml_decoder_feed(decoder->xml, bytes, n, final, &decoder->reason);
        if (decoder->r >= 0 && final && !list_was_seen(decoder)) {
            decoder->r = -EBADMSG;
            snprintf(decoder->reason.name, sizeof(decoder->reason.name), "%s", decoder->row->list);
            snprintf(decoder->reason.message, sizeof(decoder->reason.message),
                     "<%s> has no <%s>: the list is unknown, not empty", decoder->root,
                     decoder->row->list);
        }
    }
    if (decoder->r < 0 && reterr)
        *reterr = decoder->reason;
    return decoder->r;
}

struct ec2_decoder *ec2_decoder_free(struct ec2_decoder *decoder)
{
    if (!decoder)
        return NULL;
    xml_decoder_free(decoder->xml);
    free(decoder);
    return NULL;
}
