/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds what will be executed, and HOME, inside the container. What must hold: an engine
 * hears at create, in the words that it knows, that the user's program is not there
 * (exit 127) or may not be executed (126). Ids are numbers: the image's /etc/passwd is read
 * for a home directory by uid only, never for an id by name (CVE-2016-3697).
 */
#include "box/inner.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/num.h"
#include "base/path.h"
#include "base/words.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PASSWD_MAX = 4 << 20 };

/* As execve(2) will see it: by path, from the working directory, with our effective ids and
 * capabilities. 0 or -errno. */
static int check_program(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	if (!S_ISREG(st.st_mode))
		return -EACCES;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

static int not_usable(const char *name, const char *path, int error)
{
	switch (error) {
	case ENOENT:
	case ENOTDIR:
		return fail(0, "exec: \"%s\": stat %s: " WORDS_NO_FILE, name, path);
	case EACCES:
	case EPERM:
		return fail(0, "exec: \"%s\": " WORDS_PERMISSION, name);
	case EISDIR:
		return fail(0, "exec: \"%s\": is a directory: " WORDS_PERMISSION, name);
	default:
		return fail(error, "exec: \"%s\"", name);
	}
}

/* execvp(3): an empty part is the working directory; what may not be executed is passed over,
 * but remembered. */
static int search(const char *name, const char *dirs, const char **ret)
{
	int refused = 0;

	for (const char *p = dirs, *end; *dirs; p = end + 1) {
		end = strchrnul(p, ':');
		const char *path = end == p ? arena_printf("./%s", name)
					    : arena_printf("%.*s/%s", (int)(end - p), p, name);
		int r = check_program(path);

		if (r == 0) {
			*ret = path;
			return 0;
		}
		if (r == -EACCES)
			refused = EACCES;
		if (!*end)
			break;
	}
	if (refused)
		return not_usable(name, name, refused);
	return fail(0, "exec: \"%s\": " WORDS_NOT_FOUND, name);
}

int program_find(void *ctx)
{
	struct box *box = ctx;
	const struct plan_process *p = &box->plan->process;
	const char *name = p->program ? p->program : p->argv[0];

	if (!strchr(name, '/'))
		return search(name, p->path_env, &box->final.path);
	int r = check_program(name);

	if (r < 0)
		return not_usable(name, name, -r);
	box->final.path = name;
	return 0;
}

/* Cuts the n-th field (from 0) of "name:password:uid:gid:comment:home:shell" out of a line. */
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

	/* Absent, a pipe, endless: then the image says nothing about the user. */
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

	box->final.envp = p->envp;
	if (!p->add_home)
		return 0;
	while (p->envp[n])
		n++;
	char **envp = arena_array(n + 2, sizeof(*envp));

	memcpy(envp, p->envp, n * sizeof(*envp));
	envp[n] = arena_printf("HOME=%s", find_home(box));
	box->final.envp = envp;
	return 0;
}
