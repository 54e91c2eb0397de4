/* SPDX-License-Identifier: Apache-2.0 */
/* Functions by which the parts of doctor read the host. */
#include "observe/doctor.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/io.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *doctor_read_text(const char *path)
{
	struct text text;
	autofd fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);

	if (fd < 0)
		return NULL;
	int r = io_read_all(fd, 1 << 20, &text);

	if (r < 0) {
		errno = -r;
		return NULL;
	}
	return text.data;
}

char *doctor_read_line(const char *path)
{
	char *text = doctor_read_text(path);

	if (text)
		text[strcspn(text, "\n")] = 0;
	return text;
}

const char *doctor_read_path(const char *name)
{
	const char *env = getenv("PATH");
	const char *p = arena_printf("%s:/usr/local/sbin:/usr/sbin:/sbin", env ? env : "/usr/bin");

	for (;; p++) {
		size_t n = strcspn(p, ":");
		const char *path = arena_printf("%.*s/%s", (int)n, p, name);

		if (path[0] == '/' && access(path, X_OK) == 0)
			return path;
		p += n;
		if (!*p)
			return NULL;
	}
}
