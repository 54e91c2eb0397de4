/* SPDX-License-Identifier: Apache-2.0 */
/* The format of expectations: what lines mean, and the message about each that means nothing. */
#include "seccomp/expect.h"

#include "base/arena.h"
#include "base/err.h"
#include "unit/tap.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

static int parse(const char *s, struct expect *ret)
{
	struct text *text = arena_alloc(sizeof(*text));

	*text = (struct text){ arena_strdup(s), strlen(s) };
	err_clear();
	return expect_parse("a.expect", text, ret);
}

static void refused(const char *line, const char *want)
{
	struct expect expect;
	int r = parse(arena_printf("# one\n%s\n", line), &expect);
	const char *message = err_message() ? err_message() : "no error";

	if (!ok(r < 0 && strcmp(message, arena_printf("a.expect:2: %s", want)) == 0, "refused: %s",
		line))
		printf("# got %s\n", message);
}

static void answer(const char *word, enum expect_kind kind, uint32_t action)
{
	struct expect expect = { 0, NULL };
	int r = parse(arena_printf("read: %s", word), &expect);

	ok(r == 0 && expect.n == 1 && expect.v[0].kind == kind && expect.v[0].action == action,
	   "answer %s", word);
}

static void test_answers(void)
{
	answer("allow", EXPECT_ACTION, SECCOMP_RET_ALLOW);
	answer("ALLOW", EXPECT_ACTION, SECCOMP_RET_ALLOW);
	answer("errno", EXPECT_ACTION, SECCOMP_RET_ERRNO);
	answer("errno EPERM", EXPECT_EXACT, SECCOMP_RET_ERRNO | EPERM);
	answer("errno  38", EXPECT_EXACT, SECCOMP_RET_ERRNO | ENOSYS);
	answer("ERRNO(ENOSYS)", EXPECT_EXACT, SECCOMP_RET_ERRNO | ENOSYS);
	answer("trace 7", EXPECT_EXACT, SECCOMP_RET_TRACE | 7);
	answer("kill", EXPECT_ACTION, SECCOMP_RET_KILL_PROCESS);
	answer("KILL_THREAD", EXPECT_ACTION, SECCOMP_RET_KILL_THREAD);
	answer("denied", EXPECT_DENIED, 0);
	answer("allowed", EXPECT_ALLOWED, 0);
}

static void test_lines(void)
{
	struct expect expect = { 0, NULL };

	ok(parse("\r\n  # nothing\ncaps: all\n[a, b] x , y p=1 q : allow # why\r\ncaps:\nz: "
		 "denied",
		 &expect) == 0 &&
		   expect.n == 2,
	   "two lines");
	if (expect.n != 2)
		return;
	const struct expect_line *l = &expect.v[0];

	is_int(l->line, 4, "number of the line");
	is_str(l->text, "[a, b] x , y p=1 q : allow", "its text");
	is_str(l->facts.caps, "all", "facts");
	ok(!expect.v[1].facts.caps, "facts that are taken back");
	ok(l->abis.n == 2 && strcmp(l->abis.v[1], "b") == 0, "architectures");
	ok(l->calls.n == 2 && strcmp(l->calls.v[1], "y") == 0, "calls");
	ok(l->args.n == 2 && strcmp(l->args.v[0], "p=1") == 0, "arguments");
}

static void test_holds(void)
{
	struct expect_line denied = { .kind = EXPECT_DENIED }, allowed = { .kind = EXPECT_ALLOWED };

	ok(expect_holds(&denied, SECCOMP_RET_ERRNO | 1) &&
		   expect_holds(&denied, SECCOMP_RET_TRAP) &&
		   !expect_holds(&denied, SECCOMP_RET_LOG) &&
		   !expect_holds(&denied, SECCOMP_RET_USER_NOTIF),
	   "denied");
	const struct expect_line eperm = { .kind = EXPECT_EXACT,
					   .action = SECCOMP_RET_ERRNO | EPERM };
	const struct expect_line errno_any = { .kind = EXPECT_ACTION, .action = SECCOMP_RET_ERRNO };

	ok(expect_holds(&eperm, SECCOMP_RET_ERRNO | EPERM) &&
		   !expect_holds(&eperm, SECCOMP_RET_ERRNO | ENOSYS),
	   "an action with its error");
	ok(expect_holds(&errno_any, SECCOMP_RET_ERRNO | ENOSYS) &&
		   !expect_holds(&errno_any, SECCOMP_RET_KILL_PROCESS),
	   "an action with any");
	ok(expect_holds(&allowed, SECCOMP_RET_TRACE | 3) &&
		   !expect_holds(&allowed, SECCOMP_RET_KILL_THREAD),
	   "allowed");
}

int main(void)
{
	test_answers();
	test_lines();
	test_holds();
	refused("mkdir", "expected CALL: ANSWER, found \"mkdir\"");
	refused(": allow", "expected a system call or a group, found \"\"");
	refused("a, : allow", "expected a system call or a group, found \"\"");
	refused("[x a: allow", "expected ']' behind the architectures");
	refused("a: errno 1 2", "expected one word behind \"errno\"");
	refused("a: errno 4096", "expected an error such as EPERM, found \"4096\"");
	refused("a: allow 1", "unexpected \"1\" behind the action");
	refused("a: maybe",
		"expected an answer such as allow, errno EPERM, kill or denied, found \"maybe\"");
	return done();
}
