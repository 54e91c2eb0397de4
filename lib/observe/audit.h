/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records of the kernel's audit system about seccomp (AUDIT_SECCOMP, type 1326): which process made
 * a call that was logged, answered with a signal, or killed it. No input or output. Example:
 *
 *     audit: type=1326 audit(1732650000.123:89): auid=1000 uid=0 gid=0 ses=2 pid=4711
 * comm="python3" exe="/usr/bin/python3.11" sig=31 arch=c000003e syscall=83 compat=0 ip=0x7f...
 * code=0x80000000
 *
 *     struct audit_record record;
 *
 *     if (audit_parse(line, len, &record) > 0)
 *             use(record.arch, record.nr);
 */
#ifndef OBSERVE_AUDIT_H
#define OBSERVE_AUDIT_H

#include "base/base.h"
#include "base/io.h"

#include <sys/types.h>

struct audit_record {
	int64_t time_ms; /* since the epoch */
	uint64_t serial; /* number of the record; with time_ms it is unique until the next boot */
	pid_t pid;	 /* of the process, in the initial PID namespace */
	struct text comm, exe; /* any bytes: print them by printable_text(); data NULL: absent */
	unsigned int signal;   /* that the process got; 0: none */
	uint32_t arch;	       /* AUDIT_ARCH_* */
	uint32_t nr;	       /* seccomp_data.nr */
	uint64_t ip;	       /* the address behind the instruction of the call */
	uint32_t action;       /* SECCOMP_RET_*, without its data (the errno) */
};

/*
 * Parses a line, without its line feed, as the kernel log, dmesg(1), journalctl(1) or auditd(8)
 * write it. Returns 1; 0 if the line is something else; -EINVAL if it is such a record but a part
 * of it is missing or wrong. Texts are in the arena. Silent.
 */
must_check int audit_parse(const char *line, size_t n, struct audit_record *ret);

#endif
