/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp intersect: the profile that permits only what all of several profiles permit, as if
 * the filters of all were loaded. With --kep6061 within the limits of Kubernetes' KEP-6061.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/changes.h"
#include "cmd/seccomp/combine.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/verbs.h"
#include "oci/jsonw.h"
#include "seccomp/decision.h"
#include "seccomp/merge.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

enum { SIZE_MAX_KEP = 1 << 20, ENTRIES_MAX_KEP = 128 };

static struct combine_options values;

static const struct opt options[] = {
	SUBJECT_OPTIONS(struct combine_options, subject),
	AS_OPTIONS(struct combine_options, as),
	{ "kep6061", 0, OPT_BOOL, offsetof(struct combine_options, kep6061), NULL,
	  "keep the limits of KEP-6061, and name calls that a merge by names would loosen" },
	{ "json", 0, OPT_BOOL, offsetof(struct combine_options, json), NULL,
	  "print the profile, the inputs and those calls as JSON" },
	OPT_END,
};

/* --- the limits of KEP-6061 --------------------------------------------------------------- */

/* An artifact has no listener: it belongs to the node. */
static int refuse_listener(const struct subject *s)
{
	const struct profile *p = s->profile;

	if (p && profile_notifies(p))
		return fail(0, "%s: KEP-6061 does not allow SCMP_ACT_NOTIFY", s->name);
	if (p && (p->listener_path || p->listener_metadata))
		return fail(0, "%s: KEP-6061 does not allow listenerPath and listenerMetadata",
			    s->name);
	return 0;
}

static int check_entries(const struct profile *p)
{
	unsigned int *counts = arena_array(syscall_count(), sizeof(*counts));

	for (size_t i = 0; i < p->n_rules; i++)
		for (uint32_t j = 0; j < p->rules[i].n_names; j++) {
			int id = syscall_id(p->rules[i].names[j]);

			if (id >= 0 && ++counts[id] > ENTRIES_MAX_KEP)
				return fail(0,
					    "the intersection needs more than %d entries for %s, "
					    "the limit of KEP-6061",
					    ENTRIES_MAX_KEP, p->rules[i].names[j]);
		}
	return 0;
}

static bool is_wide(const struct condition *c)
{
	return c->value > UINT32_MAX ||
	       (c->op == SECCOMP_OP_MASKED_EQ && c->value_two > UINT32_MAX);
}

/* Runtimes refuse values that an architecture of the profile cannot compare. */
static int check_values(const struct profile *p)
{
	const struct arch_abi *small = NULL;

	for (size_t i = 0; i < p->n_abis; i++)
		if (arch_abi(p->abis[i])->bits == 32 || p->abis[i] == ABI_X32)
			small = arch_abi(p->abis[i]);
	for (size_t i = 0; small && i < p->n_rules; i++)
		for (uint32_t j = 0; j < p->rules[i].n_conditions; j++)
			if (is_wide(&p->rules[i].conditions[j]))
				return fail(0,
					    "the intersection compares %s with more than 32 bits, "
					    "which KEP-6061 does not allow beside %s",
					    p->rules[i].names[0], small->scmp);
	return 0;
}

static int check_limits(const struct combination *c)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);
	int r = 0;

	for (size_t i = 0; i < c->n && r >= 0; i++)
		r = refuse_listener(&c->inputs[i]);
	if (r >= 0)
		r = check_entries(c->result.profile);
	if (r >= 0)
		r = check_values(c->result.profile);
	if (r < 0)
		return r;
	profile_write(w, c->result.profile);
	size_t size = jsonw_finish(w).len;

	if (size > SIZE_MAX_KEP)
		return fail(0, "the intersection has %zu bytes, the limit of KEP-6061 is %d", size,
			    SIZE_MAX_KEP);
	return 0;
}

/* --- the merge by names ------------------------------------------------------------------- */

static bool is_looser(uint32_t exact, uint32_t merged)
{
	return decision_action_is_stricter(exact, merged);
}

/* Calls to which a merge by names gives a looser answer: action[0] is this profile's. */
struct looser {
	size_t n;
	struct changes_example *v;
};

static void print_looser(const struct looser *looser)
{
	for (size_t i = 0; i < looser->n; i++)
		say_print_to(stderr, 2,
			     arena_printf("a merge by names would be looser: %s: %s instead of %s",
					  looser->v[i].call, say_action(looser->v[i].action[1]),
					  say_action(looser->v[i].action[0])));
}

static int compare_by_names(const struct combination *c, struct canon *canon, struct looser *ret)
{
	const struct profile *merged = c->inputs[0].profile;
	const struct policy *policy;
	struct verdicts verdicts;
	struct changes changes;

	for (size_t i = 0; i < c->n; i++)
		if (!c->inputs[i].profile)
			return fail(0, "%s: --kep6061 expects profiles, found a %s",
				    c->inputs[i].name, c->inputs[i].form);
	for (size_t i = 1; i < c->n; i++)
		merged = merge_by_names(merged, c->inputs[i].profile);
	int r = policy_make(merged, c->result.facts.native, false, &policy);

	if (r < 0)
		return r;
	verdicts_of_policy(policy, canon, &verdicts);
	changes_collect(&c->result.verdicts, &verdicts, &changes);
	ret->v = arena_array(changes.n, sizeof(*ret->v));
	for (size_t i = 0; i < changes.n; i++) {
		struct changes one = { .n = 1, .v = &changes.v[i] };

		ret->n += changes_first(canon, &one, is_looser, &ret->v[ret->n]);
	}
	return 0;
}

static int print_json(const struct combination *c, const struct looser *looser)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	combine_write(w, "tamis-seccomp-intersect/1", c);
	if (values.kep6061) {
		jsonw_member_array(w, "looserByNames");
		for (size_t i = 0; i < looser->n; i++) {
			jsonw_object(w);
			jsonw_member_string(w, "call", looser->v[i].call);
			jsonw_member_string(w, "exact", say_action(looser->v[i].action[0]));
			jsonw_member_string(w, "byNames", say_action(looser->v[i].action[1]));
			jsonw_end(w);
		}
		jsonw_end(w);
	}
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
	return EXIT_YES;
}

static int run(const struct global *g not_used, int argc, char **argv)
{
	struct looser looser = { 0 };
	struct combination c;
	struct canon canon;
	int r = 0;

	if (values.kep6061 && values.as.form && strcmp(values.as.form, "oci") != 0)
		r = fail(0, "--kep6061: expected --as oci, found '%s'", values.as.form);
	if (r >= 0)
		r = combine(&values, false, argv, (size_t)argc, &canon, &c);
	if (r >= 0 && values.kep6061)
		r = check_limits(&c);
	if (r >= 0 && values.kep6061)
		r = compare_by_names(&c, &canon, &looser);
	if (r < 0)
		return r;
	if (values.json)
		return print_json(&c, &looser);
	print_looser(&looser);
	return as_write(&values.as, &c.result, &canon);
}

const struct command seccomp_intersect = {
	.name = "intersect",
	.arguments = "A B...",
	.summary = "print the profile that permits only what all of several permit",
	.options = options,
	.values = &values,
	.min_args = 2,
	.max_args = -1,
	.run = run,
};
