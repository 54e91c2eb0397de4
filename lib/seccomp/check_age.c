/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the checks of what a profile was written for: architectures, and the kernel of its time. */
#include "seccomp/check.h"

#include "base/arena.h"
#include "oci/json.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>

static const struct release {
	unsigned int major, minor;
	const char *call;
	bool libc;
} releases[] = {
#define CAME(major, minor, call) { major, minor, #call, false },
#define LIBC(major, minor, call) { major, minor, #call, true },
#include "seccomp/releases.inc"
};

/* The number of the newest row whose call a rule names, plus 1; 0: none. */
static size_t newest(const struct check_run *c)
{
	size_t row = ARRAY_LEN(releases), name;

	while (row &&
	       !check_rule_of(c, (unsigned int)syscall_id(releases[row - 1].call), false, &name))
		row--;
	return row;
}

static void check_releases(struct check_run *c)
{
	struct check_list list = { 0 };
	size_t row = newest(c);
	canon_ref decision;
	uint32_t action;

	for (size_t i = row; i < ARRAY_LEN(releases); i++) {
		unsigned int id = (unsigned int)syscall_id(releases[i].call);

		if (releases[i].libc && check_decision(c, c->facts.native, id, &decision) &&
		    canon_is_leaf(c->canon, decision, &action) &&
		    action == (SECCOMP_RET_ERRNO | ENOSYS))
			check_list_add(&list, releases[i].call);
	}
	if (!list.n)
		return;
	if (row)
		check_add_call(
			c, FINDING_old_profile, (unsigned int)syscall_id(releases[row - 1].call),
			false,
			arena_printf("the newest call is %s of Linux %u.%u; denied as newer: "
				     "%s",
				     releases[row - 1].call, releases[row - 1].major,
				     releases[row - 1].minor, check_list_text(&list)));
	else
		findings_add(&c->found, FINDING_old_profile, c->root,
			     arena_printf("no call is newer than Linux 3.14; denied as newer: %s",
					  check_list_text(&list)));
}

static const struct json *archs_node(const struct check_run *c)
{
	const struct json *at = json_member(c->root, "architectures");

	if (!at)
		at = json_member(c->root, "archMap");
	return at ? at : c->root;
}

static void check_architectures(struct check_run *c)
{
	enum abi native = c->facts.native, second = ABI_COUNT;
	bool listed = !c->profile->n_abis;

	for (size_t i = 0; i < c->profile->n_abis; i++)
		listed |= c->profile->abis[i] == native;
	if (native == ABI_X86_64)
		second = ABI_X86;
	if (native == ABI_AARCH64)
		second = ABI_ARM;
	if (!listed)
		findings_add(&c->found, FINDING_native_unlisted, archs_node(c),
			     arena_printf("%s is not listed", arch_abi(native)->scmp));
	if (second < ABI_COUNT && !check_has_abi(c, second))
		findings_add(&c->found, FINDING_missing_architecture, archs_node(c),
			     arena_printf("%s is not listed: its programs are ended",
					  arch_abi(second)->scmp));
}

void check_age(struct check_run *c)
{
	if (!check_is_container(c))
		return;
	check_architectures(c);
	if (check_default_denies(c) && check_is_general(c))
		check_releases(c);
}
