/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of minijail policies: lines, included files, and the way from filters that
 * are tried in order to rules of which the strictest wins. So a filter that is less strict than
 * a later one takes its arguments away from that: the later one holds where this one does not.
 */
#include "seccomp/minijail.h"

#include "base/arena.h"
#include "base/err.h"
#include "seccomp/decision.h"
#include "seccomp/minijail_parse.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

enum { INCLUDE_MAX = 10, FILES_MAX = 256 };

struct place {
	const char *file;
	unsigned int line; /* 0: nowhere */
};

struct policy_text {
	const struct minijail_source *source;
	const struct profile_facts *facts;
	unsigned int files;
	const char *open[INCLUDE_MAX + 1]; /* the files that are being read, by depth */
	bool has_default, denies;
	struct place *calls; /* by id: where it was */
	uint32_t default_action;
	size_t n, room;
	struct rule *rules;
};

static void rule_add(struct policy_text *p, const struct minijail_line *l, const char *const *name,
		     uint32_t action, const struct conjunction_part *part)
{
	static const struct condition always = { 0, SECCOMP_OP_MASKED_EQ, 0, 0 };

	p->rules = arena_grow(p->rules, p->n, &p->room, sizeof(*p->rules));
	/* a rule without conditions would beat those with: this one beats none */
	p->rules[p->n] = (struct rule){ .action = action,
					.index = (uint32_t)p->n,
					.n_names = 1,
					.names = name,
					.n_conditions = part->n ? part->n : 1,
					.conditions = part->n ? part->conditions : &always,
					.place = arena_printf("%s:%u", l->file, l->line) };
	p->n++;
}

static enum seccomp_op opposite(enum seccomp_op op)
{
	switch (op) {
	case SECCOMP_OP_EQ:
		return SECCOMP_OP_NE;
	case SECCOMP_OP_NE:
		return SECCOMP_OP_EQ;
	case SECCOMP_OP_LT:
		return SECCOMP_OP_GE;
	case SECCOMP_OP_GE:
		return SECCOMP_OP_LT;
	case SECCOMP_OP_LE:
		return SECCOMP_OP_GT;
	case SECCOMP_OP_GT:
		return SECCOMP_OP_LE;
	case SECCOMP_OP_MASKED_EQ: /* has none: negated() does not ask */
		break;
	}
	return op;
}

static struct conjunction_term negated(struct conjunction_term t)
{
	if (t.condition.op == SECCOMP_OP_MASKED_EQ)
		t.negate = !t.negate;
	else
		t.condition.op = opposite(t.condition.op);
	return t;
}

static int too_many(const struct minijail_line *l, const char *name)
{
	return fail(0, "%s:%u: %s would need more than %d rules", l->file, l->line, name,
		    CONJUNCTION_MAX);
}

/* The clauses, each of which must fail by one of its terms: how many choices there are. */
static size_t ways(const struct minijail_clause *const *clauses, size_t n)
{
	size_t total = 1;

	for (size_t i = 0; i < n && total <= CONJUNCTION_MAX; i++)
		total *= clauses[i]->n;
	return total;
}

/* Rules for one clause (NULL: always) where none of the n others holds. */
static int clause_rules(struct policy_text *p, const struct minijail_line *l,
			const char *const *name, uint32_t action,
			const struct minijail_clause *clause,
			const struct minijail_clause *const *others, size_t n)
{
	uint8_t narrow = syscall_narrow(p->facts->native, (unsigned int)syscall_id(*name));
	size_t own = clause ? clause->n : 0, total = ways(others, n), made = 0;
	struct conjunction_term *terms = arena_array(own + n, sizeof(*terms));

	if (total > CONJUNCTION_MAX)
		return too_many(l, *name);
	if (own)
		memcpy(terms, clause->terms, own * sizeof(*terms));
	for (size_t i = 0; i < total; i++) {
		struct conjunction all;
		size_t which = i;

		for (size_t j = 0; j < n; j++) {
			terms[own + j] = negated(others[j]->terms[which % others[j]->n]);
			which /= others[j]->n;
		}
		if (conjunction_make(terms, own + n, narrow, &all) < 0 ||
		    (made += all.n) > CONJUNCTION_MAX)
			return too_many(l, *name);
		for (size_t j = 0; j < all.n; j++)
			rule_add(p, l, name, action, &all.parts[j]);
	}
	return 0;
}

/* The clauses of the first n filters that are less strict than the action, or that say what the
 * default says: such rules count for nothing in a profile. */
static size_t weaker(const struct minijail_filter *filters, size_t n, uint32_t action,
		     uint32_t otherwise, const struct minijail_clause **ret)
{
	size_t found = 0;

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < filters[i].n; j++)
			if (filters[i].action == otherwise ||
			    decision_action_is_stricter(action, filters[i].action))
				ret[found++] = &filters[i].clauses[j];
	return found;
}

static int call_rules(struct policy_text *p, const struct minijail_line *l, const char *const *name,
		      const struct minijail_statement *s)
{
	static const struct conjunction_part always = { 0 };
	const struct minijail_clause **others;
	size_t clauses = 0;
	int r = 0;

	if (s->n_filters == 1 && !s->filters[0].n) {
		rule_add(p, l, name, s->filters[0].action, &always);
		p->rules[p->n - 1].n_conditions = 0;
		p->rules[p->n - 1].conditions = NULL;
		return 0;
	}
	for (size_t i = 0; i < s->n_filters; i++)
		clauses += s->filters[i].n;
	others = arena_array(clauses, sizeof(*others));
	for (size_t i = 0; i < s->n_filters && r >= 0; i++) {
		const struct minijail_filter *f = &s->filters[i];
		size_t n = weaker(s->filters, i, f->action, p->default_action, others);
		bool counts = f->action != p->default_action;

		for (size_t j = 0; counts && j < f->n && r >= 0; j++)
			r = clause_rules(p, l, name, f->action, &f->clauses[j], others, n);
		if (f->n)
			continue;
		return counts ? clause_rules(p, l, name, f->action, NULL, others, n) : 0;
	}
	return r;
}

/* --- lines ------------------------------------------------------------------------------- */

static int statement(struct policy_text *p, struct minijail_line *l)
{
	struct minijail_statement s;
	int r = minijail_parse_statement(l, &s);

	for (size_t i = 0; i < s.n_calls && r >= 0; i++) {
		struct place *at = &p->calls[syscall_id(s.calls[i])];

		if (at->line)
			return fail(0, "%s:%u: %s is already in %s:%u; expected it once", l->file,
				    l->line, s.calls[i], at->file, at->line);
		*at = (struct place){ l->file, l->line };
		if (p->denies &&
		    (s.n_filters != 1 || s.filters[0].n ||
		     (s.filters[0].action & SECCOMP_RET_ACTION_FULL) != SECCOMP_RET_ERRNO))
			return fail(0, "%s:%u: expected return and an error in a @denylist",
				    l->file, l->line);
		r = call_rules(p, l, &s.calls[i], &s);
	}
	return r;
}

static int default_read(struct policy_text *p, struct minijail_line *l)
{
	int r = minijail_parse_action(l, &p->default_action);

	if (r >= 0 &&
	    (p->default_action == SECCOMP_RET_ALLOW || p->default_action == SECCOMP_RET_LOG ||
	     p->default_action == SECCOMP_RET_TRACE ||
	     (p->default_action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO))
		return fail(0,
			    "%s:%u: @default: expected kill, kill-process, kill-thread, trap "
			    "or user-notify",
			    l->file, l->line);
	if (r >= 0 && (p->has_default || p->denies || p->n))
		return fail(0, "%s:%u: @default: expected it once, before all calls", l->file,
			    l->line);
	p->has_default = true;
	return r < 0 ? r : minijail_parse_end(l);
}

static int denylist_read(struct policy_text *p, struct minijail_line *l)
{
	if (p->n || p->has_default)
		return fail(0, "%s:%u: @denylist: expected it before all else", l->file, l->line);
	p->denies = true;
	p->default_action = SECCOMP_RET_ALLOW;
	return minijail_parse_end(l);
}

static int text_read(struct policy_text *p, const char *name, const struct text *text, int depth);

// NOLINTNEXTLINE(misc-no-recursion)
static int include_read(struct policy_text *p, struct minijail_line *l, int depth)
{
	const char *path = l->next + strspn(l->next, " \t"), *name;
	size_t n = strcspn(path, " \t\r");
	struct text text;
	int r;

	path = arena_memdup(path, n);
	if (!n || (*path != '/' && strncmp(path, "./", 2) != 0))
		return fail(0, "%s:%u: @include: expected a path that begins with / or ./", l->file,
			    l->line);
	if (!p->source || !p->source->include)
		return fail(0, "%s:%u: @include: other files are not read here", l->file, l->line);
	if (depth == INCLUDE_MAX || ++p->files == FILES_MAX)
		return fail(0, "%s:%u: @include: too many files, or one in another", l->file,
			    l->line);
	r = p->source->include(p->source->ctx, l->file, path, &name, &text);
	if (r < 0)
		return wrap(r, "%s:%u: @include", l->file, l->line);
	for (int i = 0; i <= depth; i++)
		if (strcmp(p->open[i], name) == 0)
			return fail(0, "%s:%u: @include: %s includes itself", l->file, l->line,
				    name);
	r = text_read(p, name, &text, depth + 1);
	l->next += strlen(l->next);
	return r;
}

// NOLINTNEXTLINE(misc-no-recursion)
static int line_read(struct policy_text *p, struct minijail_line *l, int depth)
{
	if (minijail_parse_word(l, "@include"))
		return include_read(p, l, depth);
	if (minijail_parse_word(l, "@frequency")) /* of what order the program has */
		return 0;
	if (minijail_parse_word(l, "@default"))
		return default_read(p, l);
	if (minijail_parse_word(l, "@denylist"))
		return denylist_read(p, l);
	return statement(p, l);
}

/* The next line with those that it is continued in, without comments; NULL: none. */
static char *line_next(const char **next, unsigned int *line)
{
	char *whole = NULL;

	while (**next) {
		size_t n = strcspn(*next, "\n");
		char *one = arena_memdup(*next, n);

		*next += n + ((*next)[n] == '\n');
		++*line;
		one[strcspn(one, "#")] = 0;
		n = strlen(one);
		while (n && strchr(" \t\r", one[n - 1]))
			one[--n] = 0;

		bool more = n && one[n - 1] == '\\';

		if (more)
			one[n - 1] = ' ';
		whole = whole ? arena_printf("%s%s", whole, one) : one;
		if (!more)
			break;
	}
	return whole;
}

// NOLINTNEXTLINE(misc-no-recursion)
static int text_read(struct policy_text *p, const char *name, const struct text *text, int depth)
{
	const char *next = text->data;
	unsigned int end = 0;
	int r = 0;

	if (strlen(text->data) != text->len)
		return fail(0, "%s: a NUL byte in the text", name);
	p->open[depth] = name;
	while (r >= 0) {
		unsigned int first = end + 1;
		const char *line = line_next(&next, &end);
		struct minijail_line l = { .file = name,
					   .next = line,
					   .line = first,
					   .source = p->source,
					   .word = UINT64_MAX };

		if (!line)
			break;
		if (p->facts->native < ABI_COUNT && arch_abi(p->facts->native)->bits == 32)
			l.word = UINT32_MAX;
		if (line[strspn(line, " \t")])
			r = line_read(p, &l, depth);
	}
	return r;
}

int minijail_profile_parse(const char *name, const struct text *text,
			   const struct minijail_source *source, const struct profile_facts *facts,
			   struct profile *ret)
{
	struct policy_text p = { .source = source,
				 .facts = facts,
				 .default_action = SECCOMP_RET_KILL_THREAD };
	int r;

	p.calls = arena_array(syscall_count(), sizeof(*p.calls));
	r = text_read(&p, name, text, 0);
	if (r < 0)
		return r;
	if (!p.n && !p.has_default && !p.denies)
		return fail(0, "%s: expected at least one line such as \"read: 1\"", name);
	*ret = (struct profile){ .place = name,
				 .default_action = p.default_action,
				 .n_abis = facts->native < ABI_COUNT,
				 .abis = { facts->native },
				 .n_rules = p.n,
				 .rules = p.rules,
				 .is_plain = true,
				 .other_arch = SECCOMP_RET_KILL_THREAD,
				 .other_x32 = p.default_action };
	return 0;
}
