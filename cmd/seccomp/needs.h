/* SPDX-License-Identifier: Apache-2.0 */
/* Which calls programs need, by what recordings say. */
#ifndef CMD_SECCOMP_NEEDS_H
#define CMD_SECCOMP_NEEDS_H

#include "observe/recording.h"

struct needs {
	struct recording recording; /* all of them together */
	/* by id: */
	bool *seen;	/* in a recording, a log of denials or a profile */
	bool *assumed;	/* let through unseen while it was recorded */
	bool *every;	/* needed by every program, though seldom seen */
	bool *siblings; /* of the others, with other C libraries and architectures */
	bool has_abi[ABI_COUNT];
};

/*
 * Reads the files: recordings, logs of denials, what strace prints, audit records
 * (recording_read_text()), and profiles that others recorded (needs_profile.h). "-" is standard
 * input. What makes them incomplete is printed on standard error. portable: fills siblings.
 * Reporting.
 */
must_check int needs_read(char *const *words, size_t n, bool portable, struct needs *ret);
/* Whether the call is needed for one of the reasons. */
bool needs_has(const struct needs *needs, unsigned int id);
/* Why it is needed, for people: "made by /bin/a; denied to /bin/b". Arena. */
const char *needs_reason(const struct needs *needs, unsigned int id);

#endif
