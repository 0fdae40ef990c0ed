/* names.h - do the services that targets use have public IPv6 addresses? Private to
 * common/manager/.
 *
 * The answer comes from the DNS of the host that the daemon runs on, and it is slow to say no: a
 * name without AAAA is looked at twice, an hour apart. No such name, private addresses (an
 * endpoint's private DNS answers for the service) and every failure say nothing. A lookup is begun
 * with a pass that comes anyway, and no pass waits for one. */
#pragma once

#include "vpc_reconciled/model.h"
#include "vpc_reconciled/observe.h"

#define NAME_SECOND_LOOK_MS ((uint64_t)3600000)
#define NAME_LOOK_AGAIN_MS ((uint64_t)600000) /* of what is unknown; the rest once an hour */

struct service_name {
    char *name;       /* heap */
    uint64_t lookup;  /* the effect that is out; 0: none */
    uint64_t next_ms; /* monotonic: no look before */
    bool seen_none;
    uint64_t none_ms; /* monotonic: the first look without an address; all later ones agree */
    enum verdict ipv6;
};
struct service_names {
    struct service_name *items; /* heap */
    size_t n;
};
void names_clear(struct service_names *names);

/* Begins the lookup of a name that is due. Names that nobody asks for any more stay as they are. */
void names_look(struct service_names *names, struct outlet *outlet, struct instant now,
                const char *name);
/* INPUT_NAME; false: of somebody else. */
bool names_feed(struct service_names *names, const struct input *input);
enum verdict names_ipv6(const struct service_names *names, const char *name);
