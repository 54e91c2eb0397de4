/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of SystemCallFilter=. The first assignment says whether the list allows or
 * denies; later ones of the same kind add to it, of the other kind ("~") take from it, an empty
 * one begins anew. An allow list has the group @default besides. The words are systemd's: what
 * it would pass over with a warning is refused here.
 */
#include "seccomp/systemd.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "base/num.h"
#include "seccomp/errno_names.h"
#include "seccomp/groups.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

enum { ERRNO_MAX = 4095, NO_ERROR = -1, KILL = -2 };

static const char blank[] = " \t\r";

/* What the list has about one call. */
struct entry {
	bool listed;
	int error; /* NO_ERROR, KILL or a number */
	unsigned int id, line;
};

struct unit {
	const char *name;
	unsigned int line;
	bool any, allows;      /* there is a list; of which kind */
	struct entry *entries; /* by id */
	int error;	       /* of SystemCallErrorNumber= */
	bool archs;	       /* SystemCallArchitectures= is not empty */
	bool abis[ABI_COUNT];
};

static const struct name words_archs[] = {
	{ "x86", ABI_X86 },
	{ "x86-64", ABI_X86_64 },
	{ "x32", ABI_X32 },
	{ "arm", ABI_ARM },
	{ "arm64", ABI_AARCH64 },
	{ "loongarch64", ABI_LOONGARCH64 },
	{ "mips", ABI_MIPS },
	{ "mips64", ABI_MIPS64 },
	{ "mips64-n32", ABI_MIPS64N32 },
	{ "mips-le", ABI_MIPSEL },
	{ "mips64-le", ABI_MIPSEL64 },
	{ "mips64-le-n32", ABI_MIPSEL64N32 },
	{ "parisc", ABI_PARISC },
	{ "parisc64", ABI_PARISC64 },
	{ "ppc", ABI_PPC },
	{ "ppc64", ABI_PPC64 },
	{ "ppc64-le", ABI_PPC64LE },
	{ "riscv64", ABI_RISCV64 },
	{ "s390", ABI_S390 },
	{ "s390x", ABI_S390X },
	{ NULL, 0 },
};

/* A filter without SystemCallArchitectures= decides all that one kernel runs. */
static const enum abi together[][3] = {
	{ ABI_X86_64, ABI_X86, ABI_X32 },
	{ ABI_AARCH64, ABI_ARM, ABI_ARM },
	{ ABI_PPC64LE, ABI_PPC64, ABI_PPC },
	{ ABI_S390X, ABI_S390, ABI_S390 },
};

static int refuse(const struct unit *u, const char *what, const char *word, const char *like)
{
	const char *shown = strlen(word) > 60 ? arena_printf("%.60s...", word) : word;

	return fail(0, "%s:%u: %s \"%s\"%s%s%s", u->name, u->line, what, shown,
		    like ? "; did you mean \"" : "", like ? like : "", like ? "\"?" : "");
}

static int error_of(const struct unit *u, const char *word, int *ret)
{
	uint32_t number;
	int code = errno_names_find(word);

	if (strcmp(word, "kill") == 0)
		*ret = KILL;
	else if (code >= 0)
		*ret = code;
	else if (num_parse_u32(word, &number) >= 0 && number <= ERRNO_MAX)
		*ret = (int)number;
	else
		return refuse(u,
			      "expected an error such as EPERM, a number up to 4095 or kill, "
			      "found",
			      word, NULL);
	return 0;
}

static void entry_put(struct unit *u, unsigned int id, int error, bool adds)
{
	u->entries[id] = (struct entry){ adds, error, id, u->line };
}

/* "call", "@group", "call:EPERM". */
static int word_read(struct unit *u, char *word, bool adds)
{
	char *colon = strchr(word, ':');
	int error = NO_ERROR, r = 0;

	if (colon) {
		*colon = 0;
		r = error_of(u, colon + 1, &error);
	}
	if (r < 0)
		return r;
	if (word[0] != '@') {
		int id = syscall_id(word);

		if (id < 0)
			return refuse(u, "no architecture has a call", word, syscall_like(word));
		entry_put(u, (unsigned int)id, error, adds);
		return 0;
	}

	const struct group *group = groups_find(word);
	bool *member = arena_array(syscall_count(), sizeof(*member));

	if (!group)
		return refuse(u, "unknown group", word, groups_like(word));
	if (group->own)
		return refuse(u, "systemd has no group", word, NULL);
	groups_add(group, member);
	for (unsigned int id = 0; id < syscall_count(); id++)
		if (member[id])
			entry_put(u, id, error, adds);
	return 0;
}

static char *next_word(char **p)
{
	char *word = *p + strspn(*p, blank);
	size_t n = strcspn(word, blank);

	if (!n)
		return NULL;
	*p = word + n + (word[n] != 0);
	word[n] = 0;
	return word;
}

static int filter_read(struct unit *u, char *value)
{
	bool inverted;
	char *word;
	int r = 0;

	value += strspn(value, blank);
	if (!*value) {
		memset(u->entries, 0, syscall_count() * sizeof(*u->entries));
		u->any = false;
		return 0;
	}
	inverted = *value == '~';
	value += inverted;
	if (!u->any) {
		u->any = true;
		u->allows = !inverted;
		if (u->allows)
			r = word_read(u, arena_strdup("@default"), true);
	}
	while (r >= 0 && (word = next_word(&value)))
		r = word_read(u, word, inverted != u->allows);
	return r;
}

static int error_read(struct unit *u, char *value)
{
	char *word = next_word(&value);

	u->error = KILL;
	if (!word)
		return 0;
	if (next_word(&value))
		return fail(0, "%s:%u: SystemCallErrorNumber=: expected one word", u->name,
			    u->line);

	int r = error_of(u, word, &u->error);

	return r >= 0 && !u->error ? refuse(u, "expected an error, found", word, NULL) : r;
}

static int archs_read(struct unit *u, char *value, enum abi native)
{
	char *word = next_word(&value);

	if (!word) {
		u->archs = false;
		memset(u->abis, 0, sizeof(u->abis));
	}
	for (; word; word = next_word(&value)) {
		const struct name *arch = names_find(words_archs, word);

		u->archs = true;
		if (arch)
			u->abis[arch->value] = true;
		else if (strcmp(word, "native") != 0)
			return refuse(u, "unknown architecture", word,
				      names_like(words_archs, word));
		else if (native < ABI_COUNT)
			u->abis[native] = true;
	}
	return 0;
}

/* The value if the line is an assignment of that key, else NULL. */
static char *assigned(char *line, const char *key)
{
	size_t n = strlen(key);

	if (strncmp(line, key, n) != 0)
		return NULL;
	line += n + strspn(line + n, blank);
	return *line == '=' ? line + 1 : NULL;
}

static int line_read(struct unit *u, char *line, bool bare, enum abi native)
{
	char *value;

	if (bare)
		return filter_read(u, line);
	if ((value = assigned(line, "SystemCallFilter")))
		return filter_read(u, value);
	if ((value = assigned(line, "SystemCallErrorNumber")))
		return error_read(u, value);
	if ((value = assigned(line, "SystemCallArchitectures")))
		return archs_read(u, value, native);
	if ((value = assigned(line, "SystemCallLog")) && value[strspn(value, blank)])
		return fail(0,
			    "%s:%u: SystemCallLog= makes a second filter; expected a unit without "
			    "it",
			    u->name, u->line);
	return 0;
}

/* --- lines ------------------------------------------------------------------------------- */

/* A line with those that it is continued in; comments between are passed over. */
struct lines {
	const char *next;
	unsigned int line;  /* of next */
	unsigned int first; /* of the one that was given */
};

static bool is_comment(const char *line)
{
	line += strspn(line, blank);
	return *line == '#' || *line == ';';
}

static char *line_next(struct lines *l)
{
	char *whole = NULL;

	while (*l->next) {
		size_t n = strcspn(l->next, "\n");
		char *one = arena_memdup(l->next, n);

		if (!whole)
			l->first = l->line;
		l->next += n + (l->next[n] == '\n');
		l->line++;
		while (n && strchr(blank, one[n - 1]))
			one[--n] = 0;
		if (is_comment(one)) {
			if (whole)
				continue;
			return arena_strdup("");
		}

		bool more = n && one[n - 1] == '\\';

		if (more)
			one[n - 1] = ' ';
		whole = whole ? arena_printf("%s%s", whole, one) : one;
		if (!more)
			break;
	}
	return whole ? whole + strspn(whole, blank) : NULL;
}

/* Whether no line is an assignment or the head of a section. */
static bool is_bare(const struct text *text)
{
	struct lines l = { text->data, 1, 1 };

	for (const char *line; (line = line_next(&l));)
		if (*line == '[' || strchr(line, '='))
			return false;
	return true;
}

bool systemd_profile_is(const struct text *text)
{
	struct lines l = { text->data, 1, 1 };

	if (strlen(text->data) != text->len || !strstr(text->data, "SystemCallFilter"))
		return false;
	for (char *line; (line = line_next(&l));)
		if (assigned(line, "SystemCallFilter"))
			return true;
	return false;
}

/* --- to a profile ------------------------------------------------------------------------ */

static uint32_t action_of(int error)
{
	return error < 0 ? SECCOMP_RET_KILL_PROCESS : SECCOMP_RET_ERRNO | (uint32_t)error;
}

static uint32_t entry_action(const struct unit *u, const struct entry *e)
{
	if (e->error != NO_ERROR)
		return action_of(e->error);
	return u->allows ? SECCOMP_RET_ALLOW : action_of(u->error);
}

static int entry_compare(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;

	if (x->line != y->line)
		return x->line < y->line ? -1 : 1;
	if (x->error != y->error)
		return x->error < y->error ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* One rule for each line and error. */
static void rules_make(const struct unit *u, struct profile *ret)
{
	struct entry *e = arena_array(syscall_count(), sizeof(*e));
	size_t n = 0;

	for (unsigned int id = 0; id < syscall_count(); id++)
		if (u->entries[id].listed)
			e[n++] = u->entries[id];
	qsort(e, n, sizeof(*e), entry_compare);

	const char **names = arena_array(n, sizeof(*names));
	struct rule *rules = arena_array(n, sizeof(*rules)), *rule = NULL;

	for (size_t i = 0; i < n; i++) {
		names[i] = syscall_name(e[i].id);
		if (!i || e[i].line != e[i - 1].line || e[i].error != e[i - 1].error) {
			rule = &rules[ret->n_rules];
			*rule = (struct rule){ .action = entry_action(u, &e[i]),
					       .index = (uint32_t)ret->n_rules++,
					       .names = &names[i],
					       .place = arena_printf("%s:%u", u->name, e[i].line) };
		}
		rule->n_names++;
	}
	ret->rules = rules;
}

static void abi_add(struct profile *p, enum abi abi)
{
	for (size_t i = 0; i < p->n_abis; i++)
		if (p->abis[i] == abi)
			return;
	p->abis[p->n_abis++] = abi;
}

static void abis_make(const struct unit *u, enum abi native, struct profile *ret)
{
	if (native < ABI_COUNT)
		abi_add(ret, native);
	for (unsigned int abi = 0; u->archs && abi < ABI_COUNT; abi++)
		if (u->abis[abi])
			abi_add(ret, (enum abi)abi);
	for (size_t i = 0; !u->archs && i < ARRAY_LEN(together); i++)
		for (size_t j = 0; together[i][0] == native && j < 3; j++)
			abi_add(ret, together[i][j]);
}

int systemd_profile_parse(const char *name, const struct text *text,
			  const struct profile_facts *facts, struct profile *ret)
{
	struct unit u = { .name = name, .error = KILL };
	struct lines l = { text->data, 1, 1 };
	bool bare;
	int r = 0;

	if (strlen(text->data) != text->len)
		return fail(0, "%s: a NUL byte in the text", name);
	bare = is_bare(text);
	u.entries = arena_array(syscall_count(), sizeof(*u.entries));
	for (char *line; r >= 0 && (line = line_next(&l));) {
		u.line = l.first;
		if (*line)
			r = line_read(&u, line, bare, facts->native);
	}
	if (r < 0)
		return r;
	if (!u.any)
		return fail(0, "%s: expected a list of SystemCallFilter=", name);
	*ret = (struct profile){ .place = name,
				 .default_action =
					 u.allows ? action_of(u.error) : SECCOMP_RET_ALLOW,
				 .is_plain = true };
	/* SystemCallFilter= decides each architecture alone; the other setting kills, by libseccomp
	 */
	ret->other_arch = u.archs ? SECCOMP_RET_KILL_THREAD : SECCOMP_RET_ALLOW;
	ret->other_x32 = ret->other_arch;
	rules_make(&u, ret);
	abis_make(&u, facts->native, ret);
	return 0;
}
