/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the checks for calls that attacks have used, on the native architecture. */
#include "seccomp/check.h"

#include "base/arena.h"
#include "oci/json.h"
#include "seccomp/categories.h"
#include "seccomp/syscall.h"

#include <sched.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/personality.h>
#include <sys/socket.h>

/* Values that common calls seldom need. */
static const struct {
	const char *call, *word;
	unsigned int index;
	uint64_t mask, value;
	const char *harm;
} values[] = {
	{ "socket", "AF_VSOCK", 0, UINT32_MAX, AF_VSOCK,
	  "reaches the hypervisor past network namespaces" },
	{ "socket", "AF_ALG", 0, UINT32_MAX, AF_ALG, "reaches the kernel's cryptography" },
	{ "ioctl", "TIOCSTI", 1, UINT32_MAX, TIOCSTI, "types into the terminal (CVE-2017-5226)" },
	{ "personality", "ADDR_NO_RANDOMIZE", 0, ADDR_NO_RANDOMIZE, ADDR_NO_RANDOMIZE,
	  "switches off the randomness of addresses" },
};

static bool is_open(const struct check_run *c, unsigned int id)
{
	canon_ref decision;

	return check_decision(c, c->facts.native, id, &decision) && check_allows(c, decision);
}

/* --- user namespaces ---------------------------------------------------------------------- */

/* Whether the call makes a user namespace if its flags say so. */
static bool makes_namespace(const struct check_run *c, const char *call)
{
	unsigned int flags = strcmp(call, "clone") == 0 && c->facts.native == ABI_S390X ? 1 : 0;
	int id = syscall_id(call);
	canon_ref decision;

	if (id < 0 || !check_decision(c, c->facts.native, (unsigned int)id, &decision))
		return false;
	if (strcmp(call, "clone3") != 0) /* its flags are in memory */
		decision = canon_restrict(c->canon, decision, flags, CLONE_NEWUSER, CLONE_NEWUSER);
	return !check_denies(c, decision);
}

static bool check_user_namespaces(struct check_run *c)
{
	static const char *const calls[] = { "unshare", "clone", "clone3" };
	struct check_list list = { 0 };
	int first = -1;

	for (size_t i = 0; i < ARRAY_LEN(calls); i++)
		if (makes_namespace(c, calls[i])) {
			check_list_add(&list, calls[i]);
			if (first < 0)
				first = syscall_id(calls[i]);
		}
	if (first >= 0)
		check_add_call(
			c, FINDING_user_namespace, (unsigned int)first, true,
			arena_printf("user namespaces can be made by %s", check_list_text(&list)));
	return first >= 0;
}

/* --- calls -------------------------------------------------------------------------------- */

/* Calls of one row of dangers.inc, in one finding. */
static void check_row(struct check_run *c, unsigned int id, bool namespaces, bool *done)
{
	const struct danger *danger = categories_danger(id);
	bool guarded =
		danger->reach == REACH_HOST || (danger->reach == REACH_USERNS && !namespaces);
	struct check_list list = { 0 };

	for (unsigned int i = id; i < syscall_count(); i++)
		if (categories_danger(i) == danger && is_open(c, i)) {
			check_list_add(&list, syscall_name(i));
			done[i] = true;
		}
	check_add_call(c, guarded ? FINDING_guarded_call : FINDING_dangerous_call, id, true,
		       arena_printf("%s: %s%s%s%s", check_list_text(&list), danger->harm,
				    danger->fact[0] ? " (" : "", danger->fact,
				    danger->fact[0] ? ")" : ""));
}

static void check_calls(struct check_run *c, bool namespaces)
{
	bool *done = arena_array(syscall_count(), sizeof(*done));
	int unshare = syscall_id("unshare"); /* user-namespace is about it */

	for (unsigned int id = 0; id < syscall_count(); id++) {
		const struct danger *danger = categories_danger(id);

		if (danger && danger->reach != REACH_COMMON && !done[id] && (int)id != unshare &&
		    is_open(c, id))
			check_row(c, id, namespaces, done);
	}
}

static void check_values(struct check_run *c)
{
	for (size_t i = 0; i < ARRAY_LEN(values); i++) {
		unsigned int id = (unsigned int)syscall_id(values[i].call);
		canon_ref decision;

		if (!check_decision(c, c->facts.native, id, &decision))
			continue;
		decision = canon_restrict(c->canon, decision, values[i].index, values[i].mask,
					  values[i].value);
		if (check_allows(c, decision))
			check_add_call(c, FINDING_dangerous_argument, id, true,
				       arena_printf("%s with %s %s", values[i].call, values[i].word,
						    values[i].harm));
	}
}

/* One finding in place of one for each call. */
static void check_default(struct check_run *c)
{
	const struct json *at = json_member(c->root, "defaultAction");
	struct check_list list = { 0 };

	for (unsigned int id = 0; id < syscall_count(); id++) {
		const struct danger *danger = categories_danger(id);

		if (danger && danger->reach != REACH_COMMON && is_open(c, id))
			check_list_add(&list, syscall_name(id));
	}
	findings_add(
		&c->found, FINDING_default_allows, at ? at : c->root,
		list.n ? arena_printf("%s by default, also to %s",
				      check_action(c->profile->default_action),
				      check_list_text(&list))
		       : arena_printf("%s by default", check_action(c->profile->default_action)));
}

void check_dangers(struct check_run *c)
{
	if (!check_default_denies(c)) {
		check_default(c);
		return;
	}
	check_calls(c, check_user_namespaces(c));
	check_values(c);
}
