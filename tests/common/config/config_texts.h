/* config_texts.h - texts of config files, for the tests of their parser. */
#pragma once

#include "vpc_reconciled/config.h"
#include "vpc_reconciled/json.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#define DIRECTORY TEST_SOURCE_DIR "/common/config/"
#define HEAD                                                                                       \
    "{\"name\": \"orders\", \"region\": \"ap-northeast-1\", \"vpc\": \"vpc-0a1b2c3d4e5f60718\",\n"

static inline void read_whole(const char *path, struct buf *text)
{
    FILE *file = fopen(path, "r");
    char piece[4096];
    size_t n;

    if (!file)
        fail_msg("%s: not there", path);
    while ((n = fread(piece, 1, sizeof(piece), file)) > 0)
        buf_add(text, piece, n);
    fclose(file);
}
