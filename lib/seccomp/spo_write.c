/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the writing of SeccompProfile resources: YAML of few forms (block maps and lists, plain
 * words, strings in double quotes), which every reader of YAML 1.1 and 1.2 takes alike.
 */
#include "base/arena.h"
#include "base/buffer.h"
#include "base/err.h"
#include "oci/config.h"
#include "oci/jsonw.h"
#include "oci/words.h"
#include "seccomp/spo.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/seccomp.h>
#include <string.h>

enum { ERRNO_MAX = 4095, PATH_SHOWN = 107 };

/* A word that no reader takes for anything but a string, or the string in quotes. */
static const char *scalar(const char *s)
{
	static const struct name taken[] = {
		{ "y", 0 },   { "n", 0 },    { "yes", 0 },  { "no", 0 },    { "on", 0 },
		{ "off", 0 }, { "null", 0 }, { "true", 0 }, { "false", 0 }, { NULL, 0 },
	};
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789_");
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	if (n && !s[n] && (s[0] < '0' || s[0] > '9') && !names_find(taken, s))
		return s;
	jsonw_string(w, s);

	struct text text = jsonw_finish(w);

	return arena_printf("%.*s", (int)strcspn(text.data, "\n"), text.data);
}

/* A DNS subdomain (RFC 1123), as metadata.name has to be. */
static bool is_resource_name(const char *s)
{
	size_t n = strlen(s);

	if (!n || n > 253 || strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-.") != n)
		return false;
	for (size_t i = 0; i < n; i++) {
		bool edge =
			i == 0 || i + 1 == n || s[i - 1] == '.' || s[i + 1] == '.' || s[i] == '.';

		if (edge && s[i] == '-')
			return false;
		if (s[i] == '.' && (i == 0 || i + 1 == n || s[i + 1] == '.'))
			return false;
	}
	return true;
}

static int cannot(const struct profile *p, const char *what)
{
	return fail(0, "%s: a SeccompProfile resource cannot have %s", p->place, what);
}

static bool abi_has_word(enum abi abi)
{
	return abi != ABI_LOONGARCH64 && abi != ABI_M68K && abi != ABI_SH && abi != ABI_SHEB;
}

static bool listener_fits(const char *path)
{
	static const char below[] = "/var/run/security-profiles-operator/";
	const char *name = path + strlen(below);

	return strlen(path) <= PATH_SHOWN && strncmp(path, below, strlen(below)) == 0 && *name &&
	       name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				 "0123456789_-.")] == 0;
}

static int check_head(const struct profile *p, const char *resource)
{
	uint32_t kind = p->default_action & SECCOMP_RET_ACTION_FULL;

	if (!is_resource_name(resource))
		return fail(0,
			    "\"%s\": expected a name of a resource: small letters, digits, '-' and "
			    "'.'",
			    resource);
	if ((kind == SECCOMP_RET_ERRNO || kind == SECCOMP_RET_TRACE) &&
	    (p->default_action & SECCOMP_RET_DATA) != EPERM)
		return cannot(p, "an error of the default action but EPERM");
	if (kind == SECCOMP_RET_USER_NOTIF)
		return cannot(p, "SCMP_ACT_NOTIFY as the default action");
	if (p->set_flags && !p->flags)
		return cannot(p, "an empty list of flags, which says that not even SPEC_ALLOW is "
				 "wanted");
	if (p->listener_path && !listener_fits(p->listener_path))
		return cannot(p, "a listenerPath outside /var/run/security-profiles-operator");
	for (size_t i = 0; i < p->n_abis; i++)
		if (!abi_has_word(p->abis[i]))
			return cannot(
				p, arena_printf("the architecture %s", arch_abi(p->abis[i])->scmp));
	return 0;
}

static int check_rule(const struct profile *p, const struct rule *rule)
{
	uint32_t kind = rule->action & SECCOMP_RET_ACTION_FULL;
	uint32_t code = rule->action & SECCOMP_RET_DATA;
	const char *what = NULL;

	if ((kind == SECCOMP_RET_ERRNO || kind == SECCOMP_RET_TRACE) && (!code || code > ERRNO_MAX))
		what = "errno 0 or one above 4095";
	if (rule->n_conditions > 6)
		what = "more than 6 args";
	for (uint32_t i = 0; i < rule->n_conditions; i++)
		if (rule->conditions[i].value > INT64_MAX ||
		    rule->conditions[i].value_two > INT64_MAX)
			what = "a value of 2^63 or more";
	if (!what)
		return 0;
	return fail(0, "%s: a SeccompProfile resource cannot have %s",
		    profile_rule_place(p, rule, 0), what);
}

static void write_names(struct buffer *y, const struct rule *rule)
{
	buffer_print(y, "      names:\n");
	for (uint32_t i = 0; i < rule->n_names; i++) {
		bool again = false; /* the list is a set */

		for (uint32_t j = 0; j < i && !again; j++)
			again = strcmp(rule->names[i], rule->names[j]) == 0;
		if (!again)
			buffer_print(y, "        - %s\n", scalar(rule->names[i]));
	}
}

static void write_args(struct buffer *y, const struct rule *rule)
{
	if (rule->n_conditions)
		buffer_print(y, "      args:\n");
	for (uint32_t i = 0; i < rule->n_conditions; i++) {
		const struct condition *c = &rule->conditions[i];

		buffer_print(
			y, "        - index: %u\n          op: %s\n          value: %" PRIu64 "\n",
			c->index, names_of(words_seccomp_ops, c->op), c->value);
		if (c->op == SECCOMP_OP_MASKED_EQ)
			buffer_print(y, "          valueTwo: %" PRIu64 "\n", c->value_two);
	}
}

static void write_rule(struct buffer *y, const struct rule *rule)
{
	uint32_t kind = rule->action & SECCOMP_RET_ACTION_FULL;

	buffer_print(y, "    - action: %s\n", names_of(seccomp_action_names, kind));
	if (kind == SECCOMP_RET_ERRNO || kind == SECCOMP_RET_TRACE)
		buffer_print(y, "      errnoRet: %u\n", rule->action & SECCOMP_RET_DATA);
	write_names(y, rule);
	write_args(y, rule);
}

static void write_head(struct buffer *y, const struct profile *p, const char *resource)
{
	buffer_print(y,
		     "apiVersion: security-profiles-operator.x-k8s.io/v1\n"
		     "kind: SeccompProfile\n"
		     "metadata:\n"
		     "  name: \"%s\"\n"
		     "spec:\n"
		     "  defaultAction: %s\n",
		     resource,
		     names_of(seccomp_action_names, p->default_action & SECCOMP_RET_ACTION_FULL));
	if (p->n_abis)
		buffer_print(y, "  architectures:\n");
	for (size_t i = 0; i < p->n_abis; i++)
		buffer_print(y, "    - %s\n", arch_abi(p->abis[i])->scmp);
	if (p->flags)
		buffer_print(y, "  flags:\n");
	for (const struct name *n = words_seccomp_flags; n->name; n++)
		if (p->flags & (uint32_t)n->value)
			buffer_print(y, "    - %s\n", n->name);
	if (p->listener_path)
		buffer_print(y, "  listenerPath: %s\n", scalar(p->listener_path));
	if (p->listener_metadata)
		buffer_print(y, "  listenerMetadata: %s\n", scalar(p->listener_metadata));
}

int spo_write(const struct profile *profile, const char *resource, struct text *ret)
{
	struct buffer y = { 0 };
	int r = check_head(profile, resource);

	for (size_t i = 0; i < profile->n_rules && r >= 0; i++)
		r = check_rule(profile, &profile->rules[i]);
	if (r < 0)
		return r;
	write_head(&y, profile, resource);
	if (profile->n_rules)
		buffer_print(&y, "  syscalls:\n");
	for (size_t i = 0; i < profile->n_rules; i++)
		write_rule(&y, &profile->rules[i]);
	*ret = buffer_text(&y);
	return 0;
}
