/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lib/seccomp/verdicts.c, regions.c and the walks of canon.c: the decisions of a policy and those
 * of the program compiled from it are equal, and each region has the stated answers. The policy
 * decides, call by call.
 */
#include "base/arena.h"
#include "base/err.h"
#include "seccomp/filter.h"
#include "seccomp/regions.h"
#include "seccomp/verdicts.h"
#include "unit/seccomp_random.h"
#include "unit/tap.h"

#include <linux/audit.h>

static struct canon canon;

static const uint64_t probes[] = { 0,	       1,	    2,		 3,
				   7,	       8,	    0x7fffffff,	 0x80000000,
				   0xffffffff, 0x100000000, 0x100000001, UINT64_MAX };

static bool is_half(const struct region_half *h, uint32_t bits)
{
	if (h->mask)
		return (bits & h->mask) == h->first;
	return bits >= h->first && bits <= h->last;
}

/* Whether the arguments are in the region. */
static bool is_inside(const struct region *r, const uint64_t args[6])
{
	for (int i = 0; i < 6; i++) {
		const struct region_arg *a = &r->args[i];
		uint64_t v = a->wide ? args[i] : args[i] & UINT32_MAX;

		if (a->kind == REGION_RANGE && (v < a->first || v > a->last))
			return false;
		if (a->kind == REGION_BITS && (args[i] & a->mask) != a->first)
			return false;
		if (a->kind == REGION_HALVES && (!is_half(&a->upper, (uint32_t)(args[i] >> 32)) ||
						 !is_half(&a->lower, (uint32_t)args[i])))
			return false;
	}
	return true;
}

/* Exactly one region contains these arguments, with the policy's answer. */
static bool regions_agree(const struct regions *regions, uint32_t wanted, const uint64_t args[6])
{
	size_t n = 0;
	bool good = true;

	for (size_t i = 0; i < regions->n; i++)
		if (is_inside(&regions->v[i], args)) {
			n++;
			good &= regions->v[i].action[0] == wanted;
		}
	return good && (n == 1 || regions->cut);
}

static bool calls_agree(const struct policy *policy, const struct verdicts *v, uint32_t audit,
			uint32_t nr)
{
	canon_ref ref = verdicts_at(v, audit, nr);
	struct regions regions;
	bool good = true;

	regions_make(&canon, ref, ref, &regions);
	for (int round = 0; round < 20; round++) {
		struct seccomp_data d = { .nr = (int)nr, .arch = audit };
		uint64_t args[6];
		canon_ref known = ref;
		uint32_t action, wanted;

		for (unsigned int i = 0; i < 6; i++) {
			args[i] = d.args[i] = probes[below(ARRAY_LEN(probes))];
			known = canon_restrict(&canon, known, i, UINT64_MAX, args[i]);
		}
		wanted = policy_verdict(policy, &d);
		good &= canon_is_leaf(&canon, known, &action) && action == wanted;
		good &= regions_agree(&regions, wanted, args);
	}
	return good;
}

static bool note_difference(void *ctx, const struct verdicts_pair *pair)
{
	*(bool *)ctx |= pair->a != pair->b;
	return true;
}

static bool differ(const struct verdicts *a, const struct verdicts *b)
{
	bool found = false;

	verdicts_each(a, b, note_difference, &found);
	return found;
}

/* One random profile: its policy and its program are equal, and the answers are the policy's. */
static bool round_trip(unsigned int number)
{
	struct verdicts a, b, joined;
	struct filter_options o = { 0 };
	const struct policy *policy;
	const struct filter *filter;
	struct profile profile;
	enum abi native;
	bool good = true;

	canon_init(&canon);
	make_random(number, &profile, &native);
	o.machine = arch_abi(native)->machine;
	if (policy_make(&profile, native, false, &policy) < 0 ||
	    filter_compile(&profile, &o, &filter) < 0)
		return false;
	const struct bpf_program program = { filter->code, filter->len };
	uint32_t audit = arch_abi(native)->audit;

	verdicts_of_policy(policy, &canon, &a);
	good &= verdicts_of_program(&program, &canon, &b) == 0 && !differ(&a, &b) &&
		!differ(&b, &a);
	verdicts_join(&canon, &a, &b, &joined);
	good &= !differ(&a, &joined);
	for (uint32_t i = 0; i < 20; i++)
		good &= calls_agree(policy, &a, audit, below(480));
	return good && calls_agree(policy, &a, AUDIT_ARCH_I386, below(480)) &&
	       calls_agree(policy, &a, AUDIT_ARCH_AARCH64, below(480)) &&
	       calls_agree(policy, &a, 12345, 0) && calls_agree(policy, &a, audit, UINT32_MAX);
}

static void test_differences(void)
{
	const char *const names[] = { "mkdir" };
	const struct condition low = { 1, SECCOMP_OP_LT, 8, 0 };
	const struct rule always = { SECCOMP_RET_ALLOW, 0, 1, names, 0, NULL, NULL };
	const struct rule some = { SECCOMP_RET_ALLOW, 0, 1, names, 1, &low, NULL };
	const struct profile pa = { .place = "a",
				    .default_action = SECCOMP_RET_ERRNO | 1,
				    .n_rules = 1,
				    .rules = &always };
	const struct profile pb = {
		.place = "b", .default_action = SECCOMP_RET_ERRNO | 1, .n_rules = 1, .rules = &some
	};
	const struct policy *policy;
	struct verdicts a, b;
	struct regions regions;

	canon_init(&canon);
	ok(policy_make(&pa, ABI_X86_64, false, &policy) == 0, "one profile");
	verdicts_of_policy(policy, &canon, &a);
	ok(policy_make(&pb, ABI_X86_64, false, &policy) == 0, "and one with a condition");
	verdicts_of_policy(policy, &canon, &b);
	regions_make(&canon, verdicts_at(&a, AUDIT_ARCH_X86_64, 83),
		     verdicts_at(&b, AUDIT_ARCH_X86_64, 83), &regions);
	if (ok(regions.n == 1 && !regions.cut, "they differ in one region")) {
		const struct region_arg *arg = &regions.v[0].args[1];

		ok(arg->kind == REGION_RANGE && arg->first == 8 && arg->last == UINT32_MAX,
		   "the mode, which the kernel reads as 32 bits, from 8 on");
		is_int(regions.v[0].action[0], SECCOMP_RET_ALLOW, "one allows it");
		is_int(regions.v[0].action[1], SECCOMP_RET_ERRNO | 1, "the other does not");
	}
}

/* (args[0] & mask) == value: ALLOW; else `otherwise`. */
static canon_ref masked(uint64_t mask, uint64_t value, canon_ref otherwise)
{
	const struct check check = { .mask = mask, .value = value };

	return canon_check(&canon, &check, canon_leaf(&canon, SECCOMP_RET_ALLOW), otherwise);
}

/* Random checks of random bits of 64, in two programs: what differs is in one region. */
static bool halves_agree(void)
{
	static const uint64_t masks[] = { UINT64_MAX,	     UINT32_MAX, 0xffff,
					  0xff00000000,	     0xf0f0,	 0xf000000f0,
					  0xffffffff00000000 };
	canon_ref leaf = canon_leaf(&canon, SECCOMP_RET_ERRNO | 1), ref[2] = { leaf, leaf };
	struct regions regions;

	for (size_t i = 0; i < 6; i++) {
		uint64_t mask = masks[below(ARRAY_LEN(masks))];

		ref[i & 1] = masked(mask, probes[below(ARRAY_LEN(probes))] & mask, ref[i & 1]);
	}
	regions_make(&canon, ref[0], ref[1], &regions);
	for (size_t i = 0; i < ARRAY_LEN(probes); i++) {
		uint64_t args[6] = { probes[i] };
		canon_ref a = canon_restrict(&canon, ref[0], 0, UINT64_MAX, args[0]);
		canon_ref b = canon_restrict(&canon, ref[1], 0, UINT64_MAX, args[0]);
		size_t n = 0;

		for (size_t j = 0; j < regions.n; j++)
			n += is_inside(&regions.v[j], args);
		if (n != (ref[0] == ref[1] || a != b))
			return false;
	}
	return !regions.cut;
}

/* A filter that compares 64 bits, and one that compares the 32 that the kernel reads. */
static void test_halves(void)
{
	struct regions regions;
	unsigned int bad = 0;

	canon_init(&canon);
	canon_ref no = canon_leaf(&canon, SECCOMP_RET_ERRNO | 1);

	regions_make(&canon, masked(UINT32_MAX, 40, no), masked(UINT64_MAX, 40, no), &regions);
	if (ok(regions.n == 1 && !regions.cut, "they differ in one region")) {
		const struct region_arg *arg = &regions.v[0].args[0];

		ok(arg->kind == REGION_HALVES && arg->upper.first == 1 &&
			   arg->upper.last == UINT32_MAX && arg->lower.first == 40 &&
			   arg->lower.last == 40,
		   "where the upper half is not 0");
	}
	for (unsigned int i = 0; i < 300; i++)
		bad += !halves_agree();
	is_int((long)bad, 0, "300 pairs of random checks of both halves");
}

int main(void)
{
	int bad = 0;

	test_differences();
	test_halves();
	for (unsigned int i = 0; i < 60; i++) {
		struct arena_mark mark = arena_mark();

		bad += !round_trip(i);
		(void)arena_release(mark, NULL, 0);
	}
	is_int(bad, 0, "60 random profiles: policy, program, regions and answers agree");
	return done();
}
