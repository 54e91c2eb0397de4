/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this host offers to containers, determined without changing it: for people and for
 * installers. Whether a default container would start is decided by what `create` itself uses:
 * host_read(), plan_make(), clone3(2) with the plan's namespaces, and the plan's filter.
 */
#ifndef OBSERVE_DOCTOR_H
#define OBSERVE_DOCTOR_H

#include "base/base.h"
#include "plan/host.h"

enum doctor_mark { DOCTOR_OK, DOCTOR_WARN, DOCTOR_MISSING };

struct doctor_check {
	const char *area; /* for example "kernel", "cgroups" */
	const char *name;
	enum doctor_mark mark;
	const char *found;
	const char *advice; /* the next step; NULL: none is needed */
};

struct doctor {
	size_t n, room;
	struct doctor_check *v;
	const char *obstacle; /* why a default container would not start; NULL: it would */
	struct host host;     /* zero except for euid and egid if it could not be read */
	bool host_known;
};

/* Makes all checks, in the arena. Never fails: what cannot be determined is a check of its own. */
void doctor_examine(struct doctor *ret);

/* --- for lib/observe/doctor*.c only --------------------------------------------------- */

/* Adds a line. found is a printf(3) format. advice NULL: none. In the arena. */
void doctor_report_add(struct doctor *d, const char *area, const char *name, enum doctor_mark mark,
		       const char *advice, const char *found, ...) printf_like(6, 7);
/* Sets the reason why a default container would not start. Only the first one is kept. */
void doctor_report_obstacle(struct doctor *d, const char *fmt, ...) printf_like(2, 3);
/*
 * Returns the first line of a small file, following symbolic links, in the arena; NULL if it cannot
 * be read.
 */
char *doctor_read_line(const char *path);
/*
 * Returns a file of at most 1 MiB, following symbolic links, in the arena; NULL with errno if it
 * cannot be read.
 */
char *doctor_read_text(const char *path);
/*
 * Returns the path of a program, in PATH or in the sbin directories, which are not in users' PATH.
 * NULL if there is none.
 */
const char *doctor_read_path(const char *name);

/* The parts of doctor in their order. Each adds its lines; some set the obstacle. */
void doctor_host_cgroups(struct doctor *d);
void doctor_host_users(struct doctor *d);
void doctor_security(struct doctor *d);
void doctor_security_seccomp(struct doctor *d);
void doctor_engines(struct doctor *d);

#endif
