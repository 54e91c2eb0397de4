/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares our programs with libseccomp's, for every number of every architecture of a profile and
 * for values around every condition. Twice: with --seccomp-compat=runc the programs must have the
 * same answers except for defects of libseccomp; without it, each intended difference has a named
 * predicate. `--all` tests all random profiles, otherwise a part of them.
 */
#include "base/arena.h"
#include "base/err.h"
#include "seccomp/bpf.h"
#include "seccomp/filter.h"
#include "seccomp/syscall.h"

#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>

#include "unit/seccomp_rules.h"

#include "unit/seccomp_oracle.h"
#include "unit/seccomp_random.h"

enum { RANDOM_ALL = 50000, RANDOM_FEW = 5000, SHOWN = 12 };

/* --- profiles to compare ------------------------------------------------------------------ */

static const enum abi natives[] = { ABI_X86_64, ABI_AARCH64, ABI_RISCV64, ABI_PPC64LE };
static const uint64_t capabilities[] = { 0, DOCKER_CAPS, UINT64_MAX };

static void make_file(unsigned int number, struct profile *ret, enum abi *ret_native)
{
	struct profile_facts facts = { .kernel_major = 6, .kernel_minor = 18 };

	facts.native = natives[number / ARRAY_LEN(capabilities) % ARRAY_LEN(natives)];
	facts.caps = capabilities[number % ARRAY_LEN(capabilities)];
	number /= ARRAY_LEN(natives) * ARRAY_LEN(capabilities);
	*ret_native = facts.native;
	if (!profile_read(profile_nth(number), &facts, ret))
		exit(1);
	/* A list that does not depend on the kernel. The other byte order cannot be mixed in. */
	if (facts.native != ABI_X86_64 && ret->n_abis && ret->abis[0] == ABI_X86_64)
		ret->n_abis = 0;
}

/* --- intended differences ----------------------------------------------------------------- */

struct call {
	const struct profile *profile;
	enum abi abi;
	int id; /* -1: not in our tables */
	uint32_t nr;
	bool compat;
};

/* Differences with a known reason that cannot be predicted exactly; each probe is counted under
 * one of them. */
enum excuse {
	EXCUSE_NONE,
	EXCUSE_NAME,
	EXCUSE_MUX,
	EXCUSE_WIDE_VALUE,
	EXCUSE_X32,
	EXCUSE_COUNT,
};
static const char *const excuse_words[EXCUSE_COUNT] = {
	[EXCUSE_NAME] = "libseccomp does not know the name",
	[EXCUSE_MUX] = "socketcall, ipc: conditions, or two rules for it",
	[EXCUSE_WIDE_VALUE] = "a value of 64 bits for a parameter of 32",
	[EXCUSE_X32] = "x32 has registers of 64 bits, libseccomp compares 32",
};

static bool names_call(const struct call *c, const struct rule *r)
{
	for (uint32_t i = 0; i < r->n_names; i++) {
		int id = syscall_id(r->names[i]);

		if (id >= 0 && c->id >= 0 && syscall_nr(c->abi, (unsigned int)id) == c->nr)
			return true;
	}
	return false;
}

static bool is_mux(const struct call *c)
{
	const char *name = c->id < 0 ? "" : syscall_name((unsigned int)c->id);

	return arch_abi(c->abi)->bits == 32 || c->abi == ABI_PPC64LE
		       ? strcmp(name, "socketcall") == 0 || strcmp(name, "ipc") == 0
		       : false;
}

struct said {
	bool always, as_default, sometimes;
	uint32_t action;
};

static struct said said_of(const struct profile *p, unsigned int id)
{
	struct said s = { .action = p->default_action };

	for (size_t i = 0; i < p->n_rules; i++)
		for (uint32_t j = 0; j < p->rules[i].n_names; j++) {
			const struct rule *r = &p->rules[i];
			bool fixed = !r->n_conditions;

			if (syscall_id(r->names[j]) != (int)id)
				continue;
			if (r->action == p->default_action) {
				s.as_default |= fixed;
				continue;
			}
			if (fixed && !s.always)
				s.action = r->action;
			s.always |= fixed;
			s.sometimes |= !fixed;
		}
	return s;
}

/* In libseccomp an unconditional rule of a multiplexer hides those of its calls, and the number
 * of a call replaces its conditions on argument 0. It does not get rules with the action of the
 * default, and it does not know that ipc reads only 16 bits. */
static bool mux_differs(const struct call *c, uint64_t number)
{
	struct said own = said_of(c->profile, (unsigned int)c->id), direct;
	struct syscall_mux mux;
	unsigned int id;

	for (size_t i = 0; syscall_mux_nth(c->abi, i, &id, &mux); i++) {
		if (mux.nr != c->nr || mux.call != (number & mux.mask))
			continue;
		direct = said_of(c->profile, id);
		if (direct.always && (uint32_t)number != mux.call)
			return true;
		if (own.always)
			return direct.always || direct.as_default;
		return direct.sometimes || (own.as_default && direct.always) || own.sometimes;
	}
	return false;
}

static bool unknown_to_libseccomp(const struct call *c)
{
	unsigned int id = (unsigned int)c->id;
	struct syscall_mux mux;
	int nr = seccomp_syscall_resolve_name_arch(oracle_token(c->abi), syscall_name(id));

	return nr < 0 && !syscall_mux(c->abi, id, &mux);
}

/* What the rules of the call say; for some of them it depends on the arguments. */
static enum excuse excuse_of(const struct call *c, const uint64_t args[6])
{
	bool wide = false, x32 = false;

	if (c->id >= 0 && unknown_to_libseccomp(c))
		return EXCUSE_NAME;
	for (size_t i = 0; i < c->profile->n_rules; i++) {
		const struct rule *r = &c->profile->rules[i];

		if (!names_call(c, r))
			continue;
		for (uint32_t j = 0; j < r->n_conditions; j++) {
			const struct condition *k = &r->conditions[j];
			bool narrow = syscall_narrow(c->abi, (unsigned int)c->id) >> k->index & 1;

			wide |= narrow && (k->value > UINT32_MAX || k->value_two > UINT32_MAX);
			x32 |= c->abi == ABI_X32 && (k->value | args[k->index]) > UINT32_MAX;
		}
	}
	if (is_mux(c) && (c->compat || mux_differs(c, args[0])))
		return EXCUSE_MUX;
	if (wide && !c->compat)
		return EXCUSE_WIDE_VALUE;
	if (x32 && !c->compat)
		return EXCUSE_X32;
	return EXCUSE_NONE;
}

/* --- the comparison ----------------------------------------------------------------------- */

struct compared {
	unsigned long probes, wrong, shown, last, excused[EXCUSE_COUNT];
	unsigned int profiles, unfinished, refused;
};

struct pair_of {
	const struct filter *ours;
	const struct oracle_program *theirs;
	struct compared *sum;
	uint32_t named_end[ABI_COUNT]; /* from this number on the answer is ENOSYS */
};

static bool denies(uint32_t action)
{
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE:
		return false;
	default:
		return true;
	}
}

static uint32_t expected(const struct call *c, const struct pair_of *pair, const uint64_t args[6],
			 struct seccomp_data *data)
{
	const uint32_t enosys = SECCOMP_RET_ERRNO | ENOSYS;

	if (denies(c->profile->default_action)) {
		bool dense = c->compat || c->nr < syscall_end(c->abi);

		if (dense && c->nr >= pair->named_end[c->abi])
			return enosys;
		if (!c->compat && c->id < 0)
			return enosys;
	}
	/* The kernel reads fewer bits than the register has, so libseccomp's program gets only
	 * the bits that the kernel reads. */
	if (!c->compat && c->id >= 0)
		for (int i = 0; i < 6; i++)
			if (syscall_narrow(c->abi, (unsigned int)c->id) >> i & 1)
				data->args[i] = (uint32_t)args[i];
	return bpf_run(pair->theirs->code, pair->theirs->len, data, NULL);
}

static void probe(const struct call *c, const struct pair_of *pair, const uint64_t args[6])
{
	const struct arch_abi *info = arch_abi(c->abi);
	struct seccomp_data data = { .nr = (int)(c->nr | info->nr_bit), .arch = info->audit };
	uint32_t ours, theirs;
	enum excuse excuse;

	for (int i = 0; i < 6; i++)
		data.args[i] = info->bits == 32 ? (uint32_t)args[i] : args[i];
	ours = bpf_run(pair->ours->code, pair->ours->len, &data, NULL);
	theirs = expected(c, pair, args, &data);
	pair->sum->probes++;
	if (ours == theirs)
		return;
	excuse = excuse_of(c, args);
	if (excuse) {
		pair->sum->excused[excuse]++;
		return;
	}
	/* Prints one line for each call. */
	bool again = pair->sum->wrong++ && pair->sum->last == c->nr;

	pair->sum->last = c->nr;
	if (again || pair->sum->shown++ >= SHOWN)
		return;
	printf("# %s, %s %s(%u) with %" PRIx64 " %" PRIx64 " %" PRIx64 " %" PRIx64 ": we %s, "
	       "libseccomp %s; rules: %s\n",
	       c->profile->place, info->scmp, c->id < 0 ? "?" : syscall_name((unsigned int)c->id),
	       c->nr, args[0], args[1], args[2], args[3], bpf_action(ours), bpf_action(theirs),
	       c->id < 0 ? "" : rules_of(c->profile, syscall_name((unsigned int)c->id)));
}

/* Values around those of the conditions on that parameter. */
static unsigned int values_of(const struct call *c, unsigned int index, uint64_t *ret,
			      unsigned int max)
{
	unsigned int n = 0;

	ret[n++] = 0;
	ret[n++] = UINT64_MAX;
	for (size_t i = 0; i < c->profile->n_rules; i++) {
		const struct rule *r = &c->profile->rules[i];

		if (!r->n_conditions || !names_call(c, r))
			continue;
		for (uint32_t j = 0; j < r->n_conditions; j++) {
			uint64_t v = r->conditions[j].value, two = r->conditions[j].value_two;
			const uint64_t around[] = {
				v,  v - 1, v + 1,    v | 1ull << 32,  v ^ 1ull << 31,
				~v, two,   two | ~v, v + (1ull << 32)
			};

			if (r->conditions[j].index == index)
				for (size_t k = 0; k < ARRAY_LEN(around) && n < max; k++)
					ret[n++] = around[k];
		}
	}
	return n;
}

/* By id. */
static bool conditional[1024];

static void find_conditional(const struct profile *p)
{
	memset(conditional, 0, sizeof(conditional));
	for (size_t i = 0; i < p->n_rules; i++)
		for (uint32_t j = 0; p->rules[i].n_conditions && j < p->rules[i].n_names; j++) {
			int id = syscall_id(p->rules[i].names[j]);

			if (id >= 0)
				conditional[id] = true;
		}
}

static void probe_values(const struct call *c, const struct pair_of *pair)
{
	uint64_t values[6][64], args[6] = { 0 };
	unsigned int n[6];

	for (unsigned int i = 0; i < 6; i++)
		n[i] = values_of(c, i, values[i], ARRAY_LEN(values[i]));
	for (unsigned int i = 0; i < 6; i++) /* each argument alone */
		for (unsigned int j = 0; n[i] > 2 && j < n[i]; j++) {
			memset(args, 0, sizeof(args));
			args[i] = values[i][j];
			probe(c, pair, args);
		}
	for (unsigned int j = 0; j < 48; j++) { /* several together */
		for (unsigned int i = 0; i < 6; i++)
			args[i] = values[i][below(n[i])];
		probe(c, pair, args);
	}
}

static void compare_abi(struct call *c, const struct pair_of *pair)
{
	static const uint32_t far[] = { 700,	  1000,	    4242,     0x0f0001,
					0x0f0002, 0x0f0005, 0x0f0040, 0x3ffffffe };
	uint64_t args[6] = { 0 };

	for (uint32_t i = 0; i < 560 + ARRAY_LEN(far); i++) {
		c->nr = i < 560 ? i : far[i - 560];
		c->id = syscall_at(c->abi, c->nr);
		if (c->abi == ABI_X86_64 && c->nr >= 512 && c->nr < 548)
			continue; /* libseccomp has its own x32 numbers for these */
		if (c->id >= 0 && conditional[c->id])
			probe_values(c, pair);
		else if (is_mux(c))
			for (args[0] = 0; args[0] < 30; args[0]++)
				probe(c, pair, args);
		else
			probe(c, pair, args);
		args[0] = 0;
	}
}

/* The number in libseccomp, as runc asks for it: negative for a call of a multiplexer, 0 for no
 * call. For a call that is newer than this libseccomp the number in our table is used. */
static uint32_t number_for_runc(enum abi abi, unsigned int id)
{
	int nr = seccomp_syscall_resolve_name_arch(oracle_token(abi), syscall_name(id));
	struct syscall_mux mux;

	if (nr < 0)
		return syscall_mux(abi, id, &mux) ? SYSCALL_NONE : syscall_nr(abi, id);
	nr &= 0x3fffffff;
	return nr ? (uint32_t)nr : SYSCALL_NONE;
}

static void note_end(uint32_t *end, uint32_t nr)
{
	if (nr != SYSCALL_NONE && (*end == UINT32_MAX || nr >= *end))
		*end = nr + 1;
}

/* The highest number that any rule names, whatever its action is. */
static void find_ends(const struct profile *p, bool compat, struct pair_of *pair)
{
	struct syscall_mux mux;

	memset(pair->named_end, 0xff, sizeof(pair->named_end));
	for (size_t i = 0; i < p->n_rules; i++)
		for (uint32_t j = 0; j < p->rules[i].n_names; j++) {
			int found = syscall_id(p->rules[i].names[j]);
			unsigned int id = (unsigned int)found;

			for (enum abi abi = 0; found >= 0 && abi < ABI_OWN; abi++) {
				uint32_t *end = &pair->named_end[abi];

				if (compat)
					note_end(end, number_for_runc(abi, id));
				else if (syscall_nr(abi, id) < syscall_end(abi))
					note_end(end, syscall_nr(abi, id));
				if (!compat && syscall_mux(abi, id, &mux))
					note_end(end, mux.nr);
			}
		}
}

static void compare_profile(const struct profile *p, enum abi native, bool compat,
			    const struct oracle_program *theirs, struct compared *sum)
{
	struct filter_options options = { .compat_runc = compat,
					  .machine = arch_abi(native)->machine };
	struct pair_of pair = { .theirs = theirs, .sum = sum };
	struct call c = { .profile = p, .compat = compat };
	bool done_abi[ABI_COUNT] = { 0 };

	err_clear();
	if (filter_compile(p, &options, &pair.ours) < 0) {
		ok(false, "%s: %s", p->place, err_message());
		return;
	}
	find_ends(p, compat, &pair);
	find_conditional(p);
	for (size_t i = 0; i <= p->n_abis; i++) {
		c.abi = i ? p->abis[i - 1] : native;
		if (!done_abi[c.abi] && c.abi < ABI_OWN)
			compare_abi(&c, &pair);
		done_abi[c.abi] = true;
	}
	sum->profiles++;
}

static void report(const struct compared *sum, const char *what, bool compat)
{
	unsigned long excused = 0;

	for (int i = 0; i < EXCUSE_COUNT; i++) {
		excused += sum->excused[i];
		if (sum->excused[i])
			printf("#   %lu: %s\n", sum->excused[i], excuse_words[i]);
	}
	if (sum->refused || sum->unfinished)
		printf("#   libseccomp refused %u profiles and did not finish %u\n", sum->refused,
		       sum->unfinished);
	ok(sum->profiles && !sum->wrong && excused * 100 < sum->probes,
	   "%s%s: %u profiles, %lu probes, %lu wrong, %lu (%.3f %%) excused", what,
	   compat ? " as runc" : "", sum->profiles, sum->probes, sum->wrong, excused,
	   100.0 * (double)excused / (double)(sum->probes ? sum->probes : 1));
}

static void compare(const char *what, unsigned int n,
		    void (*make)(unsigned int, struct profile *, enum abi *))
{
	static struct oracle_program theirs;
	struct oracle o = { .end = n, .make = make };
	struct compared sums[2] = { { 0 } };

	for (unsigned int i = 0; i < n; i++) {
		struct profile p;
		enum abi native;

		oracle_next(&o, &theirs);
		if (theirs.error) {
			for (int compat = 0; compat < 2; compat++) {
				sums[compat].unfinished += theirs.error == -ETIME;
				sums[compat].refused += theirs.error != -ETIME;
			}
			continue;
		}
		make(i, &p, &native);
		for (int compat = 0; compat < 2; compat++)
			compare_profile(&p, native, compat, &theirs, &sums[compat]);
		arena_reset();
	}
	report(&sums[0], what, false);
	report(&sums[1], what, true);
}

/* --- the kernel itself -------------------------------------------------------------------- */

/* Calls that are harmless with any arguments; fd, off_t, int, pid_t. */
static const char *const harmless[] = { "lseek", "getpriority", "getpgid", "getsid", "fadvise64" };

enum { FIRST_ERRNO = 2000 };

/* Each rule has a different errno, which no call returns otherwise. */
static void make_kernel(unsigned int number, struct profile *ret)
{
	enum abi native;

	make_random(number, ret, &native);
	ret->default_action = SECCOMP_RET_ALLOW;
	ret->n_rules = 0;
	ret->n_abis = 0;
	for (size_t i = 0; i < ARRAY_LEN(harmless); i++)
		add_call(ret, harmless[i]);
	for (size_t i = 0; i < ret->n_rules; i++)
		rules[i].action = SECCOMP_RET_ERRNO | (uint32_t)(FIRST_ERRNO + i);
}

/* In a child under the filter: makes calls and compares their results with those of bpf_run(). */
static int call_kernel(const struct filter *f, enum abi native)
{
	struct sock_fprog program = { f->len, (struct sock_filter *)f->code };

	for (int fd = 0; fd < 64; fd++)
		close(fd);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
		return 2;
	for (unsigned int i = 0; i < 400; i++) {
		int id = syscall_id(harmless[below(ARRAY_LEN(harmless))]);
		uint64_t a[4] = { value(), value(), value(), value() };
		struct seccomp_data data = {
			.nr = (int)syscall_nr(native, (unsigned int)id),
			.arch = arch_abi(native)->audit,
			.args = { a[0], a[1], a[2], a[3] },
		};
		uint32_t want = bpf_run(f->code, f->len, &data, NULL);
		long r = syscall(data.nr, a[0], a[1], a[2], a[3]);
		int got = r < 0 && errno >= FIRST_ERRNO ? errno : 0;

		if (got != (want == SECCOMP_RET_ALLOW ? 0 : (int)(want & SECCOMP_RET_DATA)))
			return 1;
	}
	return 0;
}

static void kernel(void)
{
	struct utsname host;
	struct filter_options options = { .machine = host.machine };
	enum abi native = uname(&host) < 0 ? ABI_COUNT : arch_by_machine(host.machine);
	unsigned int bad = 0;

	if (native >= ABI_OWN || arch_abi(native)->bits == 32) {
		skip("no table for this machine's architecture, or not 64-bit");
		return;
	}
	for (unsigned int i = 0; i < 50; i++) {
		struct profile p;
		const struct filter *f;
		int status = -1;

		make_kernel(i, &p);
		err_clear();
		if (filter_compile(&p, &options, &f) < 0) {
			bad++;
			continue;
		}
		fflush(stdout);
		pid_t child = fork();

		if (child == 0)
			_exit(call_kernel(f, native));
		waitpid(child, &status, 0);
		bad += status != 0;
		arena_reset();
	}
	is_int(bad, 0, "50 filters give the right answers in the kernel, 400 calls each");
}

int main(int argc, char **argv)
{
	const char *env = getenv("TAMIS_ALL"); /* script/test --all */
	bool all = (argc > 1 && strcmp(argv[1], "--all") == 0) || (env && strcmp(env, "1") == 0);
	unsigned int n = 0;

	while (profile_nth(n))
		n++;
	ok(n >= 20, "%u profiles to compare", n);
	compare("profiles of engines",
		n * (unsigned int)(ARRAY_LEN(natives) * ARRAY_LEN(capabilities)), make_file);
	kernel();
	compare("random profiles", all ? RANDOM_ALL : RANDOM_FEW, make_random);
	return done();
}
