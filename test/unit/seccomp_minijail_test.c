/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lib/seccomp/minijail*.c: what policies answer to calls (the order in which minijail tries its
 * filters against our rules), files, and errors.
 */
#include "seccomp/minijail.h"

#include "base/arena.h"
#include "base/err.h"
#include "seccomp/policy.h"
#include "seccomp/syscall.h"
#include "unit/tap.h"

#include <errno.h>
#include <linux/audit.h>

static const struct profile_facts facts = { .native = ABI_X86_64 };

static bool constant(void *ctx, const char *name, uint64_t *ret)
{
	*ret = strcmp(name, "MINUS") == 0 ? UINT64_MAX : 4;
	return !ctx && (strcmp(name, "MINUS") == 0 || strcmp(name, "PROT_EXEC") == 0);
}

static int include(void *ctx, const char *from, const char *path, const char **ret_name,
		   struct text *ret)
{
	static char other[] = "write: 1\n", self[] = "@include ./self\n";

	if (ctx || strcmp(path, "./gone") == 0)
		return fail(ENOENT, "%s from %s", path, from);
	*ret_name = path + 2;
	ret->data = strcmp(path, "./self") == 0 ? self : other;
	ret->len = strlen(ret->data);
	return 0;
}

static const struct minijail_source source = { NULL, constant, include };

static int parse(const char *text, struct profile *ret)
{
	struct text t = { (char *)text, strlen(text) };

	err_clear();
	return minijail_profile_parse("a.policy", &t, &source, &facts, ret);
}

/* On one line, for the name of a test. */
static const char *shown(const char *text)
{
	char *copy = arena_strdup(text);

	for (char *p = copy; *p; p++)
		if (*p == '\n' || *p == '#')
			*p = '/';
	return copy;
}

enum { KILL = 0, ALLOW = 0x7fff0000, LOG = 0x7ffc0000, NOSYS = 0x50026, PERM = 0x50001 };

struct sample {
	uint64_t args[2];
	uint32_t want;
};

/* What the policy answers to that call for each of the arguments. */
static void answers(const char *text, const char *call, const struct sample *samples, size_t n)
{
	const struct policy *policy;
	struct profile p;

	if (parse(text, &p) < 0 || policy_make(&p, ABI_X86_64, false, &policy) < 0) {
		ok(false, "%s: %s", text, err_message());
		return;
	}
	for (size_t i = 0; i < n; i++) {
		struct seccomp_data d = {
			.arch = AUDIT_ARCH_X86_64,
			.nr = (int)syscall_nr(ABI_X86_64, (unsigned int)syscall_id(call)),
			.args = { samples[i].args[0], samples[i].args[1] },
		};

		is_int(policy_verdict(policy, &d), samples[i].want,
		       "%s: %s(%" PRIx64 ", %" PRIx64 ")", shown(text), call, samples[i].args[0],
		       samples[i].args[1]);
	}
}

#define ANSWERS(text, call, ...)                                    \
	answers(text, call, (const struct sample[]){ __VA_ARGS__ }, \
		ARRAY_LEN(((const struct sample[]){ __VA_ARGS__ })))

static void actions(void)
{
	ANSWERS("read: 1", "read", { { 0 }, ALLOW });
	ANSWERS("write: 1", "read", { { 0 }, KILL });
	ANSWERS("read: allow\n{ write, close } : log # c", "close", { { 0 }, LOG });
	ANSWERS("read: return ENOSYS", "read", { { 0 }, NOSYS });
	ANSWERS("kill: return 0x26\n", "kill", { { 0 }, NOSYS });
	ANSWERS("@default trap\nread: \\\n kill-process", "read", { { 0 }, 0x80000000 });
	ANSWERS("@default trap\nwrite: kill", "read", { { 0 }, 0x30000 });
	ANSWERS("@denylist\nread: return 1", "read", { { 0 }, PERM });
	ANSWERS("@denylist\nread: return 1", "write", { { 0 }, ALLOW });
	ANSWERS("@include ./other\nread: 1", "write", { { 0 }, ALLOW });
	ANSWERS("@frequency ./x\nread: 1", "read", { { 0 }, ALLOW });
}

static void expressions(void)
{
	ANSWERS("munmap: arg0 == 3", "munmap", { { 3 }, ALLOW }, { { 4 }, KILL },
		{ { 0x100000003 }, KILL });
	ANSWERS("munmap: arg0 >= 3 && arg0 < 6", "munmap", { { 2 }, KILL }, { { 3 }, ALLOW },
		{ { 5 }, ALLOW }, { { 6 }, KILL });
	ANSWERS("munmap: arg0 == 1 || arg1 != 2", "munmap", { { 1, 2 }, ALLOW }, { { 2, 2 }, KILL },
		{ { 2, 3 }, ALLOW });
	ANSWERS("munmap: arg0 & 6", "munmap", { { 1 }, KILL }, { { 2 }, ALLOW }, { { 4 }, ALLOW },
		{ { 9 }, KILL });
	ANSWERS("munmap: arg0 in 1|PROT_EXEC", "munmap", { { 0 }, ALLOW }, { { 5 }, ALLOW },
		{ { 2 }, KILL }, { { UINT64_C(1) << 40 }, KILL });
	ANSWERS("munmap: arg0 in ~(1 | 02)", "munmap", { { 4 }, ALLOW }, { { 1 }, KILL });
	ANSWERS("munmap: arg0 == MINUS || arg0 == -2", "munmap", { { UINT64_MAX }, ALLOW },
		{ { UINT64_MAX - 1 }, ALLOW }, { { 1 }, KILL });
	ANSWERS("munmap: arg0 > 7 && arg0 != 9 && arg0 <= 0xa", "munmap", { { 8 }, ALLOW },
		{ { 9 }, KILL }, { { 10 }, ALLOW }, { { 11 }, KILL });
}

/* minijail0: the error where the expression does not hold; in braces in order. */
static void orders(void)
{
	ANSWERS("munmap: arg0 == 3; return EPERM", "munmap", { { 3 }, ALLOW }, { { 4 }, PERM });
	ANSWERS("munmap: arg0 == 3 && arg1 == 1 || arg0 & 4; return EPERM", "munmap",
		{ { 3, 1 }, ALLOW }, { { 3, 2 }, PERM }, { { 4, 2 }, ALLOW }, { { 2, 1 }, PERM });
	ANSWERS("munmap: { arg0 == 3; return EPERM, allow }", "munmap", { { 3 }, PERM },
		{ { 4 }, ALLOW });
	ANSWERS("munmap: { arg0 == 3; kill, allow }", "munmap", { { 3 }, KILL }, { { 4 }, ALLOW });
	ANSWERS("munmap: { arg0 < 3; allow, arg0 < 9; log, arg0 == 5; kill, return EPERM }",
		"munmap", { { 2 }, ALLOW }, { { 5 }, LOG }, { { 8 }, LOG }, { { 9 }, PERM });
	ANSWERS("munmap: { arg0 < 9; log, arg0 < 20; allow, return 38 }", "munmap", { { 8 }, LOG },
		{ { 9 }, ALLOW }, { { 20 }, NOSYS });
	ANSWERS("munmap: { allow, arg0 == 5; return EPERM }", "munmap", { { 5 }, ALLOW });
}

static void wrong(const char *text, const char *want)
{
	struct profile p;

	if (parse(text, &p) < 0)
		is_str(err_message(), want, "%s", want);
	else
		ok(false, "accepted: %s", text);
}

static void errors(void)
{
	wrong("", "a.policy: expected at least one line such as \"read: 1\"");
	wrong("\nraed: 1", "a.policy:2: no architecture has a call \"raed\"");
	wrong("read 1", "a.policy:1: expected \":\", found \"1\"");
	wrong("read: 2", "a.policy:1: expected allow, kill, trap, log, trace, user-notify or "
			 "return, found \"2\"");
	wrong("read: 1 1", "a.policy:1: expected the end of line, found \"1\"");
	wrong("read: return", "a.policy:1: expected a number or the name of a constant, found the "
			      "end of line");
	wrong("read: return 4096", "a.policy:1: expected an error number of at most 4095");
	wrong("read: arg6 == 1", "a.policy:1: expected arg0 to arg5, found \"arg6 == 1\"");
	wrong("read: arg0 = 1", "a.policy:1: expected an operator (== != < <= > >= & in), found "
				"\"= 1\"");
	wrong("read: arg0 == FOO", "a.policy:1: expected a known constant, found \"FOO\"");
	wrong("read: arg0 == 08", "a.policy:1: expected a number or the name of a constant, found "
				  "\"08\"");
	wrong("read: arg0 == 0x10000000000000000", "a.policy:1: expected a number or the name of a "
						   "constant, found \"0x10000000000000000\"");
	wrong("read: arg0 & 3 == 0", "a.policy:1: expected the end of line, found \"== 0\"");
	wrong("read: arg0 == (1", "a.policy:1: expected \")\", found the end of line");
	wrong("read: arg0 == 1; kill", "a.policy:1: expected return (minijail0 takes nothing else "
				       "here), found \"kill\"");
	wrong("read: { allow", "a.policy:1: expected \",\" or \"}\", found the end of line");
	wrong("read[arch=arm]: 1", "a.policy:1: expected no metadata and no groups of minijail's "
				   "own, found \"[arch=arm]: 1\"");
	wrong("read: 1\nwrite: 1\nread: 1",
	      "a.policy:3: read is already in a.policy:1; expected it once");
	wrong("@default allow", "a.policy:1: @default: expected kill, kill-process, kill-thread, "
				"trap or user-notify");
	wrong("read: 1\n@default trap", "a.policy:2: @default: expected it once, before all calls");
	wrong("read: 1\n@denylist", "a.policy:2: @denylist: expected it before all else");
	wrong("@denylist\nread: 1", "a.policy:2: expected return and an error in a @denylist");
	wrong("@include x", "a.policy:1: @include: expected a path that begins with / or ./");
	wrong("@include ./self", "self:1: @include: self includes itself");
	wrong("munmap: arg0 != 1 && arg1 != 1 || arg0 != 2 && arg1 != 2; return 1\nread: 2",
	      "a.policy:2: expected allow, kill, trap, log, trace, user-notify or return, found "
	      "\"2\"");
	wrong("mmap: arg0 != 1 && arg0 != 2 && arg1 != 1 && arg1 != 2",
	      "a.policy:1: mmap would need more than 1024 rules");

	struct profile p;

	ok(parse("@include ./gone", &p) < 0 &&
		   strstr(err_message(), "a.policy:1: @include: ./gone"),
	   "a file that is not there");
}

int main(void)
{
	actions();
	expressions();
	orders();
	errors();
	return done();
}
