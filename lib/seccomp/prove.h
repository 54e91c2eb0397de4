/* SPDX-License-Identifier: Apache-2.0 */
/* Proves that a program does what its policy says, for every call and every argument. */
#ifndef SECCOMP_PROVE_H
#define SECCOMP_PROVE_H

#include "base/base.h"
#include "seccomp/emit.h"
#include "seccomp/policy.h"

/*
 * Compares the program with the policy. `place` is that of the profile, for messages. The error
 * names the first call that is answered differently, with its number and arguments. Reporting.
 */
must_check int prove(const struct policy *policy, const struct bpf_program *program,
		     const char *place);

#endif
