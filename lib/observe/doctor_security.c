/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what `doctor` reports about security modules and seccomp: what a config may use on this
 * host. The kernel is asked about each action and flag, because a list by kernel version would be
 * wrong for kernels with backports.
 */
#include "base/arena.h"
#include "base/num.h"
#include "base/sys.h"
#include "observe/doctor.h"
#include "observe/tracepoint.h"
#include "runtime/denials.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5) /* Linux 5.19 */
#endif
#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444 /* Linux 5.13; the same number on all architectures */
#endif

void doctor_security(struct doctor *d)
{
	const char *list = doctor_read_line("/sys/kernel/security/lsm");
	const char *enforce = doctor_read_line("/sys/fs/selinux/enforce");
	long landlock = syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, 1U /* VERSION */);

	doctor_report_add(d, "security modules", "active", DOCTOR_OK, NULL, "%s",
			  list ? list : "not told: securityfs is not mounted");
	doctor_report_add(d, "security modules", "AppArmor", DOCTOR_OK, NULL, "%s",
			  d->host.apparmor ? "enabled"
					   : "not enabled; process.apparmorProfile is refused");
	doctor_report_add(d, "security modules", "SELinux", DOCTOR_OK, NULL, "%s",
			  !d->host.selinux ? "not enabled; process.selinuxLabel is refused"
			  : enforce && strcmp(enforce, "1") != 0 ? "permissive"
								 : "enabled");
	if (landlock > 0)
		doctor_report_add(d, "security modules", "Landlock", DOCTOR_OK, NULL, "ABI %ld",
				  landlock);
	else
		doctor_report_add(d, "security modules", "Landlock", DOCTOR_OK, NULL,
				  "not enabled");
}

static const struct {
	const char *name;
	uint32_t action;
} actions[] = {
	{ "KILL_PROCESS", SECCOMP_RET_KILL_PROCESS },
	{ "KILL_THREAD", SECCOMP_RET_KILL_THREAD },
	{ "TRAP", SECCOMP_RET_TRAP },
	{ "ERRNO", SECCOMP_RET_ERRNO },
	{ "NOTIFY", SECCOMP_RET_USER_NOTIF },
	{ "TRACE", SECCOMP_RET_TRACE },
	{ "LOG", SECCOMP_RET_LOG },
	{ "ALLOW", SECCOMP_RET_ALLOW },
};

static const struct {
	const char *name;
	uint64_t flag;
} flags[] = {
	{ "TSYNC", SECCOMP_FILTER_FLAG_TSYNC },
	{ "LOG", SECCOMP_FILTER_FLAG_LOG },
	{ "SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV },
};

/* Appends the word to *has if it is supported, else to *lacks. */
static void sort_word(const char *word, bool there, const char **has, const char **lacks)
{
	const char **list = there ? has : lacks;

	*list = arena_printf("%s%s%s", *list, **list ? " " : "", word);
}

static void add_lists(struct doctor *d, const char *name, const char *has, const char *lacks)
{
	doctor_report_add(d, "seccomp", name, *lacks ? DOCTOR_WARN : DOCTOR_OK,
			  *lacks ? arena_printf("a profile that asks for %s is refused here", lacks)
				 : NULL,
			  "%s", *has ? has : "none");
}

/*
 * Returns the number of bytes of compiled BPF programs, as far as /proc/vmallocinfo names them; 0
 * if unknown.
 */
static uint64_t jit_used(void)
{
	char *text = doctor_read_text("/proc/vmallocinfo"), *save = NULL;
	uint64_t sum = 0, size;

	for (char *line = text ? strtok_r(text, "\n", &save) : NULL; line;
	     line = strtok_r(NULL, "\n", &save)) {
		const char *at = strchr(line, ' '), *end;

		if (at && (strstr(line, " bpf_prog_pack") || strstr(line, " bpf_jit")) &&
		    num_scan_u64(at + strspn(at, " "), &end, &size) == 0)
			sum += size;
	}
	return sum;
}

/* Users without CAP_BPF share this limit. Beyond it loading a filter fails with errno 524. */
static void add_jit_limit(struct doctor *d)
{
	const char *line = doctor_read_line("/proc/sys/net/core/bpf_jit_limit");
	const char *name = "BPF memory";
	uint64_t limit, used = jit_used();

	if (!line || num_parse_u64(line, &limit) < 0)
		doctor_report_add(d, "seccomp", name, DOCTOR_OK, NULL,
				  "net.core.bpf_jit_limit is not told to this user");
	else if (used > limit / 4 * 3)
		doctor_report_add(d, "seccomp", name, DOCTOR_WARN,
				  "raise net.core.bpf_jit_limit: at the limit filters are refused",
				  "%ju of %ju MiB in use", (uintmax_t)used >> 20,
				  (uintmax_t)limit >> 20);
	else
		doctor_report_add(d, "seccomp", name, DOCTOR_OK, NULL, "%ju of %ju MiB in use",
				  (uintmax_t)used >> 20, (uintmax_t)limit >> 20);
}

static void add_explained_denials(struct doctor *d)
{
	static const char name[] = "explained denials";
	int r = denials_probe();

	if (r == -EBUSY)
		doctor_report_add(d, "seccomp", name, DOCTOR_WARN,
				  "--explain-denials is refused inside a container that has a "
				  "seccomp listener",
				  "another listener is in force here");
	else if (r < 0)
		doctor_report_add(d, "seccomp", name, DOCTOR_WARN,
				  "--explain-denials is refused here", "no listener can be made");
	else if (access(AGENT_PROGRAM, X_OK) < 0)
		doctor_report_add(d, "seccomp", name, DOCTOR_WARN,
				  "--explain-denials needs the program; on Debian install "
				  "tamis-seccomp",
				  "%s is missing", AGENT_PROGRAM);
	else
		doctor_report_add(d, "seccomp", name, DOCTOR_OK, NULL, "available");
}

static void add_recording(struct doctor *d)
{
	const char *missing = tracepoint_missing();

	if (missing)
		doctor_report_add(d, "seccomp", "recording", DOCTOR_WARN,
				  "--record and record --attach are refused here; tamis seccomp "
				  "record runs a command by notify",
				  "notify only: %s", missing);
	else
		doctor_report_add(d, "seccomp", "recording", DOCTOR_OK, NULL, "perf and notify");
}

void doctor_security_seccomp(struct doctor *d)
{
	const char *has = "", *lacks = "";
	struct seccomp_notif_sizes sizes;

	for (size_t i = 0; i < ARRAY_LEN(actions); i++) {
		uint32_t action = actions[i].action;

		sort_word(actions[i].name, sys_seccomp(SECCOMP_GET_ACTION_AVAIL, 0, &action) == 0,
			  &has, &lacks);
	}
	add_lists(d, "actions", has, lacks);
	has = lacks = "";
	for (size_t i = 0; i < ARRAY_LEN(flags) && d->host_known; i++)
		sort_word(flags[i].name, d->host.seccomp_flags & flags[i].flag, &has, &lacks);
	if (d->host_known)
		add_lists(d, "flags", has, lacks);
	bool listener = sys_seccomp(SECCOMP_GET_NOTIF_SIZES, 0, &sizes) == 0 &&
			d->host.seccomp_flags & SECCOMP_FILTER_FLAG_NEW_LISTENER;

	doctor_report_add(d, "seccomp", "listener", listener ? DOCTOR_OK : DOCTOR_WARN,
			  listener ? NULL : "SCMP_ACT_NOTIFY is refused here", "%s",
			  listener ? "present" : "not offered");
	add_explained_denials(d);
	add_recording(d);
	add_jit_limit(d);
}
