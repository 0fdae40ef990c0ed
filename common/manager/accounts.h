/* accounts.h - whose keys a scope's calls are signed with: the host's own, or those of an entry of
 * the config's "accounts". Private to common/manager/. */
#pragma once

#include "vpc_reconciled/config.h"
#include "vpc_reconciled/credentials.h"

struct account {
    const struct config_account *config; /* NULL: the host's own, whoever that is */
    struct credentials *credentials;     /* lent from the host's own where no role is assumed */
    bool owned;
    /* What GetCallerIdentity said of the set with this serial; 0: it is to be asked. */
    uint64_t serial;
    char id[32];
};

struct accounts {
    struct account *items; /* heap; the first is the host's own */
    size_t n;
};

/* For a new config. Roles that the old one assumed, too, keep their keys; who they are is asked
 * anew. The rest of old is the caller's to clear, once no effect and no scope points at it. */
void accounts_build(struct accounts *accounts, struct accounts *old, const struct config *config,
                    const struct aws_environment *environment, const char *host);
void accounts_clear(struct accounts *accounts);
/* The target's; NULL name: the host's own. */
struct account *accounts_find(const struct accounts *accounts, const char *name);
void accounts_feed(struct accounts *accounts, struct outlet *outlet, const struct input *input);
uint64_t accounts_wake_at(const struct accounts *accounts);

/* The config says that these keys are another account's (S1). */
bool account_is_wrong(const struct account *account);
