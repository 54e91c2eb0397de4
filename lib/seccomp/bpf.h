/* SPDX-License-Identifier: Apache-2.0 */
/* Classic BPF as seccomp uses it: to check, to run and to read. */
#ifndef SECCOMP_BPF_H
#define SECCOMP_BPF_H

#include "base/base.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

/* Whether seccomp(2) would take the program: its opcodes, offsets, jumps and end. The index
 * of the first bad instruction, or -1 if there is none. */
int bpf_first_bad(const struct sock_filter *code, size_t len);
/* What the program answers. It must have no bad instruction. steps (NULL: not wanted): how
 * many instructions that took. */
uint32_t bpf_run(const struct sock_filter *code, size_t len, const struct seccomp_data *data,
		 uint32_t *steps);
/* Instruction i in words, "jeq 0x3c, 17, 18" with indices as targets; in the arena. */
const char *bpf_format(const struct sock_filter *code, size_t i);
/* An action in words: "ALLOW", "ERRNO(38)"; in the arena. */
const char *bpf_action(uint32_t action);

#endif
