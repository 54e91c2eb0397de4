/* SPDX-License-Identifier: Apache-2.0 */
/* The architectures of seccomp(2): their names and how the kernel identifies them. */
#ifndef SECCOMP_ARCH_H
#define SECCOMP_ARCH_H

#include "base/base.h"

enum abi {
	/* Architectures with tables of our own. */
	ABI_X86_64,
	ABI_X86,
	ABI_X32,
	ABI_AARCH64,
	ABI_ARM,
	ABI_RISCV64,
	ABI_PPC64LE,
	ABI_S390X,
	ABI_OWN, /* number of those */
	/* The other names of the runtime-spec. libseccomp resolves their system calls. */
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
	char scmp[24];	  /* name in the runtime-spec, for example "SCMP_ARCH_X86_64" */
	char docker[12];  /* name in Docker's archMap and includes.arches, for example "amd64" */
	char machine[12]; /* machine of uname(2); "" if no kernel reports it */
	uint32_t audit;	  /* AUDIT_ARCH_*; x32 has the same as x86_64 */
	uint32_t nr_bit;  /* 0x40000000 for x32: set in seccomp_data.nr but not in our numbers */
	uint8_t bits;	  /* width of the registers, 32 or 64 (x32: 64) */
};

/* Describes an ABI. Never returns NULL. */
const struct arch_abi *arch_abi(enum abi abi);
/*
 * Find an ABI by its name in the runtime-spec ("SCMP_ARCH_X86_64"), in Docker's profiles ("amd64"),
 * or in uname(2) ("x86_64", "armv7l"). Return ABI_COUNT if there is none.
 */
enum abi arch_by_scmp(const char *name);
enum abi arch_by_docker(const char *name);
enum abi arch_by_machine(const char *machine);
/* The ABI of a number (seccomp_data.nr) of that AUDIT_ARCH_*; ABI_COUNT if no ABI has it. */
enum abi arch_by_number(uint32_t audit, uint32_t nr);
/* The name that people use of an ABI: "x86_64", "i386", "x32". */
const char *arch_name(enum abi abi);
/* The name if the ABI stands beside a wider one on the same machine (i386, x32, arm), else "". */
const char *arch_second_name(enum abi abi);
/* Whether an architecture of ours has that value of AUDIT_ARCH_*. */
bool arch_is_known(uint32_t audit);

#endif
