/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns annotations "org.systemd.property.NAME", runc's way to give the scope further properties.
 *
 * What must hold: such annotations may come from anybody who can write a pod (CVE-2024-3154). So
 * only properties that affect nothing but the scope are accepted, each with its own type: when and
 * how it is stopped, but no unit that it starts, and no limit (linux.resources has those). The text
 * is parsed by the subset of GVariant's format that these types need. A property with an effect
 * that the program could not have by itself, such as surviving the stop of the scope, needs the
 * caller's permission. Not so what engines write for every container: Podman writes KillSignal and
 * TimeoutStopUSec; CRI-O writes TimeoutStopUSec, CollectMode, DefaultDependencies and After. (A
 * long TimeoutStopUSec does not block a shutdown: reboot.target has JobTimeoutSec.)
 */
#include "base/arena.h"
#include "base/base.h"
#include "base/num.h"
#include "oci/annotations.h"
#include "oci/json.h"
#include "plan/make.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Properties of systemd.scope(5), systemd.unit(5) and systemd.kill(5), by D-Bus name. */
static const struct known {
	const char *name, *type;
	unsigned int since;
	const char *free[2]; /* values that need no permission; "*": all */
} known[] = {
	{ "After", "as", 0, { "*" } },
	{ "Before", "as", 0, { NULL } },
	{ "CollectMode", "s", 236, { "inactive-or-failed" } },
	{ "DefaultDependencies", "b", 0, { "1" } },
	{ "Documentation", "as", 0, { "*" } },
	{ "KillSignal", "i", 0, { "*" } },
	{ "ManagedOOMMemoryPressure", "s", 247, { "kill", "auto" } },
	{ "ManagedOOMPreference", "s", 248, { "none" } },
	{ "ManagedOOMSwap", "s", 247, { "kill", "auto" } },
	{ "OOMPolicy", "s", 253, { "*" } },
	{ "PartOf", "as", 0, { NULL } },
	{ "RuntimeMaxUSec", "t", 244, { "*" } },
	{ "SendSIGHUP", "b", 0, { "*" } },
	{ "SendSIGKILL", "b", 0, { "1" } },
	{ "TimeoutStopUSec", "t", 0, { "*" } },
};

static const char *known_names(void)
{
	const char *all = "";

	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		all = arena_printf("%s%s%s", all, i ? ", " : "", known[i].name);
	return all;
}

/* As in runc, "NAMESec" in seconds means "NAMEUSec" in microseconds. */
static const struct known *find(const char *name, bool *ret_seconds)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < ARRAY_LEN(known); i++) {
		size_t m = strlen(known[i].name);

		*ret_seconds = false;
		if (strcmp(known[i].name, name) == 0)
			return &known[i];
		*ret_seconds = true;
		if (m == n + 1 && strcmp(known[i].name + m - 4, "USec") == 0 &&
		    strncmp(known[i].name, name, m - 4) == 0 && strcmp(name + n - 3, "Sec") == 0)
			return &known[i];
	}
	return NULL;
}

/*
 * Parses quoted text at *p and moves *p behind it. Returns NULL if there is none. Escapes are not
 * supported.
 */
static const char *scan_string(const char **p)
{
	char quote = **p;

	if (quote != '\'' && quote != '"')
		return NULL;
	const char *start = *p + 1, *end = start;

	for (; *end != quote; end++)
		if ((unsigned char)*end < ' ' || *end == 0x7f || *end == '\\')
			return NULL; /* includes NUL: the quote is not closed */
	*p = end + 1;
	return arena_memdup(start, (size_t)(end - start));
}

/* Parses "uint64 5" or "5". Seconds may have a fraction. */
static bool scan_number(const char *text, const char *type, bool seconds, uint64_t *ret)
{
	static const char *const widths[] = { "byte ",	 "int16 ", "uint16 ", "int32 ",
					      "uint32 ", "int64 ", "uint64 " };
	uint64_t fraction = 0, unit = 100000;

	for (size_t i = 0; i < ARRAY_LEN(widths); i++)
		if (strncmp(text, widths[i], strlen(widths[i])) == 0) {
			text += strlen(widths[i]);
			break;
		}
	if (num_scan_u64(text, &text, ret) < 0)
		return false;
	if (seconds && *text == '.' && text[1])
		for (text++; *text >= '0' && *text <= '9'; text++, unit /= 10)
			fraction += (uint64_t)(*text - '0') * unit;
	if (*text || (seconds && __builtin_mul_overflow(*ret, 1000000, ret)))
		return false;
	*ret += fraction;
	return *type != 'i' || *ret <= INT32_MAX;
}

struct rows {
	size_t n, room;
	struct plan_property *v;
};

static void add(struct rows *rows, const struct known *k, const char *value)
{
	rows->v = arena_grow(rows->v, rows->n, &rows->room, sizeof(*rows->v));
	rows->v[rows->n++] = (struct plan_property){ k->name, k->type, value, k->since };
}

/* Parses "['a', 'b']". */
static bool add_strings(struct rows *rows, const struct known *k, const char *p)
{
	if (*p++ != '[')
		return false;
	for (;;) {
		p += strspn(p, " ");
		const char *s = scan_string(&p);

		if (!s)
			return false;
		add(rows, k, s);
		p += strspn(p, " ");
		if (*p == ']')
			return !p[1];
		if (*p++ != ',')
			return false;
	}
}

static bool add_value(struct rows *rows, const struct known *k, bool seconds, const char *text)
{
	const char *p = text;
	uint64_t n;

	switch (k->type[0]) {
	case 'a':
		return add_strings(rows, k, text);
	case 's':
		text = scan_string(&p);
		if (!text || *p)
			return false;
		add(rows, k, text);
		return true;
	case 'b':
		if (strcmp(text, "true") != 0 && strcmp(text, "false") != 0)
			return false;
		add(rows, k, *text == 't' ? "1" : "0");
		return true;
	default:
		if (!scan_number(text, k->type, seconds, &n))
			return false;
		add(rows, k, arena_printf("%ju", (uintmax_t)n));
		return true;
	}
}

static const char *type_words(char type)
{
	return type == 'a'   ? "texts, as ['a.service']"
	       : type == 's' ? "text in quotes, as 'inactive'"
	       : type == 'b' ? "true or false"
			     : "a number, as uint64 5";
}

/* Every scope of tamis is delegated. containerd writes this if cgroups are writable. */
static bool is_delegation(const struct pair *p)
{
	return strcmp(p->key, ANNOTATIONS_PROPERTY "Delegate") == 0 &&
	       strcmp(p->value, "true") == 0;
}

static bool is_free(const struct known *k, const char *value)
{
	for (size_t i = 0; i < ARRAY_LEN(k->free); i++)
		if (k->free[i] && (*k->free[i] == '*' || strcmp(k->free[i], value) == 0))
			return true;
	return false;
}

/* Checks the rows from `from` on, which one annotation produced. */
static int check_allowed(const struct plan_input *in, const char *key, const struct known *k,
			 const struct rows *rows, size_t from)
{
	for (size_t i = from; i < rows->n; i++)
		if (!is_free(k, rows->v[i].value) &&
		    !annotations_allow(options_allowed_annotations(in->options), key))
			return annotations_fail_allowed(
				in->config, key,
				"systemd would treat the container otherwise than others");
	return 0;
}

int plan_property_make(const struct plan_input *in, struct plan_cgroup *ret)
{
	const struct pairs *annotations = &in->config->annotations;
	const struct json *at = json_member(in->config->at, "annotations");
	struct rows rows = { 0 };

	for (size_t i = 0; i < annotations->n; i++) {
		const struct pair *p = &annotations->v[i];
		size_t from = rows.n;
		bool seconds;

		if (strncmp(p->key, ANNOTATIONS_PROPERTY, strlen(ANNOTATIONS_PROPERTY)) != 0 ||
		    is_delegation(p))
			continue;
		const struct known *k = find(p->key + strlen(ANNOTATIONS_PROPERTY), &seconds);

		if (!k)
			return json_fail_member(at, p->key,
						"found a property that an annotation may not set, "
						"expected one of %s",
						known_names());
		if (!add_value(&rows, k, seconds, p->value))
			return json_fail_member(at, p->key, "expected %s, found \"%s\"",
						type_words(k->type[0]), p->value);
		if (check_allowed(in, p->key, k, &rows, from) < 0)
			return -EINVAL;
	}
	ret->n_properties = rows.n;
	ret->properties = rows.v;
	return 0;
}
