/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the paths of linux.sysctl. What must hold: a path means the same file as the key that
 * lib/oci has checked to be of a namespace of the container's own (validate_linux.c), so it is
 * made by the same rule of sysctl.d(5).
 */
#include "base/arena.h"
#include "plan/make.h"

#include <string.h>

/*
 * If the first separator is a slash the key is a path already; if it is a dot, dots and
 * slashes change places ("net.ipv4.conf.eth0/1.arp_filter" is about "eth0.1").
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

void make_sysctls(const struct plan_input *in, struct plan *plan)
{
	const struct pairs *from = &in->config->linux_.sysctl;
	struct plan_sysctl *v = arena_array(from->n + 1, sizeof(*v));

	for (size_t i = 0; i < from->n; i++)
		v[i] = (struct plan_sysctl){ from->v[i].key, path_of(from->v[i].key),
					     from->v[i].value };
	plan->n_sysctls = from->n;
	plan->sysctls = v;
}
