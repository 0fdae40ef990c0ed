#include "support/permissions.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "vpc_reconciled/iam.h"

#define VPCS_MAX 4

enum trial_permissions permissions_default(void)
{
    return getenv("TRIAL_PERMISSIONS") ? PERMISSIONS_REPAIR : PERMISSIONS_ALL;
}

static void add_vpc(struct arena *arena, const char *config, struct texts *arns)
{
    const char *at = config ? strstr(config, "\"vpc\": \"vpc-") : NULL;

    if (!at)
        return;
    assert_true(arns->n < VPCS_MAX);
    at += strlen("\"vpc\": \"");
    arns->items[arns->n++] = arena_printf(arena, "arn:aws:ec2:ap-northeast-1:111122223333:vpc/%.*s",
                                          (int)strcspn(at, "\""), at);
}

static void add(struct trial *trial, const char *text)
{
    struct json_error error;

    if (simulator_add_policy(trial->simulator, text, strlen(text), &error) < 0)
        fail_msg("%u:%u: %s", error.place.line, error.place.column, error.message);
}

void permissions_put_on(struct trial *trial)
{
    static const enum iam_policy policies[] = {IAM_OBSERVE, IAM_REPAIR};
    CLEANUP(arena_freep)
    struct arena *arena = NULL;
    struct iam_vpcs vpcs = {.owner = "vpc-reconciled"};

    if (trial->permissions == PERMISSIONS_ALL || trial->permissions_are_on)
        return;
    arena = arena_new();
    vpcs.arns.items = ARENA_ARRAY(arena, const char *, VPCS_MAX);
    add_vpc(arena, trial->config_text, &vpcs.arns);
    add_vpc(arena, trial->second_text, &vpcs.arns);
    for (int i = 0; i < (int)trial->permissions; i++) {
        CLEANUP(buf_free)
        struct buf text = {0};
        const char *wrong;

        if (iam_policy_write(arena, policies[i], &vpcs, &text, &wrong) < 0)
            fail_msg("%s", wrong);
        add(trial, buf_string(&text));
    }
    if (trial->deny)
        add(trial, arena_printf(arena,
                                "{\"Version\": \"2012-10-17\", \"Statement\": {\"Effect\": "
                                "\"Deny\", \"Action\": \"%s\", \"Resource\": \"*\"}}",
                                trial->deny));
    trial->permissions_are_on = true;
}

void permissions_take_off(struct trial *trial)
{
    simulator_clear_policies(trial->simulator);
    trial->permissions_are_on = false;
}
