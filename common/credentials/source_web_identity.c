/* A web identity: a token in a file (Kubernetes renews it there), changed for a session of a role
 * by STS, which wants no signature for it (aws-facts 5.6). */
#include "chain.h"

static void begin(struct chain *chain)
{
    chain_describe(chain, "the web identity of %s", chain->token_file);
    chain_read_file(chain, chain->token_file);
}

static void answered(struct chain *chain, const struct answer *answer)
{
    const char *token;
    struct ec2_change_request request = {
        .role_arn = chain->role_arn,
        .role_session_name = chain->session_name,
    };

    if (answer->r < 0) {
        chain_fail(chain, "the web identity's token (%s) cannot be read: %s", chain->where,
                   answer->detail);
        return;
    }
    token = chain_one_line(chain, answer->bytes, answer->n, false);
    if (!token) {
        chain_fail(chain, "%s (%s) holds no token: one line without spaces is wanted",
                   chain->token_file, chain->where);
        return;
    }
    request.web_identity_token = token;
    chain_call(chain, STS_ASSUME_ROLE_WITH_WEB_IDENTITY, &request, NULL);
}

static void called(struct chain *chain, const struct call_result *result)
{
    if (result->r < 0) {
        chain_fail(chain, "the role %s (%s) cannot be assumed with the web identity of %s: %s",
                   chain->role_arn, chain->where, chain->token_file, result->message);
        return;
    }
    chain_describe(chain, "the role %s of a web identity", chain->role_arn);
    chain_take_session(chain, result);
}

const struct source source_web_identity = {.begin = begin, .answered = answered, .called = called};

int web_identity_find(struct chain *chain)
{
    const struct aws_environment *environment = chain->environment;
    int r = profile_web_identity(chain, aws_profile_name(environment));

    if (r != 0)
        return r;
    if (!environment->web_identity_token_file) {
        chain_pass(chain, "AWS_WEB_IDENTITY_TOKEN_FILE is not set");
        return 0;
    }
    if (!environment->role_arn) {
        chain_fail(chain, "AWS_WEB_IDENTITY_TOKEN_FILE is set but AWS_ROLE_ARN is not; a web "
                          "identity needs both");
        return -EINVAL;
    }
    chain->role_arn = environment->role_arn;
    chain->session_name =
        environment->role_session_name ? environment->role_session_name : chain_session_name(chain);
    chain->token_file = environment->web_identity_token_file;
    chain->where = "AWS_WEB_IDENTITY_TOKEN_FILE";
    chain->source = &source_web_identity;
    return 1;
}
