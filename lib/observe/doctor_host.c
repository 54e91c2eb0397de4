/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what `doctor` reports about cgroups and users: how they are mounted, what is delegated, and
 * whether a user who is not root can use a range of ids. Files that others write are read as text,
 * and a line that does not match is ignored. NSS is not used; /etc/passwd is what newuidmap(1)
 * needs itself.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "cgroup/scope.h"
#include "observe/doctor.h"
#include "process/maps.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

/* --- cgroups -------------------------------------------------------------------------------- */

static const struct cgroup_dir *unified(const struct host *host)
{
	for (size_t i = 0; i < host->n_hierarchies; i++)
		if (host->hierarchies[i].own.v2)
			return &host->hierarchies[i].own;
	return NULL;
}

static void list_hierarchies(struct doctor *d)
{
	const struct host *host = &d->host;
	const char *all = "";

	for (size_t i = 0; i < host->n_hierarchies; i++)
		if (!host->hierarchies[i].own.v2)
			all = arena_printf("%s%s%s", all, *all ? " " : "",
					   host->hierarchies[i].own.name);
	if (*all)
		doctor_report_add(d, "cgroups", "v1 hierarchies", DOCTOR_OK, NULL, "%s", all);
	if (unified(host))
		doctor_report_add(d, "cgroups", "v2 controllers", DOCTOR_OK, NULL, "%s",
				  *host->cgroup2_controllers ? host->cgroup2_controllers
							     : "none, all are with v1");
}

/* The controllers that limits of engines need, on v1 or v2. */
static void check_controllers(struct doctor *d)
{
	static const char *const wanted[] = { "cpu", "memory", "pids" };
	const struct host *host = &d->host;
	const char *all = arena_printf(" %s ", host->cgroup2_controllers);
	const char *missing = "";

	for (size_t i = 0; i < host->n_hierarchies; i++)
		if (!host->hierarchies[i].own.v2)
			all = arena_printf("%s%s ", all, host->hierarchies[i].own.name);
	for (char *p = strchr(all, ','); p; p = strchr(p, ','))
		*p = ' ';
	for (size_t i = 0; i < ARRAY_LEN(wanted); i++)
		if (!strstr(all, arena_printf(" %s ", wanted[i])))
			missing = arena_printf("%s %s", missing, wanted[i]);
	if (*missing)
		doctor_report_add(d, "cgroups", "limits", DOCTOR_WARN,
				  "enable them in the kernel (cgroup_enable=, CONFIG_*)",
				  "not offered:%s", missing);
	else
		doctor_report_add(d, "cgroups", "limits", DOCTOR_OK, NULL, "cpu, memory, pids");
}

/* Delegation (cgroups(7)): the directory and the files that move processes belong to the user. */
static void check_delegation(struct doctor *d)
{
	const struct cgroup_dir *own = unified(&d->host);

	if (d->host.euid == 0 || !own)
		return;
	const char *path =
		arena_printf("%s%s", own->mountpoint, strcmp(own->path, "/") ? own->path : "");
	bool dir = faccessat(AT_FDCWD, path, W_OK, AT_EACCESS) == 0;
	bool procs =
		faccessat(AT_FDCWD, arena_printf("%s/cgroup.procs", path), W_OK, AT_EACCESS) == 0;
	const char *offered = doctor_read_line(arena_printf("%s/cgroup.controllers", path));

	if (dir && procs)
		doctor_report_add(d, "cgroups", "delegation", DOCTOR_OK, NULL, "%s: %s", path,
				  offered && *offered ? offered : "no controllers");
	else
		doctor_report_add(d, "cgroups", "delegation", DOCTOR_WARN,
				  "systemd-run --user --scope -p Delegate=yes, for limits",
				  "%s is not this user's", path);
}

/* The other cgroup manager. If systemd is not running it is not needed. */
static void check_systemd(struct doctor *d)
{
	const char *program;
	struct stat st;

	if (scope_check(&program) == 0)
		doctor_report_add(d, "cgroups", "systemd", DOCTOR_OK, NULL,
				  "runs; the driver is %s", program);
	else if (stat("/run/systemd/system", &st) < 0)
		doctor_report_add(d, "cgroups", "systemd", DOCTOR_OK, NULL, "does not run here%s%s",
				  program ? "; the driver is " : "", program ? program : "");
	else
		doctor_report_add(
			d, "cgroups", "systemd", DOCTOR_WARN,
			"install it (configure --with-systemd), or let engines use cgroupfs",
			"runs, but there is no driver: %s", err_message());
	err_clear();
}

void doctor_host_cgroups(struct doctor *d)
{
	static const char *const modes[] = {
		[HOST_CGROUP_NONE] = "none mounted",
		[HOST_CGROUP_V1] = "v1",
		[HOST_CGROUP_HYBRID] = "hybrid: v1, and v2 beside it",
		[HOST_CGROUP_V2] = "v2",
	};
	enum host_cgroups mode = d->host.cgroups;

	if (!d->host_known)
		return;
	doctor_report_add(d, "cgroups", "mode",
			  mode == HOST_CGROUP_NONE ? DOCTOR_MISSING : DOCTOR_OK,
			  mode == HOST_CGROUP_NONE ? "mount -t cgroup2 none /sys/fs/cgroup" : NULL,
			  "%s", modes[mode]);
	list_hierarchies(d);
	if (mode != HOST_CGROUP_NONE)
		check_controllers(d);
	check_delegation(d);
	check_systemd(d);
}

/* --- users ---------------------------------------------------------------------------------- */

/* Checks a sysctl that disables user namespaces, or disables them for users who are not root. */
static void check_sysctl(struct doctor *d, const char *name, const char *path, const char *bad,
			 const char *advice)
{
	const char *value = doctor_read_line(path);
	bool off = value && strcmp(value, bad) == 0;

	if (value)
		doctor_report_add(d, "user namespaces", name, off ? DOCTOR_WARN : DOCTOR_OK,
				  off ? advice : NULL, "%s", value);
}

static void check_mapper(struct doctor *d, const char *name)
{
	const char *why, *path = maps_program(name, &why);

	if (path)
		doctor_report_add(d, "user namespaces", name, DOCTOR_OK, NULL, "%s", path);
	else
		doctor_report_add(d, "user namespaces", name, DOCTOR_WARN,
				  "for rootless containers with more ids than one", "%s", why);
}

/* Returns the name of uid in /etc/passwd, or NULL. */
static const char *user_name(uid_t uid)
{
	char *text = doctor_read_text("/etc/passwd");

	for (char *line, *rest = text; (line = strsep(&rest, "\n"));) {
		const char *name = strsep(&line, ":"), *password = strsep(&line, ":");
		const char *id = strsep(&line, ":");
		uint32_t n;

		if (name && password && id && num_parse_u32(id, &n) == 0 && n == uid)
			return name;
	}
	return NULL;
}

/*
 * Returns the number of ids that the lines "NAME:FIRST:COUNT" of a file give to the user, by name
 * or number.
 */
static uint64_t count_subids(const char *file, const char *name, uid_t uid)
{
	char *text = doctor_read_text(file);
	uint64_t sum = 0;

	for (char *line, *rest = text; (line = strsep(&rest, "\n"));) {
		const char *who = strsep(&line, ":"), *first = strsep(&line, ":");
		uint32_t n, id;
		bool ours = who && ((name && strcmp(who, name) == 0) ||
				    (num_parse_u32(who, &id) == 0 && id == uid));

		if (ours && first && line && num_parse_u32(line, &n) == 0)
			sum += n;
	}
	return sum;
}

static void check_subids(struct doctor *d, const char *file)
{
	uid_t uid = d->host.euid;
	const char *name = user_name(uid);
	const char *who = name ? name : arena_printf("%u", uid);
	uint64_t n = count_subids(file, name, uid);

	if (n)
		doctor_report_add(d, "user namespaces", file, n < 65536 ? DOCTOR_WARN : DOCTOR_OK,
				  n < 65536 ? "65536 are usual; images use that many" : NULL,
				  "%llu ids for %s", (unsigned long long)n, who);
	else /* root needs none; others need them only for images with several users */
		doctor_report_add(d, "user namespaces", file, uid == 0 ? DOCTOR_OK : DOCTOR_WARN,
				  uid == 0 ? NULL
					   : arena_printf("usermod --add-sub%cids 100000-165535 %s",
							  strstr(file, "uid") ? 'u' : 'g', who),
				  "no ids for %s", who);
}

void doctor_host_users(struct doctor *d)
{
	const char *max = doctor_read_line("/proc/sys/user/max_user_namespaces");
	bool none = !max || strcmp(max, "0") == 0;

	doctor_report_add(d, "user namespaces", "max_user_namespaces",
			  none ? DOCTOR_WARN : DOCTOR_OK,
			  none ? "sysctl user.max_user_namespaces=15000, or CONFIG_USER_NS" : NULL,
			  "%s", max ? max : "not offered by this kernel");
	check_sysctl(d, "unprivileged clone", "/proc/sys/kernel/unprivileged_userns_clone", "0",
		     "sysctl kernel.unprivileged_userns_clone=1, for rootless containers");
	check_sysctl(d, "AppArmor restriction",
		     "/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1",
		     "give tamis an AppArmor profile with 'userns,', or set the sysctl to 0");
	if (d->host.in_user_namespace)
		doctor_report_add(d, "user namespaces", "this process", DOCTOR_OK, NULL,
				  "is in one already");
	check_mapper(d, "newuidmap");
	check_mapper(d, "newgidmap");
	check_subids(d, "/etc/subuid");
	check_subids(d, "/etc/subgid");
}
