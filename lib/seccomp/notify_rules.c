/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the way from a profile to one that notifies.
 *
 * Each call that is denied by an error gets new rules that divide its arguments into disjoint
 * cases, so that libseccomp has no choice between rules. All other calls keep their rules. Then the
 * new profile is compared with the original one under each runtime. A call that is answered in a
 * way that is not allowed gets other rules, and if there are none, its original ones. What must
 * hold at the end: no call has another answer than before, except NOTIFY in place of an error.
 */
#include "seccomp/notify_rules.h"

#include "base/arena.h"
#include "base/err.h"
#include "seccomp/cases.h"
#include "seccomp/check.h"
#include "seccomp/difference.h"
#include "seccomp/overlap.h"
#include "seccomp/runtimes.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

enum { ROUNDS_MAX = 64, CONDITIONS_MAX = 192 };

/* An action that no profile has: all cases of a decision are wanted. */
static const uint32_t NO_ACTION = 0x00ffff02;

struct call {
	bool named;	/* by a rule of the original */
	bool candidate; /* denied by an error for some arguments, and may be notified */
	bool notify;	/* gets new rules */
	bool wrong;	/* its new rules were not right in this round */
	uint8_t spelling;
	enum abi abi;	    /* by which its rules are made */
	canon_ref decision; /* there, with NOTIFY in place of errors */
};

struct maker {
	const struct profile *from;
	enum abi native;
	bool (*compile)(const struct profile *profile, enum abi native, struct bpf_program *ret);
	struct canon *canon;
	bool listed[ABI_COUNT];
	struct call *calls; /* by id */
	struct verdicts before[RUNTIME_COUNT];
	struct profile *made;
	uint32_t audit, nr; /* of the call that is compared */
	bool unexplained;   /* a difference that no call has made */
};

static bool is_error(uint32_t action)
{
	return (action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
}

/* --- which calls -------------------------------------------------------------------------- */

struct errors {
	bool found;
};

static bool note_error(void *ctx, const struct canon_cube *cube)
{
	struct errors *e = ctx;

	e->found = is_error(cube->action[0]);
	return !e->found;
}

static bool has_errors(const struct maker *m, canon_ref decision)
{
	struct errors e = { 0 };

	canon_each(m->canon, decision, decision, false, note_error, &e);
	return e.found;
}

static bool has_number(const struct maker *m, enum abi abi, unsigned int id, uint32_t *ret_nr)
{
	*ret_nr = syscall_nr(abi, id);
	return m->listed[abi] && *ret_nr != SYSCALL_NONE;
}

/* The highest number of that ABI which the profile names, to a library that may be old. */
static uint32_t last_named(const struct maker *m, enum abi abi, bool old)
{
	uint32_t last = 0, nr;

	for (unsigned int id = 0; id < syscall_count(); id++)
		if (m->calls[id].named && !(old && runtimes_is_new(id)) &&
		    has_number(m, abi, id, &nr) && nr < syscall_end(abi) && nr > last)
			last = nr;
	return last;
}

static bool denies_by_default(const struct profile *p)
{
	return !decision_action_lets_through(p->default_action);
}

/*
 * Naming a call that is newer than all named ones would take ENOSYS from the calls between, unless
 * the default action is ENOSYS.
 */
static void exclude_later(struct maker *m)
{
	const uint32_t unknown = SECCOMP_RET_ERRNO | ENOSYS;
	uint32_t nr;

	if (!denies_by_default(m->from) || m->from->default_action == unknown)
		return;
	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		if (!m->listed[abi])
			continue;
		const uint32_t last[] = { last_named(m, abi, false), last_named(m, abi, true) };

		for (unsigned int id = 0; id < syscall_count(); id++)
			if (has_number(m, abi, id, &nr) && nr < syscall_end(abi) &&
			    nr > last[!runtimes_is_new(id)])
				m->calls[id].candidate = false;
	}
}

static void find_named(struct maker *m)
{
	for (size_t i = 0; i < m->from->n_rules; i++)
		for (uint32_t j = 0; j < m->from->rules[i].n_names; j++) {
			int id = syscall_id(m->from->rules[i].names[j]);

			if (id >= 0)
				m->calls[id].named = true;
		}
}

/* Whether it is known which rule about the call decides. */
static bool is_decided(const struct maker *m, const char *call)
{
	return !overlap_has(m->from, call, m->canon) ||
	       (m->compile && overlap_is_strict(m->from, call, m->native, m->compile, m->canon));
}

static void find_candidates(struct maker *m)
{
	const struct verdicts *v = &m->before[RUNTIME_TAMIS];
	uint32_t nr;

	find_named(m);
	for (unsigned int id = 0; id < syscall_count(); id++) {
		struct call *c = &m->calls[id];

		c->abi = ABI_COUNT;
		for (int i = -1; i < ABI_COUNT; i++) { /* the native one is preferred */
			enum abi abi = i < 0 ? m->native : (enum abi)i;

			if (!has_number(m, abi, id, &nr))
				continue;
			canon_ref decision =
				verdicts_at(v, arch_abi(abi)->audit, nr | arch_abi(abi)->nr_bit);

			if (c->abi == ABI_COUNT) {
				c->abi = abi;
				c->decision = canon_replace(m->canon, decision, is_error,
							    SECCOMP_RET_USER_NOTIF);
			}
			c->candidate |= has_errors(m, decision);
		}
		/* crun warns of names that libseccomp does not know, or refuses them */
		c->candidate &= c->named || !runtimes_is_new(id);
		c->candidate &= strcmp(syscall_name(id), "write") != 0;
	}
	exclude_later(m);
	for (unsigned int id = 0; id < syscall_count(); id++)
		m->calls[id].notify = m->calls[id].candidate && is_decided(m, syscall_name(id));
}

/* --- the rules ---------------------------------------------------------------------------- */

/* The original rules without the names of calls that get new ones. */
static size_t copy_rules(const struct maker *m, struct rule *ret)
{
	size_t n = 0;

	for (size_t i = 0; i < m->from->n_rules; i++) {
		struct rule rule = m->from->rules[i];
		const char **names = arena_array(rule.n_names, sizeof(*names));

		rule.n_names = 0;
		for (uint32_t j = 0; j < m->from->rules[i].n_names; j++) {
			int id = syscall_id(m->from->rules[i].names[j]);

			if (id < 0 || !m->calls[id].notify)
				names[rule.n_names++] = m->from->rules[i].names[j];
		}
		rule.names = names;
		if (rule.n_names)
			ret[n++] = rule;
	}
	return n;
}

static bool is_multiplexer(const struct maker *m, unsigned int id)
{
	struct syscall_mux mux;
	unsigned int offered;
	uint32_t nr;

	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		for (size_t i = 0;
		     has_number(m, abi, id, &nr) && syscall_mux_nth(abi, i, &offered, &mux); i++)
			if (mux.nr == nr)
				return true;
	return false;
}

/* Whether a multiplexer offers the call about which no rule decides whatever its arguments are. */
static bool is_offered(const struct maker *m, unsigned int id)
{
	struct syscall_mux mux;

	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		if (!m->listed[abi] || !syscall_mux(abi, id, &mux) || mux.nr == SYSCALL_NONE)
			continue;
		int own = syscall_at(abi, mux.nr);

		if (own < 0 || !profile_rule_fixed(m->from, syscall_name((unsigned int)own)))
			return true;
	}
	return false;
}

/* Whether libseccomp compares 32 bits on a listed architecture. */
static bool compares_32_bits(const struct maker *m)
{
	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		if (m->listed[abi] && (arch_abi(abi)->bits == 32 || abi == ABI_X32))
			return true;
	return false;
}

static bool is_wide(const struct condition *c)
{
	return (c->op == SECCOMP_OP_MASKED_EQ ? c->value_two : c->value) > UINT32_MAX;
}

/*
 * Whether libseccomp makes of rules with these cases what they say. It cuts values on architectures
 * of 32 bits, and makes rules about a multiplexer of those about the calls that it offers.
 */
static bool is_clear(const struct maker *m, unsigned int id, const struct cases *cases)
{
	bool conditional = false, wide = false;

	for (size_t i = 0; i < cases->n; i++)
		for (uint32_t j = 0; j < cases->v[i].n_conditions; j++) {
			conditional = true;
			wide |= is_wide(&cases->v[i].conditions[j]);
		}
	return cases_are_sound(cases) && !(wide && compares_32_bits(m)) &&
	       !(conditional && (is_multiplexer(m, id) || is_offered(m, id)));
}

/* The cases in the first spelling from c->spelling on that libseccomp can compile. */
static int spell(const struct maker *m, unsigned int id, struct cases *ret)
{
	struct call *c = &m->calls[id];
	int r;

	for (; c->spelling < CASES_SPELLINGS; c->spelling++) {
		r = cases_make(m->canon, c->decision, NO_ACTION, syscall_narrow(c->abi, id),
			       (enum cases_spelling)c->spelling, ret);
		if (r == 0 && is_clear(m, id, ret))
			return 0;
	}
	return -E2BIG;
}

/* Not more conditions in all than a filter of libseccomp has room for. */
static int add_cases(const struct maker *m, unsigned int id, struct cases_rules *to,
		     uint32_t *n_conditions)
{
	struct cases cases;
	int r = spell(m, id, &cases);
	uint32_t n = *n_conditions;

	for (size_t i = 0; r == 0 && i < cases.n; i++)
		n += cases.v[i].n_conditions;
	if (r < 0 || n > CONDITIONS_MAX)
		return -E2BIG;
	*n_conditions = n;
	for (size_t i = 0; r == 0 && i < cases.n; i++)
		if (cases.v[i].action != m->from->default_action)
			r = cases_rules_add(to, &cases.v[i], syscall_name(id));
	return r;
}

/* A call that needs too many rules, or rules that are not clear, keeps its own. */
static void make_profile(struct maker *m)
{
	struct cases_rules added = { 0 };
	uint32_t n_conditions = 0; /* of all cases */

	for (unsigned int id = 0; id < syscall_count(); id++)
		if (m->calls[id].notify && add_cases(m, id, &added, &n_conditions) < 0)
			m->calls[id].notify = false;
	struct rule *rules = arena_array(m->from->n_rules + added.n, sizeof(*rules));
	size_t n = copy_rules(m, rules);

	for (size_t i = 0; i < added.n; i++)
		rules[n++] = added.v[i].rule;
	for (size_t i = 0; i < n; i++)
		rules[i].index = (uint32_t)i;
	m->made = arena_alloc(sizeof(*m->made));
	*m->made = *m->from;
	m->made->n_rules = n;
	m->made->rules = rules;
}

/* --- the proof ---------------------------------------------------------------------------- */

/* What tamis, and so the agent, answers to the calls of the cube; false: more than one answer. */
static bool is_answer(const struct maker *m, const struct canon_cube *cube, uint32_t wanted)
{
	canon_ref r = verdicts_at(&m->before[RUNTIME_TAMIS], m->audit, m->nr);
	uint32_t action;

	for (unsigned int i = 0; i < 6; i++)
		if (cube->mask[i])
			r = canon_restrict(m->canon, r, i, cube->mask[i], cube->value[i]);
	return canon_is_leaf(m->canon, r, &action) && action == wanted;
}

/* Marks the calls that may be made by a multiplexer with arguments of the cube. */
static bool mark_offered(struct maker *m, enum abi abi, uint32_t nr, const struct canon_cube *cube)
{
	struct syscall_mux mux;
	bool found = false;
	unsigned int id;

	for (size_t i = 0; syscall_mux_nth(abi, i, &id, &mux); i++) {
		bool reached = ((mux.call ^ cube->value[0]) & mux.mask & cube->mask[0]) == 0;

		if (mux.nr != nr || !reached || !m->calls[id].notify)
			continue;
		m->calls[id].wrong = found = true;
		m->calls[id].spelling = CASES_SPELLINGS - 1; /* no spelling helps */
	}
	return found;
}

/* Marks the calls whose rules are the reason of a difference at the number. */
static void mark(struct maker *m, const struct canon_cube *cube)
{
	enum abi abi = arch_by_number(m->audit, m->nr);
	bool found = false;
	uint32_t nr, at;

	if (abi == ABI_COUNT) {
		m->unexplained = true;
		return;
	}
	nr = m->nr & ~arch_abi(abi)->nr_bit;
	if (mark_offered(m, abi, nr, cube))
		return;
	for (unsigned int id = 0; id < syscall_count(); id++)
		if (m->calls[id].notify && has_number(m, abi, id, &at) && at == nr)
			m->calls[id].wrong = found = true;
	m->unexplained |= !found;
}

static bool compare_cube(void *ctx, const struct canon_cube *cube)
{
	struct maker *m = ctx;

	if (!is_error(cube->action[0]) || cube->action[1] != SECCOMP_RET_USER_NOTIF ||
	    !is_answer(m, cube, cube->action[0]))
		mark(m, cube);
	return true;
}

/* Numbers one by one, because the answer of tamis is that of one number. */
static bool compare_pair(void *ctx, const struct verdicts_pair *pair)
{
	struct maker *m = ctx;

	if (pair->a == pair->b)
		return true;
	if (pair->last - pair->first > UINT16_MAX || pair->last == UINT32_MAX) {
		m->unexplained = true;
		return false;
	}
	m->audit = pair->audit;
	for (m->nr = pair->first; m->nr <= pair->last; m->nr++)
		canon_each(m->canon, pair->a, pair->b, true, compare_cube, m);
	return true;
}

static int compare(struct maker *m)
{
	for (unsigned int id = 0; id < syscall_count(); id++)
		m->calls[id].wrong = false;
	m->unexplained = false;
	for (int i = 0; i < RUNTIME_COUNT; i++) {
		struct verdicts after;

		int r = runtimes_verdicts(m->made, m->native, (enum runtime)i, m->canon, &after);

		if (r < 0)
			return r;
		verdicts_each(&m->before[i], &after, compare_pair, m);
		if (m->canon->overflow)
			return fail(0, "%s: the conditions are too complex to be explained",
				    m->from->place);
		if (m->unexplained)
			return fail(0, "%s: rules that notify would change other answers: %s",
				    m->from->place,
				    difference_first(m->canon, &m->before[i], &after, NULL));
	}
	return 0;
}

/* Gives wrong calls the next rules, or their own; false if none is wrong. */
static bool improve(struct maker *m)
{
	bool again = false;

	for (unsigned int id = 0; id < syscall_count(); id++) {
		struct call *c = &m->calls[id];

		if (!c->wrong)
			continue;
		again = true;
		if (++c->spelling >= CASES_SPELLINGS)
			c->notify = false;
	}
	return again;
}

/* --- the whole ---------------------------------------------------------------------------- */

static void count(const struct maker *m, struct notify_rules *ret)
{
	struct check_list kept = { 0 };

	for (unsigned int id = 0; id < syscall_count(); id++) {
		ret->n_notified += m->calls[id].notify;
		if (m->calls[id].candidate && !m->calls[id].notify)
			check_list_add(&kept, syscall_name(id));
	}
	if (kept.n)
		ret->kept = check_list_text(&kept);
}

int notify_rules_make(const struct profile *profile, enum abi native,
		      bool (*compile)(const struct profile *profile, enum abi native,
				      struct bpf_program *ret),
		      struct canon *canon, struct notify_rules *ret)
{
	struct maker m = { .from = profile, .native = native, .compile = compile, .canon = canon };
	int r = 0;

	*ret = (struct notify_rules){ .profile = profile };
	m.calls = arena_array(syscall_count(), sizeof(*m.calls));
	m.listed[native] = true;
	for (size_t i = 0; i < profile->n_abis; i++)
		m.listed[profile->abis[i]] = true;
	for (int i = 0; i < RUNTIME_COUNT && r == 0; i++)
		r = runtimes_verdicts(profile, native, (enum runtime)i, canon, &m.before[i]);
	if (r < 0)
		return r;
	find_candidates(&m);
	for (int round = 0; round < ROUNDS_MAX; round++) {
		make_profile(&m);
		r = compare(&m);
		if (r < 0)
			return r;
		if (!improve(&m)) {
			ret->profile = m.made;
			count(&m, ret);
			return 0;
		}
	}
	return fail(0, "%s: no rules were found that notify and change nothing else",
		    profile->place);
}
