/* vpcctl iam observe|repair: the IAM policy that the daemon's role needs, for the VPCs of --vpc or
 * else those of the config. */
#include "verbs.h"

#include <stdio.h>

#include "../config_dir.h"
#include "vpc_reconciled/iam.h"

#define POLICY_SIZE_MAX 6144

static const struct {
    const char *word;
    enum iam_policy policy;
} policy_table[] = {{"observe", IAM_OBSERVE}, {"repair", IAM_REPAIR}};

/* "*" where the config does not say: whose keys they are is known at run time only. */
static const char *account_of(const struct config *config, const struct config_target *target)
{
    for (size_t i = 0; i < config->n_accounts; i++)
        if (text_equal(config->accounts[i].name, target->account))
            return config->accounts[i].id;
    return "*";
}

static int vpcs_of_config(struct arena *arena, const struct command_line *line,
                          struct iam_vpcs *ret_vpcs)
{
    const char *directory =
        line->config_directory ? line->config_directory : CONFIG_DIRECTORY_DEFAULT;
    struct config_errors errors = {0};
    struct config *config;

    if (config_dir_load(arena, directory, &config, &errors) < 0) {
        fprintf(stderr,
                "vpcctl: the config in %s is wrong (vpcctl check says where); or name the VPCs "
                "with --vpc\n",
                directory);
        return -EINVAL;
    }
    ret_vpcs->owner = config->owner;
    ret_vpcs->arns.items = ARENA_ARRAY(arena, const char *, config->n_targets + 1);
    for (size_t i = 0; i < config->n_targets; i++) {
        const struct config_target *target = &config->targets[i];

        if (!target->vpc_id) {
            fprintf(stderr,
                    "vpcctl: %s: the VPC is named by a tag, and a policy needs its id: name all "
                    "VPCs with --vpc\n",
                    target->file);
            return -EINVAL;
        }
        ret_vpcs->arns.items[ret_vpcs->arns.n++] =
            arena_printf(arena, "arn:%s:ec2:%s:%s:vpc/%s", iam_partition(target->region),
                         target->region, account_of(config, target), target->vpc_id);
    }
    return 0;
}

/* As IAM counts them: without white space. */
static size_t characters(const struct buf *text)
{
    size_t n = 0;

    for (size_t i = 0; i < text->n; i++)
        n += text->data[i] != ' ' && text->data[i] != '\n';
    return n;
}

int verb_iam(const struct command_line *line)
{
    CLEANUP(arena_freep)
    struct arena *arena = arena_new();
    CLEANUP(buf_free)
    struct buf text = {0};
    struct iam_vpcs vpcs = {
        .arns = {.items = (const char **)(uintptr_t)line->vpcs, .n = line->n_vpcs},
        .owner = line->owner ? line->owner : "vpc-reconciled",
    };
    const char *error;
    size_t i = 0;

    while (!text_equal(line->word, policy_table[i].word))
        if (++i == ARRAY_SIZE(policy_table)) {
            fprintf(stderr, "vpcctl: iam: found \"%s\", expected observe or repair\n",
                    line->word ? line->word : "");
            return EXIT_STATUS_USAGE;
        }
    if (!line->n_vpcs && vpcs_of_config(arena, line, &vpcs) < 0)
        return EXIT_STATUS_CONFIG;
    if (iam_policy_write(arena, policy_table[i].policy, &vpcs, &text, &error) < 0) {
        fprintf(stderr, "vpcctl: iam: %s\n", error);
        return EXIT_STATUS_USAGE;
    }
    if (characters(&text) > POLICY_SIZE_MAX)
        fprintf(stderr,
                "vpcctl: iam: %zu characters, and IAM takes %d in a managed policy: print one for "
                "some of the VPCs each\n",
                characters(&text), POLICY_SIZE_MAX);
    fputs(buf_string(&text), stdout);
    return EXIT_STATUS_IN_SYNC;
}
