/* wire_json.h - structs of the wire tables as JSON and back, with EC2's element names: lists are
 * arrays, groups objects, booleans booleans, numbers numbers, all else strings. Private to
 * common/simulator/. */
#pragma once

#include "vpc_reconciled/aws.h"
#include "vpc_reconciled/json.h"

/* -EINVAL: a name that no row has, a value of the wrong kind, a word that AWS does not have. */
int wire_json_load(struct arena *arena, const struct wire_shape *shape, const struct json *json,
                   void *object, struct json_error *reterr);
/* The object with its braces; absent members are left out. */
void wire_json_dump(struct json_writer *writer, const struct wire_shape *shape, const void *object);
/* For whoever refuses a value: always -EINVAL. */
int json_refuse(struct json_error *reterr, struct json_place place, const char *format, ...)
    PRINTF_LIKE(3, 4);
