/* SPDX-License-Identifier: Apache-2.0 */
/* lib/seccomp/systemd.c and groups.c: lists, units, errors, and the groups. */
#include "seccomp/systemd.h"

#include "seccomp/groups.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>

#include "unit/seccomp_rules.h"

static const struct profile_facts facts = { .native = ABI_X86_64 };

static int parse(const char *text, struct profile *ret)
{
	struct text t = { (char *)text, strlen(text) };

	err_clear();
	return systemd_profile_parse("a.service", &t, &facts, ret);
}

/* Joined to one line, for the name of a test. */
static const char *shown(const char *text)
{
	char *copy = arena_strdup(text);

	for (char *p = copy; *p; p++)
		if (*p == '\n' || *p == '#')
			*p = '/';
	return copy;
}

/* want: the default action and the rules of a call. */
static void says(const char *text, const char *call, const char *want)
{
	struct profile p;

	if (parse(text, &p) < 0)
		ok(false, "%s: %s", text, err_message());
	else
		is_str(arena_printf("%x: %s", p.default_action, rules_of(&p, call)), want, "%s: %s",
		       shown(text), want);
}

static void wrong(const char *text, const char *want)
{
	struct profile p;

	if (parse(text, &p) < 0)
		is_str(err_message(), want, "%s", want);
	else
		ok(false, "accepted: %s", text);
}

static void lists(void)
{
	says("read write", "read", "80000000: 7fff0000");
	says("read", "execve", "80000000: 7fff0000"); /* of @default */
	says("read", "mount", "80000000: ");
	says("~mount", "mount", "7fff0000: 80000000");
	says("~mount:EPERM @swap:38", "mount", "7fff0000: 50001");
	says("~mount:EPERM @swap:38", "swapon", "7fff0000: 50026");
	says("read:kill", "read", "80000000: 80000000");
	/* the first line decides the kind of the list; other kinds remove calls from it */
	says("@system-service\n~read", "read", "80000000: ");
	says("~@mount\nmount", "mount", "7fff0000: ");
	says("~@mount\nmount", "umount2", "7fff0000: 80000000");
	says("read\n~read\nread:1", "read", "80000000: 50001");
	says("@known", "openat2", "80000000: 7fff0000");
	says("@known", "statmount", "80000000: ");
}

static void units(void)
{
	struct profile p;

	says("[Service]\nExecStart=/bin/a b=c\nSystemCallFilter=~@clock \\\n# why\n  @mount\n"
	     "SystemCallErrorNumber=EPERM\n",
	     "pivot_root", "7fff0000: 50001");
	says("SystemCallFilter=read\nSystemCallFilter=\nSystemCallFilter=~write\n", "read",
	     "7fff0000: ");
	says("SystemCallFilter = read\n;SystemCallFilter=write", "write", "80000000: ");
	says("SystemCallErrorNumber=ENOSYS\nSystemCallErrorNumber=\nSystemCallFilter=read", "x",
	     "80000000: ");
	ok(parse("SystemCallFilter=read", &p) >= 0 && p.n_abis == 3 && p.abis[0] == ABI_X86_64,
	   "all architectures of the kernel");
	ok(parse("SystemCallFilter=read\nSystemCallArchitectures=native", &p) >= 0 && p.n_abis == 1,
	   "native alone");
	ok(parse("SystemCallFilter=read\nSystemCallArchitectures=x86", &p) >= 0 && p.n_abis == 2 &&
		   p.abis[0] == ABI_X86_64 && p.abis[1] == ABI_X86,
	   "the native architecture is added to the listed ones");
	ok(parse("#\nSystemCallFilter=read \\\n write\n", &p) >= 0 &&
		   strcmp(profile_rule_place(&p, &p.rules[0], 0), "a.service:2") == 0,
	   "the place of a rule");
	ok(systemd_profile_is(&(struct text){ (char *)"[Service]\nSystemCallFilter=a\n", 29 }) &&
		   !systemd_profile_is(&(struct text){ (char *)"#SystemCallFilter=a\n", 20 }),
	   "recognized by content");
}

static void errors(void)
{
	wrong("", "a.service: expected a list of SystemCallFilter=");
	wrong("[Service]\nType=simple\n", "a.service: expected a list of SystemCallFilter=");
	wrong("read\nwriet", "a.service:2: no architecture has a call \"wriet\"; did you mean "
			     "\"write\"?");
	wrong("@modul", "a.service:1: unknown group \"@modul\"; did you mean \"@module\"?");
	wrong("@io_uring", "a.service:1: systemd has no group \"@io_uring\"");
	wrong("read ~write", "a.service:1: no architecture has a call \"~write\"; did you mean "
			     "\"write\"?");
	wrong("read:EPREM", "a.service:1: expected an error such as EPERM, a number up to 4095 or "
			    "kill, found \"EPREM\"");
	wrong("read:4096", "a.service:1: expected an error such as EPERM, a number up to 4095 or "
			   "kill, found \"4096\"");
	wrong("SystemCallArchitectures=x86_64", "a.service:1: unknown architecture \"x86_64\"; did "
						"you mean \"x86-64\"?");
	wrong("SystemCallErrorNumber=0", "a.service:1: expected an error, found \"0\"");
	wrong("SystemCallErrorNumber=1 2",
	      "a.service:1: SystemCallErrorNumber=: expected one word");
	wrong("SystemCallLog=read", "a.service:1: SystemCallLog= makes a second filter; expected a "
				    "unit without it");
	struct text nul = { (char *)"read\0write", 10 };
	struct profile p;

	ok(systemd_profile_parse("a", &nul, &facts, &p) < 0, "NUL: %s", err_message());
}

/* Each name in each group is a group or a call, or a call of an architecture without a table. */
static void groups(void)
{
	const struct group *g;
	size_t n = 0;

	for (; (g = groups_nth(n)); n++) {
		bool *member = arena_array(syscall_count(), sizeof(*member));
		unsigned int members = 0;

		groups_add(g, member);
		for (unsigned int id = 0; id < syscall_count(); id++)
			members += member[id];
		ok(members > 1 && groups_find(g->name) == g && g->name[0] == '@' && *g->help,
		   "%s: %u members", g->name, members);
		if (!g->own)
			continue;
		for (const char *p = g->members; *p;) {
			size_t len = strcspn(p, " ");
			const char *word = arena_memdup(p, len);

			if (syscall_id(word) < 0)
				ok(false, "%s: %s", g->name, word);
			p += len + strspn(p + len, " ");
		}
	}
	ok(n > 30 && !groups_find("@none"), "%zu groups", n);
}

int main(void)
{
	lists();
	units();
	errors();
	groups();
	return done();
}
