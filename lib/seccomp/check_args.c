/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the checks of conditions on arguments, for the native architecture. */
#include "seccomp/check.h"

#include "base/arena.h"
#include "oci/json.h"
#include "seccomp/categories.h"
#include "seccomp/constants.h"
#include "seccomp/params.h"
#include "seccomp/syscall.h"

/* The element of "args" that a condition was read from; in SPO and OCI they are in order. */
static struct finding *add(struct check_run *c, enum finding_code code, const struct rule *rule,
			   uint32_t condition, const char *text)
{
	const struct json *at = json_element(json_member(rule->at, "args"), condition);
	struct finding *f = check_add_rule(c, code, rule, text);

	if (at)
		f->at = at;
	return f;
}

static const char *param_of(const struct check_run *c, unsigned int id, unsigned int index)
{
	const char *name = params_name(c->facts.native, id, index);

	return name ? name : arena_printf("argument %u", index);
}

/* Returns false if the argument is not there. */
static bool check_index(struct check_run *c, const struct rule *rule, uint32_t i, unsigned int id)
{
	unsigned int n = params_count(c->facts.native, id);
	uint8_t index = rule->conditions[i].index;

	if (index < n || categories_of(id) == CATEGORY_obsolete)
		return true;
	add(c, FINDING_no_such_argument, rule, i,
	    arena_printf("%s has %u argument%s, the condition is on index %u", syscall_name(id), n,
			 n == 1 ? "" : "s", index));
	return false;
}

static bool check_truth(struct check_run *c, const struct rule *rule, uint32_t i, unsigned int id)
{
	const struct condition *condition = &rule->conditions[i];
	bool narrow = syscall_narrow(c->facts.native, id) >> condition->index & 1;
	const char *why = "";
	struct check check;
	enum truth truth = decision_check_make(condition, narrow ? WIDTH_32 : WIDTH_64, &check);

	if (truth == SOMETIMES)
		return true;
	if (condition->op == SECCOMP_OP_MASKED_EQ && condition->value_two & ~condition->value)
		why = ": valueTwo has bits that the mask has not";
	else if (narrow && condition->value >> 32)
		why = ": the kernel reads 32 bits";
	add(c, truth == NEVER ? FINDING_never_true : FINDING_always_true, rule, i,
	    arena_printf("%s: the condition on %s %s%s", syscall_name(id),
			 param_of(c, id, condition->index),
			 truth == NEVER ? "never holds" : "always holds", why));
	return false;
}

/* Whether a pointer is NULL may be asked. */
static bool check_pointer(struct check_run *c, const struct rule *rule, uint32_t i, unsigned int id)
{
	const struct condition *condition = &rule->conditions[i];
	struct param p;

	if (!params_get(c->facts.native, id, condition->index, &p) || p.kind != PARAM_POINTER ||
	    (!condition->value &&
	     (condition->op == SECCOMP_OP_EQ || condition->op == SECCOMP_OP_NE)))
		return true;
	add(c, FINDING_pointer_compared, rule, i,
	    arena_printf("%s: %s is a pointer", syscall_name(id), p.name));
	return false;
}

static bool check_value_two(struct check_run *c, const struct rule *rule, uint32_t i)
{
	const struct condition *condition = &rule->conditions[i];

	if (condition->op == SECCOMP_OP_MASKED_EQ || !condition->value_two)
		return true;
	add(c, FINDING_unused_value_two, rule, i,
	    arena_printf("%s: valueTwo has no effect with this operator", rule->names[0]));
	return false;
}

/* One finding a condition, for the first call to which it applies. */
static void check_condition(struct check_run *c, const struct rule *rule, uint32_t i)
{
	if (!check_value_two(c, rule, i))
		return;
	for (size_t j = 0; j < rule->n_names; j++) {
		int id = syscall_id(rule->names[j]);

		if (id < 0 || syscall_nr(c->facts.native, (unsigned int)id) == SYSCALL_NONE)
			continue;
		if (!check_index(c, rule, i, (unsigned int)id) ||
		    !check_truth(c, rule, i, (unsigned int)id) ||
		    !check_pointer(c, rule, i, (unsigned int)id))
			return;
	}
}

/* --- bits that the kernel does not read --------------------------------------------------- */

struct passage {
	unsigned int seen;
	bool found;
	struct canon_cube cube;
};

static bool note_passage(void *ctx, const struct canon_cube *cube)
{
	struct passage *p = ctx;

	p->found = !decision_action_lets_through(cube->action[0]) &&
		   decision_action_lets_through(cube->action[1]);
	p->cube = *cube;
	return !p->found && p->seen++ < CHECK_CUBES_MAX;
}

static const char *call_text(const struct check_run *c, unsigned int id,
			     const struct canon_cube *cube)
{
	const char *args = "";

	for (unsigned int i = 0; i < 6; i++)
		if (cube->mask[i])
			args = arena_printf("%s%s%s=%#llx", args, *args ? ", " : "",
					    param_of(c, id, i), (unsigned long long)cube->value[i]);
	return arena_printf("%s(%s)", syscall_name(id), args);
}

/* A call that the kernel would not carry out under tamis and does under runc. */
static void check_width(struct check_run *c)
{
	struct verdicts runc;
	enum abi abi = c->facts.native;

	if (!check_verdicts(c, c->profile, true, &runc))
		return;
	for (unsigned int id = 0; id < syscall_count(); id++) {
		uint32_t nr = syscall_nr(abi, id);
		struct passage p = { 0 };
		canon_ref mine;

		if (nr == SYSCALL_NONE || !check_decision(c, abi, id, &mine) ||
		    check_allows(c, mine) || check_denies(c, mine))
			continue;
		canon_each(c->canon, mine,
			   verdicts_at(&runc, arch_abi(abi)->audit, nr | arch_abi(abi)->nr_bit),
			   true, note_passage, &p);
		if (p.found)
			check_add_call(c, FINDING_runc_width, id, false,
				       arena_printf("%s: runc says %s, tamis %s",
						    call_text(c, id, &p.cube),
						    check_action(p.cube.action[1]),
						    check_action(p.cube.action[0])));
	}
}

void check_args(struct check_run *c)
{
	if (c->facts.native < ABI_OWN)
		for (size_t i = 0; i < c->profile->n_rules && !c->found.cut; i++)
			for (uint32_t j = 0; j < c->profile->rules[i].n_conditions; j++)
				check_condition(c, &c->profile->rules[i], j);
	if (check_is_container(c))
		check_width(c);
}
