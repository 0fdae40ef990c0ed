#include "tokens.h"

#include <stdlib.h>

static char *heap_copy(const char *text)
{
    char *copy = strdup(text);

    if (!copy)
        abort();
    return copy;
}

void tokens_clear(struct tokens *tokens)
{
    for (size_t i = 0; i < tokens->n; i++) {
        free(tokens->items[i].text);
        free(tokens->items[i].id);
        free(tokens->items[i].first_reply);
    }
    free(tokens->items);
    *tokens = (struct tokens){0};
}

const struct token *tokens_find(const struct tokens *tokens, enum ec2_action action,
                                const char *text)
{
    for (size_t i = 0; i < tokens->n; i++)
        if (tokens->items[i].action == action && text_equal(tokens->items[i].text, text))
            return &tokens->items[i];
    return NULL;
}

void tokens_add(struct tokens *tokens, enum ec2_action action, const char *text,
                const uint8_t parameters[static SHA256_SIZE], const char *id,
                const char *first_reply)
{
    struct token *token;

    if (tokens->n == tokens->reserved) {
        tokens->reserved = tokens->reserved ? tokens->reserved * 2 : 16;
        tokens->items = realloc(tokens->items, tokens->reserved * sizeof(*tokens->items));
        if (!tokens->items)
            abort();
    }
    token = &tokens->items[tokens->n++];
    *token = (struct token){.text = heap_copy(text),
                            .id = heap_copy(id),
                            .action = action,
                            .first_reply = heap_copy(first_reply)};
    memcpy(token->parameters, parameters, SHA256_SIZE);
}

void token_parameters(const struct ec2_action_row *row, const struct ec2_change_request *change,
                      uint8_t ret_digest[static SHA256_SIZE])
{
    CLEANUP(buf_free)
    struct buf canonical = {0};
    struct ec2_change_request asked = *change;

    asked.dry_run = WIRE_ABSENT;
    wire_query_encode(&canonical, row->request, &asked);
    sha256(buf_string(&canonical), canonical.n, ret_digest);
}
