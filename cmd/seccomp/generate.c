/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp generate: the profile that lets through what recordings have. What must hold: the
 * profile that is written, read back by the reader of profiles, allows every call of the recordings
 * with the arguments that were recorded, and under --base whatever the base allows.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/losses.h"
#include "cmd/seccomp/needs.h"
#include "cmd/seccomp/needs_rules.h"
#include "cmd/seccomp/output.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"
#include "oci/jsonw.h"
#include "seccomp/compose.h"
#include "seccomp/docker.h"
#include "seccomp/spo.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

enum { AS_DOCKER, AS_OCI, AS_SPO };

static const struct name forms[] = {
	{ "docker", AS_DOCKER },
	{ "oci", AS_OCI },
	{ "spo", AS_SPO },
	{ NULL, 0 },
};

static struct generate_options {
	const char *base, *output, *form, *args, *name;
	bool portable;
} values;

static const struct opt options[] = {
	{ "output", 'o', OPT_STRING, offsetof(struct generate_options, output), "FILE",
	  "write the profile to this file (standard output)" },
	{ "as", 0, OPT_STRING, offsetof(struct generate_options, form), "FORM",
	  "write it as docker, oci or spo (docker)", forms },
	{ "args", 0, OPT_STRING, offsetof(struct generate_options, args), "CALLS",
	  "allow these calls only with the arguments that were recorded" },
	{ "base", 0, OPT_STRING, offsetof(struct generate_options, base), "PROFILE",
	  "allow also what this profile allows" },
	{ "portable", 0, OPT_BOOL, offsetof(struct generate_options, portable), NULL,
	  "allow also what other C libraries and architectures use in place" },
	{ "name", 0, OPT_STRING, offsetof(struct generate_options, name), "NAME",
	  "name of the resource that --as spo writes (recorded)" },
	OPT_END,
};

/* --- options ------------------------------------------------------------------------------ */

/* The calls of --args, by id. */
static int read_args(const struct needs *needs, const char *list, bool *ret)
{
	for (const char *p = list ? list : ""; *p;) {
		size_t n = strcspn(p, ",");
		const char *call = arena_memdup(p, n);
		int id = syscall_id(call);

		if (id < 0 || !recording_interest(&needs->recording, ABI_X86_64, id))
			return fail(0,
				    "--args: expected calls whose arguments are recorded, such as "
				    "socket, ioctl or prctl, found '%s'",
				    call);
		ret[id] = true;
		p += n + (p[n] == ',');
	}
	return 0;
}

static int read_form(int *ret)
{
	const struct name *found = names_find(forms, values.form ? values.form : "docker");

	if (!found)
		return fail(0, "--as: expected docker, oci or spo, found '%s'", values.form);
	*ret = (int)found->value;
	return 0;
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

/* Docker's form, in which a rule may have a comment. */
static struct text write_docker(const struct needs_rules *rules)
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

static int write_text(int form, const struct profile *profile, const struct needs_rules *rules,
		      struct text *ret)
{
	struct jsonw *w;

	if (form == AS_SPO)
		return spo_write(profile, values.name ? values.name : "recorded", ret);
	if (form == AS_DOCKER && rules) {
		*ret = write_docker(rules);
		return 0;
	}
	w = jsonw_new(JSONW_PRETTY);
	profile_write(w, profile);
	*ret = jsonw_finish(w);
	return 0;
}

/* --- the proof ---------------------------------------------------------------------------- */

static bool lets_through(const struct canon *canon, canon_ref decision)
{
	uint32_t action;

	return canon_is_leaf(canon, decision, &action) && decision_action_lets_through(action);
}

/* Whether the call is allowed with each recorded value of each argument that the rules ask. */
static bool allows_call(struct canon *canon, const struct verdicts *v,
			const struct recording_call *c, unsigned int index, canon_ref decision)
{
	const struct recording_values *values_of = &c->args[index];
	uint64_t mask = UINT64_MAX;

	if (lets_through(canon, decision))
		return true;
	if (!c->args || index == 6)
		return false;
	if (!values_of->n)
		return allows_call(canon, v, c, index + 1, decision);
	if (syscall_narrow(c->abi, (unsigned int)c->id) >> index & 1)
		mask = UINT32_MAX;
	for (size_t i = 0; i < values_of->n; i++)
		if (!allows_call(canon, v, c, index + 1,
				 canon_restrict(canon, decision, index, mask, values_of->v[i])))
			return false;
	return true;
}

static int prove(const struct needs *needs, const struct profile *profile,
		 const struct profile_facts *facts, struct canon *canon)
{
	const struct policy *policy;
	struct verdicts v;
	int r = policy_make(profile, facts->native, false, &policy);

	if (r < 0)
		return r;
	verdicts_of_policy(policy, canon, &v);
	for (size_t i = 0; i < needs->recording.n_calls; i++) {
		const struct recording_call *c = &needs->recording.calls[i];
		const struct arch_abi *abi = arch_abi(c->abi);

		if (c->id >= 0 &&
		    !allows_call(canon, &v, c, 0, verdicts_at(&v, abi->audit, c->nr | abi->nr_bit)))
			return fail(0, "%s on %s was recorded but would be denied",
				    syscall_name((unsigned int)c->id), abi->scmp);
	}
	return 0;
}

/* --- the base ----------------------------------------------------------------------------- */

/* Whether the base has the call as it was recorded, or, if it was not seen, for some arguments. */
static bool base_has(const struct subject *base, struct canon *canon, const struct needs *needs,
		     unsigned int id)
{
	const struct arch_abi *native = arch_abi(base->facts.native);
	uint32_t nr = syscall_nr(base->facts.native, id), action;
	bool is_seen = false;

	for (size_t i = 0; i < needs->recording.n_calls; i++) {
		const struct recording_call *c = &needs->recording.calls[i];
		const struct arch_abi *abi = arch_abi(c->abi);

		if (c->id != (int)id || c->assumed)
			continue;
		is_seen = true;
		if (!allows_call(canon, &base->verdicts, c, 0,
				 verdicts_at(&base->verdicts, abi->audit, c->nr | abi->nr_bit)))
			return false;
	}
	if (is_seen || nr == SYSCALL_NONE)
		return true;
	return !canon_is_leaf(canon,
			      verdicts_at(&base->verdicts, native->audit, nr | native->nr_bit),
			      &action) ||
	       decision_action_lets_through(action);
}

/* Only what the base lacks is added to it, so that its conditions on arguments stay. */
static void leave_to_base(const struct subject *base, struct canon *canon, struct needs *needs)
{
	for (unsigned int id = 0; id < syscall_count(); id++)
		if (needs_has(needs, id) && base_has(base, canon, needs, id))
			needs->seen[id] = needs->assumed[id] = needs->every[id] =
				needs->siblings[id] = false;
}

/* A rule holds for all architectures of a profile, so also for those that only the base has. */
static void add_abis(struct profile *to, const struct profile *from)
{
	for (size_t i = 0; from && i < from->n_abis; i++) {
		bool found = false;

		for (size_t k = 0; k < to->n_abis; k++)
			found |= to->abis[k] == from->abis[i];
		if (!found)
			to->abis[to->n_abis++] = from->abis[i];
	}
}

/* What the base or the rules allow. Where both deny, the base's answer if a profile can say it. */
static int unite(struct needs_rules *rules, const struct subject *base, struct canon *canon,
		 const struct profile **ret)
{
	const struct policy *policy;
	struct profile *profile = arena_alloc(sizeof(*profile));
	struct verdicts own, all;
	struct composed composed = { 0 };
	int r;

	add_abis(&rules->profile, base->profile);
	r = policy_make(&rules->profile, base->facts.native, false, &policy);
	if (r < 0)
		return r;
	verdicts_of_policy(policy, canon, &own);
	for (int tie = 0; tie < CANON_TIES; tie++) {
		verdicts_combine(canon, true, (enum canon_tie)tie, &base->verdicts, &own, &all);
		r = compose_profile(base->name, &all, canon, base->facts.native, &composed);
		if (r < 0)
			return r;
		if (composed.equal)
			break;
	}
	if (!composed.equal)
		return fail(0, "%s and what was recorded cannot be said as one profile",
			    base->name);
	*profile = *composed.profile;
	if (base->profile) {
		profile->set_flags = base->profile->set_flags;
		profile->flags = base->profile->flags;
		profile->listener_path = base->profile->listener_path;
		profile->listener_metadata = base->profile->listener_metadata;
	}
	*ret = profile;
	return 0;
}

/* --- the verb ----------------------------------------------------------------------------- */

static int make(struct needs *needs, int form, const bool *by_args, struct text *ret)
{
	struct subject_options subject_options = { 0 };
	struct profile_facts facts;
	struct needs_rules rules;
	struct subject base = { 0 };
	struct canon canon;
	const struct profile *profile = &rules.profile;
	int r = subject_facts(&subject_options, &facts);

	canon_init(&canon);
	if (r >= 0 && values.base)
		r = subject_read(values.base, &subject_options, &facts, &canon, &base);
	if (r >= 0 && values.base)
		leave_to_base(&base, &canon, needs);
	if (r >= 0)
		r = needs_rules_make(needs, by_args, values.portable, facts.native, &rules);
	if (r >= 0 && form == AS_SPO && !values.base)
		needs_rules_for_spo(&rules);
	if (r >= 0 && values.base)
		r = unite(&rules, &base, &canon, &profile);
	if (r >= 0)
		r = write_text(form, profile, values.base ? NULL : &rules, ret);
	if (r >= 0 && form != AS_SPO) {
		struct profile *back = arena_alloc(sizeof(*back));

		r = docker_profile_parse("the profile", ret, &facts, back);
		profile = back;
	}
	return r < 0 ? r : prove(needs, profile, &facts, &canon);
}

static int generate(const struct global *g not_used, int argc, char **argv)
{
	bool *by_args = arena_array(syscall_count(), sizeof(*by_args));
	struct text *text = arena_alloc(sizeof(*text));
	struct needs needs;
	int form = AS_DOCKER, r = read_form(&form);

	if (r >= 0)
		r = needs_read(argv, (size_t)argc, values.portable, &needs);
	if (r >= 0)
		r = read_args(&needs, values.args, by_args);
	if (r >= 0)
		r = make(&needs, form, by_args, text);
	if (r >= 0 && values.output)
		r = output_write(values.output, text);
	else if (r >= 0)
		fwrite(text->data, 1, text->len, stdout);
	return r < 0 ? r : EXIT_YES;
}

const struct command seccomp_generate = {
	.name = "generate",
	.arguments = "RECORDING...",
	.summary = "print the profile that allows what was recorded",
	.options = options,
	.values = &values,
	.min_args = 1,
	.max_args = -1,
	.run = generate,
};
