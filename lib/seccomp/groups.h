/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Groups of system calls by name: "@module". Those of systemd.exec(5), as one version of systemd
 * has them, and our own.
 */
#ifndef SECCOMP_GROUPS_H
#define SECCOMP_GROUPS_H

#include "base/base.h"

#include <stddef.h>

/* Whose table the groups of systemd are: "systemd 252". */
extern const char groups_version[];

struct group {
	const char *name, *help;
	bool own;	     /* not systemd's */
	const char *members; /* separated by blanks; groups among them */
};

/* The groups by number, systemd's first; NULL behind the last. "@known" is among them: all calls
 * that this version of systemd knows. */
const struct group *groups_nth(size_t n);
/* The group of that name, or NULL. */
const struct group *groups_find(const char *name);
/* The name that may have been meant, or NULL. */
const char *groups_like(const char *name);
/* Sets member[id] for each call in it, and in the groups in it; syscall_count() of them. */
void groups_add(const struct group *group, bool *member);

#endif
