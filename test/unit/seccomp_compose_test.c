/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lib/seccomp/compose.c, naming.c and cases.c: a profile that is composed from the answers of a
 * policy or a program gives exactly these answers; if it cannot, that is said.
 */
#include "base/arena.h"
#include "base/err.h"
#include "seccomp/compose.h"
#include "seccomp/filter.h"
#include "unit/seccomp_random.h"
#include "unit/seccomp_rules.h"
#include "unit/tap.h"

static struct canon canon;

/* The profile of a program that was compiled from p, judged by the answers of p. */
static bool composes(const struct profile *p, enum abi native, struct composed *ret)
{
	struct filter_options o = { .machine = arch_abi(native)->machine,
				    .kernel_flags = UINT64_MAX };
	struct verdicts wanted, lifted;
	const struct policy *policy;
	const struct filter *filter;

	err_clear();
	canon_init(&canon);
	if (policy_make(p, native, false, &policy) < 0 || filter_compile(p, &o, &filter) < 0)
		return false;
	const struct bpf_program program = { filter->code, filter->len };

	verdicts_of_policy(policy, &canon, &wanted);
	if (verdicts_of_program(&program, &canon, &lifted) < 0 ||
	    compose_profile(p->place, &lifted, &canon, native, ret) < 0)
		return false;
	return ret->equal && verdicts_equal(&wanted, &ret->verdicts) && !canon.overflow;
}

static void test_random(void)
{
	unsigned int n = tap_is_all() ? 10000 : 300;
	int bad = 0;

	for (unsigned int i = 0; i < n; i++) {
		struct arena_mark mark = arena_mark();
		struct composed c;
		struct profile p;
		enum abi native;

		make_random(i, &p, &native);
		if (!composes(&p, native, &c)) {
			bad++;
			printf("# random profile %u: %s\n", i,
			       err_message() ? err_message() : "not equal");
		}
		(void)arena_release(mark, NULL, 0);
	}
	is_int(bad, 0, "%u random profiles are composed again from their programs", n);
}

static void test_profiles(void)
{
	const struct profile_facts facts = {
		.caps = DOCKER_CAPS, .native = ABI_X86_64, .kernel_major = 6, .kernel_minor = 18
	};

	for (unsigned int i = 0; profile_nth(i); i++) {
		struct composed c;
		struct profile p;

		if (!profile_read(profile_nth(i), &facts, &p))
			continue;
		ok(composes(&p, ABI_X86_64, &c), "%s is composed again from its program", p.place);
		ok(c.profile && c.profile->n_rules <= p.n_rules + 2, "%s: %zu rules instead of %zu",
		   p.place, c.profile ? c.profile->n_rules : 0, p.n_rules);
	}
}

static const char *const mkdir_name[] = { "mkdir" }, *const read_name[] = { "read" };

static void judge(const struct profile *p, enum abi native, struct verdicts *ret)
{
	const struct policy *policy;

	if (policy_make(p, native, false, &policy) < 0)
		abort();
	verdicts_of_policy(policy, &canon, ret);
}

/* A name has one meaning on all architectures. */
static void test_two_architectures(void)
{
	const struct rule rule = { .action = SECCOMP_RET_ALLOW, .n_names = 1, .names = read_name };
	const struct profile a = {
		.place = "a", .default_action = SECCOMP_RET_ERRNO | 1, .n_rules = 1, .rules = &rule
	};
	const struct profile b = { .place = "b", .default_action = SECCOMP_RET_LOG };
	struct verdicts va, vb, united;
	struct composed c;

	canon_init(&canon);
	judge(&a, ABI_X86_64, &va);
	judge(&b, ABI_AARCH64, &vb);
	verdicts_combine(&canon, true, CANON_FIRST, &va, &vb, &united);
	if (ok(compose_profile("both", &united, &canon, ABI_X86_64, &c) == 0, "x86_64 and arm64"))
		ok(!c.equal && !verdicts_equal(&united, &c.verdicts),
		   "that answer one name differently are no profile, and that is noticed");
	verdicts_join(&canon, &va, &vb, &united);
	ok(compose_profile("none", &united, &canon, ABI_X86_64, &c) == 0 && !c.equal,
	   "nor is one that kills on the native architecture as on others");
}

/* Only what the kernel reads of an argument can be asked. */
static void test_upper_half(void)
{
	const struct check wide = { .index = 1, .mask = UINT64_MAX, .value = 7 };
	const struct clause clause = { SECCOMP_RET_ALLOW, 1, &wide, NULL };
	const struct decision some = { 0, SECCOMP_RET_ERRNO | 38, 1, &clause };
	const struct profile p = { .place = "p", .default_action = SECCOMP_RET_ERRNO | 38 };
	struct verdicts v;
	struct composed c;

	canon_init(&canon);
	judge(&p, ABI_X86_64, &v);
	struct verdicts_range ranges[] = { { 0, canon_leaf(&canon, p.default_action) },
					   { 83, canon_decision(&canon, &some) },
					   { 84, canon_leaf(&canon, p.default_action) },
					   { UINT32_MAX, canon_leaf(&canon, SECCOMP_RET_ALLOW) } };
	const struct verdicts_arch arch = { v.archs[0].audit, ARRAY_LEN(ranges), ranges };

	v.archs = &arch;
	if (!ok(compose_profile("p", &v, &canon, ABI_X86_64, &c) == 0,
		"a program that compares all 64 bits of an int"))
		return;
	ok(!c.equal, "asks more than a profile can");
	is_str(rules_of(c.profile, mkdir_name[0]), "7fff0000 1==7",
	       "what comes nearest asks the int");
}

int main(void)
{
	test_random();
	test_profiles();
	test_two_architectures();
	test_upper_half();
	return done();
}
