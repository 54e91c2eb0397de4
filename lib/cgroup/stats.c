/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of counters. What must hold: a file that this kernel or cgroup version does not
 * have counts as zero and is no error, because the other values are still wanted.
 */
#include "cgroup/stats.h"

#include "base/arena.h"
#include "base/fd.h"
#include "base/num.h"
#include "cgroup/cgdir.h"
#include "cgroup/read.h"

#include <stdio.h>
#include <string.h>

enum { NS_PER_US = 1000, LIST_MAX = 65536 };

/* Returns the text of a file, or "" if it cannot be read. */
static const char *text_of(const struct cgroup *g, const char *controller, const char *v1,
			   const char *v2)
{
	struct text text;

	return cgroup_read(g, controller, v1, v2, &text) < 0 ? "" : text.data;
}

static uint64_t number_in(const char *text)
{
	const char *end;
	uint64_t n;

	if (strncmp(text, "max", 3) == 0)
		return UINT64_MAX;
	return num_scan_u64(text, &end, &n) < 0 ? 0 : n;
}

static uint64_t number(const struct cgroup *g, const char *controller, const char *v1,
		       const char *v2)
{
	return number_in(text_of(g, controller, v1, v2));
}

static uint64_t keyed(const char *text, const char *key)
{
	int64_t n = cgdir_keyed(text, key);

	return n < 0 ? 0 : (uint64_t)n;
}

static void add(struct stats_list *list, uint64_t value)
{
	list->v = arena_grow(list->v, list->n, &list->room, sizeof(*list->v));
	list->v[list->n++] = value;
}

/* Expands "0-3,7" to its elements. */
static struct stats_list ranges(const char *p)
{
	struct stats_list list = { 0 };
	uint64_t from, to;

	while (num_scan_u64(p, &p, &from) == 0) {
		to = from;
		if (*p == '-' && num_scan_u64(p + 1, &p, &to) < 0)
			break;
		for (; from <= to && list.n < LIST_MAX; from++)
			add(&list, from);
		p += *p == ',';
	}
	return list;
}

/* Reads numbers separated by blanks. */
static struct stats_list words(const char *p)
{
	struct stats_list list = { 0 };
	uint64_t n;

	while (num_scan_u64(p + strspn(p, " "), &p, &n) == 0)
		add(&list, n);
	return list;
}

/* --- cpu ----------------------------------------------------------------------------------- */

static void read_cpu(const struct cgroup *g, struct cgroup_stats *s)
{
	bool v1 = cgdir_find_v1(g, "cpuacct");
	const char *stat = text_of(g, "cpu", "cpu.stat", "cpu.stat");

	s->cpu.periods = keyed(stat, "nr_periods");
	s->cpu.throttled_periods = keyed(stat, "nr_throttled");
	s->cpu.throttled_time =
		keyed(stat, "throttled_time") + keyed(stat, "throttled_usec") * NS_PER_US;
	if (!v1) {
		stat = text_of(g, "cpuacct", NULL, "cpu.stat");
		s->cpu.total = keyed(stat, "usage_usec") * NS_PER_US;
		s->cpu.user = keyed(stat, "user_usec") * NS_PER_US;
		s->cpu.kernel = keyed(stat, "system_usec") * NS_PER_US;
		return;
	}
	s->cpu.total = number(g, "cpuacct", "cpuacct.usage", NULL);
	s->cpu.user = number(g, "cpuacct", "cpuacct.usage_user", NULL);
	s->cpu.kernel = number(g, "cpuacct", "cpuacct.usage_sys", NULL);
	s->cpu.percpu = words(text_of(g, "cpuacct", "cpuacct.usage_percpu", NULL));
	s->cpu.percpu_kernel = words(text_of(g, "cpuacct", "cpuacct.usage_percpu_sys", NULL));
	s->cpu.percpu_user = words(text_of(g, "cpuacct", "cpuacct.usage_percpu_user", NULL));
}

static void read_cpuset(const struct cgroup *g, struct cgroup_stats *s)
{
	const char *level = text_of(g, "cpuset", "cpuset.sched_relax_domain_level", NULL);

	s->cpuset.cpus = ranges(text_of(g, "cpuset", "cpuset.cpus", "cpuset.cpus.effective"));
	s->cpuset.mems = ranges(text_of(g, "cpuset", "cpuset.mems", "cpuset.mems.effective"));
#define FLAG(m) s->cpuset.m = number(g, "cpuset", "cpuset." #m, NULL)
	FLAG(cpu_exclusive);
	FLAG(mem_hardwall);
	FLAG(mem_exclusive);
	FLAG(memory_migrate);
	FLAG(memory_spread_page);
	FLAG(memory_spread_slab);
	FLAG(memory_pressure);
	FLAG(sched_load_balance);
#undef FLAG
	if (num_parse_i64(level, &s->cpuset.sched_relax_domain_level) < 0)
		s->cpuset.sched_relax_domain_level = 0;
}

/* --- memory -------------------------------------------------------------------------------- */

static struct stats_usage v1_usage(const struct cgroup *g, const char *controller,
				   const char *prefix)
{
	struct stats_usage u;

#define FILE_OF(name) text_of(g, controller, arena_printf("%s" name, prefix), NULL)
	u.limit = number_in(FILE_OF("limit_in_bytes"));
	u.usage = number_in(FILE_OF("usage_in_bytes"));
	u.max = number_in(FILE_OF("max_usage_in_bytes"));
	u.failcnt = number_in(FILE_OF("failcnt"));
#undef FILE_OF
	return u;
}

static uint64_t sum(uint64_t a, uint64_t b)
{
	return __builtin_add_overflow(a, b, &a) ? UINT64_MAX : a;
}

static void read_memory(const struct cgroup *g, struct cgroup_stats *s)
{
	s->raw = text_of(g, "memory", "memory.stat", "memory.stat");
	if (cgdir_find_v1(g, "memory")) {
		s->cache = keyed(s->raw, "cache");
		s->memory = v1_usage(g, "memory", "memory.");
		s->swap = v1_usage(g, "memory", "memory.memsw.");
		s->kernel = v1_usage(g, "memory", "memory.kmem.");
		s->kernel_tcp = v1_usage(g, "memory", "memory.kmem.tcp.");
		return;
	}
	const char *events = text_of(g, "memory", NULL, "memory.events");
	const char *swap_events = text_of(g, "memory", NULL, "memory.swap.events");

	s->cache = keyed(s->raw, "file");
	s->memory.limit = number(g, "memory", NULL, "memory.max");
	s->memory.usage = number(g, "memory", NULL, "memory.current");
	s->memory.max = number(g, "memory", NULL, "memory.peak");
	s->memory.failcnt = keyed(events, "max");
	s->swap.limit = sum(s->memory.limit, number(g, "memory", NULL, "memory.swap.max"));
	s->swap.usage = sum(s->memory.usage, number(g, "memory", NULL, "memory.swap.current"));
	s->swap.failcnt = keyed(swap_events, "max");
}

/* --- block I/O ----------------------------------------------------------------------------- */

static void add_io(struct stats_io_list *list, struct stats_io io)
{
	list->v = arena_grow(list->v, list->n, &list->room, sizeof(*list->v));
	list->v[list->n++] = io;
}

/* Scans "8:0 "; *end is what follows. */
static bool scan_device(const char *p, const char **end, struct stats_io *io)
{
	return num_scan_u64(p, &p, &io->major) == 0 && *p == ':' &&
	       num_scan_u64(p + 1, &p, &io->minor) == 0 && *p == ' ' && (*end = p + 1);
}

/* Reads lines like "8:0 Read 4096" or "8:0 4096". Lines with sums over devices are skipped. */
static void read_v1_file(const struct cgroup *g, const char *file, struct stats_io_list *list)
{
	for (const char *p = text_of(g, "blkio", file, NULL); *p;) {
		struct stats_io io = { .op = "" };
		const char *word;

		if (scan_device(p, &word, &io)) {
			size_t n = strcspn(word, " \n");

			if (word[n] == ' ') {
				io.op = arena_memdup(word, n);
				word += n + 1;
			}
			io.value = number_in(word);
			add_io(list, io);
		}
		p = strchrnul(p, '\n');
		p += *p == '\n';
	}
}

static void read_v1_io(const struct cgroup *g, struct cgroup_stats *s)
{
	static const struct {
		const char *bfq, *throttle; /* the second is read if the first is empty */
	} files[STATS_IO_KINDS] = {
		[STATS_SERVICE_BYTES] = { "blkio.bfq.io_service_bytes_recursive",
					  "blkio.throttle.io_service_bytes_recursive" },
		[STATS_SERVICED] = { "blkio.bfq.io_serviced_recursive",
				     "blkio.throttle.io_serviced_recursive" },
		[STATS_QUEUED] = { "blkio.bfq.io_queued_recursive", NULL },
		[STATS_SERVICE_TIME] = { "blkio.bfq.io_service_time_recursive", NULL },
		[STATS_WAIT_TIME] = { "blkio.bfq.io_wait_time_recursive", NULL },
		[STATS_MERGED] = { "blkio.bfq.io_merged_recursive", NULL },
		[STATS_TIME] = { "blkio.bfq.time_recursive", NULL },
		[STATS_SECTORS] = { "blkio.bfq.sectors_recursive", NULL },
	};

	for (size_t i = 0; i < STATS_IO_KINDS; i++) {
		read_v1_file(g, files[i].bfq, &s->io[i]);
		if (s->io[i].n == 0 && files[i].throttle)
			read_v1_file(g, files[i].throttle, &s->io[i]);
	}
}

/* Reads a line of io.stat: "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 ...". */
static void read_v2_line(const char *words, struct stats_io io, struct cgroup_stats *s)
{
	static const struct {
		const char *key, *op;
		enum stats_io_kind kind;
	} keys[] = {
		{ "rbytes=", "Read", STATS_SERVICE_BYTES },
		{ "wbytes=", "Write", STATS_SERVICE_BYTES },
		{ "rios=", "Read", STATS_SERVICED },
		{ "wios=", "Write", STATS_SERVICED },
	};

	for (const char *p = words; *p && *p != '\n'; p += *p == ' ') {
		for (size_t i = 0; i < ARRAY_LEN(keys); i++) {
			size_t n = strlen(keys[i].key);

			if (strncmp(p, keys[i].key, n) != 0)
				continue;
			io.op = keys[i].op;
			io.value = number_in(p + n);
			add_io(&s->io[keys[i].kind], io);
		}
		p += strcspn(p, " \n");
	}
}

static void read_io(const struct cgroup *g, struct cgroup_stats *s)
{
	if (cgdir_find_v1(g, "blkio")) {
		read_v1_io(g, s);
		return;
	}
	for (const char *p = text_of(g, "blkio", NULL, "io.stat"); *p;) {
		struct stats_io io = { .op = "" };
		const char *words;

		if (scan_device(p, &words, &io))
			read_v2_line(words, io, s);
		p = strchrnul(p, '\n');
		p += *p == '\n';
	}
}

/* --- huge pages, pids ---------------------------------------------------------------------- */

static void read_huge(const struct cgroup *g, struct cgroup_stats *s)
{
	static const char *const sizes[] = { "64KB",  "1MB", "2MB", "16MB", "32MB",
					     "512MB", "1GB", "2GB", "16GB" };
	bool v1 = cgdir_find_v1(g, "hugetlb");

	s->huge = arena_array(ARRAY_LEN(sizes), sizeof(*s->huge));
	for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
		const char *prefix = arena_printf("hugetlb.%s.", sizes[i]);
		struct stats_huge *h = &s->huge[s->n_huge];
		const char *current =
			arena_printf("%s%s", prefix, v1 ? "usage_in_bytes" : "current");
		struct text text;

		if (cgroup_read(g, "hugetlb", current, current, &text) < 0)
			continue;
		h->size = sizes[i];
		if (v1)
			h->usage = v1_usage(g, "hugetlb", prefix);
		else
			h->usage.failcnt =
				keyed(text_of(g, "hugetlb", NULL, arena_printf("%sevents", prefix)),
				      "max");
		h->usage.usage = number_in(text.data);
		s->n_huge++;
	}
}

int cgroup_stats(const struct cgroup *cgroup, struct cgroup_stats *ret)
{
	*ret = (struct cgroup_stats){ 0 };
	for (size_t i = 0; i < cgroup->n; i++) {
		const struct cgroup_dir *dir = &cgroup->v[i];
		int root = cgdir_root(dir->mountpoint, dir->v2);

		if (root < 0)
			return cgdir_fail(dir, root, "read the counters of");
	}
	read_cpu(cgroup, ret);
	read_cpuset(cgroup, ret);
	read_memory(cgroup, ret);
	read_io(cgroup, ret);
	read_huge(cgroup, ret);
	ret->pids = number(cgroup, "pids", "pids.current", "pids.current");
	ret->pids_limit = number(cgroup, "pids", "pids.max", "pids.max");
	if (ret->pids_limit == UINT64_MAX)
		ret->pids_limit = 0;
	return 0;
}
