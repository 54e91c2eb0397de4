/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The system calls of all architectures: numbers, names, the parameters of which the kernel reads
 * 32 bits, and multiplexed calls (socketcall, ipc).
 *
 * A call has one id on all architectures. Ids are numbered from 0 in the order of the names
 * (strcmp). So a name of a profile is looked up once, by syscall_id(), and its number on each
 * architecture is an array access, by syscall_nr(). All tables are constant.
 */
#ifndef SECCOMP_SYSCALL_H
#define SECCOMP_SYSCALL_H

#include "base/base.h"
#include "seccomp/arch.h"

#define SYSCALL_NONE UINT32_MAX

/* Returns the number of ids. */
unsigned int syscall_count(void);
/* Returns the id of a name, or -1 if it is in no table. Silent. */
int syscall_id(const char *name);
/*
 * As syscall_id(), faster if the name is close after the one with id hint - 1, as in a sorted list.
 * Silent.
 */
int syscall_id_near(const char *name, unsigned int hint);
/* Returns the name that is most like a word that is none, or NULL. Arena. */
const char *syscall_like(const char *word);
/* Returns the name of a valid id. */
const char *syscall_name(unsigned int id);
/* Returns the number on that ABI, without nr_bit, or SYSCALL_NONE. */
uint32_t syscall_nr(enum abi abi, unsigned int id);
/*
 * Returns the id of a number (without nr_bit), or -1. If a kernel gave two names to one number,
 * this is the name used today; both names have ids. Constant time for ABIs with tables of our own.
 * Silent.
 */
int syscall_at(enum abi abi, uint32_t nr);
/*
 * The id of a call by what a filter gets of it (struct seccomp_data), or -1. *ret: its ABI, or
 * ABI_COUNT. Silent.
 */
int syscall_of(uint32_t audit, uint32_t number, enum abi *ret);
/* The name of that call; "number 1234", without nr_bit, if it has none. Arena. */
const char *syscall_words(uint32_t audit, uint32_t number);
/*
 * Returns one more than the highest number in the dense range of the ABI. Only arm's private calls
 * (0x0f0001 ...) lie above it.
 */
uint32_t syscall_end(enum abi abi);
/*
 * Returns a bit set: bit i is set if the kernel reads only the low 32 bits of argument i. On a
 * 32-bit ABI all are set.
 */
uint8_t syscall_narrow(enum abi abi, unsigned int id);
/* Returns the number of parameters, 0 to 6. */
uint8_t syscall_args(unsigned int id);

/* A call that an older multiplexer offers as well: socket is socketcall with argument 0 == 1. */
struct syscall_mux {
	uint32_t nr;   /* number of the multiplexer: 102 for socketcall on x86 */
	uint32_t call; /* value of its argument 0 */
	uint32_t mask; /* bits of argument 0 that are compared: ipc uses the low 16 */
};

/*
 * Whether the call can also be made through a multiplexer, and how. Its arguments are then in
 * memory (socketcall) or shifted (ipc), so conditions on them cannot be checked. A call may exist
 * in the multiplexed form only: then syscall_nr() returns SYSCALL_NONE.
 */
bool syscall_mux(enum abi abi, unsigned int id, struct syscall_mux *ret);
/*
 * Enumerates all multiplexed calls: call it with i from 0 until it returns false. ret->nr is
 * SYSCALL_NONE if the ABI has no such multiplexer.
 */
bool syscall_mux_nth(enum abi abi, size_t i, unsigned int *id, struct syscall_mux *ret);

#endif
