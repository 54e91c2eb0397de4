/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the text form of a profile: the places of its rules for messages, and the whole as
 * linux.seccomp of the runtime-spec. Reading the written text yields the same profile, rule by
 * rule.
 */
#include "seccomp/profile.h"

#include "base/arena.h"
#include "oci/config.h"
#include "oci/json.h"
#include "oci/jsonw.h"
#include "oci/words.h"

#include <linux/seccomp.h>
#include <string.h>

const char *profile_rule_place(const struct profile *profile, const struct rule *rule, size_t name)
{
	if (rule->place)
		return rule->place;
	if (rule->at) {
		const struct json *at = json_element(json_member(rule->at, "names"), name);

		return json_place(at ? at : rule->at);
	}
	return arena_printf("%s.syscalls[%u].names[%zu]", profile->place, rule->index, name);
}

static void write_action(struct jsonw *w, const char *key, const char *errno_key, uint32_t action)
{
	uint32_t kind = action & SECCOMP_RET_ACTION_FULL;

	jsonw_member_string(w, key, names_of(seccomp_action_names, kind));
	if (kind == SECCOMP_RET_ERRNO || kind == SECCOMP_RET_TRACE)
		jsonw_member_u64(w, errno_key, action & SECCOMP_RET_DATA);
}

void profile_write_args(struct jsonw *w, const struct condition *conditions, uint32_t n)
{
	jsonw_member_array(w, "args");
	for (uint32_t i = 0; i < n; i++) {
		const struct condition *c = &conditions[i];

		jsonw_object(w);
		jsonw_member_u64(w, "index", c->index);
		jsonw_member_u64(w, "value", c->value);
		if (c->op == SECCOMP_OP_MASKED_EQ)
			jsonw_member_u64(w, "valueTwo", c->value_two);
		jsonw_member_string(w, "op", names_of(words_seccomp_ops, c->op));
		jsonw_end(w);
	}
	jsonw_end(w);
}

void profile_write_rule(struct jsonw *w, const struct rule *rule)
{
	jsonw_object(w);
	jsonw_member_array(w, "names");
	for (size_t i = 0; i < rule->n_names; i++)
		jsonw_string(w, rule->names[i]);
	jsonw_end(w);
	write_action(w, "action", "errnoRet", rule->action);
	if (rule->n_conditions)
		profile_write_args(w, rule->conditions, rule->n_conditions);
	jsonw_end(w);
}

static void write_flags(struct jsonw *w, uint32_t flags)
{
	jsonw_member_array(w, "flags");
	for (const struct name *n = words_seccomp_flags; n->name; n++)
		if (flags & (uint32_t)n->value)
			jsonw_string(w, n->name);
	jsonw_end(w);
}

void profile_write(struct jsonw *w, const struct profile *profile)
{
	jsonw_object(w);
	write_action(w, "defaultAction", "defaultErrnoRet", profile->default_action);
	if (profile->n_abis) {
		jsonw_member_array(w, "architectures");
		for (size_t i = 0; i < profile->n_abis; i++)
			jsonw_string(w, arch_abi(profile->abis[i])->scmp);
		jsonw_end(w);
	}
	if (profile->set_flags)
		write_flags(w, profile->flags);
	if (profile->listener_path)
		jsonw_member_string(w, "listenerPath", profile->listener_path);
	if (profile->listener_metadata)
		jsonw_member_string(w, "listenerMetadata", profile->listener_metadata);
	jsonw_member_array(w, "syscalls");
	for (size_t i = 0; i < profile->n_rules; i++)
		profile_write_rule(w, &profile->rules[i]);
	jsonw_end(w);
	jsonw_end(w);
}

const char *profile_rule_where(const struct profile *profile, const struct rule *rule)
{
	return rule->place ? rule->place
	       : rule->at  ? json_place(rule->at)
			   : arena_printf("%s: rule %u", profile->place, rule->index + 1);
}

bool profile_rule_names(const struct rule *rule, const char *call)
{
	for (uint32_t i = 0; i < rule->n_names; i++)
		if (strcmp(rule->names[i], call) == 0)
			return true;
	return false;
}

const struct rule *profile_rule_fixed(const struct profile *profile, const char *call)
{
	for (size_t i = 0; i < profile->n_rules; i++) {
		const struct rule *rule = &profile->rules[i];

		if (!rule->n_conditions && rule->action != profile->default_action &&
		    profile_rule_names(rule, call))
			return rule;
	}
	return NULL;
}

bool profile_notifies(const struct profile *profile)
{
	bool found = profile->default_action == SECCOMP_RET_USER_NOTIF;

	for (size_t i = 0; i < profile->n_rules; i++)
		found |= profile->rules[i].action == SECCOMP_RET_USER_NOTIF;
	return found;
}

bool profile_conditions_equal(const struct condition *a, const struct condition *b, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++)
		if (a[i].index != b[i].index || a[i].op != b[i].op || a[i].value != b[i].value ||
		    a[i].value_two != b[i].value_two)
			return false;
	return true;
}

bool profile_rule_repeats_index(const struct rule *rule)
{
	unsigned int seen = 0;

	for (uint32_t i = 0; i < rule->n_conditions; i++) {
		if (seen >> rule->conditions[i].index & 1)
			return true;
		seen |= 1u << rule->conditions[i].index;
	}
	return false;
}
