/* SPDX-License-Identifier: Apache-2.0 */
/* Which calls programs need, by what recordings say. */
#ifndef CMD_SECCOMP_NEEDS_H
#define CMD_SECCOMP_NEEDS_H

#include "observe/recording.h"

struct needs {
	struct recording recording; /* all of them together */
	/* by id: */
	bool *seen;	/* in a recording */
	bool *assumed;	/* let through unseen while it was recorded */
	bool *every;	/* needed by every program, though seldom seen */
	bool *siblings; /* of the others, with other C libraries and architectures */
	bool has_abi[ABI_COUNT];
};

/*
 * Reads the recordings (recording_read()). What makes them incomplete is printed on standard error.
 * portable: fills siblings. Reporting.
 */
must_check int needs_read(char *const *words, size_t n, bool portable, struct needs *ret);
/* Whether the call is needed for one of the reasons. */
bool needs_has(const struct needs *needs, unsigned int id);
/* Why it is needed, for people: "needed by /bin/a and /bin/b". Arena. */
const char *needs_reason(const struct needs *needs, unsigned int id);

#endif
