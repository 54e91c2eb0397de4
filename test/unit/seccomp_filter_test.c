/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lib/seccomp from linux.seccomp to verdicts: the meaning of a profile, where it differs from
 * runc's, and what is refused.
 */
#include "base/arena.h"
#include "base/err.h"
#include "oci/config.h"
#include "oci/parse.h"
#include "seccomp/arch.h"
#include "seccomp/bpf.h"
#include "seccomp/filter.h"
#include "seccomp/oci.h"
#include "seccomp/syscall.h"
#include "unit/seccomp_rules.h"

#include <errno.h>
#include <linux/seccomp.h>

enum { ALL_FLAGS = 0x3f };

static const struct filter_options usual = { .kernel_flags = ALL_FLAGS, .machine = "x86_64" };
static const struct filter_options as_runc = { .kernel_flags = ALL_FLAGS,
					       .machine = "x86_64",
					       .compat_runc = true };

/* Single quotes stand for double quotes. */
static struct text quoted(const char *json)
{
	char *s = arena_strdup(json);

	for (char *p = s; *p; p++)
		if (*p == '\'')
			*p = '"';
	return (struct text){ .data = s, .len = strlen(s) };
}

static int compile(const char *json, const struct filter_options *o, const struct filter **ret)
{
	struct text text = quoted(json);
	struct seccomp_spec spec;

	err_clear();
	*ret = NULL;
	int r = parse_seccomp("config.json", &text, &spec);

	return r < 0 ? r : oci_filter(&spec, o, ret);
}

static uint32_t verdict(const struct filter *f, enum abi abi, uint32_t nr, uint64_t a0, uint64_t a1)
{
	struct seccomp_data d = { .arch = arch_abi(abi)->audit, .nr = (int)nr, .args = { a0, a1 } };

	return bpf_run(f->code, f->len, &d, NULL);
}

/* --- verdicts ----------------------------------------------------------------------------- */

#define PROFILE(default, more, rules) \
	"{'defaultAction':'SCMP_ACT_" default "'" more ",'syscalls':[" rules "]}"
#define RULE(names, action, args) \
	"{'names':[" names "],'action':'SCMP_ACT_" action "','args':[" args "]}"
#define RULE_ERRNO(names, number, args) \
	"{'names':[" names "],'action':'SCMP_ACT_ERRNO','errnoRet':" number ",'args':[" args "]}"
#define ARG(index, op, value) "{'index':" #index ",'op':'SCMP_CMP_" op "','value':" #value "}"
#define MASKED(index, mask, value) \
	"{'index':" #index ",'op':'SCMP_CMP_MASKED_EQ','value':" #mask ",'valueTwo':" #value "}"
#define ALL_ARCHES ",'architectures':['SCMP_ARCH_X86_64','SCMP_ARCH_X86','SCMP_ARCH_X32']"
#define E(n) (SECCOMP_RET_ERRNO | (n))
#define ALLOW SECCOMP_RET_ALLOW

static const struct verdict_case {
	const char *what, *json;
	enum abi abi;
	const char *name; /* or nr */
	uint32_t nr;
	uint64_t a0, a1;
	uint32_t want, runc; /* runc 0: the same as want */
} verdicts[] = {
	/* 1: width */
	{ "NE on an int compares the low half",
	  PROFILE("ALLOW", "", RULE("'socket'", "ERRNO", ARG(0, "NE", 1))), ABI_X86_64, "socket", 0,
	  0x100000001, 0, ALLOW, E(1) },
	{ "GT on an int compares the low half",
	  PROFILE("ALLOW", "", RULE("'socket'", "ERRNO", ARG(0, "GT", 9))), ABI_X86_64, "socket", 0,
	  0x100000001, 0, ALLOW, E(1) },
	{ "EQ on an int cannot be bypassed by the high half",
	  PROFILE("ALLOW", "", RULE("'socket'", "ERRNO", ARG(0, "EQ", 16))), ABI_X86_64, "socket",
	  0, 0x100000010, 0, E(1), ALLOW },
	{ "a long is compared with all 64 bits",
	  PROFILE("ALLOW", "", RULE("'lseek'", "ERRNO", ARG(1, "EQ", 16))), ABI_X86_64, "lseek", 0,
	  0, 0x100000010, ALLOW, 0 },
	{ "MASKED_EQ on an int compares the low half",
	  PROFILE("ALLOW", "", RULE("'socket'", "ERRNO", MASKED(1, 18446744073709551615, 2))),
	  ABI_X86_64, "socket", 0, 0, 0x100000002, E(1), ALLOW },
	{ "-1 as 32 bits",
	  PROFILE("ERRNO", "", RULE("'personality'", "ALLOW", ARG(0, "EQ", 4294967295))),
	  ABI_X86_64, "personality", 0, UINT64_MAX, 0, ALLOW, E(1) },
	{ "-1 as 64 bits",
	  PROFILE("ERRNO", "", RULE("'personality'", "ALLOW", ARG(0, "EQ", 18446744073709551615))),
	  ABI_X86_64, "personality", 0, 0xffffffff, 0, ALLOW, E(1) },
	{ "a value of more than 32 bits for an int: EQ never matches",
	  PROFILE("ERRNO", "", RULE("'socket'", "ALLOW", ARG(0, "EQ", 4294967298))), ABI_X86_64,
	  "socket", 0, 4294967298, 0, E(1), ALLOW },
	{ "a value of more than 32 bits for an int: LT always matches",
	  PROFILE("ERRNO", "", RULE("'socket'", "ALLOW", ARG(0, "LT", 4294967296))), ABI_X86_64,
	  "socket", 0, UINT64_MAX, 0, ALLOW, E(1) },
	/* 2, 3, 6, 7: numbers */
	{ "clone3 gets the error of its rule",
	  PROFILE("ERRNO", "", RULE_ERRNO("'clone3'", "38", "")), ABI_X86_64, "clone3", 0, 0, 0,
	  E(ENOSYS), 0 },
	{ "number 1000", PROFILE("ERRNO", "", RULE("'write'", "ALLOW", "")), ABI_X86_64, NULL, 1000,
	  0, 0, E(ENOSYS), 0 },
	{ "an unused number below the highest named call",
	  PROFILE("ERRNO", "", RULE("'statx','openat2'", "ALLOW", "")), ABI_X86_64, NULL, 400, 0, 0,
	  E(ENOSYS), E(1) },
	{ "a known call above the highest named call",
	  PROFILE("ERRNO", "", RULE("'read','statx'", "ALLOW", "")), ABI_X86_64, "openat2", 0, 0, 0,
	  E(ENOSYS), 0 },
	{ "also if the default kills",
	  PROFILE("KILL_PROCESS", "", RULE("'read','statx'", "ALLOW", "")), ABI_X86_64, "openat2",
	  0, 0, 0, E(ENOSYS), 0 },
	{ "or traps", PROFILE("TRAP", "", RULE("'read','statx'", "ALLOW", "")), ABI_X86_64,
	  "openat2", 0, 0, 0, E(ENOSYS), 0 },
	{ "not if the default is TRACE", PROFILE("TRACE", "", RULE("'read','statx'", "ERRNO", "")),
	  ABI_X86_64, "openat2", 0, 0, 0, SECCOMP_RET_TRACE | EPERM, 0 },
	{ "nor if it is NOTIFY",
	  PROFILE("NOTIFY", ",'listenerPath':'/run/a'", RULE("'read','statx'", "ALLOW", "")),
	  ABI_X86_64, "openat2", 0, 0, 0, SECCOMP_RET_USER_NOTIF, 0 },
	{ "a known call below the highest named call",
	  PROFILE("ERRNO", "", RULE("'read','openat2'", "ALLOW", "")), ABI_X86_64, "clone3", 0, 0,
	  0, E(1), 0 },
	{ "the highest named call itself",
	  PROFILE("ERRNO", "", RULE_ERRNO("'read','openat2'", "13", "")), ABI_X86_64, "openat2", 0,
	  0, 0, E(13), 0 },
	{ "a rule that denies names calls, too",
	  PROFILE("ERRNO", "", RULE("'read'", "ALLOW", "") "," RULE_ERRNO("'openat2'", "13", "")),
	  ABI_X86_64, "clone3", 0, 0, 0, E(1), 0 },
	{ "so does a rule with the action of the default",
	  PROFILE("ERRNO", "", RULE("'read'", "ALLOW", "") "," RULE("'openat2'", "ERRNO", "")),
	  ABI_X86_64, "clone3", 0, 0, 0, E(1), 0 },
	{ "and one with conditions",
	  PROFILE("ERRNO", "",
		  RULE("'read'", "ALLOW", "") "," RULE("'openat2'", "ALLOW", ARG(0, "EQ", 1))),
	  ABI_X86_64, "clone3", 0, 0, 0, E(1), 0 },
	{ "an unknown name does not",
	  PROFILE("ERRNO", "", RULE("'statx','call_of_the_future'", "ALLOW", "")), ABI_X86_64,
	  "clone3", 0, 0, 0, E(ENOSYS), 0 },
	{ "a call that only other architectures have does not",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'write','utimensat_time64'", "ALLOW", "")), ABI_X86_64,
	  "statx", 0, 0, 0, E(ENOSYS), 0 },
	{ "each architecture has its own highest named call",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'read','utimensat_time64'", "ALLOW", "")), ABI_X86,
	  "statx", 0, 0, 0, E(1), 0 },
	{ "x32 among them", PROFILE("ERRNO", ALL_ARCHES, RULE("'read','execveat'", "ALLOW", "")),
	  ABI_X32, "getsockopt", 0x40000000, 0, 0, E(1), 0 },
	{ "x32: above it", PROFILE("ERRNO", ALL_ARCHES, RULE("'read','execveat'", "ALLOW", "")),
	  ABI_X32, "preadv2", 0x40000000, 0, 0, E(ENOSYS), 0 },
	{ "x86_64: above its highest named call, below that of x32",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'read','execveat'", "ALLOW", "")), ABI_X86_64, "statx",
	  0, 0, 0, E(ENOSYS), 0 },
	{ "no named calls: the default for known calls", PROFILE("ERRNO", "", ""), ABI_X86_64,
	  "openat2", 0, 0, 0, E(1), 0 },
	{ "no named calls: the default for unknown numbers", PROFILE("ERRNO", "", ""), ABI_X86_64,
	  NULL, 1000, 0, 0, E(ENOSYS), E(1) },
	{ "number 0 alone", PROFILE("ERRNO", "", RULE("'read'", "ALLOW", "")), ABI_X86_64, "write",
	  0, 0, 0, E(ENOSYS), E(1) },
	{ "i386: socket has a number and is a call of socketcall",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'socket'", "ALLOW", "")), ABI_X86, "bpf", 0, 0, 0,
	  E(1), E(1) },
	{ "i386: the number of a call that socketcall also has",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'read','socket'", "ALLOW", "")), ABI_X86, "socket", 0,
	  0, 0, ALLOW, E(ENOSYS) },
	{ "i386: semop makes ipc a named call",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'read','semop'", "ALLOW", "")), ABI_X86, "ipc", 0, 1,
	  0, ALLOW, E(ENOSYS) },
	{ "i386: and so all calls below ipc",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'read','semop'", "ALLOW", "")), ABI_X86, "socketcall",
	  0, 1, 0, E(1), E(ENOSYS) },
	{ "number -1 is left to the tracer",
	  PROFILE("KILL_PROCESS", "", RULE("'read'", "ALLOW", "")), ABI_X86_64, NULL, UINT32_MAX, 0,
	  0, ALLOW, SECCOMP_RET_KILL_PROCESS },
	{ "number -1 on another architecture",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'read'", "ALLOW", "")), ABI_X86, NULL, UINT32_MAX, 0,
	  0, ALLOW, E(ENOSYS) },
	{ "x32, not listed", PROFILE("ALLOW", "", ""), ABI_X86_64, NULL, 0x40000000, 0, 0,
	  E(ENOSYS), SECCOMP_RET_KILL_THREAD + 1 },
	{ "x32, listed", PROFILE("ERRNO", ALL_ARCHES, RULE("'ioctl'", "ALLOW", "")), ABI_X86_64,
	  NULL, 0x40000000 + 514, 0, 0, ALLOW, 0 },
	{ "a number of x32 without bit 30",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'ioctl'", "ALLOW", "")), ABI_X86_64, NULL, 514, 0, 0,
	  E(ENOSYS), 0 },
	{ "a number of x86_64 with bit 30",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'ioctl'", "ALLOW", "")), ABI_X86_64, NULL, 0x40000010,
	  0, 0, E(ENOSYS), E(1) },
	{ "i386, not listed", PROFILE("ERRNO", "", RULE("'read'", "ALLOW", "")), ABI_X86, NULL, 3,
	  0, 0, SECCOMP_RET_KILL_PROCESS, SECCOMP_RET_KILL_THREAD + 1 },
	{ "under ALLOW, the last number of x32", PROFILE("ALLOW", "", ""), ABI_X86_64, NULL,
	  0x7fffffff, 0, 0, E(ENOSYS), SECCOMP_RET_KILL_THREAD + 1 },
	{ "under ALLOW, beyond x32's numbers", PROFILE("ALLOW", "", ""), ABI_X86_64, NULL,
	  0x80000000, 0, 0, ALLOW, SECCOMP_RET_KILL_THREAD + 1 },
	{ "under LOG, with both bits", PROFILE("LOG", "", ""), ABI_X86_64, NULL, 0xc0000001, 0, 0,
	  SECCOMP_RET_LOG, SECCOMP_RET_KILL_THREAD + 1 },
	{ "under TRACE, -2", PROFILE("TRACE", ALL_ARCHES, ""), ABI_X86_64, NULL, 0xfffffffe, 0, 0,
	  SECCOMP_RET_TRACE | EPERM, 0 },
	{ "under ERRNO, beyond x32's numbers",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'write'", "ALLOW", "")), ABI_X86_64, NULL, 0x80000000,
	  0, 0, E(ENOSYS), 0 },
	{ "unknown numbers under LOG", PROFILE("LOG", "", RULE("'read'", "ALLOW", "")), ABI_X86_64,
	  NULL, 1000, 0, 0, SECCOMP_RET_LOG, 0 },
	{ "unknown numbers under TRACE", PROFILE("TRACE", "", RULE("'read'", "ALLOW", "")),
	  ABI_X86_64, NULL, 1000, 0, 0, SECCOMP_RET_TRACE | EPERM, 0 },
	/* 4: multiplexers */
	{ "socketcall allows what socket allows",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'socket'", "ALLOW", "")), ABI_X86, "socketcall", 0, 1,
	  0, ALLOW, 0 },
	{ "socketcall cannot bypass a condition",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'socket'", "ALLOW", ARG(0, "LT", 38))), ABI_X86,
	  "socketcall", 0, 1, 0, E(1), ALLOW },
	{ "unless a rule names socketcall",
	  PROFILE("ERRNO", ALL_ARCHES,
		  RULE("'socket'", "ALLOW", ARG(0, "LT", 38)) "," RULE("'socketcall'", "ALLOW",
								       "")),
	  ABI_X86, "socketcall", 0, 1, 0, ALLOW, 0 },
	{ "also with a conditional rule that denies",
	  PROFILE("ERRNO", ALL_ARCHES,
		  RULE("'socket'", "KILL", ARG(0, "EQ", 38)) "," RULE("'socketcall'", "ALLOW", "")),
	  ABI_X86, "socketcall", 0, 1, 0, ALLOW, 0 },
	{ "a call that is always denied is denied in socketcall",
	  PROFILE("ALLOW", ALL_ARCHES,
		  RULE_ERRNO("'connect'", "13", "") "," RULE("'socketcall'", "LOG", "")),
	  ABI_X86, "socketcall", 0, 3, 0, E(13), SECCOMP_RET_LOG },
	{ "also with the error of the default",
	  PROFILE("ERRNO", ALL_ARCHES,
		  RULE("'connect'", "ERRNO", "") "," RULE("'socketcall'", "ALLOW", "")),
	  ABI_X86, "socketcall", 0, 3, 0, E(1), ALLOW },
	{ "a rule with the default's action before conditions has no effect",
	  PROFILE("ERRNO", ALL_ARCHES,
		  RULE("'socket'", "ERRNO", "") "," RULE("'socket'", "ALLOW",
							 ARG(0, "LT", 38)) "," RULE("'socketcall'",
										    "ALLOW", "")),
	  ABI_X86, "socketcall", 0, 1, 0, ALLOW, 0 },
	{ "a call that is not named gets the answer of socketcall",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'socketcall'", "ALLOW", "")), ABI_X86, "socketcall", 0,
	  3, 0, ALLOW, 0 },
	{ "a denied socketcall stays denied",
	  PROFILE("ERRNO", ALL_ARCHES,
		  RULE("'socket'", "ALLOW", "") "," RULE_ERRNO("'socketcall'", "38", "")),
	  ABI_X86, "socketcall", 0, 1, 0, E(ENOSYS), 0 },
	{ "also with the error of the default",
	  PROFILE("ERRNO", ALL_ARCHES,
		  RULE("'socket'", "ALLOW", "") "," RULE("'socketcall'", "ERRNO", "")),
	  ABI_X86, "socketcall", 0, 1, 0, E(1), ALLOW },
	{ "the same for a rule of socketcall before its conditions",
	  PROFILE("ERRNO", ALL_ARCHES,
		  RULE("'socket'", "ALLOW", "") "," RULE("'socketcall'", "ERRNO", "") "," RULE(
			  "'socketcall'", "LOG", ARG(1, "GT", 7))),
	  ABI_X86, "socketcall", 0, 1, 8, SECCOMP_RET_LOG, 0 },
	{ "a condition on socketcall applies in addition",
	  PROFILE("ERRNO", ALL_ARCHES,
		  RULE("'socket'", "ALLOW", "") "," RULE_ERRNO("'socketcall'", "13",
							       ARG(0, "EQ", 1))),
	  ABI_X86, "socketcall", 0, 1, 0, E(13), 0 },
	{ "socketcall is named and allowed by default",
	  PROFILE("ALLOW", ALL_ARCHES,
		  RULE("'socket'", "ERRNO", ARG(0, "EQ", 38)) "," RULE("'socketcall'", "ALLOW",
								       "")),
	  ABI_X86, "socketcall", 0, 1, 0, ALLOW, E(1) },
	{ "its other calls get the answer of socketcall",
	  PROFILE("ERRNO", ALL_ARCHES,
		  RULE("'socket'", "ALLOW", ARG(0, "LT", 38)) "," RULE("'socketcall'", "ALLOW",
								       "")),
	  ABI_X86, "socketcall", 0, 2, 0, ALLOW, 0 },
	{ "a rule that denies applies in it, too",
	  PROFILE("ALLOW", ALL_ARCHES, RULE("'socket'", "ERRNO", ARG(0, "EQ", 16))), ABI_X86,
	  "socketcall", 0, 1, 0, E(1), 0 },
	{ "ipc reads only the low bits of its number",
	  PROFILE("ERRNO", ALL_ARCHES, RULE("'shmat'", "ALLOW", "")), ABI_X86, "ipc", 0, 0x10015, 0,
	  ALLOW, 0 },
	{ "ipc: another call", PROFILE("ERRNO", ALL_ARCHES, RULE("'shmat'", "ALLOW", "")), ABI_X86,
	  "ipc", 0, 22, 0, E(1), 0 },
	/* 8: operators and combinations */
	{ "two conditions: both",
	  PROFILE("ERRNO", "", RULE("'lseek'", "ALLOW", ARG(1, "GE", 5) "," ARG(2, "EQ", 1))),
	  ABI_X86_64, "lseek", 0, 0, 7, E(1), 0 },
	{ "a repeated index: any condition matches",
	  PROFILE("ERRNO", "",
		  RULE("'lseek'", "ALLOW",
		       ARG(1, "EQ", 5) "," ARG(1, "EQ", 7) "," ARG(2, "EQ", 9))),
	  ABI_X86_64, "lseek", 0, 0, 7, ALLOW, 0 },
	{ "NE and NE allow all",
	  PROFILE("ERRNO", "",
		  RULE("'lseek'", "ALLOW", ARG(1, "NE", 5)) "," RULE("'lseek'", "ALLOW",
								     ARG(1, "NE", 7))),
	  ABI_X86_64, "lseek", 0, 0, 7, ALLOW, 0 },
	{ "LE at 2^64-1",
	  PROFILE("ERRNO", "", RULE("'lseek'", "ALLOW", ARG(1, "LE", 18446744073709551615))),
	  ABI_X86_64, "lseek", 0, 0, UINT64_MAX, ALLOW, 0 },
	{ "GT at 2^64-1",
	  PROFILE("ERRNO", "", RULE("'lseek'", "ALLOW", ARG(1, "GT", 18446744073709551615))),
	  ABI_X86_64, "lseek", 0, 0, UINT64_MAX, E(1), 0 },
	/* 9, 10: conflicts and the default */
	{ "the first unconditional rule applies",
	  PROFILE("LOG", "", RULE("'setns'", "ALLOW", "") "," RULE("'setns'", "KILL_PROCESS", "")),
	  ABI_X86_64, "setns", 0, 0, 0, ALLOW, 0 },
	{ "an unconditional rule has precedence over conditions",
	  PROFILE("LOG", "",
		  RULE("'lseek'", "ERRNO", ARG(1, "EQ", 7)) "," RULE("'lseek'", "ALLOW", "")),
	  ABI_X86_64, "lseek", 0, 0, 7, ALLOW, 0 },
	{ "the strictest conditional rule applies",
	  PROFILE("LOG", "",
		  RULE("'lseek'", "ALLOW", ARG(1, "GT", 5)) "," RULE("'lseek'", "KILL_PROCESS",
								     ARG(1, "GT", 9))),
	  ABI_X86_64, "lseek", 0, 0, 10, SECCOMP_RET_KILL_PROCESS, 0 },
	{ "GHSA-4q85-33p6-j5g6",
	  PROFILE("LOG", "",
		  RULE("'lseek'", "ERRNO", ARG(1, "LT", 4294967301)) "," RULE(
			  "'lseek'", "ALLOW", ARG(1, "LT", 4294967299))),
	  ABI_X86_64, "lseek", 0, 0, 1, E(1), 0 },
	{ "a rule with the action of the default is skipped",
	  PROFILE("ERRNO", "", RULE("'read'", "ERRNO", "") "," RULE("'read'", "ALLOW", "")),
	  ABI_X86_64, "read", 0, 0, 0, ALLOW, 0 },
	{ "a rule with another errno than the default is not skipped",
	  PROFILE("ERRNO", "", RULE_ERRNO("'read'", "2", "") "," RULE("'read'", "ALLOW", "")),
	  ABI_X86_64, "read", 0, 0, 0, E(2), 0 },
	{ "ALLOW without rules", PROFILE("ALLOW", "", ""), ABI_X86_64, NULL, 1000, 0, 0, ALLOW, 0 },
	{ "an unknown name is skipped",
	  PROFILE("ERRNO", "", RULE("'no_such_call','read'", "ALLOW", "")), ABI_X86_64, "read", 0,
	  0, 0, ALLOW, 0 },
	/* 11: errno */
	{ "errno 0", PROFILE("ERRNO", "", RULE_ERRNO("'read'", "0", "")), ABI_X86_64, "read", 0, 0,
	  0, E(0), 0 },
	{ "errno 4095", PROFILE("ERRNO", ",'defaultErrnoRet':4095", ""), ABI_X86_64, "read", 0, 0,
	  0, E(4095), 0 },
	{ "KILL ends the thread", PROFILE("KILL", "", ""), ABI_X86_64, "read", 0, 0, 0,
	  SECCOMP_RET_KILL_THREAD, 0 },
};

static void test_verdicts(void)
{
	for (size_t i = 0; i < ARRAY_LEN(verdicts); i++) {
		const struct verdict_case *c = &verdicts[i];
		uint32_t nr = c->nr;

		if (c->name)
			nr += syscall_nr(c->abi, (unsigned int)syscall_id(c->name));
		/* KILL_THREAD is 0, so it is stored plus 1. */
		uint32_t runc = c->runc == SECCOMP_RET_KILL_THREAD + 1 ? SECCOMP_RET_KILL_THREAD
				: c->runc			       ? c->runc
								       : c->want;
		const struct filter *f;

		if (!ok(compile(c->json, &usual, &f) == 0 && f, "%s: compiles", c->what)) {
			printf("# %s\n", err_message());
			continue;
		}
		is_str(bpf_action(verdict(f, c->abi, nr, c->a0, c->a1)), bpf_action(c->want), "%s",
		       c->what);
		if (compile(c->json, &as_runc, &f) == 0)
			is_str(bpf_action(verdict(f, c->abi, nr, c->a0, c->a1)), bpf_action(runc),
			       "%s: runc", c->what);
		arena_reset();
	}
}

/* --- refusals ----------------------------------------------------------------------------- */

static const struct refusal {
	const char *what, *json, *says; /* NULL: accepted */
	const char *runc;		/* the same under --seccomp-compat=runc */
} refusals[] = {
	{ "errnoRet on ALLOW", "{'defaultAction':'SCMP_ACT_ALLOW','defaultErrnoRet':1}",
	  "defaultErrnoRet", NULL },
	{ "errnoRet on KILL of a rule",
	  "{'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{'names':['read'],'action':'SCMP_ACT_KILL'"
	  ",'errnoRet':5}]}",
	  "syscalls[0].errnoRet", NULL },
	{ "errno 4096", PROFILE("ALLOW", "", RULE_ERRNO("'read'", "4096", "")),
	  "expected 0 to 4095", "4096" },
	{ "errno 65535", PROFILE("ALLOW", "", RULE_ERRNO("'read'", "65535", "")), "found 65535",
	  "65535" },
	{ "errno 0x10000", PROFILE("ALLOW", "", RULE_ERRNO("'read'", "65536", "")), "found 65536",
	  "65536" },
	{ "TRACE has 16 bits", "{'defaultAction':'SCMP_ACT_TRACE','defaultErrnoRet':65536}",
	  "found 65536", "65536" },
	{ "an unknown action", PROFILE("DENY", "", ""), "SCMP_ACT_DENY", "SCMP_ACT_DENY" },
	{ "an unknown operator", PROFILE("ALLOW", "", RULE("'read'", "ERRNO", ARG(0, "SAME", 1))),
	  "SCMP_CMP_SAME", "SCMP_CMP_SAME" },
	{ "an unknown architecture", PROFILE("ALLOW", ",'architectures':['SCMP_ARCH_Z80']", ""),
	  "SCMP_ARCH_Z80", "SCMP_ARCH_Z80" },
	{ "an unknown flag", PROFILE("ALLOW", ",'flags':['SECCOMP_FILTER_FLAG_X']", ""),
	  "SECCOMP_FILTER_FLAG_X", "SECCOMP_FILTER_FLAG_X" },
	{ "argument 6", PROFILE("ALLOW", "", RULE("'read'", "ERRNO", ARG(6, "EQ", 1))), "index",
	  "index" },
	{ "the same condition, another action",
	  PROFILE("ALLOW", "",
		  RULE("'lseek'", "ERRNO", ARG(1, "GT", 5)) "," RULE("'lseek'", "KILL",
								     ARG(1, "GE", 6))),
	  "linux.seccomp.syscalls[1]: the same condition as in syscalls[0]", "syscalls[1]" },
	{ "NOTIFY without listenerPath", PROFILE("ALLOW", "", RULE("'mkdir'", "NOTIFY", "")),
	  "needs listenerPath", "needs listenerPath" },
	{ "listenerMetadata alone", PROFILE("ALLOW", ",'listenerMetadata':'x'", ""), "listenerPath",
	  "listenerPath" },
	{ "NOTIFY as default", PROFILE("NOTIFY", ",'listenerPath':'/run/agent'", ""), NULL,
	  "default action" },
	{ "NOTIFY for write",
	  PROFILE("ALLOW", ",'listenerPath':'/run/agent'", RULE("'write'", "NOTIFY", "")), NULL,
	  "cannot be used for write" },
	{ "a rule but no default",
	  "{'defaultAction':'','syscalls':[{'names':['read'],'action':'SCMP_ACT_ALLOW'}]}",
	  "defaultAction", "defaultAction" },
	{ "nothing: no filter", "{'defaultAction':'','architectures':[],'syscalls':[]}", NULL,
	  NULL },
};

static void is_refused(const struct refusal *c, const struct filter_options *o, const char *says)
{
	const struct filter *f;
	int r = compile(c->json, o, &f);
	const char *message = err_message() ? err_message() : "(taken)";

	if (!says)
		ok(r == 0, "%s%s: taken", c->what, o->compat_runc ? ", runc" : "");
	else
		ok(r < 0 && strstr(message, says), "%s%s: refused", c->what,
		   o->compat_runc ? ", runc" : "");
	printf("# %s\n", message);
	arena_reset();
	err_clear();
}

static void test_refusals(void)
{
	for (size_t i = 0; i < ARRAY_LEN(refusals); i++) {
		is_refused(&refusals[i], &usual, refusals[i].says);
		is_refused(&refusals[i], &as_runc, refusals[i].runc);
	}
}

/* --- flags, listener, size ---------------------------------------------------------------- */

static void test_flags(void)
{
	static const struct filter_options old = { .kernel_flags = SECCOMP_FILTER_FLAG_TSYNC,
						   .machine = "x86_64" };
	const struct filter *f;

	ok(compile(PROFILE("ALLOW", "", ""), &usual, &f) == 0 &&
		   f->flags == SECCOMP_FILTER_FLAG_SPEC_ALLOW,
	   "no flags: SPEC_ALLOW");
	ok(compile(PROFILE("ALLOW", "", ""), &old, &f) == 0 && f->flags == 0,
	   "no flags, an old kernel: none");
	ok(compile(PROFILE("ALLOW", ",'flags':[]", ""), &usual, &f) == 0 && f->flags == 0,
	   "empty flags: none");
	ok(compile(PROFILE("ALLOW",
			   ",'flags':['SECCOMP_FILTER_FLAG_TSYNC','SECCOMP_FILTER_FLAG_LOG']", ""),
		   &usual, &f) == 0 &&
		   f->flags == SECCOMP_FILTER_FLAG_LOG,
	   "TSYNC is accepted and has no effect");
	ok(compile(PROFILE("ALLOW", ",'flags':['SECCOMP_FILTER_FLAG_LOG']", ""), &old, &f) < 0 &&
		   strstr(err_message(), "needs Linux 4.14"),
	   "LOG on an old kernel is refused, with the version that supports it");
	ok(compile(PROFILE("ALLOW", ",'flags':['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV']", ""),
		   &usual, &f) == 0 &&
		   f->flags == 0,
	   "WAIT_KILLABLE_RECV without a listener has no effect");
	ok(compile(PROFILE("ALLOW",
			   ",'listenerPath':'/run/"
			   "a','flags':['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV']",
			   RULE("'mkdir'", "NOTIFY", "")),
		   &usual, &f) == 0 &&
		   f->user_notif &&
		   f->flags == (SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV |
				SECCOMP_FILTER_FLAG_NEW_LISTENER),
	   "NOTIFY makes a listener");
	ok(compile(PROFILE("ALLOW", ",'listenerPath':'/run/a'", RULE("'no_such'", "NOTIFY", "")),
		   &usual, &f) == 0 &&
		   !f->user_notif,
	   "NOTIFY only for unknown calls: no listener");
	ok(compile(PROFILE("ERRNO", "", RULE("'read'", "ALLOW", "")), &usual, &f) == 0 &&
		   filter_answer(f, 59, "x86_64") == E(ENOSYS) &&
		   filter_answer(f, 0, "x86_64") == ALLOW,
	   "the answer to a native call");
	ok(compile(PROFILE("ALLOW", "", ""), &usual, &f) == 0 &&
		   compile("{'defaultAction':'','syscalls':[]}", &usual, &f) == 0 && !f,
	   "an empty default action and no rules: no filter");
	arena_reset();
}

/* Every call with conditional rules: too long for the kernel, or too long for one jump. */
static void test_size(uint32_t n_names, uint32_t n_conditions, bool fits)
{
	const char **names = arena_array(n_names, sizeof(*names));
	struct rule *rules = arena_array((size_t)n_names * n_conditions, sizeof(*rules));
	struct profile p = { .place = "linux.seccomp", .default_action = E(1), .rules = rules };
	const struct filter *f;

	for (uint32_t i = 0; i < n_names; i++) {
		names[i] = syscall_name(i);
		for (uint32_t j = 0; j < n_conditions; j++) {
			struct condition *c = arena_array(2, sizeof(*c));

			c[0] = (struct condition){ 1, SECCOMP_OP_MASKED_EQ, 0xff00ff00ff << j % 8,
						   i << j % 8 };
			c[1] = (struct condition){ 2, SECCOMP_OP_EQ, j, 0 };
			rules[p.n_rules++] = (struct rule){ ALLOW, i, 1, &names[i], 2, c };
		}
	}
	err_clear();
	int r = filter_compile(&p, &usual, &f);

	if (fits)
		ok(r == 0, "%u calls, %u rules each: %d instructions", n_names, n_conditions,
		   r ? 0 : f->len);
	else
		ok(r < 0 && strstr(err_message(), "instructions, expected at most 4096"),
		   "%u calls, %u rules each: %s", n_names, n_conditions, err_message());
	if (r < 0 && fits)
		printf("# %s\n", err_message());
	arena_reset();
	err_clear();
}

/* Docker's default is the profile of most containers. */
static void test_docker(void)
{
	const char *path = made_path("docker-2026.oci.json");
	const struct filter *f;
	struct seccomp_spec spec;
	struct text text;

	if (!ok(io_read_file(AT_FDCWD, path, 1 << 20, &text) == 0 &&
			parse_seccomp(path, &text, &spec) == 0 &&
			oci_filter(&spec, &usual, &f) == 0,
		"Docker's default compiles"))
		return;
	ok(f->len <= 300, "Docker's default, three architectures: %d instructions", f->len);
	is_int(verdict(f, ABI_X86, 102, 1, 0), ALLOW,
	       "old 32-bit programs can make sockets by socketcall");
	arena_reset();
}

/* A rule with a thousand conditions that names every call of every architecture. */
static void test_many_conditions(void)
{
	enum { MANY = 1000 };
	static struct condition conditions[MANY];
	const char **names = arena_array(syscall_count(), sizeof(*names));
	struct rule rule = { ALLOW, 0, syscall_count(), names, MANY, conditions };
	struct profile p = {
		.place = "test", .default_action = E(1), .n_rules = 1, .rules = &rule
	};
	const struct filter *f;

	for (unsigned int i = 0; i < syscall_count(); i++)
		names[i] = syscall_name(i);
	for (uint32_t i = 0; i < MANY; i++)
		conditions[i] = (struct condition){ 0, SECCOMP_OP_EQ, 3 * i, 0 };
	for (int i = 0; i < ABI_OWN; i++)
		p.abis[p.n_abis++] = (enum abi)i;
	err_clear();
	ok(filter_compile(&p, &usual, &f) == 0, "%d conditions on each call", MANY);
	arena_reset();
}

int main(void)
{
	test_many_conditions();
	test_verdicts();
	test_refusals();
	test_flags();
	test_size(400, 1, true);
	test_size(60, 6, true);
	test_size(400, 8, false);
	test_docker();
	return done();
}
