/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The named hosts, described by the contents of their /proc. "v2" is a typical current host; the
 * others differ from it in what their name says.
 */
#include "golden/hosts.h"

#include "base/base.h"

#include <linux/capability.h>
#include <string.h>

#define ALL_CAPS ((UINT64_C(1) << 41) - 1)
#define NO(cap) (ALL_CAPS & ~(UINT64_C(1) << (cap)))

static const char v2_mounts[] = "25 30 0:22 / /sys/fs/cgroup rw,nosuid - cgroup2 cgroup2 rw\n";
static const char v2_own[] = "0::/system.slice/docker.service\n";
static const char v2_controllers[] = "cpuset cpu io memory hugetlb pids rdma misc";

static const char v1_mounts[] =
	"30 25 0:26 / /sys/fs/cgroup ro - tmpfs tmpfs ro,mode=755\n"
	"32 30 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n"
	"35 30 0:31 / /sys/fs/cgroup/cpu,cpuacct rw - cgroup cgroup rw,cpu,cpuacct\n"
	"36 30 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
	"37 30 0:33 / /sys/fs/cgroup/devices rw - cgroup cgroup rw,devices\n"
	"38 30 0:34 / /sys/fs/cgroup/freezer rw - cgroup cgroup rw,freezer\n"
	"39 30 0:35 / /sys/fs/cgroup/cpuset rw - cgroup cgroup rw,cpuset\n"
	"40 30 0:36 / /sys/fs/cgroup/blkio rw - cgroup cgroup rw,blkio\n"
	"41 30 0:37 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
	"42 30 0:38 / /sys/fs/cgroup/hugetlb rw - cgroup cgroup rw,hugetlb\n"
	"43 30 0:39 / /sys/fs/cgroup/net_cls,net_prio rw - cgroup cgroup rw,net_cls,net_prio\n"
	"44 30 0:40 / /sys/fs/cgroup/rdma rw - cgroup cgroup rw,rdma\n";
static const char v1_own[] = "11:rdma:/\n10:net_cls,net_prio:/\n9:hugetlb:/\n8:pids:/\n"
			     "7:blkio:/\n6:cpuset:/\n5:freezer:/\n4:devices:/\n3:memory:/\n"
			     "2:cpu,cpuacct:/\n1:name=systemd:/\n";

static const char hybrid_mounts[] =
	"30 25 0:26 / /sys/fs/cgroup ro - tmpfs tmpfs ro,mode=755\n"
	"31 30 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n"
	"32 30 0:28 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n"
	"36 30 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
	"37 30 0:33 / /sys/fs/cgroup/devices rw - cgroup cgroup rw,devices\n";
static const char hybrid_own[] = "3:devices:/\n2:memory:/\n1:name=systemd:/\n0::/init\n";

static const struct {
	const char *name, *mounts, *own, *controllers;
	struct host host; /* everything else */
} hosts[] = {
	{ "v2", v2_mounts, v2_own, v2_controllers, { .caps_permitted = ALL_CAPS } },
	{ "v1", v1_mounts, v1_own, "", { .caps_permitted = ALL_CAPS } },
	{ "hybrid", hybrid_mounts, hybrid_own, "pids hugetlb", { .caps_permitted = ALL_CAPS } },
	{ "no-cgroups", "", "0::/\n", "", { .caps_permitted = ALL_CAPS } },
	{ "rootless", v2_mounts, v2_own, "memory pids", { .euid = 1000, .egid = 1000 } },
	{ "userns",
	  v2_mounts,
	  "0::/\n",
	  "memory pids",
	  { .in_user_namespace = true, .caps_permitted = ALL_CAPS } },
	{ "lsm",
	  v2_mounts,
	  v2_own,
	  v2_controllers,
	  { .caps_permitted = ALL_CAPS, .apparmor = true, .selinux = true } },
	{ "no-sys-resource",
	  v2_mounts,
	  v2_own,
	  v2_controllers,
	  { .caps_permitted = NO(CAP_SYS_RESOURCE), .caps_bounding = NO(CAP_SYS_RESOURCE) } },
};

bool golden_host(const char *name, struct host *ret)
{
	for (size_t i = 0; i < ARRAY_LEN(hosts); i++) {
		if (strcmp(hosts[i].name, name) != 0)
			continue;
		*ret = hosts[i].host;
		ret->kernel_major = 6;
		ret->kernel_minor = 12;
		ret->machine = "x86_64";
		ret->caps_known = ALL_CAPS;
		if (!ret->caps_bounding)
			ret->caps_bounding = ALL_CAPS;
		ret->kcore = true;
		ret->seccomp_flags = 0x3f;
		ret->cgroup2_controllers = hosts[i].controllers;
		return host_cgroups_parse(hosts[i].mounts, hosts[i].own, ret) == 0;
	}
	return false;
}
