/* SPDX-License-Identifier: Apache-2.0 */
/* The profile that lets through what was recorded, and what another profile allows. */
#ifndef OBSERVE_GENERATE_H
#define OBSERVE_GENERATE_H

#include "observe/needs_rules.h"
#include "seccomp/verdicts.h"

/* A profile whose rules stay, and to which only what it lacks is added. */
struct generate_base {
	const char *name;	       /* for messages */
	const struct profile *profile; /* NULL: it is a BPF program */
	const struct verdicts *verdicts;
	enum abi native;
};

/* Takes away from needs what the base allows, so that its conditions on arguments stay. */
void generate_leave(const struct generate_base *base, struct canon *canon, struct needs *needs);
/*
 * What the base or the rules allow. Where both deny, the base's answer if a profile can say it.
 * Arena. Reporting.
 */
must_check int generate_unite(struct needs_rules *rules, const struct generate_base *base,
			      struct canon *canon, const struct profile **ret);
/* Checks that the profile allows each call with each value that was recorded. Reporting. */
must_check int generate_prove(const struct needs *needs, const struct profile *profile,
			      const struct profile_facts *facts, struct canon *canon);
/* A profile as JSON, as runtimes read it. */
struct text generate_write(const struct profile *profile);
/*
 * The whole way: needs, united with the base if there is one, as a profile in Docker's form, which
 * is read back and proved. Arena. Reporting.
 */
must_check int generate_docker(struct needs *needs, const struct generate_base *base,
			       const struct profile_facts *facts, struct canon *canon,
			       struct text *ret);

#endif
