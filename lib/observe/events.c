/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns `events`: the documents of runc, which go-runc decodes. What must hold: the command ends
 * when the container does, whatever others remove in the meantime, and its memory does not grow.
 */
#include "observe/events.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/num.h"
#include "base/words.h"
#include "cgroup/cgroup.h"
#include "cgroup/oom.h"
#include "cgroup/stats.h"
#include "oci/jsonw.h"
#include "runtime/container.h"
#include "runtime/timeouts.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define NS_PER_SECOND UINT64_C(1000000000)

/* --- durations ----------------------------------------------------------------------------- */

static const struct unit {
	const char *name;
	uint64_t ns;
} units[] = {
	/* "ms" before "m", because one begins with the other */
	{ "ms", 1000000 },
	{ "ns", 1 },
	{ "us", 1000 },
	{ "\u00b5s", 1000 },
	{ "\u03bcs", 1000 },
	{ "s", NS_PER_SECOND },
	{ "m", 60 * NS_PER_SECOND },
	{ "h", 3600 * NS_PER_SECOND },
};

static const struct unit *find_unit(const char *p)
{
	for (size_t i = 0; i < ARRAY_LEN(units); i++)
		if (strncmp(p, units[i].name, strlen(units[i].name)) == 0)
			return &units[i];
	return NULL;
}

/* Scans one part of a duration, "1.5h", and adds it to *sum. */
static int scan_part(const char *p, const char **end, uint64_t *sum)
{
	uint64_t whole = 0, ns;
	const char *fraction = NULL;

	if (num_scan_u64(p, &p, &whole) < 0)
		return -EINVAL;
	if (*p == '.') {
		fraction = p + 1;
		p = fraction + strspn(fraction, "0123456789");
	}
	const struct unit *unit = find_unit(p);

	if (!unit)
		return -EINVAL;
	if (__builtin_mul_overflow(whole, unit->ns, &ns))
		return -ERANGE;
	uint64_t digit = unit->ns / 10;

	for (; fraction && *fraction >= '0' && *fraction <= '9'; fraction++, digit /= 10)
		ns += digit * (uint64_t)(*fraction - '0');
	*end = p + strlen(unit->name);
	return __builtin_add_overflow(*sum, ns, sum) || *sum > INT64_MAX ? -ERANGE : 0;
}

int events_parse_interval(const char *word, uint64_t *ret_ns)
{
	const char *p = word;
	int r = 0;

	*ret_ns = 0;
	do
		r = scan_part(p, &p, ret_ns);
	while (r == 0 && *p);
	if (r < 0 || *ret_ns == 0)
		return fail(0,
			    "events: --interval: expected a duration above 0, as 5s, 1m or 500ms, "
			    "found '%s'",
			    word);
	return 0;
}

/* --- documents ----------------------------------------------------------------------------- */

static void unless_zero(struct jsonw *w, const char *key, uint64_t value)
{
	if (value)
		jsonw_member_u64(w, key, value);
}

static void write_list(struct jsonw *w, const char *key, const struct stats_list *list)
{
	if (!list->n)
		return;
	jsonw_member_array(w, key);
	for (size_t i = 0; i < list->n; i++)
		jsonw_u64(w, list->v[i]);
	jsonw_end(w);
}

static void write_cpu(struct jsonw *w, const struct cgroup_stats *s)
{
	jsonw_member_object(w, "cpu");
	jsonw_member_object(w, "usage");
	unless_zero(w, "total", s->cpu.total);
	write_list(w, "percpu", &s->cpu.percpu);
	write_list(w, "percpu_kernel", &s->cpu.percpu_kernel);
	write_list(w, "percpu_user", &s->cpu.percpu_user);
	jsonw_member_u64(w, "kernel", s->cpu.kernel);
	jsonw_member_u64(w, "user", s->cpu.user);
	jsonw_end(w);
	jsonw_member_object(w, "throttling");
	unless_zero(w, "periods", s->cpu.periods);
	unless_zero(w, "throttledPeriods", s->cpu.throttled_periods);
	unless_zero(w, "throttledTime", s->cpu.throttled_time);
	jsonw_end(w);
	jsonw_end(w);
}

static void write_cpuset(struct jsonw *w, const struct cgroup_stats *s)
{
	jsonw_member_object(w, "cpuset");
	write_list(w, "cpus", &s->cpuset.cpus);
	jsonw_member_u64(w, "cpu_exclusive", s->cpuset.cpu_exclusive);
	write_list(w, "mems", &s->cpuset.mems);
	jsonw_member_u64(w, "mem_hardwall", s->cpuset.mem_hardwall);
	jsonw_member_u64(w, "mem_exclusive", s->cpuset.mem_exclusive);
	jsonw_member_u64(w, "memory_migrate", s->cpuset.memory_migrate);
	jsonw_member_u64(w, "memory_spread_page", s->cpuset.memory_spread_page);
	jsonw_member_u64(w, "memory_spread_slab", s->cpuset.memory_spread_slab);
	jsonw_member_u64(w, "memory_pressure", s->cpuset.memory_pressure);
	jsonw_member_u64(w, "sched_load_balance", s->cpuset.sched_load_balance);
	jsonw_member_i64(w, "sched_relax_domain_level", s->cpuset.sched_relax_domain_level);
	jsonw_end(w);
}

static void write_usage(struct jsonw *w, const char *key, const struct stats_usage *u)
{
	jsonw_member_object(w, key);
	jsonw_member_u64(w, "limit", u->limit);
	unless_zero(w, "usage", u->usage);
	unless_zero(w, "max", u->max);
	jsonw_member_u64(w, "failcnt", u->failcnt);
	jsonw_end(w);
}

/* Writes memory.stat, lines of "key value". */
static void write_raw(struct jsonw *w, const char *p)
{
	if (!*p)
		return;
	jsonw_member_object(w, "raw");
	while (*p) {
		size_t n = strcspn(p, " \n");
		const char *end = p + n;
		uint64_t value;

		if (*end == ' ' && num_scan_u64(end + 1, &end, &value) == 0)
			jsonw_member_u64(w, arena_memdup(p, n), value);
		p = end + strcspn(end, "\n");
		p += *p == '\n';
	}
	jsonw_end(w);
}

static void write_memory(struct jsonw *w, const struct cgroup_stats *s)
{
	jsonw_member_object(w, "memory");
	unless_zero(w, "cache", s->cache);
	write_usage(w, "usage", &s->memory);
	write_usage(w, "swap", &s->swap);
	write_usage(w, "kernel", &s->kernel);
	write_usage(w, "kernelTCP", &s->kernel_tcp);
	write_raw(w, s->raw);
	jsonw_end(w);
}

static void write_io(struct jsonw *w, const struct cgroup_stats *s)
{
	static const char *const keys[STATS_IO_KINDS] = {
		[STATS_SERVICE_BYTES] = "ioServiceBytesRecursive",
		[STATS_SERVICED] = "ioServicedRecursive",
		[STATS_QUEUED] = "ioQueueRecursive",
		[STATS_SERVICE_TIME] = "ioServiceTimeRecursive",
		[STATS_WAIT_TIME] = "ioWaitTimeRecursive",
		[STATS_MERGED] = "ioMergedRecursive",
		[STATS_TIME] = "ioTimeRecursive",
		[STATS_SECTORS] = "sectorsRecursive",
	};

	jsonw_member_object(w, "blkio");
	for (size_t kind = 0; kind < STATS_IO_KINDS; kind++) {
		if (!s->io[kind].n)
			continue;
		jsonw_member_array(w, keys[kind]);
		for (size_t i = 0; i < s->io[kind].n; i++) {
			const struct stats_io *io = &s->io[kind].v[i];

			jsonw_object(w);
			unless_zero(w, "major", io->major);
			unless_zero(w, "minor", io->minor);
			if (*io->op)
				jsonw_member_string(w, "op", io->op);
			unless_zero(w, "value", io->value);
			jsonw_end(w);
		}
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void write_huge(struct jsonw *w, const struct cgroup_stats *s)
{
	jsonw_member_object(w, "hugetlb");
	for (size_t i = 0; i < s->n_huge; i++) {
		jsonw_member_object(w, s->huge[i].size);
		unless_zero(w, "usage", s->huge[i].usage.usage);
		unless_zero(w, "max", s->huge[i].usage.max);
		jsonw_member_u64(w, "failcnt", s->huge[i].usage.failcnt);
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void write_data(struct jsonw *w, const struct cgroup_stats *s)
{
	jsonw_member_object(w, "data");
	write_cpu(w, s);
	write_cpuset(w, s);
	write_memory(w, s);
	jsonw_member_object(w, "pids");
	unless_zero(w, "current", s->pids);
	unless_zero(w, "limit", s->pids_limit);
	jsonw_end(w);
	write_io(w, s);
	write_huge(w, s);
	jsonw_member_object(w, "intel_rdt");
	jsonw_end(w);
	jsonw_key(w, "network_interfaces"); /* engines make them, where tamis cannot see them */
	jsonw_null(w);
	jsonw_end(w);
}

/* Prints one line and releases its memory, because the command may run for days. */
static int print_event(const struct container *c, const char *type, const struct cgroup *cgroup)
{
	struct arena_mark mark = arena_mark();
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	jsonw_object(w);
	jsonw_member_string(w, "type", type);
	jsonw_member_string(w, "id", c->id);
	if (cgroup) {
		struct cgroup_stats stats;

		int r = cgroup_stats(cgroup, &stats);

		if (r < 0)
			return r;
		write_data(w, &stats);
	}
	jsonw_end(w);
	struct text text = jsonw_finish(w);
	int r = io_write_all(STDOUT_FILENO, text.data, text.len);

	(void)arena_release(mark, NULL, 0);
	return r < 0 ? fail(-r, "write to standard output") : 0;
}

/* --- the stream ---------------------------------------------------------------------------- */

static int open_init(const struct container *c)
{
	const struct record *r = &c->record;
	int pidfd = r->created ? identity_open((pid_t)r->pid, r->start_time, r->boot_id) : -ESRCH;

	if (pidfd == -ESRCH)
		return fail(0, "container '%s': " WORDS_NOT_RUNNING, c->id);
	return pidfd < 0 ? fail(-pidfd, "container '%s': init", c->id) : pidfd;
}

int container_events_stats(const struct container *c)
{
	struct cgroup cgroup;
	autofd pidfd = open_init(c);

	if (pidfd < 0)
		return pidfd;
	record_cgroup(&c->record, &cgroup);
	return print_event(c, "stats", &cgroup);
}

static int open_timer(uint64_t interval_ns)
{
	struct timespec every = { (time_t)(interval_ns / NS_PER_SECOND),
				  (long)(interval_ns % NS_PER_SECOND) };
	const struct itimerspec spec = { every, every };
	autofd fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd < 0 || timerfd_settime(fd, 0, &spec, NULL) < 0)
		return fail(errno, "make a timer");
	return take_fd(&fd);
}

static int print_ooms(const struct container *c, struct oom_watch *watch)
{
	int r = 0;
	struct arena_mark mark = arena_mark();
	unsigned int n = oom_watch_read(watch);

	(void)arena_release(mark, NULL, 0);
	while (r >= 0 && n-- > 0)
		r = print_event(c, "oom", NULL);
	return r;
}

static int stream(const struct container *c, const struct cgroup *cgroup, int pidfd, int timer,
		  struct oom_watch *watch)
{
	struct pollfd p[] = { { pidfd, POLLIN, 0 },
			      { timer, POLLIN, 0 },
			      { watch->fd, watch->events, 0 } };
	uint64_t ticks;
	int r = 0;

	while (r >= 0 && !p[0].revents) {
		if (poll(p, ARRAY_LEN(p), -1) < 0) {
			if (errno != EINTR)
				return fail(errno, "wait for events");
			continue;
		}
		if (p[2].revents || p[0].revents)
			r = print_ooms(c, watch);
		if (r >= 0 && read(timer, &ticks, sizeof(ticks)) == sizeof(ticks) && !p[0].revents)
			r = print_event(c, "stats", cgroup);
	}
	return r;
}

int container_events(const struct container *c, uint64_t interval_ns)
{
	struct cgroup cgroup;
	struct oom_watch watch;
	autofd pidfd = open_init(c);
	autofd timer = pidfd < 0 ? pidfd : open_timer(interval_ns);

	if (timer < 0)
		return timer;
	record_cgroup(&c->record, &cgroup);
	int r = oom_watch_open(&cgroup, &watch);

	if (r < 0)
		return r;
	r = stream(c, &cgroup, pidfd, timer, &watch);
	oom_watch_close(&watch);
	return r;
}
