/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns which calls a profile names.
 *
 * 1. Each call whose answer is not the default's gets rules that are right on each architecture.
 * 2. The rules about multiplexers follow from those about their calls, or are added.
 * 3. Under a default that denies, calls newer than all that are named get ENOSYS (policy.c). So the
 *    newest call that gets the default's answer must be named, by a rule that repeats the default,
 *    and older calls with ENOSYS get a rule.
 */
#include "seccomp/naming.h"

#include "base/arena.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>

static const uint32_t UNKNOWN = SECCOMP_RET_ERRNO | ENOSYS;

static bool has_number(enum abi abi, unsigned int id)
{
	return syscall_nr(abi, id) != SYSCALL_NONE;
}

/* Whether the answer may come from the call being newer than all that are named. */
static bool is_soft(const struct naming *n, size_t i, unsigned int id)
{
	uint32_t nr = syscall_nr(n->abis[i], id);

	return n->denies && n->otherwise != UNKNOWN && nr < syscall_end(n->abis[i]) &&
	       n->answers[i][id] == n->unknown;
}

/* Whether the answer must come from a rule or from the default. */
static bool is_firm(const struct naming *n, size_t i, unsigned int id)
{
	return has_number(n->abis[i], id) && !is_soft(n, i, id);
}

/* --- rules about one call ----------------------------------------------------------------- */

/* The decision of one case on an ABI, where `other` is what remains. */
static canon_ref add_case(struct canon *canon, const struct cases_one *one, enum abi abi,
			  unsigned int id, canon_ref other)
{
	canon_ref r = canon_leaf(canon, one->action);

	for (uint32_t i = one->n_conditions; i-- > 0;) {
		const struct condition *condition = &one->conditions[i];
		bool narrow = syscall_narrow(abi, id) >> condition->index & 1;
		struct check check;

		switch (decision_check_make(condition, narrow ? WIDTH_32 : WIDTH_64, &check)) {
		case NEVER:
			return other;
		case SOMETIMES:
			r = canon_check(canon, &check, r, other);
			break;
		case ALWAYS:
			break;
		}
	}
	return r;
}

/* What the cases say on that ABI. Where several hold the strictest decides. */
static canon_ref meaning(const struct naming *n, const struct cases *cases, enum abi abi,
			 unsigned int id)
{
	const struct cases_one **v = arena_array(cases->n, sizeof(*v));
	canon_ref r = n->leaf;

	for (size_t i = 0; i < cases->n; i++) { /* the loosest first */
		size_t at = i;

		for (; at && decision_action_is_stricter(v[at - 1]->action, cases->v[i].action);
		     at--)
			v[at] = v[at - 1];
		v[at] = &cases->v[i];
	}
	for (size_t i = 0; i < cases->n; i++)
		r = add_case(n->canon, v[i], abi, id, r);
	return r;
}

static bool are_right(const struct naming *n, const struct cases *cases, unsigned int id)
{
	for (size_t i = 0; i < n->n_abis; i++)
		if (is_firm(n, i, id) && meaning(n, cases, n->abis[i], id) != n->answers[i][id])
			return false;
	return true;
}

/* Whether all architectures ask the same of the call and compare its arguments alike. */
static bool is_one_question(const struct naming *n, unsigned int id)
{
	canon_ref answer = 0;
	uint8_t narrow = 0;
	bool seen = false;

	for (size_t i = 0; i < n->n_abis; i++) {
		uint8_t own = syscall_narrow(n->abis[i], id);

		if (!is_firm(n, i, id))
			continue;
		if (seen && (n->answers[i][id] != answer || own != narrow))
			return false;
		answer = n->answers[i][id];
		narrow = own;
		seen = true;
	}
	return true;
}

/* Actions that a decision leads to; some may be missing if it has many parts. */
struct actions {
	size_t n, parts;
	uint32_t v[8];
};

static bool note_action(void *ctx, const struct canon_cube *cube)
{
	struct actions *a = ctx;
	size_t i = 0;

	while (i < a->n && a->v[i] != cube->action[0])
		i++;
	if (i == a->n && a->n < ARRAY_LEN(a->v))
		a->v[a->n++] = cube->action[0];
	return a->parts++ < CASES_MAX;
}

/*
 * If the default is no answer to the call, one case with a condition that always holds can give the
 * loosest answer, and the others are stricter. Such cases overlap, which libseccomp does not judge
 * by strictness: so they are used only if there are too many without.
 */
static bool say_overlapping(const struct naming *n, size_t i, unsigned int id, struct cases *ret)
{
	static const struct condition any = { .op = SECCOMP_OP_GE };
	const canon_ref answer = n->answers[i][id];
	struct actions actions = { 0 };

	canon_each(n->canon, answer, answer, false, note_action, &actions);
	for (size_t j = 0; j < actions.n; j++) {
		struct cases some;
		struct cases_one *all;

		if (cases_make(n->canon, answer, actions.v[j], syscall_narrow(n->abis[i], id),
			       CASES_AT_MOST_AT_LEAST, &some) < 0)
			continue;
		all = arena_array(some.n + 1, sizeof(*all));
		for (size_t k = 0; k < some.n; k++)
			all[k] = some.v[k];
		all[some.n] = (struct cases_one){ actions.v[j], 1, &any };
		*ret = (struct cases){ some.n + 1, all };
		if (are_right(n, ret, id))
			return true;
	}
	return false;
}

static bool say_spelled(const struct naming *n, size_t i, unsigned int id, int spelling,
			struct cases *ret)
{
	return cases_make(n->canon, n->answers[i][id], n->otherwise, syscall_narrow(n->abis[i], id),
			  (enum cases_spelling)spelling, ret) >= 0 &&
	       (!n->whole || cases_are_sound(ret));
}

/* What is right on one architecture, or in one spelling, may be wrong on another architecture. */
static bool say_somehow(const struct naming *n, unsigned int id, struct cases *ret)
{
	bool one = is_one_question(n, id);
	struct cases first = { 0 };

	for (size_t i = 0; i < n->n_abis; i++) {
		if (!is_firm(n, i, id))
			continue;
		if (!say_spelled(n, i, id, n->whole ? CASES_WHOLE : 0, ret))
			return !n->whole && say_overlapping(n, i, id, ret);
		if (one || (n->whole && are_right(n, ret, id)))
			return true;
		for (int spelling = 0; spelling < CASES_SPELLINGS; spelling++)
			if (say_spelled(n, i, id, spelling, ret) && are_right(n, ret, id))
				return true;
		if (!first.n)
			(void)say_spelled(n, i, id, 0, &first);
	}
	*ret = first;
	return true;
}

static void say_call(struct naming *n, unsigned int id)
{
	struct cases *ret = &n->calls[id].cases;

	if (say_somehow(n, id, ret))
		return;
	n->too_many = syscall_name(id);
	*ret = (struct cases){ 0 };
}

static struct cases always(uint32_t action)
{
	struct cases_one *one = arena_alloc(sizeof(*one));

	*one = (struct cases_one){ .action = action };
	return (struct cases){ 1, one };
}

/* No rule if the default says that. */
static struct cases unless_default(const struct naming *n, uint32_t action)
{
	const struct cases none = { 0 };

	return action == n->otherwise ? none : always(action);
}

static bool is_always(const struct cases *cases)
{
	return cases->n == 1 && !cases->v[0].n_conditions;
}

/* --- multiplexers ------------------------------------------------------------------------- */

static uint32_t strictest(const struct naming *n, const struct cases *cases)
{
	uint32_t action = n->otherwise;

	for (size_t i = 0; i < cases->n; i++)
		if (decision_action_is_stricter(cases->v[i].action, action))
			action = cases->v[i].action;
	return action;
}

static bool is_direct(const struct naming *n, unsigned int id)
{
	for (size_t i = 0; i < n->n_abis; i++)
		if (has_number(n->abis[i], id))
			return true;
	return false;
}

/* The same action whatever the arguments are, but by conditions: it is not settled (clauses.c). */
static struct cases unsettled(uint32_t action)
{
	static const struct condition zero = { .op = SECCOMP_OP_EQ },
				      other = { .op = SECCOMP_OP_NE };
	struct cases_one *halves = arena_array(2, sizeof(*halves));

	halves[0] = (struct cases_one){ action, 1, &zero };
	halves[1] = (struct cases_one){ action, 1, &other };
	return (struct cases){ 2, halves };
}

/*
 * One call that the multiplexer offers, which answers `through` to it. `own` is what a rule about
 * the multiplexer itself says, without conditions.
 */
static void say_through(struct naming *n, unsigned int id, canon_ref through, uint32_t own,
			struct naming_call *multiplexer)
{
	struct naming_call *call = &n->calls[id];
	uint32_t action;

	if (!canon_is_leaf(n->canon, through, &action))
		return;
	if (!is_direct(n, id) && action != own)
		call->cases = unless_default(n, action);
	if (is_always(&call->cases)) {
		uint32_t said = call->cases.v[0].action;
		bool overrides = own != n->otherwise && decision_action_is_stricter(own, said);

		if (action != (overrides ? own : said))
			call->cases = unsettled(said);
	}
	if (action != n->otherwise)
		return;
	if (!call->cases.n)
		call->repeats |= own != n->otherwise;
	else if (!is_always(&call->cases) && strictest(n, &call->cases) != action)
		multiplexer->repeats |= own == n->otherwise;
}

static void say_multiplexer(struct naming *n, size_t i, uint32_t nr)
{
	enum abi abi = n->abis[i];
	int own_id = syscall_at(abi, nr);
	struct syscall_mux mux;
	unsigned int id;
	uint32_t own = n->otherwise;

	if (own_id < 0 || is_soft(n, i, (unsigned int)own_id))
		return;
	struct naming_call *name = &n->calls[own_id];
	canon_ref all = n->answers[i][own_id];

	/* no call of a multiplexer has the number 0 */
	if (!n->mux_by_cases &&
	    canon_is_leaf(n->canon, canon_restrict(n->canon, all, 0, UINT32_MAX, 0), &own))
		name->cases = unless_default(n, own);
	for (size_t j = 0; syscall_mux_nth(abi, j, &id, &mux); j++)
		if (mux.nr == nr)
			say_through(n, id, canon_restrict(n->canon, all, 0, mux.mask, mux.call),
				    own, name);
}

static void say_multiplexers(struct naming *n)
{
	struct syscall_mux mux;
	unsigned int id;

	for (size_t i = 0; i < n->n_abis; i++) {
		uint32_t last = SYSCALL_NONE;

		for (size_t j = 0; syscall_mux_nth(n->abis[i], j, &id, &mux); j++) {
			if (mux.nr != SYSCALL_NONE && mux.nr != last)
				say_multiplexer(n, i, mux.nr);
			last = mux.nr;
		}
	}
}

/* --- the newest call that is named -------------------------------------------------------- */

static bool is_named(const struct naming *n, unsigned int id)
{
	return n->calls[id].cases.n || n->calls[id].repeats;
}

/* As policy.c counts: one more than the highest number that a rule names. */
static uint32_t named_end(const struct naming *n, enum abi abi)
{
	uint32_t end = 0, dense = syscall_end(abi);
	unsigned int count = syscall_count();

	for (unsigned int id = 0; id < count; id++) {
		struct syscall_mux mux;
		uint32_t nr = syscall_nr(abi, id);

		if (!is_named(n, id))
			continue;
		if (nr < dense && nr >= end)
			end = nr + 1;
		if (syscall_mux(abi, id, &mux) && mux.nr < dense && mux.nr >= end)
			end = mux.nr + 1;
	}
	return end;
}

/* Names the newest call that gets the default's answer, or one with ENOSYS if none is named. */
static bool name_newest(struct naming *n, size_t i)
{
	enum abi abi = n->abis[i];
	uint32_t end = named_end(n, abi), newest = 0, oldest = UINT32_MAX;
	unsigned int count = syscall_count();
	int plain = -1, soft = -1;

	for (unsigned int id = 0; id < count; id++) {
		uint32_t nr = syscall_nr(abi, id);

		if (nr >= syscall_end(abi))
			continue;
		if (is_soft(n, i, id) && nr < oldest) {
			oldest = nr;
			soft = (int)id;
		} else if (n->answers[i][id] == n->leaf && nr >= newest) {
			newest = nr;
			plain = (int)id;
		}
	}
	if (plain >= 0 && (end ? newest >= end : soft >= 0)) {
		n->calls[plain].repeats = true;
		return true;
	}
	if (!end && soft >= 0) {
		n->calls[soft].cases = always(UNKNOWN);
		return true;
	}
	return false;
}

/* Older calls that get ENOSYS on every architecture. */
static bool name_older(struct naming *n)
{
	uint32_t ends[ABI_COUNT] = { 0 };
	unsigned int count = syscall_count();
	bool changed = false;

	for (size_t i = 0; i < n->n_abis; i++)
		ends[i] = named_end(n, n->abis[i]);
	for (unsigned int id = 0; id < count; id++) {
		bool firm = is_named(n, id), older = false;

		for (size_t i = 0; i < n->n_abis && !firm; i++) {
			firm = is_firm(n, i, id);
			older |= has_number(n->abis[i], id) && syscall_nr(n->abis[i], id) < ends[i];
		}
		if (!firm && older) {
			n->calls[id].cases = always(UNKNOWN);
			changed = true;
		}
	}
	return changed;
}

static void name_tail(struct naming *n)
{
	bool changed = n->denies && n->otherwise != UNKNOWN;

	while (changed) {
		changed = name_older(n);
		for (size_t i = 0; i < n->n_abis; i++)
			changed |= name_newest(n, i);
	}
}

void naming_make(struct naming *n)
{
	unsigned int count = syscall_count();

	n->calls = arena_array(count, sizeof(*n->calls));
	n->too_many = NULL;
	n->denies = decision_action_is_stricter(n->otherwise, SECCOMP_RET_USER_NOTIF);
	n->leaf = canon_leaf(n->canon, n->otherwise);
	n->unknown = canon_leaf(n->canon, UNKNOWN);
	for (unsigned int id = 0; id < count; id++)
		say_call(n, id);
	say_multiplexers(n);
	name_tail(n);
}
