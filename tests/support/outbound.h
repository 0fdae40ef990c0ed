/* outbound.h - security groups and declared outbound traffic of a hand-made VPC. */
#pragma once

#include "rules.h"
#include "vpc.h"

static inline struct ec2_security_group *
vpc_add_security_group(struct vpc *vpc, const char *id, const char *vpc_id, const char *egress)
{
    struct ec2_security_group *group = VEC_ADD(vpc->arena, &vpc->observation.security_groups);

    *group = (struct ec2_security_group){.group_id = id,
                                         .group_name = id,
                                         .vpc_id = vpc_id,
                                         .owner_id = ACCOUNT,
                                         .ip_permissions_egress = rules_read(vpc->arena, egress)};
    return group;
}

static inline void vpc_list_security_group(struct vpc *vpc, const char *group, const char *id)
{
    struct texts *texts = &vpc_group(vpc, group)->security_groups;

    if (!texts->items)
        texts->items = ARENA_ARRAY(vpc->arena, const char *, 8);
    assert_true(texts->n < 8);
    texts->items[texts->n++] = id;
}

/* One more rule: "tcp", {443, 443}, "0.0.0.0/0,::/0". n_ports 0: none. */
static inline void vpc_declare_outbound(struct vpc *vpc, const char *group, const char *protocol,
                                        struct port_range ports, const char *to)
{
    struct subnet_group *in = vpc_group(vpc, group);
    struct declared_rule *rules = ARENA_ARRAY(vpc->arena, struct declared_rule, in->n_outbound + 1);
    char *copy = arena_strdup(vpc->arena, to), *rest = NULL;
    struct declared_rule *rule;

    if (in->n_outbound)
        memcpy(rules, in->outbound, in->n_outbound * sizeof(*rules));
    rule = &rules[in->n_outbound++];
    in->outbound = rules;
    *rule = (struct declared_rule){.protocol = protocol};
    if (ports.to) {
        rule->ports = ARENA_NEW(vpc->arena, struct port_range);
        *rule->ports = ports;
        rule->n_ports = 1;
    }
    rule->to.items = ARENA_ARRAY(vpc->arena, const char *, 8);
    for (char *one = strtok_r(copy, ",", &rest); one; one = strtok_r(NULL, ",", &rest))
        rule->to.items[rule->to.n++] = one;
}

#define PORT(n) ((struct port_range){(n), (n)})
#define PORTS(from, to) ((struct port_range){(from), (to)})
#define NO_PORTS ((struct port_range){0, 0})

/* Group "functions" has sg-f with these outbound rules, beside the VPC's default group and groups
 * of others, and declares https to anywhere. */
static inline void vpc_make_outbound(struct vpc *vpc, const char *egress)
{
    vpc_add_security_group(vpc, "sg-default", "vpc-1", "-1 - 0.0.0.0/0")->group_name = "default";
    vpc_add_security_group(vpc, "sg-f", "vpc-1", egress);
    vpc_add_security_group(vpc, "sg-other", "vpc-1", "-1 - 0.0.0.0/0,::/0");
    vpc_add_security_group(vpc, "sg-9", "vpc-9", "-1 - 0.0.0.0/0,::/0");
    vpc_list_security_group(vpc, "functions", "sg-f");
    vpc_declare_outbound(vpc, "functions", "tcp", PORT(443), "0.0.0.0/0,::/0");
}
