/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what the checks of profiles have in common: places, words, questions to the verdicts. */
#include "seccomp/check.h"

#include "base/arena.h"
#include "oci/json.h"
#include "seccomp/bpf.h"
#include "seccomp/errno_names.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <string.h>

bool check_is_container(const struct check_run *c)
{
	return c->kind == CHECK_OCI || c->kind == CHECK_SPO || c->kind == CHECK_BUILTIN;
}

bool check_decision(const struct check_run *c, enum abi abi, unsigned int id, canon_ref *ret)
{
	uint32_t nr = syscall_nr(abi, id);

	if (nr == SYSCALL_NONE)
		return false;
	*ret = verdicts_at(c->verdicts, arch_abi(abi)->audit, nr | arch_abi(abi)->nr_bit);
	return true;
}

bool check_allows(const struct check_run *c, canon_ref decision)
{
	uint32_t action;

	return canon_is_leaf(c->canon, decision, &action) && decision_action_lets_through(action);
}

bool check_denies(const struct check_run *c, canon_ref decision)
{
	uint32_t action;

	return canon_is_leaf(c->canon, decision, &action) && !decision_action_lets_through(action);
}

bool check_is_general(const struct check_run *c)
{
	enum { GENERAL = 100 };
	unsigned int n = 0;
	canon_ref decision;

	for (unsigned int id = 0; id < syscall_count(); id++)
		n += check_decision(c, c->facts.native, id, &decision) && check_allows(c, decision);
	return n >= GENERAL;
}

bool check_has_abi(const struct check_run *c, enum abi abi)
{
	bool listed = abi == c->facts.native;

	if (abi >= ABI_OWN)
		return false;
	for (size_t i = 0; c->profile && i < c->profile->n_abis; i++)
		listed |= c->profile->abis[i] == abi;
	if (!c->profile) /* x32 shares x86_64's numbers, so a program always answers for it */
		listed |= abi != ABI_X32 &&
			  verdicts_arch(c->verdicts, arch_abi(abi)->audit) != &c->verdicts->other;
	return listed;
}

bool check_default_denies(const struct check_run *c)
{
	return !c->profile || !decision_action_lets_through(c->profile->default_action);
}

const struct rule *check_rule_of(const struct check_run *c, unsigned int id, bool lets,
				 size_t *ret_name)
{
	const char *name = syscall_name(id);

	for (size_t i = 0; c->profile && i < c->profile->n_rules; i++) {
		const struct rule *rule = &c->profile->rules[i];

		if (lets && !decision_action_lets_through(rule->action))
			continue;
		for (size_t j = 0; j < rule->n_names; j++)
			if (strcmp(rule->names[j], name) == 0) {
				*ret_name = j;
				return rule;
			}
	}
	return NULL;
}

const struct json *check_name_node(const struct rule *rule, size_t name)
{
	const struct json *names = json_member(rule->at, "names");
	const struct json *at = json_element(names, name);

	if (!at && !names)
		at = json_member(rule->at, "name");
	return at ? at : rule->at;
}

struct finding *check_add_call(struct check_run *c, enum finding_code code, unsigned int id,
			       bool lets, const char *text)
{
	size_t name = 0;
	const struct rule *rule = check_rule_of(c, id, lets, &name);
	const struct json *at = rule ? check_name_node(rule, name) : NULL;
	struct finding *f = findings_add(&c->found, code, at ? at : c->root, text);

	f->place = rule ? rule->place : NULL;
	return f;
}

struct finding *check_add_rule(struct check_run *c, enum finding_code code, const struct rule *rule,
			       const char *text)
{
	struct finding *f = findings_add(&c->found, code, rule->at ? rule->at : c->root, text);

	f->place = rule->place;
	return f;
}

const char *check_action(uint32_t action)
{
	const char *name = errno_names_of((int)(action & SECCOMP_RET_DATA));

	if ((action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO && name)
		return arena_printf("ERRNO(%s)", name);
	return bpf_action(action);
}

bool check_verdicts(const struct check_run *c, const struct profile *profile, bool compat_runc,
		    struct verdicts *ret)
{
	const struct policy *policy;

	if (policy_make(profile, c->facts.native, compat_runc, &policy) < 0)
		return false;
	verdicts_of_policy(policy, c->canon, ret);
	return !c->canon->overflow;
}

enum { LIST_SHOWN = 8 };

void check_list_add(struct check_list *list, const char *word)
{
	if (list->n++ < LIST_SHOWN)
		list->text = list->text ? arena_printf("%s, %s", list->text, word) : word;
}

const char *check_list_text(const struct check_list *list)
{
	if (list->n > LIST_SHOWN)
		return arena_printf("%s and %u more", list->text, list->n - LIST_SHOWN);
	return list->text ? list->text : "";
}
