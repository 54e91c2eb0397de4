/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A profile whose denials notify a seccomp agent, for any runtime that supports SCMP_ACT_NOTIFY.
 * (notifying.h does the same with a filter, for tamis alone.) The agent answers as the original
 * profile does:
 *
 *	r = notify_rules_make(profile, ABI_X86_64, &canon, &made);
 *	if (r == 0 && made.n_notified)
 *		... made.profile, with listenerPath set
 */
#ifndef SECCOMP_NOTIFY_RULES_H
#define SECCOMP_NOTIFY_RULES_H

#include "base/base.h"
#include "seccomp/canon.h"
#include "seccomp/emit.h"
#include "seccomp/profile.h"

struct notify_rules {
	const struct profile *profile; /* without listenerPath */
	unsigned int n_notified;       /* calls with a rule that notifies */
	/* "a, b and c": calls that are denied by an error and are not notified; NULL: none */
	const char *kept;
};

/*
 * Makes the profile. Errors (SCMP_ACT_ERRNO) become NOTIFY; every other answer stays. Not notified
 * are write(2), for which runc refuses it, calls that are newer than all that the profile names,
 * those whose rules would be too many or ambiguous for libseccomp, and those about which rules of
 * different actions overlap, unless compile(), which is to ask libseccomp (NULL: nobody does),
 * shows that the strictest decides. The default action stays, because runc refuses NOTIFY there, so
 * numbers without a name keep it. It is proved for each runtime that
 * nothing but errors has changed, and that tamis answers a notified call with the same error.
 * `profile` must have no NOTIFY. Arena. Reporting.
 */
must_check int notify_rules_make(const struct profile *profile, enum abi native,
				 bool (*compile)(const struct profile *profile, enum abi native,
						 struct bpf_program *ret),
				 struct canon *canon, struct notify_rules *ret);

#endif
