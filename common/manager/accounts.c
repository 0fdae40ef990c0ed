#include "accounts.h"

#include <stdlib.h>

/* Of the same role, so a reload neither asks STS again nor forgets what STS refused. */
static struct credentials *take_role(struct accounts *old, const struct config_account *config)
{
    for (size_t i = 0; i < old->n; i++) {
        struct account *account = &old->items[i];
        struct credentials *credentials = account->credentials;

        if (!account->owned || !account->config ||
            !text_equal(account->config->assume_role, config->assume_role) ||
            !text_equal(account->config->external_id, config->external_id))
            continue;
        account->owned = false;
        return credentials;
    }
    return NULL;
}

void accounts_build(struct accounts *accounts, struct accounts *old, const struct config *config,
                    const struct aws_environment *environment, const char *host)
{
    struct credentials_options options = {
        .environment = environment,
        .region = config->n_targets ? config->targets[0].region : NULL,
        .host = host,
    };
    struct account *own;

    accounts->n = config->n_accounts + 1;
    accounts->items = calloc(accounts->n, sizeof(*accounts->items));
    if (!accounts->items)
        abort();
    own = &accounts->items[0];
    *own = (struct account){.owned = true};
    if (old->n) {
        own->credentials = old->items[0].credentials;
        old->items[0].owned = false;
    } else {
        own->credentials = credentials_new(&options);
    }
    options.base = own->credentials;
    for (size_t i = 0; i < config->n_accounts; i++) {
        struct account *account = &accounts->items[i + 1];

        *account = (struct account){.config = &config->accounts[i],
                                    .owned = config->accounts[i].assume_role != NULL,
                                    .credentials = own->credentials};
        options.role_arn = account->config->assume_role;
        options.external_id = account->config->external_id;
        if (account->owned && !(account->credentials = take_role(old, account->config)))
            account->credentials = credentials_new(&options);
    }
}

void accounts_clear(struct accounts *accounts)
{
    for (size_t i = 0; i < accounts->n; i++)
        if (accounts->items[i].owned)
            credentials_free(accounts->items[i].credentials);
    free(accounts->items);
    *accounts = (struct accounts){0};
}

struct account *accounts_find(const struct accounts *accounts, const char *name)
{
    for (size_t i = 1; name && i < accounts->n; i++)
        if (text_equal(accounts->items[i].config->name, name))
            return &accounts->items[i];
    assert(!name); /* the config's parser refuses a name that is no entry */
    return &accounts->items[0];
}

/* The host's own first: roles wait for it. */
void accounts_feed(struct accounts *accounts, struct outlet *outlet, const struct input *input)
{
    for (size_t i = 0; i < accounts->n; i++)
        if (accounts->items[i].owned)
            credentials_feed(accounts->items[i].credentials, outlet, input);
}

uint64_t accounts_wake_at(const struct accounts *accounts)
{
    uint64_t at = UINT64_MAX;

    for (size_t i = 0; i < accounts->n; i++) {
        uint64_t wants = credentials_wake_at(accounts->items[i].credentials);

        at = wants < at ? wants : at;
    }
    return at;
}

bool account_is_wrong(const struct account *account)
{
    return account->serial && account->config && !text_equal(account->id, account->config->id);
}
