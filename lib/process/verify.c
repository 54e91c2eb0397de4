/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads from our own procfs what init has become and compares it with the plan: ids, groups, the
 * five capability sets, no_new_privs, the umask and the label.
 *
 * What must hold: no container starts after a call that succeeded without effect, or with an id
 * that means "no change" to the kernel. (With another runtime uid 4294967295 ran as root.)
 */
#include "process/verify.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/num.h"
#include "channel/box.h"
#include "channel/handles.h"
#include "channel/procfs.h"
#include "plan/plan.h"
#include "process/creds.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Returns the text after "\nname:\t", or NULL. */
static const char *field(const char *status, const char *name)
{
	const char *at = strstr(status, arena_printf("\n%s:\t", name));

	return at ? at + strlen(name) + 3 : NULL;
}

static int differs(const char *name, const char *found, const char *expected)
{
	char *line = arena_strdup(found ? found : "nothing");

	line[strcspn(line, "\n")] = 0;
	return fail(0, "%s: found %s, expected %s", name, line, expected);
}

/* Compares the real, effective, saved and file system id. */
static int check_ids(const char *status, const char *name, uint32_t id)
{
	const char *found = field(status, name);
	const char *want = arena_printf("%u\t%u\t%u\t%u\n", id, id, id, id);

	return found && strncmp(found, want, strlen(want)) == 0 ? 0 : differs(name, found, want);
}

static int check_set(const char *status, const char *name, uint64_t set)
{
	const char *found = field(status, name);
	const char *want = arena_printf("%016jx\n", (uintmax_t)set);

	return found && strncmp(found, want, strlen(want)) == 0 ? 0 : differs(name, found, want);
}

static int by_value(const void *a, const void *b)
{
	gid_t x = *(const gid_t *)a, y = *(const gid_t *)b;

	return (x > y) - (x < y);
}

/*
 * Reads the numbers after "Groups:\t". Each is followed by a blank; without groups there is only a
 * blank.
 */
static int scan_groups(const char *at, gid_t *ret, size_t max, size_t *ret_n)
{
	size_t n = 0;
	uint64_t gid;

	for (at += strspn(at, " "); *at && *at != '\n'; at += strspn(at, " ")) {
		if (n == max || num_scan_u64(at, &at, &gid) < 0 || gid > UINT32_MAX)
			return -EINVAL;
		ret[n++] = (gid_t)gid;
	}
	*ret_n = n;
	return 0;
}

/*
 * Compares the groups as multisets. The kernel keeps duplicates, but sorts the groups by their ids
 * in the initial user namespace, which /proc/PID/status and getgroups(2) do not show. If the id
 * maps are not in ascending order (Podman's keep-id), the numbers read here are not sorted either.
 */
static int check_groups(const struct box *box, const char *status)
{
	const struct plan_process *p = &box->plan->process;
	size_t n = p->n_groups, n_found;
	gid_t *want = arena_array(n + 1, sizeof(*want));
	gid_t *v = arena_array(n + 1, sizeof(*v));
	const char *found = field(status, "Groups");

	if (p->keep_groups || (n == 0 && creds_groups_denied(box)))
		return 0;
	if (!found || scan_groups(found, v, n, &n_found) < 0 || n_found != n)
		return differs("Groups", found, arena_printf("%zu groups", n));
	if (n)
		memcpy(want, p->groups, n * sizeof(*want));
	qsort(want, n, sizeof(*want), by_value);
	qsort(v, n, sizeof(*v), by_value);
	for (size_t i = 0; i < n; i++)
		if (v[i] != want[i])
			return differs("Groups", found, arena_printf("%u among them", want[i]));
	return 0;
}

static int check_caps(const struct box *box, const char *status)
{
	const struct plan *plan = box->plan;
	const struct plan_caps *caps = &plan->process.caps;
	const struct caps kept = creds_caps(plan);
	int r = check_set(status, "CapInh", kept.inheritable);

	if (r == 0)
		r = check_set(status, "CapPrm", kept.permitted);
	if (r == 0)
		r = check_set(status, "CapEff", kept.effective);
	if (r == 0)
		r = check_set(status, "CapBnd", caps->bounding);
	return r < 0 ? r : check_set(status, "CapAmb", caps->ambient);
}

static int check_flags(const struct plan_process *p, const char *status)
{
	const char *found = field(status, "NoNewPrivs");

	if (!found || *found != (p->no_new_privs ? '1' : '0'))
		return differs("NoNewPrivs", found, p->no_new_privs ? "1" : "0");
	const char *want = arena_printf("%04o\n", p->umask);

	found = field(status, "Umask");
	if (p->set_umask && !(found && strncmp(found, want, strlen(want)) == 0))
		return differs("Umask", found, want);
	return 0;
}

static int check_label(const struct box *box, const char *file, const char *label)
{
	struct text text;

	if (!label)
		return 0;
	int r = procfs_read(box->h->proc, file, &text);

	if (r < 0)
		return fail(-r, "read back the label from %s", file);
	size_t n = strlen(label);

	/*
	 * the label may be followed by " (enforce)", a newline or nothing, but not by more of a
	 * name
	 */
	if (strncmp(text.data, label, n) != 0 || !strchr(" \n", text.data[n]))
		return differs(file, text.data, label);
	return 0;
}

/* getcwd(2) returns "(unreachable)..." for a directory outside the root (CVE-2024-21626). */
static int check_cwd(void)
{
	char path[PATH_MAX];

	if (!getcwd(path, sizeof(path)))
		return fail(errno, "process.cwd: read it back");
	return path[0] == '/' ? 0
			      : fail(0,
				     "process.cwd: found %s, expected a directory of the "
				     "container",
				     path);
}

int verify_confinement(void *ctx)
{
	struct box *box = ctx;
	const struct plan_process *p = &box->plan->process;
	struct text text;
	int r = procfs_read(box->h->proc, "self/status", &text);

	if (r < 0)
		return fail(-r, "read /proc/self/status");
	r = check_ids(text.data, "Uid", p->uid);
	if (r == 0)
		r = check_ids(text.data, "Gid", p->gid);
	if (r == 0)
		r = check_groups(box, text.data);
	if (r == 0)
		r = check_caps(box, text.data);
	if (r == 0)
		r = check_flags(p, text.data);
	if (r == 0)
		r = check_label(box, "self/attr/apparmor/exec", p->apparmor);
	if (r == 0)
		r = check_label(box, "self/attr/exec", p->apparmor ? NULL : p->selinux);
	return r < 0 ? r : check_cwd();
}
