#include "pages.h"

/* "DIGEST/ID+=": the digest binds the id to the action and its filters. The last two characters
 * only see to it that whoever forgets to encode a token notices. */
#define DIGEST_HEX 16
#define TAIL "+="

static void digest_of(const struct call *call, const char *last_id, char ret_hex[DIGEST_HEX + 1])
{
    CLEANUP(buf_free)
    struct buf text = {0};
    struct ec2_describe_request query = call->describe;
    uint8_t digest[SHA256_SIZE];

    /* A page may change its size on the way. */
    query.max_results = (struct wire_int){0};
    query.next_token = NULL;
    buf_printf(&text, "%s %s\n", call->row->name, last_id);
    wire_query_encode(&text, call->row->request, &query);
    sha256(buf_string(&text), text.n, digest);
    hex_encode(digest, DIGEST_HEX / 2, ret_hex);
}

const char *page_token(const struct call *call, const char *last_id)
{
    char hex[DIGEST_HEX + 1];

    digest_of(call, last_id, hex);
    return arena_printf(call->arena, "%s/%s%s", hex, last_id, TAIL);
}

const char *page_token_read(const struct call *call)
{
    const char *token = call->describe.next_token;
    size_t n = token ? strlen(token) : 0;
    const char *id;

    if (!n)
        return "";
    if (n < DIGEST_HEX + 1 + strlen(TAIL))
        return NULL;
    id = arena_strndup(call->arena, token + DIGEST_HEX + 1, n - DIGEST_HEX - 1 - strlen(TAIL));
    return text_equal(token, page_token(call, id)) ? id : NULL;
}
