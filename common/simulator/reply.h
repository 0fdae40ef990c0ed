/* reply.h - answers as XML; private to common/simulator/. */
#pragma once

#include "call.h"

/* What the call came to, or its error: fills status, body and code. sts: in the dialect of STS. */
void reply_write(struct call *call, bool sts, struct simulator_response *response);
/* An error of its own, with the status of its code. */
void reply_error(struct buf *body, bool sts, const char *code, const char *message,
                 const char *request_id);
