/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the rules for linux.resources and linux.seccomp that do not depend on the host. The plan
 * decides what depends on it (cgroup version, flags, architectures). Names that become file names
 * in cgroupfs are restricted here: `unified` must not reach another directory or a control file of
 * the hierarchy.
 */
#include "oci/validate.h"

#include "base/arena.h"
#include "base/path.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-."

enum { PAGE_SIZES_MAX = 64 };

/* Files of cgroup.* that limit a cgroup. The others move processes or enable controllers. */
static const char *const unified_core[] = { "cgroup.freeze", "cgroup.max.depth",
					    "cgroup.max.descendants" };

static const char *why_not_unified(const char *key)
{
	if (!*key || key[strspn(key, NAME_CHARACTERS)] || !strchr(key, '.') || *key == '.' ||
	    strstr(key, "..") || strlen(key) > NAME_MAX)
		return "expected the name of a cgroup v2 file, as \"memory.high\"";
	if (strncmp(key, "cgroup.", strlen("cgroup.")) != 0)
		return NULL;
	for (size_t i = 0; i < ARRAY_LEN(unified_core); i++)
		if (strcmp(key, unified_core[i]) == 0)
			return NULL;
	return "expected a limit, found a control file of the cgroup";
}

static int validate_unified(const struct resources_spec *r)
{
	for (size_t i = 0; i < r->unified.n; i++) {
		const char *why = why_not_unified(r->unified.v[i].key);

		if (why)
			return json_fail_member(json_member(r->at, "unified"), r->unified.v[i].key,
						"%s", why);
	}
	return 0;
}

static int validate_memory(const struct memory_spec *m)
{
	if (m->swap.set && m->limit.set && m->swap.v > 0 && m->limit.v > 0 &&
	    m->swap.v < m->limit.v)
		return json_fail_member(m->at, "swap",
					"expected at least the limit %" PRId64 " (it counts "
					"memory and swap together), found %" PRId64,
					m->limit.v, m->swap.v);
	if (m->swappiness.set && m->swappiness.v > 100)
		return json_fail_member(m->at, "swappiness", "expected 0 to 100, found %" PRIu64,
					m->swappiness.v);
	return 0;
}

/* Docker writes 0 for "not set". */
static int validate_weight(const struct json *at, const char *key, const struct opt_u32 *weight)
{
	if (!weight->set || !weight->v || (weight->v >= 10 && weight->v <= 1000))
		return 0;
	return json_fail_member(at, key, "expected 10 to 1000, found %u", weight->v);
}

static int validate_block_io(const struct block_io_spec *b)
{
	int r = validate_weight(b->at, "weight", &b->weight);

	if (r < 0 || (r = validate_weight(b->at, "leafWeight", &b->leaf_weight)) < 0)
		return r;
	for (size_t i = 0; i < b->weight_devices.n; i++) {
		const struct weight_device_spec *d = &b->weight_devices.v[i];

		r = validate_weight(d->at, "weight", &d->weight);
		if (r < 0 || (r = validate_weight(d->at, "leafWeight", &d->leaf_weight)) < 0)
			return r;
	}
	return 0;
}

/* The device becomes a word of a line that is written to rdma.max. */
static int validate_rdma(const struct resources_spec *r)
{
	for (size_t i = 0; i < r->rdma.n; i++) {
		const char *device = r->rdma.v[i].device;

		if (!*device || device[strspn(device, NAME_CHARACTERS)])
			return json_fail(r->rdma.v[i].at, "expected the name of an RDMA device");
	}
	return 0;
}

static int validate_hugepages(const struct resources_spec *r)
{
	if (r->hugepages.n > PAGE_SIZES_MAX) /* they are compared in pairs */
		return json_fail_member(r->at, "hugepageLimits",
					"expected at most %d page sizes, found %zu", PAGE_SIZES_MAX,
					r->hugepages.n);
	for (size_t i = 0; i < r->hugepages.n; i++)
		for (size_t k = 0; k < i; k++)
			if (strcmp(r->hugepages.v[i].page_size, r->hugepages.v[k].page_size) == 0)
				return json_fail_member(r->hugepages.v[i].at, "pageSize",
							"%s is there twice, first in %s",
							r->hugepages.v[i].page_size,
							json_path(r->hugepages.v[k].at));
	return 0;
}

int validate_resources(const struct resources_spec *resources)
{
	int r = validate_unified(resources);

	if (r < 0 || (r = validate_memory(&resources->memory)) < 0 ||
	    (r = validate_block_io(&resources->block_io)) < 0 ||
	    (r = validate_hugepages(resources)) < 0)
		return r;
	return validate_rdma(resources);
}

int validate_resources_seccomp(const struct seccomp_spec *s)
{
	bool path = s->listener_path && *s->listener_path;

	if (path && !path_is_absolute(s->listener_path))
		return json_fail_member(s->at, "listenerPath", "expected an absolute path");
	if (!path && s->listener_metadata && *s->listener_metadata)
		return json_fail_member(s->at, "listenerMetadata",
					"expected listenerPath beside it, found none");
	for (size_t i = 0; i < s->syscalls.n; i++)
		if (!s->syscalls.v[i].names.n)
			return json_fail_member(s->syscalls.v[i].at, "names",
						"expected at least one name, found []");
	return 0;
}
