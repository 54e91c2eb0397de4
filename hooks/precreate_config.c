/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how config.json is read and written. What must hold: what this program judges is what the
 * runtime behind it reads. Go's JSON decoder, which runc uses, ignores the case of keys, so a
 * second "Seccomp" beside "seccomp" could replace what was judged. Such keys are refused. Duplicate
 * keys are refused by the parser.
 */
#include "hooks/precreate_config.h"

#include "base/arena.h"
#include "base/caps.h"
#include "base/err.h"
#include "oci/json_edit.h"
#include "oci/jsonw.h"
#include "plan/host.h"
#include "seccomp/docker.h"
#include "seccomp/verdicts.h"

#include <string.h>

static const char name[] = "config.json";

int precreate_config_parse(const struct text *text, struct precreate_config *ret)
{
	*ret = (struct precreate_config){ .text = text };
	canon_init(&ret->canon);
	int r = json_parse(name, text, &ret->root);

	if (r < 0)
		return r;
	if (ret->root->type != JSON_OBJECT)
		return json_fail(ret->root, "expected an object, found %s", json_found(ret->root));
	return 0;
}

/* --- keys ---------------------------------------------------------------------------------- */

/* The next letter as Go folds it: of other alphabets the long s and the sign of kelvin count. */
static char fold(const char **p)
{
	static const char long_s[] = "\xc5\xbf", kelvin[] = "\xe2\x84\xaa";
	char c = **p;

	if (strncmp(*p, long_s, sizeof(long_s) - 1) == 0) {
		*p += sizeof(long_s) - 1;
		return 's';
	}
	if (strncmp(*p, kelvin, sizeof(kelvin) - 1) == 0) {
		*p += sizeof(kelvin) - 1;
		return 'k';
	}
	*p += c != '\0';
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static bool is_same_folded(const char *a, const char *b)
{
	char x, y;

	do {
		x = fold(&a);
		y = fold(&b);
	} while (x == y && x);
	return x == y;
}

static int check_key(const struct json *member, const char *const *known, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(member->key, known[i]) != 0 && is_same_folded(member->key, known[i]))
			return json_fail(member,
					 "found a key that some runtimes take for \"%s\", expected "
					 "that",
					 known[i]);
	return 0;
}

static int check_keys(const struct json *object, const char *const *known, size_t n)
{
	int r = 0;

	if (!object || object->type != JSON_OBJECT)
		return 0;
	json_each (member, object)
		if (r == 0)
			r = check_key(member, known, n);
	return r;
}

/* The parser limits the depth. */
static int check_profile_keys(const struct json *v) // NOLINT(misc-no-recursion)
{
	static const char *const known[] = {
		"defaultAction",
		"defaultErrnoRet",
		"architectures",
		"flags",
		"listenerPath",
		"syscalls",
		"names",
		"action",
		"listenerMetadata",
		"errnoRet",
		"args",
		"index",
		"value",
		"valueTwo",
		"op",
	};
	int r = check_keys(v, known, ARRAY_LEN(known));

	json_each (child, v)
		if (r == 0)
			r = check_profile_keys(child);
	return r;
}

static int check_all_keys(const struct precreate_config *c)
{
	static const char *const in_root[] = { "linux", "process", "annotations" },
				 *const in_linux[] = { "seccomp" },
				 *const in_process[] = { "capabilities" },
				 *const in_capabilities[] = { "bounding" };
	const struct json *process = json_member(c->root, "process");
	int r = check_keys(c->root, in_root, ARRAY_LEN(in_root));

	if (r == 0)
		r = check_keys(json_member(c->root, "linux"), in_linux, ARRAY_LEN(in_linux));
	if (r == 0)
		r = check_keys(process, in_process, ARRAY_LEN(in_process));
	if (r == 0)
		r = check_keys(json_member(process, "capabilities"), in_capabilities,
			       ARRAY_LEN(in_capabilities));
	if (r == 0 && c->seccomp)
		r = check_profile_keys(c->seccomp);
	return r;
}

/* --- what it says --------------------------------------------------------------------------- */

static int read_facts(struct precreate_config *c)
{
	const struct json *sets = json_member(json_member(c->root, "process"), "capabilities");
	const struct json *bounding = json_member(sets, "bounding");
	struct host host = { 0 };
	int r = host_kernel(&host);

	if (r < 0)
		return r;
	/* the runtime decides whether it ignores an errno without effect */
	c->facts = (struct profile_facts){ .native = arch_by_machine(host.machine),
					   .kernel_major = host.kernel_major,
					   .kernel_minor = host.kernel_minor,
					   .compat_runc = true };
	if (!bounding || bounding->type != JSON_ARRAY)
		return 0;
	json_each (word, bounding) {
		int cap = word->type == JSON_STRING ? caps_find(word->text) : -1;

		if (cap >= 0)
			c->facts.caps |= UINT64_C(1) << cap;
	}
	return 0;
}

static bool is_empty(const struct json *v)
{
	return !v || v->type == JSON_NULL || (v->type == JSON_STRING && !v->text[0]) ||
	       (v->type >= JSON_ARRAY && !v->n);
}

static bool has_any(const struct json *object, const char *const *keys, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!is_empty(json_member(object, keys[i])))
			return true;
	return false;
}

/* Whether it has words that the engines' formats have and linux.seccomp has not. */
static bool is_conditional(const struct json *seccomp)
{
	static const char *const of_profile[] = { "archMap", "defaultErrno" }, *const of_rule[] = {
		"name", "errno", "includes", "excludes"
	};
	const struct json *rules = json_member(seccomp, "syscalls");

	if (has_any(seccomp, of_profile, ARRAY_LEN(of_profile)))
		return true;
	if (rules)
		json_each (rule, rules)
			if (has_any(rule, of_rule, ARRAY_LEN(of_rule)))
				return true;
	return false;
}

/* As in runc: an empty default action and no rules. */
static bool is_off(const struct json *seccomp)
{
	const struct json *action = json_member(seccomp, "defaultAction");

	return action && action->type == JSON_STRING && !action->text[0] &&
	       is_empty(json_member(seccomp, "syscalls"));
}

int precreate_config_read(struct precreate_config *c)
{
	const struct json *linux_ = json_member(c->root, "linux");
	struct profile *profile = arena_alloc(sizeof(*profile));

	if (linux_ && linux_->type != JSON_OBJECT && linux_->type != JSON_NULL)
		return json_fail(linux_, "expected an object, found %s", json_found(linux_));
	c->seccomp = json_member(linux_, "seccomp");
	if (c->seccomp && c->seccomp->type == JSON_NULL)
		c->seccomp = NULL;
	int r = check_all_keys(c);

	if (r == 0)
		r = read_facts(c);
	if (r < 0 || !c->seccomp || is_off(c->seccomp))
		return r;
	c->conditional = is_conditional(c->seccomp);
	r = docker_profile_decode("linux.seccomp", c->seccomp, &c->facts, profile);
	c->original = c->profile = profile;
	return r;
}

const char *precreate_config_annotation(const struct precreate_config *c, const char *key)
{
	const struct json *v = json_member(json_member(c->root, "annotations"), key);

	return v && v->type == JSON_STRING ? v->text : NULL;
}

bool precreate_config_is_privileged(const struct precreate_config *c)
{
	uint64_t all;

	/* an engine cannot give what it has not */
	if (c->original || caps_get_bounding(&all) < 0)
		return false;
	return all && (c->facts.caps & all) == all;
}

const char *precreate_config_hostname(const struct precreate_config *c)
{
	const struct json *v = json_member(c->root, "hostname");

	return v && v->type == JSON_STRING ? v->text : "";
}

/* --- how it is written ---------------------------------------------------------------------- */

const char *precreate_config_profile_text(const struct profile *profile)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	profile_write(w, profile);
	struct text text = jsonw_finish(w);

	return arena_memdup(text.data, text.len - 1);
}

static int compare(const struct precreate_config *c, struct precreate_config *again)
{
	struct verdicts wanted, found;
	const struct policy *policy = NULL;
	int r = precreate_config_read(again);

	if (r == 0 && !again->profile)
		return fail(0, "%s: the new linux.seccomp is not there", name);
	if (r == 0)
		r = policy_make(c->profile, c->facts.native, false, &policy);
	if (r < 0)
		return r;
	verdicts_of_policy(policy, &again->canon, &wanted);
	r = policy_make(again->profile, c->facts.native, false, &policy);
	if (r < 0)
		return r;
	verdicts_of_policy(policy, &again->canon, &found);
	if (again->canon.overflow || !verdicts_equal(&wanted, &found))
		return fail(0, "%s: the new linux.seccomp is wrong", name);
	return 0;
}

int precreate_config_text(const struct precreate_config *c, struct text *ret)
{
	struct precreate_config again = { 0 };
	const struct json *linux_ = json_member(c->root, "linux");
	const struct json *seccomp = json_member(linux_, "seccomp");
	struct json_edit *e = json_edit_new(c->root);

	*ret = *c->text;
	if (c->profile == c->original)
		return 0;
	const char *text = precreate_config_profile_text(c->profile);
	const char *inside = arena_printf("{\"seccomp\":%s}", text);

	if (seccomp)
		json_edit_replace(e, seccomp, text);
	else if (!linux_)
		json_edit_insert(e, c->root, NULL, "linux", inside);
	else if (linux_->type == JSON_NULL)
		json_edit_replace(e, linux_, inside);
	else
		json_edit_insert(e, linux_, NULL, "seccomp", text);
	int r = json_edit_finish(e, ret);

	if (r == 0)
		r = precreate_config_parse(ret, &again);
	return r < 0 ? r : compare(c, &again);
}
