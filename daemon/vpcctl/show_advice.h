/* show_advice.h - advice on stdout: for people tables, for programs one JSON document. */
#pragma once

#include "vpc_reconciled/advise.h"

void show_advice_text(const struct advice *advice, bool colour);
struct json_writer;
/* One object. */
void show_advice_json(struct json_writer *writer, const struct advice *advice);
