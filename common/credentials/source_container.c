/* The container's endpoint: ECS, EKS Pod Identity (aws-facts 5.3). */
#include "chain.h"

#include <stdio.h>
#include <strings.h>

#define ECS_HOST "http://169.254.170.2"
#define TIMEOUT_MS 2000
#define TRIES 3

/* Where keys may come from over plain http: ECS, EKS, and this host itself. */
static const char *const plain_hosts[] = {"169.254.170.2", "169.254.170.23", "[fd00:ec2::23]",
                                          "[::1]", "localhost"};

static bool is_plain_host(const char *host)
{
    struct prefix address;

    for (size_t i = 0; i < ARRAY_SIZE(plain_hosts); i++)
        if (strcasecmp(host, plain_hosts[i]) == 0)
            return true;
    return prefix_parse_address(host, &address) == 0 && address.family == FAMILY_IPV4 &&
           address.bytes[0] == 127;
}

static bool is_allowed(const char *url)
{
    bool https = strncasecmp(url, "https://", 8) == 0, http = strncasecmp(url, "http://", 7) == 0;
    const char *authority = url + (https ? 8 : 7);
    char host[260];
    size_t n;

    if ((!https && !http) || strcspn(authority, "@\\") < strlen(authority))
        return false;
    n = authority[0] == '[' ? strcspn(authority, "]") + 1 : strcspn(authority, ":/?#");
    if (n == 0 || n >= sizeof(host) || n > strlen(authority))
        return false;
    snprintf(host, sizeof(host), "%.*s", (int)n, authority);
    return https || is_plain_host(host);
}

static const char *url_of(struct chain *chain)
{
    const struct aws_environment *environment = chain->environment;

    return environment->container_relative_uri
               ? arena_printf(chain->arena, ECS_HOST "%s", environment->container_relative_uri)
               : environment->container_full_uri;
}

static void ask(struct chain *chain, const char *token)
{
    struct effect_header *headers = ARENA_ARRAY(chain->arena, struct effect_header, 2);
    size_t n = 0;

    headers[n++] = (struct effect_header){"Accept", "application/json"};
    if (token)
        headers[n++] = (struct effect_header){"Authorization", token};
    chain->token = token;
    chain->n_tries++;
    chain_http(chain, "GET", url_of(chain), headers, n, TIMEOUT_MS);
}

static void begin(struct chain *chain)
{
    const struct aws_environment *environment = chain->environment;

    chain_describe(chain, "the container's endpoint");
    chain->n_tries = 0;
    if (environment->container_token_file)
        chain_read_file(chain, environment->container_token_file); /* it is renewed there */
    else
        ask(chain, environment->container_token);
}

static void token_read(struct chain *chain, const struct answer *answer)
{
    const char *token;

    if (answer->r < 0) {
        chain_fail(chain,
                   "the container's token (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) cannot be "
                   "read: %s",
                   answer->detail);
        return;
    }
    token = chain_one_line(chain, answer->bytes, answer->n, true);
    if (!token)
        chain_fail(chain,
                   "%s (AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE) holds no token: one line is "
                   "wanted",
                   chain->environment->container_token_file);
    else
        ask(chain, token);
}

static void answered(struct chain *chain, const struct answer *answer)
{
    struct reply reply;
    char message[200];

    if (!chain->effect_http) {
        token_read(chain, answer);
        return;
    }
    if ((answer->r < 0 || answer->status >= 500 || answer->status == 429) && answer->r != -EFBIG &&
        chain->n_tries < TRIES) {
        ask(chain, chain->token);
        return;
    }
    if (answer->r < 0)
        chain_fail(chain, "the container's endpoint %s does not answer: %s", url_of(chain),
                   answer->detail);
    else if (answer->status == 401 || answer->status == 403)
        chain_fail(chain,
                   "the container's endpoint %s refuses the token (HTTP status %d); look at "
                   "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE and the pod's identity",
                   url_of(chain), answer->status);
    else if (answer->status != 200)
        chain_fail(chain, "the container's endpoint %s answers with HTTP status %d", url_of(chain),
                   answer->status);
    else if (reply_parse(chain->arena, REPLY_CONTAINER, answer->bytes, answer->n, &reply, message) <
             0)
        chain_fail(chain, "the answer of the container's endpoint %s cannot be used: %s",
                   url_of(chain), message);
    else
        chain_found(chain, &reply);
}

const struct source source_container = {.begin = begin, .answered = answered};

int container_find(struct chain *chain)
{
    const struct aws_environment *environment = chain->environment;

    if (!environment->container_relative_uri && !environment->container_full_uri) {
        chain_pass(chain, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI and _FULL_URI are not set");
        return 0;
    }
    if (environment->container_relative_uri && environment->container_relative_uri[0] != '/') {
        chain_fail(chain, "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI must begin with \"/\"");
        return -EINVAL;
    }
    if (!environment->container_relative_uri && !is_allowed(environment->container_full_uri)) {
        chain_fail(chain,
                   "AWS_CONTAINER_CREDENTIALS_FULL_URI is not allowed: it must be an https URL, or "
                   "http on loopback, 169.254.170.2, 169.254.170.23 or [fd00:ec2::23]");
        return -EPERM;
    }
    chain->source = &source_container;
    return 1;
}
