/* SPDX-License-Identifier: Apache-2.0 */
/* The facts under which a changed text of a profile must keep its meaning. */
#ifndef CMD_SECCOMP_VARIANTS_H
#define CMD_SECCOMP_VARIANTS_H

#include "cmd/seccomp/subject.h"

struct variant {
	struct profile_facts facts;
	const char *words; /* " with all capabilities"; "" for those that were asked for */
};

struct variants {
	size_t n, room;
	const struct variant *v;
};

/*
 * The subject's own facts first; then each capability alone that its rules name, none and all, the
 * oldest and the newest kernel, and both extremes on each other architecture of the profile: which
 * it lists, or names in a condition. With `everywhere` on each one that has tables of our own:
 * what has no effect must have none there, while a profile that is changed need not keep answers on
 * machines that it is not for. Arena.
 */
void variants_list(const struct subject *s, bool everywhere, struct variants *ret);

#endif
