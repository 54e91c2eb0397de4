/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the checks of words: names of calls, capabilities and architectures, and keys. All rules of
 * the file are examined, whether or not they are in force here.
 */
#include "seccomp/check.h"

#include "base/arena.h"
#include "base/caps.h"
#include "base/names.h"
#include "oci/json.h"
#include "oci/jsonw.h"
#include "seccomp/syscall.h"

#include <ctype.h>
#include <string.h>

/* --- calls -------------------------------------------------------------------------------- */

/* The word without blanks and prefix, in small letters. */
static const char *bare(const char *word)
{
	static const char *const prefixes[] = { "__nr_", "sys_" };
	char *s = arena_strdup(word + strspn(word, " \t\r\n"));

	s[strcspn(s, " \t\r\n")] = 0;
	for (char *p = s; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	for (size_t i = 0; i < ARRAY_LEN(prefixes); i++)
		if (strncmp(s, prefixes[i], strlen(prefixes[i])) == 0)
			s += strlen(prefixes[i]);
	return s;
}

static const char *as_json(const char *word)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	jsonw_string(w, word);
	struct text text = jsonw_finish(w);

	return arena_memdup(text.data, text.len - 1);
}

static void check_unknown(struct check_run *c, const char *word, const struct json *at,
			  const char *place)
{
	const char *plain = bare(word), *like;
	struct finding *f;

	if (c->found.cut)
		return;
	if (syscall_id(plain) >= 0) {
		f = findings_add(&c->found, FINDING_call_name_form, at,
				 arena_printf("\"%s\": expected %s", word, plain));
		f->replace = at;
		f->replacement = as_json(plain);
	} else {
		like = syscall_like(plain);
		f = findings_add(&c->found, FINDING_unknown_call, at,
				 like ? arena_printf("\"%s\" is no system call; did you mean %s?",
						     word, like)
				      : arena_printf("\"%s\" is no system call", word));
	}
	f->place = place;
}

/* The ABIs that the file is for; 0: all, as one of them has no table of ours. */
static uint32_t abis_of(const struct check_run *c)
{
	const struct json *map = json_member(c->root, "archMap");
	uint32_t set = 1u << c->facts.native;

	for (size_t i = 0; i < c->profile->n_abis; i++)
		set |= 1u << c->profile->abis[i];
	if (map)
		json_each (row, map) {
			const struct json *name = json_member(row, "architecture");
			const struct json *subs = json_member(row, "subArchitectures");

			if (name && name->type == JSON_STRING)
				set |= 1u << arch_by_scmp(name->text);
			if (subs)
				json_each (sub, subs)
					if (sub->type == JSON_STRING)
						set |= 1u << arch_by_scmp(sub->text);
		}
	return set >> ABI_OWN ? 0 : set;
}

static bool is_absent(unsigned int id, uint32_t abis)
{
	struct syscall_mux mux;

	for (enum abi abi = 0; abi < ABI_OWN; abi++)
		if (abis >> abi & 1 &&
		    (syscall_nr(abi, id) != SYSCALL_NONE || syscall_mux(abi, id, &mux)))
			return false;
	return abis != 0;
}

/* The search through the names of all rules. */
struct names {
	struct check_run *c;
	uint32_t abis;
	uint32_t *seen; /* by id: 1 + the number of the rule that named the call last */
	struct check_list absent;
	const struct json *first_absent;
};

static void check_name(struct names *n, const struct json *at, uint32_t abis, uint32_t rule)
{
	int id = syscall_id(at->text);

	if (id < 0) {
		check_unknown(n->c, at->text, at, NULL);
		return;
	}
	if (is_absent((unsigned int)id, abis)) {
		check_list_add(&n->absent, at->text);
		n->first_absent = n->first_absent ? n->first_absent : at;
	}
	if (n->seen[id] == rule + 1) {
		const struct json **node = arena_alloc(sizeof(const struct json *));
		struct finding *f =
			findings_add(&n->c->found, FINDING_repeated_name, at,
				     arena_printf("%s is in this rule twice", at->text));

		*node = at;
		f->remove = node;
		f->n_remove = 1;
	}
	n->seen[id] = rule + 1;
}

static void check_json_rule(struct names *n, const struct json *rule)
{
	const struct json *names = json_member(rule, "names"), *name = json_member(rule, "name");
	const struct json *arches = json_member(json_member(rule, "includes"), "arches");
	/* includes.arches says for which architectures the rule is */
	uint32_t abis = arches && arches->n ? 0 : n->abis;

	if (name && name->type == JSON_STRING && name->text[0])
		check_name(n, name, abis, rule->index);
	if (names)
		json_each (word, names)
			if (word->type == JSON_STRING)
				check_name(n, word, abis, rule->index);
}

static void check_json_rules(struct check_run *c, const struct json *rules)
{
	struct names n = { .c = c,
			   .abis = abis_of(c),
			   .seen = arena_array(syscall_count(), sizeof(*n.seen)) };

	json_each (rule, rules)
		check_json_rule(&n, rule);
	if (n.absent.n)
		findings_add(&c->found, FINDING_absent_call, n.first_absent,
			     arena_printf("on no architecture of the profile: %s",
					  check_list_text(&n.absent)));
}

static void check_calls(struct check_run *c)
{
	const struct json *rules = json_member(c->root, "syscalls");

	if (rules && (c->kind == CHECK_OCI || c->kind == CHECK_SPO)) {
		check_json_rules(c, rules);
		return;
	}
	for (size_t i = 0; i < c->profile->n_rules; i++) {
		const struct rule *rule = &c->profile->rules[i];

		for (size_t j = 0; j < rule->n_names; j++)
			if (syscall_id(rule->names[j]) < 0)
				check_unknown(c, rule->names[j],
					      rule->at ? check_name_node(rule, j) : c->root,
					      rule->place);
	}
}

/* --- conditions on a rule ----------------------------------------------------------------- */

static const char *cap_like(const char *word)
{
	struct name *names = arena_array(CAPS_MAX + 1, sizeof(*names));
	size_t n = 0;

	for (unsigned int cap = 0; cap < CAPS_MAX; cap++)
		if (caps_name(cap))
			names[n++].name = caps_name(cap);
	if (strncmp(word, "CAP_", 4) != 0)
		word = arena_printf("CAP_%s", word);
	return names_like(names, word);
}

static const char *arch_like(const char *word)
{
	struct name names[ABI_COUNT + 1] = { 0 };

	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		names[abi].name = arch_abi(abi)->docker;
	return names_like(names, word);
}

static void add_word(struct check_run *c, enum finding_code code, const struct json *word,
		     const char *like)
{
	findings_add(&c->found, code, word,
		     arena_printf("%s is unknown%s%s%s", word->text, like ? "; did you mean " : "",
				  like ? like : "", like ? "?" : ""));
}

static void check_filter(struct check_run *c, const struct json *filter)
{
	const struct json *caps = json_member(filter, "caps");
	const struct json *arches = json_member(filter, "arches");

	if (caps)
		json_each (word, caps)
			if (!c->found.cut && word->type == JSON_STRING && caps_find(word->text) < 0)
				add_word(c, FINDING_unknown_capability, word, cap_like(word->text));
	if (arches)
		json_each (word, arches)
			if (!c->found.cut && word->type == JSON_STRING &&
			    arch_by_docker(word->text) == ABI_COUNT)
				add_word(c, FINDING_unknown_architecture, word,
					 arch_like(word->text));
}

/* --- keys --------------------------------------------------------------------------------- */

static const struct name profile_keys[] = { { .name = "defaultAction" },
					    { .name = "defaultErrnoRet" },
					    { .name = "defaultErrno" },
					    { .name = "architectures" },
					    { .name = "archMap" },
					    { .name = "flags" },
					    { .name = "listenerPath" },
					    { .name = "listenerMetadata" },
					    { .name = "syscalls" },
					    { .name = "comment" },
					    { .name = NULL } };
static const struct name rule_keys[] = { { .name = "name" },	 { .name = "names" },
					 { .name = "action" },	 { .name = "errnoRet" },
					 { .name = "errno" },	 { .name = "args" },
					 { .name = "includes" }, { .name = "excludes" },
					 { .name = "comment" },	 { .name = NULL } };
static const struct name arg_keys[] = { { .name = "index" },	{ .name = "value" },
					{ .name = "valueTwo" }, { .name = "op" },
					{ .name = "comment" },	{ .name = NULL } };
static const struct name filter_keys[] = {
	{ .name = "arches" }, { .name = "caps" }, { .name = "minKernel" }, { .name = NULL }
};
static const struct name map_keys[] = { { .name = "architecture" },
					{ .name = "subArchitectures" },
					{ .name = NULL } };

/* Whether a note says so already about a key of that name. */
static bool is_noted(const struct check_run *c, const char *key)
{
	for (size_t i = 0; i < c->found.n; i++)
		if (c->found.v[i].code == FINDING_unknown_key &&
		    strcmp(c->found.v[i].at->key, key) == 0)
			return true;
	return false;
}

/* What is like no key is a remark of its author, which harms nobody. */
static void check_keys(struct check_run *c, const struct json *object, const struct name *keys)
{
	if (!object || object->type != JSON_OBJECT)
		return;
	json_each (member, object) {
		struct finding *f;
		const char *like;

		if (names_find(keys, member->key) || member->key[0] == '$' || c->found.cut)
			continue;
		like = names_like(keys, member->key);
		if (!like && is_noted(c, member->key))
			continue;
		f = findings_add(&c->found, FINDING_unknown_key, member,
				 like ? arena_printf("\"%s\": unknown key; did you mean \"%s\"?",
						     member->key, like)
				      : arena_printf("\"%s\": unknown key", member->key));
		if (!like)
			f->severity = SEVERITY_NOTE;
	}
}

static void check_each_key(struct check_run *c, const struct json *array, const struct name *keys)
{
	if (array)
		json_each (element, array)
			check_keys(c, element, keys);
}

static void check_all_keys(struct check_run *c)
{
	const struct json *rules = json_member(c->root, "syscalls");

	check_keys(c, c->root, profile_keys);
	check_each_key(c, json_member(c->root, "archMap"), map_keys);
	check_each_key(c, rules, rule_keys);
	if (!rules)
		return;
	json_each (rule, rules) {
		const struct json *includes = json_member(rule, "includes");
		const struct json *excludes = json_member(rule, "excludes");

		check_each_key(c, json_member(rule, "args"), arg_keys);
		check_keys(c, includes, filter_keys);
		check_keys(c, excludes, filter_keys);
		check_filter(c, includes);
		check_filter(c, excludes);
	}
}

void check_names(struct check_run *c)
{
	check_calls(c);
	if (c->kind == CHECK_OCI)
		check_all_keys(c);
}
