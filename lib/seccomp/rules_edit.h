/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes to the rules of a profile's JSON text: linux.seccomp of the runtime-spec, the formats of
 * the engines, SeccompProfile of Kubernetes. Order, comments and style of the text stay.
 */
#ifndef SECCOMP_RULES_EDIT_H
#define SECCOMP_RULES_EDIT_H

#include "oci/json_edit.h"
#include "seccomp/profile.h"

/* What one rule is to say of a call. */
struct rules_edit_entry {
	unsigned int id;
	uint32_t action;
	uint32_t n_conditions;
	const struct condition *conditions;
};

/*
 * Takes the calls with removed[id] out of all rules, also of those that are not in force, and adds
 * the entries, which are in order of their ids. `object` has the member "syscalls"; `profile` is
 * what was decoded from it. An entry without conditions goes into a rule that has its action and
 * nothing else, if there is one: by the alphabet if the names there are in that order.
 */
void rules_edit(struct json_edit *e, const struct json *object, const struct profile *profile,
		const bool *removed, const struct rules_edit_entry *entries, size_t n);

#endif
