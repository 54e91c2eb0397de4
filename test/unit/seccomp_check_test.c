/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each code of findings.inc: a profile in which it is found, and one like it in which it is not.
 * What a finding says can be removed is removed, and the verdicts stay.
 */
#include "seccomp/check.h"

#include "oci/json_edit.h"
#include "seccomp/categories.h"
#include "seccomp/engines.h"
#include "seccomp/syscall.h"

#include "unit/seccomp_findings.h"

static const struct row {
	enum finding_code code;
	enum check_target target;
	const char *with, *without; /* ' stands for " */
} rows[] = {
	{ FINDING_unknown_call, 0, WITH(ALLOW('opnat')), WITH(ALLOW('openat')) },
	{ FINDING_call_name_form, 0, WITH(ALLOW('__NR_openat', ' read')),
	  WITH(ALLOW('openat', 'nothing')) },
	{ FINDING_repeated_name, 0, WITH(ALLOW('read', 'write', 'read')),
	  WITH(ALLOW('read', 'write')) },
	{ FINDING_absent_call, 0, WITH(ALLOW('riscv_flush_icache')), WITH(ALLOW('read')) },
	{ FINDING_unknown_capability, 0,
	  WITH("{'names': ['read'], 'action': 'SCMP_ACT_ALLOW', 'includes': {'caps': "
	       "['CAP_SYS_ADMIM']}}"),
	  WITH("{'names': ['read'], 'action': 'SCMP_ACT_ALLOW', 'includes': {'caps': "
	       "['CAP_SYS_ADMIN']}}") },
	{ FINDING_unknown_architecture, 0,
	  WITH("{'names': ['read'], 'action': 'SCMP_ACT_ALLOW', 'excludes': {'arches': "
	       "['x86_64']}}"),
	  WITH("{'names': ['read'], 'action': 'SCMP_ACT_ALLOW', 'excludes': {'arches': "
	       "['arm64']}}") },
	{ FINDING_unknown_key, 0,
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_ALLOW', 'arg': []}"),
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_ALLOW', 'args': [], 'comment': 'x'}") },

	{ FINDING_shadowed_rule, 0,
	  WITH(ALLOW('setns') ", {'names': ['setns'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 22}"),
	  WITH(ALLOW('setns') ", {'names': ['mount'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': "
			      "22}") },
	{ FINDING_redundant_rule, 0, WITH(ALLOW('read') ", " ALLOW('write', 'read')),
	  WITH(ALLOW('read') ", " ALLOW('write')) },
	{ FINDING_default_rule, 0,
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO'}, " ALLOW('openat2')),
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 13}, " ALLOW(
		  'openat2')) },
	{ FINDING_repeated_index, 0, WITH(ARGS("socket", NE(0, 16) "," NE(0, 40))),
	  WITH(ARGS("socket", EQ(0, 1) "," EQ(0, 2))) },

	{ FINDING_no_such_argument, 0, WITH(ARGS("socket", EQ(3, 1))),
	  WITH(ARGS("socket", EQ(2, 1))) },
	{ FINDING_never_true, 0, WITH(ARGS("socket", EQ(0, 4294967336))),
	  WITH(ARGS("socket", EQ(0, 40))) },
	{ FINDING_always_true, 0, WITH(ARGS("socket", MASKED(0, 0, 0))),
	  WITH(ARGS("socket", MASKED(0, 1, 0))) },
	{ FINDING_pointer_compared, 0, WITH(ARGS("openat", EQ(1, 4096))),
	  WITH(ARGS("openat", EQ(1, 0))) },
	{ FINDING_runc_width, 0, WITH(ARGS("socket", NE(0, 40))), WITH(ARGS("socket", EQ(0, 1))) },
	{ FINDING_unused_value_two, 0,
	  WITH(ARGS("clone", "{'index': 0, 'value': 0, 'valueTwo': 268435456, 'op': "
			     "'SCMP_CMP_EQ'}")),
	  WITH(ARGS("clone", MASKED(0, 268435456, 0))) },

	{ FINDING_clone3_passes_clone, 0,
	  WITH(ALLOW('clone3') ", " ARGS("clone", MASKED(0, 2114060288, 0))),
	  WITH("{'names': ['clone3'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 38}, " ARGS(
		  "clone", MASKED(0, 2114060288, 0))) },
	{ FINDING_needs_enosys, 0, WITH(MANY ", " NEWER),
	  WITH(MANY ", " NEWER ", {'names': ['clone3', 'faccessat2', 'statx', 'getrandom', "
		    "'clock_gettime64', 'clock_nanosleep_time64', 'clock_getres_time64', "
		    "'futex_time64', 'ppoll_time64', 'pselect6_time64', 'recvmmsg_time64', "
		    "'rt_sigtimedwait_time64', 'semtimedop_time64', 'timer_gettime64', "
		    "'timer_settime64', 'timerfd_gettime64', 'timerfd_settime64', "
		    "'utimensat_time64'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 38}") },
	{ FINDING_missing_sibling, 0, WITH(ALLOW('open', 'openat2')),
	  WITH(ALLOW('open', 'openat', 'openat2')) },
	{ FINDING_io_uring_passes, 0, WITH(ALLOW('io_uring_setup', 'io_uring_enter')),
	  WITH(ALLOW('io_uring_setup')) },
	{ FINDING_multiplexer_passes, 0, WITH(ALLOW('socketcall') ", " ARGS("socket", EQ(0, 1))),
	  WITH(ARGS("socket", EQ(0, 1))) },

	{ FINDING_missing_execve, 0, HEAD "'syscalls': [" ALLOW('read') "]}", WITH(ALLOW('read')) },
	{ FINDING_missing_exit, 0, HEAD "'syscalls': [" ALLOW('read') "]}", WITH(ALLOW('read')) },
	{ FINDING_missing_sigreturn, 0, HEAD "'syscalls': [" ALLOW('read') "]}",
	  WITH(ALLOW('read')) },

	{ FINDING_missing_architecture, 0,
	  "{'defaultAction': 'SCMP_ACT_ERRNO', 'syscalls': [" NEEDED "]}", WITH(ALLOW('read')) },
	{ FINDING_native_unlisted, 0,
	  "{'defaultAction': 'SCMP_ACT_ERRNO', 'architectures': ['SCMP_ARCH_AARCH64'], "
	  "'syscalls': [" NEEDED "]}",
	  WITH(ALLOW('read')) },
	{ FINDING_old_profile, 0, WITH(MANY), WITH(MANY ", " NEWER) },

	{ FINDING_errno_zero, 0,
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 0}"),
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 13}") },
	{ FINDING_errno_unknown, 0,
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 4095}"),
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO', 'errnoRet': 13}") },

	{ FINDING_notify_without_listener, 0,
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_NOTIFY'}"),
	  HEAD "'listenerPath': '/run/agent', 'syscalls': [" NEEDED
	       ", {'names': ['mkdir'], 'action': 'SCMP_ACT_NOTIFY'}]}" },
	{ FINDING_unused_listener, 0,
	  HEAD "'listenerPath': '/run/agent', 'syscalls': [" NEEDED "]}",
	  HEAD "'listenerPath': '/run/agent', 'syscalls': [" NEEDED
	       ", {'names': ['mkdir'], 'action': 'SCMP_ACT_NOTIFY'}]}" },
	{ FINDING_relative_listener, 0,
	  HEAD "'listenerPath': 'run/agent', 'syscalls': [" NEEDED "]}",
	  HEAD "'listenerPath': '/run/agent', 'syscalls': [" NEEDED "]}" },
	{ FINDING_notify_refused, 0,
	  HEAD "'listenerPath': '/run/agent', 'syscalls': [" NEEDED
	       ", {'names': ['write'], 'action': 'SCMP_ACT_NOTIFY'}]}",
	  HEAD "'listenerPath': '/run/agent', 'syscalls': [" NEEDED
	       ", {'names': ['mkdir'], 'action': 'SCMP_ACT_NOTIFY'}]}" },
	{ FINDING_unusable_flag, 0,
	  HEAD "'flags': ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'], 'syscalls': [" NEEDED "]}",
	  HEAD "'flags': ['SECCOMP_FILTER_FLAG_LOG'], 'syscalls': [" NEEDED "]}" },
	{ FINDING_trace_action, 0, WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_TRACE'}"),
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_TRAP'}") },
	{ FINDING_kill_thread, 0, WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_KILL'}"),
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_KILL_PROCESS'}") },

	{ FINDING_default_allows, 0, "{'defaultAction': 'SCMP_ACT_ALLOW'}", WITH(ALLOW('read')) },
	{ FINDING_dangerous_call, 0, WITH(ALLOW('bpf')), WITH(ALLOW('ptrace')) },
	{ FINDING_user_namespace, 0, WITH(ALLOW('clone')),
	  WITH(ARGS("clone", MASKED(0, 268435456, 0))) },
	{ FINDING_guarded_call, 0, WITH(ALLOW('mount')), WITH(ALLOW('mount', 'unshare')) },
	{ FINDING_dangerous_argument, 0, WITH(ALLOW('socket')), WITH(ARGS("socket", EQ(0, 1))) },

	{ FINDING_kubernetes_conditions, CHECK_KUBERNETES,
	  WITH("{'names': ['bpf'], 'action': 'SCMP_ACT_ALLOW', 'includes': {'caps': ['CAP_BPF']}}"),
	  WITH("{'names': ['read'], 'action': 'SCMP_ACT_ALLOW', 'includes': {}}") },
	{ FINDING_kubernetes_archmap, CHECK_KUBERNETES,
	  "{'defaultAction': 'SCMP_ACT_ERRNO', 'archMap': [{'architecture': 'SCMP_ARCH_X86_64', "
	  "'subArchitectures': ['SCMP_ARCH_X86']}], 'syscalls': [" NEEDED "]}",
	  WITH(ALLOW('read')) },
	{ FINDING_kubernetes_name, CHECK_KUBERNETES,
	  WITH("{'name': 'read', 'action': 'SCMP_ACT_ALLOW'}"), WITH(ALLOW('read')) },
	{ FINDING_ignored_errno_name, CHECK_DOCKER,
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO', 'errno': 'EACCES'}"),
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_ERRNO', 'errno': 'EACCES', 'errnoRet': "
	       "13}") },
	{ FINDING_ignored_min_kernel, CHECK_PODMAN,
	  WITH("{'names': ['mkdir'], 'action': 'SCMP_ACT_ALLOW', 'includes': {'minKernel': "
	       "'4.8'}}"),
	  WITH(ALLOW('mkdir')) },

	{ FINDING_unknown_allow, 0,
	  WITH("{'names': ['bpf'], 'action': 'SCMP_ACT_ALLOW', 'comment': 'tamis: allow "
	       "dangerous-cal for x'}"),
	  WITH("{'names': ['bpf'], 'action': 'SCMP_ACT_ALLOW', 'comment': 'tamis: allow "
	       "dangerous-call for x'}") },
	{ FINDING_unused_allow, 0,
	  WITH("{'names': ['read'], 'action': 'SCMP_ACT_ALLOW', 'comment': 'tamis: allow "
	       "dangerous-call for x'}"),
	  WITH("{'names': ['bpf'], 'action': 'SCMP_ACT_ALLOW', 'comment': 'tamis: allow "
	       "dangerous-call for x'}") },
};

static bool same_pair(void *ctx, const struct verdicts_pair *pair)
{
	bool *same = ctx;

	*same = pair->a == pair->b;
	return *same;
}

/* Without what has no effect, the verdicts are the same. */
static bool removal_is_safe(const struct findings *found, const struct read *before,
			    struct canon *canon)
{
	struct json_edit *e = json_edit_new(before->root);
	struct read after;
	struct text text;
	bool same = false;

	for (size_t i = 0; i < found->n; i++)
		for (size_t j = 0; j < found->v[i].n_remove; j++)
			json_edit_remove(e, found->v[i].remove[j]);
	if (json_edit_finish(e, &text) < 0 || !read_text(&text, canon, &after))
		return false;
	verdicts_each(&before->verdicts, &after.verdicts, same_pair, &same);
	return same;
}

/* Whether the code is found in the profile. */
static bool finds(const char *quoted, enum finding_code code, enum check_target target)
{
	struct text text = text_of(quoted);
	struct canon canon;
	struct read read;
	bool found = false;

	canon_init(&canon);
	if (!read_text(&text, &canon, &read)) {
		ok(false, "%s: the profile can be read", findings_kind(code)->code);
		return false;
	}
	struct findings all = findings_of(&read, &canon, target);

	for (size_t i = 0; i < all.n; i++)
		found |= all.v[i].code == code;
	if (!removal_is_safe(&all, &read, &canon))
		ok(false, "%s: what is removed has no effect", findings_kind(code)->code);
	return found;
}

static void each_code(void)
{
	bool there[FINDING_COUNT] = { 0 };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const struct row *row = &rows[i];
		bool with = finds(row->with, row->code, row->target);
		bool without = finds(row->without, row->code, row->target);

		there[row->code] = true;
		ok(with && !without, "%s: %s, %s", findings_kind(row->code)->code,
		   with ? "found" : "NOT FOUND", without ? "BUT ALSO WITHOUT" : "and not without");
		arena_reset();
	}
	for (enum finding_code code = 0; code < FINDING_COUNT; code++)
		if (!there[code])
			ok(false, "%s has a row", findings_kind(code)->code);
}

/* What findings.inc says of dangerous-call: Docker's default denies them all. */
static void dangers_are_denied(void)
{
	struct profile docker = { 0 };
	const struct policy *policy;
	struct verdicts v;
	struct canon canon;

	canon_init(&canon);
	engines_make(engines_find("docker"), &facts, &docker);
	if (!ok(policy_make(&docker, ABI_X86_64, false, &policy) == 0, "Docker's default"))
		return;
	verdicts_of_policy(policy, &canon, &v);
	for (unsigned int id = 0; id < syscall_count(); id++) {
		const struct danger *danger = categories_danger(id);
		uint32_t action, nr = syscall_nr(ABI_X86_64, id);

		if (danger && danger->reach != REACH_COMMON && nr != SYSCALL_NONE &&
		    (!canon_is_leaf(&canon, verdicts_at(&v, arch_abi(ABI_X86_64)->audit, nr),
				    &action) ||
		     decision_action_lets_through(action)))
			ok(false, "%s is denied", syscall_name(id));
	}
}

int main(void)
{
	each_code();
	dangers_are_denied();
	ok(findings_find("shadowed-rule") == FINDING_shadowed_rule, "a code by name");
	ok(findings_find("shadowed") == FINDING_COUNT, "no code of that name");
	is_str(findings_like("shadowd-rule"), "shadowed-rule", "a like name");
	return done();
}
