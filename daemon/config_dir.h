/* config_dir.h - the config's files: DIR/vpc-reconciled.json (optional) and DIR/vpcs.d/ *.json. */
#pragma once

#include "vpc_reconciled/config.h"

#define CONFIG_FILES_MAX 1000 /* VPC files; more is an error, not a memory problem */

/* Reads and parses. -EINVAL: errors has at least one, unreadable files included. Config and errors
 * lie in the arena. */
int config_dir_load(struct arena *arena, const char *path, struct config **ret_config,
                    struct config_errors *ret_errors);
