/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the meaning of a profile: rules, which have names, become one decision per number.
 *
 * What must hold:
 * - Each of the 2^32 numbers of each architecture has exactly one decision.
 * - The order of rules matters only if two unconditional rules name the same call: the first wins.
 * - If the profile denies by default, ENOSYS is the answer to a call that is newer than all calls
 *   it names, and to a number in no table. A C library that is newer than the profile then uses the
 *   older call. (Not if profile->is_plain.)
 * - What is always denied is also denied through a multiplexer (socketcall, ipc).
 */
#include "seccomp/policy.h"

#include "base/arena.h"
#include "base/err.h"
#include "seccomp/clauses.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <string.h>

enum { EXTRA_MAX = 16 };

/* One number of one ABI while its ranges are made. */
struct slot {
	bool known;
	const struct call *call;     /* rules of that name; NULL: none */
	const struct mux_call *subs; /* of a multiplexer: the calls that it offers */
};

struct builder {
	const struct profile *profile;
	bool compat;
	struct call *calls; /* by syscall_id() */
	struct clauses clauses;
	/* The current ABI. Numbers from `end` on (arm's private calls) follow the dense ones. */
	enum abi abi;
	uint32_t end, n_extra;
	uint32_t named_end; /* one more than the highest number that a rule names; 0: none */
	uint32_t extra[EXTRA_MAX];
	size_t n_slots;
	struct slot *slots;
	uint32_t low,
		high; /* slots of low..high-1 are used; behind them there are only extra ones */
	/* The current architecture. */
	size_t n_ranges, room;
	struct policy_range *ranges;
};

/* numbers from here on belong to no ABI; x32's have only bit 30 */
static const uint32_t NO_ABI = 0x80000000;
/* number -1: a tracer has told the kernel to skip the call */
static const uint32_t SKIPPED = UINT32_MAX;
static const uint32_t UNKNOWN = SECCOMP_RET_ERRNO | ENOSYS;

static bool denies_by_default(const struct builder *b)
{
	switch (b->profile->default_action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		return false;
	default:
		return true;
	}
}

/* --- names -------------------------------------------------------------------------------- */

static void note_rule(struct builder *b, const struct rule *rule, uint32_t order, int id)
{
	struct call *call = &b->calls[id];

	call->named = true;
	if (rule->action == b->profile->default_action) {
		call->defaults |= !rule->n_conditions;
		return;
	}
	if (rule->n_conditions) {
		struct written *w = arena_alloc(sizeof(*w));

		*w = (struct written){ .rule = rule, .id = (unsigned int)id, .order = order };
		*(call->last ? call->last : &call->first) = w;
		call->last = &w->next;
	} else if (!call->fixed) {
		call->fixed = true;
		call->action = rule->action;
		call->order = order;
	}
}

/*
 * Collects the rules by call. A rule whose action is the default action has no effect and is
 * skipped, as in runc: it does not override an allow. Only for multiplexers the fact that it exists
 * is used.
 */
static void note_rules(struct builder *b)
{
	const struct profile *p = b->profile;

	b->calls = arena_array(syscall_count(), sizeof(*b->calls));
	for (size_t i = 0; i < p->n_rules; i++) {
		const struct rule *rule = &p->rules[i];
		int near = 0;

		for (size_t j = 0; j < rule->n_names; j++) {
			int id = syscall_id_near(rule->names[j], (unsigned int)near);

			if (id < 0)
				continue; /* profiles name calls of every kernel and architecture */
			note_rule(b, rule, (uint32_t)i, id);
			near = id + 1;
		}
	}
}

/* --- numbers of one ABI ------------------------------------------------------------------- */

static struct slot *slot_of(struct builder *b, uint32_t nr)
{
	if (nr < b->end) {
		b->low = nr < b->low ? nr : b->low;
		b->high = nr < b->high ? b->high : nr + 1;
		return &b->slots[nr];
	}
	uint32_t i = 0;

	while (i < b->n_extra && b->extra[i] < nr)
		i++;
	if (i < b->n_extra && b->extra[i] == nr)
		return &b->slots[b->end + i];
	if (b->n_extra == EXTRA_MAX)
		return NULL;
	for (uint32_t j = b->n_extra++; j > i; j--) {
		b->extra[j] = b->extra[j - 1];
		b->slots[b->end + j] = b->slots[b->end + j - 1];
	}
	b->extra[i] = nr;
	b->slots[b->end + i] = (struct slot){ 0 };
	return &b->slots[b->end + i];
}

static void insert_written(struct call *call, const struct written *w)
{
	struct written **at = &call->first, *copy = arena_alloc(sizeof(*copy));

	while (*at && (*at)->order <= w->order)
		at = &(*at)->next;
	*copy = *w;
	copy->next = *at;
	*at = copy;
}

/* If one number has two names, the rules of both apply to it. */
static const struct call *call_join(const struct call *a, const struct call *b)
{
	struct call *joined = arena_alloc(sizeof(*joined));
	bool first = a->fixed && (!b->fixed || a->order <= b->order);

	joined->defaults = a->defaults || b->defaults;
	joined->fixed = a->fixed || b->fixed;
	joined->action = first ? a->action : b->action;
	joined->order = first ? a->order : b->order;
	for (const struct written *w = a->first; w; w = w->next)
		insert_written(joined, w);
	for (const struct written *w = b->first; w; w = w->next)
		insert_written(joined, w);
	return joined;
}

static bool call_has_rules(const struct call *call)
{
	return call->fixed || call->first || call->defaults;
}

static int no_room(const struct builder *b, uint32_t nr)
{
	return fail(0, "%s: no room for number %u", arch_abi(b->abi)->scmp, nr);
}

/*
 * Updates named_end. Every rule counts, whatever its action and conditions, even one that is
 * skipped. A multiplexer counts as named with each call that it offers. The private calls of arm do
 * not count, because they are not newer than others. runc counts those, but neither calls that a
 * multiplexer offers (libseccomp has negative numbers for them) nor the number 0.
 */
static void note_named(struct builder *b, unsigned int id, uint32_t nr)
{
	struct syscall_mux mux;
	bool counts = b->compat ? nr && !syscall_mux(b->abi, id, &mux) : nr < b->end;

	if (b->calls[id].named && counts && nr >= b->named_end)
		b->named_end = nr + 1;
}

static int fill_muxes(struct builder *b)
{
	struct syscall_mux mux;
	unsigned int id;

	for (size_t i = 0; syscall_mux_nth(b->abi, i, &id, &mux); i++) {
		struct slot *s = mux.nr == SYSCALL_NONE ? NULL : slot_of(b, mux.nr);
		const struct call *call = &b->calls[id];

		if (mux.nr == SYSCALL_NONE)
			continue;
		note_named(b, id, mux.nr);
		if (!call_has_rules(call))
			continue;
		if (!s)
			return no_room(b, mux.nr);
		struct mux_call *sub = arena_alloc(sizeof(*sub));

		*sub = (struct mux_call){ .call = call, .mux = mux, .next = s->subs };
		s->subs = sub;
	}
	return 0;
}

/* An ABI has few numbers of those below `end`: mips begins with 4000, s390 ends long before it. */
static void clear_slots(struct builder *b)
{
	if (b->high)
		memset(&b->slots[b->low], 0, (b->high - b->low) * sizeof(*b->slots));
	if (b->n_extra)
		memset(&b->slots[b->end], 0, b->n_extra * sizeof(*b->slots));
	b->end = syscall_end(b->abi);
	b->n_extra = b->named_end = 0;
	b->low = b->end;
	b->high = 0;
	if (b->n_slots < b->end + EXTRA_MAX) {
		b->n_slots = b->end + EXTRA_MAX;
		b->slots = arena_array(b->n_slots, sizeof(*b->slots));
	}
}

/* Fills the slots of the ABI: which numbers exist, and which rules are about them. */
static int fill_slots(struct builder *b)
{
	unsigned int n = syscall_count();

	clear_slots(b);
	for (unsigned int id = 0; id < n; id++) {
		uint32_t nr = syscall_nr(b->abi, id);
		const struct call *call = &b->calls[id];

		if (nr == SYSCALL_NONE)
			continue;
		struct slot *s = slot_of(b, nr);

		if (!s)
			return no_room(b, nr);
		s->known = true;
		note_named(b, id, nr);
		if (call_has_rules(call))
			s->call = s->call ? call_join(s->call, call) : call;
	}
	return fill_muxes(b);
}

/* --- ranges ------------------------------------------------------------------------------- */

static void add_range(struct builder *b, uint32_t first, const struct decision *d)
{
	/* the previous range was empty */
	if (b->n_ranges && b->ranges[b->n_ranges - 1].first == first)
		b->n_ranges--;
	if (b->n_ranges && b->ranges[b->n_ranges - 1].decision == d)
		return;
	b->ranges = arena_grow(b->ranges, b->n_ranges, &b->room, sizeof(*b->ranges));
	b->ranges[b->n_ranges++] = (struct policy_range){ first, d };
}

static void add_constant(struct builder *b, uint32_t first, uint32_t action)
{
	add_range(b, first, clauses_constant(&b->clauses, action));
}

/*
 * Whether the number is higher than all that the profile names. The profile was then written before
 * the call existed.
 */
static bool is_later(const struct builder *b, uint32_t nr)
{
	bool dense = b->compat || nr < b->end;

	return !b->profile->is_plain && dense && denies_by_default(b) && b->named_end &&
	       nr >= b->named_end;
}

/* The action for a number that the kernel may know but no table has. */
static uint32_t answer_unknown(const struct builder *b, uint32_t nr)
{
	bool refuse = b->compat ? is_later(b, nr) : denies_by_default(b);

	return refuse && !b->profile->is_plain ? UNKNOWN : b->profile->default_action;
}

/* The action for a number below `end` that no table has. */
static uint32_t answer_unused(const struct builder *b, uint32_t nr)
{
	return is_later(b, nr) ? UNKNOWN : answer_unknown(b, nr);
}

static int add_slot(struct builder *b, uint32_t nr, const struct slot *s)
{
	uint32_t first = nr | arch_abi(b->abi)->nr_bit;
	const struct decision *d;

	if (is_later(b, nr))
		d = clauses_constant(&b->clauses, UNKNOWN);
	else if (!s->known && !s->subs)
		d = clauses_constant(&b->clauses, answer_unknown(b, nr));
	else if (s->call && s->call->fixed && !s->subs)
		d = clauses_constant(&b->clauses, s->call->action);
	else if (clauses_decide(&b->clauses, b->abi, s->call, s->subs, &d) < 0)
		return -EINVAL;
	add_range(b, first, d);
	return 0;
}

static int add_abi(struct builder *b, enum abi abi)
{
	b->abi = abi;
	if (fill_slots(b) < 0)
		return -EINVAL;
	uint32_t bit = arch_abi(abi)->nr_bit;

	if (b->low)
		add_constant(b, bit, answer_unused(b, 0));
	for (uint32_t nr = b->low; nr < b->high; nr++)
		if (add_slot(b, nr, &b->slots[nr]) < 0)
			return -EINVAL;
	if (b->high < b->end) /* none of these is named, so all of them have one answer */
		add_constant(b, bit | b->high, answer_unused(b, b->high));
	add_constant(b, bit | b->end, answer_unknown(b, b->end));
	for (uint32_t i = 0; i < b->n_extra; i++) {
		uint32_t nr = b->extra[i];

		if (add_slot(b, nr, &b->slots[b->end + i]) < 0)
			return -EINVAL;
		add_constant(b, bit | (nr + 1), answer_unknown(b, nr + 1));
	}
	return 0;
}

/*
 * Adds the numbers of an ABI that shares its AUDIT_ARCH_* with a listed one and is not listed
 * itself. No rule was written for them, so they are refused under any default action. libseccomp
 * treats them, and all numbers with bit 31, as a foreign architecture.
 */
static void add_unlisted(struct builder *b, uint32_t bit)
{
	if (b->profile->is_plain) {
		add_constant(b, bit, b->profile->other_x32);
		return;
	}
	add_constant(b, bit, b->compat ? SECCOMP_RET_KILL_THREAD : UNKNOWN);
	if (!b->compat && bit)
		add_constant(b, NO_ABI, answer_unknown(b, NO_ABI));
}

static int add_arch(struct builder *b, uint32_t audit, const bool listed[ABI_COUNT],
		    struct policy_arch *ret)
{
	bool x32_unlisted = false;

	b->n_ranges = b->room = 0;
	b->ranges = NULL;
	for (int abi = 0; abi < ABI_COUNT; abi++) {
		const struct arch_abi *info = arch_abi((enum abi)abi);

		if (info->audit != audit)
			continue;
		if (!listed[abi])
			add_unlisted(b, info->nr_bit);
		else if (add_abi(b, (enum abi)abi) < 0)
			return -EINVAL;
		x32_unlisted = !listed[abi] && info->nr_bit;
	}
	/*
	 * For number -1 the kernel does nothing and returns the value that the tracer set. Any
	 * other answer would overwrite that value.
	 */
	if (!b->compat && !b->profile->is_plain)
		add_constant(b, SKIPPED, SECCOMP_RET_ALLOW);
	else if (x32_unlisted)
		add_constant(b, SKIPPED, b->profile->default_action);
	*ret = (struct policy_arch){ .audit = audit, .n_ranges = b->n_ranges, .ranges = b->ranges };
	return 0;
}

int policy_make(const struct profile *profile, enum abi native, bool compat_runc,
		const struct policy **ret)
{
	struct builder b = { .profile = profile, .compat = compat_runc };
	struct policy *policy = arena_alloc(sizeof(*policy));
	struct policy_arch *archs = arena_array(ABI_COUNT, sizeof(*archs));
	bool listed[ABI_COUNT] = { 0 };

	clauses_init(&b.clauses, profile, compat_runc);
	note_rules(&b);
	listed[native] = true;
	for (size_t i = 0; i < profile->n_abis; i++)
		listed[profile->abis[i]] = true;
	for (int i = -1; i < ABI_COUNT; i++) { /* the native architecture, then all */
		enum abi abi = i < 0 ? native : (enum abi)i;
		uint32_t audit = arch_abi(abi)->audit;
		bool seen = !listed[abi];

		for (size_t j = 0; j < policy->n_archs; j++)
			seen |= archs[j].audit == audit;
		if (!seen && add_arch(&b, audit, listed, &archs[policy->n_archs++]) < 0)
			return -EINVAL;
	}
	/* Killing only a thread could leave a process that waits for it for ever. */
	policy->bad_arch = compat_runc ? SECCOMP_RET_KILL_THREAD : SECCOMP_RET_KILL_PROCESS;
	if (profile->is_plain)
		policy->bad_arch = profile->other_arch;
	policy->archs = archs;
	policy->n_decisions = b.clauses.n;
	policy->decisions = b.clauses.decisions;
	*ret = policy;
	return 0;
}

const struct decision *policy_decision(const struct policy *policy, uint32_t audit, uint32_t nr)
{
	for (size_t i = 0; i < policy->n_archs; i++) {
		const struct policy_arch *arch = &policy->archs[i];
		size_t low = 0, high = arch->n_ranges;

		if (arch->audit != audit)
			continue;
		while (high - low > 1) {
			size_t middle = (low + high) / 2;

			if (arch->ranges[middle].first <= nr)
				low = middle;
			else
				high = middle;
		}
		return arch->ranges[low].decision;
	}
	return NULL;
}

uint32_t policy_verdict(const struct policy *policy, const struct seccomp_data *data)
{
	const struct decision *decision = policy_decision(policy, data->arch, (uint32_t)data->nr);
	uint64_t args[6];

	for (size_t i = 0; i < ARRAY_LEN(args); i++)
		args[i] = data->args[i];
	return decision ? decision_verdict(decision, args) : policy->bad_arch;
}
