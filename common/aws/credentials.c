#include "vpc_reconciled/aws.h"

#include <stdlib.h>

static char *copy(const char *text)
{
    char *copied = text ? strdup(text) : NULL;

    if (text && !copied)
        abort();
    return copied;
}

static void wipe_free(char **text)
{
    if (*text)
        secret_wipe(*text, strlen(*text));
    free(*text);
    *text = NULL;
}

void aws_credentials_copy(const struct aws_credentials *from, struct aws_credentials *ret_to)
{
    *ret_to = (struct aws_credentials){
        .access_key_id = copy(from->access_key_id),
        .secret_access_key = copy(from->secret_access_key),
        .session_token = copy(from->session_token),
    };
}

void aws_credentials_clear(struct aws_credentials *credentials)
{
    wipe_free(&credentials->access_key_id);
    wipe_free(&credentials->secret_access_key);
    wipe_free(&credentials->session_token);
}

bool aws_credentials_equal(const struct aws_credentials *a, const struct aws_credentials *b)
{
    return text_equal(a->access_key_id, b->access_key_id) &&
           text_equal(a->secret_access_key, b->secret_access_key) &&
           text_equal(a->session_token, b->session_token);
}
