/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the conversion to properties of systemd (systemd.resource-control(5)).
 *
 * What must hold: if systemd cannot express a setting exactly, it gets a wider one, never a
 * narrower one, since on v2 systemd's setting and ours apply together. On v1 systemd writes the
 * same devices file as we do, and only its setting would remain after a reload, so there it gets a
 * narrower one.
 */
#include "cgroup/properties.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "cgroup/cgdir.h"
#include "cgroup/devices.h"
#include "cgroup/devlist.h"

#include <string.h>

enum { CPUS_MAX = 8192, QUOTA_STEP_US = 10000, PERIOD_DEFAULT_US = 100000 };

static void add(struct properties *p, const char *name, unsigned int since, const char *type,
		const char *value)
{
	p->v = arena_grow(p->v, p->n, &p->room, sizeof(*p->v));
	p->v[p->n++] = (struct plan_property){ name, type, value, since };
}

static void add_number(struct properties *p, const char *name, unsigned int since, uint64_t n)
{
	add(p, name, since, "t", arena_printf("%ju", (uintmax_t)n));
}

/* "max" and "-1" are infinity for systemd. */
static bool read_number(const char *text, uint64_t *ret)
{
	if (strcmp(text, "max") == 0 || strcmp(text, "-1") == 0) {
		*ret = UINT64_MAX;
		return true;
	}
	return num_parse_u64(text, ret) == 0;
}

/*
 * Converts "0-3,7" to hexadecimal bytes, with the first CPU in the lowest bit of the first byte.
 * Returns NULL if systemd cannot express the list.
 */
static const char *list_bits(const char *list)
{
	uint8_t bits[CPUS_MAX / 8] = { 0 };
	size_t bytes = 0;
	char *text;

	for (const char *p = list; *p; p += *p == ',') {
		uint64_t from, to;

		if (num_scan_u64(p, &p, &from) < 0)
			return NULL;
		to = from;
		if (*p == '-' && num_scan_u64(p + 1, &p, &to) < 0)
			return NULL;
		if ((*p && *p != ',') || to < from || to >= CPUS_MAX)
			return NULL;
		for (uint64_t i = from; i <= to; i++)
			bits[i / 8] |= (uint8_t)(1 << i % 8);
		bytes = to / 8 + 1 > bytes ? to / 8 + 1 : bytes;
	}
	text = arena_alloc(2 * bytes + 1);
	for (size_t i = 0; i < bytes; i++) {
		text[2 * i] = "0123456789abcdef"[bits[i] >> 4];
		text[2 * i + 1] = "0123456789abcdef"[bits[i] & 15];
	}
	return bytes ? text : NULL;
}

/* --- values --------------------------------------------------------------------------------- */

/* Files whose number is the property's value. systemd accepts values from low to high. */
static const struct row {
	const char *file, *name;
	unsigned int since;
	uint64_t low, high;
} rows[] = {
	{ "memory.max", "MemoryMax", 0, 1, UINT64_MAX },
	{ "memory.swap.max", "MemorySwapMax", 0, 0, UINT64_MAX },
	{ "memory.high", "MemoryHigh", 0, 1, UINT64_MAX },
	{ "memory.low", "MemoryLow", 0, 0, UINT64_MAX },
	{ "memory.min", "MemoryMin", 240, 0, UINT64_MAX },
	{ "memory.limit_in_bytes", "MemoryLimit", 0, 1, UINT64_MAX },
	{ "cpu.weight", "CPUWeight", 0, 1, 10000 },
	{ "cpu.shares", "CPUShares", 0, 2, 262144 },
	{ "io.weight", "IOWeight", 0, 1, 10000 },
	{ "blkio.weight", "BlockIOWeight", 0, 10, 1000 },
	{ "pids.max", "TasksMax", 0, 1, UINT64_MAX },
};

static void add_row(struct properties *p, const char *file, const char *value)
{
	uint64_t n;

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		if (strcmp(rows[i].file, file) == 0 && read_number(value, &n) && n >= rows[i].low &&
		    n <= rows[i].high)
			add_number(p, rows[i].name, rows[i].since, n);
}

/* systemd expresses the quota per second, in steps of a hundredth of a CPU. */
static void add_quota(struct properties *p, uint64_t quota, uint64_t period)
{
	uint64_t second = UINT64_MAX, scaled;

	if (quota != UINT64_MAX && period && !__builtin_mul_overflow(quota, 1000000, &scaled)) {
		scaled /= period;
		second = (scaled + QUOTA_STEP_US - 1) / QUOTA_STEP_US * QUOTA_STEP_US;
	}
	add_number(p, "CPUQuotaPerSecUSec", 0, second);
	add_number(p, "CPUQuotaPeriodUSec", 242, period);
}

/* Value of cpu.max: "QUOTA PERIOD". */
static void add_cpu_max(struct properties *p, const char *value)
{
	const char *space = strchr(value, ' ');
	uint64_t quota, period = PERIOD_DEFAULT_US;

	if (!read_number(space ? arena_memdup(value, (size_t)(space - value)) : value, &quota))
		return;
	if (!space || num_parse_u64(space + 1, &period) == 0)
		add_quota(p, quota, period);
}

/* On v1 quota and period are two files. */
static void add_cfs(struct properties *p, const struct plan_cgroup *plan)
{
	uint64_t quota = UINT64_MAX, period = PERIOD_DEFAULT_US;
	bool given = false;

	for (size_t i = 0; i < plan->n_values; i++) {
		const struct plan_cgroup_value *v = &plan->values[i];

		if (strcmp(v->file, "cpu.cfs_quota_us") == 0)
			given |= read_number(v->value, &quota);
		else if (strcmp(v->file, "cpu.cfs_period_us") == 0)
			given |= read_number(v->value, &period);
	}
	if (given)
		add_quota(p, quota, period);
}

static void add_cpuset(struct properties *p, const struct cgroup *cgroup,
		       const struct plan_cgroup_value *v)
{
	bool cpus = strcmp(v->file, "cpuset.cpus") == 0;
	const char *bits;

	if ((!cpus && strcmp(v->file, "cpuset.mems") != 0) || cgdir_find_v1(cgroup, "cpuset"))
		return; /* systemd supports the cpuset controller of v2 only */
	bits = list_bits(v->value);
	if (bits)
		add(p, cpus ? "AllowedCPUs" : "AllowedMemoryNodes", 244, "ay", bits);
}

static void add_value(struct properties *p, const struct cgroup *cgroup,
		      const struct plan_cgroup_value *v)
{
	add_row(p, v->file, v->value);
	if (v->else_file)
		add_row(p, v->else_file, v->else_value);
	if (strcmp(v->file, "cpu.max") == 0)
		add_cpu_max(p, v->value);
	else if (strcmp(v->file, "cpu.idle") == 0 && strcmp(v->value, "1") == 0)
		add_number(p, "CPUWeight", 252, 0); /* the value "idle" */
	else
		add_cpuset(p, cgroup, v);
}

/* --- devices -------------------------------------------------------------------------------- */

/* Returns NULL for one minor number of all majors, which systemd cannot express. */
static const char *device_pattern(const struct plan_device_rule *r)
{
	const char *type = r->type == 'b' ? "block" : "char";

	if (r->major < 0)
		return r->minor < 0 ? arena_printf("%s-*", type) : NULL;
	if (r->minor < 0)
		return arena_printf("%s-%jd", type, (intmax_t)r->major);
	return arena_printf("/dev/%s/%jd:%jd", type, (intmax_t)r->major, (intmax_t)r->minor);
}

static bool can_say(const struct devices_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		if (!device_pattern(&list->v[i]))
			return false;
	return !list->allow;
}

static void add_devices(struct properties *p, const struct plan_cgroup *plan,
			const struct cgroup *cgroup)
{
	struct devices_list list = { 0 };
	bool all = false, v1 = cgdir_find_v1(cgroup, "devices");

	if (devlist_make(plan->rules, plan->n_rules, &list) < 0) {
		/*
		 * on v1 writing the list reports the error; on v2 our own program can express the
		 * rules
		 */
		err_clear();
		list = (struct devices_list){ .allow = !v1 };
	} else {
		all = list.allow && list.n == 0;
	}
	if (all || (!v1 && !can_say(&list))) {
		add(p, "DevicePolicy", 0, "s", "auto");
		return;
	}
	add(p, "DevicePolicy", 0, "s", "strict");
	for (size_t i = 0; i < list.n && !list.allow; i++) {
		const struct plan_device_rule *r = &list.v[i];
		const char *pattern = device_pattern(r);

		if (pattern)
			add(p, "DeviceAllow", 240, "a(ss)",
			    arena_printf("%s %s%s%s", pattern, r->read ? "r" : "",
					 r->write ? "w" : "", r->mknod ? "m" : ""));
	}
}

void properties_make(const struct plan_cgroup *plan, const struct cgroup *cgroup,
		     struct properties *ret)
{
	*ret = (struct properties){ 0 };
	for (size_t i = 0; i < plan->n_values; i++)
		add_value(ret, cgroup, &plan->values[i]);
	add_cfs(ret, plan);
	if (plan->set_devices)
		add_devices(ret, plan, cgroup);
}
