/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the rules of a generated profile: one for all calls that have the same reason.
 */
#include "observe/needs_rules.h"

#include "base/arena.h"
#include "oci/jsonw.h"
#include "oci/words.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

void needs_rules_add(struct needs_rules *rules, const struct rule *rule, const char *comment)
{
	size_t n = rules->profile.n_rules;

	rules->own = arena_grow(rules->own, n, &rules->room, sizeof(*rules->own));
	rules->comments =
		arena_grow(rules->comments, n, &rules->room_comments, sizeof(*rules->comments));
	rules->own[n] = *rule;
	rules->own[n].index = (uint32_t)n;
	rules->comments[n] = comment;
	rules->profile.rules = rules->own;
	rules->profile.n_rules = n + 1;
}

static void add_group(struct needs_rules *rules, const struct needs *needs, bool *done,
		      unsigned int first)
{
	const char *reason = needs_reason(needs, first);
	const char **names = arena_array(syscall_count(), sizeof(*names));
	struct rule rule = { .action = SECCOMP_RET_ALLOW, .names = names };

	for (unsigned int id = first; id < syscall_count(); id++) {
		if (done[id] || !needs_has(needs, id) ||
		    strcmp(needs_reason(needs, id), reason) != 0)
			continue;
		names[rule.n_names++] = syscall_name(id);
		done[id] = true;
	}
	needs_rules_add(rules, &rule, reason);
}

static void list_abis(const struct needs *needs, bool portable, enum abi native,
		      struct profile *ret)
{
	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		if (abi == native || needs->has_abi[abi] ||
		    (portable && abi < ABI_OWN && abi != ABI_X32))
			ret->abis[ret->n_abis++] = abi;
}

void needs_rules_init(const struct needs *needs, bool portable, enum abi native,
		      struct needs_rules *ret)
{
	*ret = (struct needs_rules){
		.profile = { .place = "the profile", .default_action = SECCOMP_RET_ERRNO | ENOSYS },
	};
	list_abis(needs, portable, native, &ret->profile);
}

void needs_rules_complete(const struct needs *needs, const bool *has_rules, struct needs_rules *ret)
{
	bool *done = arena_array(syscall_count(), sizeof(*done));

	if (has_rules)
		memcpy(done, has_rules, syscall_count() * sizeof(*done));
	for (unsigned int id = 0; id < syscall_count(); id++)
		if (!done[id] && needs_has(needs, id))
			add_group(ret, needs, done, id);
}

void needs_rules_for_spo(struct needs_rules *rules)
{
	const char **names = arena_array(syscall_count(), sizeof(*names));
	struct rule rest = { .action = SECCOMP_RET_ERRNO | ENOSYS, .names = names };
	bool *named = arena_array(syscall_count(), sizeof(*named));

	for (size_t i = 0; i < rules->profile.n_rules; i++)
		for (uint32_t k = 0; k < rules->own[i].n_names; k++)
			named[syscall_id(rules->own[i].names[k])] = true;
	for (unsigned int id = 0; id < syscall_count(); id++)
		if (!named[id])
			names[rest.n_names++] = syscall_name(id);
	needs_rules_add(rules, &rest, "all others: programs use older calls instead");
	rules->profile.default_action = SECCOMP_RET_ERRNO | EPERM;
}

/* --- the text ----------------------------------------------------------------------------- */

static void write_rule(struct jsonw *w, const struct rule *rule, const char *comment)
{
	jsonw_object(w);
	jsonw_member_array(w, "names");
	for (uint32_t i = 0; i < rule->n_names; i++)
		jsonw_string(w, rule->names[i]);
	jsonw_end(w);
	jsonw_member_string(w, "action", "SCMP_ACT_ALLOW");
	if (rule->n_conditions)
		profile_write_args(w, rule->conditions, rule->n_conditions);
	jsonw_member_string(w, "comment", comment);
	jsonw_end(w);
}

struct text needs_rules_write(const struct needs_rules *rules)
{
	const struct profile *p = &rules->profile;
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "defaultAction", "SCMP_ACT_ERRNO");
	jsonw_member_u64(w, "defaultErrnoRet", ENOSYS);
	jsonw_member_array(w, "architectures");
	for (size_t i = 0; i < p->n_abis; i++)
		jsonw_string(w, arch_abi(p->abis[i])->scmp);
	jsonw_end(w);
	jsonw_member_array(w, "syscalls");
	for (size_t i = 0; i < p->n_rules; i++)
		write_rule(w, &p->rules[i], rules->comments[i]);
	jsonw_end(w);
	jsonw_end(w);
	return jsonw_finish(w);
}
