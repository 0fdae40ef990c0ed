/* Whether the caller may: each resource that a call touches is asked for by itself, and all of them
 * must be allowed (EC2 API Reference, "Granting required permissions"). What is not there is passed
 * over: EC2 says so before it says anything of permissions (aws-facts 1.6). STS is not asked:
 * GetCallerIdentity needs no permission, and roles trust everybody here. */
#include "policy.h"

#include <stdio.h>

#include "actions.h"
#include "vpc_reconciled/iam.h"

struct asking {
    struct call *call;
    const char *action;        /* "ec2:CreateRoute" */
    const char *create_action; /* the action for which tags are set; else NULL */
};

/* ---- the context ---- */

static void add_key(struct asking *asking, struct policy_question *question, const char *name,
                    const char *value)
{
    struct policy_key *key = VEC_ADD(asking->call->arena, &question->keys);

    key->name = name;
    key->values.items = ARENA_ARRAY(asking->call->arena, const char *, 1);
    key->values.items[0] = value;
    key->values.n = 1;
}

static const char *own_arn(struct call *call, const char *type, const char *id)
{
    return arena_printf(call->arena, "arn:%s:ec2:%s:%s:%s/%s",
                        iam_partition(call->simulator->region), call->simulator->region,
                        call->simulator->account, type, id);
}

static void add_tags(struct asking *asking, struct policy_question *question, const char *head,
                     const ec2_tags *tags)
{
    VEC_EACH (tag, tags)
        add_key(asking, question, arena_printf(asking->call->arena, "%s/%s", head, tag->key),
                tag->value ? tag->value : "");
}

static void add_request_tags(struct asking *asking, struct policy_question *question)
{
    struct call *call = asking->call;
    VEC(const char *) names = {0};
    struct policy_key *key;

    add_tags(asking, question, "aws:RequestTag", &call->change.tags);
    VEC_EACH (tag, &call->change.tags)
        *VEC_ADD(call->arena, &names) = tag->key;
    VEC_EACH (specification, &call->change.tag_specifications) {
        add_tags(asking, question, "aws:RequestTag", &specification->tags);
        VEC_EACH (tag, &specification->tags)
            *VEC_ADD(call->arena, &names) = tag->key;
    }
    if (!names.n)
        return;
    key = VEC_ADD(call->arena, &question->keys);
    *key = (struct policy_key){"aws:TagKeys", {names.items, names.n}};
}

/* ---- asking ---- */

static int refuse(struct asking *asking, const char *resource, enum policy_answer answer)
{
    struct call *call = asking->call;
    const bool ec2 = text_starts_with(asking->action, "ec2:");
    const char *why =
        answer == POLICY_DENIED
            ? "with an explicit deny in an identity-based policy"
            : arena_printf(call->arena, "because no identity-based policy allows the %s action",
                           asking->action);

    return call_fail(call, "UnauthorizedOperation", /* lambda.c has its own word for it */
                     "%sUser: %s is not authorized to perform: %s on resource: %s %s%s",
                     ec2 ? "You are not authorized to perform this operation. " : "",
                     caller_arn(call), asking->action, resource, why,
                     ec2 ? ". Encoded authorization failure message: simulated" : "");
}

static struct policy_question question_of(struct asking *asking, const char *resource)
{
    struct policy_question question = {.action = asking->action, .resource = resource};

    add_key(asking, &question, "aws:RequestedRegion", asking->call->simulator->region);
    if (text_starts_with(asking->action, "ec2:"))
        add_key(asking, &question, "ec2:Region", asking->call->simulator->region);
    if (asking->create_action)
        add_key(asking, &question, "ec2:CreateAction", asking->create_action);
    return question;
}

static int ask(struct asking *asking, const struct policy_question *question)
{
    enum policy_answer answer = policies_ask(&asking->call->simulator->policies, question);

    return answer == POLICY_ALLOWED ? 0 : refuse(asking, question->resource, answer);
}

/* ---- what a call touches ---- */

static const struct {
    enum iam_type type;
    enum kind kind;
    size_t ids[2], lists[4]; /* in ec2_change_request; 0 ends */
} type_table[] = {
#define ID(member) offsetof(struct ec2_change_request, member)
    {IAM_VPC, KIND_VPC, {ID(vpc_id)}, {0}},
    {IAM_SUBNET,
     KIND_SUBNET,
     {ID(subnet_id)},
     {ID(subnet_ids), ID(add_subnet_ids), ID(remove_subnet_ids)}},
    {IAM_ROUTE_TABLE,
     KIND_ROUTE_TABLE,
     {ID(route_table_id)},
     {ID(route_table_ids), ID(add_route_table_ids), ID(remove_route_table_ids)}},
    {IAM_INTERNET_GATEWAY, KIND_INTERNET_GATEWAY, {ID(internet_gateway_id)}, {0}},
    {IAM_ELASTIC_IP, KIND_ADDRESS, {ID(allocation_id)}, {0}},
    {IAM_NETWORK_INTERFACE, KIND_NETWORK_INTERFACE, {ID(network_interface_id)}, {0}},
    {IAM_SECURITY_GROUP,
     KIND_SECURITY_GROUP,
     {ID(group_id)},
     {ID(security_group_ids), ID(add_security_group_ids), ID(remove_security_group_ids)}},
    {IAM_VPC_ENDPOINT, KIND_VPC_ENDPOINT, {ID(vpc_endpoint_id)}, {0}},
#undef ID
    /* What Creates make, and what tags are set on. */
    {IAM_NAT_GATEWAY, KIND_NAT_GATEWAY, {0}, {0}},
    {IAM_EGRESS_ONLY_INTERNET_GATEWAY, KIND_EGRESS_ONLY_INTERNET_GATEWAY, {0}, {0}},
};

static int ask_existing(struct asking *asking, enum iam_type type, enum kind kind, bool in_vpc,
                        const char *id)
{
    const struct kind_row *row = &kind_table[kind];
    const char *item = id ? state_find(asking->call->state, kind, id) : NULL;
    struct policy_question question;
    const char *vpc_id;

    if (!item)
        return 0;
    question = question_of(asking, own_arn(asking->call, iam_type_name(type), id));
    if (in_vpc && row->vpc_id_offset != NO_OFFSET) {
        memcpy(&vpc_id, item + row->vpc_id_offset, sizeof(vpc_id));
        add_key(asking, &question, "ec2:Vpc", own_arn(asking->call, "vpc", vpc_id));
    }
    if (row->tags_offset != NO_OFFSET) {
        const ec2_tags *tags = (const void *)(item + row->tags_offset);

        add_tags(asking, &question, "aws:ResourceTag", tags);
        add_tags(asking, &question, "ec2:ResourceTag", tags);
    }
    if (asking->call->action == EC2_CREATE_TAGS || asking->call->action == EC2_DELETE_TAGS)
        add_request_tags(asking, &question);
    return ask(asking, &question);
}

/* AssociateRouteTable names its subnet; ReplaceRouteTableAssociation names an association of it. */
static const char *subnet_of_association(struct call *call)
{
    struct wire_any_list *list = state_list(call->state, KIND_ROUTE_TABLE);
    const struct ec2_route_table *tables = list->items;

    for (size_t i = 0; i < list->n; i++)
        VEC_EACH (association, &tables[i].associations)
            if (text_equal(association->route_table_association_id, call->change.association_id))
                return association->subnet_id;
    return NULL;
}

/* Those addresses that a regional NAT gateway is to have. */
static int ask_zone_addresses(struct asking *asking)
{
    VEC_EACH (zone, &asking->call->change.availability_zone_addresses)
        for (size_t i = 0; i < zone->allocation_ids.n; i++)
            if (ask_existing(asking, IAM_ELASTIC_IP, KIND_ADDRESS, false,
                             zone->allocation_ids.items[i]) < 0)
                return -EINVAL;
    return 0;
}

static int ask_named(struct asking *asking, const struct iam_resource *resource)
{
    const char *request = (const char *)&asking->call->change;
    const bool in_vpc = resource->bound == IAM_IN_VPC;
    size_t row = 0;

    while (type_table[row].type != resource->type)
        if (++row == ARRAY_SIZE(type_table))
            return 0;
    for (size_t i = 0; i < 2 && type_table[row].ids[i]; i++) {
        const char *id;

        memcpy(&id, request + type_table[row].ids[i], sizeof(id));
        if (ask_existing(asking, resource->type, type_table[row].kind, in_vpc, id) < 0)
            return -EINVAL;
    }
    for (size_t i = 0; i < 4 && type_table[row].lists[i]; i++) {
        const struct wire_texts *ids = (const void *)(request + type_table[row].lists[i]);

        for (size_t k = 0; k < ids->n; k++)
            if (ask_existing(asking, resource->type, type_table[row].kind, in_vpc, ids->items[k]) <
                0)
                return -EINVAL;
    }
    if (resource->type == IAM_SUBNET && asking->call->change.association_id)
        return ask_existing(asking, IAM_SUBNET, KIND_SUBNET, in_vpc,
                            subnet_of_association(asking->call));
    return resource->type == IAM_ELASTIC_IP ? ask_zone_addresses(asking) : 0;
}

/* What is made has no id yet. Its tags want ec2:CreateTags too (EC2 User Guide, "Grant permission
 * to tag Amazon EC2 resources during creation"). */
static int ask_made(struct asking *asking, enum iam_type type)
{
    struct call *call = asking->call;
    const char *arn = own_arn(call, iam_type_name(type), "*");
    struct policy_question question = question_of(asking, arn);
    struct asking tagging = {call, ec2_action_table[EC2_CREATE_TAGS].iam, call->row->name};

    add_request_tags(asking, &question);
    if (ask(asking, &question) < 0)
        return -EINVAL;
    if (!call->change.tag_specifications.n)
        return 0;
    question = question_of(&tagging, arn);
    add_request_tags(&tagging, &question);
    return ask(&tagging, &question);
}

static int ask_tagged(struct asking *asking)
{
    const struct wire_texts *ids = &asking->call->change.resource_ids;

    for (size_t i = 0; i < ids->n; i++)
        for (size_t k = 0; k < ARRAY_SIZE(type_table); k++)
            if (text_starts_with(ids->items[i], kind_table[type_table[k].kind].prefix) &&
                ask_existing(asking, type_table[k].type, type_table[k].kind, true, ids->items[i]) <
                    0)
                return -EINVAL;
    return 0;
}

static int ask_read(struct asking *asking, const struct iam_row *row)
{
    const struct ec2_describe_request *request = &asking->call->describe;
    struct policy_question question = question_of(asking, "*");

    if (row->n_resources && row->resources[0].type == IAM_VPC)
        return ask_existing(asking, IAM_VPC, KIND_VPC, false, request->vpc_id);
    if (row->n_resources) /* a list of AWS's own belongs to the account "aws" */
        question.resource = arena_printf(asking->call->arena, "arn:%s:ec2:%s:aws:prefix-list/%s",
                                         iam_partition(asking->call->simulator->region),
                                         asking->call->simulator->region,
                                         request->prefix_list_id ? request->prefix_list_id : "");
    return ask(asking, &question);
}

int policy_check(struct call *call)
{
    const struct iam_row *row = &iam_table[call->action];
    struct asking asking = {.call = call, .action = call->row->iam};
    struct policy_question question;

    if (!call->simulator->policies.arena || text_equal(call->row->service, "sts"))
        return 0;
    if (call->action == EC2_CREATE_TAGS || call->action == EC2_DELETE_TAGS)
        return ask_tagged(&asking);
    if (call->row->describe)
        return ask_read(&asking, row);
    if (!row->sent) { /* what it touches is not known here: only "*" is wide enough */
        question = question_of(&asking, own_arn(call, "*", "*"));
        return ask(&asking, &question);
    }
    for (size_t i = 0; i < row->n_resources; i++) {
        const struct iam_resource *resource = &row->resources[i];

        if ((resource->bound == IAM_MADE ? ask_made(&asking, resource->type)
                                         : ask_named(&asking, resource)) < 0)
            return -EINVAL;
    }
    return 0;
}

int policy_check_lambda(struct call *call, const char *operation, const char *name)
{
    struct asking asking = {.call = call,
                            .action = arena_printf(call->arena, "lambda:%s", operation)};
    struct policy_question question = question_of(
        &asking, name ? arena_printf(call->arena, "arn:%s:lambda:%s:%s:capacity-provider:%s",
                                     iam_partition(call->simulator->region),
                                     call->simulator->region, call->simulator->account, name)
                      : "*");

    return call->simulator->policies.arena ? ask(&asking, &question) : 0;
}
