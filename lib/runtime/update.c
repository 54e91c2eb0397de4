/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns `update`. What must hold: options and a document take the same way, through the checks of
 * create. An update is complete or undone (lib/cgroup restores earlier values after an error).
 * Limits are stored only in the kernel; the record has none that could differ.
 */
#include "runtime/update.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/input.h"
#include "base/num.h"
#include "base/words.h"
#include "cgroup/cgroup.h"
#include "cgroup/read.h"
#include "cgroup/update.h"
#include "oci/config.h"
#include "oci/jsonw.h"
#include "oci/parse.h"
#include "oci/validate.h"
#include "plan/host.h"
#include "plan/plan.h"
#include "runtime/container.h"
#include "runtime/status.h"
#include "runtime/timeouts.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <string.h>
#include <unistd.h>

enum kind { KIND_BYTES, KIND_NUMBER, KIND_TEXT };

/* Options as members of linux.resources, grouped by object. */
static const struct row {
	const char *option, *object, *key;
	size_t offset;
	enum kind kind;
} rows[] = {
#define ROW(o, object, key, m, kind)                                     \
	{                                                                \
		o, object, key, offsetof(struct update_options, m), kind \
	}
	ROW("memory", "memory", "limit", memory, KIND_BYTES),
	ROW("memory-reservation", "memory", "reservation", memory_reservation, KIND_BYTES),
	ROW("memory-swap", "memory", "swap", memory_swap, KIND_BYTES),
	ROW("cpu-period", "cpu", "period", cpu_period, KIND_NUMBER),
	ROW("cpu-quota", "cpu", "quota", cpu_quota, KIND_NUMBER),
	ROW("cpu-burst", "cpu", "burst", cpu_burst, KIND_NUMBER),
	ROW("cpu-rt-period", "cpu", "realtimePeriod", cpu_rt_period, KIND_NUMBER),
	ROW("cpu-rt-runtime", "cpu", "realtimeRuntime", cpu_rt_runtime, KIND_NUMBER),
	ROW("cpu-share", "cpu", "shares", cpu_share, KIND_NUMBER),
	ROW("cpu-idle", "cpu", "idle", cpu_idle, KIND_NUMBER),
	ROW("cpuset-cpus", "cpu", "cpus", cpuset_cpus, KIND_TEXT),
	ROW("cpuset-mems", "cpu", "mems", cpuset_mems, KIND_TEXT),
	ROW("pids-limit", "pids", "limit", pids_limit, KIND_NUMBER),
	ROW("blkio-weight", "blockIO", "weight", blkio_weight, KIND_NUMBER),
#undef ROW
};

static const char *option_value(const struct update_options *options, const struct row *row)
{
	return *(const char *const *)((const char *)options + row->offset);
}

/* Parses "512m", "1GiB" or "-1": a number and a power of 1024, as Docker accepts it. */
static int parse_bytes(const char *word, int64_t *ret)
{
	static const char units[] = "kmgtp";
	uint64_t n;
	const char *p;

	if (strcmp(word, "-1") == 0) {
		*ret = -1;
		return 0;
	}
	int r = num_scan_u64(word, &p, &n);

	if (r < 0)
		return r;
	const char *unit = *p ? strchr(units, *p | 0x20) : NULL;

	for (const char *u = units; unit && u <= unit; u++)
		if (__builtin_mul_overflow(n, 1024, &n))
			return -ERANGE;
	p += unit != NULL;
	p += unit && *p == 'i' && (p[1] | 0x20) == 'b';
	p += (*p | 0x20) == 'b';
	if (*p || n > INT64_MAX)
		return *p ? -EINVAL : -ERANGE;
	*ret = (int64_t)n;
	return 0;
}

static int write_member(struct jsonw *w, const struct row *row, const char *value)
{
	uint64_t positive;
	int64_t n;

	if (row->kind == KIND_TEXT) {
		jsonw_member_string(w, row->key, value);
		return 0;
	}
	if (row->kind == KIND_NUMBER && num_parse_u64(value, &positive) == 0) {
		jsonw_member_u64(w, row->key, positive);
		return 0;
	}
	int r = row->kind == KIND_BYTES ? parse_bytes(value, &n) : num_parse_i64(value, &n);

	if (r < 0)
		return fail(0, "update: --%s: expected %s, found '%s'", row->option,
			    row->kind == KIND_BYTES ? "bytes, as 1048576, 512m or 2g, or -1"
						    : "a number",
			    value);
	jsonw_member_i64(w, row->key, n);
	return 0;
}

/* Converts the options to the equivalent document. */
static int options_text(const struct update_options *options, struct text *ret)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);
	const char *open = NULL;

	jsonw_object(w);
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		const char *value = option_value(options, &rows[i]);

		if (!value)
			continue;
		if (!open || strcmp(open, rows[i].object) != 0) {
			if (open)
				jsonw_end(w);
			open = rows[i].object;
			jsonw_member_object(w, open);
		}
		int r = write_member(w, &rows[i], value);

		if (r < 0)
			return r;
	}
	if (open)
		jsonw_end(w);
	jsonw_end(w);
	*ret = jsonw_finish(w);
	return 0;
}

static int read_document(const char *path, struct text *ret)
{
	int r = strcmp(path, "-") == 0 ? io_read_all(STDIN_FILENO, JSON_TEXT_MAX, ret)
				       : input_read(AT_FDCWD, path, JSON_TEXT_MAX, ret);

	return r < 0 ? fail(-r, "--resources %s: cannot be read", path) : 0;
}

static int read_resources(const struct update_options *options, struct resources_spec *ret)
{
	const char *name = "update";
	struct text text;
	int r;

	if (options->resources) {
		for (size_t i = 0; i < ARRAY_LEN(rows); i++)
			if (option_value(options, &rows[i]))
				return fail(0,
					    "update: --resources and --%s: expected one or the "
					    "other",
					    rows[i].option);
		name = strcmp(options->resources, "-") == 0 ? "resources" : options->resources;
		r = read_document(options->resources, &text);
	} else {
		r = options_text(options, &text);
	}
	return r < 0 ? r : parse_resources(name, &text, ret);
}

/* --- what the kernel has now --------------------------------------------------------------- */

/* On v1 there are two files, but systemd writes both if it is told of one. */
static void keep_cpu_v1(const struct cgroup *cgroup, struct cpu_spec *cpu)
{
	struct text now;
	int64_t n;
	const char *file = cpu->period.v ? "cpu.cfs_quota_us" : "cpu.cfs_period_us";

	if (!cgroup->scope.unit || cgroup_read(cgroup, "cpu", file, NULL, &now) < 0 ||
	    num_parse_i64(now.data, &n) < 0)
		return;
	if (cpu->period.v)
		cpu->quota = (struct opt_i64){ true, n };
	else
		cpu->period = (struct opt_u64){ true, (uint64_t)n };
}

/* On v2 quota and period are in one file. The one that is not given keeps its value. */
static void keep_cpu(const struct cgroup *cgroup, struct cpu_spec *cpu)
{
	struct text now;
	const char *end;
	uint64_t quota = 0, period;

	if (!cpu->quota.v == !cpu->period.v)
		return;
	keep_cpu_v1(cgroup, cpu);
	if (cgroup_read(cgroup, "cpu", NULL, "cpu.max", &now) < 0)
		return;
	const char *space = strchr(now.data, ' ');

	if (!space || num_parse_u64(space + 1, &period) < 0)
		return;
	if (!cpu->period.v)
		cpu->period = (struct opt_u64){ true, period };
	else if (num_scan_u64(now.data, &end, &quota) == 0 && quota <= INT64_MAX)
		cpu->quota = (struct opt_i64){ true, (int64_t)quota };
}

/*
 * The sum of memory and swap requires the memory limit. If that is not given, the current one is
 * used.
 */
static int keep_memory(const struct cgroup *cgroup, struct resources_spec *spec)
{
	struct memory_spec *m = &spec->memory;
	struct text now;
	int64_t limit;

	if (m->swap.v <= 0 || m->limit.v != 0 ||
	    cgroup_read(cgroup, "memory", "memory.limit_in_bytes", "memory.max", &now) < 0 ||
	    num_parse_i64(now.data, &limit) < 0)
		return 0;
	m->limit = (struct opt_i64){ true, limit };
	return validate_resources(spec);
}

/*
 * checkBeforeUpdate: refuses a limit below the current usage, which would get processes killed
 * immediately.
 */
static int check_memory(const struct cgroup *cgroup, const struct memory_spec *m)
{
	struct text now;
	int64_t usage;

	if (!m->check_before_update.v ||
	    cgroup_read(cgroup, "memory", "memory.usage_in_bytes", "memory.current", &now) < 0 ||
	    num_parse_i64(now.data, &usage) < 0)
		return 0;
	if (m->limit.v > 0 && m->limit.v <= usage)
		return json_fail_member(m->at, "limit",
					"expected more than the %jd bytes in use, found %jd",
					(intmax_t)usage, (intmax_t)m->limit.v);
	if (m->swap.v > 0 && m->swap.v <= usage)
		return json_fail_member(m->at, "swap",
					"expected more than the %jd bytes in use, found %jd",
					(intmax_t)usage, (intmax_t)m->swap.v);
	return 0;
}

static int apply(const struct container *c, struct resources_spec *spec)
{
	struct plan_cgroup plan = { 0 };
	struct cgroup cgroup;
	struct host host;

	record_cgroup(&c->record, &cgroup);
	keep_cpu(&cgroup, &spec->cpu);
	int r = keep_memory(&cgroup, spec);

	if (r >= 0)
		r = check_memory(&cgroup, &spec->memory);
	if (r >= 0)
		r = host_read(&host);
	if (r >= 0)
		r = plan_resources_make(spec, c->record.oci_version, &host, &plan);
	if (r < 0 || plan.n_values == 0)
		return r;
	if (cgroup.n == 0)
		return fail(0, "%s: container '%s' has no cgroup", plan.values[0].place, c->id);
	return cgroup_update(&plan, &cgroup);
}

int container_update(struct container *c, const struct update_options *options)
{
	struct resources_spec spec = { 0 };
	int r = read_resources(options, &spec);

	if (r >= 0)
		r = container_lock(c, LOCK_TIMEOUT_MS);
	if (r < 0)
		return r;
	enum status status = container_status(c);

	if (status != STATUS_CREATED && status != STATUS_RUNNING && status != STATUS_PAUSED)
		return fail(0, "container '%s': " WORDS_NOT_RUNNING ": it is %s", c->id,
			    names_of(state_status_names, status));
	return apply(c, &spec);
}
