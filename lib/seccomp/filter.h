/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The front of lib/seccomp: from a profile to a proved BPF program, in one call. Nothing in
 * this directory makes a system call (test/lint).
 */
#ifndef SECCOMP_FILTER_H
#define SECCOMP_FILTER_H

#include "base/base.h"

#include <linux/filter.h>

struct profile;
struct text;	     /* base/io.h */
struct seccomp_spec; /* linux.seccomp, oci/config.h */

struct filter {
	const struct sock_filter *code;
	uint16_t len;	/* at most 4096 instructions */
	uint32_t flags; /* SECCOMP_FILTER_FLAG_* for seccomp(2), NEW_LISTENER included */
	bool notify;	/* some verdict is SECCOMP_RET_USER_NOTIF */
	const char *listener_path, *listener_metadata; /* as in the profile */
};

struct filter_options {
	bool compat_runc;      /* --seccomp-compat=runc */
	uint64_t kernel_flags; /* SECCOMP_FILTER_FLAG_* that the kernel takes */
	const char *machine;   /* uname -m: the native architecture */
	const char *receiver;  /* listenerPath of a profile that has none, or NULL */
	bool fail_unknown;     /* a call that is in no table is an error, not left out */
};
/* The same from a profile in memory (profile.h). */
must_check int filter_compile(const struct profile *profile, const struct filter_options *options,
			      const struct filter **ret);
/*
 * base with a program on top that somebody else compiled: each call gets the stricter of both
 * answers (stack.h), flags and listener stay base's. The program is read instruction by
 * instruction (lift.h), and refused if that cannot be done or if it asks an agent. base NULL: the
 * program alone, which then has to bar architectures that it does not know, because numbers mean
 * other calls there. place names it in messages. Reporting.
 */
must_check int filter_restrict(const struct filter *base, const char *place,
			       const struct text *bytes, const struct filter_options *options,
			       const struct filter **ret);
/* What the program answers to that native call with all arguments 0: SECCOMP_RET_*. */
uint32_t filter_answer(const struct filter *filter, int nr, const char *machine);

#endif
