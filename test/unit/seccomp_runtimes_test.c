/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What profiles mean to runc and crun, and intersections that are right for them. libseccomp is
 * judge: its program of an intersection lets nothing through that its program of an input denies.
 */
#include "base/arena.h"
#include "base/err.h"
#include "seccomp/combine.h"
#include "seccomp/difference.h"
#include "seccomp/engines.h"
#include "seccomp/policy.h"
#include "seccomp/runtimes.h"
#include "seccomp/syscall.h"
#include "unit/seccomp_oracle.h"
#include "unit/tap.h"

static struct canon canon;

static const char *const engines[] = { "docker", "containerd", "podman", "crio" };
enum { ENGINES = ARRAY_LEN(engines), PAIRS = ENGINES * ENGINES };

static const struct profile_facts facts = { .native = ABI_X86_64,
					    .kernel_major = 6,
					    .kernel_minor = 18 };

/* --- meanings ----------------------------------------------------------------------------- */

static uint32_t answer(const struct profile *p, enum runtime runtime, uint32_t nr, uint64_t first)
{
	struct verdicts v;
	uint32_t action = 0;

	canon_init(&canon);
	if (runtimes_verdicts(p, ABI_X86_64, runtime, &canon, &v) < 0)
		return 0;
	canon_ref r = verdicts_at(&v, arch_abi(ABI_X86_64)->audit, nr);

	(void)canon_is_leaf(&canon, canon_restrict(&canon, r, 0, UINT64_MAX, first), &action);
	return action;
}

static void test_meanings(void)
{
	static const char *const some[] = { "read", "mseal" }, *const personality[] = {
		"personality"
	};
	static const struct condition eight = { 0, SECCOMP_OP_EQ, 8, 0 };
	const struct rule rules[] = {
		{ .action = SECCOMP_RET_ALLOW, .n_names = 2, .names = some },
		{ .action = SECCOMP_RET_ALLOW, .n_names = 1, .names = personality, 1, &eight },
	};
	const struct profile p = {
		.place = "p", .default_action = SECCOMP_RET_ERRNO | 1, .n_rules = 2, .rules = rules
	};
	const uint32_t allow = SECCOMP_RET_ALLOW, eperm = SECCOMP_RET_ERRNO | 1,
		       enosys = SECCOMP_RET_ERRNO | ENOSYS;

	ok(runtimes_is_new((unsigned int)syscall_id("mseal")), "mseal is new");
	ok(runtimes_is_new((unsigned int)syscall_id("uretprobe")), "uretprobe is new");
	ok(!runtimes_is_new((unsigned int)syscall_id("futex_waitv")), "futex_waitv is not");
	ok(!runtimes_is_new((unsigned int)syscall_id("mount")), "mount is not");
	is_int(answer(&p, RUNTIME_RUNC, 462, 0), allow, "mseal under runc");
	is_int(answer(&p, RUNTIME_RUNC_OLD, 462, 0), enosys, "and with an old library");
	is_int(answer(&p, RUNTIME_CRUN_OLD, 462, 0), eperm, "under crun with an old library");
	is_int(answer(&p, RUNTIME_RUNC, 470, 0), enosys, "a newer call under runc");
	is_int(answer(&p, RUNTIME_CRUN, 470, 0), eperm, "under crun");
	is_int(answer(&p, RUNTIME_TAMIS, 135, 0x100000008), allow, "32 bits under tamis");
	is_int(answer(&p, RUNTIME_RUNC, 135, 0x100000008), eperm, "64 bits under runc");
	arena_reset();
}

/* --- intersections ------------------------------------------------------------------------ */

static const char *describe(const struct canon *c, const struct verdicts *wanted,
			    const struct verdicts *got)
{
	return difference_first(c, wanted, got, NULL);
}

static bool intersect(unsigned int pair, bool whole, struct profile inputs[2], struct combined *ret)
{
	struct combine_input in[2];
	const struct combine c = { .name = "both",
				   .whole = whole,
				   .native = ABI_X86_64,
				   .n = 2,
				   .inputs = in,
				   .describe = describe };
	const unsigned int which[] = { pair / ENGINES, pair % ENGINES };

	err_clear();
	canon_init(&canon);
	for (int i = 0; i < 2; i++) {
		const struct policy *policy;

		inputs[i] = (struct profile){ 0 };
		engines_make(engines_find(engines[which[i]]), &facts, &inputs[i]);
		inputs[i].place = engines[which[i]];
		if (policy_make(&inputs[i], ABI_X86_64, false, &policy) < 0)
			return false;
		in[i] = (struct combine_input){ .name = inputs[i].place, .profile = &inputs[i] };
		verdicts_of_policy(policy, &canon, &in[i].verdicts);
	}
	return combine_profiles(&c, &canon, ret) == 0;
}

/* Three profiles a pair: both inputs and their intersection. */
static void make(unsigned int number, struct profile *ret, enum abi *ret_native)
{
	struct profile inputs[2];
	struct combined both;

	*ret_native = ABI_X86_64;
	if (!intersect(number / 3, true, inputs, &both))
		exit(1);
	*ret = number % 3 < 2 ? inputs[number % 3] : both.profile;
}

static bool lets_through(uint32_t input, uint32_t result)
{
	return decision_action_lets_through(result) && !decision_action_lets_through(input);
}

static void test_libseccomp(unsigned int first, unsigned int end)
{
	static struct oracle_program theirs;
	struct oracle o = { .next = 3 * first, .end = 3 * end, .make = make };

	for (unsigned int pair = first; pair < end; pair++) {
		struct verdicts v[3];
		const char *where = NULL;

		canon_init(&canon);
		for (int i = 0; i < 3; i++) {
			oracle_next(&o, &theirs);
			const struct bpf_program program = { theirs.code, (uint16_t)theirs.len };

			if (theirs.error || verdicts_of_program(&program, &canon, &v[i]) < 0)
				where = "no program";
		}
		for (int i = 0; i < 2 && !where; i++)
			where = difference_first(&canon, &v[i], &v[2], lets_through);
		ok(!where, "libseccomp: %s and %s: %s", engines[pair / ENGINES],
		   engines[pair % ENGINES], where ? where : "within both");
		arena_reset();
	}
	oracle_stop(&o);
}

static void test_within(void)
{
	const unsigned int pair = 2; /* docker, podman */
	struct profile inputs[2];
	struct combined both;
	const char *where = NULL;

	ok(intersect(pair, false, inputs, &both), "an intersection for tamis");
	is_int(combine_is_within(&both.profile, &inputs[0], ABI_X86_64, &canon, &where), 0,
	       "lets more through under runc");
	ok(intersect(pair, true, inputs, &both), "an intersection for any runtime");
	for (int i = 0; i < 2; i++)
		is_int(combine_is_within(&both.profile, &inputs[i], ABI_X86_64, &canon, &where), 1,
		       "is within %s", inputs[i].place);
	is_int(combine_is_within(&inputs[0], &inputs[0], ABI_X86_64, &canon, &where), 1,
	       "within itself");
	inputs[1] = inputs[0];
	inputs[1].set_flags = true;
	is_int(combine_is_within(&inputs[0], &inputs[1], ABI_X86_64, &canon, &where), 0,
	       "but not without SPEC_ALLOW");
	inputs[1].flags = SECCOMP_FILTER_FLAG_LOG | SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	is_int(combine_is_within(&inputs[0], &inputs[1], ABI_X86_64, &canon, &where), 0,
	       "nor with the duty to log");
	arena_reset();
}

int main(void)
{
	const bool all = tap_is_all();

	test_meanings();
	test_within();
	test_libseccomp(all ? 0 : 2, all ? PAIRS : 3);
	return done();
}
