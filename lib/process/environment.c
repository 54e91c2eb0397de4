/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the environment of the program and the removal of the caller's.
 *
 * HOME comes from the image's /etc/passwd. The file is searched by uid only, never for the id of a
 * name (CVE-2016-3697). The caller's environment is overwritten before anybody in the container can
 * read this process's memory, because an engine may keep passwords there.
 */
#include "process/environment.h"
#include "process/final.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/num.h"
#include "base/path.h"
#include "channel/box.h"
#include "plan/plan.h"

#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PASSWD_MAX = 4 << 20 };

/* Returns the n-th field, from 0, of a line "name:password:uid:gid:comment:home:shell". */
static const char *passwd_field(const char *line, unsigned int n)
{
	for (; n; n--) {
		line += strcspn(line, ":\n");
		if (*line++ != ':')
			return "";
	}
	return arena_memdup(line, strcspn(line, ":\n"));
}

static const char *home_of(const char *passwd, uid_t uid)
{
	for (const char *line = passwd; *line;) {
		uint32_t id;

		if (num_parse_u32(passwd_field(line, 2), &id) == 0 && id == uid) {
			const char *home = passwd_field(line, 5);

			return *home ? home : "/";
		}
		line += strcspn(line, "\n");
		line += *line == '\n';
	}
	return "/";
}

static const char *find_home(const struct box *box)
{
	struct text text;
	struct stat st;
	autofd fd = path_open(box->root, "/etc/passwd", O_RDONLY | O_NONBLOCK | O_NOCTTY);

	/* A missing file, a FIFO or a file without end counts as no entry for the user. */
	if (fd < 0 || fstat(fd, &st) < 0 || !S_ISREG(st.st_mode) ||
	    io_read_all(fd, PASSWD_MAX, &text) < 0)
		return "/";
	return home_of(text.data, box->plan->process.uid);
}

int environment_make(void *ctx)
{
	struct box *box = ctx;
	const struct plan_process *p = &box->plan->process;
	size_t n = 0;

	box->final->envp = p->envp;
	if (!p->add_home)
		return 0;
	while (p->envp[n])
		n++;
	char **envp = arena_array(n + 2, sizeof(*envp));

	memcpy(envp, p->envp, n * sizeof(*envp));
	envp[n] = arena_printf("HOME=%s", find_home(box));
	box->final->envp = envp;
	return 0;
}

void environment_forget(void)
{
	for (char **e = environ; e && *e; e++)
		explicit_bzero(*e, strlen(*e));
	environ = NULL;
}
