/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads what is expected of a profile: one expectation a line, for tests of profiles. Example:
 *
 *	# a web server
 *	caps: CAP_NET_BIND_SERVICE
 *	read, write: allow
 *	socket family=AF_VSOCK: errno EPERM
 *	[arm64] clone3: errno ENOSYS
 *	@module: denied
 *
 * Words of calls, arguments and architectures are not looked up here.
 */
#ifndef SECCOMP_EXPECT_H
#define SECCOMP_EXPECT_H

#include "base/base.h"
#include "base/io.h"

enum { EXPECT_LINES_MAX = 1 << 16 };

enum expect_kind {
	EXPECT_EXACT,	/* this action, with its data */
	EXPECT_ACTION,	/* this action, with any data: "errno" */
	EXPECT_DENIED,	/* any action by which the call is not made */
	EXPECT_ALLOWED, /* any by which it is made, or may be: by a tracer or an agent */
};

/* What rules depend on, as written; NULL: not said. */
struct expect_facts {
	const char *caps, *arch, *kernel;
};

struct expect_words {
	size_t n;
	const char *const *v;
};

struct expect_line {
	unsigned int line;
	const char *text; /* of the line, without comment and blanks around it */
	struct expect_facts facts;
	struct expect_words abis;  /* none: all that the profile covers */
	struct expect_words calls; /* names, numbers, groups; at least one */
	struct expect_words args;  /* "family=AF_VSOCK" */
	enum expect_kind kind;
	uint32_t action; /* SECCOMP_RET_* with its data */
};

struct expect {
	size_t n;
	const struct expect_line *v;
};

/* Whether that is an answer which the line expects. */
bool expect_holds(const struct expect_line *line, uint32_t action);
/*
 * Parses the text; name is for messages and must live as long as *ret. Arena. Reporting, with file
 * and line.
 */
must_check int expect_parse(const char *name, const struct text *text, struct expect *ret);

#endif
