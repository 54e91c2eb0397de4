/* SPDX-License-Identifier: Apache-2.0 */
/* The release build has no fault injection and reads no environment variable for it. */
#include "base/fault.h"

int fault_step(const char *name not_used)
{
	return 0;
}
