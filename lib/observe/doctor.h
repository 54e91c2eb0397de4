/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this host offers to containers, found out without changing it: for people and for
 * installers. Whether a default container would start is asked of what `create` itself uses:
 * host_read(), plan_make(), clone3 with the plan's namespaces, the plan's filter.
 */
#ifndef OBSERVE_DOCTOR_H
#define OBSERVE_DOCTOR_H

#include "base/base.h"
#include "plan/host.h"

enum doctor_mark { DOCTOR_OK, DOCTOR_WARN, DOCTOR_MISSING };

struct doctor_check {
	const char *area; /* "kernel", "cgroups" */
	const char *name;
	enum doctor_mark mark;
	const char *found;
	const char *advice; /* the next step; NULL: none is needed */
};

enum { DOCTOR_CHECKS_MAX = 96 };

struct doctor {
	size_t n;
	struct doctor_check v[DOCTOR_CHECKS_MAX];
	const char *obstacle; /* why a default container would not start; NULL: it would */
	struct host host;     /* zero but for euid if it could not be read */
	bool host_known;
};

/* Asks everything. Never fails: what cannot be known is a check of its own. Arena. */
void doctor_examine(struct doctor *ret);

/* --- for lib/runtime/doctor*.c alone --------------------------------------------------- */

/* Adds a line; found is a format. advice NULL: none. Arena. */
void doctor_report_add(struct doctor *d, const char *area, const char *name, enum doctor_mark mark,
		       const char *advice, const char *found, ...) printf_like(6, 7);
/* Names the first reason why a default container would not start; later ones are dropped. */
void doctor_report_obstacle(struct doctor *d, const char *fmt, ...) printf_like(2, 3);
/* The first line of a small file, following links; NULL if it cannot be read. Arena. */
char *doctor_read_line(const char *path);
/* The whole of a file of at most 1 MiB, following links; NULL with errno if it cannot be read. */
char *doctor_read_text(const char *path);
/* Where program name is on PATH (or in the sbin directories, which users' PATH lacks); NULL. */
const char *doctor_read_path(const char *name);

/* The parts, in order. Each adds its lines; those that decide also object. */
void doctor_kernel(struct doctor *d);
void doctor_trial(struct doctor *d);
void doctor_host_cgroups(struct doctor *d);
void doctor_host_users(struct doctor *d);
void doctor_security(struct doctor *d);
void doctor_security_seccomp(struct doctor *d);
void doctor_engines(struct doctor *d);

#endif
