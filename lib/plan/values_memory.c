/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns linux.resources.memory. What must hold: "swap" is the sum of memory and swap, as on v1; v2
 * counts swap only. -1 means no limit. 0 means not given, as in all engines and runtimes.
 */
#include "base/arena.h"
#include "oci/json.h"
#include "plan/values.h"

static bool is_given(const struct opt_i64 *o)
{
	return o->set && o->v != 0;
}

static const char *v1_bytes(int64_t n)
{
	return n < 0 ? "-1" : arena_printf("%jd", (intmax_t)n);
}

static const char *v2_bytes(int64_t n)
{
	return n < 0 ? "max" : arena_printf("%jd", (intmax_t)n);
}

static int check_swap(const struct memory_spec *m)
{
	if (!is_given(&m->swap) || m->swap.v < 0)
		return 0;
	if (!is_given(&m->limit) || m->limit.v < 0)
		return json_fail_member(m->at, "swap",
					"expected a limit of memory beside it, as it is the sum of "
					"both, found %jd alone",
					(intmax_t)m->swap.v);
	return 0;
}

/*
 * Kernels without swap accounting have no such file. "No limit" and "no swap at all" are satisfied
 * then anyway, and kubelet sends the latter to every host. Any other amount is an error.
 */
static void add_swap(struct values *b, const struct memory_spec *m, bool v2)
{
	int64_t limit = is_given(&m->limit) ? m->limit.v : 0, swap = m->swap.v;

	if (!is_given(&m->swap)) {
		if (limit >= 0)
			return;
		swap = -1; /* if only memory is unlimited, both are */
	}
	const char *value = v2 ? v2_bytes(swap < 0 ? -1 : swap - limit) : v1_bytes(swap);

	values_add(b, m->at, "swap", "memory",
		   v2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes", value)
		->optional = swap < 0 || swap == limit;
}

static void add_v1(struct values *b, const struct memory_spec *m)
{
	if (is_given(&m->limit))
		values_add(b, m->at, "limit", "memory", "memory.limit_in_bytes",
			   v1_bytes(m->limit.v));
	add_swap(b, m, false);
	if (is_given(&m->reservation))
		values_add(b, m->at, "reservation", "memory", "memory.soft_limit_in_bytes",
			   v1_bytes(m->reservation.v));
	if (is_given(&m->kernel_tcp))
		values_add(b, m->at, "kernelTCP", "memory", "memory.kmem.tcp.limit_in_bytes",
			   v1_bytes(m->kernel_tcp.v));
	if (m->disable_oom_killer.v)
		values_add(b, m->at, "disableOOMKiller", "memory", "memory.oom_control", "1");
	if (m->swappiness.set)
		values_add(b, m->at, "swappiness", "memory", "memory.swappiness",
			   arena_printf("%ju", (uintmax_t)m->swappiness.v));
}

static int add_v2(struct values *b, const struct memory_spec *m)
{
	const char *only_v1 = is_given(&m->kernel_tcp) && m->kernel_tcp.v > 0 ? "kernelTCP"
			      : m->disable_oom_killer.v			      ? "disableOOMKiller"
			      : m->swappiness.set			      ? "swappiness"
									      : NULL;

	if (only_v1)
		return json_fail_member(m->at, only_v1, "needs cgroup v1: v2 has no such control");
	add_swap(b, m, true);
	if (is_given(&m->limit))
		values_add(b, m->at, "limit", "memory", "memory.max", v2_bytes(m->limit.v));
	if (is_given(&m->reservation))
		/* "max" would protect all its memory; no reservation is 0. */
		values_add(b, m->at, "reservation", "memory", "memory.low",
			   m->reservation.v < 0 ? "0" : v2_bytes(m->reservation.v));
	return 0;
}

/* Returns the first member that sets a limit, or NULL. */
static const char *limiting(const struct memory_spec *m)
{
	if (m->limit.v > 0)
		return "limit";
	if (m->swap.v > 0)
		return "swap";
	if (m->reservation.v > 0)
		return "reservation";
	if (m->kernel_tcp.v > 0)
		return "kernelTCP";
	if (m->swappiness.set)
		return "swappiness";
	return m->disable_oom_killer.v ? "disableOOMKiller" : NULL;
}

/*
 * Not used: kernel (the kernel includes it in limit, and has no separate limit since 5.16),
 * useHierarchy (always true since 5.11), checkBeforeUpdate (a new cgroup uses nothing yet).
 */
int values_memory(struct values *b)
{
	const struct memory_spec *m = &b->spec->memory;
	enum cgroup_version version = values_version(b, "memory");
	int r = check_swap(m);

	if (r < 0)
		return r;
	if (version == CGROUP_NONE && !limiting(m))
		return 0;
	if (version == CGROUP_NONE)
		return values_need(b, m->at, limiting(m), "memory", &version);
	if (version == CGROUP_V2)
		return add_v2(b, m);
	add_v1(b, m);
	return 0;
}
