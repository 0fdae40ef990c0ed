/* The policies, from the rows: actions that touch resources of one type, tied to the VPC in one
 * way, are one statement, so that none allows a pair of action and resource that no row has. */
#include <stdio.h>

#include "vpc_reconciled/iam.h"
#include "vpc_reconciled/json.h"

#define KEY_OWNER "aws:RequestTag/vpc-reconciled:owner" /* model.h: TAG_OWNER */

struct arn {
    const char *partition, *region, *account, *vpc_id;
};

struct writing {
    struct arena *arena;
    const struct iam_vpcs *vpcs;
    enum iam_policy policy;
    const char *partition;
    struct texts regions, owners; /* of the VPCs; what our owner tag says */
    struct json_writer writer;
};

struct set { /* of actions */
    bool has[EC2_ACTION_COUNT];
    size_t n;
};

/* ---- ARNs ---- */

static bool is_made_of(const char *text, const char *characters)
{
    return *text && strspn(text, characters) == strlen(text);
}

static int arn_read(struct arena *arena, const char *text, struct arn *ret_arn)
{
    static const char region_characters[] = "abcdefghijklmnopqrstuvwxyz0123456789-";
    const char *parts[6], *id;

    for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
        size_t n = i + 1 < ARRAY_SIZE(parts) ? strcspn(text, ":") : strlen(text);

        parts[i] = arena_strndup(arena, text, n);
        text += n + (text[n] == ':');
    }
    id = text_starts_with(parts[5], "vpc/vpc-") ? parts[5] + strlen("vpc/") : NULL;
    if (!text_equal(parts[0], "arn") || !text_equal(parts[2], "ec2") || !id ||
        !is_made_of(parts[3], region_characters) ||
        !text_equal(parts[1], iam_partition(parts[3])) ||
        (!text_equal(parts[4], "*") &&
         !(strlen(parts[4]) == 12 && is_made_of(parts[4], "0123456789"))) ||
        !is_made_of(id + strlen("vpc-"), "0123456789abcdef"))
        return -EINVAL;
    *ret_arn = (struct arn){parts[1], parts[3], parts[4], id};
    return 0;
}

static void add_new(struct texts *texts, const char *text)
{
    if (!texts_contain(texts, text))
        texts->items[texts->n++] = text;
}

static int read_vpcs(struct writing *w, const char **reterr)
{
    const struct texts *arns = &w->vpcs->arns;

    w->regions.items = ARENA_ARRAY(w->arena, const char *, arns->n);
    w->owners.items = ARENA_ARRAY(w->arena, const char *, arns->n);
    for (size_t i = 0; i < arns->n; i++) {
        struct arn arn;

        if (arn_read(w->arena, arns->items[i], &arn) < 0) {
            *reterr = arena_printf(w->arena,
                                   "found \"%s\", expected a VPC's ARN such as "
                                   "arn:aws:ec2:ap-northeast-1:111122223333:vpc/"
                                   "vpc-0a1b2c3d4e5f60718",
                                   arns->items[i]);
            return -EINVAL;
        }
        if (w->partition && !text_equal(w->partition, arn.partition)) {
            *reterr = arena_printf(w->arena, "%s is of another partition than %s: a policy each",
                                   arns->items[i], arns->items[0]);
            return -EINVAL;
        }
        w->partition = arn.partition;
        add_new(&w->regions, arn.region);
        add_new(&w->owners, arena_printf(w->arena, "%s/%s", w->vpcs->owner, arn.vpc_id));
    }
    if (!arns->n) {
        *reterr = "no VPC is named";
        return -EINVAL;
    }
    return 0;
}

/* ---- statements ---- */

static void write_texts(struct writing *w, const char *key, const struct texts *texts)
{
    json_key(&w->writer, key);
    json_begin(&w->writer, '[');
    for (size_t i = 0; i < texts->n; i++)
        json_string(&w->writer, texts->items[i]);
    json_end(&w->writer, ']');
}

static void begin_statement(struct writing *w, const char *sid)
{
    json_begin(&w->writer, '{');
    json_text_member(&w->writer, "Sid", sid);
    json_text_member(&w->writer, "Effect", "Allow");
}

static void write_actions(struct writing *w, const struct set *set)
{
    json_key(&w->writer, "Action");
    json_begin(&w->writer, '[');
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        if (set->has[i])
            json_string(&w->writer, ec2_action_table[i].iam);
    json_end(&w->writer, ']');
}

static const char *any_of(struct writing *w, enum iam_type type)
{
    return arena_printf(w->arena, "arn:%s:ec2:*:*:%s/*", w->partition, iam_type_name(type));
}

static void condition(struct writing *w, const char *test, const char *key,
                      const struct texts *values)
{
    json_key(&w->writer, test);
    json_begin(&w->writer, '{');
    write_texts(w, key, values);
    json_end(&w->writer, '}');
}

static void end_statement(struct writing *w, enum iam_bound bound)
{
    if (bound != IAM_THE_VPC) { /* its ARN says all */
        json_key(&w->writer, "Condition");
        json_begin(&w->writer, '{');
        if (bound == IAM_MADE)
            condition(w, "StringEquals", KEY_OWNER, &w->owners);
        else if (bound == IAM_IN_VPC) /* ARNs, in which an account may be "*" */
            condition(w, "ArnEquals", "ec2:Vpc", &w->vpcs->arns);
        else
            condition(w, "StringEquals", "ec2:Region", &w->regions);
        json_end(&w->writer, '}');
    }
    json_end(&w->writer, '}');
}

static bool is_of(const struct writing *w, size_t action)
{
    return iam_table[action].sent && ec2_action_table[action].mutates == (w->policy == IAM_REPAIR);
}

static struct set actions_on(const struct writing *w, enum iam_type type, enum iam_bound bound)
{
    struct set set = {0};

    for (size_t i = 0; i < EC2_ACTION_COUNT; i++) {
        const struct iam_row *row = &iam_table[i];

        for (size_t k = 0; is_of(w, i) && k < row->n_resources; k++)
            if (row->resources[k].type == type && row->resources[k].bound == bound) {
                set.has[i] = true;
                set.n++;
            }
    }
    return set;
}

static const char *sid(struct writing *w, enum iam_bound bound, unsigned n)
{
    static const char *const heads[IAM_BOUND_COUNT] = {[IAM_MADE] = "MakeTagged",
                                                       [IAM_THE_VPC] = "TheVpc",
                                                       [IAM_IN_VPC] = "InVpc",
                                                       [IAM_UNBOUND] = "InRegion"};

    return n == 1 ? heads[bound] : arena_printf(w->arena, "%s%u", heads[bound], n);
}

struct group {
    struct set actions;
    bool types[IAM_TYPE_COUNT];
};

/* Would the statement allow an action on a type that its row ties to the VPC in another way? What
 * no row has may stand there: no such call exists. */
static bool is_exact(const struct group *group, enum iam_bound bound)
{
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        for (size_t k = 0; group->actions.has[i] && k < iam_table[i].n_resources; k++) {
            const struct iam_resource *resource = &iam_table[i].resources[k];

            if (group->types[resource->type] && resource->bound != bound)
                return false;
        }
    return true;
}

static struct group grown(const struct group *group, enum iam_type type, const struct set *more)
{
    struct group larger = *group;

    larger.types[type] = true;
    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        larger.actions.has[i] |= more->has[i];
    return larger;
}

static void write_group(struct writing *w, const struct group *group, enum iam_bound bound,
                        unsigned n)
{
    struct texts resources = {ARENA_ARRAY(w->arena, const char *, IAM_TYPE_COUNT), 0};

    for (enum iam_type type = 0; type < IAM_TYPE_COUNT; type++)
        if (group->types[type])
            resources.items[resources.n++] = any_of(w, type);
    begin_statement(w, sid(w, bound, n));
    write_actions(w, &group->actions);
    write_texts(w, "Resource", bound == IAM_THE_VPC ? &w->vpcs->arns : &resources);
    end_statement(w, bound);
}

/* As few statements as stay exact: IAM takes 6,144 characters, and each repeats the VPCs. */
static void write_bound(struct writing *w, enum iam_bound bound)
{
    bool done[IAM_TYPE_COUNT] = {0};
    unsigned n = 0;

    for (enum iam_type first = 0; first < IAM_TYPE_COUNT; first++) {
        struct group group = {0};

        for (enum iam_type type = first; type < IAM_TYPE_COUNT; type++) {
            const struct set set = actions_on(w, type, bound);
            const struct group larger = grown(&group, type, &set);

            if (done[type] || !set.n || (type != first && !group.types[first]) ||
                !is_exact(&larger, bound))
                continue;
            group = larger;
            done[type] = true;
        }
        if (group.types[first])
            write_group(w, &group, bound, ++n);
    }
}

/* Tags may be set by those calls that make what they tag, and on nothing that is there. */
static void write_tagging(struct writing *w)
{
    struct texts resources = {ARENA_ARRAY(w->arena, const char *, IAM_TYPE_COUNT), 0};
    struct texts calls = {ARENA_ARRAY(w->arena, const char *, EC2_ACTION_COUNT), 0};

    for (enum iam_type type = 0; type < IAM_TYPE_COUNT; type++) {
        const struct set set = actions_on(w, type, IAM_MADE);

        if (set.n)
            resources.items[resources.n++] = any_of(w, type);
        for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
            if (set.has[i])
                calls.items[calls.n++] = ec2_action_table[i].name;
    }
    begin_statement(w, "TagWhatIsMade");
    json_text_member(&w->writer, "Action", ec2_action_table[EC2_CREATE_TAGS].iam);
    write_texts(w, "Resource", &resources);
    json_key(&w->writer, "Condition");
    json_begin(&w->writer, '{');
    json_key(&w->writer, "StringEquals");
    json_begin(&w->writer, '{');
    write_texts(w, KEY_OWNER, &w->owners);
    write_texts(w, "ec2:CreateAction", &calls);
    json_end(&w->writer, '}');
    json_end(&w->writer, '}');
    json_end(&w->writer, '}');
}

static void write_reads(struct writing *w)
{
    struct set set = {0};

    for (size_t i = 0; i < EC2_ACTION_COUNT; i++)
        set.has[i] = is_of(w, i) && iam_table[i].n_resources == 0;
    begin_statement(w, "Read");
    write_actions(w, &set);
    json_text_member(&w->writer, "Resource", "*"); /* they know no narrower one */
    end_statement(w, IAM_UNBOUND);
    begin_statement(w, "ReadCapacityProviders"); /* Lambda has no row in the action table */
    json_text_member(&w->writer, "Action", "lambda:GetCapacityProvider");
    json_text_member(&w->writer, "Resource",
                     arena_printf(w->arena, "arn:%s:lambda:*:*:capacity-provider:*", w->partition));
    json_end(&w->writer, '}');
}

int iam_policy_write(struct arena *arena, enum iam_policy policy, const struct iam_vpcs *vpcs,
                     struct buf *buf, const char **reterr)
{
    struct writing w = {
        .arena = arena, .vpcs = vpcs, .policy = policy, .writer = {.buf = buf, .pretty = true}};

    if (read_vpcs(&w, reterr) < 0)
        return -EINVAL;
    json_begin(&w.writer, '{');
    json_text_member(&w.writer, "Version", "2012-10-17");
    json_key(&w.writer, "Statement");
    json_begin(&w.writer, '[');
    if (policy == IAM_OBSERVE)
        write_reads(&w);
    for (enum iam_bound bound = 0; bound < IAM_BOUND_COUNT; bound++)
        write_bound(&w, bound);
    if (policy == IAM_REPAIR)
        write_tagging(&w);
    json_end(&w.writer, ']');
    json_end(&w.writer, '}');
    buf_char(buf, '\n');
    return 0;
}
