/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares with the running kernel: loads a filter that allows almost nothing into a child, which
 * makes every system call by every entry that the machine has. Each must return the policy's
 * answer. No call is executed: all answers are errors.
 */
#include "base/arena.h"
#include "base/err.h"
#include "seccomp/emit.h"
#include "seccomp/policy.h"
#include "seccomp/prove.h"
#include "seccomp/syscall.h"
#include "unit/seccomp_doors.h"
#include "unit/tap.h"

enum { NUMBERS = 1100, DENIED = 77, NARROW = 88, WIDE = 99 };

static const char *const enders[] = { "exit_group" };
/* Calls that are not made. Those for tracing probes kill a process that is not in a probe, and
 * newer kernels let them pass every filter. */
static const char *const deadly[3] = { "exit_group", "uretprobe", "uprobe" };
static const char *const narrow_call[] = { "socket" };
static const char *const wide_call[] = { "lseek" };
static const struct condition narrow_condition = { .index = 0, .op = SECCOMP_OP_GT, .value = 9 };
static const struct condition wide_condition = { .index = 1,
						 .op = SECCOMP_OP_GE,
						 .value = 0x100000005 };
static const struct rule rules[] = {
	{ SECCOMP_RET_ALLOW, 0, 1, enders, 0, NULL },
	{ SECCOMP_RET_ERRNO | NARROW, 1, 1, narrow_call, 1, &narrow_condition },
	{ SECCOMP_RET_ERRNO | WIDE, 2, 1, wide_call, 1, &wide_condition },
};

static const uint64_t edges[][2] = {
	{ 9, 0x100000004 }, { 10, 0x100000005 },	{ 0x100000009, 5 },
	{ 0x10000000a, 6 }, { UINT64_MAX, UINT64_MAX }, { 0xffffffff, 0xffffffff },
};

struct answers {
	bool open[ARRAY_LEN(doors)];
	int32_t loaded; /* 0, or an errno value */
	int32_t by_number[ARRAY_LEN(doors)][NUMBERS];
	int32_t by_value[ARRAY_LEN(doors)][2][ARRAY_LEN(edges)];
};

static uint32_t number_of(const struct door *door, const char *name)
{
	return syscall_nr(door->abi, (unsigned int)syscall_id(name)) | door->bit;
}

static bool among(uint32_t nr, const uint32_t list[3])
{
	return nr == list[0] || nr == list[1] || nr == list[2];
}

/* Never returns; under the filter it can only store results and exit. */
static void child(const struct bpf_program *p, struct answers *a)
{
	static const uint64_t none[6];
	uint32_t ends[ARRAY_LEN(doors)][3], probes[ARRAY_LEN(doors)][2];

	for (size_t d = 0; d < ARRAY_LEN(doors); d++) {
		for (int i = 0; i < 3; i++)
			ends[d][i] = number_of(&doors[d], deadly[i]);
		probes[d][0] = number_of(&doors[d], "socket");
		probes[d][1] = number_of(&doors[d], "lseek");
	}
	a->loaded = door_load(p);
	if (a->loaded)
		_exit(1);
	for (size_t d = 0; d < ARRAY_LEN(doors); d++) {
		const struct door *door = &doors[d];

		for (uint32_t nr = 0; a->open[d] && nr < NUMBERS; nr++)
			if (!among(nr | door->bit, ends[d]))
				a->by_number[d][nr] =
					(int32_t)door->call((long)(nr | door->bit), none);
		for (int i = 0; a->open[d] && i < 2; i++)
			for (size_t k = 0; k < ARRAY_LEN(edges); k++)
				a->by_value[d][i][k] = (int32_t)door->call(
					(long)probes[d][i],
					(const uint64_t[6]){ edges[k][0], edges[k][1] });
	}
	_exit(0);
}

static bool same(const struct policy *policy, const struct door *door, uint32_t nr, uint64_t a0,
		 uint64_t a1, int32_t got)
{
	struct seccomp_data data = door_data(door, nr, (const uint64_t[6]){ a0, a1 });
	uint32_t want = policy_verdict(policy, &data);

	if ((want & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO &&
	    got == -(int32_t)(want & SECCOMP_RET_DATA))
		return true;
	printf("# %s %u (0x%llx, 0x%llx): policy 0x%x, kernel %d\n", door->name, nr,
	       (unsigned long long)a0, (unsigned long long)a1, want, got);
	return false;
}

static void compare(const struct policy *policy, const struct answers *a)
{
	for (size_t d = 0; d < ARRAY_LEN(doors); d++) {
		const struct door *door = &doors[d];
		bool numbers = true, values = true;
		uint32_t ends[3];

		if (!a->open[d]) {
			skip("%s: this machine has no such calls", door->name);
			continue;
		}
		for (int i = 0; i < 3; i++)
			ends[i] = number_of(door, deadly[i]);
		for (uint32_t nr = 0; nr < NUMBERS; nr++)
			if (!among(nr | door->bit, ends))
				numbers &= same(policy, door, nr | door->bit, 0, 0,
						a->by_number[d][nr]);
		for (size_t k = 0; k < ARRAY_LEN(edges); k++) {
			values &= same(policy, door, number_of(door, "socket"), edges[k][0],
				       edges[k][1], a->by_value[d][0][k]);
			values &= same(policy, door, number_of(door, "lseek"), edges[k][0],
				       edges[k][1], a->by_value[d][1][k]);
		}
		ok(numbers, "%s: %d numbers are answered as the policy says", door->name, NUMBERS);
		ok(values, "%s: arguments are read as the policy says", door->name);
	}
}

static void run(const struct policy *policy, const struct bpf_program *program)
{
	struct answers *a =
		mmap(NULL, sizeof(*a), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	int status = -1;

	if (!ok(a != MAP_FAILED, "a page to share"))
		return;
	for (size_t d = 0; d < ARRAY_LEN(doors); d++)
		a->open[d] = door_is_open(&doors[d]);
	pid_t pid = fork();

	if (pid == 0)
		child(program, a);
	waitpid(pid, &status, 0);
	if (a->loaded == EINVAL || a->loaded == ENOSYS) {
		skip("cannot load a filter (%s)", strerror(a->loaded));
		return;
	}
	if (ok(status == 0, "the child makes every call and exits (status 0x%x)", status))
		compare(policy, a);
}

int main(void)
{
	if (SANITIZED) {
		skip("the sanitizer cannot run when every number is called");
		return done();
	}
	struct profile p = { .place = "test",
			     .default_action = SECCOMP_RET_ERRNO | DENIED,
			     .n_abis = 2,
			     .abis = { ABI_X86, ABI_X32 },
			     .n_rules = ARRAY_LEN(rules),
			     .rules = rules };
	enum abi native = arch_by_machine(machine);
	const struct policy *policy;
	struct bpf_program program;
	struct tree tree;

	if (ok(policy_make(&p, native, false, &policy) == 0 &&
		       emit(&tree, tree_make(&tree, policy), "test", &program) == 0 &&
		       prove(policy, &program, "test") == 0,
	       "the filter is made and proved"))
		run(policy, &program);
	return done();
}
