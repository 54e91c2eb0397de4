/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the checks of what every program needs, on the native architecture. */
#include "seccomp/check.h"

#include "base/arena.h"
#include "seccomp/syscall.h"

/* Adds a finding if the profile denies the call. */
static void check_call(struct check_run *c, enum finding_code code, const char *call,
		       const char *consequence)
{
	int id = syscall_id(call);
	canon_ref decision;
	uint32_t action = 0;

	if (id < 0 || !check_decision(c, c->facts.native, (unsigned int)id, &decision) ||
	    !check_denies(c, decision))
		return;
	(void)canon_is_leaf(c->canon, decision, &action);
	check_add_call(c, code, (unsigned int)id, false,
		       arena_printf("%s gets %s: %s", call, check_action(action), consequence));
}

void check_essential(struct check_run *c)
{
	if (check_is_container(c))
		check_call(c, FINDING_missing_execve, "execve",
			   "no program can be started in the container");
	check_call(c, FINDING_missing_exit, "exit_group", "programs crash at their end");
	check_call(c, FINDING_missing_sigreturn, "rt_sigreturn",
		   "programs crash when a signal handler returns");
	if (c->facts.native != ABI_X32)
		check_call(c, FINDING_missing_sigreturn, "sigreturn",
			   "programs crash when a signal handler returns");
}
