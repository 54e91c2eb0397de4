/* SPDX-License-Identifier: Apache-2.0 */
/* Writes denials: one line of JSON for programs, one line of text for people. */
#ifndef OBSERVE_DENIAL_WRITE_H
#define OBSERVE_DENIAL_WRITE_H

#include "base/base.h"
#include "base/io.h"
#include "observe/denial.h"

#include <sys/types.h>

/* Where a call was made. Strings that are not known are "" (never NULL) and printable. */
struct denial_scene {
	pid_t pid, tid;		   /* as the supervisor sees them */
	const char *container;	   /* its id */
	const char *program;	   /* path of the executable, in the container */
	const char *thread;	   /* name of the thread */
	const char *file, *symbol; /* of the caller: "/lib/libc.so.6" and "mkdir+0x7" */
	uint64_t offset;	   /* in that file */
	const char *strings[6];	   /* what arguments point at, with quotes; NULL: not read */
	int64_t seconds;	   /* since 1970 */
	uint32_t nanoseconds;
};

/* How often an entry of the log has occurred. */
struct denial_count {
	uint32_t id; /* of its line */
	uint64_t count;
	uint64_t n_sigkill; /* of these, those that got SIGKILL in place of the answer */
	bool lived;	    /* the program went on after it */
};

struct denial_counts {
	size_t n;
	const struct denial_count *v;
	uint64_t unlogged; /* denials that have no line, because there were too many kinds */
	uint64_t lost;	   /* kinds whose line could not be written */
	bool ended;	   /* no process has the filter any more */
};

/* "2026-11-26T19:55:01.123456Z". In the arena. */
const char *denial_write_time(int64_t seconds, uint32_t nanoseconds);
/* The line of JSON: schema tamis-denial/1, see tamis-seccomp(7). In the arena. */
struct text denial_write_json(uint32_t id, const struct denial *d,
			      const struct denial_scene *scene);
/* The line of JSON with the counts: schema tamis-denial-counts/1. In the arena. */
struct text denial_write_counts(const char *container, const char *time,
				const struct denial_counts *counts);
/* The line of JSON that says that the agent has ended: schema tamis-denial-agent/1. In the arena.
 */
struct text denial_write_loss(const char *container, const char *time, const char *why);
/* "mkdir(\"/tmp/zz\", 0777)". In the arena. */
const char *denial_write_call(const struct denial *d, const struct denial_scene *scene);
/* The line for people, with a line feed. In the arena. */
const char *denial_write_text(const struct denial *d, const struct denial_scene *scene);

#endif
