/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the search for a program. It is done here and not by execvp(3), which would try each
 * directory under the filter that is to be examined.
 */
#include "cmd/seccomp/lookup.h"

#include "base/arena.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool is_executable(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && access(path, X_OK) == 0;
}

const char *lookup_program(const char *name)
{
	const char *dirs = getenv("PATH");

	if (strchr(name, '/'))
		return name;
	if (!dirs)
		dirs = "/usr/bin:/bin";
	for (;;) {
		size_t n = strcspn(dirs, ":");
		const char *path = n ? arena_printf("%.*s/%s", (int)n, dirs, name) : name;

		if (is_executable(path))
			return path;
		if (!dirs[n])
			return NULL;
		dirs += n + 1;
	}
}
