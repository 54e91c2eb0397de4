/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares libcap's names of capabilities with the runtime-spec's (config.md refers to
 * capabilities(7)) and the numbers of the kernel's header, and sets of capabilities with those that
 * the kernel shows.
 */
#include "base/caps.h"
#include "base/io.h"
#include "base/num.h"

#include "unit/tap.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/wait.h>
#include <unistd.h>

#define CAP(name)           \
	{                   \
#name, name \
	}

/* clang-format off */
static const struct {
	const char *name;
	int number;
} spec[] = {
	CAP(CAP_CHOWN), CAP(CAP_DAC_OVERRIDE), CAP(CAP_DAC_READ_SEARCH), CAP(CAP_FOWNER),
	CAP(CAP_FSETID), CAP(CAP_KILL), CAP(CAP_SETGID), CAP(CAP_SETUID), CAP(CAP_SETPCAP),
	CAP(CAP_LINUX_IMMUTABLE), CAP(CAP_NET_BIND_SERVICE), CAP(CAP_NET_BROADCAST),
	CAP(CAP_NET_ADMIN), CAP(CAP_NET_RAW), CAP(CAP_IPC_LOCK), CAP(CAP_IPC_OWNER),
	CAP(CAP_SYS_MODULE), CAP(CAP_SYS_RAWIO), CAP(CAP_SYS_CHROOT), CAP(CAP_SYS_PTRACE),
	CAP(CAP_SYS_PACCT), CAP(CAP_SYS_ADMIN), CAP(CAP_SYS_BOOT), CAP(CAP_SYS_NICE),
	CAP(CAP_SYS_RESOURCE), CAP(CAP_SYS_TIME), CAP(CAP_SYS_TTY_CONFIG), CAP(CAP_MKNOD),
	CAP(CAP_LEASE), CAP(CAP_AUDIT_WRITE), CAP(CAP_AUDIT_CONTROL), CAP(CAP_SETFCAP),
	CAP(CAP_MAC_OVERRIDE), CAP(CAP_MAC_ADMIN), CAP(CAP_SYSLOG), CAP(CAP_WAKE_ALARM),
	CAP(CAP_BLOCK_SUSPEND), CAP(CAP_AUDIT_READ), CAP(CAP_PERFMON), CAP(CAP_BPF),
	CAP(CAP_CHECKPOINT_RESTORE),
};
/* clang-format on */

static void test_names(void)
{
	static const char *const none[] = { "",		  "cap_chown", "CAP_CHOWN ", "CAP_CHOWN=ep",
					    "CHOWN",	  "0",	       "CAP_",	     "CAP_FUTURE",
					    "CAP_CHOWNX", "CAP_CHOW",  "all",	     "ALL" };

	for (size_t i = 0; i < ARRAY_LEN(spec); i++) {
		const char *name = caps_name((unsigned int)spec[i].number);

		ok(caps_find(spec[i].name) == spec[i].number && name &&
			   strcmp(name, spec[i].name) == 0,
		   "%s is %d, and back", spec[i].name, spec[i].number);
	}
	for (size_t i = 0; i < ARRAY_LEN(none); i++)
		ok(caps_find(none[i]) == -1, "\"%s\" is none", none[i]);
	for (unsigned int cap = 0; cap <= CAP_LAST_CAP; cap++)
		ok(caps_name(cap), "libcap has a name for %u, which the kernel headers know", cap);
	ok(!caps_name(CAPS_MAX - 1), "no name for %d", CAPS_MAX - 1);
}

/* The set after "\nNAME:\t" in /proc/self/status (proc(5)). */
static uint64_t status_set(const char *name)
{
	struct text text;
	uint64_t set = 0;

	if (io_read_file(AT_FDCWD, "/proc/self/status", 1 << 16, &text) < 0)
		return 0;
	const char *at = strstr(text.data, name);

	for (at = at ? at + strlen(name) + 2 : ""; *at && *at != '\n'; at++)
		set = set << 4 | (uint64_t)(*at <= '9' ? *at - '0' : *at - 'a' + 10);
	return set;
}

static void test_sets(void)
{
	struct caps own = { 0 }, fewer;
	uint64_t bounding = 0;

	ok(caps_get(&own) == 0 && own.permitted == status_set("\nCapPrm") &&
		   own.effective == status_set("\nCapEff") &&
		   own.inheritable == status_set("\nCapInh"),
	   "our sets are those that the kernel shows");
	ok(caps_get_bounding(&bounding) == 0 && bounding == status_set("\nCapBnd"),
	   "the bounding set is the one that the kernel shows");
	ok((bounding & ~caps_known()) == 0 && (caps_known() & (caps_known() + 1)) == 0,
	   "the known capabilities are contiguous from 0");
	int status = 0;
	pid_t pid = fork();

	if (pid == 0) {
		fewer = (struct caps){ .permitted = own.permitted & ~(UINT64_C(1) << CAP_MKNOD),
				       .effective = own.effective & UINT64_C(0x5555555555555555) &
						    ~(UINT64_C(1) << CAP_MKNOD),
				       .inheritable = 0 };
		_exit(caps_set(&fewer) == 0 && status_set("\nCapPrm") == fewer.permitted &&
		      status_set("\nCapEff") == fewer.effective &&
		      status_set("\nCapInh") == fewer.inheritable);
	}
	waitpid(pid, &status, 0);
	ok(WEXITSTATUS(status) == 1, "each set can be reduced separately");
	fewer = (struct caps){ .effective = ~own.permitted & caps_known() };
	ok(fewer.effective == 0 || caps_set(&fewer) < 0, "more than our own are refused");
}

int main(void)
{
	test_names();
	test_sets();
	return done();
}
