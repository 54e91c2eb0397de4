/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The kernel's audit records about seccomp, from wherever this host keeps them: the kernel log, the
 * journal, the file of auditd(8).
 */
#ifndef OBSERVE_KERNEL_LOG_H
#define OBSERVE_KERNEL_LOG_H

#include "base/base.h"
#include "observe/audit.h"

enum { KERNEL_LOG_SOURCES = 3 };

/* Where to look. NULL: not there. */
struct kernel_log_paths {
	const char *kmsg;	/* "/dev/kmsg" */
	const char *journalctl; /* the program */
	const char *audit_log;	/* "/var/log/audit/audit.log" */
};

struct kernel_log_source {
	const char *name;
	int error;	 /* 0: it was read; -errno; 1: journalctl(1) failed */
	bool is_partial; /* it does not go back that far, or has too many records */
};

struct kernel_log {
	size_t n; /* the oldest first; each once, also if several sources have it */
	struct audit_record *v;
	size_t n_damaged;
	struct kernel_log_source sources[KERNEL_LOG_SOURCES];
};

/*
 * Reads the records since a time (milliseconds since the epoch). It always succeeds: what could not
 * be read is in sources. journalctl(1) is only asked if the kernel log cannot be read or has lost
 * its beginning, and has some seconds to answer.
 */
void kernel_log_read(const struct kernel_log_paths *paths, int64_t since_ms,
		     struct kernel_log *ret);

#endif
