#include "resolver.h"

#include <netinet/in.h>
#include <stdlib.h>

#define ADDRESS_SIZE sizeof(struct in6_addr)

struct lookup {
    struct lookup *next;
    struct resolver *resolver;
    uv_getaddrinfo_t request;
    uint64_t id;
};

struct resolver {
    uv_loop_t *loop;
    struct inbox *inbox;
    struct lookup *lookups; /* those that are out */
    bool closed;
};

struct resolver *resolver_new(uv_loop_t *loop, struct inbox *inbox)
{
    struct resolver *resolver = calloc(1, sizeof(*resolver));

    if (!resolver)
        abort();
    resolver->loop = loop;
    resolver->inbox = inbox;
    return resolver;
}

/* What effect.h says of them; all else is a failure that says nothing of the name. */
static int errno_of(int status)
{
    switch (status) {
    case 0:
        return 0;
    case UV_EAI_NODATA:
    case UV_EAI_ADDRFAMILY:
        return -ENODATA;
    case UV_EAI_NONAME:
        return -ENOENT;
    case UV_ECANCELED:
        return -ECANCELED;
    default:
        return -EAGAIN;
    }
}

static void answer(struct resolver *resolver, uint64_t id, int status,
                   const struct addrinfo *addresses)
{
    CLEANUP(buf_free)
    struct buf bytes = {0};
    struct input input = {.kind = INPUT_NAME, .id = id, .r = errno_of(status)};

    for (; input.r == 0 && addresses; addresses = addresses->ai_next)
        if (addresses->ai_family == AF_INET6) {
            const struct sockaddr_in6 *address = (const void *)addresses->ai_addr;

            buf_add(&bytes, &address->sin6_addr, ADDRESS_SIZE);
        }
    if (input.r == 0 && bytes.n == 0)
        input.r = -ENODATA;
    if (input.r < 0)
        input.detail = uv_strerror(status);
    input.bytes = bytes.data;
    input.n = bytes.n;
    inbox_push(resolver->inbox, &input);
}

static void on_resolved(uv_getaddrinfo_t *request, int status, struct addrinfo *addresses)
{
    struct lookup *lookup = request->data, **at = &lookup->resolver->lookups;

    while (*at != lookup)
        at = &(*at)->next;
    *at = lookup->next;
    if (!lookup->resolver->closed)
        answer(lookup->resolver, lookup->id, status, addresses);
    uv_freeaddrinfo(addresses);
    free(lookup);
}

void resolver_start(struct resolver *resolver, const struct effect *effect)
{
    /* No AI_ADDRCONFIG: the host's own addresses say nothing of the service. */
    const struct addrinfo hints = {.ai_family = AF_INET6, .ai_socktype = SOCK_STREAM};
    struct lookup *lookup = calloc(1, sizeof(*lookup));
    int r;

    if (!lookup)
        abort();
    *lookup = (struct lookup){.resolver = resolver, .id = effect->id};
    lookup->request.data = lookup;
    r = uv_getaddrinfo(resolver->loop, &lookup->request, on_resolved, effect->name, NULL, &hints);
    if (r < 0) {
        answer(resolver, effect->id, r, NULL);
        free(lookup);
        return;
    }
    lookup->next = resolver->lookups;
    resolver->lookups = lookup;
}

void resolver_close(struct resolver *resolver)
{
    resolver->closed = true;
    for (struct lookup *lookup = resolver->lookups; lookup; lookup = lookup->next)
        uv_cancel((uv_req_t *)&lookup->request); /* -EBUSY: a worker has it */
}

bool resolver_busy(const struct resolver *resolver)
{
    return resolver->lookups != NULL;
}

struct resolver *resolver_free(struct resolver *resolver)
{
    if (resolver)
        assert(!resolver->lookups);
    free(resolver);
    return NULL;
}
