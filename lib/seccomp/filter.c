/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the way from a profile to a program that may be loaded. What must hold: no program is
 * returned that was not proved equal to its policy. There is no option to disable the proof.
 */
#include "seccomp/filter.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/log.h"
#include "oci/config.h"
#include "seccomp/bpf.h"
#include "seccomp/canon.h"
#include "seccomp/emit.h"
#include "seccomp/lift.h"
#include "seccomp/policy.h"
#include "seccomp/profile.h"
#include "seccomp/prove.h"
#include "seccomp/stack.h"
#include "seccomp/syscall.h"
#include "seccomp/tree.h"

#include <errno.h>
#include <string.h>

/* Flags of a profile, and the kernel version that introduced each. */
static const struct {
	uint32_t flag;
	const char *name, *kernel;
} flags[] = {
	{ SECCOMP_FILTER_FLAG_LOG, "SECCOMP_FILTER_FLAG_LOG", "4.14" },
	{ SECCOMP_FILTER_FLAG_SPEC_ALLOW, "SECCOMP_FILTER_FLAG_SPEC_ALLOW", "4.17" },
	{ SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
	  "5.19" },
};

/*
 * Determines the flags of the filter. TSYNC has no effect on a process with one thread. Without
 * "flags" in the profile SPEC_ALLOW is set, which disables a speculation mitigation, as in runc 1.2
 * and crun. WAIT_KILLABLE_RECV concerns a listener; the kernel refuses it without one.
 */
static int set_flags(const struct profile *p, const struct filter_options *o, struct filter *f)
{
	f->flags = p->flags & ~(uint32_t)SECCOMP_FILTER_FLAG_TSYNC;
	if (!p->set_flags)
		f->flags = (uint32_t)(SECCOMP_FILTER_FLAG_SPEC_ALLOW & o->kernel_flags);
	uint32_t unknown = f->flags;

	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		unknown &= ~flags[i].flag;
		if (f->flags & flags[i].flag && !(o->kernel_flags & flags[i].flag))
			return fail(0, "%s.flags: %s needs Linux %s or newer", p->place,
				    flags[i].name, flags[i].kernel);
	}
	if (unknown)
		return fail(0, "%s.flags: unknown flag 0x%x", p->place, unknown);
	if (!f->user_notif)
		f->flags &= ~(uint32_t)SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	else
		f->flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	return 0;
}

static bool notifies(const struct bpf_program *program)
{
	for (uint16_t i = 0; i < program->len; i++)
		if (program->code[i].code == (BPF_RET | BPF_K) &&
		    (program->code[i].k & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_USER_NOTIF)
			return true;
	return false;
}

/* In runc the child must write and receive an answer after its filter is loaded. */
static int check_runc_limits(const struct profile *p)
{
	if (p->default_action == SECCOMP_RET_USER_NOTIF)
		return fail(0, "%s.defaultAction: SCMP_ACT_NOTIFY cannot be the default action",
			    p->place);
	for (size_t i = 0; i < p->n_rules; i++)
		for (size_t j = 0; j < p->rules[i].n_names; j++)
			if (p->rules[i].action == SECCOMP_RET_USER_NOTIF &&
			    strcmp(p->rules[i].names[j], "write") == 0)
				return fail(0, "%s: SCMP_ACT_NOTIFY cannot be used for write",
					    profile_rule_place(p, &p->rules[i], j));
	return 0;
}

/*
 * Releases the memory used for compiling, which is many times the size of the program; init would
 * keep it as long as it waits.
 */
static int make_program(const struct profile *profile, enum abi native, bool compat_runc,
			struct bpf_program *ret)
{
	struct arena_mark mark = arena_mark();
	const struct policy *policy;
	struct tree tree;
	int r = policy_make(profile, native, compat_runc, &policy);

	if (r == 0)
		r = emit(&tree, tree_make(&tree, policy), profile->place, ret);
	if (r == 0)
		r = prove(policy, ret, profile->place);
	if (r == 0)
		ret->code = arena_release(mark, ret->code, ret->len * sizeof(*ret->code));
	return r;
}

/*
 * Names that are in no table are ignored. They may be calls of a newer kernel, or typing errors.
 * --debug reports them. With fail_unknown they are an error.
 */
static int check_known(const struct profile *p, bool fail_unknown)
{
	if (!fail_unknown && !log_is_debug())
		return 0;
	for (size_t i = 0; i < p->n_rules; i++)
		for (size_t j = 0; j < p->rules[i].n_names; j++) {
			const char *name = p->rules[i].names[j], *place;

			if (syscall_id(name) >= 0)
				continue;
			place = profile_rule_place(p, &p->rules[i], j);
			if (fail_unknown)
				return fail(0, "%s: no architecture has a call \"%.80s\"", place,
					    name);
			log_debug("%s: ignored: no architecture has a call \"%.80s\"", place, name);
		}
	return 0;
}

int filter_compile(const struct profile *profile, const struct filter_options *options,
		   const struct filter **ret)
{
	enum abi native = arch_by_machine(options->machine);
	struct filter *f = arena_alloc(sizeof(*f));
	struct bpf_program program = { 0 };

	if (native == ABI_COUNT)
		return fail(0, "%s: unknown machine %s", profile->place, options->machine);
	if (options->compat_runc && check_runc_limits(profile) < 0)
		return -EINVAL;
	if (check_known(profile, options->fail_unknown) < 0)
		return -EINVAL;
	int r = make_program(profile, native, options->compat_runc, &program);

	if (r < 0)
		return r;
	f->code = program.code;
	f->len = program.len;
	f->user_notif = notifies(&program);
	f->listener_path = profile->listener_path;
	f->listener_metadata = profile->listener_metadata;
	r = set_flags(profile, options, f);
	*ret = r < 0 ? NULL : f;
	return r;
}

/* Whether every call of those architectures gets the same answer, and this is a denial. */
static bool bars(const struct bpf_program *p, struct canon *canon, const struct lifted *l,
		 size_t arch)
{
	const struct lifted_arch *a = &l->archs[arch];

	for (size_t i = a->start; i < a->start + a->n; i++) {
		struct seccomp_data data = { .nr = (int)l->ranges[i].first, .arch = a->first };
		uint32_t answer = bpf_run(p->code, p->len, &data, NULL);
		uint32_t action = answer & SECCOMP_RET_ACTION_FULL;

		if (l->ranges[i].decision != canon_leaf(canon, answer) ||
		    (action != SECCOMP_RET_KILL_PROCESS && action != SECCOMP_RET_KILL_THREAD &&
		     action != SECCOMP_RET_TRAP && action != SECCOMP_RET_ERRNO))
			return false;
	}
	return true;
}

static bool bars_strangers(const struct bpf_program *p, struct canon *canon, const struct lifted *l)
{
	for (size_t i = 0; i < l->n_archs; i++) {
		uint32_t first = l->archs[i].first;
		uint32_t last = i + 1 < l->n_archs ? l->archs[i + 1].first - 1 : UINT32_MAX;

		if ((first != last || !arch_is_known(first)) && !bars(p, canon, l, i))
			return false;
	}
	return true;
}

/*
 * Checks that the program can be analysed and, if used alone, denies calls of unknown
 * architectures.
 */
static int read_bpf(const char *place, const struct bpf_program *p, bool alone)
{
	struct arena_mark mark = arena_mark();
	struct canon canon;
	struct lifted lifted;

	canon_init(&canon);
	int r = lift(p, &canon, &lifted);
	if (r < 0)
		return wrap(r, "%s", place);
	bool bars = !alone || bars_strangers(p, &canon, &lifted);

	(void)arena_release(mark, NULL, 0);
	return bars ? 0
		    : fail(0,
			   "%s: found a filter that allows calls of architectures it does not "
			   "handle, "
			   "expected one that checks the architecture first",
			   place);
}

static int take_bpf(const char *place, const struct text *bytes, struct bpf_program *ret)
{
	size_t n = bytes->len / sizeof(struct sock_filter);

	if (bytes->len % sizeof(struct sock_filter) || n == 0 || n > BPF_MAXINSNS)
		return fail(0, "%s: expected 1 to %d instructions of %zu bytes, found %zu bytes",
			    place, BPF_MAXINSNS, sizeof(struct sock_filter), bytes->len);
	struct sock_filter *code = arena_array(n, sizeof(*code));

	memcpy(code, bytes->data, bytes->len);
	*ret = (struct bpf_program){ .code = code, .len = (uint16_t)n };
	return 0;
}

int filter_restrict(const struct filter *base, const char *place, const struct text *bytes,
		    const struct filter_options *options, const struct filter **ret)
{
	const struct profile none = { .place = place };
	struct filter *f = arena_alloc(sizeof(*f));
	struct bpf_program program = { 0 }, joined = { 0 };
	int r = take_bpf(place, bytes, &program);

	if (r >= 0)
		r = read_bpf(place, &program, !base);
	if (r >= 0 && notifies(&program))
		r = fail(0,
			 "%s: found SCMP_ACT_NOTIFY, which only the filter of the config may use",
			 place);
	if (r < 0)
		return r;
	if (base) {
		const struct bpf_program first = { base->code, base->len };

		*f = *base;
		r = stack(&first, &program, place, &joined);
	} else {
		joined = program;
		r = set_flags(&none, options, f);
	}
	if (r < 0)
		return r;
	f->code = joined.code;
	f->len = joined.len;
	*ret = f;
	return 0;
}

uint32_t filter_answer(const struct filter *filter, int nr, const char *machine)
{
	enum abi abi = arch_by_machine(machine);
	struct seccomp_data data = { .nr = nr };

	if (abi == ABI_COUNT)
		return SECCOMP_RET_KILL_PROCESS;
	data.arch = arch_abi(abi)->audit;
	return bpf_run(filter->code, filter->len, &data, NULL);
}
