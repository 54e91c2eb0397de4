/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The interface of lib/seccomp: compiles a profile to a proved BPF program. Nothing in this folder
 * makes a system call (checked by test/lint). Example:
 *
 *     const struct filter_options options = { .machine = "x86_64", .kernel_flags = flags };
 *     const struct filter *filter;
 *
 *     r = filter_compile(profile, &options, &filter);
 *     if (r == 0)
 *             r = final_load_filter(filter);
 */
#ifndef SECCOMP_FILTER_H
#define SECCOMP_FILTER_H

#include "base/base.h"

#include <linux/filter.h>

struct profile;
struct text;	     /* base/io.h */
struct seccomp_spec; /* linux.seccomp, in oci/config.h */

struct filter {
	const struct sock_filter *code;
	uint16_t len;	 /* number of instructions, at most 4096 */
	uint32_t flags;	 /* SECCOMP_FILTER_FLAG_* for seccomp(2), including NEW_LISTENER */
	bool user_notif; /* an action of the program is SECCOMP_RET_USER_NOTIF */
	const char *listener_path, *listener_metadata; /* from the profile */
};

struct filter_options {
	bool compat_runc;      /* --seccomp-compat=runc */
	uint64_t kernel_flags; /* SECCOMP_FILTER_FLAG_* that the kernel supports */
	const char *machine;   /* machine of uname(2), which determines the native architecture */
	const char *receiver;  /* listenerPath for a profile that has none, or NULL */
	bool fail_unknown;     /* a call that is in no table is an error; otherwise it is ignored */
};
/* Compiles a profile (profile.h) and proves the program. Reporting. */
must_check int filter_compile(const struct profile *profile, const struct filter_options *options,
			      const struct filter **ret);
/*
 * Adds to `base` a program that was compiled elsewhere. Each call gets the stricter of both answers
 * (stack.h); flags and listener stay those of base. The program is analysed instruction by
 * instruction (lift.h) and refused if that is not possible or if it notifies an agent. With base
 * NULL the program is used alone. It must then deny all calls of architectures that it does not
 * handle, because numbers mean other calls there. `place` names the program in messages. Reporting.
 */
must_check int filter_restrict(const struct filter *base, const char *place,
			       const struct text *bytes, const struct filter_options *options,
			       const struct filter **ret);
/* Returns the result of the program, SECCOMP_RET_*, for that native call with all arguments 0. */
uint32_t filter_answer(const struct filter *filter, int nr, const char *machine);

#endif
