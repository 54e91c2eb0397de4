/* SPDX-License-Identifier: Apache-2.0 */
/* Which calls programs need, by what recordings say. */
#ifndef OBSERVE_NEEDS_H
#define OBSERVE_NEEDS_H

#include "observe/recording.h"

struct needs {
	const struct recording *recording; /* all of them together */
	/* by id: */
	bool *seen;	/* in a recording, a log of denials or a profile */
	bool *assumed;	/* let through unseen while it was recorded */
	bool *every;	/* needed by every program, though seldom seen */
	bool *runtime;	/* made by a container runtime after it has loaded the filter */
	bool *siblings; /* of the others, with other C libraries and architectures */
	bool has_abi[ABI_COUNT];
};

/* Makes empty needs. Arena. */
void needs_init(struct needs *ret);
/*
 * Adds the calls that the runtime of that name makes itself between the load of the filter and the
 * program: "runc", "crun", "tamis"; "any" is all of them. false: the name is not known.
 */
bool needs_runtime_add(struct needs *needs, const char *name);
/* Adds what the recording has, which is kept. portable: fills siblings; after needs_runtime_add().
 */
void needs_find(struct needs *needs, const struct recording *recording, bool portable);
/* Whether the call is needed for one of the reasons. */
bool needs_has(const struct needs *needs, unsigned int id);
/* Why it is needed, for people: "made by /bin/a; denied to /bin/b". Arena. */
const char *needs_reason(const struct needs *needs, unsigned int id);

#endif
