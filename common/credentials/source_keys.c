/* Keys that stand somewhere as they are: in the environment, in a profile. */
#include "chain.h"

static void begin(struct chain *chain)
{
    const struct reply found = chain->found;

    chain_found(chain, &found);
}

const struct source source_keys = {.begin = begin};

int environment_find(struct chain *chain)
{
    const struct aws_credentials *credentials = &chain->environment->credentials;

    if (!credentials->access_key_id) {
        chain_pass(chain, "AWS_ACCESS_KEY_ID is not set");
        return 0;
    }
    /* Lent: the environment outlives the run. */
    chain->found = (struct reply){.credentials = *credentials, .expires_ms = EXPIRES_NEVER};
    chain->source = &source_keys;
    chain_describe(chain, "the keys of AWS_ACCESS_KEY_ID");
    return 1;
}
