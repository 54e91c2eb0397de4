/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: small profiles as text in which ' stands for ", and what is found in them. */
#ifndef TEST_UNIT_SECCOMP_FINDINGS_H
#define TEST_UNIT_SECCOMP_FINDINGS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "oci/json.h"
#include "seccomp/check.h"
#include "seccomp/docker.h"
#include "unit/tap.h"

#define NEEDED \
	"{'names': ['execve', 'exit', 'exit_group', 'rt_sigreturn'], 'action': 'SCMP_ACT_ALLOW'}"
#define HEAD                                                                         \
	"{'defaultAction': 'SCMP_ACT_ERRNO', 'architectures': ['SCMP_ARCH_X86_64', " \
	"'SCMP_ARCH_X86'], "
#define ALLOW(...) "{'names': [" #__VA_ARGS__ "], 'action': 'SCMP_ACT_ALLOW'}"
#define WITH(rules) HEAD "'syscalls': [" NEEDED ", " rules "]}"
#define ARGS(call, args) "{'names': ['" call "'], 'action': 'SCMP_ACT_ALLOW', 'args': [" args "]}"
#define EQ(index, value) "{'index': " #index ", 'value': " #value ", 'op': 'SCMP_CMP_EQ'}"
#define NE(index, value) "{'index': " #index ", 'value': " #value ", 'op': 'SCMP_CMP_NE'}"
#define MASKED(index, value, two)                                      \
	"{'index': " #index ", 'value': " #value ", 'valueTwo': " #two \
	", 'op': 'SCMP_CMP_MASKED_EQ'}"
/* A hundred calls and more, for checks of profiles that are not for one program alone. */
#define MANY                                                                                       \
	"{'names': ['read', 'write', 'open', 'close', 'fstat', 'poll', 'lseek', 'mmap', "          \
	"'mprotect', 'munmap', 'brk', 'rt_sigaction', 'rt_sigprocmask', 'ioctl', 'pread64', "      \
	"'pwrite64', 'readv', 'writev', 'pipe', 'select', 'sched_yield', 'mremap', 'msync', "      \
	"'mincore', 'madvise', 'dup', 'dup2', 'pause', 'nanosleep', 'getitimer', 'alarm', "        \
	"'setitimer', 'getpid', 'sendfile', 'connect', 'accept', 'sendto', 'recvfrom', "           \
	"'sendmsg', 'recvmsg', 'shutdown', 'bind', 'listen', 'getsockname', 'getpeername', "       \
	"'socketpair', 'setsockopt', 'getsockopt', 'wait4', 'kill', 'uname', 'fcntl', 'flock', "   \
	"'fsync', 'fdatasync', 'truncate', 'ftruncate', 'getdents', 'getcwd', 'chdir', 'fchdir', " \
	"'rename', 'mkdir', 'rmdir', 'creat', 'link', 'unlink', 'symlink', 'readlink', 'chmod', "  \
	"'fchmod', 'chown', 'fchown', 'lchown', 'umask', 'gettimeofday', 'getrlimit', "            \
	"'getrusage', 'sysinfo', 'times', 'getuid', 'getgid', 'setuid', 'setgid', 'geteuid', "     \
	"'getegid', 'setpgid', 'getppid', 'getpgrp', 'setsid', 'setreuid', 'setregid', "           \
	"'getgroups', 'setgroups', 'getpgid', 'getsid', 'capget', 'capset', 'sigaltstack', "       \
	"'utime', 'mknod', 'statfs', 'fstatfs', 'getpriority', 'setpriority', 'futex', "           \
	"'epoll_create', 'epoll_wait', 'access'], 'action': 'SCMP_ACT_ALLOW'}"
#define NEWER "{'names': ['cachestat', 'fchmodat2', 'futex_waitv'], 'action': 'SCMP_ACT_ALLOW'}"

static const struct profile_facts facts = { .native = ABI_X86_64,
					    .kernel_major = 6,
					    .kernel_minor = 1 };

struct read {
	const struct json *root;
	struct profile profile;
	struct verdicts verdicts;
};

static bool read_text(const struct text *text, struct canon *canon, struct read *ret)
{
	const struct policy *policy;

	if (json_parse("p.json", text, &ret->root) < 0 ||
	    docker_profile_decode("p.json", ret->root, &facts, &ret->profile) < 0 ||
	    policy_make(&ret->profile, facts.native, false, &policy) < 0) {
		printf("# %s\n", err_message());
		return false;
	}
	verdicts_of_policy(policy, canon, &ret->verdicts);
	return true;
}

static struct text text_of(const char *quoted)
{
	struct text *text = arena_alloc(sizeof(*text)); /* the tree refers to it */

	text->data = arena_strdup(quoted);
	text->len = strlen(quoted);
	for (char *p = text->data; *p; p++)
		*p = *p == '\'' ? '"' : *p;
	return *text;
}

__attribute__((unused)) static struct findings findings_of(const struct read *read,
							   struct canon *canon,
							   enum check_target target)
{
	struct check_run c = { .name = "p.json",
			       .kind = CHECK_OCI,
			       .target = target,
			       .root = read->root,
			       .profile = &read->profile,
			       .facts = facts,
			       .canon = canon,
			       .verdicts = &read->verdicts };

	check_all(&c);
	return c.found;
}

#endif
