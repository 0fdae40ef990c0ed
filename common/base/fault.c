#include "vpc_reconciled/fault.h"

#ifdef VPC_TEST_FAULTS
bool fault_on[FAULT_COUNT];
#else
static_assert(!FAULT(ONE_LOOK), "every rule holds in what is shipped");
#endif
