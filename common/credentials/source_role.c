/* STS AssumeRole, with the keys found so far. */
#include "chain.h"

static void begin(struct chain *chain)
{
    const struct role *role = &chain->roles[chain->next_role];
    const struct ec2_change_request request = {
        .role_arn = role->arn,
        .role_session_name = role->session_name,
        .external_id = role->external_id,
        .duration_seconds = {.value = role->duration_s, .set = role->duration_s > 0},
    };

    chain->static_stability = false;
    chain_call(chain, STS_ASSUME_ROLE, &request, &chain->found.credentials);
}

static void called(struct chain *chain, const struct call_result *result)
{
    const struct role *role = &chain->roles[chain->next_role];

    if (result->r < 0) {
        bool denied = result->r == -EREMOTEIO && result->error_class == EC2_ERROR_DENIED;

        chain->base_refused = chain->next_role == 0 && result->r == -EREMOTEIO &&
                              result->error_class == EC2_ERROR_CREDENTIALS;
        chain_fail(chain, "the role %s (%s) cannot be assumed with %s: %s%s", role->arn,
                   role->where, chain->source_text, result->message,
                   denied ? "; who asks needs sts:AssumeRole on it, and its trust policy must name "
                            "who asks"
                          : "");
        return;
    }
    chain->next_role++;
    chain_describe(chain, "the role %s", role->arn);
    chain_take_session(chain, result);
}

const struct source source_role = {.begin = begin, .called = called};
