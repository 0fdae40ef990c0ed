/* The action table and its shapes: each row is consistent with itself, and every member of every
 * shape survives the way out and back with a value of its own. That names and kinds are AWS's is
 * tests/conformance/'s to say. */
#include "vpc_reconciled/ec2.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- values ---- */

static void *at(const struct wire_field *field, void *object)
{
    return (char *)object + field->offset;
}

static struct prefix value_prefix(const char *name, unsigned n)
{
    struct prefix prefix;
    char text[PREFIX_TEXT_SIZE];

    if (strstr(name, "pv6"))
        snprintf(text, sizeof(text), "2001:db8:%x::/64", n);
    else
        snprintf(text, sizeof(text), "10.%u.%u.0/24", n / 256, n % 256);
    assert_int_equal(prefix_parse(text, &prefix), 0);
    return prefix;
}

/* No two members get the same text, and all of it wants escaping somewhere. */
static void fill(struct arena *arena, const struct wire_shape *shape, void *object, unsigned *n)
{
    for (unsigned i = 0; i < shape->n_fields; i++) {
        const struct wire_field *field = &shape->fields[i];
        void *member = at(field, object);

        ++*n;
        switch (field->kind) {
        case WIRE_TEXT:
            *(const char **)member = arena_printf(arena, "%u <a&b> \"\xe3\x81\x82\" 100%%+=;", *n);
            break;
        case WIRE_BOOL:
            *(uint8_t *)member = *n % 2 ? WIRE_TRUE : WIRE_FALSE;
            break;
        case WIRE_INT:
            *(struct wire_int *)member = (struct wire_int){*n, true};
            break;
        case WIRE_ENUM: {
            const struct wire_enum *words = field->type;

            *(uint8_t *)member = (uint8_t)(2 + *n % words->n);
            break;
        }
        case WIRE_PREFIX:
            *(struct prefix *)member = value_prefix(field->name, *n);
            break;
        case WIRE_GROUP:
            fill(arena, field->type, member, n);
            break;
        case WIRE_LIST: {
            struct wire_any_list *list = member;
            const struct wire_shape *item = field->type;

            *list = (struct wire_any_list){arena_alloc(arena, 2 * item->size), 2, true};
            fill(arena, item, list->items, n);
            fill(arena, item, (char *)list->items + item->size, n);
            break;
        }
        case WIRE_TEXTS: {
            struct wire_texts *texts = member;

            *texts = (struct wire_texts){ARENA_ARRAY(arena, const char *, 2), 2, true};
            texts->items[0] = arena_printf(arena, "%u.1", *n);
            texts->items[1] = arena_printf(arena, "%u.2 &", *n);
            break;
        }
        default:
            fail_msg("%s has kind %u", field->name, field->kind);
        }
    }
}

static void assert_same(const struct wire_shape *shape, void *a, void *b, const char *action)
{
    for (unsigned i = 0; i < shape->n_fields; i++) {
        const struct wire_field *field = &shape->fields[i];
        void *x = at(field, a), *y = at(field, b);
        bool same = true;

        switch (field->kind) {
        case WIRE_TEXT:
            same = text_equal(*(const char **)x, *(const char **)y);
            break;
        case WIRE_BOOL:
        case WIRE_ENUM:
            same = *(uint8_t *)x == *(uint8_t *)y;
            break;
        case WIRE_INT:
            same = ((struct wire_int *)x)->value == ((struct wire_int *)y)->value &&
                   ((struct wire_int *)y)->set;
            break;
        case WIRE_PREFIX:
            same = prefix_equal(x, y);
            break;
        case WIRE_GROUP:
            assert_same(field->type, x, y, action);
            break;
        case WIRE_LIST: {
            struct wire_any_list *left = x, *right = y;
            const struct wire_shape *item = field->type;

            same = left->n == right->n;
            for (size_t k = 0; same && k < left->n; k++)
                assert_same(item, (char *)left->items + k * item->size,
                            (char *)right->items + k * item->size, action);
            break;
        }
        case WIRE_TEXTS: {
            struct wire_texts *left = x, *right = y;

            same = left->n == right->n;
            for (size_t k = 0; same && k < left->n; k++)
                same = text_equal(left->items[k], right->items[k]);
            break;
        }
        default:
            same = false;
        }
        if (!same)
            fail_msg("%s: %s of %s does not come back", action, field->name, shape->name);
    }
}

/* ---- round trips ---- */

static size_t size_of_request(const struct ec2_action_row *row)
{
    return row->describe ? sizeof(struct ec2_describe_request) : sizeof(struct ec2_change_request);
}

static size_t size_of_reply(const struct ec2_action_row *row)
{
    return row->describe ? sizeof(struct ec2_describe_reply) : sizeof(struct ec2_change_reply);
}

/* first: bools and words rest on whether a member's number is even, so both ways round. */
static void request_there_and_back(enum ec2_action action, unsigned first)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf body = {0};
    const struct ec2_action_row *row = &ec2_action_table[action];
    void *sent = arena_alloc(arena, size_of_request(row));
    void *received = arena_alloc(arena, size_of_request(row));
    struct wire_error error = {0};
    unsigned n = first;

    fill(arena, row->request, sent, &n);
    assert_int_equal(ec2_request_encode(&body, action, sent, false), 0);
    if (wire_query_decode(arena, row->request, body.data, body.n, NULL, received, &error) < 0)
        fail_msg("%s: %s", row->name, error.message);
    assert_same(row->request, sent, received, row->name);
}

static void reply_there_and_back(enum ec2_action action, unsigned first)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf xml = {0};
    const struct ec2_action_row *row = &ec2_action_table[action];
    void *sent = arena_alloc(arena, size_of_reply(row));
    void *received = arena_alloc(arena, size_of_reply(row));
    struct aws_error aws_error;
    struct wire_error error = {0};
    struct ec2_decoder *decoder;
    unsigned n = first;

    fill(arena, row->reply, sent, &n);
    buf_printf(&xml, "<%sResponse xmlns=\"http://ec2.amazonaws.com/doc/%s/\">", row->name,
               row->version);
    wire_xml_encode(&xml, row->reply, sent);
    buf_printf(&xml, "</%sResponse>", row->name);
    decoder = ec2_decoder_new(arena, action, 200, received, &aws_error, 1 << 20);
    if (ec2_decoder_feed(decoder, xml.data, xml.n, true, &error) < 0)
        fail_msg("%s: %s", row->name, error.message);
    ec2_decoder_free(decoder);
    assert_same(row->reply, sent, received, row->name);
}

/* No reply travels as parameters; a part with an offset of its own must survive there all the same.
 */
static void reply_as_parameters(enum ec2_action action)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf body = {0};
    const struct ec2_action_row *row = &ec2_action_table[action];
    void *sent = arena_alloc(arena, size_of_reply(row));
    void *received = arena_alloc(arena, size_of_reply(row));
    struct wire_error error = {0};
    unsigned n = 0;

    fill(arena, row->reply, sent, &n);
    wire_query_encode(&body, row->reply, sent);
    if (wire_query_decode(arena, row->reply, body.data, body.n, NULL, received, &error) < 0)
        fail_msg("%s: %s", row->name, error.message);
    assert_same(row->reply, sent, received, row->name);
}

static void test_requests_round_trip(void **state)
{
    (void)state;
    for (unsigned action = 0; action < EC2_ACTION_COUNT; action++)
        for (unsigned first = 0; first < 6; first++)
            request_there_and_back(action, first);
}

static void test_replies_round_trip(void **state)
{
    (void)state;
    for (unsigned action = 0; action < EC2_ACTION_COUNT; action++)
        reply_as_parameters(action);
    for (unsigned action = 0; action < EC2_ACTION_COUNT; action++)
        for (unsigned first = 0; first < 6; first++)
            reply_there_and_back(action, first);
}

/* ---- shapes ---- */

static unsigned walk(const char *action, const struct wire_shape *shape, size_t base, size_t size,
                     size_t *offsets, unsigned n)
{
    for (unsigned i = 0; i < shape->n_fields; i++) {
        const struct wire_field *field = &shape->fields[i];
        size_t offset = base + field->offset;

        for (unsigned k = 0; k < i; k++)
            if (text_equal(field->name, shape->fields[k].name) ||
                text_equal(field->name, shape->fields[k].alias))
                fail_msg("%s: %s has %s twice", action, shape->name, field->name);
        if (field->kind == WIRE_GROUP) {
            const struct wire_shape *inner = field->type;

            if (offset + inner->size > base + size)
                fail_msg("%s: %s reaches beyond its struct", action, field->name);
            n = walk(action, inner, offset, inner->size, offsets, n);
            continue;
        }
        if (field->kind == WIRE_LIST) {
            size_t of_items[64];
            const struct wire_shape *item = field->type;

            walk(action, item, 0, item->size, of_items, 0);
        }
        for (unsigned k = 0; k < n; k++)
            if (offsets[k] == offset)
                fail_msg("%s: two rows fill the member of %s", action, field->name);
        assert_true(n < 64 && offset < base + size);
        offsets[n++] = offset;
    }
    return n;
}

/* Two rows for one member would hide each other's value. */
static void test_each_member_has_one_row(void **state)
{
    (void)state;
    for (unsigned action = 0; action < EC2_ACTION_COUNT; action++) {
        const struct ec2_action_row *row = &ec2_action_table[action];
        size_t offsets[64];

        assert_int_equal(row->request->size, size_of_request(row));
        assert_int_equal(row->reply->size, size_of_reply(row));
        walk(row->name, row->request, 0, row->request->size, offsets, 0);
        walk(row->name, row->reply, 0, row->reply->size, offsets, 0);
    }
}

/* ---- rows ---- */

static const struct wire_field *find(const struct wire_shape *shape, const char *name)
{
    for (unsigned i = 0; i < shape->n_fields; i++)
        if (text_equal(shape->fields[i].name, name))
            return &shape->fields[i];
    return NULL;
}

static void holds(bool holds, const struct ec2_action_row *row, const char *what)
{
    if (!holds)
        fail_msg("%s: %s", row->name, what);
}

static void check_row(enum ec2_action action, const struct ec2_action_row *row)
{
    bool sts = action == STS_GET_CALLER_IDENTITY || action == STS_ASSUME_ROLE ||
               action == STS_ASSUME_ROLE_WITH_WEB_IDENTITY;
    bool get = text_starts_with(row->name, "Get") && !sts;
    /* Two Describes answer one thing, not a list. */
    bool one = action == EC2_DESCRIBE_VPC_ATTRIBUTE ||
               action == EC2_DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS;
    const struct wire_field *list = find(row->reply, row->list);
    enum ec2_action found = EC2_NO_ACTION;
    char iam[80];

    snprintf(iam, sizeof(iam), "%s:%s", row->service, row->name);
    holds(ec2_action_find(row->name, &found) == 0 && found == action, row, "is found by its name");
    holds(text_equal(row->iam, iam), row, "permission");
    holds(text_equal(row->service, sts ? "sts" : "ec2"), row, "service");
    holds(row->bucket < EC2_BUCKET_COUNT, row, "bucket");
    holds(row->dry_run == !!find(row->request, "DryRun"), row, "dry_run");
    holds(row->client_token == !!find(row->request, "ClientToken"), row, "client_token");
    holds(!!row->makes == !!find(row->request, "TagSpecification"), row, "makes");
    holds((row->page_max > 0) == !!find(row->request, "MaxResults"), row, "MaxResults");
    holds((row->page_max > 0) == !!find(row->request, "NextToken"), row, "NextToken");
    holds((row->page_max > 0) == !!find(row->reply, "nextToken"), row, "nextToken");
    holds(row->describe == (get || text_starts_with(row->name, "Describe")), row, "describe");
    holds(row->mutates == (!row->describe && !sts), row, "mutates");
    holds(!!row->list == (row->describe && !one), row, "list");
    if (row->list)
        holds(list && list->kind == WIRE_LIST && list->offset == row->list_offset, row,
              "list_offset");
}

static void test_rows_agree_with_their_shapes(void **state)
{
    (void)state;
    for (unsigned action = 0; action < EC2_ACTION_COUNT; action++) {
        assert_non_null(ec2_action_table[action].name);
        check_row(action, &ec2_action_table[action]);
    }
}

static void test_names_that_no_row_has(void **state)
{
    static const char *const names[] = {"", "describevpcs", "DescribeVpc", "RunInstances", NULL};
    enum ec2_action found = EC2_CREATE_VPC;

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(names); i++)
        assert_int_equal(ec2_action_find(names[i], &found), -ENOENT);
    assert_int_equal(found, EC2_CREATE_VPC);
}

/* aws-facts 1.6, 1.7, 3.1: what an idempotent client rests on, by name and not by the model. */
static void test_what_the_facts_say(void **state)
{
    static const enum ec2_action no_dry_run[] = {
        EC2_MODIFY_SUBNET_ATTRIBUTE,        EC2_MODIFY_VPC_ATTRIBUTE,
        EC2_ASSOCIATE_SUBNET_CIDR_BLOCK,    EC2_ASSOCIATE_VPC_CIDR_BLOCK,
        EC2_DISASSOCIATE_SUBNET_CIDR_BLOCK, EC2_DISASSOCIATE_VPC_CIDR_BLOCK,
    };
    static const enum ec2_action no_token[] = {
        EC2_ALLOCATE_ADDRESS,
        EC2_CREATE_INTERNET_GATEWAY,
        EC2_CREATE_SUBNET,
        EC2_ATTACH_INTERNET_GATEWAY,
        EC2_CREATE_ROUTE,
        EC2_REPLACE_ROUTE,
        EC2_DELETE_ROUTE,
        EC2_ASSOCIATE_ROUTE_TABLE,
        EC2_CREATE_TAGS,
        EC2_DELETE_NAT_GATEWAY,
        EC2_MODIFY_SUBNET_ATTRIBUTE,
        EC2_ASSOCIATE_VPC_CIDR_BLOCK,
        EC2_MODIFY_VPC_ENDPOINT,
        EC2_AUTHORIZE_SECURITY_GROUP_EGRESS,
        EC2_AUTHORIZE_SECURITY_GROUP_INGRESS,
        EC2_CREATE_SECURITY_GROUP,
    };
    static const enum ec2_action token[] = {EC2_CREATE_NAT_GATEWAY, EC2_CREATE_ROUTE_TABLE,
                                            EC2_CREATE_EGRESS_ONLY_INTERNET_GATEWAY,
                                            EC2_CREATE_VPC_ENDPOINT, EC2_CREATE_NETWORK_ACL};
    static const struct {
        enum ec2_action action;
        enum ec2_bucket bucket;
    } buckets[] = {
        {EC2_DESCRIBE_VPCS, EC2_BUCKET_NON_MUTATING},
        {EC2_CREATE_ROUTE, EC2_BUCKET_MUTATING},
        {EC2_CREATE_NAT_GATEWAY, EC2_BUCKET_NAT_GATEWAY},
        {EC2_DELETE_NAT_GATEWAY, EC2_BUCKET_NAT_GATEWAY},
        {EC2_CREATE_TAGS, EC2_BUCKET_TAGS},
        {EC2_DELETE_TAGS, EC2_BUCKET_TAGS},
        {STS_GET_CALLER_IDENTITY, EC2_BUCKET_STS},
        {EC2_DESCRIBE_SECURITY_GROUPS, EC2_BUCKET_NON_MUTATING},
        {EC2_GET_MANAGED_PREFIX_LIST_ENTRIES, EC2_BUCKET_NON_MUTATING},
        {EC2_CREATE_VPC_ENDPOINT, EC2_BUCKET_VPC_ENDPOINT},
        {EC2_MODIFY_VPC_ENDPOINT, EC2_BUCKET_VPC_ENDPOINT},
        {EC2_DELETE_VPC_ENDPOINTS, EC2_BUCKET_VPC_ENDPOINT},
        {EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, EC2_BUCKET_MUTATING},
        {EC2_AUTHORIZE_SECURITY_GROUP_INGRESS, EC2_BUCKET_RESOURCE_INTENSIVE},
        {EC2_REVOKE_SECURITY_GROUP_EGRESS, EC2_BUCKET_MUTATING},
        {EC2_REVOKE_SECURITY_GROUP_INGRESS, EC2_BUCKET_RESOURCE_INTENSIVE},
        {EC2_MODIFY_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS, EC2_BUCKET_MUTATING},
    };
    static const struct {
        enum ec2_action action;
        unsigned max;
    } pages[] = {
        {EC2_DESCRIBE_ROUTE_TABLES, 100},
        {EC2_DESCRIBE_EGRESS_ONLY_INTERNET_GATEWAYS, 255},
        {EC2_DESCRIBE_ADDRESSES, 0},
        {EC2_DESCRIBE_SECURITY_GROUPS, 1000},
        {EC2_DESCRIBE_NETWORK_ACLS, 1000},
        {EC2_DESCRIBE_VPC_ENDPOINTS, 1000},
        {EC2_DESCRIBE_VPC_ENDPOINT_SERVICES, 1000},
        {EC2_DESCRIBE_MANAGED_PREFIX_LISTS, 100},
        {EC2_GET_MANAGED_PREFIX_LIST_ENTRIES, 100},
        {EC2_DESCRIBE_VPC_BLOCK_PUBLIC_ACCESS_OPTIONS, 0},
    };
    static const struct {
        enum ec2_action action;
        const char *makes;
    } tagged[] = {
        {EC2_CREATE_NAT_GATEWAY, "natgateway"},
        {EC2_CREATE_VPC_ENDPOINT, "vpc-endpoint"},
        {EC2_CREATE_SECURITY_GROUP, "security-group"},
        {EC2_AUTHORIZE_SECURITY_GROUP_EGRESS, "security-group-rule"},
        {EC2_AUTHORIZE_SECURITY_GROUP_INGRESS, "security-group-rule"},
        {EC2_CREATE_NETWORK_ACL, "network-acl"},
        {EC2_REVOKE_SECURITY_GROUP_INGRESS, NULL},
        {EC2_MODIFY_VPC_ENDPOINT, NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(no_dry_run); i++)
        assert_false(ec2_action_table[no_dry_run[i]].dry_run);
    for (size_t i = 0; i < ARRAY_SIZE(no_token); i++)
        assert_false(ec2_action_table[no_token[i]].client_token);
    for (size_t i = 0; i < ARRAY_SIZE(token); i++)
        assert_true(ec2_action_table[token[i]].client_token);
    for (size_t i = 0; i < ARRAY_SIZE(buckets); i++)
        assert_int_equal(ec2_action_table[buckets[i].action].bucket, buckets[i].bucket);
    for (size_t i = 0; i < ARRAY_SIZE(pages); i++)
        assert_int_equal(ec2_action_table[pages[i].action].page_max, pages[i].max);
    for (size_t i = 0; i < ARRAY_SIZE(tagged); i++)
        assert_true(text_equal(ec2_action_table[tagged[i].action].makes, tagged[i].makes));
}

/* ---- small helpers ---- */

static void test_words(void **state)
{
    static const struct {
        const struct wire_enum *words;
        unsigned value;
        const char *word;
    } rows[] = {
        {&ec2_state_words, EC2_STATE_PENDING, "pending"},
        {&ec2_state_words, EC2_STATE_UNAVAILABLE, "unavailable"},
        {&ec2_attachment_state_words, EC2_ATTACHMENT_AVAILABLE, "available"},
        {&ec2_association_state_words, EC2_ASSOCIATION_FAILED, "failed"},
        {&ec2_route_state_words, EC2_ROUTE_BLACKHOLE, "blackhole"},
        {&ec2_route_state_words, EC2_ROUTE_FILTERED, "filtered"},
        {&ec2_route_origin_words, EC2_ORIGIN_CREATE_ROUTE_TABLE, "CreateRouteTable"},
        {&ec2_route_origin_words, EC2_ORIGIN_ADVERTISEMENT, "Advertisement"},
        {&ec2_connectivity_type_words, EC2_CONNECTIVITY_PRIVATE, "private"},
        {&ec2_availability_mode_words, EC2_AVAILABILITY_MODE_REGIONAL, "regional"},
        {&ec2_zone_state_words, EC2_ZONE_CONSTRAINED, "constrained"},
        {&ec2_state_words, EC2_STATE_ABSENT, "?"},
        {&ec2_state_words, EC2_STATE_UNKNOWN, "?"},
        {&ec2_state_words, 200, "?"},
        {&ec2_route_state_words, EC2_ROUTE_FILTERED + 1, "?"},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
        assert_string_equal(ec2_word(rows[i].words, (uint8_t)rows[i].value), rows[i].word);
}

static void test_tag_value(void **state)
{
    struct ec2_tag items[] = {{"Name", "orders"}, {"empty", ""}, {"bare", NULL}, {NULL, "x"}};
    const ec2_tags tags = {items, ARRAY_SIZE(items), true}, none = {0};

    (void)state;
    assert_string_equal(ec2_tag_value(&tags, "Name"), "orders");
    assert_string_equal(ec2_tag_value(&tags, "empty"), "");
    assert_string_equal(ec2_tag_value(&tags, "bare"), "");
    assert_null(ec2_tag_value(&tags, "name"));
    assert_null(ec2_tag_value(&none, "Name"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_requests_round_trip),
        cmocka_unit_test(test_replies_round_trip),
        cmocka_unit_test(test_each_member_has_one_row),
        cmocka_unit_test(test_rows_agree_with_their_shapes),
        cmocka_unit_test(test_names_that_no_row_has),
        cmocka_unit_test(test_what_the_facts_say),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_tag_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
