/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the names if systemd manages the cgroups: of the unit, its slice, and the place of both in
 * the tree (systemd.slice(5): each dash in the name of a slice is a level). What must hold: the
 * path is the one that engines compute themselves. A name that systemd would take for another unit
 * is refused.
 */
#include "base/arena.h"
#include "base/path.h"
#include "oci/json.h"
#include "plan/make.h"

#include <string.h>

enum { UNIT_NAME_MAX = 255 };

static bool ends_with(const char *s, const char *end)
{
	size_t n = strlen(s), m = strlen(end);

	return n >= m && strcmp(s + n - m, end) == 0;
}

/* Characters of a unit name: systemd.unit(5). */
static bool is_unit_name(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			     ":-_.\\@");

	return n && !s[n] && n <= UNIT_NAME_MAX && s[0] != '.' && s[0] != '@';
}

/*
 * Returns the path of a slice: "a-b.slice" is at "/a.slice/a-b.slice", "-.slice" at "/". NULL if it
 * is not a slice.
 */
static const char *slice_path(const char *slice)
{
	const char *path = "";
	size_t len = strlen(slice) - strlen(".slice");

	if (!ends_with(slice, ".slice") || !is_unit_name(slice))
		return NULL;
	if (strcmp(slice, "-.slice") == 0)
		return "/";
	if (!len)
		return NULL;
	for (size_t i = 0; i <= len; i++) {
		if (i < len && slice[i] != '-')
			continue;
		if (i == 0 || slice[i - 1] == '-') /* an empty level */
			return NULL;
		path = arena_printf("%s/%.*s.slice", path, (int)i, slice);
	}
	return path;
}

/* Splits "SLICE:PREFIX:NAME". For an absent path the defaults are used. */
static int cut_path(const struct plan_input *in, const char *word[3])
{
	const char *path = in->config->linux_.cgroups_path, *colon;
	const char *expected = "expected SLICE:PREFIX:NAME, because systemd manages the cgroups";

	word[0] = "";
	word[1] = "tamis";
	word[2] = in->options->id;
	if (!path || !*path)
		return 0;
	for (size_t i = 0; i < 3; i++) {
		colon = strchr(path, ':');
		if (!colon != (i == 2))
			return json_fail_member(in->config->linux_.at, "cgroupsPath",
						"%s, found \"%s\"", expected,
						in->config->linux_.cgroups_path);
		word[i] = colon ? arena_memdup(path, (size_t)(colon - path)) : path;
		path = colon ? colon + 1 : path;
	}
	return 0;
}

int plan_scope_make(const struct plan_input *in, struct plan_cgroup *ret, const char **ret_path)
{
	const struct json *at = in->config->linux_.at;
	const char *word[3];
	int r = cut_path(in, word);

	if (r < 0)
		return r;
	ret->scope.user = host_is_rootless(in->host);
	ret->slice = *word[0] ? word[0] : ret->scope.user ? "user.slice" : "system.slice";
	const char *slice = slice_path(ret->slice);

	if (!slice)
		return json_fail_member(at, "cgroupsPath",
					"expected the name of a slice, found \"%s\"", ret->slice);
	/* systemd does not want processes in a slice */
	if (!*word[2] || ends_with(word[2], ".slice"))
		return json_fail_member(at, "cgroupsPath",
					"expected a name for a scope, found \"%s\"", word[2]);
	ret->scope.unit = arena_printf("%s-%s.scope", word[1], word[2]);
	if (!is_unit_name(ret->scope.unit))
		return json_fail_member(at, "cgroupsPath",
					"expected letters, digits and \":-_.\\@\", at most %d, as "
					"the name of a unit, found \"%s\"",
					UNIT_NAME_MAX, ret->scope.unit);
	*ret_path = path_join(slice, ret->scope.unit);
	return plan_property_make(in, ret);
}
