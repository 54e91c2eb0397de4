/* SPDX-License-Identifier: Apache-2.0 */
/* Constants by name and by value. script/constants compares the table with the kernel's headers. */
#include "seccomp/constants.h"
#include "seccomp/params.h"
#include "seccomp/syscall.h"

#include "unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>

/* Every name of every parameter can be parsed, and printing its value gives the same value
 * again. */
static void round_trip(void)
{
	for (enum abi abi = 0; abi < ABI_OWN; abi++) {
		unsigned int words = 0, params = 0;

		for (unsigned int id = 0; id < syscall_count(); id++) {
			struct param p;

			for (unsigned int i = 0; params_get(abi, id, i, &p); i++) {
				struct constants_unknown unknown;
				char buf[CONSTANTS_TEXT];
				uint64_t value, got, wide;
				const char *word;

				if (!p.has_set)
					continue;
				params++;
				wide = syscall_narrow(abi, id) & 1 << i ? UINT32_MAX : UINT64_MAX;
				for (size_t n = 0; (word = constants_nth(abi, p.set, n, &value));
				     n++, words++) {
					if (constants_parse(abi, id, i, word, &got, &unknown) < 0 ||
					    got != value)
						ok(false, "%s %s is not parsed", syscall_name(id),
						   word);
					constants_format(abi, id, i, value, buf, sizeof(buf));
					if (constants_parse(abi, id, i, buf, &got, &unknown) < 0 ||
					    (got & wide) != (value & wide))
						ok(false, "%s %s is printed as %s",
						   syscall_name(id), word, buf);
				}
			}
		}
		ok(words > 5000, "%s: %u names of %u parameters, parsed and printed",
		   arch_abi(abi)->scmp, words, params);
	}
	for (enum constants_set set = 0; set < SET_COUNT; set++) {
		uint64_t value;

		if (!constants_nth(ABI_X86_64, set, 0, &value))
			ok(false, "set %d is empty", set);
	}
}

static unsigned int id_of(const char *call, enum abi abi, const char *param, unsigned int *index)
{
	unsigned int id = (unsigned int)syscall_id(call);

	*index = (unsigned int)params_index(abi, id, param);
	return id;
}

static void parses(enum abi abi, const char *call, const char *param, const char *text,
		   uint64_t want)
{
	struct constants_unknown unknown;
	unsigned int index, id = id_of(call, abi, param, &index);
	uint64_t got = 0;
	int err = constants_parse(abi, id, index, text, &got, &unknown);

	ok(err == 0 && got == want, "%s %s=%s is %#" PRIx64, call, param, text, want);
	if (err || got != want)
		printf("# %d, %#" PRIx64 "\n", err, got);
}

static void fails(enum abi abi, const char *call, const char *param, const char *text, int want,
		  const char *like)
{
	struct constants_unknown unknown = { 0 };
	unsigned int index, id = id_of(call, abi, param, &index);
	uint64_t got;

	is_int(constants_parse(abi, id, index, text, &got, &unknown), want, "%s %s=%s", call, param,
	       text);
	if (want == -ENOENT)
		is_str(unknown.like, like, "its neighbour");
}

static void prints(enum abi abi, const char *call, const char *param, uint64_t value,
		   const char *want)
{
	unsigned int index, id = id_of(call, abi, param, &index);
	char buf[CONSTANTS_TEXT];

	is_str(constants_format(abi, id, index, value, buf, sizeof(buf)), want, "%s %s=%#" PRIx64,
	       call, param, value);
}

static void parse(void)
{
	parses(ABI_X86_64, "mmap", "prot", "PROT_READ|PROT_EXEC", PROT_READ | PROT_EXEC);
	parses(ABI_X86_64, "mmap", "prot", " PROT_READ | 0x4 ", PROT_READ | PROT_EXEC);
	parses(ABI_X86_64, "socket", "family", "AF_VSOCK", AF_VSOCK);
	parses(ABI_X86_64, "socket", "type", "SOCK_STREAM|SOCK_CLOEXEC",
	       SOCK_STREAM | SOCK_CLOEXEC);
	parses(ABI_X86_64, "ioctl", "request", "TIOCSTI", 0x5412);
	parses(ABI_PPC64LE, "ioctl", "request", "TCSETS", 0x802c7414);
	parses(ABI_AARCH64, "openat", "flags", "O_DIRECTORY", 040000);
	parses(ABI_X86_64, "read", "fd", "-1", UINT64_MAX);
	parses(ABI_X86_64, "read", "count", "0x10", 16);
	parses(ABI_X86_64, "chmod", "mode", "0755", 0755);
	parses(ABI_X86_64, "read", "count", "18446744073709551615", UINT64_MAX);
	parses(ABI_X86_64, "personality", "persona", "PER_LINUX32|ADDR_NO_RANDOMIZE", 0x40008);
	parses(ABI_S390X, "clone", "flags", "CLONE_NEWUSER|SIGCHLD", 0x10000011);
	parses(ABI_MIPS, "read", "fd", "3", 3);
	fails(ABI_X86_64, "read", "count", "18446744073709551616", -ERANGE, NULL);
	fails(ABI_X86_64, "read", "count", "-9223372036854775809", -ERANGE, NULL);
	fails(ABI_X86_64, "read", "count", "", -EINVAL, NULL);
	fails(ABI_X86_64, "read", "count", "0x", -EINVAL, NULL);
	fails(ABI_X86_64, "read", "count", "12k", -EINVAL, NULL);
	fails(ABI_X86_64, "read", "count", "O_RDONLY", -ENOENT, NULL);
	fails(ABI_X86_64, "mmap", "prot", "PROT_READ|", -EINVAL, NULL);
	fails(ABI_X86_64, "mmap", "prot", "PROT_EXEK", -ENOENT, "PROT_EXEC");
	fails(ABI_X86_64, "clone", "flags", "CLONE_NEWUSR", -ENOENT, "CLONE_NEWUSER");
	fails(ABI_AARCH64, "mmap", "flags", "MAP_32BIT", -ENOENT, NULL);
	fails(ABI_MIPS, "socket", "family", "AF_UNIX", -EOPNOTSUPP, NULL);
}

static void format(void)
{
	prints(ABI_X86_64, "clone", "flags", 0x10000011, "SIGCHLD|CLONE_NEWUSER");
	prints(ABI_X86_64, "clone", "flags", 0x1080, "CLONE_PIDFD|0x80");
	prints(ABI_X86_64, "openat", "flags", O_RDONLY | O_CLOEXEC, "O_RDONLY|O_CLOEXEC");
	prints(ABI_X86_64, "openat", "flags", O_WRONLY | O_SYNC, "O_WRONLY|O_SYNC");
	prints(ABI_X86_64, "openat", "dfd", (uint64_t)AT_FDCWD, "AT_FDCWD");
	prints(ABI_X86_64, "openat", "dfd", 0xffffff9c, "AT_FDCWD");
	prints(ABI_X86_64, "openat", "dfd", 3, "3");
	prints(ABI_X86_64, "mmap", "prot", 0, "PROT_NONE");
	prints(ABI_X86_64, "mmap", "flags", MAP_PRIVATE | MAP_ANONYMOUS,
	       "MAP_PRIVATE|MAP_ANONYMOUS");
	prints(ABI_X86_64, "socket", "type", SOCK_DGRAM | SOCK_NONBLOCK,
	       "SOCK_DGRAM|SOCK_NONBLOCK");
	prints(ABI_X86_64, "socket", "family", 99, "99");
	prints(ABI_X86_64, "ioctl", "cmd", FIONREAD, "FIONREAD");
	prints(ABI_X86_64, "kill", "sig", 9, "SIGKILL");
	prints(ABI_X86_64, "kill", "pid", UINT64_MAX, "-1");
	prints(ABI_X86_64, "mknod", "mode", 0020666, "S_IFCHR|0666");
	prints(ABI_X86_64, "chmod", "mode", 0755, "0755");
	prints(ABI_X86_64, "futex", "op", 128, "FUTEX_WAIT|FUTEX_PRIVATE_FLAG");
	prints(ABI_X86_64, "quotactl", "cmd", 0x80000201, "Q_QUOTAON|GRPQUOTA");
	prints(ABI_X86_64, "read", "buf", 0x1000, "0x1000");
	prints(ABI_X86_64, "personality", "personality", 0xffffffff, "0xffffffff");
}

static void check(void)
{
	static const struct {
		const char *call, *param;
		struct check check;
		const char *want;
	} cases[] = {
		{ "clone",
		  "flags",
		  { 0, false, true, 0x10000000, 0 },
		  "flags & CLONE_NEWUSER != 0" },
		{ "clone",
		  "flags",
		  { 0, false, false, 0x10000000, 0 },
		  "flags & CLONE_NEWUSER == 0" },
		{ "clone",
		  "flags",
		  { 0, false, false, 0x10000000, 0x10000000 },
		  "flags & CLONE_NEWUSER != 0" },
		{ "personality",
		  "personality",
		  { 0, false, false, ~0x20008u, 0 },
		  "personality & ~(PER_LINUX32|UNAME26) == 0" },
		{ "ioctl", "cmd", { 1, false, false, 0xff00, 0x5400 }, "cmd & 0xff00 == 0x5400" },
		{ "ioctl",
		  "cmd",
		  { 1, false, false, 0xfffffff0, 0x5410 },
		  "cmd & 0xfffffff0 == 0x5410" },
		{ "socket", "family", { 0, false, false, ~1u, 2 }, "family & 0xfffffffe == 0x2" },
		{ "socket", "type", { 1, false, false, 0xf, 1 }, "type & 0xf == SOCK_STREAM" },
		{ "chmod", "mode", { 1, false, false, 06000, 0 }, "mode & 06000 == 0" },
		{ "socket", "family", { 0, false, false, UINT32_MAX, 40 }, "family == AF_VSOCK" },
		{ "socket", "family", { 0, false, true, UINT32_MAX, 40 }, "family != AF_VSOCK" },
		{ "read", "count", { 2, true, false, UINT64_MAX, 40 }, "count >= 40" },
		{ "read", "count", { 2, true, true, UINT64_MAX, 40 }, "count < 40" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		char buf[CONSTANTS_TEXT];

		constants_format_check(ABI_X86_64, (unsigned int)syscall_id(cases[i].call),
				       &cases[i].check, buf, sizeof(buf));
		is_str(buf, cases[i].want, "%s", cases[i].want);
	}
}

/* If the buffer is too small, it is filled, but nothing is written beyond it. */
static void cut(void)
{
	char buf[16];

	memset(buf, 'x', sizeof(buf));
	constants_format(ABI_X86_64, (unsigned int)syscall_id("openat"), 2, O_WRONLY | O_CLOEXEC,
			 buf, 10);
	is_str(buf, "O_WRONLY|", "cut");
	is_int(buf[10], 'x', "and nothing is written beyond it");
}

int main(void)
{
	round_trip();
	parse();
	format();
	check();
	cut();
	return done();
}
