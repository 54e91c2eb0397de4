/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Architectures as seccomp sees them, and their system calls: numbers, names, which
 * parameters the kernel reads as 32 bits, multiplexed calls (socketcall, ipc).
 *
 * A call has one id on all architectures; ids are dense and in the order of the names
 * (strcmp). So a profile's name is looked up once, by syscall_id(), and the number on each
 * architecture is an array access, syscall_nr(). Nothing here is ever written to.
 */
#ifndef SECCOMP_ARCH_H
#define SECCOMP_ARCH_H

#include "base/base.h"

enum abi {
	/* With tables of our own. */
	ABI_X86_64,
	ABI_X86,
	ABI_X32,
	ABI_AARCH64,
	ABI_ARM,
	ABI_RISCV64,
	ABI_PPC64LE,
	ABI_S390X,
	ABI_OWN, /* how many those are */
	/* The other words of the runtime-spec; libseccomp resolves their calls. */
	ABI_MIPS = ABI_OWN,
	ABI_MIPS64,
	ABI_MIPS64N32,
	ABI_MIPSEL,
	ABI_MIPSEL64,
	ABI_MIPSEL64N32,
	ABI_PPC,
	ABI_PPC64,
	ABI_S390,
	ABI_PARISC,
	ABI_PARISC64,
	ABI_LOONGARCH64,
	ABI_M68K,
	ABI_SH,
	ABI_SHEB,
	ABI_COUNT,
};

struct abi_info {
	char scmp[24];	  /* "SCMP_ARCH_X86_64" */
	char docker[12];  /* "amd64": Docker's archMap and includes.arches use this */
	char machine[12]; /* uname -m, "" if no kernel calls itself so */
	uint32_t audit;	  /* AUDIT_ARCH_*; x32 shares x86_64's */
	uint32_t nr_bit;  /* 0x40000000 for x32, set in seccomp_data.nr but not in our numbers */
	uint8_t bits;	  /* 32 or 64: how wide its registers are (x32: 64) */
	bool little_endian;
};

/* Never NULL. */
const struct abi_info *abi_info(enum abi abi);
/* By "SCMP_ARCH_X86_64", by Docker's "amd64", by uname -m ("x86_64", "armv7l"): the ABI, or
 * ABI_COUNT if there is none. */
enum abi abi_by_scmp(const char *name);
enum abi abi_by_docker(const char *name);
enum abi abi_by_machine(const char *machine);

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
