/* error.h - the error table, for its test; private to common/ec2/. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct ec2_error_row {
    const char *code;    /* <Code> of the reply */
    uint8_t error_class; /* enum ec2_error_class */
};
extern const struct ec2_error_row ec2_error_table[];
extern const size_t ec2_n_error_rows;
