/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Architectures as seccomp sees them, and their system calls: numbers, names, which
 * parameters the kernel reads as 32 bits, multiplexed calls (socketcall, ipc).
 */
#ifndef SECCOMP_ARCH_H
#define SECCOMP_ARCH_H

#include "base/base.h"

enum abi {
	ABI_X86_64,
	ABI_X86,
	ABI_X32,
	ABI_AARCH64,
	ABI_ARM,
	ABI_RISCV64,
	ABI_PPC64LE,
	ABI_S390X,
	ABI_COUNT,
};

struct syscall_row {
	uint32_t nr; /* without x32's bit 30 */
	const char *name;
	uint8_t narrow; /* bit i: parameter i is read as 32 bits */
	uint8_t n_args; /* 0..6 */
};

/* A call that an older multiplexer also offers: socket is socketcall with arg 0 == 1. */
struct syscall_mux {
	const char *name; /* "socket" */
	uint32_t nr; /* of the multiplexer: 102 for socketcall on x86 */
	uint32_t call; /* value of its argument 0 */
	uint32_t mask; /* bits of argument 0 that the kernel looks at for the call number */
};

struct abi_info {
	enum abi abi;
	const char *scmp; /* "SCMP_ARCH_X86_64" */
	const char *docker; /* "amd64": Docker's archMap and includes.arches use this */
	const char *machine; /* uname -m, NULL if no kernel calls itself so */
	uint32_t audit; /* AUDIT_ARCH_*; x32 shares x86_64's */
	uint32_t nr_bit; /* 0x40000000 for x32 */
	uint8_t bits; /* 32 or 64: how wide its arguments are */
	bool little_endian;
	size_t n_rows; /* sorted by nr */
	const struct syscall_row *rows;
	size_t n_muxes;
	const struct syscall_mux *muxes;
};

const struct abi_info *abi_info(enum abi abi);
/* By "SCMP_ARCH_X86_64", or NULL. */
const struct abi_info *abi_by_scmp(const char *name);
/* By Docker's name, "amd64", or NULL. */
const struct abi_info *abi_by_docker(const char *name);
/* By uname -m ("x86_64", "armv7l" ...), or NULL. */
const struct abi_info *abi_by_machine(const char *machine);
/* The row of a number or of a name, or NULL. Several names may share one number (aliases of
 * older kernels): the name lookup knows them all. */
const struct syscall_row *syscall_by_nr(const struct abi_info *abi, uint32_t nr);
const struct syscall_row *syscall_by_name(const struct abi_info *abi, const char *name);
/* Whether any of our tables has the name, for "unknown name" in checks. */
bool syscall_known_anywhere(const char *name);

#endif
