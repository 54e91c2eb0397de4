/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the first filter of the process that becomes the user's program. What must hold, from before
 * any process in the container can see this one:
 *
 * - It can make only calls that the profile allows, and the exact calls of final_calls().
 * - It has nothing of the caller's environment in its memory.
 * - It keeps no capability that the program will not have, if possible. Without no_new_privs,
 *   loading a filter needs CAP_SYS_ADMIN (seccomp(2)). There the capability can be dropped only if
 *   the profile can be loaded at once.
 */
#include "process/early.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/sys.h"
#include "channel/box.h"
#include "plan/plan.h"
#include "process/creds.h"
#include "process/environment.h"
#include "process/exact.h"
#include "process/final.h"
#include "seccomp/filter.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

/* Whether the profile can be loaded now, because it allows all remaining calls. */
static bool lets_through(const struct final *f, const struct filter *profile)
{
	struct exact_call calls[FINAL_CALLS_MAX + 1];
	size_t n = final_calls(f, calls);

	if (!f->plan->process.no_new_privs)
		calls[n++] = (struct exact_call){ .nr = SYS_capset };
	return !profile->user_notif && exact_is_allowed(calls, n, profile->code, profile->len);
}

/*
 * Whether the limits can be set after the profile is loaded. A small RLIMIT_NOFILE could leave no
 * descriptor for the listener, so the limits are set after it where the profile allows
 * prlimit64(2). A call that the profile denies or notifies cannot be made then.
 */
static bool lets_limits_wait(const struct final *f, const struct filter *profile)
{
	struct exact_call calls[FINAL_LIMITS_MAX];
	size_t n = final_limits(f, calls);

	return profile->user_notif && exact_is_allowed(calls, n, profile->code, profile->len);
}

static bool allows_mark(const struct filter *profile)
{
	const struct exact_call mark = { .nr = SYS_prctl, .args = { EXACT_INT(PR_GET_PDEATHSIG) } };

	return exact_is_allowed(&mark, 1, profile->code, profile->len);
}

int early_front(const struct filter *profile, const struct exact_call *calls, size_t n,
		const struct filter **ret)
{
	struct sock_filter *code = arena_array(EXACT_CODE_MAX(n) + profile->len, sizeof(*code));
	struct filter *front = arena_alloc(sizeof(*front));
	size_t len = exact_emit(calls, n, code);

	/*
	 * The profile's first instruction must not use the accumulator: it is 0 at the start of a
	 * program but undefined behind the exact calls.
	 */
	if (profile->len == 0 || BPF_CLASS(profile->code[0].code) == BPF_ALU ||
	    BPF_CLASS(profile->code[0].code) == BPF_JMP)
		return -EINVAL;
	memcpy(code + len, profile->code, profile->len * sizeof(*code));
	len += profile->len;
	if (len > BPF_MAXINSNS)
		return -E2BIG;
	/*
	 * This filter has no listener, so a call that the profile notifies gets ENOSYS from it
	 * until the profile is loaded. The profile as second filter has the listener, and its
	 * answer takes precedence.
	 */
	*front = (struct filter){ .code = code,
				  .len = (uint16_t)len,
				  .flags = profile->flags & SECCOMP_FILTER_FLAG_SPEC_ALLOW };
	*ret = front;
	return 0;
}

/* The profile comes last, behind a filter that allows the exact calls that are left, too. */
static int prepare_front(struct final *f, const struct filter *profile)
{
	struct exact_call calls[FINAL_CALLS_MAX];
	size_t n;

	f->late = profile;
	f->limits_behind = lets_limits_wait(f, profile);
	n = final_calls(f, calls);
	int r = early_front(profile, calls, n, &f->first);

	if (r == -E2BIG)
		return fail(
			0,
			"linux.seccomp: found a filter of %u instructions, expected at most %zu "
			"for a profile that does not allow what tamis does before the program",
			profile->len, BPF_MAXINSNS - EXACT_CODE_MAX(n));
	return r < 0 ? fail(-r, "linux.seccomp: prepare the first filter") : 0;
}

int early_prepare(void *ctx)
{
	struct box *box = ctx;
	struct final *f = box->final;
	const struct filter *profile = box->plan->filter;

	environment_forget();
	final_prepare(f);
	f->marks = !profile || allows_mark(profile);
	if (!profile)
		return 0;
	if (!lets_through(f, profile))
		return prepare_front(f, profile);
	f->first = profile;
	if (box->plan->process.no_new_privs)
		return 0;
	f->caps = creds_make_final(box->plan);
	return f->caps ? 0 : fail(errno, "process.capabilities: prepare the last sets");
}

int early_load(void *ctx)
{
	struct box *box = ctx;
	const struct final *f = box->final;

	if (!f->first)
		return 0;
	int r = final_load_filter(f->first);

	if (r < 0)
		return fail(-r, "linux.seccomp: load the filter");
	if (f->caps && cap_set_proc(f->caps) < 0)
		return fail(errno, "process.capabilities: drop CAP_SYS_ADMIN");
	return 0;
}
