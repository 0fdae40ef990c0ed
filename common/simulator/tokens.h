/* tokens.h - client tokens: what a token made, so that a repeat gives the first again
 * (aws-facts 1.7). */
#pragma once

#include "vpc_reconciled/ec2.h"

struct token {
    char *text, *id; /* id of what it made */
    enum ec2_action action;
    uint8_t parameters[SHA256_SIZE];
    char *first_reply; /* the body, for when the object has gone for good */
};

struct tokens {
    struct token *items;
    size_t n, reserved;
};

void tokens_clear(struct tokens *tokens);
/* NULL: not seen yet with this action. Valid until the next add. */
const struct token *tokens_find(const struct tokens *tokens, enum ec2_action action,
                                const char *text);
void tokens_add(struct tokens *tokens, enum ec2_action action, const char *text,
                const uint8_t parameters[static SHA256_SIZE], const char *id,
                const char *first_reply);
/* Of the request without its DryRun: equal for requests that ask for the same. */
void token_parameters(const struct ec2_action_row *row, const struct ec2_change_request *change,
                      uint8_t ret_digest[static SHA256_SIZE]);
