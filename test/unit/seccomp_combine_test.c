/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles that are composed from the answers of two profiles, and from programs of libseccomp. The
 * programs themselves are judge: calls are run through all of them.
 */
#include "base/arena.h"
#include "base/err.h"
#include "seccomp/bpf.h"
#include "seccomp/compose.h"
#include "seccomp/filter.h"
#include "seccomp/merge.h"
#include "unit/seccomp_random.h"
#include "unit/seccomp_rules.h"
#include "unit/tap.h"

static struct canon canon;

struct side {
	struct verdicts verdicts;
	struct bpf_program program;
};

static bool compile(const struct profile *p, enum abi native, struct side *ret)
{
	struct filter_options o = { .machine = arch_abi(native)->machine,
				    .kernel_flags = UINT64_MAX };
	const struct policy *policy;
	const struct filter *filter;

	if (policy_make(p, native, false, &policy) < 0 || filter_compile(p, &o, &filter) < 0)
		return false;
	verdicts_of_policy(policy, &canon, &ret->verdicts);
	ret->program = (struct bpf_program){ filter->code, filter->len };
	return true;
}

static uint32_t run(const struct side *s, const struct seccomp_data *data)
{
	return bpf_run(s->program.code, s->program.len, data, NULL);
}

/* Whether c answers as a combination of a and b does, but for the errors of denials. */
static bool answers(const struct side *a, const struct side *b, const struct side *c, bool looser,
		    const struct seccomp_data *data)
{
	uint32_t x = run(a, data) & SECCOMP_RET_ACTION_FULL;
	uint32_t y = run(b, data) & SECCOMP_RET_ACTION_FULL;
	uint32_t z = run(c, data) & SECCOMP_RET_ACTION_FULL;

	return z == (decision_action_is_stricter(x, y) != looser ? x : y);
}

static bool calls_agree(const struct side *a, const struct side *b, const struct side *c,
			bool looser, enum abi native)
{
	static const uint32_t audits[] = { 0xc000003e, 0x40000003, 0xc00000b7, 12345 };

	for (int round = 0; round < 200; round++) {
		struct seccomp_data d = { .nr = (int)below(480),
					  .arch = round % 4 ? arch_abi(native)->audit
							    : audits[below(4)] };

		if (round % 16 == 1)
			d.nr |= 0x40000000;
		for (int i = 0; i < 6; i++)
			d.args[i] = value();
		if (!answers(a, b, c, looser, &d))
			return false;
	}
	return true;
}

/* One call that a profile cannot say as it is asked for, by the programs. */
struct search {
	bool found;
	struct seccomp_data data;
};

static bool note_difference(void *ctx, const struct verdicts_pair *pair)
{
	struct search *s = ctx;
	uint64_t args[6];
	uint32_t action[2];

	if (pair->a == pair->b)
		return true;
	canon_witness(&canon, pair->a, pair->b, args, action);
	s->found = true;
	s->data = (struct seccomp_data){ .nr = (int)pair->first,
					 .arch = pair->audit ? pair->audit : 12345 };
	for (int i = 0; i < 6; i++)
		s->data.args[i] = args[i];
	return false;
}

struct count {
	int said, unsaid, bad;
};

/* Two profiles and one of both combinations. The rules of the first are overwritten by the
 * second's, so it is compiled first. */
static void combine(unsigned int i, bool looser, struct count *count)
{
	struct side a, b, c;
	struct profile p;
	enum abi native, other;
	struct verdicts wanted;
	struct composed composed = { 0 };
	bool good;

	err_clear();
	canon_init(&canon);
	make_random(2 * i, &p, &native);
	good = compile(&p, native, &a);
	struct profile second;

	make_random(2 * i + 1, &second, &other);
	if (i % 4) { /* more alike */
		second.n_abis = p.n_abis;
		memcpy(second.abis, p.abis, sizeof(p.abis));
		second.default_action = p.default_action;
	}
	good &= compile(&second, native, &b);
	for (int tie = 0; good && tie < CANON_TIES && !composed.equal; tie++) {
		verdicts_combine(&canon, looser, (enum canon_tie)tie, &a.verdicts, &b.verdicts,
				 &wanted);
		good = compose_profile("both", &wanted, &canon, native, &composed) == 0;
	}
	good = good && compile(composed.profile, native, &c);
	if (good && composed.equal) {
		struct verdicts stricter;
		const struct verdicts *in = looser ? &b.verdicts : &c.verdicts;

		count->said++;
		verdicts_join(&canon, in, looser ? &c.verdicts : &b.verdicts, &stricter);
		good = verdicts_equal(&stricter, in) && calls_agree(&a, &b, &c, looser, native);
	} else if (good) {
		struct search s = { 0 };

		/* what the last attempt asks for is what the programs say, and c says otherwise */
		count->unsaid++;
		verdicts_each(&wanted, &c.verdicts, note_difference, &s);
		uint32_t x = run(&a, &s.data), y = run(&b, &s.data), z = run(&c, &s.data);

		good = s.found && (z != x || z != y);
	}
	if (!good)
		printf("# pair %u, %s: %s\n", i, looser ? "union" : "intersection",
		       err_message() ? err_message() : "wrong");
	count->bad += !good;
}

static void test_pairs(bool all, bool looser)
{
	struct count count = { 0 };
	int n = all ? 10000 : 40;

	for (int i = 0; i < n; i++) {
		struct arena_mark mark = arena_mark();

		combine((unsigned int)i, looser, &count);
		(void)arena_release(mark, NULL, 0);
	}
	is_int(count.bad, 0, "%d %s: %d are profiles, of %d a call is named that is not", n,
	       looser ? "unions" : "intersections", count.said, count.unsaid);
	ok(count.said > n / 2, "many are profiles");
}

/* --- libseccomp --------------------------------------------------------------------------- */

/* What is decided if no argument has a bit that the kernel does not read. */
static canon_ref as_read(canon_ref r, uint8_t narrow)
{
	for (unsigned int i = 0; i < 6; i++)
		if (narrow >> i & 1)
			r = canon_restrict(&canon, r, i, ~(uint64_t)UINT32_MAX, 0);
	return r;
}

static bool is_multiplexer(enum abi abi, uint32_t nr)
{
	struct syscall_mux mux;
	unsigned int id;

	for (size_t i = 0; syscall_mux_nth(abi, i, &id, &mux); i++)
		if (mux.nr == nr)
			return true;
	return false;
}

/* Whether both answer all calls of the profile's architectures alike, as the kernel reads them. */
static bool same_calls(const struct profile *p, enum abi native, const struct verdicts *a,
		       const struct verdicts *b)
{
	for (size_t i = 0; i <= p->n_abis; i++)
		for (unsigned int id = 0; id < syscall_count(); id++) {
			enum abi abi = i < p->n_abis ? p->abis[i] : native;
			uint32_t nr = syscall_nr(abi, id), audit = arch_abi(abi)->audit;
			uint8_t narrow = syscall_narrow(abi, id);

			if (nr == SYSCALL_NONE || is_multiplexer(abi, nr))
				continue;
			nr |= arch_abi(abi)->nr_bit;
			if (as_read(verdicts_at(a, audit, nr), narrow) !=
			    as_read(verdicts_at(b, audit, nr), narrow)) {
				printf("# %s\n", syscall_name(id));
				return false;
			}
		}
	return true;
}

/*
 * Rules of which runc and tamis have one opinion: libseccomp cuts values of more than 32 bits on
 * x32 and on 32-bit architectures, and compares all bits of parameters of which the kernel
 * reads 32.
 */
static bool is_plain(const struct profile *p)
{
	for (size_t i = 0; i < p->n_abis; i++)
		if (p->abis[i] == ABI_X32)
			return false;
	for (size_t i = 0; i < p->n_rules; i++)
		for (uint32_t j = 0; j < p->rules[i].n_conditions; j++)
			if (p->rules[i].conditions[j].value > INT32_MAX)
				return false;
	return true;
}

/*
 * A program of libseccomp, lifted and composed, is that program for every call that has a name.
 * (Other numbers get ENOSYS; libseccomp reads arguments of multiplexers that are not there.)
 */
static void test_libseccomp(bool all)
{
	static struct oracle_program theirs;
	unsigned int n = all ? 2000 : 60, bad = 0, n_plain = 0;
	struct oracle o = { .end = n, .make = make_random };

	for (unsigned int i = 0; i < n; i++) {
		struct verdicts lifted;
		struct composed composed;
		struct profile p;
		enum abi native;

		oracle_next(&o, &theirs);
		if (theirs.error || theirs.len > BPF_MAXINSNS)
			continue;
		const struct bpf_program program = { theirs.code, (uint16_t)theirs.len };

		err_clear();
		canon_init(&canon);
		make_random(i, &p, &native);
		if (!is_plain(&p))
			continue;
		n_plain++;
		if (verdicts_of_program(&program, &canon, &lifted) < 0 ||
		    compose_profile("theirs", &lifted, &canon, native, &composed) < 0 ||
		    !same_calls(&p, native, &lifted, &composed.verdicts)) {
			bad++;
			printf("# random profile %u: %s\n", i,
			       err_message() ? err_message() : "differs");
		}
		arena_reset();
	}
	oracle_stop(&o);
	is_int(bad, 0, "%u programs of libseccomp are composed again", n_plain);
	ok(n_plain > n / 8, "of %u", n);
}

/* --- by names ----------------------------------------------------------------------------- */

static void test_merge(void)
{
	static const char *const mkdir[] = { "mkdir" }, *const socket[] = { "socket" };
	static const struct condition seven = { 1, SECCOMP_OP_EQ, 7, 0 };
	static const struct condition family = { 0, SECCOMP_OP_EQ, 40, 0 };
	static const struct condition raw = { 1, SECCOMP_OP_EQ, 3, 0 };
	const uint32_t deny = SECCOMP_RET_ERRNO | 1;
	const struct rule of_a[] = {
		{ .action = deny, .n_names = 1, .names = mkdir },
		{ .action = deny, .n_names = 1, .names = socket, 1, &family },
	};
	const struct rule of_b[] = {
		{ .action = SECCOMP_RET_LOG, .n_names = 1, .names = mkdir, 1, &seven },
		{ .action = deny, .n_names = 1, .names = socket, 1, &raw },
	};
	const struct profile a = {
		.place = "a", .default_action = SECCOMP_RET_ALLOW, .n_rules = 2, .rules = of_a
	};
	const struct profile b = { .place = "b",
				   .default_action = SECCOMP_RET_LOG,
				   .n_abis = 1,
				   .abis = { ABI_X86 },
				   .n_rules = 2,
				   .rules = of_b };
	const struct profile *both = merge_by_names(&a, &b);

	is_int(both->default_action, SECCOMP_RET_LOG, "by names: the stricter default");
	is_str(rules_of(both, "mkdir"), "50001 1==7",
	       "the stricter action, under the condition of the other");
	is_str(rules_of(both, "socket"), "50001 0==28 1==3", "conditions are joined");
	ok(both->n_abis == 1 && both->abis[0] == ABI_X86, "no architectures: those of the other");
}

int main(void)
{
	bool all = tap_is_all();

	test_pairs(all, false);
	test_pairs(all, true);
	test_libseccomp(all);
	test_merge();
	return done();
}
