/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the way from a profile to one that allows less. It is changed as by `edit`: its text stays
 * otherwise, conditions on arguments stay, and that nothing else changes is proved.
 */
#include "cmd/seccomp/narrow.h"

#include "base/arena.h"
#include "base/err.h"
#include "cmd/seccomp/say.h"
#include "oci/jsonw.h"
#include "seccomp/categories.h"
#include "seccomp/filter.h"
#include "seccomp/notifying.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>

/* Whether every answer denies the call, with whatever error. */
static bool is_denied(struct canon *canon, canon_ref decision)
{
	const uint32_t denied = SECCOMP_RET_KILL_PROCESS;
	uint32_t action;

	return canon_is_leaf(canon, canon_replace(canon, decision, notifying_is_denial, denied),
			     &action) &&
	       action == denied;
}

/* What decides about the call on that ABI: by its number, or by that of its multiplexer alone. */
static bool find_decision(const struct subject *s, struct canon *canon, enum abi abi,
			  unsigned int id, canon_ref *ret)
{
	const struct arch_abi *a = arch_abi(abi);
	uint32_t nr = syscall_nr(abi, id);
	struct syscall_mux mux = { .nr = SYSCALL_NONE };

	if (nr == SYSCALL_NONE && syscall_mux(abi, id, &mux))
		nr = mux.nr;
	if (nr == SYSCALL_NONE)
		return false;
	*ret = verdicts_at(&s->verdicts, a->audit, nr | a->nr_bit);
	if (mux.nr != SYSCALL_NONE)
		*ret = canon_restrict(canon, *ret, 0, mux.mask, mux.call);
	return true;
}

bool narrow_is_allowed(const struct subject *s, struct canon *canon, unsigned int id)
{
	canon_ref decision;

	for (enum abi abi = 0; abi < ABI_OWN; abi++)
		if ((abi == s->facts.native ||
		     verdicts_arch(&s->verdicts, arch_abi(abi)->audit) != &s->verdicts.other) &&
		    find_decision(s, canon, abi, id, &decision) && !is_denied(canon, decision))
			return true;
	return false;
}

int narrow_as_json(const struct subject *s, struct canon *canon, struct subject *ret)
{
	struct form_document *document = arena_alloc(sizeof(*document));
	struct text *text = arena_alloc(sizeof(*text));
	struct subject written = *s;
	struct jsonw *w;
	int r;

	*ret = *s;
	if (s->document && s->document->form == FORM_OCI)
		return 0;
	if (!s->profile || s->profile->is_plain)
		return fail(0,
			    "%s (%s) cannot be edited; write it as a profile first: tamis seccomp "
			    "show --as oci %s",
			    s->name, s->form, s->name);
	w = jsonw_new(JSONW_PRETTY);
	profile_write(w, s->profile);
	*text = jsonw_finish(w);
	r = form_read(s->name, text, document);
	written.document = document;
	return r < 0 ? r : subject_again(&written, &s->facts, canon, ret);
}

uint32_t narrow_answer(const struct subject *s)
{
	return decision_action_lets_through(s->profile->default_action)
		       ? SECCOMP_RET_ERRNO | EPERM
		       : s->profile->default_action;
}

int narrow_text(const struct subject *json, const bool *denied, uint32_t action,
		struct canon *canon, struct amended *ret)
{
	struct wish *v = arena_array(syscall_count(), sizeof(*v));
	struct wishes wishes = { .v = v };

	for (unsigned int id = 0; id < syscall_count(); id++)
		if (denied[id])
			v[wishes.n++] = (struct wish){ .id = id, .action = action };
	if (wishes.n)
		return amend_profile(json, &wishes, true, canon, ret);
	*ret = (struct amended){ .text = *json->document->text, .after = *json };
	return 0;
}

/* The rule without the names that are denied. */
static void copy_rule(const struct rule *rule, const bool *denied, struct rule *ret)
{
	const char **names = arena_array(rule->n_names, sizeof(*names));

	*ret = *rule;
	ret->n_names = 0;
	ret->names = names;
	for (uint32_t i = 0; i < rule->n_names; i++) {
		int id = syscall_id(rule->names[i]);

		if (id < 0 || !denied[id])
			names[ret->n_names++] = rule->names[i];
	}
}

static struct rule deny_rule(const bool *denied, uint32_t action)
{
	const char **names = arena_array(syscall_count(), sizeof(*names));
	struct rule rule = { .action = action, .names = names };

	for (unsigned int id = 0; id < syscall_count(); id++)
		if (denied[id])
			names[rule.n_names++] = syscall_name(id);
	return rule;
}

int narrow_filter(const struct subject *s, const bool *denied, uint32_t action,
		  struct bpf_program *ret)
{
	struct rule *rules = arena_array(s->profile->n_rules + 1, sizeof(*rules));
	const struct filter_options o = { .kernel_flags = UINT64_MAX,
					  .machine = arch_abi(s->facts.native)->machine };
	struct profile profile = *s->profile;
	const struct filter *filter;
	size_t n = 0;
	int r;

	rules[n] = deny_rule(denied, action);
	n += rules[n].n_names > 0;
	for (size_t i = 0; i < s->profile->n_rules; i++) {
		copy_rule(&s->profile->rules[i], denied, &rules[n]);
		n += rules[n].n_names > 0;
	}
	profile.rules = rules;
	profile.n_rules = n;
	r = filter_compile(&profile, &o, &filter);
	if (r < 0)
		return r;
	if (filter->user_notif)
		return fail(0, "%s: notifies an agent, which a trial has not", s->name);
	*ret = (struct bpf_program){ filter->code, filter->len };
	return 0;
}

void narrow_print(const bool *ids)
{
	for (enum category c = 0; c < CATEGORY_COUNT; c++) {
		const char *names = "";

		for (unsigned int id = 0; id < syscall_count(); id++)
			if (ids[id] && categories_of(id) == c)
				names = arena_printf("%s%s%s", names, *names ? ", " : "",
						     syscall_name(id));
		if (*names)
			say_print(6, arena_printf("  %s: %s", categories_name(c), names));
	}
}
