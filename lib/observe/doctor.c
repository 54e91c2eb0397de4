/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the order of `doctor`, its checks of the kernel, and its trial of a default container. What
 * must hold: nothing is made that outlives the command. The verdict comes from code that `create`
 * uses, so doctor and create cannot disagree. Each system call is tried with arguments that it
 * refuses with a known error before it has any effect. Another error means an old kernel, or a
 * seccomp filter of an engine in which this process runs.
 */
#include "observe/doctor.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/sys.h"
#include "cgroup/cgroup.h"
#include "cgroup/settle.h"
#include "oci/config.h"
#include "oci/parse.h"
#include "oci/validate.h"
#include "plan/plan.h"
#include "runtime/describe.h"
#include "seccomp/filter.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/mount.h>
#include <linux/seccomp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

/* --- the kernel ---------------------------------------------------------------------------- */

static long try_mount_api(void)
{
	if (sys_fsconfig(-1, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0 && errno != EINVAL)
		return -1;
	if (sys_open_tree(-1, "", ~0U) < 0 && errno != EINVAL)
		return -1;
	return sys_mount_setattr(-1, "", ~0U, NULL);
}

static long try_openat2(void)
{
	struct open_how how = { .flags = O_PATH, .resolve = UINT64_C(1) << 63 };

	return sys_openat2(AT_FDCWD, "/", &how);
}

/* A size that includes `cgroup`, and a descriptor that does not exist: E2BIG before Linux 5.7. */
static long try_into_cgroup(void)
{
	struct clone_args args = { .flags = CLONE_INTO_CGROUP, .cgroup = INT_MAX };

	return sys_clone3(&args);
}

static long try_getfd(void)
{
	return sys_pidfd_getfd(-1, 0);
}

static long try_pidfd(void)
{
	return sys_pidfd_open(0, 0);
}

static long try_close_range(void)
{
	return sys_close_range(1, 0, 0);
}

static const struct {
	const char *name, *since;
	long (*try)(void);
	int expected;
} calls[] = {
	{ "mount API", "5.12", try_mount_api, EINVAL },
	{ "openat2", "5.6", try_openat2, EINVAL },
	{ "clone3 INTO_CGROUP", "5.7", try_into_cgroup, EBADF },
	{ "pidfd_open", "5.3", try_pidfd, EINVAL },
	{ "pidfd_getfd", "5.6", try_getfd, EBADF },
	{ "close_range", "5.9", try_close_range, EINVAL },
};

static void check_calls(struct doctor *d)
{
	for (size_t i = 0; i < ARRAY_LEN(calls); i++) {
		errno = 0;
		if (calls[i].try() < 0 && errno == calls[i].expected) {
			doctor_report_add(d, "kernel", calls[i].name, DOCTOR_OK, NULL, "present");
			continue;
		}
		int error = errno;
		const char *advice =
			error == ENOSYS || error == E2BIG
				? arena_printf("use Linux 5.14 or newer (it came with %s), or an "
					       "outer seccomp profile that knows it",
					       calls[i].since)
				: "a filter around this process denies it: allow it there";

		doctor_report_add(d, "kernel", calls[i].name, DOCTOR_MISSING, advice, "%s",
				  err_words(error));
		doctor_report_obstacle(d, "the kernel does not offer %s: %s", calls[i].name,
				       err_words(error));
	}
}

/* What the sealed copy of tamis is made of. */
static void check_sealing(struct doctor *d)
{
	const char *list = doctor_read_text("/proc/filesystems");
	const char *noexec = doctor_read_line("/proc/sys/vm/memfd_noexec");
	bool overlay = list && strstr(list, "\toverlay\n");
	bool memfd = !noexec || strcmp(noexec, "2") != 0;

	if (overlay)
		doctor_report_add(d, "kernel", "overlay", DOCTOR_OK, NULL,
				  "for the sealed copy of tamis");
	else
		doctor_report_add(d, "kernel", "overlay", DOCTOR_WARN,
				  "modprobe overlay, for faster starts",
				  "not loaded; a memfd holds the sealed copy of tamis");
	doctor_report_add(d, "kernel", "vm.memfd_noexec", memfd ? DOCTOR_OK : DOCTOR_WARN,
			  memfd ? NULL : "have overlay loaded at boot, or set the sysctl to 1 or 0",
			  "%s", noexec ? noexec : "not there: any memfd may be executed");
	if (!overlay && !memfd)
		doctor_report_obstacle(
			d, "neither overlay nor an executable memfd for the sealed copy of "
			   "the program");
}

static void check_kernel(struct doctor *d)
{
	struct utsname u = { 0 };
	(void)uname(&u);
	int r = host_read(&d->host);

	d->host_known = r >= 0;
	doctor_report_add(d, "kernel", "version", r < 0 ? DOCTOR_MISSING : DOCTOR_OK,
			  r < 0 ? "see the line at the end" : NULL,
			  "%s on %s; 5.14 or newer is needed", u.release, u.machine);
	if (r < 0)
		doctor_report_obstacle(d, "%s", err_message());
	err_clear();
	check_calls(d);
	check_sealing(d);
}

/* --- a default container, up to where it would become one ---------------------------------- */

/*
 * Makes the first operations of a container that may be refused: mounting procfs and loading the
 * filter. The exit status is the errno. Mount and process are gone afterwards.
 */
static no_return void be_init(const struct filter *filter)
{
	int ctx = sys_fsopen("proc", FSOPEN_CLOEXEC);

	if (ctx < 0 || sys_fsconfig(ctx, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0 ||
	    sys_fsmount(ctx, FSMOUNT_CLOEXEC, 0) < 0)
		_exit(errno & 0x7f);
	struct sock_fprog program = { filter->len, (struct sock_filter *)filter->code };

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
	    sys_seccomp(SECCOMP_SET_MODE_FILTER, filter->flags, &program) < 0)
		_exit(0x80 | (errno & 0x7f));
	_exit(0);
}

static void try_process(struct doctor *d, const struct plan *plan)
{
	/* the other two are made by a later unshare(2) (plan.h) */
	struct clone_args args = {
		.flags = plan->ns.made & ~(uint64_t)(CLONE_NEWCGROUP | CLONE_NEWTIME),
		.exit_signal = SIGCHLD,
	};
	int status = 0;
	pid_t pid = sys_clone3(&args);

	if (pid == 0)
		be_init(plan->filter);
	if (pid < 0) {
		int error = errno;

		doctor_report_add(d, "container", "namespaces", DOCTOR_MISSING,
				  plan->ns.made & CLONE_NEWUSER
					  ? "see the lines about user namespaces below"
					  : "run doctor as a user with CAP_SYS_ADMIN",
				  "cannot be made: %s", err_words(error));
		doctor_report_obstacle(d, "namespaces cannot be made: %s", err_words(error));
		return;
	}
	doctor_report_add(d, "container", "namespaces", DOCTOR_OK, NULL, "can be made");
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	int code = WIFEXITED(status) ? WEXITSTATUS(status) : EIO;

	if (code && !(code & 0x80)) {
		doctor_report_add(d, "container", "procfs", DOCTOR_MISSING,
				  "uncover the /proc that is seen here (in a container: unmask it)",
				  "cannot be mounted: %s", err_words(code));
		doctor_report_obstacle(d, "procfs cannot be mounted: %s", err_words(code));
		return;
	}
	doctor_report_add(d, "container", "procfs", DOCTOR_OK, NULL, "can be mounted");
	if (code) {
		doctor_report_add(d, "container", "filter", DOCTOR_MISSING,
				  "use a kernel with CONFIG_SECCOMP_FILTER", "cannot be loaded: %s",
				  err_words(code & 0x7f));
		doctor_report_obstacle(d, "the seccomp filter cannot be loaded: %s",
				       err_words(code & 0x7f));
		return;
	}
	doctor_report_add(d, "container", "filter", DOCTOR_OK, NULL,
			  "default profile: %u instructions", plan->filter->len);
}

/* Whether the parent of the leaf, or its nearest existing ancestor, is writable. */
static bool is_writable(const struct cgroup_dir *dir)
{
	char *path = arena_printf("%s%s", dir->mountpoint, dir->path);
	size_t least = strlen(dir->mountpoint);

	for (char *slash; (slash = strrchr(path, '/')) && (size_t)(slash - path) >= least;) {
		*slash = 0;
		if (faccessat(AT_FDCWD, path, F_OK, AT_EACCESS) == 0)
			break;
	}
	return faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
}

static void try_cgroups(struct doctor *d, const struct plan *plan)
{
	for (size_t i = 0; i < plan->cgroup.n && !plan->cgroup.disabled; i++) {
		const struct cgroup_dir *dir = &plan->cgroup.v[i];

		if (is_writable(dir))
			continue;
		doctor_report_add(d, "container", "cgroup", DOCTOR_MISSING,
				  "mount it writable, or use --cgroup-manager=disabled",
				  "%s cannot be written", dir->mountpoint);
		doctor_report_obstacle(d, "%s: a cgroup cannot be made there", dir->mountpoint);
		return;
	}
	doctor_report_add(d, "container", "cgroup", DOCTOR_OK, NULL, "%s",
			  plan->cgroup.disabled
				  ? "none: nothing is delegated, and nobody asked for limits"
				  : "can be made");
}

static int plan_default(const struct doctor *d, bool rootless, const struct plan **ret)
{
	struct config config;
	struct text text;
	struct plan_options options = { .id = "doctor", .bundle = "/", .settle = cgroup_settle };
	int r = describe_spec(rootless, &text);

	if (r >= 0)
		r = parse_config("config.json", &text, &config);
	if (r < 0)
		return r;
	/* a terminal would require a process that holds its master */
	config.process.terminal = false;
	r = validate_config(&config);
	return r < 0 ? r : plan_make(&config, &d->host, &options, ret);
}

static void make_trial(struct doctor *d)
{
	bool rootless = d->host.euid != 0 || d->host.in_user_namespace;
	const struct plan *plan;

	if (!d->host_known)
		return;
	int r = plan_default(d, rootless, &plan);

	doctor_report_add(d, "container", "config", r < 0 ? DOCTOR_MISSING : DOCTOR_OK,
			  r < 0 ? "see the line at the end" : NULL, "that of 'tamis spec%s'",
			  rootless ? " --rootless" : "");
	if (r < 0)
		doctor_report_obstacle(d, "%s", err_message());
	err_clear();
	if (r < 0)
		return;
	try_cgroups(d, plan);
	try_process(d, plan);
}

void doctor_examine(struct doctor *ret)
{
	*ret = (struct doctor){ .host = { .euid = geteuid(), .egid = getegid() } };
	check_kernel(ret);
	make_trial(ret);
	doctor_host_cgroups(ret);
	doctor_host_users(ret);
	doctor_security(ret);
	doctor_security_seccomp(ret);
	doctor_engines(ret);
}
