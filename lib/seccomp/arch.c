/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the names of architectures and the values by which the kernel identifies them. */
#include "seccomp/arch.h"

#include <linux/audit.h>
#include <string.h>

static const struct arch_abi infos[ABI_COUNT] = {
#define ABI(id, docker, machine, audit, bits) \
	[ABI_##id] = { "SCMP_ARCH_" #id, docker, machine, audit, 0, bits }
	ABI(X86_64, "amd64", "x86_64", AUDIT_ARCH_X86_64, 64),
	ABI(X86, "x86", "i686", AUDIT_ARCH_I386, 32),
	[ABI_X32] = { "SCMP_ARCH_X32", "x32", "", AUDIT_ARCH_X86_64, 0x40000000, 64 },
	ABI(AARCH64, "arm64", "aarch64", AUDIT_ARCH_AARCH64, 64),
	ABI(ARM, "arm", "armv7l", AUDIT_ARCH_ARM, 32),
	ABI(RISCV64, "riscv64", "riscv64", AUDIT_ARCH_RISCV64, 64),
	ABI(PPC64LE, "ppc64le", "ppc64le", AUDIT_ARCH_PPC64LE, 64),
	ABI(S390X, "s390x", "s390x", AUDIT_ARCH_S390X, 64),
	/* mips kernels of both byte orders report "mips", so none of these is recognised by it. */
	ABI(MIPS, "mips", "", AUDIT_ARCH_MIPS, 32),
	ABI(MIPS64, "mips64", "", AUDIT_ARCH_MIPS64, 64),
	ABI(MIPS64N32, "mips64n32", "", AUDIT_ARCH_MIPS64N32, 64),
	ABI(MIPSEL, "mipsel", "", AUDIT_ARCH_MIPSEL, 32),
	ABI(MIPSEL64, "mipsel64", "", AUDIT_ARCH_MIPSEL64, 64),
	ABI(MIPSEL64N32, "mipsel64n32", "", AUDIT_ARCH_MIPSEL64N32, 64),
	ABI(PPC, "ppc", "ppc", AUDIT_ARCH_PPC, 32),
	ABI(PPC64, "ppc64", "ppc64", AUDIT_ARCH_PPC64, 64),
	ABI(S390, "s390", "s390", AUDIT_ARCH_S390, 32),
	ABI(PARISC, "parisc", "parisc", AUDIT_ARCH_PARISC, 32),
	ABI(PARISC64, "parisc64", "parisc64", AUDIT_ARCH_PARISC64, 64),
	ABI(LOONGARCH64, "loongarch64", "loongarch64", AUDIT_ARCH_LOONGARCH64, 64),
	ABI(M68K, "m68k", "m68k", AUDIT_ARCH_M68K, 32),
	ABI(SH, "sh", "sh4", AUDIT_ARCH_SHEL, 32),
	ABI(SHEB, "sheb", "sh4eb", AUDIT_ARCH_SH, 32),
#undef ABI
};

const struct arch_abi *arch_abi(enum abi abi)
{
	return &infos[abi];
}

enum abi arch_by_scmp(const char *name)
{
	for (enum abi i = 0; i < ABI_COUNT; i++)
		if (strcmp(name, infos[i].scmp) == 0)
			return i;
	return ABI_COUNT;
}

enum abi arch_by_docker(const char *name)
{
	for (enum abi i = 0; i < ABI_COUNT; i++)
		if (strcmp(name, infos[i].docker) == 0)
			return i;
	return ABI_COUNT;
}

enum abi arch_by_machine(const char *machine)
{
	/* Several names stand for one ABI: armv6l, armv7l, armv8l; i386 to i686. */
	if (strncmp(machine, "armv", 4) == 0 && machine[strlen(machine) - 1] == 'l')
		return ABI_ARM;
	if (machine[0] == 'i' && machine[1] && strcmp(machine + 2, "86") == 0)
		return ABI_X86;
	for (enum abi i = 0; i < ABI_COUNT; i++)
		if (machine[0] && strcmp(machine, infos[i].machine) == 0)
			return i;
	return ABI_COUNT;
}

const char *arch_name(enum abi abi)
{
	const struct arch_abi *info = arch_abi(abi);

	if (abi == ABI_X86)
		return "i386";
	if (abi == ABI_X32)
		return "x32";
	return info->machine[0] ? info->machine : info->scmp + strlen("SCMP_ARCH_");
}

const char *arch_second_name(enum abi abi)
{
	return abi == ABI_X86 || abi == ABI_X32 || abi == ABI_ARM ? arch_name(abi) : "";
}

bool arch_is_known(uint32_t audit)
{
	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		if (arch_abi(abi)->audit == audit)
			return true;
	return false;
}

enum abi arch_by_number(uint32_t audit, uint32_t nr)
{
	enum abi found = ABI_COUNT;

	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		const struct arch_abi *info = arch_abi(abi);

		if (info->audit == audit && (nr & info->nr_bit) == info->nr_bit &&
		    (found == ABI_COUNT || info->nr_bit))
			found = abi;
	}
	return found;
}
