/* SPDX-License-Identifier: Apache-2.0 */
/* Changes the text of a profile so that it answers as is wished, and nothing else changes. */
#ifndef CMD_SECCOMP_AMEND_H
#define CMD_SECCOMP_AMEND_H

#include "cmd/seccomp/subject.h"
#include "seccomp/wishes.h"

struct amended {
	struct text text;
	struct subject after; /* what it means, under the facts of the subject */
	const bool *unknown;  /* by id: calls that rules answer ENOSYS so that they still are */
	const char *wrong;    /* what changes against the wishes, in words; NULL: nothing */
};

/*
 * The subject must be a profile in JSON or YAML. What the new text means is compared under all
 * facts on which its rules can depend (variants.h). If no text is exact, `inexact` says that calls
 * which get another error are better than calls which lose ENOSYS. Arena. Reporting.
 */
must_check int amend_profile(const struct subject *s, struct wishes *wishes, bool inexact,
			     struct canon *canon, struct amended *ret);

#endif
