/* state.h - what the simulated account holds; private to common/simulator/.
 *
 * The state is EC2's own structs, each list sorted by id, plus the times at which slow states end.
 * All of it lies in one arena. Nothing is freed singly: what a change leaves behind is garbage
 * until state_compact() copies what is live into a new arena, which the wire tables can do for any
 * type. */
#pragma once

#include "vpc_reconciled/ec2.h"

enum kind {
    KIND_VPC,
    KIND_SUBNET,
    KIND_ROUTE_TABLE,
    KIND_INTERNET_GATEWAY,
    KIND_EGRESS_ONLY_INTERNET_GATEWAY,
    KIND_NAT_GATEWAY,
    KIND_ADDRESS,
    KIND_NETWORK_INTERFACE,
    KIND_PREFIX_LIST,
    KIND_SECURITY_GROUP,
    KIND_NETWORK_ACL,
    KIND_VPC_ENDPOINT,
    KIND_ENDPOINT_SERVICE, /* known by its name, once for each type */
    KIND_ZONE,             /* has no tags, and its id is a name */
    KIND_COUNT,
};

#define NO_OFFSET ((size_t)-1)

struct kind_row {
    enum ec2_action describe; /* its row names the list and the shape of an item */
    const char *prefix;       /* of ids: "vpc-" */
    size_t id_offset, vpc_id_offset, tags_offset; /* in the item; NO_OFFSET: has none */
    size_t reply_offset; /* of a made item in ec2_change_reply; NO_OFFSET: none is answered */
    const char *malformed,
        *not_found;   /* EC2's spelling differs from kind to kind (aws-facts 2.4) */
    const char *noun; /* in EC2's message: "The %s '%s' does not exist" */
};
extern const struct kind_row kind_table[KIND_COUNT];

/* Of an item: the wire table by which it is copied, loaded, dumped and filtered. */
const struct wire_shape *kind_shape(enum kind kind);
/* "vpcSet" */
const char *kind_list_name(enum kind kind);
const char *kind_id(enum kind kind, const void *item);
/* Of the account's options, which are one object, not a list. */
#define BLOCK_PUBLIC_ACCESS "vpcBlockPublicAccessOptions"
const struct wire_shape *block_public_access_shape(void);
/* KIND_COUNT: the action describes no list. */
enum kind kind_of_describe(enum ec2_action action);

struct vpc_attributes {
    const char *vpc_id;
    uint8_t enable_dns_support, enable_dns_hostnames;
};
extern const struct wire_shape vpc_attributes_shape;

struct prefix_list_entry {
    const char *prefix_list_id, *description;
    struct prefix cidr;
};
/* What DescribeSecurityGroups does not say: aws-facts 2.7. */
struct security_group_history {
    const char *group_id;
    uint8_t outbound_changed; /* since it was made */
};
extern const struct wire_shape prefix_list_entry_shape, security_group_history_shape;

struct capacity_provider { /* of Lambda */
    const char *arn, *operator_role_arn, *kms_key_arn, *last_modified;
    uint8_t state; /* Pending, Active, Failed, Deleting */
    struct wire_texts subnet_ids, security_group_ids;
};
extern const struct wire_shape capacity_provider_shape; /* lambda.c */

struct transition {
    uint64_t due_ms; /* monotonic */
    uint8_t what;    /* enum slow_state, transitions.h */
    const char *id;
};

struct fresh { /* no read shows it yet: visibility.h */
    const char *id;
    uint8_t kind;
    uint64_t visible_ms; /* monotonic */
};

struct state {
    struct arena *arena;
    size_t compacted_bytes; /* of the arena when it held live objects only */
    struct ec2_describe_reply objects;
    WIRE_LIST_OF(struct vpc_attributes) vpc_attributes;
    WIRE_LIST_OF(struct prefix_list_entry) prefix_list_entries; /* as each list has them */
    WIRE_LIST_OF(struct security_group_history) security_group_history;
    WIRE_LIST_OF(struct capacity_provider) capacity_providers; /* in the order of the world */
    WIRE_LIST_OF(struct transition) transitions;               /* sorted by due_ms */
    WIRE_LIST_OF(struct fresh) fresh;
};

void state_init(struct state *state);
void state_clear(struct state *state);
/* *ret_copy shares nothing with state. */
void state_copy(const struct state *state, struct state *ret_copy);
void state_compact(struct state *state);

struct wire_any_list *state_list(struct state *state, enum kind kind);
/* NULL: no such. Valid until the list changes. */
void *state_find(struct state *state, enum kind kind, const char *id);
/* A new item with this id, in its place. No item has it yet. */
void *state_add(struct state *state, enum kind kind, const char *id);
void state_remove(struct state *state, enum kind kind, const char *id);
size_t state_count_in_vpc(struct state *state, enum kind kind, const char *vpc_id);
/* All of that kind. */
void state_remove_of_vpc(struct state *state, enum kind kind, const char *vpc_id);

/* ---- lists: of the state, and inside of an item; VEC_EACH walks any of them ---- */

/* Address of a new zeroed last item. Items move. */
void *list_add(struct arena *arena, struct wire_any_list *list, size_t item_size);
void list_remove(struct wire_any_list *list, size_t item_size, size_t index);
#define LIST_ADD(arena, list)                                                                      \
    ((__typeof__((list)->items))(void *)list_add((arena), (struct wire_any_list *)(void *)(list),  \
                                                 sizeof(*(list)->items)))
#define LIST_REMOVE(list, index)                                                                   \
    list_remove((struct wire_any_list *)(void *)(list), sizeof(*(list)->items), (index))
/* Deep copy by the wire table: what no row names does not come along. */
void wire_copy(struct arena *arena, const struct wire_shape *shape, const void *from, void *to);
