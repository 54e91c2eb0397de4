/* SPDX-License-Identifier: Apache-2.0 */
/* Tables of names: lookup, and suggestions for unknown names. */
#include "base/names.h"

#include "unit/tap.h"

static const struct name table[] = {
	{ "SCMP_ACT_ALLOW", 1 },
	{ "SCMP_ACT_ERRNO", 2 },
	{ "SCMP_ACT_LOG", 3 },
	{ "SCMP_CMP_GE", 4 },
	{ "create", 5 },
	{ "kill", 6 },
	{ "console-socket", 7 },
	{ "pid-file", 8 },
	{ "ro", 9 },
	{ "SCMP_ACT_NOTIFY", 10 },
	{ NULL, 0 },
};

static const struct {
	const char *name, *like; /* NULL: no similar name */
} likes[] = {
	{ "SCMP_ACT_ALOW", "SCMP_ACT_ALLOW" },
	{ "SCMP_ACT_ERNNO", "SCMP_ACT_ERRNO" },
	{ "SCMP_ACT_DENY", NULL },
	{ "SCMP_ACT_TRAP", NULL },
	{ "SCMP_ACT_KILL", NULL },
	{ "SCMP_CMP_GT", NULL },
	{ "SCMP_ACT_", NULL },
	{ "crate", "create" },
	{ "creat", "create" },
	{ "kil", "kill" },
	{ "skill", "kill" },
	{ "kll", "kill" },
	{ "k", NULL },
	{ "SCMP_ACT_LO", "SCMP_ACT_LOG" },
	{ "list", NULL },
	{ "consol-socket", "console-socket" },
	{ "pid-fiel", NULL },
	{ "pid-fil", "pid-file" },
	{ "rw", NULL },
	{ "", NULL },
	{ "x", NULL },
};

int main(void)
{
	char far[200] = { 0 };

	is_str(names_of(table, 3), "SCMP_ACT_LOG", "the name of a value");
	is_str(names_of(table, 99), NULL, "an unknown value has no name");
	is_int(names_find(table, "kill")->value, 6, "the value of a name");
	ok(!names_find(table, "Kill"), "case counts");
	for (size_t i = 0; i < sizeof(likes) / sizeof(*likes); i++)
		is_str(names_like(table, likes[i].name), likes[i].like, "like \"%s\"",
		       likes[i].name);
	memset(far, 'k', sizeof(far) - 1);
	is_str(names_like(table, far), NULL, "a very long name is similar to none");
	return done();
}
