/* The instance's role: IMDSv2 (aws-facts 5.4). Version 1 is never asked: it gives keys to whoever
 * can make the host send a GET. */
#include "chain.h"

#include <stdio.h>
#include <strings.h>

#define IPV4_ENDPOINT "http://169.254.169.254"
#define IPV6_ENDPOINT "http://[fd00:ec2::254]"
#define ROLES_PATH "/latest/meta-data/iam/security-credentials/"
/* One attempt each: where there is no IMDS nothing answers, and people wait. */
#define TIMEOUT_MS 1000

static const char hop_limit[] =
    "this is no EC2 instance, or a container on one whose hop limit of 1 keeps the answer out: aws "
    "ec2 modify-instance-metadata-options --instance-id ID --http-put-response-hop-limit 2";

static const char *endpoint(struct chain *chain)
{
    const char *custom = chain->environment->metadata_endpoint;
    size_t n;

    if (!custom)
        return chain->environment->metadata_ipv6 ? IPV6_ENDPOINT : IPV4_ENDPOINT;
    n = strlen(custom);
    while (n && custom[n - 1] == '/')
        n--;
    return arena_strndup(chain->arena, custom, n);
}

static void ask_for_token(struct chain *chain)
{
    static const struct effect_header ttl = {"X-aws-ec2-metadata-token-ttl-seconds", "21600"};

    chain->token = NULL;
    chain_http(chain, "PUT", arena_printf(chain->arena, "%s/latest/api/token", endpoint(chain)),
               &ttl, 1, TIMEOUT_MS);
}

static void ask(struct chain *chain)
{
    struct effect_header *header = ARENA_NEW(chain->arena, struct effect_header);

    *header = (struct effect_header){"X-aws-ec2-metadata-token", chain->token};
    chain_http(chain, "GET",
               arena_printf(chain->arena, "%s" ROLES_PATH "%s", endpoint(chain),
                            chain->metadata_role ? chain->metadata_role : ""),
               header, 1, TIMEOUT_MS);
}

static void begin(struct chain *chain)
{
    chain_describe(chain, "the instance's role");
    chain->metadata_role = NULL;
    chain->metadata_again = false;
    ask_for_token(chain);
}

static void take_token(struct chain *chain, const struct answer *answer)
{
    if (answer->r < 0)
        chain_fail(chain, "IMDS does not answer at %s (%s): %s", endpoint(chain), answer->detail,
                   hop_limit);
    else if (answer->status == 403)
        chain_fail(chain, "IMDS is turned off for this instance (HTTP status 403 from %s)",
                   endpoint(chain));
    else if (answer->status != 200)
        chain_fail(chain, "IMDS at %s gives no token (HTTP status %d); only version 2 is used",
                   endpoint(chain), answer->status);
    else if (!(chain->token = chain_one_line(chain, answer->bytes, answer->n, false)))
        chain_fail(chain, "the token that IMDS gives at %s cannot be used", endpoint(chain));
    else
        ask(chain);
}

/* One line for each role; there is never more than one. */
static void take_role(struct chain *chain, const struct answer *answer)
{
    const char *end = memchr(answer->bytes, '\n', answer->n);
    size_t n = end ? (size_t)(end - answer->bytes) : answer->n;
    const char *role = chain_one_line(chain, answer->bytes, n, false);

    if (!role || strlen(role) > 128 || strpbrk(role, "/?#%\\")) {
        chain_fail(chain, "IMDS names no role for this instance; attach an instance profile");
        return;
    }
    chain->metadata_role = role;
    ask(chain);
}

static void take_keys(struct chain *chain, const struct answer *answer)
{
    struct reply reply;
    char message[200];

    if (reply_parse(chain->arena, REPLY_METADATA, answer->bytes, answer->n, &reply, message) < 0) {
        chain_fail(chain, "what IMDS says of the role %s cannot be used: %s", chain->metadata_role,
                   message);
        return;
    }
    chain->static_stability = true;
    chain_describe(chain, "the instance's role %s", chain->metadata_role);
    chain_found(chain, &reply);
}

static void answered(struct chain *chain, const struct answer *answer)
{
    if (!chain->token) {
        take_token(chain, answer);
    } else if (answer->r < 0) {
        chain_fail(chain, "IMDS at %s gave a token and then no answer: %s", endpoint(chain),
                   answer->detail);
    } else if (answer->status == 401 && !chain->metadata_again) {
        chain->metadata_again = true; /* the token is not good any more: once more with a new one */
        ask_for_token(chain);
    } else if (answer->status == 404 && !chain->metadata_role) {
        chain_fail(chain, "this instance has no role (IMDS, HTTP status 404); attach an instance "
                          "profile");
    } else if (answer->status != 200) {
        chain_fail(chain, "IMDS at %s answers with HTTP status %d", endpoint(chain),
                   answer->status);
    } else if (!chain->metadata_role) {
        take_role(chain, answer);
    } else {
        take_keys(chain, answer);
    }
}

const struct source source_metadata = {.begin = begin, .answered = answered};

int metadata_find(struct chain *chain)
{
    const char *custom = chain->environment->metadata_endpoint;

    if (chain->environment->metadata_disabled) {
        chain_pass(chain, "AWS_EC2_METADATA_DISABLED is true");
        return 0;
    }
    if (custom && strncasecmp(custom, "http://", 7) != 0 &&
        strncasecmp(custom, "https://", 8) != 0) {
        chain_fail(chain, "AWS_EC2_METADATA_SERVICE_ENDPOINT is not a URL");
        return -EINVAL;
    }
    chain->source = &source_metadata;
    return 1;
}
