/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The intersection and the union of profiles and programs by what they answer. Example:
 *
 *	struct combine c = { .name = "the intersection", .n = 2, .inputs = inputs, ... };
 *
 *	r = combine_profiles(&c, &canon, &combined);
 *	if (r == 0)
 *		profile_write(w, &combined.profile);
 */
#ifndef SECCOMP_COMBINE_H
#define SECCOMP_COMBINE_H

#include "base/base.h"
#include "seccomp/profile.h"
#include "seccomp/verdicts.h"

struct combine_input {
	const char *name;	       /* for messages */
	const struct profile *profile; /* NULL: a program, which has no flags and no listener */
	struct verdicts verdicts;      /* by the same canon as those of the others */
};

struct combine {
	const char *name; /* of the result, for messages; must live as long as it */
	bool unite;	  /* each call gets the looser answer, not the stricter one */
	bool whole;	  /* for any runtime: compose_profile_whole() */
	enum abi native;
	size_t n;
	const struct combine_input *inputs;
	/* Describes the first difference between two sets of answers, for messages. */
	const char *(*describe)(const struct canon *canon, const struct verdicts *wanted,
				const struct verdicts *got);
};

struct combined {
	struct profile profile;
	struct verdicts verdicts;
};

/*
 * Makes the profile that gives each call the stricter, or with `unite` the looser, of all answers.
 * It is proved: an intersection is never looser than one of the inputs, a union never stricter.
 * Answers that no profile can give are an error. Arena. Reporting.
 */
must_check int combine_profiles(const struct combine *c, struct canon *canon, struct combined *ret);
/*
 * Whether the profile is nowhere looser than the other one in the meaning of tamis, and permits no
 * call that the other one denies in that of any runtime (runtimes.h). Flags are compared, too.
 * Returns 1 or 0; *ret_where is then the first difference for people, in the arena. Reporting.
 */
must_check int combine_is_within(const struct profile *profile, const struct profile *limit,
				 enum abi native, struct canon *canon, const char **ret_where);

#endif
