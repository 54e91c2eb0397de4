/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system calls of all architectures: numbers, names, which parameters the kernel reads as 32
 * bits, multiplexed calls (socketcall, ipc).
 *
 * A call has one id on all architectures; ids are dense and in the order of the names
 * (strcmp). So a profile's name is looked up once, by syscall_id(), and the number on each
 * architecture is an array access, syscall_nr(). Nothing here is ever written to.
 */
#ifndef SECCOMP_SYSCALL_H
#define SECCOMP_SYSCALL_H

#include "base/base.h"
#include "seccomp/arch.h"

#define SYSCALL_NONE UINT32_MAX

/* How many ids there are: 0 .. syscall_count() - 1. */
unsigned int syscall_count(void);
/* The id of a name, or -1 if no table of ours has it. */
int syscall_id(const char *name);
/* The same, faster if the name follows the one with id hint - 1 closely: lists are sorted. */
int syscall_id_near(const char *name, unsigned int hint);
/* The name of an id, which must be valid. */
const char *syscall_name(unsigned int id);
/* The number on that ABI without nr_bit, or SYSCALL_NONE. */
uint32_t syscall_nr(enum abi abi, unsigned int id);
/* The id of a number (without nr_bit), or -1. Where a kernel gave one number two names, this
 * is the one it uses today; both names have ids. Own ABIs: constant time. */
int syscall_at(enum abi abi, uint32_t nr);
/* One more than the highest number that ABI has in its dense range; arm's private calls
 * (0x0f0001 ...) lie above and are the only ones outside. */
uint32_t syscall_end(enum abi abi);
/* Bit i: the kernel looks at the low 32 bits of argument i only. All on a 32-bit ABI. */
uint8_t syscall_narrow(enum abi abi, unsigned int id);
/* How many parameters it has, 0..6. */
uint8_t syscall_args(unsigned int id);

/* A call that an older multiplexer also offers: socket is socketcall with argument 0 == 1. */
struct syscall_mux {
	uint32_t nr;   /* of the multiplexer: 102 for socketcall on x86 */
	uint32_t call; /* value of its argument 0 ... */
	uint32_t mask; /* ... on those bits: ipc takes its call from the low 16 */
};

/* Whether that call is also reached through a multiplexer, and how. Its arguments then lie in
 * memory (socketcall) or are shifted (ipc), so conditions on them cannot be checked there. A
 * call may have a multiplexed form only: then syscall_nr() is SYSCALL_NONE. */
bool syscall_mux(enum abi abi, unsigned int id, struct syscall_mux *ret);
/* All of them, by i from 0 until it is false; ret->nr is SYSCALL_NONE where that ABI has no
 * such multiplexer. */
bool syscall_mux_nth(enum abi abi, size_t i, unsigned int *id, struct syscall_mux *ret);

#endif
