/* SPDX-License-Identifier: Apache-2.0 */
/* The filter that libseccomp makes of a profile, for comparison. */
#ifndef CMD_SECCOMP_LIBSECCOMP_H
#define CMD_SECCOMP_LIBSECCOMP_H

#include "seccomp/emit.h"
#include "seccomp/profile.h"

/*
 * Compiles the profile as runc does, with libseccomp, in a process of its own that has two seconds
 * of processor time: some versions never finish with certain conditions. False: there is none.
 * Arena.
 */
bool libseccomp_compile(const struct profile *profile, enum abi native, struct bpf_program *ret);

#endif
