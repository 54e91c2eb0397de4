/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the differences between runtimes in what a profile means. runc and crun use libseccomp. A
 * name that their library does not know is skipped. runc answers calls that are newer than all that
 * the profile names with ENOSYS, crun does not. Not part of it: rules about one call that match the
 * same arguments and have different actions, which libseccomp judges by the shape of its tree.
 */
#include "seccomp/runtimes.h"

#include "base/arena.h"
#include "seccomp/policy.h"
#include "seccomp/profile.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <string.h>

/* From here on a number is the same on all architectures; 450 is of Linux 5.17. */
enum { FIRST_NEW = 451 };

bool runtimes_is_new(unsigned int id)
{
	/* calls with a number of an older row of the table */
	static const char *const others[] = { "uretprobe", "uprobe", "riscv_hwprobe" };

	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (strcmp(syscall_name(id), others[i]) == 0)
			return true;
	for (enum abi abi = 0; abi < ABI_OWN; abi++) {
		uint32_t nr = syscall_nr(abi, id);

		if (nr != SYSCALL_NONE && nr < syscall_end(abi))
			return nr >= FIRST_NEW && abi != ABI_X32;
	}
	return false;
}

const char *runtimes_name(enum runtime runtime)
{
	static const char *const names[RUNTIME_COUNT] = {
		[RUNTIME_TAMIS] = "tamis",
		[RUNTIME_RUNC] = "runc",
		[RUNTIME_RUNC_OLD] = "runc with libseccomp 2.5.4",
		[RUNTIME_CRUN] = "crun",
		[RUNTIME_CRUN_OLD] = "crun with libseccomp 2.5.4",
	};

	return names[runtime];
}

/* The rule without the names that an old library skips. */
static struct rule without_new(const struct rule *rule)
{
	const char **names = arena_array(rule->n_names, sizeof(*names));
	struct rule ret = *rule;

	ret.n_names = 0;
	for (uint32_t i = 0; i < rule->n_names; i++) {
		int id = syscall_id(rule->names[i]);

		if (id >= 0 && !runtimes_is_new((unsigned int)id))
			names[ret.n_names++] = rule->names[i];
	}
	ret.names = names;
	return ret;
}

int runtimes_verdicts(const struct profile *profile, enum abi native, enum runtime runtime,
		      struct canon *canon, struct verdicts *ret)
{
	struct profile *own = arena_alloc(sizeof(*own));
	const struct policy *policy;

	*own = *profile;
	if (runtime == RUNTIME_RUNC_OLD || runtime == RUNTIME_CRUN_OLD) {
		struct rule *rules = arena_array(profile->n_rules, sizeof(*rules));

		for (size_t i = 0; i < profile->n_rules; i++)
			rules[i] = without_new(&profile->rules[i]);
		own->rules = rules;
	}
	if (runtime == RUNTIME_CRUN || runtime == RUNTIME_CRUN_OLD) {
		own->is_plain = true;
		own->other_arch = own->other_x32 = SECCOMP_RET_KILL_THREAD;
	}
	int r = policy_make(own, native, runtime != RUNTIME_TAMIS, &policy);

	if (r == 0)
		verdicts_of_policy(policy, canon, ret);
	return r;
}
