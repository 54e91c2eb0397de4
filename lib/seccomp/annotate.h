/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What each instruction of a BPF program is about: the architecture, the call, the argument. The
 * names of calls and arguments are known where only one architecture and one number lead to.
 */
#ifndef SECCOMP_ANNOTATE_H
#define SECCOMP_ANNOTATE_H

#include "base/base.h"
#include "seccomp/emit.h"

/*
 * Returns as many texts as there are instructions, "number == socket"; "" for one that nothing
 * leads to. The program must have passed bpf_first_bad(). Arena.
 */
const char **annotate_program(const struct bpf_program *program);

#endif
