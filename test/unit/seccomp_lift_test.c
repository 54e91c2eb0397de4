/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lib/seccomp/lift.c analyses a program that another compiler wrote: libseccomp's for Docker's
 * default. For every number of every architecture, its answers for all arguments must equal those
 * of our program compiled as runc would, except for named differences.
 */
#include "base/err.h"
#include "seccomp/filter.h"
#include "seccomp/lift.h"
#include "seccomp/syscall.h"

#include "unit/seccomp_rules.h"

#include "unit/seccomp_oracle.h"

enum { NUMBERS = 600 };

struct sides {
	struct canon canon;
	struct lifted ours, theirs;
};

/* Counts of each difference. */
struct tally {
	unsigned int same, unknown, tail, other;
};

static canon_ref answer(const struct lifted *l, uint32_t arch, uint32_t nr)
{
	size_t a = l->n_archs - 1;

	while (l->archs[a].first > arch)
		a--;
	size_t r = l->archs[a].start + l->archs[a].n - 1;

	while (l->ranges[r].first > nr)
		r--;
	return l->ranges[r].decision;
}

static bool theirs_knows(enum abi abi, int id)
{
	return id >= 0 && seccomp_syscall_resolve_name_arch(oracle_token(abi),
							    syscall_name((unsigned int)id)) >= 0;
}

static void compare(struct sides *s, enum abi abi, struct tally *t)
{
	const struct arch_abi *info = arch_abi(abi);
	canon_ref enosys = canon_leaf(&s->canon, SECCOMP_RET_ERRNO | ENOSYS);

	for (uint32_t i = 0; i < NUMBERS; i++) {
		uint32_t nr = i | info->nr_bit;
		canon_ref ours = answer(&s->ours, info->audit, nr);
		canon_ref theirs = answer(&s->theirs, info->audit, nr);
		int id = syscall_at(abi, i);

		if (ours == theirs) {
			t->same++;
		} else if (ours == enosys && id < 0) {
			t->tail++; /* runc puts this before libseccomp's program */
		} else if (!theirs_knows(abi, id)) {
			t->unknown++;
		} else if (t->other++ < 8) {
			printf("# %s %s(%u) differs\n", info->scmp, syscall_name((unsigned int)id),
			       i);
		}
	}
}

static bool read_docker(struct profile *ret)
{
	struct profile_facts facts = {
		.caps = DOCKER_CAPS, .native = ABI_X86_64, .kernel_major = 6, .kernel_minor = 18
	};

	return profile_read(made_path("docker-2026.json"), &facts, ret);
}

int main(void)
{
	static struct oracle_program theirs;
	struct filter_options options = { .compat_runc = true, .machine = "x86_64" };
	struct sides s = { 0 };
	struct tally t = { 0 };
	const struct filter *ours;
	struct profile p;

	if (!read_docker(&p))
		return done();
	if (seccomp_arch_native() != SCMP_ARCH_X86_64) {
		skip("libseccomp resolves names for the machine's architecture, which is not "
		     "x86_64");
		return done();
	}
	oracle_compile(&p, ABI_X86_64, &theirs);
	is_int(theirs.error, 0, "libseccomp makes a program");
	ok(theirs.len > 1000, "of %u instructions", theirs.len);
	if (!ok(filter_compile(&p, &options, &ours) == 0, "tamis makes a program"))
		return done();

	struct bpf_program a = { ours->code, ours->len }, b = { theirs.code, (uint16_t)theirs.len };

	canon_init(&s.canon);
	if (!ok(lift(&a, &s.canon, &s.ours) == 0 && lift(&b, &s.canon, &s.theirs) == 0,
		"both can be analysed"))
		printf("# %s\n", err_message());
	else
		for (size_t i = 0; i < p.n_abis; i++)
			compare(&s, p.abis[i], &t);
	is_int(t.other, 0, "every number has the same answers for all arguments");
	ok(t.same > 1400, "%u numbers are the same", t.same);
	ok(t.unknown < 50, "%u calls are unknown to libseccomp", t.unknown);
	ok(t.tail > 0, "%u numbers are no call: ENOSYS", t.tail);
	return done();
}
