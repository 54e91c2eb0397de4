/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the list of cgroup files and values in the order of writing, and the check for controllers.
 * What must hold: a controller that this host lacks is never ignored.
 */
#include "plan/values.h"

#include "base/arena.h"
#include "base/base.h"
#include "oci/json.h"

#include <string.h>

bool values_has_word(const char *list, const char *separators, const char *word)
{
	size_t n = strlen(word);

	for (const char *p = list; *p; p += strspn(p, separators)) {
		size_t len = strcspn(p, separators);

		if (len == n && memcmp(p, word, n) == 0)
			return true;
		p += len;
	}
	return false;
}

enum cgroup_version values_version(const struct values *b, const char *controller)
{
	bool v2 = false;

	for (size_t i = 0; i < b->host->n_hierarchies; i++) {
		const struct cgroup_dir *dir = &b->host->hierarchies[i].own;

		v2 |= dir->v2;
		if (!dir->v2 && values_has_word(dir->name, ",", controller))
			return CGROUP_V1;
	}
	return v2 && values_has_word(b->host->cgroup2_controllers, " ", controller) ? CGROUP_V2
										    : CGROUP_NONE;
}

int values_need(const struct values *b, const struct json *at, const char *key,
		const char *controller, enum cgroup_version *ret)
{
	*ret = values_version(b, controller);
	if (*ret == CGROUP_NONE)
		return json_fail_member(at, key, "this host has no cgroup controller \"%s\"",
					controller);
	return 0;
}

struct plan_cgroup_value *values_add(struct values *b, const struct json *at, const char *key,
				     const char *controller, const char *file, const char *value)
{
	const struct json *member = json_member(at, key);

	b->v = arena_grow(b->v, b->n, &b->room, sizeof(*b->v));
	struct plan_cgroup_value *ret = &b->v[b->n++];

	*ret = (struct plan_cgroup_value){
		.place = member ? json_path(member) : json_path(at),
		.controller = controller,
		.file = file,
		.value = value,
	};
	return ret;
}
