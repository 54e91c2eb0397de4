/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a system call is about (files, network, ...), and what it has served attackers for. For
 * people who read profiles; no filter depends on it.
 */
#ifndef SECCOMP_CATEGORIES_H
#define SECCOMP_CATEGORIES_H

#include "base/base.h"

enum category {
#define CATEGORY(name, title) CATEGORY_##name,
#include "seccomp/categories.inc"
	CATEGORY_COUNT,
};

/* The category of a call, by syscall_id(). */
enum category categories_of(unsigned int id);
/* "files", and "names, contents and attributes of files". */
const char *categories_name(enum category category);
const char *categories_title(enum category category);

/* Who can do harm by a call if no filter stops him. */
enum danger_reach {
	REACH_ANY,    /* any process */
	REACH_USERNS, /* root of a user namespace, which any process may be able to make */
	REACH_HOST,   /* only who has a capability of the host: a container that was given it */
	REACH_COMMON, /* any process, but programs need it, so default profiles allow it */
};

struct danger {
	enum danger_reach reach;
	const char *harm; /* "loads code into the kernel" */
	const char *fact; /* a case that can be looked up: CVE numbers, kernel versions; or "" */
};

/* What the call has served attackers for, or NULL if it is not known for that. */
const struct danger *categories_danger(unsigned int id);

#endif
