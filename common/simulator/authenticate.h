/* authenticate.h - whose call is it; private to common/simulator/. */
#pragma once

#include "call.h"

/* What a request says about itself before anything is checked. */
struct credential_scope {
    const char *access_key_id, *region, *service; /* NULL: no well-formed Authorization */
};
void credential_scope_read(struct arena *arena, const struct simulator_request *request,
                           struct credential_scope *ret_scope);
/* -EINVAL: the call has failed with the code of EC2, or of STS when that is signed for. */
int authenticate(struct call *call, const struct simulator_request *request,
                 const struct credential_scope *scope);
