/* SPDX-License-Identifier: Apache-2.0 */
/* What intersect and union have in common: several subjects become one profile, which is proved. */
#ifndef CMD_SECCOMP_COMBINE_H
#define CMD_SECCOMP_COMBINE_H

#include "cmd/seccomp/as.h"
#include "cmd/seccomp/subject.h"

struct combine_options {
	struct subject_options subject;
	struct as_options as; /* form NULL: combine() makes it oci */
	bool json, kep6061;
};

struct combination {
	size_t n;
	struct subject *inputs;
	struct subject result;
};

/* The profile that gives each call the looser (unite), or the stricter, of all answers, proved.
 * Checks and completes the options, and initialises *canon. Arena. Reporting. */
must_check int combine(struct combine_options *options, bool unite, char *const *words, size_t n,
		       struct canon *canon, struct combination *ret);
/* Opens an object of --json and writes what both verbs have in it. */
struct jsonw;
void combine_write(struct jsonw *w, const char *schema, const struct combination *c);

#endif
