/* SPDX-License-Identifier: Apache-2.0 */
/* Classic BPF as seccomp(2) uses it: checking, executing and printing programs. */
#ifndef SECCOMP_BPF_H
#define SECCOMP_BPF_H

#include "base/base.h"

#include <linux/filter.h>
#include <linux/seccomp.h>

/*
 * Checks opcodes, offsets, jumps and the end of a program as seccomp(2) does. Returns the index of
 * the first bad instruction, or -1 if the kernel would accept the program. Silent.
 */
int bpf_first_bad(const struct sock_filter *code, size_t len);
/*
 * Returns the result of the program for `data`. The program must have passed bpf_first_bad().
 * *steps is the number of instructions executed; steps may be NULL.
 */
uint32_t bpf_run(const struct sock_filter *code, size_t len, const struct seccomp_data *data,
		 uint32_t *steps);
/* One instruction that was executed. */
struct bpf_step {
	size_t index, next; /* in the program; next of a return: the one behind it */
	uint32_t a;	    /* the accumulator behind it */
};
/* As bpf_run(); visit is called with each instruction that is executed. */
uint32_t bpf_trace(const struct sock_filter *code, size_t len, const struct seccomp_data *data,
		   void (*visit)(void *ctx, const struct bpf_step *step), void *ctx);
/*
 * Returns the most instructions that the program executes for any call, as far as its jumps tell.
 * It must have passed bpf_first_bad().
 */
uint32_t bpf_longest(const struct sock_filter *code, size_t len);
/* Returns instruction i as text, "jeq 0x3c, 17, 18", with indices as jump targets. In the arena. */
const char *bpf_format(const struct sock_filter *code, size_t i);
/* Returns an action as text: "ALLOW", "ERRNO(38)". In the arena. */
const char *bpf_action(uint32_t action);

#endif
