/* rules.h - security group rules as text: "tcp 443:443 0.0.0.0/0,sg-a; -1 - ::/0". Protocol, ports
 * ("-": none), peers. */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h> /* after those three, as it wants */

#include "vpc_reconciled/ec2.h"

static inline struct prefix rules_prefix(const char *text)
{
    struct prefix prefix = {0};

    if (prefix_parse(text, &prefix) < 0)
        fail_msg("\"%s\" is no prefix", text);
    return prefix;
}

static inline void rules_read_one(struct arena *arena, const char *text,
                                  struct ec2_ip_permission *ret_permission)
{
    char protocol[16], ports[32], peers[200], *peer, *rest = NULL;

    assert_int_equal(sscanf(text, "%15s %31s %199s", protocol, ports, peers), 3);
    *ret_permission = (struct ec2_ip_permission){.ip_protocol = arena_strdup(arena, protocol)};
    if (strcmp(ports, "-") != 0) {
        long long from, to;

        assert_int_equal(sscanf(ports, "%lld:%lld", &from, &to), 2);
        ret_permission->from_port = (struct wire_int){from, true};
        ret_permission->to_port = (struct wire_int){to, true};
    }
    ret_permission->ip_ranges.items = ARENA_ARRAY(arena, struct ec2_ip_range, 8);
    ret_permission->ipv6_ranges.items = ARENA_ARRAY(arena, struct ec2_ipv6_range, 8);
    ret_permission->prefix_list_ids.items = ARENA_ARRAY(arena, struct ec2_prefix_list_id, 8);
    ret_permission->groups.items = ARENA_ARRAY(arena, struct ec2_user_id_group_pair, 8);
    for (peer = strtok_r(peers, ",", &rest); peer; peer = strtok_r(NULL, ",", &rest)) {
        const char *kept = arena_strdup(arena, peer);

        if (text_starts_with(kept, "pl-"))
            ret_permission->prefix_list_ids.items[ret_permission->prefix_list_ids.n++]
                .prefix_list_id = kept;
        else if (text_starts_with(kept, "sg-"))
            ret_permission->groups.items[ret_permission->groups.n++].group_id = kept;
        else if (strchr(kept, ':'))
            ret_permission->ipv6_ranges.items[ret_permission->ipv6_ranges.n++].cidr_ipv6 =
                rules_prefix(kept);
        else
            ret_permission->ip_ranges.items[ret_permission->ip_ranges.n++].cidr_ip =
                rules_prefix(kept);
    }
}

/* Room for a few more. */
static inline ec2_ip_permissions rules_read(struct arena *arena, const char *text)
{
    ec2_ip_permissions list = {.items = ARENA_ARRAY(arena, struct ec2_ip_permission, 16)};
    char *copy = arena_strdup(arena, text), *rest = NULL;

    for (char *one = strtok_r(copy, ";", &rest); one; one = strtok_r(NULL, ";", &rest)) {
        assert_true(list.n < 16);
        rules_read_one(arena, one, &list.items[list.n++]);
    }
    return list;
}
