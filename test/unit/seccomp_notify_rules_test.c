/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Profiles whose denials notify an agent. libseccomp is judge: the programs that it makes of the
 * original and of the new profile are compared for every call. tamis' own meaning is compared by
 * the code under test itself, so here it is asked with single calls.
 */
#include "base/arena.h"
#include "base/err.h"
#include "seccomp/engines.h"
#include "seccomp/filter.h"
#include "seccomp/notify_rules.h"
#include "seccomp/verdicts.h"
#include "unit/seccomp_random.h"
#include "unit/seccomp_rules.h"
#include "unit/tap.h"

static struct canon canon;

static const uint64_t capabilities[] = { 0, DOCKER_CAPS, UINT64_MAX };

static void make_original(unsigned int number, struct profile *ret, enum abi *ret_native)
{
	struct profile_facts facts = { .native = ABI_X86_64,
				       .kernel_major = 6,
				       .kernel_minor = 18,
				       .caps = capabilities[number % ARRAY_LEN(capabilities)] };
	const char *path = profile_nth(number / ARRAY_LEN(capabilities));

	*ret_native = ABI_X86_64;
	if (path && !profile_read(path, &facts, ret))
		exit(1);
	if (!path)
		make_random(number, ret, ret_native);
	/* libseccomp takes names by this machine's numbers, so others are not its best subject */
	if (*ret_native != ABI_X86_64)
		ret->default_action = SECCOMP_RET_USER_NOTIF;
}

static bool compile(const struct profile *p, enum abi native, struct bpf_program *ret)
{
	struct oracle_program *theirs = arena_alloc(sizeof(*theirs));

	oracle_compile(p, native, theirs);
	*ret = (struct bpf_program){ theirs->code, (uint16_t)theirs->len };
	return theirs->error == 0;
}

/* False: there is nothing to be notified of, or the profile does. */
static bool make_notifying(const struct profile *p, enum abi native, struct notify_rules *ret)
{
	return !profile_notifies(p) && notify_rules_make(p, native, compile, &canon, ret) == 0 &&
	       ret->n_notified;
}

/* Each profile twice: as it is, and as it is made. */
static void make(unsigned int number, struct profile *ret, enum abi *ret_native)
{
	struct notify_rules made;

	make_original(number / 2, ret, ret_native);
	err_clear();
	canon_init(&canon);
	if (number % 2 && make_notifying(ret, *ret_native, &made))
		*ret = *made.profile;
}

/* --- by libseccomp ------------------------------------------------------------------------- */

struct search {
	const struct verdicts *ours; /* of the original, by tamis */
	const struct verdicts_pair *pair;
	unsigned int n_notified, n_wrong;
};

/* libseccomp compares all of ipc's first argument, the kernel and tamis its lower half. */
static bool is_ipc(const struct verdicts_pair *pair, const struct canon_cube *cube)
{
	return pair->audit == arch_abi(ABI_X86)->audit && pair->first == 117 &&
	       cube->value[0] > UINT16_MAX;
}

static bool note_cube(void *ctx, const struct canon_cube *cube)
{
	struct search *s = ctx;
	canon_ref r = verdicts_at(s->ours, s->pair->audit, s->pair->first);
	uint32_t answer = 0;

	for (unsigned int i = 0; i < 6; i++)
		if (cube->mask[i])
			r = canon_restrict(&canon, r, i, cube->mask[i], cube->value[i]);
	if ((cube->action[0] & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO &&
	    cube->action[1] == SECCOMP_RET_USER_NOTIF &&
	    ((canon_is_leaf(&canon, r, &answer) && answer == cube->action[0]) ||
	     is_ipc(s->pair, cube))) {
		s->n_notified++;
		return true;
	}
	if (s->n_wrong++ < 3)
		printf("# arch %x number %u(%llx, %llx, %llx): %x, now %x; tamis %x\n",
		       s->pair->audit, s->pair->first, (unsigned long long)cube->value[0],
		       (unsigned long long)cube->value[1], (unsigned long long)cube->value[2],
		       cube->action[0], cube->action[1], answer);
	return true;
}

static bool note_pair(void *ctx, const struct verdicts_pair *pair)
{
	struct search *s = ctx;

	s->pair = pair;
	canon_each(&canon, pair->a, pair->b, true, note_cube, s);
	return true;
}

static bool read_program(struct oracle_program *theirs, struct verdicts *ret)
{
	const struct bpf_program program = { theirs->code, (uint16_t)theirs->len };

	return !theirs->error && theirs->len <= BPF_MAXINSNS &&
	       verdicts_of_program(&program, &canon, ret) == 0;
}

/* Compares one profile. Returns -1 if libseccomp cannot compile it as it is. */
static int compare(unsigned int number, struct oracle_program *before, struct oracle_program *after,
		   struct search *s)
{
	const struct policy *policy;
	struct verdicts a, b, ours;
	struct profile p;
	enum abi native;

	make_original(number, &p, &native);
	if (profile_notifies(&p))
		return -1;
	if (policy_make(&p, native, false, &policy) < 0 || !read_program(before, &a))
		return -1;
	verdicts_of_policy(policy, &canon, &ours);
	s->ours = &ours;
	if (!read_program(after, &b)) {
		printf("# profile %u: libseccomp: %d\n", number, after->error);
		return 1;
	}
	verdicts_each(&a, &b, note_pair, s);
	return s->n_wrong > 0;
}

static void test_libseccomp(unsigned int first, unsigned int end, const char *what)
{
	static struct oracle_program before, after;
	struct oracle o = { .next = 2 * first, .end = 2 * end, .make = make };
	unsigned int bad = 0, compared = 0, notified = 0;

	for (unsigned int i = first; i < end; i++) {
		struct search s = { 0 };

		oracle_next(&o, &before);
		oracle_next(&o, &after);
		err_clear();
		canon_init(&canon);
		int r = compare(i, &before, &after, &s);

		if (r > 0)
			printf("# profile %u is wrong\n", i);
		bad += r > 0;
		compared += r >= 0;
		notified += s.n_notified > 0;
		arena_reset();
	}
	oracle_stop(&o);
	is_int(bad, 0, "%s: libseccomp answers %u as before but for NOTIFY", what, compared);
	ok(notified > compared / 4, "%s: %u of them notify", what, notified);
}

/* --- by single calls ----------------------------------------------------------------------- */

static uint32_t answer_of(const struct profile *p, const char *call, uint64_t first, uint64_t third)
{
	struct seccomp_data d = { .nr = (int)syscall_nr(ABI_X86_64, (unsigned int)syscall_id(call)),
				  .arch = arch_abi(ABI_X86_64)->audit,
				  .args = { first, 0, third } };
	const struct policy *policy;

	if (policy_make(p, ABI_X86_64, false, &policy) < 0)
		return 0;
	return policy_verdict(policy, &d) & SECCOMP_RET_ACTION_FULL;
}

static void test_docker(void)
{
	const struct profile_facts facts = {
		.native = ABI_X86_64, .kernel_major = 6, .kernel_minor = 18, .caps = DOCKER_CAPS
	};
	struct notify_rules made = { 0 };
	struct profile p;

	canon_init(&canon);
	engines_make(engines_find("docker"), &facts, &p);
	p.place = "docker";
	ok(make_notifying(&p, ABI_X86_64, &made), "Docker's default notifies");
	is_int(answer_of(made.profile, "mount", 0, 0), SECCOMP_RET_USER_NOTIF, "mount");
	is_int(answer_of(made.profile, "socket", 40, 0), SECCOMP_RET_USER_NOTIF, "AF_VSOCK");
	is_int(answer_of(made.profile, "socket", 2, 0), SECCOMP_RET_ALLOW, "AF_INET");
	is_int(answer_of(made.profile, "clone", 0x10000000, 0), SECCOMP_RET_USER_NOTIF,
	       "CLONE_NEWUSER");
	is_int(answer_of(made.profile, "clone3", 0, 0), SECCOMP_RET_USER_NOTIF, "clone3: ENOSYS");
	is_int(answer_of(made.profile, "personality", 1, 0), SECCOMP_RET_USER_NOTIF, "personality");
	is_int(answer_of(made.profile, "personality", 8, 0), SECCOMP_RET_ALLOW, "personality 8");
	is_int(made.profile->default_action, p.default_action, "the default action stays");
	ok(!made.kept, "all errors: but %s", made.kept ? made.kept : "none");
	arena_reset();
}

/*
 * Podman's rules about socket overlap without CAP_AUDIT_WRITE. libseccomp lets the strictest
 * decide, so they may be written anew; without asking it that is not known.
 */
static void test_overlap(void)
{
	const struct profile_facts facts = { .native = ABI_X86_64,
					     .kernel_major = 6,
					     .kernel_minor = 18 };
	struct notify_rules made = { 0 };
	struct profile p;

	canon_init(&canon);
	engines_make(engines_find("podman"), &facts, &p);
	p.place = "podman";
	ok(make_notifying(&p, ABI_X86_64, &made), "Podman's default notifies");
	ok(!made.kept, "also of socket");
	is_int(answer_of(made.profile, "socket", 40, 0), SECCOMP_RET_USER_NOTIF, "AF_VSOCK");
	is_int(answer_of(made.profile, "socket", 16, 9), SECCOMP_RET_USER_NOTIF, "NETLINK_AUDIT");
	is_int(answer_of(made.profile, "socket", 16, 0), SECCOMP_RET_ALLOW, "NETLINK_ROUTE");
	ok(notify_rules_make(&p, ABI_X86_64, NULL, &canon, &made) == 0, "without libseccomp");
	is_str(made.kept, "socket", "what is kept");
	arena_reset();
}

/* What stays: other actions, write(2), calls newer than the profile, rules that overlap. */
static void test_kept(void)
{
	static const char *const read[] = { "read" }, *const kill[] = { "mount", "ptrace" },
				 *const trap[] = { "mkdir" }, *const lseek[] = { "lseek" },
				 *const last[] = { "prctl" };
	static const struct condition below = { 0, SECCOMP_OP_LT, 10, 0 },
				      above = { 1, SECCOMP_OP_GT, 5, 0 };
	const struct rule some[] = {
		{ .action = SECCOMP_RET_ALLOW, .n_names = 1, .names = read },
		{ .action = SECCOMP_RET_KILL_PROCESS, .n_names = 2, .names = kill },
		{ .action = SECCOMP_RET_TRAP, .n_names = 1, .names = trap },
		{ .action = SECCOMP_RET_ALLOW, .n_names = 1, .names = lseek, 1, &below },
		{ .action = SECCOMP_RET_ERRNO | 13, .n_names = 1, .names = lseek, 1, &above },
		{ .action = SECCOMP_RET_ALLOW, .n_names = 1, .names = last },
	};
	const struct profile p = { .place = "p",
				   .default_action = SECCOMP_RET_ERRNO | 1,
				   .n_rules = ARRAY_LEN(some),
				   .rules = some };
	struct notify_rules made = { 0 };

	canon_init(&canon);
	ok(make_notifying(&p, ABI_X86_64, &made), "a small profile notifies");
	is_int(answer_of(made.profile, "mount", 0, 0), SECCOMP_RET_KILL_PROCESS, "KILL stays");
	is_int(answer_of(made.profile, "mkdir", 0, 0), SECCOMP_RET_TRAP, "TRAP stays");
	is_int(answer_of(made.profile, "write", 0, 0), SECCOMP_RET_ERRNO, "write stays");
	is_int(answer_of(made.profile, "open", 0, 0), SECCOMP_RET_USER_NOTIF, "open notifies");
	is_int(answer_of(made.profile, "bpf", 0, 0), SECCOMP_RET_ERRNO, "bpf is newer: ENOSYS");
	is_int(answer_of(made.profile, "lseek", 20, 0), SECCOMP_RET_ERRNO, "overlapping rules");
	is_str(made.kept, "lseek", "which are named");
	arena_reset();
}

int main(void)
{
	const bool all = tap_is_all();
	unsigned int n = 0;

	while (profile_nth(n))
		n++;
	n *= ARRAY_LEN(capabilities);
	test_docker();
	test_kept();
	test_overlap();
	test_libseccomp(0, all ? n : 3, "profiles of engines");
	test_libseccomp(n, n + (all ? 5000 : 60), "random profiles");
	return done();
}
