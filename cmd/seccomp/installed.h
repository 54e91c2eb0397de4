/* SPDX-License-Identifier: Apache-2.0 */
/* Subjects that run: the filters that are installed in a process or a container's init. */
#ifndef CMD_SECCOMP_INSTALLED_H
#define CMD_SECCOMP_INSTALLED_H

#include "cmd/seccomp/subject.h"

/* The number if the word is "pid:N", else 0. */
pid_t installed_pid(const char *word);
/* The id if the word is "container:ID", else NULL. */
const char *installed_id(const char *word);
/* Whether there is a container of that id below root. */
bool installed_has(const char *root, const char *id);
/*
 * Reads what is installed. s->name and s->facts are set; sets the rest of *s. All filters of a
 * process decide together: the strictest answer, of equal ones the newest filter's. Reporting.
 */
must_check int installed_read_process(pid_t pid, struct canon *canon, struct subject *s);
must_check int installed_read_container(const char *root, const char *id, struct canon *canon,
					struct subject *s);

/* The subject of a process without a filter: every call is allowed. */
must_check int installed_none(struct canon *canon, struct subject *s);

#endif
