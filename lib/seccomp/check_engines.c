/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the checks of what the engine that is to read the file drops of it without a message, and
 * what then happens: the file is read in that engine's way and compared by verdicts.
 */
#include "seccomp/check.h"

#include "base/arena.h"
#include "oci/config.h"
#include "oci/decode.h"
#include "oci/json.h"
#include "seccomp/oci.h"
#include "seccomp/syscall.h"

#include <string.h>

/* "; then bpf, mount and 20 more are allowed": what the reading of the runtime-spec lets through
 * besides. */
static const char *consequence(const struct check_run *c)
{
	struct check_list list = { 0 };
	const struct profile *plain = NULL;
	struct seccomp_spec spec;
	struct verdicts v;

	if (decode(c->root, &config_seccomp_shape, &spec) < 0 ||
	    oci_profile(&spec, true, &plain) < 0 || !plain)
		return "; containerd then refuses the file";
	if (!check_verdicts(c, plain, false, &v))
		return "; the runtime then refuses the rules";
	for (unsigned int id = 0; id < syscall_count(); id++) {
		enum abi abi = c->facts.native;
		uint32_t nr = syscall_nr(abi, id);
		canon_ref mine;

		if (nr != SYSCALL_NONE && check_decision(c, abi, id, &mine) &&
		    !check_allows(c, mine) &&
		    check_allows(c,
				 verdicts_at(&v, arch_abi(abi)->audit, nr | arch_abi(abi)->nr_bit)))
			check_list_add(&list, syscall_name(id));
	}
	return list.n ? arena_printf("; then allowed: %s", check_list_text(&list)) : "";
}

/* The first rule that has the key as an object or array with something in it, and how many do. */
static const struct json *rule_with(const struct check_run *c, const char *key, const char *inner,
				    unsigned int *ret)
{
	const struct json *rules = json_member(c->root, "syscalls"), *first = NULL;

	*ret = 0;
	if (!rules)
		return NULL;
	json_each (rule, rules) {
		const struct json *v = json_member(rule, key);

		if (inner)
			v = json_member(v, inner);
		if (!v || (v->type != JSON_STRING && !v->n) ||
		    (v->type == JSON_STRING && !*v->text))
			continue;
		first = first ? first : v;
		++*ret;
	}
	return first;
}

static void check_kubernetes(struct check_run *c)
{
	const struct json *map = json_member(c->root, "archMap");
	unsigned int includes, excludes, names;
	const struct json *in = rule_with(c, "includes", NULL, &includes);
	const struct json *ex = rule_with(c, "excludes", NULL, &excludes);
	const struct json *name = rule_with(c, "name", NULL, &names);

	if (in || ex)
		findings_add(&c->found, FINDING_kubernetes_conditions,
			     in && (!ex || in->offset < ex->offset) ? in : ex,
			     arena_printf("includes of %u rules and excludes of %u are ignored%s",
					  includes, excludes, consequence(c)));
	if (map)
		findings_add(&c->found, FINDING_kubernetes_archmap, map,
			     "archMap is ignored: only the native architecture is listed");
	if (name)
		findings_add(
			&c->found, FINDING_kubernetes_name, name,
			arena_printf("\"name\" of %u rules is ignored%s", names, consequence(c)));
}

static void check_errno_names(struct check_run *c)
{
	unsigned int n;
	const struct json *at = rule_with(c, "errno", NULL, &n);
	const struct json *own = json_member(c->root, "defaultErrno");

	if (own && own->type == JSON_STRING && own->text[0] &&
	    !json_member(c->root, "defaultErrnoRet"))
		findings_add(&c->found, FINDING_ignored_errno_name, own,
			     arena_printf("defaultErrno \"%s\" is ignored", own->text));
	if (!at)
		return;
	json_each (rule, json_member(c->root, "syscalls"))
		if (json_member(rule, "errno") == at && !json_member(rule, "errnoRet"))
			findings_add(&c->found, FINDING_ignored_errno_name, at,
				     arena_printf("errno of %u rules is ignored", n));
}

static void check_min_kernel(struct check_run *c)
{
	static const char *const keys[] = { "includes", "excludes" };

	for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
		unsigned int n;
		const struct json *at = rule_with(c, keys[i], "minKernel", &n);

		if (at)
			findings_add(&c->found, FINDING_ignored_min_kernel, at,
				     arena_printf("minKernel in %s of %u rule%s is ignored",
						  keys[i], n, n == 1 ? "" : "s"));
	}
}

void check_engines(struct check_run *c)
{
	if (c->kind != CHECK_OCI)
		return;
	switch (c->target) {
	case CHECK_KUBERNETES:
		check_kubernetes(c);
		check_errno_names(c);
		break;
	case CHECK_DOCKER:
		check_errno_names(c);
		break;
	case CHECK_PODMAN:
		check_min_kernel(c);
		break;
	case CHECK_ANYWHERE:
		break;
	}
}
