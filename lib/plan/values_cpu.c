/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns linux.resources.cpu. What must hold: the files are in the order that cgroupfs requires: the
 * period before its quota before its burst, and no weight if the group is idle.
 */
#include "base/arena.h"
#include "oci/json.h"
#include "plan/values.h"

#include <string.h>

enum { SHARES_MIN = 2, SHARES_MAX = 262144, WEIGHT_MAX = 10000, PERIOD_DEFAULT = 100000 };

/* Computes log2 of n > 0: the integer part by division, each bit of the fraction by squaring. */
static double log2_of(uint64_t n)
{
	double x = (double)n, log = 0;

	for (; x >= 2; x /= 2)
		log += 1;
	for (double bit = 0.5; bit > 1e-15; bit /= 2) {
		x *= x;
		if (x >= 2) {
			x /= 2;
			log += bit;
		}
	}
	return log;
}

/*
 * Computes 10^x for 0 <= x <= 4: a factor of ten for each integer, and the series of e^(f ln 10)
 * for the fraction f.
 */
static double power_of_ten(double x)
{
	double power = 1, sum = 1, term = 1;

	for (; x >= 1; x -= 1)
		power *= 10;
	for (int i = 1; i < 40; i++) {
		term *= x * 2.302585092994045684 / i;
		sum += term;
	}
	return power * sum;
}

uint64_t values_cpu_weight(uint64_t shares)
{
	if (shares <= SHARES_MIN)
		return 1;
	if (shares >= SHARES_MAX)
		return WEIGHT_MAX;
	double log = log2_of(shares);
	double weight = power_of_ten((log * log + 125 * log) / 612 - 7.0 / 34);
	uint64_t floor = (uint64_t)(weight + 1e-9); /* 1024 gives 100, not 100.0000000001 */

	return weight - (double)floor > 1e-9 ? floor + 1 : floor;
}

static const char *number(uint64_t n)
{
	return arena_printf("%ju", (uintmax_t)n);
}

static void add(struct values *b, const char *key, const char *file, const char *value)
{
	values_add(b, b->spec->cpu.at, key, "cpu", file, value);
}

static void add_quota_v1(struct values *b, const struct cpu_spec *c)
{
	if (c->period.v)
		add(b, "period", "cpu.cfs_period_us", number(c->period.v));
	if (c->quota.v)
		add(b, "quota", "cpu.cfs_quota_us",
		    c->quota.v < 0 ? "-1" : number((uint64_t)c->quota.v));
	if (c->burst.set)
		add(b, "burst", "cpu.cfs_burst_us", number(c->burst.v));
}

static void add_quota_v2(struct values *b, const struct cpu_spec *c)
{
	uint64_t period = c->period.v ? c->period.v : PERIOD_DEFAULT;
	const char *quota = c->quota.v > 0 ? number((uint64_t)c->quota.v) : "max";

	if (c->quota.v || c->period.v)
		add(b, c->quota.v ? "quota" : "period", "cpu.max",
		    arena_printf("%s %ju", quota, (uintmax_t)period));
	if (c->burst.set)
		add(b, "burst", "cpu.max.burst", number(c->burst.v));
}

static int add_realtime(struct values *b, const struct cpu_spec *c, enum cgroup_version version)
{
	const char *key = c->realtime_runtime.v ? "realtimeRuntime" : "realtimePeriod";

	if (!c->realtime_period.v && !c->realtime_runtime.v)
		return 0;
	if (version != CGROUP_V1)
		return json_fail_member(c->at, key, "needs cgroup v1: v2 has no such control");
	if (c->realtime_period.v)
		add(b, "realtimePeriod", "cpu.rt_period_us", number(c->realtime_period.v));
	if (c->realtime_runtime.v)
		add(b, "realtimeRuntime", "cpu.rt_runtime_us",
		    arena_printf("%jd", (intmax_t)c->realtime_runtime.v));
	return 0;
}

/* Returns the first member that is set, or NULL. */
static const char *asking(const struct cpu_spec *c)
{
	return c->quota.v > 0	       ? "quota"
	       : c->shares.v	       ? "shares"
	       : c->period.v	       ? "period"
	       : c->burst.v	       ? "burst"
	       : c->realtime_runtime.v ? "realtimeRuntime"
	       : c->realtime_period.v  ? "realtimePeriod"
	       : c->idle.v	       ? "idle"
				       : NULL;
}

int values_cpu(struct values *b)
{
	const struct cpu_spec *c = &b->spec->cpu;
	enum cgroup_version version = values_version(b, "cpu");
	int r;

	if (version == CGROUP_NONE)
		return asking(c) ? values_need(b, c->at, asking(c), "cpu", &version) : 0;
	if (c->idle.set)
		add(b, "idle", "cpu.idle", number((uint64_t)c->idle.v));
	/* the kernel refuses a weight for an idle group with EINVAL */
	if (c->shares.v && c->idle.v != 1) {
		if (version == CGROUP_V1)
			add(b, "shares", "cpu.shares", number(c->shares.v));
		else
			add(b, "shares", "cpu.weight", number(values_cpu_weight(c->shares.v)));
	}
	if ((r = add_realtime(b, c, version)) < 0)
		return r;
	if (version == CGROUP_V1)
		add_quota_v1(b, c);
	else
		add_quota_v2(b, c);
	return 0;
}

static int add_list(struct values *b, const char *key, const char *list, const char *file)
{
	enum cgroup_version version;

	if (!list || !*list)
		return 0;
	int r = values_need(b, b->spec->cpu.at, key, "cpuset", &version);

	if (r == 0)
		values_add(b, b->spec->cpu.at, key, "cpuset", file, list);
	return r;
}

int values_cpu_set(struct values *b)
{
	int r = add_list(b, "cpus", b->spec->cpu.cpus, "cpuset.cpus");

	return r < 0 ? r : add_list(b, "mems", b->spec->cpu.mems, "cpuset.mems");
}
