/* SPDX-License-Identifier: Apache-2.0 */
/* Profiles without what a form cannot say. */
#ifndef CMD_SECCOMP_LOSSY_H
#define CMD_SECCOMP_LOSSY_H

#include "seccomp/profile.h"

struct lossy_form {
	bool seccompiler; /* else a SeccompProfile resource */
	enum abi native;
	const char *thread, *resource;
};

/* The profile with what the form's writer accepts of it: a denial may become another one, and
 * calls that rules are about may get the default. Arena. */
const struct profile *lossy_reduce(const struct profile *profile, const struct lossy_form *form);

#endif
