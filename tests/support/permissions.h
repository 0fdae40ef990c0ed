/* permissions.h - the daemon under the shipped IAM policies, and everybody else under none.
 *
 * Policies are those that iam_policy_write() writes for the VPCs of the trial's configs:
 * tests/common/iam/ holds that packaging/iam/ has the same. With TRIAL_PERMISSIONS in the
 * environment every trial of the program runs so. */
#pragma once

#include "support/trial.h"

enum trial_permissions {
    PERMISSIONS_ALL, /* no policy */
    PERMISSIONS_OBSERVE,
    PERMISSIONS_REPAIR, /* beside the other */
};

/* Before a call of the daemon's, and of anybody else's. */
void permissions_put_on(struct trial *trial);
void permissions_take_off(struct trial *trial);
/* By the environment. */
enum trial_permissions permissions_default(void);
