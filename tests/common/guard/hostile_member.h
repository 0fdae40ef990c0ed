/* hostile_member.h - members of a request that no judge of its action has a use for: set at random,
 * they make what would pass into something that must not. */
#pragma once

#include "support/vpc.h"

/* By what the members are for: a word of each kind, with the actions that may have it. */
static const struct {
    const char *name;
    size_t offset;
    enum { MEMBER_TEXT, MEMBER_WORD, MEMBER_TEXTS, MEMBER_PREFIX, MEMBER_INT } kind;
    enum ec2_action but[2]; /* 0, DescribeVpcs: none */
} hostile_members[] = {
#define MEMBER(m, k, ...)                                                                          \
    {                                                                                              \
#m, offsetof(struct ec2_change_request, m), MEMBER_##k,                                    \
        {                                                                                          \
            __VA_ARGS__                                                                            \
        }                                                                                          \
    }
    MEMBER(dry_run, WORD, 0),
    MEMBER(client_token, TEXT, 0),
    MEMBER(private_ip_address, TEXT, 0),
    MEMBER(public_ip, TEXT, 0),
    MEMBER(network_border_group, TEXT, 0),
    MEMBER(availability_zone_id, TEXT, 0),
    MEMBER(ipv6_native, WORD, 0),
    MEMBER(ipv6_pool, TEXT, 0),
    MEMBER(ipv6_cidr_block_network_border_group, TEXT, 0),
    MEMBER(instance_tenancy, TEXT, 0),
    MEMBER(dns_record_ip_type, TEXT, 0),
    MEMBER(reset_policy, WORD, 0),
    MEMBER(remove_route_table_ids, TEXTS, 0),
    MEMBER(remove_subnet_ids, TEXTS, 0),
    MEMBER(remove_security_group_ids, TEXTS, 0),
    MEMBER(vpc_endpoint_ids, TEXTS, 0),
    MEMBER(resource_ids, TEXTS, 0),
    MEMBER(network_acl_id, TEXT, 0),
    MEMBER(rule_number, INT, 0),
    MEMBER(egress, WORD, 0),
    MEMBER(internet_gateway_block_mode, TEXT, 0),
    MEMBER(description, TEXT, 0),
    MEMBER(group_name, TEXT, 0),
    MEMBER(policy_document, TEXT, EC2_CREATE_VPC_ENDPOINT),
    MEMBER(ip_address_type, TEXT, EC2_CREATE_VPC_ENDPOINT),
    MEMBER(private_dns_enabled, WORD, EC2_CREATE_VPC_ENDPOINT, EC2_MODIFY_VPC_ENDPOINT),
    MEMBER(allow_reassociation, WORD, EC2_ASSOCIATE_ADDRESS),
    MEMBER(ipv6_cidr_block, PREFIX, EC2_ASSOCIATE_SUBNET_CIDR_BLOCK),
    MEMBER(cidr_block, PREFIX, EC2_CREATE_SUBNET),
    MEMBER(ipv6_netmask_length, INT, EC2_ASSOCIATE_VPC_CIDR_BLOCK),
#undef MEMBER
};

static inline void hostile_member_set(struct ec2_change_request *request, size_t which)
{
    static const char *word = "anything";
    void *at = (char *)request + hostile_members[which].offset;

    switch (hostile_members[which].kind) {
    case MEMBER_TEXT:
        *(const char **)at = word;
        break;
    case MEMBER_WORD:
        *(uint8_t *)at = WIRE_TRUE;
        break;
    case MEMBER_TEXTS:
        *(struct wire_texts *)at = (struct wire_texts){.items = &word, .n = 1};
        break;
    case MEMBER_PREFIX:
        *(struct prefix *)at = vpc_prefix("2001:db8:0:77::/64");
        break;
    case MEMBER_INT:
        *(struct wire_int *)at = (struct wire_int){.value = 56, .set = true};
        break;
    }
}

static inline bool hostile_member_is_of(size_t which, enum ec2_action call)
{
    return hostile_members[which].but[0] == call || hostile_members[which].but[1] == call;
}

/* Once in so many times: sets one that is not the action's. Its name; NULL: nothing was set. */
static inline const char *hostile_member(struct plan_action *action, struct rng *rng, uint64_t in)
{
    size_t which = rng_below(rng, ARRAY_SIZE(hostile_members));

    if (rng_below(rng, in) != 0 || hostile_member_is_of(which, action->call))
        return NULL;
    hostile_member_set(&action->request, which);
    return hostile_members[which].name;
}
