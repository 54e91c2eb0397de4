/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what is left out of a profile so that a form can say the rest. Whether a form can say a rule
 * its writer is asked, with a profile that has no other rule.
 */
#include "cmd/seccomp/lossy.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "seccomp/seccompiler.h"
#include "seccomp/spo.h"

#include <errno.h>
#include <linux/seccomp.h>

static bool fits(const struct profile *p, const struct lossy_form *form)
{
	struct text text;
	int r = form->seccompiler ? seccompiler_profile_write(p, form->thread, form->native, &text)
				  : spo_write(p, form->resource, &text);

	if (r < 0)
		err_clear();
	return r >= 0;
}

/* Flags, listener and architectures that the form has; a default action that it has. */
static void reduce_head(struct profile *p, const struct lossy_form *form)
{
	static const char *const names[] = { "read" };
	const struct rule any = { .action = SECCOMP_RET_ALLOW, .n_names = 1, .names = names };
	const struct rule none = { .action = SECCOMP_RET_LOG, .n_names = 1, .names = names };
	struct profile head = *p;
	size_t n = 0;

	head.n_rules = form->seccompiler;
	head.rules = p->default_action == any.action ? &none : &any;
	if (fits(&head, form))
		return;
	p->listener_path = p->listener_metadata = NULL;
	p->set_flags = p->set_flags && p->flags && !form->seccompiler;
	for (size_t i = 0; i < p->n_abis; i++) {
		head = *p;
		head.n_rules = form->seccompiler;
		head.n_abis = 1;
		head.abis[0] = p->abis[i];
		head.default_action = SECCOMP_RET_KILL_PROCESS;
		head.rules = &any;
		if (fits(&head, form))
			p->abis[n++] = p->abis[i];
	}
	p->n_abis = n;
	head = *p;
	head.n_rules = form->seccompiler;
	head.rules = p->default_action == any.action ? &none : &any;
	if (!fits(&head, form))
		p->default_action = SECCOMP_RET_ERRNO | EPERM;
}

/* seccompiler has one action besides the default: the one that most names have. */
static uint32_t main_action(const struct profile *p)
{
	size_t most = 0;
	uint32_t ret = p->default_action;

	for (size_t i = 0; i < p->n_rules; i++) {
		uint32_t action = p->rules[i].action;
		size_t n = 0;

		for (size_t j = 0; j < p->n_rules; j++)
			n += p->rules[j].action == action ? p->rules[j].n_names : 0;
		if (action != p->default_action && n > most) {
			most = n;
			ret = action;
		}
	}
	return ret;
}

const struct profile *lossy_reduce(const struct profile *profile, const struct lossy_form *form)
{
	struct profile *ret = arena_alloc(sizeof(*ret));
	struct rule *rules = arena_array(profile->n_rules, sizeof(*rules));

	*ret = *profile;
	ret->n_rules = 0;
	ret->rules = rules;
	reduce_head(ret, form);

	const uint32_t only = main_action(profile);

	for (size_t i = 0; i < profile->n_rules; i++) {
		const struct rule *from = &profile->rules[i];
		const char **names = arena_array(from->n_names, sizeof(*names));
		struct rule *to = &rules[ret->n_rules];
		struct profile one = *ret;

		*to = *from;
		to->n_names = 0;
		to->names = names;
		for (uint32_t j = 0; j < from->n_names; j++) {
			struct rule name = *from;

			name.n_names = 1;
			name.names = &from->names[j];
			one.n_rules = 1;
			one.rules = &name;
			if ((!form->seccompiler || from->action == only) && fits(&one, form))
				names[to->n_names++] = from->names[j];
		}
		ret->n_rules += to->n_names > 0;
	}
	return ret;
}
