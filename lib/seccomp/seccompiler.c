/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns seccompiler's JSON, in and out. Both spellings of the actions' keys are read. A "dword"
 * compares the low half of the register, and args are all asked even where two have one index:
 * a rule of a profile can say neither, so that one object may become several rules.
 */
#include "seccomp/seccompiler.h"

#include "base/arena.h"
#include "base/err.h"
#include "oci/jsonw.h"
#include "seccomp/conjunction.h"
#include "seccomp/strict.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/seccomp.h>
#include <string.h>

enum { ERRNO_MAX = 4095 }; /* the kernel cuts larger ones: seccomp(2) */

enum { DWORD, QWORD };

struct arg {
	const struct json *at;
	uint32_t index, type;
	const struct json *op;
	uint64_t val;
	const char *comment;
};

struct object {
	const struct json *at;
	const char *syscall, *comment;
	struct {
		size_t n;
		struct arg *v;
	} args;
};

struct thread {
	const struct json *at;
	const struct json *mismatch, *old_mismatch, *match, *old_match;
	struct {
		size_t n;
		struct object *v;
	} filter;
};

static const struct name words_types[] = { { "dword", DWORD }, { "qword", QWORD }, { NULL, 0 } };

static const struct name words_ops[] = {
	{ "eq", SECCOMP_OP_EQ },
	{ "ge", SECCOMP_OP_GE },
	{ "gt", SECCOMP_OP_GT },
	{ "le", SECCOMP_OP_LE },
	{ "lt", SECCOMP_OP_LT },
	{ "ne", SECCOMP_OP_NE },
	{ NULL, 0 },
};

static const struct name words_actions[] = {
	{ "allow", SECCOMP_RET_ALLOW },
	{ "kill_process", SECCOMP_RET_KILL_PROCESS },
	{ "kill_thread", SECCOMP_RET_KILL_THREAD },
	{ "log", SECCOMP_RET_LOG },
	{ "trap", SECCOMP_RET_TRAP },
	{ NULL, 0 },
};

/* Actions with a number: { "errno": 1 }. */
static const struct name words_numbered[] = {
	{ "errno", SECCOMP_RET_ERRNO },
	{ "trace", SECCOMP_RET_TRACE },
	{ NULL, 0 },
};

/* clang-format off */
static const struct field arg_fields[] = {
	RANGE(struct arg, index, "index", 0, 5, .required = true),
	WORD(struct arg, type, "type", words_types, .required = true),
	REQUIRED(struct arg, op, "op"),
	REQUIRED(struct arg, val, "val"),
	FIELD(struct arg, comment, "comment"),
};
static const struct shape arg_shape = SHAPE(struct arg, arg_fields);

static const struct field object_fields[] = {
	REQUIRED(struct object, syscall, "syscall"),
	LIST(struct object, args, "args", arg_shape),
	FIELD(struct object, comment, "comment"),
};
static const struct shape object_shape = SHAPE(struct object, object_fields);

static const struct field thread_fields[] = {
	FIELD(struct thread, mismatch, "mismatch_action"),
	FIELD(struct thread, old_mismatch, "default_action"),
	FIELD(struct thread, match, "match_action"),
	FIELD(struct thread, old_match, "filter_action"),
	LIST(struct thread, filter, "filter", object_shape, .required = true),
};
static const struct shape thread_shape = SHAPE(struct thread, thread_fields);
/* clang-format on */

/* --- reading ----------------------------------------------------------------------------- */

/* { "errno": 1 }: the row of the table and its number. */
static int numbered(const struct json *v, const struct name *table, uint64_t max,
		    const struct name **ret, uint64_t *ret_number)
{
	if (v->type != JSON_OBJECT || v->n != 1 || !names_find(table, v->first->key))
		return json_fail(v, "expected a word or {\"%s\": NUMBER}, found %s", table[0].name,
				 json_found(v));
	*ret = names_find(table, v->first->key);
	return decode_u64(v->first, max, ret_number);
}

static int action_of(const struct json *v, uint32_t *ret)
{
	const struct name *word = words_actions;
	uint64_t number = 0;
	int r;

	if (v->type == JSON_STRING) {
		r = decode_word(v, words_actions, &word);
	} else {
		bool is_errno = json_member(v, "errno") != NULL;

		r = numbered(v, words_numbered, is_errno ? ERRNO_MAX : SECCOMP_RET_DATA, &word,
			     &number);
	}
	if (r >= 0)
		*ret = (uint32_t)word->value | (uint32_t)number;
	return r;
}

/* Of the two spellings of an action's key. */
static int action_read(const struct thread *from, const char *key, const struct json *v,
		       const char *old_key, const struct json *old, uint32_t *ret)
{
	if (v && old)
		return json_fail(old, "stands beside %s; expected one of them", key);
	if (!v && !old)
		return json_fail_member(from->at, key, "missing, and so is %s", old_key);
	return action_of(v ? v : old, ret);
}

static int op_of(const struct arg *arg, struct conjunction_term *ret)
{
	static const struct name masked[] = { { "masked_eq", SECCOMP_OP_MASKED_EQ }, { NULL, 0 } };
	const struct name *word = words_ops;
	uint64_t mask = 0;
	int r;

	if (arg->op->type == JSON_STRING)
		r = decode_word(arg->op, words_ops, &word);
	else
		r = numbered(arg->op, masked, UINT64_MAX, &word, &mask);
	if (r < 0)
		return r;
	if (arg->type == DWORD && arg->val > UINT32_MAX)
		return json_fail_member(arg->at, "val",
					"expected at most 32 bits for a dword, found %" PRIu64,
					arg->val);
	ret->low = arg->type == DWORD;
	ret->condition = (struct condition){ (uint8_t)arg->index, (enum seccomp_op)word->value,
					     arg->val, 0 };
	if (ret->condition.op == SECCOMP_OP_MASKED_EQ) {
		ret->condition.value = mask;
		ret->condition.value_two = arg->val & mask;
	}
	return 0;
}

struct rules {
	size_t n, room;
	struct rule *v;
};

static struct rule *rule_add(struct rules *rules)
{
	rules->v = arena_grow(rules->v, rules->n, &rules->room, sizeof(*rules->v));
	return &rules->v[rules->n++];
}

static int object_read(const struct object *from, uint32_t action,
		       const struct profile_facts *facts, struct rules *rules)
{
	struct conjunction_term *terms = arena_array(from->args.n, sizeof(*terms));
	int id = syscall_id(from->syscall), r = 0;
	struct conjunction all;

	if (id < 0)
		return json_fail_member(from->at, "syscall", "no architecture has a call \"%s\"",
					from->syscall);
	if (json_member(from->at, "args") && !from->args.n)
		return json_fail_member(from->at, "args",
					"expected at least one condition, or no args");
	for (size_t i = 0; i < from->args.n && r >= 0; i++)
		r = op_of(&from->args.v[i], &terms[i]);
	if (r < 0)
		return r;
	if (conjunction_make(terms, from->args.n, syscall_narrow(facts->native, (unsigned int)id),
			     &all) < 0)
		return json_fail_member(from->at, "args", "would need more than %d rules",
					CONJUNCTION_MAX);
	for (size_t i = 0; i < all.n; i++)
		*rule_add(rules) = (struct rule){
			.action = action,
			.index = from->at->index,
			.n_names = 1,
			.names = &from->syscall,
			.n_conditions = all.parts[i].n,
			.conditions = all.parts[i].conditions,
			.at = from->at,
		};
	return 0;
}

/* One call in two objects, of which one has no args: readers of this format disagree. */
static int refuse_mixed(const struct thread *from)
{
	const struct object **with = arena_array(syscall_count(), sizeof(*with));
	const struct object **without = arena_array(syscall_count(), sizeof(*without));

	for (size_t i = 0; i < from->filter.n; i++) {
		const struct object *o = &from->filter.v[i];
		int id = syscall_id(o->syscall);

		if (id < 0)
			continue;
		*(o->args.n ? &with[id] : &without[id]) = o;
		if (with[id] && without[id])
			return json_fail_member(o->at, "syscall",
						"%s is here with args and elsewhere without; "
						"expected one of them",
						o->syscall);
	}
	return 0;
}

static int thread_read(const char *name, const struct json *at, const struct profile_facts *facts,
		       struct profile *ret)
{
	struct rules rules = { 0 };
	struct thread from;
	uint32_t match = 0;
	int r = strict_decode(at, &thread_shape, &from);

	if (r < 0)
		return r;
	*ret = (struct profile){ .place = arena_printf("%s: %s", name, json_path(at)),
				 .n_abis = facts->native < ABI_COUNT,
				 .abis = { facts->native },
				 .is_plain = true,
				 .other_arch = SECCOMP_RET_KILL_PROCESS };
	r = action_read(&from, "mismatch_action", from.mismatch, "default_action",
			from.old_mismatch, &ret->default_action);
	if (r < 0)
		return r;
	ret->other_x32 = ret->default_action;
	r = action_read(&from, "match_action", from.match, "filter_action", from.old_match, &match);
	if (r < 0)
		return r;
	if (match == ret->default_action)
		return json_fail(at, "the actions for a match and for none are the same");
	r = refuse_mixed(&from);
	for (size_t i = 0; i < from.filter.n && r >= 0; i++)
		r = object_read(&from.filter.v[i], match, facts, &rules);
	ret->n_rules = rules.n;
	ret->rules = rules.v;
	return r;
}

static const char *threads_of(const struct json *root)
{
	const char *list = "";

	json_each (t, root)
		list = t->index < 16 ? arena_printf("%s%s%s", list, *list ? ", " : "", json_path(t))
				     : list;
	return list;
}

int seccompiler_profile_decode(const char *name, const struct json *root, const char *thread,
			       const struct profile_facts *facts, struct profile *ret)
{
	const struct json *chosen = NULL;

	if (root->type != JSON_OBJECT || !root->n)
		return json_fail(root, "expected an object with a filter for each thread, found %s",
				 root->type == JSON_OBJECT ? "an empty one" : json_found(root));
	if (!thread && root->n > 1)
		return json_fail(root, "has %u filters: name one of %s", root->n, threads_of(root));
	json_each (t, root) {
		struct profile profile;
		int r = thread_read(name, t, facts, &profile);

		if (r < 0)
			return r;
		if (thread && strcmp(t->key, thread) != 0)
			continue;
		*ret = profile;
		chosen = t;
	}
	if (!chosen)
		return json_fail(root, "has no filter \"%s\"; expected one of %s", thread,
				 threads_of(root));
	return 0;
}

/* --- writing ----------------------------------------------------------------------------- */

static int cannot(const struct profile *p, const char *what)
{
	return fail(0, "%s: seccompiler's form cannot say %s", p->place, what);
}

static bool action_has_word(uint32_t action)
{
	uint32_t kind = action & SECCOMP_RET_ACTION_FULL;

	return names_of(words_actions, kind) || names_of(words_numbered, kind);
}

static int refuse_lost(const struct profile *p, enum abi native)
{
	if (p->set_flags)
		return cannot(p, "flags");
	if (p->listener_path || p->listener_metadata)
		return cannot(p, "listenerPath and listenerMetadata");
	for (size_t i = 0; i < p->n_abis; i++)
		if (p->abis[i] != native)
			return cannot(p, arena_printf("%s beside the machine's own architecture",
						      arch_abi(p->abis[i])->scmp));
	if (!action_has_word(p->default_action))
		return cannot(p, "that default action");
	if (!p->n_rules)
		return cannot(p, "a profile without rules");
	for (size_t i = 0; i < p->n_rules; i++) {
		const struct rule *rule = &p->rules[i];

		if (rule->action == p->default_action)
			return fail(0, "%s: says what the default says; seccompiler's form cannot",
				    profile_rule_place(p, rule, 0));
		if (rule->action != p->rules[0].action || !action_has_word(rule->action))
			return fail(0, "%s: seccompiler's form cannot say %s beside the default",
				    profile_rule_place(p, rule, 0),
				    action_has_word(rule->action) ? "two actions" : "that action");
	}
	return 0;
}

static void write_action(struct jsonw *w, const char *key, uint32_t action)
{
	uint32_t kind = action & SECCOMP_RET_ACTION_FULL;
	const char *word = names_of(words_actions, kind);

	if (word) {
		jsonw_member_string(w, key, word);
		return;
	}
	jsonw_member_object(w, key);
	jsonw_member_u64(w, names_of(words_numbered, kind), action & SECCOMP_RET_DATA);
	jsonw_end(w);
}

/* A value as a dword compares it: false if the parameter cannot have it. */
static bool to_dword(uint64_t *value)
{
	if (*value > UINT32_MAX && *value >> 31 != UINT64_MAX >> 31)
		return false;
	*value &= UINT32_MAX;
	return true;
}

static bool write_arg(struct jsonw *w, const struct condition *c, bool narrow)
{
	uint64_t value = c->op == SECCOMP_OP_MASKED_EQ ? c->value_two : c->value, mask = c->value;

	if (narrow && !to_dword(&value))
		return false;
	if (c->op == SECCOMP_OP_MASKED_EQ &&
	    ((narrow && mask > UINT32_MAX) || c->value_two & ~mask))
		return false;
	jsonw_object(w);
	jsonw_member_u64(w, "index", c->index);
	jsonw_member_string(w, "type", narrow ? "dword" : "qword");
	if (c->op == SECCOMP_OP_MASKED_EQ) {
		jsonw_member_object(w, "op");
		jsonw_member_u64(w, "masked_eq", mask);
		jsonw_end(w);
	} else {
		jsonw_member_string(w, "op", names_of(words_ops, c->op));
	}
	jsonw_member_u64(w, "val", value);
	jsonw_end(w);
	return true;
}

/* One object: the conditions from `first` on, n of them. */
static bool write_object(struct jsonw *w, const char *call, const struct condition *first,
			 uint32_t n, uint8_t narrow)
{
	bool written = true;

	jsonw_object(w);
	jsonw_member_string(w, "syscall", call);
	if (n)
		jsonw_member_array(w, "args");
	for (uint32_t i = 0; i < n && written; i++)
		written = write_arg(w, &first[i], narrow >> first[i].index & 1);
	if (n)
		jsonw_end(w);
	jsonw_end(w);
	return written;
}

/* What a call without conditions allows, no condition takes back. */
static bool is_moot(const struct profile *p, const struct rule *rule, const char *call)
{
	if (!rule->n_conditions)
		return false;
	for (size_t i = 0; i < p->n_rules; i++)
		for (uint32_t j = 0; !p->rules[i].n_conditions && j < p->rules[i].n_names; j++)
			if (strcmp(p->rules[i].names[j], call) == 0)
				return true;
	return false;
}

static int write_rule(struct jsonw *w, const struct profile *p, const struct rule *rule,
		      uint32_t which, enum abi native)
{
	const char *call = rule->names[which];
	int id = syscall_id(call);
	uint8_t narrow = id < 0 ? 0 : syscall_narrow(native, (unsigned int)id);
	bool written = true;

	if (id < 0)
		return fail(0, "%s: no architecture has a call \"%s\"; seccompiler refuses it",
			    profile_rule_place(p, rule, which), call);
	if (is_moot(p, rule, call))
		return 0;
	if (!profile_rule_repeats_index(rule))
		written = write_object(w, call, rule->conditions, rule->n_conditions, narrow);
	else /* any of them */
		for (uint32_t i = 0; i < rule->n_conditions && written; i++)
			written = write_object(w, call, &rule->conditions[i], 1, narrow);
	if (!written)
		return fail(0,
			    "%s: seccompiler's form cannot say a value of more than 32 bits, or "
			    "outside its mask, of that parameter",
			    profile_rule_place(p, rule, which));
	return 0;
}

int seccompiler_profile_write(const struct profile *profile, const char *thread, enum abi native,
			      struct text *ret)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);
	int r = refuse_lost(profile, native);

	if (r < 0)
		return r;
	jsonw_object(w);
	jsonw_member_object(w, thread);
	write_action(w, "default_action", profile->default_action);
	write_action(w, "filter_action", profile->rules[0].action);
	jsonw_member_array(w, "filter");
	for (size_t i = 0; i < profile->n_rules && r >= 0; i++)
		for (uint32_t j = 0; j < profile->rules[i].n_names && r >= 0; j++)
			r = write_rule(w, profile, &profile->rules[i], j, native);
	if (r < 0)
		return r;
	jsonw_end(w);
	jsonw_end(w);
	jsonw_end(w);
	*ret = jsonw_finish(w);
	return 0;
}
