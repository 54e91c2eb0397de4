/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns linux.sysctl. What must hold: only what belongs to a namespace of the container's own
 * is written, and a key names a file below /proc/sys and nothing else (CVE-2025-52881 is what
 * a write that goes astray in procfs can do).
 */
#include "base/arena.h"
#include "base/base.h"
#include "base/sys.h"
#include "oci/json.h"
#include "plan/make.h"

#include <string.h>

/* Which of the files below /proc/sys belong to which namespace. */
static const struct {
	const char *path;
	bool is_prefix;
	uint64_t flag;
	const char *name;
} owned[] = {
	{ "net/", true, CLONE_NEWNET, "network" },
	{ "fs/mqueue/", true, CLONE_NEWIPC, "ipc" },
	{ "kernel/msg", true, CLONE_NEWIPC, "ipc" }, /* msgmax msgmnb msgmni msg_next_id */
	{ "kernel/shm", true, CLONE_NEWIPC, "ipc" }, /* shmall shmmax shmmni shm_* */
	{ "kernel/sem", false, CLONE_NEWIPC, "ipc" },
	{ "kernel/sem_next_id", false, CLONE_NEWIPC, "ipc" },
	{ "kernel/hostname", false, CLONE_NEWUTS, "uts" },
	{ "kernel/domainname", false, CLONE_NEWUTS, "uts" },
};

/*
 * sysctl.d(5): if the first separator is a slash the key is a path already; if it is a dot,
 * dots and slashes change places ("net.ipv4.conf.eth0/1.arp_filter" is about "eth0.1").
 */
static char *path_of(const char *key)
{
	char *path = arena_strdup(key);
	const char *first = strpbrk(key, "./");

	if (first && *first == '.')
		for (char *p = path; *p; p++) {
			if (*p == '.')
				*p = '/';
			else if (*p == '/')
				*p = '.';
		}
	return path;
}

/* Whether each part of the path is a name: not empty, ".", or "..". */
static bool is_plain(const char *path)
{
	for (const char *p = path;; p++) {
		size_t n = strcspn(p, "/");

		if (n == 0 || (n == 1 && p[0] == '.') || (n == 2 && p[0] == '.' && p[1] == '.'))
			return false;
		p += n;
		if (!*p)
			return true;
	}
}

static int check_owner(const struct json *at, const char *key, const char *path,
		       const struct plan *plan)
{
	for (size_t i = 0; i < ARRAY_LEN(owned); i++) {
		size_t n = strlen(owned[i].path);

		if (strncmp(path, owned[i].path, n) != 0 || (path[n] && !owned[i].is_prefix))
			continue;
		if (plan_owns(plan, owned[i].flag))
			return 0;
		return json_fail_member(
			at, key,
			"belongs to the %s namespace, but linux.namespaces has none: "
			"it would be the host's",
			owned[i].name);
	}
	return json_fail_member(at, key, "belongs to no namespace: it would be the host's");
}

int make_sysctls(const struct plan_input *in, struct plan *plan)
{
	const struct linux_spec *l = &in->config->linux_;
	const struct json *at = json_member(l->at, "sysctl");
	struct plan_sysctl *v = arena_array(l->sysctl.n + 1, sizeof(*v));

	for (size_t i = 0; i < l->sysctl.n; i++) {
		const struct pair *p = &l->sysctl.v[i];
		const char *path = path_of(p->key);

		if (!is_plain(path))
			return json_fail_member(
				at, p->key,
				"expected a name below /proc/sys, like \"net.core.somaxconn\"");
		int r = check_owner(at, p->key, path, plan);

		if (r < 0)
			return r;
		v[i] = (struct plan_sysctl){ p->key, path, p->value };
	}
	plan->n_sysctls = l->sysctl.n;
	plan->sysctls = v;
	return 0;
}
