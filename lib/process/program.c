/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the program that will be executed, inside the container. What must hold: an engine learns
 * at `create`, in the words that it knows, that the user's program does not exist (exit code 127)
 * or may not be executed (126).
 */
#include "process/program.h"
#include "process/final.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/path.h"
#include "base/words.h"
#include "channel/box.h"
#include "plan/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/*
 * Checks the file as execve(2) will: by path, from the working directory, with the current
 * effective ids and capabilities. Returns 0 or -errno.
 */
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
		return fail(0, "exec: \"%s\": " WORDS_IS_DIRECTORY ": " WORDS_PERMISSION, name);
	default:
		return fail(error, "exec: \"%s\"", name);
	}
}

/*
 * As execvp(3): an empty element of PATH is the working directory. A file that may not be executed
 * is skipped, but EACCES is returned if no other is found.
 */
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
		return search(name, p->path_env, &box->final->path);
	int r = check_program(name);

	if (r < 0)
		return not_usable(name, name, -r);
	box->final->path = name;
	return 0;
}
