/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns id maps. What must hold: every id has one meaning on either side (user_namespaces(7)):
 * the kernel's own EINVAL for a bad map names neither the line nor the reason.
 */
#include "base/arena.h"
#include "oci/json.h"
#include "plan/make.h"

enum { MAPS_MAX = 340 }; /* UID_GID_MAP_MAX_EXTENTS of the kernel, since 4.15 */

static bool overlap(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size)
{
	return a < (uint64_t)b + b_size && b < (uint64_t)a + a_size;
}

static int check_map(const struct id_map_spec *m)
{
	if (m->size == 0)
		return json_fail_member(m->at, "size", "found 0, expected at least one id");
	if ((uint64_t)m->container + m->size > CONFIG_ID_MAX + UINT64_C(1))
		return json_fail(m->at, "found container ids up to %ju, expected at most %u",
				 (uintmax_t)m->container + m->size - 1, CONFIG_ID_MAX);
	if ((uint64_t)m->host + m->size > CONFIG_ID_MAX + UINT64_C(1))
		return json_fail(m->at, "found host ids up to %ju, expected at most %u",
				 (uintmax_t)m->host + m->size - 1, CONFIG_ID_MAX);
	return 0;
}

static int check_pair(const struct id_map_spec *a, const struct id_map_spec *b)
{
	if (overlap(a->container, a->size, b->container, b->size))
		return json_fail(b->at, "container ids from %u on are in %s too", b->container,
				 json_path(a->at));
	if (overlap(a->host, a->size, b->host, b->size))
		return json_fail(b->at, "host ids from %u on are in %s too", b->host,
				 json_path(a->at));
	return 0;
}

int make_id_maps(const struct id_maps_spec *spec, const struct json *owner, const char *key,
		 struct plan_id_maps *ret)
{
	struct plan_id_map *v = arena_array(spec->n + 1, sizeof(*v));
	int r = 0;

	if (spec->n > MAPS_MAX)
		return json_fail_member(owner, key, "found %zu mappings, expected at most %d",
					spec->n, MAPS_MAX);
	for (size_t i = 0; i < spec->n; i++) {
		const struct id_map_spec *m = &spec->v[i];

		r = check_map(m);
		for (size_t k = 0; k < i && r == 0; k++)
			r = check_pair(&spec->v[k], m);
		if (r < 0)
			return r;
		v[i] = (struct plan_id_map){ m->container, m->host, m->size };
	}
	*ret = (struct plan_id_maps){ spec->n, v };
	return 0;
}
