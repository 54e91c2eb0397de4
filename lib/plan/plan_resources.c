/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns linux.resources as an ordered list of files and values. Memory, cpu and blkio have files of
 * their own. What must hold: a limit that is asked for is in the list or is an error.
 */
#include "plan/make.h"
#include "plan/values.h"

#include "base/arena.h"
#include "base/base.h"
#include "oci/json.h"

#include <string.h>

/*
 * Before 1.3 the specification did not define the meaning of 0, and runtimes took it for no limit.
 * Podman 4 writes it for --pids-limit=-1.
 */
static bool zero_is_none(const char *oci_version)
{
	return strncmp(oci_version, "1.", 2) == 0 && oci_version[2] < '3' &&
	       strspn(oci_version + 2, "0123456789") == 1;
}

/*
 * 0 is a limit (runtime-spec 1.3), -1 is none. A v2 cgroup with a limit of 0 admits no process, not
 * even the container's first, and systemd has no such limit. So it becomes 1, as in runc.
 */
static int add_pids(struct values *b)
{
	const struct pids_spec *p = &b->spec->pids;
	enum cgroup_version version;

	if (!p->limit.set)
		return 0;
	bool none = p->limit.v < 0 || (p->limit.v == 0 && zero_is_none(b->oci_version));

	if (none && values_version(b, "pids") == CGROUP_NONE)
		return 0;
	int r = values_need(b, p->at, "limit", "pids", &version);

	if (r == 0)
		values_add(b, p->at, "limit", "pids", "pids.max",
			   none		     ? "max"
			   : p->limit.v == 0 ? "1"
					     : arena_printf("%jd", (intmax_t)p->limit.v));
	return r;
}

/*
 * Adds the limit on use, and the limit on reservation if the kernel has it (5.7, depends on its
 * configuration): a task that reserves more than it may use would get SIGBUS instead of an error of
 * mmap(2).
 */
static int add_hugepages(struct values *b)
{
	for (size_t i = 0; i < b->spec->hugepages.n; i++) {
		const struct hugepage_spec *p = &b->spec->hugepages.v[i];
		enum cgroup_version version;

		int r = values_need(b, p->at, "limit", "hugetlb", &version);

		if (r < 0)
			return r;
		const char *value = arena_printf("%ju", (uintmax_t)p->limit);
		const char *end = version == CGROUP_V2 ? "max" : "limit_in_bytes";

		values_add(b, p->at, "limit", "hugetlb",
			   arena_printf("hugetlb.%s.%s", p->page_size, end), value);
		values_add(b, p->at, "limit", "hugetlb",
			   arena_printf("hugetlb.%s.rsvd.%s", p->page_size, end), value)
			->optional = true;
	}
	return 0;
}

static int add_rdma(struct values *b)
{
	for (size_t i = 0; i < b->spec->rdma.n; i++) {
		const struct rdma_spec *d = &b->spec->rdma.v[i];
		const char *value = d->device;
		enum cgroup_version version;

		if (!d->hca_handles.set && !d->hca_objects.set)
			continue;
		int r = values_need(b, d->at, "", "rdma", &version);

		if (r < 0)
			return r;
		if (d->hca_handles.set)
			value = arena_printf("%s hca_handle=%u", value, d->hca_handles.v);
		if (d->hca_objects.set)
			value = arena_printf("%s hca_object=%u", value, d->hca_objects.v);
		values_add(b, d->at, "", "rdma", "rdma.max", value);
	}
	return 0;
}

/* v1 only. On v2 packets are marked by eBPF programs. */
static int add_network(struct values *b)
{
	const struct network_spec *n = &b->spec->network;
	enum cgroup_version version;
	int r;

	if (n->class_id.set && n->class_id.v) {
		if ((r = values_need(b, n->at, "classID", "net_cls", &version)) < 0)
			return r;
		values_add(b, n->at, "classID", "net_cls", "net_cls.classid",
			   arena_printf("%u", n->class_id.v));
	}
	for (size_t i = 0; i < n->priorities.n; i++) {
		const struct network_priority_spec *p = &n->priorities.v[i];

		if ((r = values_need(b, p->at, "priority", "net_prio", &version)) < 0)
			return r;
		values_add(b, p->at, "priority", "net_prio", "net_prio.ifpriomap",
			   arena_printf("%s %u", p->name, p->priority));
	}
	return 0;
}

/* --- unified ---------------------------------------------------------------------------- */

/* `member` is the member of the object `at`, for the place; or NULL. */
static int add_file(struct values *b, const struct json *at, const struct json *member,
		    const struct pair *p)
{
	if (strncmp(p->key, "cgroup.", 7) == 0) {
		if (strcmp(p->key, "cgroup.freeze") == 0)
			return json_fail_member(at, p->key,
						"would freeze the container before it can start");
		values_add(b, member, "", NULL, p->key, p->value);
		return 0;
	}
	const char *controller = arena_memdup(p->key, strcspn(p->key, "."));

	if (!values_has_word(b->host->cgroup2_controllers, " ", controller))
		return json_fail_member(
			at, p->key, "cgroup v2 of this host has no controller \"%s\"", controller);
	values_add(b, member, "", controller, p->key, p->value);
	return 0;
}

static int add_unified(struct values *b)
{
	const struct json *at = json_member(b->spec->at, "unified");
	const struct json *member = at ? at->first : NULL; /* in the order of the pairs */
	bool v2 = false;

	for (size_t i = 0; i < b->host->n_hierarchies; i++)
		v2 |= b->host->hierarchies[i].own.v2;
	if (b->spec->unified.n && !v2)
		return json_fail_member(b->spec->at, "unified",
					"needs cgroup v2, which this host has not mounted");
	for (size_t i = 0; i < b->spec->unified.n; i++) {
		int r = add_file(b, at, member, &b->spec->unified.v[i]);

		if (r < 0)
			return r;
		member = member ? member->next : NULL;
	}
	return 0;
}

/* unified is the last, because the specification lets it override the others. */
static int (*const parts[])(struct values *b) = {
	values_cpu_set, values_cpu, values_memory, add_pids,	values_blkio,
	add_hugepages,	add_rdma,   add_network,   add_unified,
};

int plan_resources_make(const struct resources_spec *spec, const char *oci_version,
			const struct host *host, struct plan_cgroup *ret)
{
	struct values b = { .host = host, .spec = spec, .oci_version = oci_version };
	int r = 0;

	for (size_t i = 0; i < ARRAY_LEN(parts) && r == 0; i++)
		r = parts[i](&b);
	ret->n_values = b.n;
	ret->values = b.v;
	plan_devices_make_rules(spec, ret);
	return r;
}
