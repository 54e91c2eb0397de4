/* SPDX-License-Identifier: Apache-2.0 */
/* Combines two programs into one. */
#ifndef SECCOMP_STACK_H
#define SECCOMP_STACK_H

#include "base/base.h"
#include "seccomp/emit.h"

/*
 * Makes a program that gives every call the stricter of the answers of a and b, in the kernel's
 * order (seccomp(2)); of equally strict ones a's. lift() must be able to analyse both. The result
 * is proved. `place` names b in messages. Errors: too long, too complex. Reporting.
 */
must_check int stack(const struct bpf_program *a, const struct bpf_program *b, const char *place,
		     struct bpf_program *ret);

#endif
