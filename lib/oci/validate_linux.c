/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the rules for `linux`: namespaces, and what requires one. Sysctls are checked by the plan,
 * which converts them to file names and knows the namespace of each.
 */
#include "oci/validate.h"

#include "base/path.h"
#include "base/sys.h"
#include "oci/words.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

/* user_namespaces(7): one write of at most 340 lines and less than a page. */
enum { MAPS_MAX = 340, MAP_BYTES_MAX = 4095 };

/* --- namespaces and ids ------------------------------------------------------------------ */

const struct namespace_spec *validate_linux_namespace(const struct linux_spec *l, uint32_t type)
{
	for (size_t i = 0; i < l->namespaces.n; i++)
		if (l->namespaces.v[i].type == type)
			return &l->namespaces.v[i];
	return NULL;
}

static bool is_made(const struct namespace_spec *ns)
{
	return ns && (!ns->path || !*ns->path);
}

static int validate_namespaces(const struct linux_spec *l)
{
	uint64_t seen = 0;

	for (size_t i = 0; i < l->namespaces.n; i++) {
		const struct namespace_spec *ns = &l->namespaces.v[i];

		if (seen & ns->type)
			return json_fail_member(
				ns->at, "type", "%s is there twice, first in %s",
				names_of(words_namespaces, ns->type),
				json_path(validate_linux_namespace(l, ns->type)->at));
		seen |= ns->type;
	}
	if (!(seen & CLONE_NEWNS))
		return json_fail_member(l->at, "namespaces",
					"expected a mount namespace, found none: a container "
					"without one would mount on the host");
	return 0;
}

static int validate_range(const struct json *at, const char *key, uint32_t first, uint32_t size)
{
	uint64_t last = (uint64_t)first + size - 1;

	if (last <= CONFIG_ID_MAX)
		return 0;
	return json_fail_member(at, key, "expected ids up to %u, found %u to %" PRIu64,
				CONFIG_ID_MAX, first, last);
}

static bool overlap(uint32_t a, uint32_t b, const struct id_map_spec *x,
		    const struct id_map_spec *y)
{
	return a < (uint64_t)b + y->size && b < (uint64_t)a + x->size;
}

static int validate_id_map(const struct id_maps_spec *maps, size_t i)
{
	const struct id_map_spec *m = &maps->v[i];
	int r = validate_range(m->at, "containerID", m->container, m->size);

	if (r < 0 || (r = validate_range(m->at, "hostID", m->host, m->size)) < 0)
		return r;
	for (size_t k = 0; k < i; k++) {
		const struct id_map_spec *other = &maps->v[k];
		const char *key = overlap(m->container, other->container, m, other) ? "containerID"
				  : overlap(m->host, other->host, m, other)	    ? "hostID"
										    : NULL;

		if (key)
			return json_fail_member(m->at, key, "overlaps with %s",
						json_path(other->at));
	}
	return 0;
}

int validate_linux_id_maps(const struct json *owner, const char *key,
			   const struct id_maps_spec *maps)
{
	size_t bytes = 0;

	if (maps->n > MAPS_MAX)
		return json_fail_member(owner, key, "expected at most %d ranges, found %zu",
					MAPS_MAX, maps->n);
	for (size_t i = 0; i < maps->n; i++) {
		const struct id_map_spec *m = &maps->v[i];
		int r = validate_id_map(maps, i);

		if (r < 0)
			return r;
		bytes += (size_t)snprintf(NULL, 0, "%u %u %u\n", m->container, m->host, m->size);
	}
	if (bytes > MAP_BYTES_MAX)
		return json_fail_member(owner, key, "expected at most %d bytes as text, found %zu",
					MAP_BYTES_MAX, bytes);
	return 0;
}

/* Maps beside a joined user namespace have no effect. Podman writes a placeholder there. */
static int validate_user_namespace(const struct linux_spec *l)
{
	const struct namespace_spec *ns = validate_linux_namespace(l, CLONE_NEWUSER);
	const struct {
		const char *key;
		const struct id_maps_spec *maps;
	} both[] = { { "uidMappings", &l->uid_maps }, { "gidMappings", &l->gid_maps } };

	for (size_t i = 0; i < ARRAY_LEN(both); i++) {
		if (!ns && both[i].maps->n)
			return json_fail_member(l->at, both[i].key,
						"expected a user namespace in linux.namespaces, "
						"found none");
		if (is_made(ns) && !both[i].maps->n)
			return json_fail_member(l->at, both[i].key,
						"missing: the new user namespace needs it");
		int r = validate_linux_id_maps(l->at, both[i].key, both[i].maps);

		if (r < 0)
			return r;
	}
	return 0;
}

static int validate_time(const struct linux_spec *l)
{
	const struct time_offsets_spec *t = &l->time_offsets;

	if (!t->boottime.at && !t->monotonic.at)
		return 0;
	if (is_made(validate_linux_namespace(l, CLONE_NEWTIME)))
		return 0;
	return json_fail_member(
		l->at, "timeOffsets", "expected a new time namespace in linux.namespaces, found %s",
		validate_linux_namespace(l, CLONE_NEWTIME) ? "one to join" : "none");
}

/* --- devices, cgroups -------------------------------------------------------------------- */

static int validate_device(const struct device_spec *d)
{
	if (*d->type == 'p')
		return 0;
	if (!d->major.set || d->major.v < 0)
		return json_fail_member(d->at, "major", "missing: a device node needs it");
	if (!d->minor.set || d->minor.v < 0)
		return json_fail_member(d->at, "minor", "missing: a device node needs it");
	return 0;
}

static int validate_cgroups_path(const struct linux_spec *l)
{
	const char *path = l->cgroups_path;

	if (!path)
		return 0;
	if (strlen(path) >= PATH_MAX)
		return json_fail_member(l->at, "cgroupsPath", "expected at most %d bytes",
					PATH_MAX - 1);
	if (path_has_dot_dot(path))
		return json_fail_member(l->at, "cgroupsPath", "expected a path without \"..\"");
	for (const char *c = path; *c; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return json_fail_member(l->at, "cgroupsPath",
						"expected no control characters");
	return 0;
}

int validate_linux(const struct linux_spec *l)
{
	int r = validate_namespaces(l);

	if (r < 0 || (r = validate_user_namespace(l)) < 0 || (r = validate_time(l)) < 0 ||
	    (r = validate_cgroups_path(l)) < 0 || (r = validate_resources(&l->resources)) < 0)
		return r;
	for (size_t i = 0; i < l->devices.n; i++) {
		r = validate_device(&l->devices.v[i]);
		if (r < 0)
			return r;
	}
	return l->seccomp.at ? validate_resources_seccomp(&l->seccomp) : 0;
}
