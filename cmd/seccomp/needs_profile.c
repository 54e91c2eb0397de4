/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of profiles as evidence: those of oci-seccomp-bpf-hook (Docker's form) and of
 * the security-profiles-operator (SeccompProfile). Such a profile lists what was seen. Its default
 * action says nothing: the operator records under SCMP_ACT_LOG.
 */
#include "cmd/seccomp/needs_profile.h"

#include "base/arena.h"
#include "base/err.h"
#include "cmd/seccomp/form.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/subject.h"
#include "seccomp/syscall.h"

#include <stdio.h>
#include <string.h>

static bool begins(const char *p, const char *word)
{
	return strncmp(p, word, strlen(word)) == 0;
}

/* Skips empty lines and the comments of YAML. */
static const char *skip_comments(const char *p)
{
	for (;;) {
		p += strspn(p, " \t\r\n");
		if (*p != '#')
			return p;
		p += strcspn(p, "\n");
	}
}

bool needs_profile_is(const struct text *text)
{
	const char *p = skip_comments(text->data);

	/* in a line of a recording the quotes of a string would be escaped */
	if (*p == '{')
		return strstr(p, "\"defaultAction\"");
	return (begins(p, "---") || begins(p, "apiVersion:") || begins(p, "kind:") ||
		begins(p, "metadata:") || begins(p, "spec:")) &&
	       strstr(p, "SeccompProfile");
}

/* The values that the rule asks of the arguments; of those that it does not ask, any. */
static void add_values(const struct recording *r, struct recording_call *c, const struct rule *rule)
{
	uint8_t interest = recording_interest(r, c->abi, c->id);

	for (unsigned int index = 0; index < 6; index++) {
		const struct condition *found = NULL;

		if (!(interest >> index & 1))
			continue;
		for (uint32_t i = 0; i < rule->n_conditions; i++)
			if (rule->conditions[i].index == index)
				found = &rule->conditions[i];
		if (found && found->op == SECCOMP_OP_EQ && !profile_rule_repeats_index(rule))
			recording_add_value(c, index, found->value);
		else
			c->args[index].many = true;
	}
}

static void add_call(struct recording *r, const struct profile *profile, const struct rule *rule,
		     uint32_t file, int id)
{
	for (size_t i = 0; i < profile->n_abis; i++) {
		struct recording_event event = { .abi = profile->abis[i],
						 .nr = syscall_nr(profile->abis[i],
								  (unsigned int)id),
						 .program = file,
						 .source = RECORDING_ALLOWED };
		struct recording_call *c;

		if (event.nr == SYSCALL_NONE)
			continue;
		c = recording_add(r, &event);
		if (c && c->args)
			add_values(r, c, rule);
	}
}

static void add_rule(struct recording *r, const struct profile *profile, const struct rule *rule,
		     uint32_t file)
{
	for (uint32_t i = 0; i < rule->n_names; i++) {
		int id = syscall_id(rule->names[i]);

		if (id >= 0)
			add_call(r, profile, rule, file, id);
		else
			say_print_to(stderr, 2,
				     arena_printf("tamis seccomp: %s has no name here",
						  profile_rule_place(profile, rule, i)));
	}
}

int needs_profile_read(struct recording *r, const char *name, const struct text *text)
{
	const struct subject_options options = { 0 };
	struct recording_run *run = recording_add_run(r, "profile");
	uint32_t file = recording_program(r, name);
	struct form_document document;
	struct profile_facts facts;
	struct profile profile;
	int ret = subject_facts(&options, &facts);

	run->has_end = true;
	if (ret >= 0)
		ret = form_read(name, text, &document);
	if (ret >= 0)
		ret = form_decode(&document, NULL, &facts, &profile);
	if (ret < 0)
		return ret;
	if (!profile.n_abis)
		profile.abis[profile.n_abis++] = facts.native;
	for (size_t i = 0; i < profile.n_rules; i++)
		if (decision_action_lets_through(profile.rules[i].action))
			add_rule(r, &profile, &profile.rules[i], file);
	return 0;
}
