/* Any bytes as the keys that a metadata service or a process gives: refused without quoting them,
 * or words that fit into a header. */
#include "common/credentials/reply.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void check_word(const char *text, bool needed)
{
    assert(text || !needed);
    for (; text && *text; text++)
        assert(*text > ' ' && *text < 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    for (int kind = REPLY_CONTAINER; kind <= REPLY_PROCESS; kind++) {
        CLEANUP(arena_freep)
        struct arena *arena = arena_new_secret();
        struct reply reply;
        char message[200] = "";

        if (reply_parse(arena, (enum reply_kind)kind, (const char *)data, n, &reply, message) < 0) {
            assert(message[0]);
            continue;
        }
        check_word(reply.credentials.access_key_id, true);
        check_word(reply.credentials.secret_access_key, true);
        check_word(reply.credentials.session_token, kind != REPLY_PROCESS);
        assert(kind == REPLY_PROCESS || reply.expires_ms != EXPIRES_NEVER);
    }
    return 0;
}
