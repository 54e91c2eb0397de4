/* SPDX-License-Identifier: Apache-2.0 */
/* Architectures as seccomp sees them. */
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

struct arch_abi {
	char scmp[24];	  /* "SCMP_ARCH_X86_64" */
	char docker[12];  /* "amd64": Docker's archMap and includes.arches use this */
	char machine[12]; /* uname -m, "" if no kernel calls itself so */
	uint32_t audit;	  /* AUDIT_ARCH_*; x32 shares x86_64's */
	uint32_t nr_bit;  /* 0x40000000 for x32, set in seccomp_data.nr but not in our numbers */
	uint8_t bits;	  /* 32 or 64: how wide its registers are (x32: 64) */
	bool little_endian;
};

/* Never NULL. */
const struct arch_abi *arch_abi(enum abi abi);
/* By "SCMP_ARCH_X86_64", by Docker's "amd64", by uname -m ("x86_64", "armv7l"): the ABI, or
 * ABI_COUNT if there is none. */
enum abi arch_by_scmp(const char *name);
enum abi arch_by_docker(const char *name);
enum abi arch_by_machine(const char *machine);

#endif
