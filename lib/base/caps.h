/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names and sets of capabilities (capabilities(7)), by libcap. A set is a uint64_t: bit n is
 * capability n. libcap's own sets and texts come from malloc(3); they are freed at once, so that
 * only its cap_t of caps_make() outlives a function here.
 */
#ifndef BASE_CAPS_H
#define BASE_CAPS_H

#include "base/base.h"

#include <sys/capability.h>

enum { CAPS_MAX = 64 };

/* What capset(2) sets. */
struct caps {
	uint64_t permitted, effective, inheritable;
};

/*
 * The number of the capability that the runtime-spec calls so ("CAP_CHOWN"), or -1. libcap
 * itself also takes small letters and numbers, which are no names here. Silent.
 */
int caps_find(const char *name);
/* The name of a number, in the arena; NULL where libcap has none. */
const char *caps_name(unsigned int cap);
/* All capabilities that this kernel knows. */
uint64_t caps_known(void);

/* The calling process's bounding set. 0 or -errno, silent. */
must_check int caps_get_bounding(uint64_t *ret);
/* The calling process's other sets. 0 or -errno, silent. */
must_check int caps_get(struct caps *ret);
/* Sets them: 0 or -errno, silent. */
must_check int caps_set(const struct caps *sets);
/*
 * For a program that works beside containers: gives up all other capabilities, lets no execve(2)
 * gain any (PR_SET_NO_NEW_PRIVS), and lets no other process of our user look at this one
 * (PR_SET_DUMPABLE). Without privilege there are none to give up. 0 or -errno, silent.
 */
must_check int caps_keep_only(uint64_t kept);
/*
 * caps_set() in two parts, for a process whose filter may allow nothing but capset(2) by the time
 * of the second: cap_set_proc(3) makes no other call, but what it works on wants memory. NULL
 * and errno if there is none. It is not freed.
 */
cap_t caps_make(const struct caps *sets);

#endif
