/* SPDX-License-Identifier: Apache-2.0 */
/* host_cgroups_parse() for different hosts, and host_read() on this one. */
#include "plan/host.h"

#include "base/arena.h"
#include "base/err.h"
#include "unit/tap.h"

#include <time.h>

static const struct host_hierarchy *find(const struct host *host, const char *controllers)
{
	for (size_t i = 0; i < host->n_hierarchies; i++)
		if (strcmp(host->hierarchies[i].own.name, controllers) == 0)
			return &host->hierarchies[i];
	return NULL;
}

static void test_v1(void)
{
	struct host host = { 0 };

	is_int(host_cgroups_parse(
		       "20 1 0:20 / /proc rw - proc proc rw\n"
		       "30 1 0:30 / /mnt/cpu rw - cgroup cgroup rw,cpu,cpuacct\n"
		       "31 1 0:31 / /sys/fs/cgroup rw shared:9 - tmpfs tmpfs rw\n"
		       "32 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:10 master:2 - cgroup "
		       "cgroup rw,cpu,cpuacct\n"
		       "33 31 0:32 / /sys/fs/cgroup/systemd rw - cgroup none "
		       "rw,xattr,name=systemd\n"
		       "34 31 0:33 /docker/ab /a\\040b rw - cgroup x rw,cpuset,noprefix\n",
		       "5:cpuset:/docker/ab/c\n4:cpu,cpuacct:/a:b\n3:pids:/\n1:name=systemd:/\n0::/"
		       "\n",
		       &host),
	       0, "v1 is read");
	is_int(host.cgroups, HOST_CGROUP_V1, "v1 without a mounted v2");
	is_int((intmax_t)host.n_hierarchies, 3, "a hierarchy that is not mounted is skipped");
	const struct host_hierarchy *h = find(&host, "cpu,cpuacct");

	if (ok(h, "cpu,cpuacct is there")) {
		is_str(h->own.mountpoint, "/sys/fs/cgroup/cpu,cpuacct", "below /sys/fs/cgroup");
		is_str(cgroup_dir_mounted_as(&h->own), "cpu,cpuacct", "its name");
		is_str(h->own.path, "/a:b", "a colon in the path of the own cgroup");
	}
	h = find(&host, "cpuset");
	if (ok(h, "cpuset is there")) {
		is_str(h->own.mountpoint, "/a b", "escapes are undone");
		is_str(h->root, "/docker/ab", "the root of the mount");
	}
	h = find(&host, "name=systemd");
	ok(h && strcmp(cgroup_dir_mounted_as(&h->own), "systemd") == 0 && !h->own.v2,
	   "a named hierarchy");
}

static void test_modes(void)
{
	struct host host = { 0 };
	int r = host_cgroups_parse(
		"31 1 0:31 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw,nsdelegate\n",
		"0::/user.slice\n", &host);

	is_int(r, 0, "v2 is read");
	is_int(host.cgroups, HOST_CGROUP_V2, "v2");
	ok(host.n_hierarchies == 1 && host.hierarchies[0].own.v2, "one hierarchy");
	r = host_cgroups_parse("31 1 0:31 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
			       "32 1 0:32 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n",
			       "1:pids:/\n0::/\n", &host);
	ok(r == 0 && host.cgroups == HOST_CGROUP_HYBRID, "hybrid");
	r = host_cgroups_parse("", "0::/\n", &host);
	ok(r == 0 && host.cgroups == HOST_CGROUP_NONE && !host.n_hierarchies, "none is mounted");
	r = host_cgroups_parse("junk - cgroup\n1 2 3 - cgroup2\n - cgroup2 x", "0::/\n:\n", &host);
	ok(r == 0 && !host.n_hierarchies, "lines of another form are ignored");
}

static void test_too_many(void)
{
	struct host host = { 0 };
	const char *own = "";

	for (int i = 0; i < 17; i++)
		own = arena_printf("%s%d:name=n%d:/\n", own, i, i);
	ok(host_cgroups_parse("", own, &host) < 0, "seventeen hierarchies are refused");
	err_clear();
}

static void test_this_host(void)
{
	struct host host;
	struct timespec a, b;
	int r = host_read(&host); /* warms the caches; the second call is measured */

	if (!is_int(r, 0, "host_read() works on this host")) {
		printf("# %s\n", err_message());
		return;
	}
	clock_gettime(CLOCK_MONOTONIC, &a);
	r = host_read(&host);
	clock_gettime(CLOCK_MONOTONIC, &b);
	printf("# host_read: %ld us\n",
	       (long)(b.tv_sec - a.tv_sec) * 1000000 + (b.tv_nsec - a.tv_nsec) / 1000);
	ok(r == 0 && host.machine && host.machine[0], "the machine has a name");
	ok(host.caps_known >> 40 & 1, "capabilities to 40 (Linux 5.9) at least");
	ok((host.caps_known & (host.caps_known + 1)) == 0, "capabilities are contiguous from 0");
	ok(((host.caps_permitted | host.caps_bounding) & ~host.caps_known) == 0,
	   "there is none after the last one");
	printf("# cgroups %d, %zu hierarchies, v2 has \"%s\", seccomp flags %#jx\n", host.cgroups,
	       host.n_hierarchies, host.cgroup2_controllers, (uintmax_t)host.seccomp_flags);
}

int main(void)
{
	test_v1();
	test_modes();
	test_too_many();
	test_this_host();
	return done();
}
