/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the way from answers to a profile: the default action, the architectures and the rules.
 *
 * The default action answers the numbers that no table names, except that a denial becomes ENOSYS
 * there (policy.c). So if these numbers get ENOSYS any denial may be the default. Those that most
 * calls get are tried, and the one that needs the fewest rules is taken.
 *
 * What must hold: `equal` is true only if policy_make() says so of the profile.
 */
#include "seccomp/compose.h"

#include "base/arena.h"
#include "base/err.h"
#include "seccomp/naming.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

enum { DEFAULTS_MAX = 4 };

static const uint32_t UNKNOWN = SECCOMP_RET_ERRNO | ENOSYS;

struct composer {
	const char *place;
	const struct verdicts *wanted;
	struct canon *canon;
	size_t n_abis;
	enum abi abis[ABI_COUNT];
	/* By ABI and id, as the kernel reads the arguments (restricted()). */
	canon_ref *answers[ABI_COUNT];
	canon_ref unknown;
	bool whole;
	const char *too_many; /* what needed too many rules in an attempt */
};

/* --- what is asked for -------------------------------------------------------------------- */

/* The kernel reads only the low half of some parameters: what is decided if the other half is 0. */
static canon_ref restricted(struct canon *canon, canon_ref r, uint8_t narrow)
{
	uint32_t action;

	for (unsigned int i = 0; i < 6 && !canon_is_leaf(canon, r, &action); i++)
		if (narrow >> i & 1)
			r = canon_restrict(canon, r, i, ~(uint64_t)UINT32_MAX, 0);
	return r;
}

static bool is_uniform(const struct verdicts_arch *arch, uint64_t first, uint64_t end, canon_ref r)
{
	for (size_t i = 0; i < arch->n; i++) {
		uint64_t next = i + 1 < arch->n ? arch->ranges[i + 1].first : UINT64_C(1) << 32;

		if (arch->ranges[i].first < end && next > first && arch->ranges[i].decision != r)
			return false;
	}
	return true;
}

/* Whether all architectures that are not listed get this answer to every number. */
static bool is_others(const struct composer *c, canon_ref r)
{
	return c->wanted->other.n == 1 && c->wanted->other.ranges[0].decision == r;
}

/*
 * An ABI is not listed if all its numbers are answered as those of other architectures. x32 has to
 * be told from x86_64 by its numbers: those of an unlisted one get ENOSYS.
 */
static bool is_listed(const struct composer *c, enum abi abi)
{
	const struct arch_abi *info = arch_abi(abi);
	const struct verdicts_arch *arch = verdicts_arch(c->wanted, info->audit);
	canon_ref r = verdicts_at(c->wanted, info->audit, info->nr_bit);
	uint64_t end = info->nr_bit ? 2 * (uint64_t)info->nr_bit : UINT64_C(1) << 32;

	if (arch == &c->wanted->other)
		return false;
	return !is_uniform(arch, info->nr_bit, end, r) ||
	       !(is_others(c, r) || (info->nr_bit && r == c->unknown));
}

static canon_ref answer_of(const struct composer *c, enum abi abi, unsigned int id)
{
	const struct arch_abi *info = arch_abi(abi);
	uint32_t nr = syscall_nr(abi, id);

	if (nr == SYSCALL_NONE)
		return 0;
	return restricted(c->canon, verdicts_at(c->wanted, info->audit, nr | info->nr_bit),
			  syscall_narrow(abi, id));
}

static void collect(struct composer *c, enum abi native)
{
	unsigned int n_ids = syscall_count();

	c->abis[c->n_abis++] = native;
	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		if (abi != native && is_listed(c, abi))
			c->abis[c->n_abis++] = abi;
	for (size_t i = 0; i < c->n_abis; i++) {
		enum abi abi = c->abis[i];

		c->answers[i] = arena_array(n_ids, sizeof(canon_ref));
		for (unsigned int id = 0; id < n_ids; id++)
			c->answers[i][id] = answer_of(c, abi, id);
	}
}

/* --- the profile -------------------------------------------------------------------------- */

/* Those without conditions come first, of them the loosest; those that repeat the default last. */
static bool is_before(const struct rule *a, const struct rule *b, uint32_t otherwise)
{
	bool last_a = a->action == otherwise, last_b = b->action == otherwise;

	if (last_a != last_b)
		return last_b;
	if (a->n_conditions || b->n_conditions)
		return !a->n_conditions && b->n_conditions;
	return decision_action_is_stricter(b->action, a->action);
}

static const struct rule *sort_rules(const struct cases_rules *from, uint32_t otherwise)
{
	struct rule *rules = arena_array(from->n, sizeof(*rules));

	for (size_t i = 0; i < from->n; i++) {
		size_t at = i;

		for (; at && is_before(&from->v[i].rule, &rules[at - 1], otherwise); at--)
			rules[at] = rules[at - 1];
		rules[at] = from->v[i].rule;
	}
	for (size_t i = 0; i < from->n; i++)
		rules[i].index = (uint32_t)i;
	return rules;
}

static int write_profile(const struct composer *c, const struct naming *n, struct profile *ret)
{
	const struct cases_one repeat = { .action = n->otherwise };
	struct cases_rules rules = { 0 };
	unsigned int n_ids = syscall_count();
	int r = 0;

	for (unsigned int id = 0; id < n_ids && r == 0; id++) {
		const struct naming_call *call = &n->calls[id];

		for (size_t i = 0; i < call->cases.n && r == 0; i++)
			r = cases_rules_add(&rules, &call->cases.v[i], syscall_name(id));
		if (r == 0 && call->repeats && !call->cases.n)
			r = cases_rules_add(&rules, &repeat, syscall_name(id));
	}
	*ret = (struct profile){ .place = c->place,
				 .default_action = n->otherwise,
				 .n_abis = c->n_abis,
				 .n_rules = rules.n,
				 .rules = sort_rules(&rules, n->otherwise) };
	memcpy(ret->abis, c->abis, c->n_abis * sizeof(*c->abis));
	return r;
}

/* --- what is tried ------------------------------------------------------------------------ */

/* The profile of one attempt, and what is wrong with it. */
struct attempt {
	struct profile *profile;
	struct verdicts verdicts;
	size_t differences, length;
};

static bool note_difference(void *ctx, const struct verdicts_pair *pair)
{
	struct attempt *a = ctx;

	a->differences += pair->a != pair->b;
	return true;
}

static size_t length_of(const struct profile *p)
{
	size_t n = 0;

	for (size_t i = 0; i < p->n_rules; i++)
		n += 4 + p->rules[i].n_names + 2 * p->rules[i].n_conditions;
	return n;
}

/* False: the profile is none, because rules contradict each other. */
static bool judge(const struct composer *c, struct attempt *a)
{
	const char *before = err_message();
	const struct policy *policy;

	if (policy_make(a->profile, c->abis[0], false, &policy) < 0) {
		err_restore(before);
		return false;
	}
	verdicts_of_policy(policy, c->canon, &a->verdicts);
	a->differences = 0;
	verdicts_each(c->wanted, &a->verdicts, note_difference, a);
	a->length = length_of(a->profile);
	return true;
}

static bool is_better(const struct attempt *a, const struct attempt *b)
{
	if (!b->profile || a->differences != b->differences)
		return !b->profile || a->differences < b->differences;
	return a->length < b->length;
}

static void try(struct composer *c, uint32_t otherwise, bool mux_by_cases, struct attempt *best)
{
	struct naming n = { .canon = c->canon,
			    .n_abis = c->n_abis,
			    .abis = c->abis,
			    .answers = c->answers,
			    .otherwise = otherwise,
			    .whole = c->whole,
			    .mux_by_cases = mux_by_cases };
	struct attempt a = { .profile = arena_alloc(sizeof(*a.profile)) };

	naming_make(&n);
	if (n.too_many)
		c->too_many = n.too_many;
	else if (write_profile(c, &n, a.profile) < 0)
		c->too_many = "the profile";
	else if (judge(c, &a) && is_better(&a, best))
		*best = a;
}

/* The denials that most calls get, in falling order of their number; ENOSYS is always one. */
static size_t denials(const struct composer *c, uint32_t ret[DEFAULTS_MAX])
{
	uint32_t actions[64], counts[64];
	unsigned int n_ids = syscall_count();
	size_t n = 1, n_ret = 0;

	actions[0] = UNKNOWN;
	counts[0] = 1;
	for (size_t i = 0; i < c->n_abis; i++)
		for (unsigned int id = 0; id < n_ids; id++) {
			uint32_t action;
			size_t j = 0;

			if (syscall_nr(c->abis[i], id) == SYSCALL_NONE ||
			    !canon_is_leaf(c->canon, c->answers[i][id], &action) ||
			    !decision_action_is_stricter(action, SECCOMP_RET_USER_NOTIF))
				continue;
			while (j < n && actions[j] != action)
				j++;
			if (j == ARRAY_LEN(actions))
				continue;
			counts[j] = j == n ? 1 : counts[j] + 1;
			actions[j] = action;
			n += j == n;
		}
	for (; n_ret < DEFAULTS_MAX && n_ret < n; n_ret++) {
		size_t most = 0;

		for (size_t j = 1; j < n; j++)
			if (counts[j] > counts[most])
				most = j;
		ret[n_ret] = actions[most];
		counts[most] = 0;
	}
	return n_ret;
}

/* What may be the default, from the answer to the first number above the table. */
static size_t defaults(const struct composer *c, uint32_t ret[DEFAULTS_MAX])
{
	const struct arch_abi *native = arch_abi(c->abis[0]);
	canon_ref r =
		verdicts_at(c->wanted, native->audit, native->nr_bit | syscall_end(c->abis[0]));

	if (!canon_is_leaf(c->canon, r, &ret[0]) || ret[0] == UNKNOWN)
		return denials(c, ret);
	return 1;
}

static bool has_multiplexer(const struct composer *c)
{
	struct syscall_mux mux = { .nr = SYSCALL_NONE };
	unsigned int id;
	bool found = false;

	for (size_t i = 0; i < c->n_abis; i++)
		for (size_t j = 0; !found && syscall_mux_nth(c->abis[i], j, &id, &mux); j++)
			found = mux.nr != SYSCALL_NONE;
	return found;
}

static int compose(struct composer *c, enum abi native, struct composed *ret)
{
	uint32_t actions[DEFAULTS_MAX];
	struct attempt best = { 0 };

	collect(c, native);
	size_t n = defaults(c, actions);

	const int ways = has_multiplexer(c) ? 2 : 1;

	for (int by_cases = 0; by_cases < ways && (!best.profile || best.differences); by_cases++)
		for (size_t i = 0; i < n; i++)
			try(c, actions[i], by_cases, &best);
	if (!best.profile && c->too_many)
		return fail(0, "%s: %s needs more rules than a profile should have", c->place,
			    c->too_many);
	if (!best.profile || c->canon->overflow)
		return fail(0, "%s: too complex to be said as a profile", c->place);
	*ret = (struct composed){ best.profile, best.verdicts, best.differences == 0 };
	return 0;
}

int compose_profile(const char *place, const struct verdicts *wanted, struct canon *canon,
		    enum abi native, struct composed *ret)
{
	struct composer c = { .place = place,
			      .wanted = wanted,
			      .canon = canon,
			      .unknown = canon_leaf(canon, UNKNOWN) };

	return compose(&c, native, ret);
}

int compose_profile_whole(const char *place, const struct verdicts *wanted, struct canon *canon,
			  enum abi native, struct composed *ret)
{
	struct composer c = { .place = place,
			      .wanted = wanted,
			      .canon = canon,
			      .whole = true,
			      .unknown = canon_leaf(canon, UNKNOWN) };

	return compose(&c, native, ret);
}
