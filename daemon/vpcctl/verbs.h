/* verbs.h - what the verbs of vpcctl do. Each returns the exit status. */
#pragma once

#include "command_line.h"

int verb_check(const struct command_line *line);
int verb_advise(const struct command_line *line);
int verb_explain(const struct command_line *line);
int verb_iam(const struct command_line *line);
int verb_plan(const struct command_line *line);
