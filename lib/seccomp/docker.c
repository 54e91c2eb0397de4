/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the formats of Docker, containers/common and the runtime-spec, which are one format with
 * different sets of keys. Field tables decode them; the result is a struct profile without
 * capability, architecture and kernel conditions. Unknown words are errors: a mistyped action or
 * operator would otherwise silently weaken or break a container's filter.
 */
#include "seccomp/docker.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "oci/config.h"
#include "oci/words.h"
#include "seccomp/errno_names.h"
#include "seccomp/resolve.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

enum { ERRNO_MAX = 4095 }; /* the kernel reduces larger ones to this (seccomp(2)) */

struct arch_map {
	const struct json *at;
	const char *architecture;
	struct strings sub_architectures;
};

struct docker_arg {
	const struct json *at;
	uint32_t index, op;
	uint64_t value, value_two;
};

/* An errno as a number or as a name. As in containers/common the name takes precedence. */
struct errno_field {
	const char *key, *number_key;
	const struct json *at;
	const char *word;
	struct opt_u32 number;
};

struct docker_rule {
	const struct json *at;
	const char *name;
	struct strings names;
	uint32_t action;
	struct opt_u32 errno_ret;
	const char *errno_word;
	struct {
		size_t n;
		struct docker_arg *v;
	} args;
	struct resolve_filter includes, excludes;
};

struct docker_profile {
	const struct json *at;
	bool is_inside; /* of a config.json */
	uint32_t default_action;
	struct opt_u32 default_errno_ret;
	const char *default_errno_word;
	struct strings architectures;
	struct {
		size_t n;
		struct arch_map *v;
	} arch_map;
	struct word_set flags;
	const char *listener_path, *listener_metadata;
	struct {
		size_t n;
		struct docker_rule *v;
	} syscalls;
};

/* clang-format off */
static const struct field arch_map_fields[] = {
	{ .key = "architecture", .kind = FIELD_STRING, .required = true,
	  .offset = offsetof(struct arch_map, architecture) },
	WORDS(struct arch_map, sub_architectures, "subArchitectures", words_seccomp_archs),
};
static const struct shape arch_map_shape = SHAPE(struct arch_map, arch_map_fields);

static const struct field arg_fields[] = {
	RANGE(struct docker_arg, index, "index", 0, 5, .required = true),
	REQUIRED(struct docker_arg, value, "value"),
	FIELD(struct docker_arg, value_two, "valueTwo"),
	WORD(struct docker_arg, op, "op", words_seccomp_ops, .required = true),
};
static const struct shape arg_shape = SHAPE(struct docker_arg, arg_fields);

static const struct field filter_fields[] = {
	FIELD(struct resolve_filter, arches, "arches"),
	FIELD(struct resolve_filter, caps, "caps"),
	FIELD(struct resolve_filter, min_kernel, "minKernel"),
};
static const struct shape filter_shape = SHAPE(struct resolve_filter, filter_fields);

static const struct field rule_fields[] = {
	FIELD(struct docker_rule, name, "name"),
	FIELD(struct docker_rule, names, "names"),
	WORD(struct docker_rule, action, "action", seccomp_action_names, .required = true),
	FIELD(struct docker_rule, errno_ret, "errnoRet"),
	FIELD(struct docker_rule, errno_word, "errno"),
	LIST(struct docker_rule, args, "args", arg_shape),
	OBJECT(struct docker_rule, includes, "includes", filter_shape),
	OBJECT(struct docker_rule, excludes, "excludes", filter_shape),
};
static const struct shape rule_shape = SHAPE(struct docker_rule, rule_fields);

static const struct field profile_fields[] = {
	WORD(struct docker_profile, default_action, "defaultAction", seccomp_action_names,
	     .required = true),
	FIELD(struct docker_profile, default_errno_ret, "defaultErrnoRet"),
	FIELD(struct docker_profile, default_errno_word, "defaultErrno"),
	WORDS(struct docker_profile, architectures, "architectures", words_seccomp_archs),
	LIST(struct docker_profile, arch_map, "archMap", arch_map_shape),
	WORD_SET(struct docker_profile, flags, "flags", words_seccomp_flags),
	FIELD(struct docker_profile, listener_path, "listenerPath"),
	FIELD(struct docker_profile, listener_metadata, "listenerMetadata"),
	LIST(struct docker_profile, syscalls, "syscalls", rule_shape),
};
static const struct shape profile_shape = SHAPE(struct docker_profile, profile_fields);
/* clang-format on */

static int errno_of(const struct errno_field *f, uint32_t max, uint32_t *ret)
{
	*ret = f->number.set ? f->number.v : EPERM;
	if (f->word && f->word[0]) {
		int code = errno_names_find(f->word);

		if (code >= 0)
			*ret = (uint32_t)code;
		else if (num_parse_u32(f->word, ret) < 0)
			return json_fail_member(f->at, f->key,
						"expected an error such as \"EPERM\", found \"%s\"",
						f->word);
	}
	if (*ret > max)
		return json_fail_member(f->at, f->word ? f->key : f->number_key,
					"expected at most %u, found %u", max, *ret);
	return 0;
}

/*
 * Returns the action as the kernel takes it. An errno with an action that has none is an error:
 * containers/common writes errnoRet only with ERRNO, and the specification calls it an error. runc
 * ignores it.
 */
static int action_of(uint32_t action, const struct errno_field *f, bool compat_runc, uint32_t *ret)
{
	uint32_t max = action == SECCOMP_RET_TRACE ? SECCOMP_RET_DATA : ERRNO_MAX, data;

	if (action != SECCOMP_RET_ERRNO && action != SECCOMP_RET_TRACE) {
		*ret = action;
		if (compat_runc || (!f->number.set && !(f->word && f->word[0])))
			return 0;
		return json_fail_member(f->at, f->number.set ? f->number_key : f->key,
					"found an errno for action %s, expected one only for "
					"SCMP_ACT_ERRNO and SCMP_ACT_TRACE",
					names_of(seccomp_action_names, action));
	}
	int r = errno_of(f, max, &data);

	*ret = action | data;
	return r;
}

static void add_abi(struct profile *profile, const char *word)
{
	enum abi abi = arch_by_scmp(word);

	for (size_t i = 0; i < profile->n_abis; i++)
		if (profile->abis[i] == abi)
			return;
	if (abi < ABI_COUNT)
		profile->abis[profile->n_abis++] = abi;
}

/* Reads the list, or the row of archMap for the native architecture. */
static int read_abis(const struct docker_profile *from, const struct profile_facts *facts,
		     struct profile *ret)
{
	const char *native = facts->native < ABI_COUNT ? arch_abi(facts->native)->scmp : "";

	if (from->architectures.n && from->arch_map.n)
		return json_fail_member(
			from->at, "archMap",
			"found both archMap and architectures, expected one of them");
	for (size_t i = 0; i < from->architectures.n; i++)
		add_abi(ret, from->architectures.v[i]);
	for (size_t i = 0; i < from->arch_map.n; i++) {
		const struct arch_map *map = &from->arch_map.v[i];

		if (!names_find(words_seccomp_archs, map->architecture))
			return json_fail_member(map->at, "architecture",
						"unknown architecture \"%s\"", map->architecture);
		if (strcmp(map->architecture, native) != 0 || ret->n_abis)
			continue;
		add_abi(ret, map->architecture);
		for (size_t j = 0; j < map->sub_architectures.n; j++)
			add_abi(ret, map->sub_architectures.v[j]);
	}
	return 0;
}

static const struct condition *read_args(const struct docker_rule *from)
{
	struct condition *conditions = arena_array(from->args.n, sizeof(*conditions));

	for (size_t i = 0; i < from->args.n; i++) {
		const struct docker_arg *arg = &from->args.v[i];

		conditions[i] = (struct condition){
			.index = (uint8_t)arg->index,
			.op = (enum seccomp_op)arg->op,
			.value = arg->value,
			.value_two = arg->value_two,
		};
	}
	return conditions;
}

static int read_names(const struct docker_rule *from, struct rule *ret)
{
	bool old = from->name && from->name[0];

	if (old && from->names.n)
		return json_fail_member(from->at, "name",
					"found both name and names, expected one of them");
	if (!old && !from->names.n)
		return json_fail_member(from->at, "names", "expected at least one name");
	ret->names = old ? &from->name : (const char *const *)from->names.v;
	ret->n_names = old ? 1 : (uint32_t)from->names.n;
	return 0;
}

/* Returns 1 if the rule applies, 0 if not. A rule that does not apply is checked, too. */
static int read_rule(const struct docker_rule *from, const struct profile_facts *facts,
		     struct rule *ret)
{
	struct errno_field f = { "errno", "errnoRet", from->at, from->errno_word, from->errno_ret };
	int r = action_of(from->action, &f, facts->compat_runc, &ret->action);

	if (r < 0)
		return r;
	r = read_names(from, ret);
	if (r < 0)
		return r;
	ret->n_conditions = (uint32_t)from->args.n;
	ret->conditions = from->args.n ? read_args(from) : NULL;
	return resolve_rule(&from->includes, &from->excludes, facts);
}

static int read_rules(const struct docker_profile *from, const struct profile_facts *facts,
		      struct profile *ret)
{
	struct rule *rules = arena_array(from->syscalls.n, sizeof(*rules));

	for (size_t i = 0; i < from->syscalls.n; i++) {
		struct rule *rule = &rules[ret->n_rules];
		int r = read_rule(&from->syscalls.v[i], facts, rule);

		if (r < 0)
			return r;
		rule->index = (uint32_t)i;
		rule->at = from->syscalls.v[i].at;
		ret->n_rules += (size_t)r;
	}
	ret->rules = rules;
	return 0;
}

int docker_profile_read(const struct json *root, const struct docker_profile **ret)
{
	const struct json *inside = json_member(json_member(root, "linux"), "seccomp");
	struct docker_profile *profile = arena_alloc(sizeof(*profile));
	int r = decode(inside ? inside : root, &profile_shape, profile);

	profile->is_inside = inside;
	*ret = profile;
	return r;
}

int docker_profile_resolve(const char *name, const struct docker_profile *from,
			   const struct profile_facts *facts, struct profile *ret)
{
	struct errno_field f = { "defaultErrno", "defaultErrnoRet", from->at,
				 from->default_errno_word, from->default_errno_ret };
	int r;

	*ret = (struct profile){
		.place = from->is_inside ? arena_printf("%s: linux.seccomp", name) : name,
		.set_flags = from->flags.set,
		.flags = (uint32_t)from->flags.v,
		.listener_path = from->listener_path,
		.listener_metadata = from->listener_metadata,
	};
	r = action_of(from->default_action, &f, facts->compat_runc, &ret->default_action);
	if (r < 0)
		return r;
	if (from->listener_metadata && !from->listener_path)
		return json_fail_member(from->at, "listenerMetadata",
					"is set, but listenerPath is not");
	r = read_abis(from, facts, ret);
	return r < 0 ? r : read_rules(from, facts, ret);
}

int docker_profile_decode(const char *name, const struct json *root,
			  const struct profile_facts *facts, struct profile *ret)
{
	const struct docker_profile *from;
	int r = docker_profile_read(root, &from);

	return r < 0 ? r : docker_profile_resolve(name, from, facts, ret);
}

int docker_profile_parse(const char *name, const struct text *text,
			 const struct profile_facts *facts, struct profile *ret)
{
	const struct json *root;
	int r = json_parse(name, text, &root);

	return r < 0 ? r : docker_profile_decode(name, root, facts, ret);
}
