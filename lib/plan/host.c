/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns reading the facts about this host: kernel, privileges, security modules, seccomp. Every
 * create does this, so it uses cheap system calls where possible. What must hold: a host that
 * cannot run a container is refused here, with one message, before anything is changed. A /proc
 * that is not procfs is refused (CVE-2019-16884).
 */
#include "plan/host.h"

#include "base/arena.h"
#include "base/caps.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5) /* Linux 5.19 */
#endif

enum {
	KERNEL_MAJOR = 5, /* the oldest supported kernel */
	KERNEL_MINOR = 14,
	FILE_LIMIT = 16 << 20, /* for mountinfo of a host with many thousand mounts */
};

/* Parses the decimal number at *p and moves *p behind it. Returns 0 if there is none. */
static unsigned int take_number(const char **p)
{
	unsigned int n = 0;

	for (; **p >= '0' && **p <= '9' && n < 1000000; ++*p)
		n = n * 10 + (unsigned int)(**p - '0');
	return n;
}

int host_kernel(struct host *ret)
{
	struct utsname u;

	if (uname(&u) < 0)
		return fail(errno, "uname");
	const char *p = u.release;

	ret->kernel_major = take_number(&p);
	p += *p == '.';
	ret->kernel_minor = take_number(&p);
	ret->machine = arena_strdup(u.machine);
	if (ret->kernel_major < KERNEL_MAJOR ||
	    (ret->kernel_major == KERNEL_MAJOR && ret->kernel_minor < KERNEL_MINOR))
		return fail(0, "kernel %s is too old: expected Linux %d.%d or newer", u.release,
			    KERNEL_MAJOR, KERNEL_MINOR);
	return 0;
}

static int read_caps(struct host *ret)
{
	struct caps own;
	int r = caps_get(&own);

	if (r == 0)
		r = caps_get_bounding(&ret->caps_bounding);
	if (r < 0)
		return fail(-r, "read our capabilities");
	ret->caps_known = caps_known();
	ret->caps_permitted = own.permitted & ret->caps_known;
	return 0;
}

/* Determines the flags of seccomp(2): with a NULL filter a known flag fails with EFAULT. */
static uint64_t probe_seccomp(void)
{
	static const unsigned int flags[] = {
		SECCOMP_FILTER_FLAG_TSYNC,	 SECCOMP_FILTER_FLAG_LOG,
		SECCOMP_FILTER_FLAG_SPEC_ALLOW,	 SECCOMP_FILTER_FLAG_NEW_LISTENER,
		SECCOMP_FILTER_FLAG_TSYNC_ESRCH, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV,
	};
	uint64_t known = 0;

	for (size_t i = 0; i < ARRAY_LEN(flags); i++) {
		unsigned int with = flags[i];

		if (with == SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
			with |= SECCOMP_FILTER_FLAG_NEW_LISTENER; /* the kernel requires it */
		if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, with, NULL) < 0 &&
		    errno == EFAULT)
			known |= flags[i];
	}
	return known;
}

static bool read_apparmor(void)
{
	struct text text;

	return io_read_file(AT_FDCWD, "/sys/module/apparmor/parameters/enabled", 16, &text) >= 0 &&
	       text.len > 0 && text.data[0] == 'Y';
}

static bool read_selinux(void)
{
	struct statfs fs;

	return statfs("/sys/fs/selinux", &fs) == 0 && (unsigned long)fs.f_type == SELINUX_MAGIC;
}

static int read_proc(int proc, const char *path, struct text *ret)
{
	int r = io_read_file(proc, path, FILE_LIMIT, ret);

	return r < 0 ? fail(-r, "read /proc/%s", path) : 0;
}

/* The controllers of the root of v2. None if all are on v1. */
static void read_cgroup2_controllers(struct host *ret)
{
	ret->cgroup2_controllers = "";
	for (size_t i = 0; i < ret->n_hierarchies; i++) {
		const struct host_hierarchy *h = &ret->hierarchies[i];
		struct text text;

		if (!h->own.v2)
			continue;
		const char *path = arena_printf("%s/cgroup.controllers", h->own.mountpoint);

		if (io_read_file(AT_FDCWD, path, 4096, &text) < 0)
			return;
		text.data[strcspn(text.data, "\n")] = 0;
		ret->cgroup2_controllers = text.data;
	}
}

int host_read(struct host *ret)
{
	struct statfs fs;
	struct text mountinfo, cgroup;

	*ret = (struct host){ .euid = geteuid(), .egid = getegid() };
	int r = host_kernel(ret);

	if (r < 0 || (r = read_caps(ret)) < 0)
		return r;
	autofd proc = open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (proc < 0)
		return fail(errno, "open /proc");
	if (fstatfs(proc, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)
		return fail(0, "/proc: found another file system, expected procfs");
	if ((r = read_proc(proc, "self/mountinfo", &mountinfo)) < 0 ||
	    (r = read_proc(proc, "self/cgroup", &cgroup)) < 0)
		return r;
	r = sys_in_initial_userns();
	if (r < 0)
		return fail(-r, "look at our own user namespace");
	ret->in_user_namespace = !r;
	ret->apparmor = read_apparmor();
	ret->selinux = read_selinux();
	ret->kcore = faccessat(proc, "kcore", F_OK, 0) == 0;
	ret->seccomp_flags = probe_seccomp();
	r = host_cgroups_parse(mountinfo.data, cgroup.data, ret);
	if (r == 0)
		read_cgroup2_controllers(ret);
	return r;
}
