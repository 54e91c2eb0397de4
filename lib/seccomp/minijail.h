/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Policies of minijail (minijail0(5)), and the additions of its compile_seccomp_policy: lists in
 * braces, @include, @frequency, @default, @denylist.
 */
#ifndef SECCOMP_MINIJAIL_H
#define SECCOMP_MINIJAIL_H

#include "base/io.h"
#include "seccomp/profile.h"

/* What a policy refers to and the caller knows. */
struct minijail_source {
	void *ctx;
	/* The value of a constant such as "PROT_EXEC"; false if there is none. NULL: none. */
	bool (*constant)(void *ctx, const char *name, uint64_t *ret);
	/* The file that `from` includes. Reporting. NULL: @include is refused. */
	int (*include)(void *ctx, const char *from, const char *path, const char **ret_name,
		       struct text *ret);
};

/*
 * The filter decides facts->native alone, as minijail's does, and what no line names gets @default,
 * whatever its number; "kill" is the thread's end, as
 * without its option --use-kill-process. "EXPRESSION; return E" answers E where the expression
 * does not hold, as minijail0 has it; in braces "EXPRESSION; ACTION" takes the action where it
 * holds, as compile_seccomp_policy has it. name is for messages; it must live as long as *ret.
 * Refused, with file and line: unknown calls, constants and words, a call that two lines name,
 * metadata in brackets, more than CONJUNCTION_MAX rules for one call. Reporting.
 */
must_check int minijail_profile_parse(const char *name, const struct text *text,
				      const struct minijail_source *source,
				      const struct profile_facts *facts, struct profile *ret);

#endif
