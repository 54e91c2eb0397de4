/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of SeccompProfile resources (the schema: api/seccompprofile of the
 * operator). What the API server would refuse is refused here: it never becomes a profile on a
 * node. errnoRet 0 is what is not set, so that the runtime takes EPERM.
 */
#include "seccomp/spo.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "oci/config.h"
#include "oci/words.h"
#include "seccomp/spo_union.h"
#include "seccomp/strict.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

enum { ERRNO_MAX = 4095, BASES_MAX = 16 };

static const char group[] = "security-profiles-operator.x-k8s.io/";

struct spo_arg {
	const struct json *at;
	uint32_t index, op;
	int64_t value, value_two;
};

struct spo_rule {
	const struct json *at;
	struct strings names;
	uint32_t action;
	const struct json *errno_ret;
	struct {
		size_t n;
		struct spo_arg *v;
	} args;
};

struct spo_spec {
	const struct json *at;
	const char *base, *state;
	bool disabled;
	uint32_t default_action;
	struct strings architectures;
	struct word_set flags;
	const char *listener_path, *listener_metadata;
	struct {
		size_t n;
		struct spo_rule *v;
	} syscalls;
};

/* clang-format off */
static const struct field arg_fields[] = {
	RANGE(struct spo_arg, index, "index", 0, 5, .required = true),
	RANGE(struct spo_arg, value, "value", 0, INT64_MAX),
	RANGE(struct spo_arg, value_two, "valueTwo", 0, INT64_MAX),
	WORD(struct spo_arg, op, "op", words_seccomp_ops, .required = true),
};
static const struct shape arg_shape = SHAPE(struct spo_arg, arg_fields);

static const struct field rule_fields[] = {
	REQUIRED(struct spo_rule, names, "names"),
	WORD(struct spo_rule, action, "action", seccomp_action_names, .required = true),
	FIELD(struct spo_rule, errno_ret, "errnoRet"),
	LIST(struct spo_rule, args, "args", arg_shape),
};
static const struct shape rule_shape = SHAPE(struct spo_rule, rule_fields);

static const struct field spec_fields[] = {
	FIELD(struct spo_spec, base, "baseProfileName"),
	WORD(struct spo_spec, default_action, "defaultAction", seccomp_action_names,
	     .required = true),
	FIELD(struct spo_spec, architectures, "architectures"),
	WORD_SET(struct spo_spec, flags, "flags", words_seccomp_flags),
	FIELD(struct spo_spec, listener_path, "listenerPath"),
	FIELD(struct spo_spec, listener_metadata, "listenerMetadata"),
	LIST(struct spo_spec, syscalls, "syscalls", rule_shape),
	FIELD(struct spo_spec, disabled, "disabled"),
	FIELD(struct spo_spec, state, "state"),
};
static const struct shape spec_shape = SHAPE(struct spo_spec, spec_fields);
/* clang-format on */

static const char *string_of(const struct json *v)
{
	return v && v->type == JSON_STRING ? v->text : NULL;
}

bool spo_profile_is(const struct json *root)
{
	const char *version = string_of(json_member(root, "apiVersion"));
	const char *kind = string_of(json_member(root, "kind"));

	return version && kind && strcmp(kind, "SeccompProfile") == 0 &&
	       strncmp(version, group, strlen(group)) == 0;
}

static int check_kind(const struct json *root)
{
	const struct json *version = json_member(root, "apiVersion");
	const struct json *kind = json_member(root, "kind");

	if (!string_of(version))
		return json_fail_member(root, "apiVersion", "expected \"%sv1\"", group);
	if (strncmp(version->text, group, strlen(group)) != 0 ||
	    (strcmp(version->text + strlen(group), "v1") != 0 &&
	     strcmp(version->text + strlen(group), "v1beta1") != 0))
		return json_fail(version, "expected \"%sv1\" or v1beta1, found %s", group,
				 json_found(version));
	if (!string_of(kind) || strcmp(kind->text, "SeccompProfile") != 0)
		return json_fail_member(root, "kind", "expected \"SeccompProfile\"%s%s",
					kind ? ", found " : "", kind ? json_found(kind) : "");
	if (!json_member(root, "spec"))
		return json_fail_member(root, "spec", "missing");
	return 0;
}

/* v1 has a number; v1beta1 had one, or digits in a string. 0 is not set. */
static int errno_of(const struct spo_rule *from, bool beta, uint32_t *ret)
{
	const struct json *v = from->errno_ret;
	uint64_t code = 0;
	int r = 0;

	if (v && beta && v->type == JSON_STRING) {
		if (v->text[0] && (num_parse_u64(v->text, &code) < 0 || code > ERRNO_MAX))
			r = json_fail(v, "expected an error number up to %d, found %s", ERRNO_MAX,
				      json_found(v));
	} else if (v && v->type != JSON_NULL) {
		r = decode_u64(v, ERRNO_MAX, &code);
	}
	if (r >= 0 && code && from->action != SECCOMP_RET_ERRNO &&
	    from->action != SECCOMP_RET_TRACE)
		r = json_fail(v, "the action %s has no errno",
			      names_of(seccomp_action_names, from->action));
	*ret = code ? (uint32_t)code : EPERM;
	return r;
}

static int args_of(const struct spo_rule *from, struct rule *ret)
{
	struct condition *conditions = arena_array(from->args.n, sizeof(*conditions));

	if (from->args.n > 6)
		return json_fail_member(from->at, "args", "expected at most 6, found %zu",
					from->args.n);
	for (size_t i = 0; i < from->args.n; i++) {
		const struct spo_arg *arg = &from->args.v[i];

		conditions[i] =
			(struct condition){ (uint8_t)arg->index, (enum seccomp_op)arg->op,
					    (uint64_t)arg->value, (uint64_t)arg->value_two };
	}
	ret->n_conditions = (uint32_t)from->args.n;
	ret->conditions = from->args.n ? conditions : NULL;
	return 0;
}

static int rule_read(const struct spo_rule *from, bool beta, struct rule *ret)
{
	uint32_t code;
	int r = errno_of(from, beta, &code);

	if (r < 0)
		return r;
	if (!from->names.n)
		return json_fail_member(from->at, "names", "expected at least one name");
	ret->action = from->action;
	if (from->action == SECCOMP_RET_ERRNO || from->action == SECCOMP_RET_TRACE)
		ret->action |= code;
	ret->index = from->at->index;
	ret->at = from->at;
	ret->n_names = (uint32_t)from->names.n;
	ret->names = (const char *const *)from->names.v;
	return args_of(from, ret);
}

static int abis_read(const struct spo_spec *from, enum abi native, struct profile *ret)
{
	for (size_t i = 0; i < from->architectures.n; i++) {
		const char *word = from->architectures.v[i];
		enum abi abi = strcmp(word, "SCMP_ARCH_NATIVE") == 0 ? native : arch_by_scmp(word);
		bool there = abi >= ABI_COUNT;

		if (!names_find(words_seccomp_archs, word) && strcmp(word, "SCMP_ARCH_NATIVE") != 0)
			return json_fail_element(from->at, "architectures", i,
						 "unknown architecture \"%s\"", word);
		for (size_t j = 0; j < ret->n_abis; j++)
			there = there || ret->abis[j] == abi;
		if (!there)
			ret->abis[ret->n_abis++] = abi;
	}
	return 0;
}

static int listener_read(const struct spo_spec *from, struct profile *ret)
{
	static const char below[] = "/var/run/security-profiles-operator/";
	const char *path = from->listener_path;

	if (path && !*path)
		path = NULL;
	if (path && (strncmp(path, below, strlen(below)) != 0 || !path[strlen(below)] ||
		     strchr(path + strlen(below), '/')))
		return json_fail_member(from->at, "listenerPath", "expected a name below %s",
					below);
	ret->listener_path = path;
	if (from->listener_metadata && *from->listener_metadata)
		ret->listener_metadata = from->listener_metadata;
	if (ret->listener_metadata && !path)
		return json_fail_member(from->at, "listenerMetadata",
					"is set, but listenerPath is not");
	return 0;
}

/* The resource without its base. */
static int resource_read(const char *name, const struct json *root,
			 const struct profile_facts *facts, struct profile *ret,
			 const struct json **ret_base)
{
	struct spo_spec from;
	int r = check_kind(root);

	if (r >= 0)
		r = strict_decode(json_member(root, "spec"), &spec_shape, &from);
	if (r < 0)
		return r;

	bool beta = strcmp(json_member(root, "apiVersion")->text + strlen(group), "v1") != 0;
	struct rule *rules = arena_array(from.syscalls.n, sizeof(*rules));

	*ret = (struct profile){ .place = arena_printf("%s: spec", name),
				 .default_action = from.default_action,
				 .set_flags = from.flags.v != 0, /* an empty list is left out */
				 .flags = (uint32_t)from.flags.v,
				 .n_rules = from.syscalls.n,
				 .rules = rules };
	if (from.default_action == SECCOMP_RET_USER_NOTIF)
		return json_fail_member(from.at, "defaultAction",
					"SCMP_ACT_NOTIFY cannot be the default action");
	if (from.default_action == SECCOMP_RET_ERRNO || from.default_action == SECCOMP_RET_TRACE)
		ret->default_action |= EPERM;
	r = abis_read(&from, facts->native, ret);
	if (r >= 0)
		r = listener_read(&from, ret);
	for (size_t i = 0; i < from.syscalls.n && r >= 0; i++)
		r = rule_read(&from.syscalls.v[i], beta, &rules[i]);
	*ret_base = from.base && *from.base ? json_member(from.at, "baseProfileName") : NULL;
	return r;
}

/* The document that has this name, or NULL. */
static const struct json *document_find(const struct spo_documents *documents, const char *name)
{
	for (size_t i = 0; documents && i < documents->n; i++) {
		const struct json *metadata = json_member(documents->v[i], "metadata");
		const char *found = string_of(json_member(metadata, "name"));

		if (spo_profile_is(documents->v[i]) && found && strcmp(found, name) == 0)
			return documents->v[i];
	}
	return NULL;
}

static int base_find(const struct json *base, const struct spo_documents *others,
		     const struct json **ret)
{
	if (strncmp(base->text, "oci://", 6) == 0)
		return json_fail(base,
				 "is an image, %s; expected the name of a SeccompProfile "
				 "among the files given",
				 json_found(base));
	*ret = document_find(others, base->text);
	if (!*ret)
		return json_fail(base, "no SeccompProfile %s is among the files given",
				 json_found(base));
	return 0;
}

int spo_profile_decode(const char *name, const struct json *root,
		       const struct spo_documents *others, const struct profile_facts *facts,
		       struct profile *ret)
{
	const struct json *base = NULL, *seen[BASES_MAX] = { root };
	struct profile chain[BASES_MAX];
	size_t n = 1;
	int r = resource_read(name, root, facts, &chain[0], &base);

	for (; r >= 0 && base; n++) {
		r = base_find(base, others, &seen[n]);
		if (r < 0)
			return r;
		for (size_t i = 0; i < n; i++)
			if (seen[i] == seen[n])
				return json_fail(base, "%s leads back to itself", json_found(base));
		if (n + 1 == BASES_MAX)
			return json_fail(base, "more than %d base profiles, one upon the other",
					 BASES_MAX - 2);
		r = resource_read(name, seen[n], facts, &chain[n], &base);
	}
	/* the innermost base first; all but the rules is the profile's own */
	while (r >= 0 && --n)
		r = spo_union(&chain[n], &chain[n - 1]);
	if (r >= 0)
		*ret = chain[0];
	return r;
}
