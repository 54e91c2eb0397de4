/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reasons of a denial. What must hold: the answer is that of the filter, never of an
 * interpretation of the rules. A rule is called the one that allows the call only if the profile
 * with it was compiled and allows the call.
 */
#include "observe/denial.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/names.h"
#include "seccomp/bpf.h"
#include "seccomp/categories.h"
#include "seccomp/default.h"
#include "seccomp/docker.h"
#include "seccomp/params.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <string.h>

const struct name denial_reasons[] = {
	{ "rule", DENIAL_RULE },
	{ "default", DENIAL_DEFAULT },
	{ "unknown", DENIAL_UNKNOWN },
	{ "architecture", DENIAL_ARCHITECTURE },
	{ "program", DENIAL_PROGRAM },
	{ "notify", DENIAL_NOTIFY },
	{ 0 },
};

static const uint32_t UNKNOWN = SECCOMP_RET_ERRNO | ENOSYS;

/* Arguments by which one call offers many functions; a rule should allow only one of them. */
static const struct {
	const char *call;
	unsigned int index;
} selectors[] = {
	{ "arch_prctl", 0 }, { "bpf", 0 },	  { "fcntl", 1 },      { "fcntl64", 1 },
	{ "ioctl", 1 },	     { "ipc", 0 },	  { "keyctl", 0 },     { "personality", 0 },
	{ "prctl", 0 },	     { "ptrace", 0 },	  { "quotactl", 0 },   { "socket", 0 },
	{ "setns", 1 },	     { "socketcall", 0 }, { "socketpair", 0 }, { "unshare", 0 },
};

int denial_profile_read(const char *name, const struct text *text,
			const struct bpf_program *program, const struct profile_facts *facts,
			struct denial_profile *ret)
{
	int r;

	*ret = (struct denial_profile){ .program = *program, .facts = *facts };
	if (text)
		r = docker_profile_parse(name, text, facts, &ret->profile);
	else if (default_profile(facts, &ret->profile) < 0)
		r = fail(0, "%s: there is no default profile for this machine", name);
	else
		r = 0;
	return r < 0 ? r
		     : policy_make(&ret->profile, facts->native, facts->compat_runc, &ret->policy);
}

int denial_profile_decode(const char *name, const struct json *seccomp,
			  const struct profile_facts *facts, struct denial_profile *ret)
{
	*ret = (struct denial_profile){ .facts = *facts };
	int r = docker_profile_decode(name, seccomp, facts, &ret->profile);

	return r < 0 ? r
		     : policy_make(&ret->profile, facts->native, facts->compat_runc, &ret->policy);
}

/* --- the decision ------------------------------------------------------------------------- */

uint32_t denial_answer(const struct denial_profile *p, const struct seccomp_data *call)
{
	return p->program.len ? bpf_run(p->program.code, p->program.len, call, NULL)
			      : policy_verdict(p->policy, call);
}

uint8_t denial_deciding(const struct denial_profile *p, const struct seccomp_data *call)
{
	const struct decision *d =
		p ? policy_decision(p->policy, call->arch, (uint32_t)call->nr) : NULL;
	uint8_t bits = 0;

	for (uint32_t i = 0; d && i < d->n_clauses; i++)
		for (uint32_t j = 0; j < d->clauses[i].n_checks; j++)
			bits |= (uint8_t)(1U << d->clauses[i].checks[j].index);
	if (bits)
		return bits;
	enum abi abi;
	int id = syscall_of(call->arch, (uint32_t)call->nr, &abi);

	for (size_t i = 0; id >= 0 && i < ARRAY_LEN(selectors); i++)
		if (strcmp(selectors[i].call, syscall_name((unsigned int)id)) == 0)
			return (uint8_t)(1U << selectors[i].index);
	return 0;
}

/* --- the rule that allows it -------------------------------------------------------------- */

static bool allows(const struct denial_profile *p, const struct profile *other,
		   const struct seccomp_data *call)
{
	const struct policy *policy;

	if (policy_make(other, p->facts.native, p->facts.compat_runc, &policy) < 0) {
		err_clear();
		return false;
	}
	return policy_verdict(policy, call) == SECCOMP_RET_ALLOW;
}

static struct rule *make_rule(const struct denial *d)
{
	struct rule *rule = arena_alloc(sizeof(*rule));
	const char **name = arena_alloc(sizeof(*name));
	struct condition *conditions = arena_array(6, sizeof(*conditions));

	*name = syscall_name((unsigned int)d->id);
	*rule = (struct rule){
		.action = SECCOMP_RET_ALLOW, .n_names = 1, .names = name, .conditions = conditions
	};
	uint8_t narrow = syscall_narrow(d->abi, (unsigned int)d->id);

	for (uint8_t i = 0; i < 6; i++)
		if (d->deciding >> i & 1)
			conditions[rule->n_conditions++] = (struct condition){
				.index = i,
				.op = SECCOMP_OP_EQ,
				.value = narrow >> i & 1 ? (uint32_t)d->call.args[i]
							 : d->call.args[i],
			};
	return rule;
}

static void find_allowing_rule(const struct denial_profile *p, struct denial *d)
{
	struct profile with = p->profile;
	struct rule *rules = arena_array(with.n_rules + 1, sizeof(*rules));
	struct rule *rule = make_rule(d);

	memcpy(rules, with.rules, with.n_rules * sizeof(*rules));
	rules[with.n_rules++] = *rule;
	with.rules = rules;
	d->allow = allows(p, &with, &d->call) ? rule : NULL;
}

/* --- the reason --------------------------------------------------------------------------- */

static void find_rule(const struct denial_profile *p, const struct decision *decision,
		      struct denial *ret)
{
	uint64_t args[6];

	for (size_t i = 0; i < ARRAY_LEN(args); i++)
		args[i] = ret->call.args[i];
	const struct clause *clause = decision_clause(decision, args);
	const struct rule *rule = clause ? clause->rule : NULL;

	if (!clause && ret->id >= 0)
		rule = profile_rule_fixed(&p->profile, syscall_name((unsigned int)ret->id));
	if (rule && rule->action == ret->answer) {
		ret->reason = DENIAL_RULE;
		ret->place = profile_rule_where(&p->profile, rule);
		return;
	}
	ret->reason = ret->answer == UNKNOWN && p->profile.default_action != UNKNOWN
			      ? DENIAL_UNKNOWN
			      : DENIAL_DEFAULT;
	ret->place = p->profile.place;
}

static struct denial describe(const struct denial_profile *p, const struct seccomp_data *call)
{
	struct denial d = { .call = *call,
			    .number = (uint32_t)call->nr,
			    .deciding = denial_deciding(p, call) };

	d.id = syscall_of(call->arch, (uint32_t)call->nr, &d.abi);
	if (d.abi != ABI_COUNT)
		d.number &= ~arch_abi(d.abi)->nr_bit;
	return d;
}

void denial_notified(const struct denial_profile *p, const struct seccomp_data *call,
		     uint32_t answer, const char *policy, struct denial *ret)
{
	*ret = describe(p, call);
	ret->answer = answer;
	ret->reason = DENIAL_NOTIFY;
	ret->policy = policy;
}

void denial_explain(const struct denial_profile *p, const struct seccomp_data *call,
		    struct denial *ret)
{
	*ret = describe(p, call);
	ret->answer = denial_answer(p, call);
	const struct decision *d = policy_decision(p->policy, call->arch, (uint32_t)call->nr);

	if (policy_verdict(p->policy, call) != ret->answer)
		ret->reason = DENIAL_PROGRAM;
	else if (!d)
		ret->reason = DENIAL_ARCHITECTURE;
	else
		find_rule(p, d, ret);
	if (ret->id < 0 || (ret->reason != DENIAL_RULE && ret->reason != DENIAL_DEFAULT &&
			    ret->reason != DENIAL_UNKNOWN))
		return;
	find_allowing_rule(p, ret);
	ret->remove = !ret->allow && ret->reason == DENIAL_RULE;
}

/* --- what it opens ------------------------------------------------------------------------ */

const char *denial_opens(const struct denial *d)
{
	if (d->id < 0)
		return "";
	enum category category = categories_of((unsigned int)d->id);
	const struct danger *danger = categories_danger((unsigned int)d->id);
	const char *text =
		arena_printf("%s: %s", categories_name(category), categories_title(category));

	if (danger && danger->reach != REACH_COMMON)
		text = arena_printf("%s; attackers used it: %s%s%s%s", text, danger->harm,
				    *danger->fact ? " (" : "", danger->fact,
				    *danger->fact ? ")" : "");
	return text;
}

bool denial_is_string(const struct denial *d, unsigned int index)
{
	static const char *const names[] = {
		"filename",    "pathname",	"path",	       "name",	   "oldname",
		"newname",     "type",		"fs_name",     "dev_name", "dir_name",
		"to_pathname", "from_pathname", "description",
	};
	struct param param;

	if (d->id < 0 || !params_get(d->abi, (unsigned int)d->id, index, &param) ||
	    param.kind != PARAM_POINTER)
		return false;
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (strcmp(param.name, names[i]) == 0)
			return true;
	return false;
}
