/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the meaning of a change to a profile. What must hold: no answer changes unnoticed, on no
 * architecture and for no number. The expected answers are made from those of the profile before
 * the change, by canon, and compared with those of the changed text.
 *
 * A profile that names a newer call than before answers all calls in between by its default, where
 * it answered ENOSYS (policy.c). So programs would no longer fall back to older calls. Rules that
 * say ENOSYS prevent that.
 */
#include "seccomp/wishes.h"

#include "base/arena.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>

struct compare {
	const struct wishes *w;
	struct canon *canon;
	const struct verdicts *before, *after;
	canon_ref otherwise, unknown; /* the default action, ENOSYS */
	struct wishes_lack *ret;
};

void wishes_lack_init(struct wishes_lack *ret)
{
	*ret = (struct wishes_lack){
		.repeated = arena_array(syscall_count(), sizeof(bool)),
		.unknown = arena_array(syscall_count(), sizeof(bool)),
	};
}

/* The action where all conditions hold, `rest` elsewhere. */
static canon_ref apply_one(const struct wish *wish, struct canon *canon, enum abi abi,
			   canon_ref rest)
{
	canon_ref r = canon_leaf(canon, wish->action);
	uint8_t narrow = syscall_narrow(abi, wish->id);

	for (unsigned int i = 6; i-- > 0;) {
		uint64_t mask = wish->mask[i] & (narrow & (1u << i) ? UINT32_MAX : UINT64_MAX);
		const struct check check = { .index = (uint8_t)i,
					     .mask = mask,
					     .value = wish->value[i] & mask };

		if (mask)
			r = canon_check(canon, &check, r, rest);
	}
	return r;
}

canon_ref wishes_apply(const struct wishes *w, struct canon *canon, enum abi abi, uint32_t nr,
		       canon_ref before)
{
	for (size_t i = 0; w->listed[abi] && i < w->n; i++)
		if (syscall_nr(abi, w->v[i].id) == nr)
			before = apply_one(&w->v[i], canon, abi, before);
	return before;
}

/* r without what a multiplexer answers for calls that are wished. */
static canon_ref without_muxed(const struct compare *c, enum abi abi, uint32_t nr, canon_ref r)
{
	for (size_t i = 0; i < c->w->n; i++) {
		struct syscall_mux mux;

		if (!syscall_mux(abi, c->w->v[i].id, &mux) || mux.nr != nr)
			continue;
		const struct check check = { .index = 0, .mask = mux.mask, .value = mux.call };

		r = canon_check(c->canon, &check, c->otherwise, r);
	}
	return r;
}

static bool is_wished(const struct compare *c, unsigned int id)
{
	for (size_t i = 0; i < c->w->n; i++)
		if (c->w->v[i].id == id)
			return true;
	return false;
}

/* Whether the call was answered ENOSYS wherever it exists, so that a rule can say it. (loose: or
 * was denied by the default.) */
static bool was_unknown(const struct compare *c, unsigned int id)
{
	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		uint32_t nr = syscall_nr(abi, id), audit = arch_abi(abi)->audit;
		canon_ref was;

		if (nr == SYSCALL_NONE || !c->w->listed[abi])
			continue;
		was = verdicts_at(c->before, audit, nr | arch_abi(abi)->nr_bit);
		if (was != c->unknown && !(c->w->loose && was == c->otherwise))
			return false;
	}
	return true;
}

/* Says what could be done about an answer that is wrong, or that nothing can. */
static void note_wrong(struct compare *c, const struct wishes_wrong *wrong)
{
	unsigned int id = (unsigned int)wrong->id;
	bool *flag = NULL;

	if (wrong->id >= 0 && is_wished(c, id) && wrong->wanted == c->otherwise &&
	    wrong->got == c->unknown)
		flag = &c->ret->repeated[id];
	else if (wrong->id >= 0 && !is_wished(c, id) && wrong->wanted == c->unknown &&
		 wrong->got == c->otherwise && was_unknown(c, id))
		flag = &c->ret->unknown[id];
	if (flag && !*flag) {
		*flag = c->ret->more = true;
		return;
	}
	if (flag && c->ret->more)
		return;
	if (!c->ret->n_wrong++)
		c->ret->wrong = *wrong;
}

/* Returns false if the numbers from here on are all like this one. */
static bool compare_number(struct compare *c, uint32_t audit, uint32_t nr, canon_ref before,
			   canon_ref after)
{
	enum abi abi = arch_by_number(audit, nr);
	uint32_t base = abi < ABI_COUNT ? nr & ~arch_abi(abi)->nr_bit : nr;
	struct wishes_wrong wrong = { audit, nr, abi, -1, before, after };

	if (abi < ABI_COUNT) {
		wrong.id = syscall_at(abi, base);
		wrong.wanted = wishes_apply(c->w, c->canon, abi, base, before);
		if (without_muxed(c, abi, base, wrong.wanted) ==
		    without_muxed(c, abi, base, wrong.got))
			wrong.got = wrong.wanted;
	}
	if (wrong.wanted != wrong.got)
		note_wrong(c, &wrong);
	return wrong.id >= 0 || (abi < ABI_OWN && base < syscall_end(abi));
}

static bool compare_range(void *ctx, const struct verdicts_pair *pair)
{
	struct compare *c = ctx;

	if (pair->a == pair->b)
		return true;
	for (uint64_t nr = pair->first; nr <= pair->last; nr++)
		if (!compare_number(c, pair->audit, (uint32_t)nr, pair->a, pair->b))
			break;
	return true;
}

/* That the wished calls have their answers, which compare_range() does not see if nothing changed.
 */
static void compare_wished(struct compare *c, const struct wish *wish)
{
	for (enum abi abi = 0; abi < ABI_COUNT; abi++) {
		uint32_t nr = syscall_nr(abi, wish->id), audit = arch_abi(abi)->audit;
		uint32_t full = nr | arch_abi(abi)->nr_bit;

		if (nr == SYSCALL_NONE || !c->w->listed[abi])
			continue;
		canon_ref before = verdicts_at(c->before, audit, full);
		canon_ref after = verdicts_at(c->after, audit, full);

		if (before == after)
			compare_number(c, audit, full, before, after);
	}
}

void wishes_compare(const struct wishes *w, struct canon *canon, const struct verdicts *before,
		    const struct verdicts *after, uint32_t default_action, struct wishes_lack *ret)
{
	struct compare c = { w,
			     canon,
			     before,
			     after,
			     canon_leaf(canon, default_action),
			     canon_leaf(canon, SECCOMP_RET_ERRNO | ENOSYS),
			     ret };

	verdicts_each(before, after, compare_range, &c);
	for (size_t i = 0; i < w->n; i++)
		compare_wished(&c, &w->v[i]);
}
