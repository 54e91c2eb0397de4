/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns linux.sysctl. What must hold: only sysctls that belong to a namespace of the container are
 * written, and a key names a file below /proc/sys and nothing else (CVE-2025-52881 shows what a
 * redirected write in procfs can do).
 */
#include "base/arena.h"
#include "base/base.h"
#include "base/names.h"
#include "base/sys.h"
#include "oci/json.h"
#include "oci/words.h"
#include "plan/make.h"

#include <string.h>

/* The namespace to which files below /proc/sys belong. "x/" means everything below. */
static const struct {
	const char *path;
	uint32_t ns;
} owners[] = {
	{ "net/", CLONE_NEWNET },
	{ "fs/mqueue/", CLONE_NEWIPC },
	{ "kernel/msgmax", CLONE_NEWIPC },
	{ "kernel/msgmnb", CLONE_NEWIPC },
	{ "kernel/msgmni", CLONE_NEWIPC },
	{ "kernel/msg_next_id", CLONE_NEWIPC },
	{ "kernel/sem", CLONE_NEWIPC },
	{ "kernel/sem_next_id", CLONE_NEWIPC },
	{ "kernel/shmall", CLONE_NEWIPC },
	{ "kernel/shmmax", CLONE_NEWIPC },
	{ "kernel/shmmni", CLONE_NEWIPC },
	{ "kernel/shm_next_id", CLONE_NEWIPC },
	{ "kernel/shm_rmid_forced", CLONE_NEWIPC },
	{ "kernel/domainname", CLONE_NEWUTS },
};

/*
 * sysctl.d(5): if the first separator is a slash the key is a path. If it is a dot, dots and
 * slashes are exchanged ("net.ipv4.conf.eth0/1.arp_filter" is about "eth0.1").
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

/* Whether each component of the path is a name: not empty, "." or "..". */
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

static uint32_t owner_of(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(owners); i++) {
		size_t n = strlen(owners[i].path);

		if (owners[i].path[n - 1] == '/' ? strncmp(path, owners[i].path, n) == 0
						 : strcmp(path, owners[i].path) == 0)
			return owners[i].ns;
	}
	return 0;
}

static int check_key(const struct json *at, const char *key, const char *path,
		     const struct plan *plan)
{
	if (!is_plain(path))
		return json_fail_member(at, key,
					"expected a name below /proc/sys, like "
					"\"net.core.somaxconn\"");
	if (strcmp(path, "kernel/hostname") == 0)
		return json_fail_member(at, key, "expected the property hostname instead");
	uint32_t ns = owner_of(path);

	if (!ns)
		return json_fail_member(
			at, key,
			"found a setting of the host, expected one that belongs to a namespace");
	if (!plan_owns(plan, ns))
		return json_fail_member(at, key,
					"expected a %s namespace in linux.namespaces, found none",
					names_of(words_namespaces, ns));
	return 0;
}

int plan_sysctl_make(const struct plan_input *in, struct plan *plan)
{
	const struct linux_spec *l = &in->config->linux_;
	const struct json *at = json_member(l->at, "sysctl");
	struct plan_sysctl *v = arena_array(l->sysctl.n + 1, sizeof(*v));

	for (size_t i = 0; i < l->sysctl.n; i++) {
		const struct pair *p = &l->sysctl.v[i];
		const char *path = path_of(p->key);
		int r = check_key(at, p->key, path, plan);

		if (r < 0)
			return r;
		v[i] = (struct plan_sysctl){ p->key, path, p->value, owner_of(path) };
	}
	plan->n_sysctls = l->sysctl.n;
	plan->sysctls = v;
	return 0;
}
