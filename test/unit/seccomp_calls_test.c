/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What `tamis seccomp explain` says of a call is what the running kernel does: children make a
 * sample of calls under the filters of several profiles, by each entry that the machine has, and
 * once without a filter. An answer "ALLOW" is one that is as without it.
 *
 * The calls do nothing: descriptors, pointers or flags are ones that the kernel refuses.
 */
#include "base/arena.h"
#include "base/err.h"
#include "seccomp/constants.h"
#include "seccomp/default.h"
#include "seccomp/engines.h"
#include "seccomp/filter.h"
#include "seccomp/params.h"
#include "seccomp/verdicts.h"
#include "unit/seccomp_doors.h"
#include "unit/seccomp_random.h"
#include "unit/seccomp_rules.h"

#define BAD UINT32_MAX /* no descriptor, and no flags that a call knows all of */
#define NOWHERE 1      /* no address */

enum { CALLS = 30000, KILLED = 23 };

static const struct row {
	const char *name;
	uint64_t args[6];
	bool vary; /* the argument `index` has other values, too, each with `set`, without `clear`
		    */
	uint8_t index;
	uint64_t set, clear;
} rows[] = {
	/* by argument, in profiles that exist */
	{ "clone", { 0 }, true, 0, 0x800, 0x100 }, /* CLONE_SIGHAND needs CLONE_VM */
	{ "unshare", { 0 }, true, 0, 1, 0 },
	{ "setns", { BAD, 0 }, true, 1, 0, 0 },
	{ "socket", { 0, 0xff, 0 }, true, 0, 0, 0 },
	{ "socket", { 0xffff, 0, 0 }, true, 1, 0, 0 },
	{ "socketpair", { 0, 0xff, 0, NOWHERE }, true, 0, 0, 0 },
	{ "personality", { BAD }, true, 0, 0, 0 },
	{ "ioctl", { BAD, 0, 0 }, true, 1, 0, 0 },
	{ "fcntl", { BAD, 0, 0 }, true, 1, 0, 0 },
	{ "fcntl64", { BAD, 0, 0 }, true, 1, 0, 0 },
	{ "mmap", { 0, 0, 0, 0, BAD, 0 }, true, 2, 0, 0 },
	{ "mmap2", { 0, 0, 0, 0, BAD, 0 }, true, 2, 0, 0 },
	{ "mprotect", { 1, 4096, 0 }, true, 2, 0, 0 },
	{ "open", { NOWHERE, 0, 0 }, true, 1, 0, 0 },
	{ "openat", { BAD, NOWHERE, 0 }, true, 2, 0, 0 },
	{ "kill", { 0x7fffffff, 0 }, true, 1, 0, 0 },
	{ "bpf", { 0, NOWHERE, BAD }, true, 0, 0, 0 },
	{ "lseek", { BAD, 0, 0 }, true, 1, 0, 0 },
	{ "madvise", { 1, 4096, 0 }, true, 2, 0, 0 },
	{ "socketcall", { 0, NOWHERE }, true, 0, 0, 0 },
	{ "ipc", { 0, BAD, BAD, BAD, NOWHERE }, true, 0, 0x40, 0 },
	{ "prctl", { 0x7ffffffe } },
	{ "prctl", { 38, 0, 0, 0, 0 } }, /* PR_SET_NO_NEW_PRIVS, to 0 */
	{ "prctl", { 3 } },		 /* PR_GET_DUMPABLE */
	{ "prctl", { 24, 9999 } },	 /* PR_CAPBSET_DROP */
	{ "keyctl", { 9999 } },
	{ "ptrace", { 9999, 0x7fffffff } },
	{ "ptrace", { 16, 0x7fffffff } },
	{ "seccomp", { 9999 } },
	{ "arch_prctl", { 9999 } },
	/* by number */
	{ "read", { BAD } },
	{ "write", { BAD } },
	{ "close", { BAD } },
	{ "dup", { BAD } },
	{ "fstat", { BAD, NOWHERE } },
	{ "getpid", { 0 } },
	{ "getppid", { 0 } },
	{ "getuid", { 0 } },
	{ "mkdir", { NOWHERE } },
	{ "chmod", { NOWHERE } },
	{ "chown", { NOWHERE } },
	{ "statx", { BAD, NOWHERE, BAD } },
	{ "clone3", { NOWHERE, 1 } },
	{ "openat2", { BAD, NOWHERE, NOWHERE, 1 } },
	{ "faccessat2", { BAD, NOWHERE, 0, BAD } },
	{ "fchmodat2", { BAD, NOWHERE, 0, BAD } },
	{ "close_range", { 2, 1, 0 } },
	{ "mount", { NOWHERE, NOWHERE, NOWHERE } },
	{ "umount2", { NOWHERE } },
	{ "pivot_root", { NOWHERE, NOWHERE } },
	{ "chroot", { NOWHERE } },
	{ "reboot", { 0, 0, 0 } },
	{ "kexec_load", { 0, 9999, NOWHERE } },
	{ "init_module", { NOWHERE, 1, NOWHERE } },
	{ "finit_module", { BAD } },
	{ "delete_module", { NOWHERE } },
	{ "swapon", { NOWHERE } },
	{ "swapoff", { NOWHERE } },
	{ "acct", { NOWHERE } },
	{ "sethostname", { NOWHERE, BAD } },
	{ "setdomainname", { NOWHERE, BAD } },
	{ "settimeofday", { NOWHERE, 0 } },
	{ "clock_settime", { 9999 } },
	{ "clock_gettime64", { 9999 } },
	{ "adjtimex", { NOWHERE } },
	{ "syslog", { 9999 } },
	{ "add_key", { NOWHERE } },
	{ "request_key", { NOWHERE } },
	{ "userfaultfd", { BAD } },
	{ "perf_event_open", { NOWHERE, 0, 0, BAD, BAD } },
	{ "process_vm_readv", { BAD, 0, 0, 0, 0, 1 } },
	{ "process_vm_writev", { BAD, 0, 0, 0, 0, 1 } },
	{ "kcmp", { BAD, BAD } },
	{ "name_to_handle_at", { BAD, NOWHERE, 0, 0, BAD } },
	{ "open_by_handle_at", { BAD, NOWHERE, 0 } },
	{ "fanotify_init", { BAD } },
	{ "io_uring_setup", { 0, NOWHERE } },
	{ "io_uring_enter", { BAD, 0, 0, BAD } },
	{ "io_uring_register", { BAD, 9999 } },
	{ "iopl", { 9999 } },
	{ "ioperm", { BAD, 1 } },
	{ "set_mempolicy", { 9999 } },
	{ "mbind", { 1 } },
	{ "fsopen", { NOWHERE, BAD } },
	{ "fsmount", { BAD, BAD } },
	{ "fspick", { BAD, NOWHERE, BAD } },
	{ "move_mount", { BAD, NOWHERE, BAD, NOWHERE, BAD } },
	{ "open_tree", { BAD, NOWHERE, BAD } },
	{ "mount_setattr", { BAD, NOWHERE, BAD } },
	{ "landlock_create_ruleset", { NOWHERE, 0, BAD } },
	{ "memfd_create", { NOWHERE, BAD } },
	{ "futex", { NOWHERE, 0x7f } },
	{ "futex_waitv", { NOWHERE, 0 } },
	{ "pidfd_getfd", { BAD, BAD, BAD } },
	{ "rseq", { NOWHERE, 0, BAD } },
	{ "uselib", { NOWHERE } },
	{ "nfsservctl", { 9999 } },
	{ "stime", { NOWHERE } },
};

static const uint64_t values[] = {
	0,
	1,
	2,
	8,
	16,
	40,
	0x80,
	0xffff,
	0x5412,
	0x20000,
	0x20008,
	0x7e020000,
	0x10000000,
	0x10000800,
	0x7fffffff,
	0x80000000,
	0xffffffff,
	0x541200ff,
	0x100000000,
	0x100000028,
	0x100005412,
	UINT64_MAX,
	0x8000000000000000,
};

static bool is_slow;
static struct door_call *calls;
static struct door_outcome *plain, *got;
static size_t n_calls;

/* --- the sample --------------------------------------------------------------------------- */

static void add_one(const struct door *door, uint32_t nr, const uint64_t args[6])
{
	if (n_calls == CALLS)
		return;
	calls[n_calls].door = door;
	calls[n_calls].nr = nr;
	memcpy(calls[n_calls].args, args, sizeof(calls->args));
	n_calls++;
}

static void add_value(const struct door *door, uint32_t nr, const struct row *row, uint64_t bits)
{
	uint64_t args[6];

	memcpy(args, row->args, sizeof(args));
	args[row->index] = (bits | row->set) & ~row->clear;
	add_one(door, nr, args);
}

static void add_values(const struct door *door, uint32_t nr, unsigned int id, const struct row *row)
{
	struct param param;
	uint64_t word;

	for (size_t i = 0; i < ARRAY_LEN(values); i++)
		add_value(door, nr, row, values[i]);
	if (!is_slow)
		return;
	for (int i = 0; i < 40; i++)
		add_value(door, nr, row, (uint64_t)below(1 << 30) << below(36));
	if (params_get(door->abi, id, row->index, &param) && param.has_set)
		for (size_t i = 0; constants_nth(door->abi, param.set, i, &word); i++)
			add_value(door, nr, row, word);
}

static void add_door(const struct door *door)
{
	static const uint32_t holes[] = { 400, 600, 1000, 0x3ffffff0 };
	static const uint64_t none[6];

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		int id = syscall_id(rows[i].name);
		uint32_t nr = id < 0 ? SYSCALL_NONE : syscall_nr(door->abi, (unsigned int)id);

		if (id < 0)
			ok(false, "%s is a call", rows[i].name);
		else if (nr != SYSCALL_NONE && rows[i].vary)
			add_values(door, nr, (unsigned int)id, &rows[i]);
		else if (nr != SYSCALL_NONE)
			add_one(door, nr, rows[i].args);
	}
	for (size_t i = 0; i < ARRAY_LEN(holes); i++)
		add_one(door, holes[i], none);
}

/* --- what is said of a call, and what comes of it ----------------------------------------- */

struct sample {
	struct canon canon;
	struct verdicts verdicts;
	struct bpf_program program;
	size_t n_allowed, n_denied, n_killed;
};

/* As explain answers a call whose arguments are all given. */
static bool explain(struct sample *s, const struct door_call *call, uint32_t *ret)
{
	struct seccomp_data d = door_data(call->door, call->nr, call->args);
	canon_ref known = verdicts_at(&s->verdicts, d.arch, (uint32_t)d.nr);

	for (unsigned int i = 0; i < 6; i++)
		known = canon_restrict(&s->canon, known, i, UINT64_MAX, d.args[i]);
	return canon_is_leaf(&s->canon, known, ret) && !s->canon.overflow;
}

static bool complain(const char *name, const struct door_call *call, uint32_t action, long result,
		     long without)
{
	printf("# %s: %s number %u (0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64
	       "): explained as %s, result %ld, %ld without a filter\n",
	       name, call->door->name, call->nr, call->args[0], call->args[1], call->args[2],
	       bpf_action(action), result, without);
	return false;
}

/* A call that kills needs a child of its own: each KILLED-th is made. */
static bool is_killed(struct sample *s, const char *name, size_t i, uint32_t action)
{
	static struct door_outcome *alone;
	int status;

	s->n_killed++;
	if (s->n_killed % KILLED != 1)
		return true;
	if (!alone)
		alone = mmap(NULL, sizeof(*alone), PROT_READ | PROT_WRITE,
			     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	status = door_run(&s->program, &calls[i], 1, alone);
	if (status >= 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
		return true;
	return complain(name, &calls[i], action, alone->result, plain[i].result);
}

static bool calls_agree(struct sample *s, const char *name)
{
	struct door_call *some = arena_array(n_calls, sizeof(*some));
	uint32_t *actions_of = arena_array(n_calls, sizeof(*actions_of));
	size_t *from = arena_array(n_calls, sizeof(*from)), n = 0;
	bool good = true;
	int status;

	for (size_t i = 0; i < n_calls; i++) {
		if (!explain(s, &calls[i], &actions_of[i]))
			return complain(name, &calls[i], 0, 0, 0);
		if (door_kills(actions_of[i])) {
			good &= is_killed(s, name, i, actions_of[i]);
			continue;
		}
		some[n] = calls[i];
		from[n++] = i;
	}
	memset(got, 0, n_calls * sizeof(*got));
	status = door_run(&s->program, some, n, got);
	if (status < 0 || !WIFSIGNALED(status) || WTERMSIG(status) != SIGILL) {
		for (size_t i = 0; i < n; i++)
			if (!got[i].made)
				return complain(name, &some[i], actions_of[from[i]], status, 0);
		return false;
	}
	for (size_t i = 0; i < n; i++) {
		uint32_t action = actions_of[from[i]];
		bool allowed = door_agrees(SECCOMP_RET_ALLOW, &some[i], &got[i], &plain[from[i]]);

		if (!door_agrees(action, &some[i], &got[i], &plain[from[i]]))
			good = complain(name, &some[i], action, got[i].result,
					plain[from[i]].result);
		s->n_allowed += allowed;
		s->n_denied += !allowed;
	}
	return good;
}

static bool profile_agrees(const struct profile *profile, struct sample *s)
{
	const struct filter_options o = { .machine = machine, .kernel_flags = UINT64_MAX };
	const struct policy *policy;
	const struct filter *filter;

	*s = (struct sample){ 0 };
	canon_init(&s->canon);
	if (policy_make(profile, arch_by_machine(machine), false, &policy) < 0 ||
	    filter_compile(profile, &o, &filter) < 0) {
		printf("# %s: %s\n", profile->place, err_message());
		return false;
	}
	s->program = (struct bpf_program){ filter->code, filter->len };
	verdicts_of_policy(policy, &s->canon, &s->verdicts);
	return calls_agree(s, profile->place);
}

/* --- profiles ----------------------------------------------------------------------------- */

/* Rules of each kind of action; ' stands for ". ACTION is the default's. */
static const char every_action[] =
	"{'defaultAction': 'ACTION', 'architectures': ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', "
	"'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64'], 'syscalls': ["
	"{'names': ['read', 'getpid', 'openat', 'execve'], 'action': 'SCMP_ACT_ALLOW'},"
	"{'names': ['write'], 'action': 'SCMP_ACT_LOG'},"
	"{'names': ['close', 'fcntl', 'fcntl64'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 77},"
	"{'names': ['dup', 'mkdir', 'bpf'], 'action': 'SCMP_ACT_TRAP'},"
	"{'names': ['fstat', 'chmod'], 'action': 'SCMP_ACT_TRACE', 'errnoRet': 7},"
	"{'names': ['getuid'], 'action': 'SCMP_ACT_KILL_THREAD'},"
	"{'names': ['getppid', 'mount'], 'action': 'SCMP_ACT_KILL_PROCESS'},"
	"{'names': ['socket'], 'action': 'SCMP_ACT_ALLOW', 'args': [{'index': 0, 'value': 40, "
	"'op': 'SCMP_CMP_NE'}]},"
	"{'names': ['ioctl'], 'action': 'SCMP_ACT_TRAP', 'args': [{'index': 1, 'value': 21522, "
	"'op': 'SCMP_CMP_EQ'}]},"
	"{'names': ['ioctl'], 'action': 'SCMP_ACT_ALLOW', 'args': [{'index': 1, 'value': 65535, "
	"'op': 'SCMP_CMP_LE'}]},"
	"{'names': ['clone'], 'action': 'SCMP_ACT_ALLOW', 'args': [{'index': 0, 'value': "
	"2114060288, 'valueTwo': 0, 'op': 'SCMP_CMP_MASKED_EQ'}]},"
	"{'names': ['personality'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 95, 'args': "
	"[{'index': 0, 'value': 8, 'op': 'SCMP_CMP_GT'}]},"
	"{'names': ['lseek'], 'action': 'SCMP_ACT_KILL_PROCESS', 'args': [{'index': 1, 'value': "
	"4294967296, 'op': 'SCMP_CMP_GE'}]},"
	"{'names': ['kill'], 'action': 'SCMP_ACT_TRACE', 'args': [{'index': 1, 'value': 9, "
	"'op': 'SCMP_CMP_LT'}, {'index': 1, 'value': 40, 'op': 'SCMP_CMP_EQ'}]}]}";

static bool with_default(const char *action, struct profile *ret)
{
	static const struct profile_facts facts = { .kernel_major = 6, .kernel_minor = 1 };
	char *text = arena_printf("%s", every_action), *at = strstr(text, "ACTION");
	const char *json;

	for (char *p = text; *p; p++)
		if (*p == '\'')
			*p = '"';
	*at = '\0';
	json = arena_printf("%s%s%s", text, action, at + strlen("ACTION"));
	struct text whole = { arena_strdup(json), strlen(json) };
	struct profile_facts here = facts;

	here.native = arch_by_machine(machine);
	if (docker_profile_parse(action, &whole, &here, ret) < 0)
		return ok(false, "%s: %s", action, err_message());
	return true;
}

static void try(const struct profile *profile, const char *name, bool kills)
{
	struct sample s;
	bool good = profile_agrees(profile, &s);

	ok(good && s.n_denied > 50 && (!kills || s.n_killed > 50),
	   "%s: %zu calls as without a filter, %zu with another result, %zu killed", name,
	   s.n_allowed, s.n_denied, s.n_killed);
}

static void try_default_actions(void)
{
	static const char *const names[] = { "SCMP_ACT_ERRNO",	     "SCMP_ACT_KILL_PROCESS",
					     "SCMP_ACT_KILL_THREAD", "SCMP_ACT_TRAP",
					     "SCMP_ACT_TRACE",	     "SCMP_ACT_ALLOW" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		struct arena_mark mark = arena_mark();
		struct profile profile;

		if (with_default(names[i], &profile))
			try(&profile, names[i], strstr(names[i], "KILL"));
		(void)arena_release(mark, NULL, 0);
	}
}

static void try_built_in(void)
{
	static const char *const names[] = { "docker", "containerd", "podman", "crio" };
	static const uint64_t caps[] = { DOCKER_CAPS, 0, UINT64_MAX };
	struct profile_facts facts = { .kernel_major = 6, .kernel_minor = 1 };
	struct profile profile;

	facts.native = arch_by_machine(machine);
	for (size_t i = 0; i < ARRAY_LEN(caps) * (ARRAY_LEN(names) + 1); i++) {
		size_t engine = i / ARRAY_LEN(caps);
		struct arena_mark mark = arena_mark();
		const char *name = engine ? names[engine - 1] : "default";

		facts.caps = caps[i % ARRAY_LEN(caps)];
		if (!is_slow && engine && facts.caps != DOCKER_CAPS)
			continue;
		if (engine)
			engines_make(engines_find(name), &facts, &profile);
		else if (default_profile(&facts, &profile) < 0)
			ok(false, "default: %s", err_message());
		profile.place = name;
		try(&profile, name, false);
		(void)arena_release(mark, NULL, 0);
	}
}

/* Profiles with random conditions about the calls of the sample. */
static void try_random(unsigned int n)
{
	unsigned int refused = 0, bad = 0;

	for (unsigned int i = 0; i < n; i++) {
		struct arena_mark mark = arena_mark();
		struct profile profile = { .default_action = 0, .rules = rules };
		struct sample s;

		state = 88172645463325252 + i * UINT64_C(0x9e3779b97f4a7c15);
		for (int j = 0; j < 8; j++)
			below(2);
		profile.place = arena_printf("random profile %u", i);
		profile.default_action = actions[below(ARRAY_LEN(actions))];
		for (size_t j = 0; j < ARRAY_LEN(doors); j++)
			profile.abis[profile.n_abis++] = doors[j].abi;
		for (size_t j = 0; j < ARRAY_LEN(rows) && profile.n_rules + 2 < RULES; j++)
			if (below(3) == 0 && (j == 0 || strcmp(rows[j].name, rows[j - 1].name)))
				add_call(&profile, rows[j].name);
		bad += !profile_agrees(&profile, &s);
		refused += s.program.len == 0;
		(void)arena_release(mark, NULL, 0);
	}
	is_int(bad, 0, "%u random profiles (%u refused)", n, refused);
}

static bool sample_calls(void)
{
	const size_t size = CALLS * sizeof(*plain);
	int status;

	is_slow = tap_is_all();
	state = 88172645463325252;
	calls = malloc(CALLS * sizeof(*calls));
	plain = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	got = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (!ok(calls && plain != MAP_FAILED && got != MAP_FAILED, "memory to share"))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(doors); i++)
		if (door_is_open(&doors[i]))
			add_door(&doors[i]);
		else
			skip("%s: this machine has no such calls", doors[i].name);
	status = door_run(NULL, calls, n_calls, plain);
	return ok(status >= 0 && WIFSIGNALED(status) && WTERMSIG(status) == SIGILL &&
			  n_calls < CALLS,
		  "%zu calls without a filter", n_calls);
}

int main(void)
{
	const struct bpf_program allow = {
		(const struct sock_filter[]){ { BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW } }, 1
	};

	if (SANITIZED) {
		skip("the sanitizer's calls fail under a filter");
		return done();
	}
	if (!sample_calls())
		return done();
	if (door_run(&allow, calls, 0, got) < 0) {
		skip("cannot load a filter (%s)", strerror(errno));
		return done();
	}
	try_default_actions();
	try_built_in();
	try_random(is_slow ? 50 : 3);
	return done();
}
