/* show.h - a plan on stdout: for people a table, for programs one JSON document. */
#pragma once

#include "findings.h"

/* exit_status: the daemon's. Anything but 0 and 2 means that it could not see everything, and the
 * text says so: an incomplete plan never looks like a complete one. */
void show_table(const struct findings *findings, int exit_status, bool colour);
void show_json(const struct findings *findings, int exit_status, bool pretty);
