/* observe_private.h - what the files of one scope's observation share; private to common/observe/.
 *
 * A list is asked for by runs: one batch of values of its filter, or one object by its id or name,
 * page after page. It is complete when every run of it ended well. */
#pragma once

#include "vpc_reconciled/observe.h"

struct page_run {
    enum observed_list list;
    size_t first, n;     /* which of the values that the list is filtered by; a region's has none */
    const char *subject; /* one object: a VPC, a prefix list, a capacity provider */
    const char *attribute; /* of a VPC: "enableDnsSupport" */
    uint64_t call;
    struct texts tokens; /* those seen, to notice a circle */
    bool done;
};

struct lookup { /* a VPC that the config names by tag */
    size_t wanted;
    uint64_t call;
    bool done;
};

struct observe {
    struct aws_client *client;
    struct arena *arena; /* the observation's; also holds this */
    struct observation *observation;
    struct observe_vpc *vpcs;
    struct texts *resolved; /* for each of vpcs */
    size_t n_vpcs;
    struct texts vpc_ids; /* distinct */
    struct texts service_names, capacity_providers;
    VEC(struct lookup) lookups;
    VEC(struct page_run) runs;
    bool listing;    /* lookups are over */
    bool references; /* the second wave, of what the first one named, is out, or not wanted */
    bool stale_credentials;
};

/* A list is unknown; the first reason stays. result: of the call that failed, or NULL. */
void list_failed(struct observe *observe, enum observed_list list, const struct call_result *result,
                 const char *message);

/* ---- lists.c: how each list is asked for, and where what comes goes ---- */
enum ec2_action list_action(enum observed_list list); /* EC2_NO_ACTION: Lambda's */
/* The runs of a list; those of LIST_PREFIX_LIST_ENTRIES need the first wave. */
void list_add_runs(struct observe *observe, enum observed_list list);
/* Sends the run's next page. -errno: nothing was sent. */
int list_ask(struct observe *observe, struct outlet *outlet, struct instant now,
             struct page_run *run, const char *token);
/* Takes what a page holds. NULL, or why it is not what was asked for (S5). */
const char *list_take(struct observe *observe, const struct page_run *run, const void *reply);

/* ---- objects.c: what is asked for one by one ---- */
const char *take_vpc_attribute(struct observe *observe, const struct page_run *run,
                               const struct ec2_describe_reply *reply);
const char *take_prefix_list_entries(struct observe *observe, const struct page_run *run,
                                     const struct ec2_describe_reply *reply);
const char *take_capacity_provider(struct observe *observe, const struct page_run *run,
                                   const struct observed_capacity_provider *provider);
/* Ids of the managed prefix lists that security groups and route tables name. */
struct texts named_prefix_lists(const struct observe *observe);

/* ---- services.c ---- */
/* What DescribeVpcEndpointServices is filtered by. */
struct texts service_filter(struct arena *arena, const char *region, const struct texts *services);
