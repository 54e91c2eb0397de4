/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares the tables of system calls with each other, with libseccomp and with the running kernel.
 */
#include "seccomp/arch.h"
#include "seccomp/syscall.h"

#include "base/fd.h"
#include "base/io.h"
#include "unit/tap.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void order(void)
{
	bool sorted = true;

	for (unsigned int i = 1; i < syscall_count(); i++)
		if (strcmp(syscall_name(i - 1), syscall_name(i)) >= 0)
			sorted = ok(false, "%s is out of order", syscall_name(i));
	ok(sorted, "%u names are sorted and unique", syscall_count());
	for (enum abi abi = 0; abi < ABI_OWN; abi++) {
		unsigned int n = 0;

		for (unsigned int i = 0; i < syscall_count(); i++) {
			uint32_t nr = syscall_nr(abi, i);

			if (nr == SYSCALL_NONE)
				continue;
			n++;
			if (syscall_at(abi, nr) != (int)i)
				ok(false, "%s %u: %s", arch_abi(abi)->scmp, nr, syscall_name(i));
			if (nr >= syscall_end(abi) && nr < 0x0f0000)
				ok(false, "%s %u lies beyond the end", arch_abi(abi)->scmp, nr);
		}
		ok(n > 300, "%s: %u calls, numbers and ids agree", arch_abi(abi)->scmp, n);
		is_int(syscall_at(abi, 1000), -1, "%s: 1000 is no call", arch_abi(abi)->scmp);
		is_int(syscall_at(abi, UINT32_MAX), -1, "%s: -1 is no call", arch_abi(abi)->scmp);
	}
}

static uint32_t nr(enum abi abi, const char *name)
{
	int id = syscall_id(name);

	return id < 0 ? SYSCALL_NONE : syscall_nr(abi, (unsigned int)id);
}

static void facts(void)
{
	is_int(nr(ABI_X86_64, "openat2"), SYS_openat2, "openat2");
	is_int(nr(ABI_X86, "socket"), 359, "i386 socket");
	is_int(nr(ABI_X32, "ioctl"), 514, "x32 ioctl");
	is_int(nr(ABI_AARCH64, "openat"), 56, "arm64 openat");
	is_int(nr(ABI_ARM, "cacheflush"), 0x0f0002, "arm cacheflush");
	is_int(nr(ABI_X86_64, "uprobe"), 336, "uprobe");
	is_int(nr(ABI_AARCH64, "open"), SYSCALL_NONE, "arm64 has no open");
	is_int(syscall_id("setsidaccept4"), -1, "unknown name");
	is_int(syscall_id(""), -1, "empty name");
	for (enum abi abi = 0; abi < ABI_OWN; abi++)
		is_int(nr(abi, "listns"), 470, "%s listns", arch_abi(abi)->scmp);
	is_int(arch_by_scmp("SCMP_ARCH_MIPSEL64N32"), ABI_MIPSEL64N32, "scmp word");
	is_int(arch_by_scmp("SCMP_ARCH_VAX"), ABI_COUNT, "an unknown name");
	is_int(arch_by_docker("arm64"), ABI_AARCH64, "docker word");
	is_int(arch_by_machine("armv8l"), ABI_ARM, "armv8l");
	is_int(arch_by_machine("i586"), ABI_X86, "i586");
	is_int(arch_by_machine(""), ABI_COUNT, "empty machine");
	is_int(nr(ABI_PPC, "openat"), 286, "a call of a foreign architecture");
	is_str(syscall_name((unsigned int)syscall_at(ABI_PPC, 286)), "openat", "and back");
}

static void mux(void)
{
	struct syscall_mux m;
	unsigned int socket = (unsigned int)syscall_id("socket");
	unsigned int semop = (unsigned int)syscall_id("semop");

	ok(syscall_mux(ABI_X86, socket, &m) && m.nr == 102 && m.call == 1 && m.mask == UINT32_MAX,
	   "i386 socket by socketcall");
	ok(syscall_mux(ABI_X86, semop, &m) && m.nr == 117 && m.call == 1 && m.mask == 0xffff,
	   "i386 semop by ipc");
	is_int(syscall_nr(ABI_X86, semop), SYSCALL_NONE, "and by nothing else");
	ok(syscall_mux(ABI_S390X, socket, &m) && m.nr == 102, "s390x socket");
	ok(!syscall_mux(ABI_X86_64, socket, &m), "x86_64 has none");
	ok(!syscall_mux(ABI_ARM, socket, &m), "arm has none");
	ok(!syscall_mux(ABI_X86, (unsigned int)syscall_id("read"), &m), "read has none");
}

/* Names that have another number in libseccomp, or that are not calls. */
static void libseccomp(void)
{
	static const uint32_t tokens[ABI_OWN] = {
		SCMP_ARCH_X86_64, SCMP_ARCH_X86,     SCMP_ARCH_X32,	SCMP_ARCH_AARCH64,
		SCMP_ARCH_ARM,	  SCMP_ARCH_RISCV64, SCMP_ARCH_PPC64LE, SCMP_ARCH_S390X,
	};

	for (enum abi abi = 0; abi < ABI_OWN; abi++) {
		unsigned int same = 0, ours = 0, wrong = 0, theirs = 0;

		for (unsigned int i = 0; i < syscall_count(); i++) {
			const char *name = syscall_name(i);
			int got = seccomp_syscall_resolve_name_arch(tokens[abi], name);
			uint32_t have = syscall_nr(abi, i);

			if (got >= 0)
				got &= 0x3fffffff;
			if (got < 0)
				ours += have != SYSCALL_NONE;
			else if ((uint32_t)got == have)
				same++;
			else if (++wrong)
				printf("# %s: libseccomp %d, we %d\n", name, got, (int)have);
		}
		for (int n = 0; n < 1000; n++) {
			/* A newer libseccomp may know newer calls than these tables. */
			bool newer = n > 470 && n < 512;
			char *name = newer ? NULL
					   : seccomp_syscall_resolve_num_arch(
						     tokens[abi], n | (int)arch_abi(abi)->nr_bit);

			if (name && syscall_at(abi, (uint32_t)n) < 0 && ++theirs)
				printf("# %s %d is not in the tables\n", name, n);
			free(name);
		}
		ok(!wrong && !theirs, "%s: %u numbers equal libseccomp's, %u are not in libseccomp",
		   arch_abi(abi)->scmp, same, ours);
	}
}

/* Types of at most 32 bits, as written in the format of a trace event. */
static bool narrow_type(const char *type, size_t len)
{
	static const char *const types[] = {
		"int",
		"unsigned",
		"unsigned int",
		"u32",
		"__u32",
		"__s32",
		"s32",
		"pid_t",
		"uid_t",
		"gid_t",
		"qid_t",
		"mode_t",
		"umode_t",
		"key_t",
		"timer_t",
		"mqd_t",
		"rwf_t",
		"uint",
		"key_serial_t",
		"const int",
		"clockid_t",
		"const clockid_t",
		"const __u32",
		"enum landlock_rule_type",
		"const enum landlock_rule_type",
	};

	for (size_t i = 0; i < ARRAY_LEN(types); i++)
		if (strlen(types[i]) == len && memcmp(types[i], type, len) == 0)
			return true;
	return false;
}

/* Reads the parameters in a "format" file: their number, and which have at most 32 bits. */
static uint8_t format_read(const char *format, uint8_t *ret_args)
{
	const char *at = strstr(format, "__syscall_nr");
	uint8_t narrow = 0;

	*ret_args = 0;
	while (at && (at = strstr(at, "field:"))) {
		const char *type = at + strlen("field:"), *end = strchr(type, ';');

		while (end > type && *end != ' ')
			end--;
		if (*ret_args < 6 && narrow_type(type, (size_t)(end - type)))
			narrow |= (uint8_t)(1 << *ret_args);
		++*ret_args;
		at = type;
	}
	return narrow;
}

/* Parameters that are declared with 64 bits, but read as 32 bits: see calls.inc. */
static const struct {
	const char *name;
	uint8_t cut;
} cuts[] = {
	{ "clone", 1 },
	{ "fcntl", 4 },
	{ "futex", 8 },
	{ "kcmp", 24 },
	{ "keyctl", 6 },
	{ "mbind", 4 },
	{ "mmap", 28 },
	{ "preadv", 5 },
	{ "preadv2", 5 },
	{ "process_madvise", 4 },
	{ "process_vm_readv", 4 },
	{ "process_vm_writev", 4 },
	{ "ptrace", 2 },
	{ "pwritev", 5 },
	{ "pwritev2", 5 },
	{ "readv", 5 },
	{ "remap_file_pages", 16 },
	{ "semctl", 8 },
	{ "sysfs", 2 },
	{ "vmsplice", 4 },
	{ "writev", 5 },
};

static bool event(int events, unsigned int id)
{
	/* Functions of the kernel whose name differs from that of the call. */
	static const struct {
		const char *call, *event;
	} renamed[] = {
		{ "stat", "newstat" },	 { "lstat", "newlstat" }, { "fstat", "newfstat" },
		{ "uname", "newuname" }, { "umount2", "umount" }, { "sendfile", "sendfile64" },
		{ "_sysctl", "sysctl" },
	};
	const char *name = syscall_name(id);
	struct text text;
	char path[96];
	uint8_t args, narrow, want = syscall_narrow(ABI_X86_64, id);

	for (size_t i = 0; i < ARRAY_LEN(cuts); i++)
		if (strcmp(name, cuts[i].name) == 0)
			want &= (uint8_t)~cuts[i].cut;
	for (size_t i = 0; i < ARRAY_LEN(renamed); i++)
		if (strcmp(name, renamed[i].call) == 0)
			name = renamed[i].event;
	snprintf(path, sizeof(path), "sys_enter_%s/format", name);
	if (io_read_file(events, path, 65536, &text) < 0)
		return false;
	narrow = format_read(text.data, &args);
	if (narrow != want || args != syscall_args(id))
		ok(false, "%s: kernel %u parameters, narrow %#x; table %u, %#x", name, args, narrow,
		   syscall_args(id), want);
	return true;
}

static int tracefs(void)
{
	int fd = open("/sys/kernel/tracing/events/syscalls", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (fd >= 0)
		return fd;
	/* If tracefs is not mounted, uses a detached mount, which needs privilege. */
	autofd fs = (int)syscall(SYS_fsopen, "tracefs", 1);

	if (fs < 0 || syscall(SYS_fsconfig, fs, 6, NULL, NULL, 0) < 0)
		return -1;
	autofd mount = (int)syscall(SYS_fsmount, fs, 1, 0);

	return mount < 0 ? -1 : openat(mount, "events/syscalls", O_PATH | O_DIRECTORY | O_CLOEXEC);
}

static void widths(void)
{
	autofd events = tracefs();
	unsigned int n = 0;

	if (events < 0) {
		skip("cannot read the kernel's trace events: widths are not compared");
		return;
	}
	for (unsigned int i = 0; i < syscall_count(); i++)
		if (syscall_nr(ABI_X86_64, i) != SYSCALL_NONE)
			n += event(events, i);
	ok(n > 200, "widths and parameters of %u calls equal those in the kernel's events", n);
}

static void speed(void)
{
	struct timespec a, b;
	unsigned int hits = 0;

	clock_gettime(CLOCK_MONOTONIC, &a);
	for (unsigned int i = 0; i < syscall_count(); i++) {
		int id = syscall_id(syscall_name(i));

		for (enum abi abi = 0; abi < 3; abi++)
			hits += syscall_nr(abi, (unsigned int)id) != SYSCALL_NONE;
	}
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("# %u names on three ABIs, cold: %ld us, %u numbers\n", syscall_count(),
	       (b.tv_sec - a.tv_sec) * 1000000 + (b.tv_nsec - a.tv_nsec) / 1000, hits);
}

int main(void)
{
	speed();
	order();
	facts();
	mux();
	libseccomp();
	widths();
	return done();
}
