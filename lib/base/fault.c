/* SPDX-License-Identifier: Apache-2.0 */
/* For test builds: stops the runtime at a named step. Never part of a release build. */
#include "base/fault.h"

#include "base/err.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static bool asked(const char *variable, const char *name)
{
	const char *value = getenv(variable);

	return value && strcmp(value, name) == 0;
}

int fault_step(const char *name)
{
	if (getenv("TAMIS_STEPS")) /* tests learn the names from this */
		dprintf(STDERR_FILENO, "step: %s\n", name);
	if (asked("TAMIS_KILL_AT", name))
		raise(SIGKILL);
	if (asked("TAMIS_FAIL_AT", name))
		return fail(EIO, "stopped on request");
	return 0;
}
