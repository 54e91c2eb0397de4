/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the checks of calls that belong together: those that libraries try one after the other, and
 * those by which a program can do what the profile denies to another call.
 */
#include "seccomp/check.h"

#include "base/arena.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <sched.h>

static const struct fallback {
	const char *call, *who;
} fallbacks[] = {
#define FALLBACK(call, who) { #call, who },
#include "seccomp/families.inc"
};

static const struct twin {
	const char *call, *twin;
} twins[] = {
#define TWIN(call, twin) { #call, #twin },
#include "seccomp/families.inc"
};

/* What io_uring can do, under the names of the calls that do the same. */
static const char *const operations[] = {
	"openat",  "openat2",	"connect",   "socket",	  "accept4",   "sendmsg",
	"recvmsg", "unlinkat",	"renameat2", "mkdirat",	  "symlinkat", "linkat",
	"statx",   "fsetxattr", "ftruncate", "fallocate", "splice",    "tee",
};

static bool decision_of(const struct check_run *c, enum abi abi, const char *call, canon_ref *ret)
{
	int id = syscall_id(call);

	return id >= 0 && check_decision(c, abi, (unsigned int)id, ret);
}

static const char *abi_name(enum abi abi)
{
	return abi == ABI_X86 ? "i386" : abi == ABI_X32 ? "x32" : arch_abi(abi)->machine;
}

/* --- clone and clone3 --------------------------------------------------------------------- */

/* Whether clone is carried out with some flags and not with those that make namespaces. */
static bool filters_clone(const struct check_run *c, enum abi abi)
{
	unsigned int flags = abi == ABI_S390X ? 1 : 0;
	canon_ref clone;

	if (!decision_of(c, abi, "clone", &clone) || check_allows(c, clone))
		return false;
	return !check_denies(c, clone) &&
	       check_denies(c,
			    canon_restrict(c->canon, clone, flags, CLONE_NEWUSER, CLONE_NEWUSER));
}

static void check_clone3(struct check_run *c, enum abi abi)
{
	canon_ref clone3;

	if (filters_clone(c, abi) && decision_of(c, abi, "clone3", &clone3) &&
	    check_allows(c, clone3))
		check_add_call(c, FINDING_clone3_passes_clone, (unsigned int)syscall_id("clone3"),
			       true,
			       arena_printf("%s: clone3 makes the namespaces that are denied to "
					    "clone",
					    abi_name(abi)));
}

/* --- ENOSYS and twins --------------------------------------------------------------------- */

/* The errno with which all calls of that decision fail; 0: they do not. */
static uint32_t errno_of(const struct check_run *c, canon_ref decision)
{
	uint32_t action;

	if (!canon_is_leaf(c->canon, decision, &action) || decision_action_lets_through(action))
		return 0;
	return (action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO ? action & SECCOMP_RET_DATA
								       : EPERM;
}

static void check_enosys(struct check_run *c, enum abi abi)
{
	struct check_list list = { 0 };
	const char *who = "";
	int first = -1;

	for (size_t i = 0; i < ARRAY_LEN(fallbacks); i++) {
		canon_ref decision;
		uint32_t code;

		if (!decision_of(c, abi, fallbacks[i].call, &decision))
			continue;
		code = errno_of(c, decision);
		if (!code || code == ENOSYS)
			continue;
		check_list_add(&list, fallbacks[i].call);
		if (first < 0) {
			first = syscall_id(fallbacks[i].call);
			who = fallbacks[i].who;
		}
	}
	if (first >= 0)
		check_add_call(c, FINDING_needs_enosys, (unsigned int)first, false,
			       arena_printf("%s: denied, but not by ENOSYS: %s; %s", abi_name(abi),
					    check_list_text(&list), who));
}

static void check_twins(struct check_run *c, enum abi abi, bool general)
{
	struct check_list list = { 0 };
	struct finding *f;
	int first = -1;

	for (size_t i = 0; i < ARRAY_LEN(twins); i++) {
		canon_ref call, twin;

		/* a 32-bit ABI may lack the one of both that the profile names */
		if (!decision_of(c, abi, twins[i].twin, &twin) || !check_denies(c, twin) ||
		    !(decision_of(c, abi, twins[i].call, &call) ||
		      decision_of(c, c->facts.native, twins[i].call, &call)) ||
		    !check_allows(c, call))
			continue;
		check_list_add(&list, arena_printf("%s (%s)", twins[i].twin, twins[i].call));
		if (first < 0)
			first = syscall_id(twins[i].call);
	}
	if (first < 0)
		return;
	f = check_add_call(c, FINDING_missing_sibling, (unsigned int)first, true,
			   arena_printf("%s: denied, though the twin is allowed: %s", abi_name(abi),
					check_list_text(&list)));
	if (!general)
		f->severity = SEVERITY_NOTE;
}

/* --- ways past the filter ----------------------------------------------------------------- */

static void check_io_uring(struct check_run *c, enum abi abi)
{
	struct check_list list = { 0 };
	canon_ref setup, enter, decision;

	if (!decision_of(c, abi, "io_uring_setup", &setup) || !check_allows(c, setup) ||
	    !decision_of(c, abi, "io_uring_enter", &enter) || !check_allows(c, enter))
		return;
	for (size_t i = 0; i < ARRAY_LEN(operations); i++)
		if (decision_of(c, abi, operations[i], &decision) && !check_allows(c, decision))
			check_list_add(&list, operations[i]);
	if (list.n)
		check_add_call(c, FINDING_io_uring_passes,
			       (unsigned int)syscall_id("io_uring_setup"), true,
			       arena_printf("io_uring does what is denied or limited for %s",
					    check_list_text(&list)));
}

/* A call that its own conditions may deny and that the multiplexer lets through. */
static void check_multiplexer(struct check_run *c, enum abi abi)
{
	struct check_list list = { 0 };
	struct syscall_mux mux;
	unsigned int id;
	uint32_t passing = 0;

	for (size_t i = 0; syscall_mux_nth(abi, i, &id, &mux); i++) {
		canon_ref direct, through;

		if (mux.nr == SYSCALL_NONE || !check_decision(c, abi, id, &direct) ||
		    check_allows(c, direct))
			continue;
		through = canon_restrict(c->canon,
					 verdicts_at(c->verdicts, arch_abi(abi)->audit, mux.nr), 0,
					 mux.mask, mux.call);
		if (!check_allows(c, through))
			continue;
		check_list_add(&list, syscall_name(id));
		passing = mux.nr;
	}
	if (list.n)
		check_add_call(c, FINDING_multiplexer_passes,
			       (unsigned int)syscall_at(abi, passing), true,
			       arena_printf("%s: %s does without conditions: %s", abi_name(abi),
					    syscall_name((unsigned int)syscall_at(abi, passing)),
					    check_list_text(&list)));
}

void check_families(struct check_run *c)
{
	bool general = check_is_general(c);

	for (enum abi abi = 0; abi < ABI_OWN; abi++) {
		if (!check_has_abi(c, abi) || abi == ABI_X32)
			continue;
		check_clone3(c, abi);
		check_io_uring(c, abi);
		check_multiplexer(c, abi);
		if (!check_default_denies(c))
			continue;
		check_twins(c, abi, general);
		if (general)
			check_enosys(c, abi);
	}
}
