/* SPDX-License-Identifier: Apache-2.0 */
/* What tamis-agent counts, in the text format of Prometheus. */
#ifndef OBSERVE_AGENT_METRICS_H
#define OBSERVE_AGENT_METRICS_H

#include "base/base.h"
#include "base/io.h"

struct served;

/*
 * Each container has at most AGENT_METRICS_PAIRS_MAX pairs of call and answer; further ones are
 * counted together. All containers together have at most AGENT_METRICS_SERIES_MAX; the rest is
 * counted together. The file is written every AGENT_METRICS_MS at most.
 */
enum { AGENT_METRICS_PAIRS_MAX = 32, AGENT_METRICS_SERIES_MAX = 4096, AGENT_METRICS_MS = 1000 };

struct agent_metrics {
	int dir; /* of the file; -1: there is none */
	const char *name;
	bool changed;
	int64_t due;	  /* sys_now_ms() from which the file may be written again */
	uint64_t refused; /* connections that brought no listener that could be served */
	uint64_t lost;	  /* listeners that were not served, although they arrived or were stored */
	uint64_t unknown_policies;
	uint64_t unread; /* calls at which a look at the process was left out */
};

/* Opens the directory of the file at path; NULL: there is no file. Reporting. */
must_check int agent_metrics_open(const char *path, struct agent_metrics *ret);
/* Replaces the file. Who reads it never sees a part. */
void agent_metrics_write(struct agent_metrics *m, const struct served *s);
/* Returns the text, in the arena. */
struct text agent_metrics_text(const struct agent_metrics *m, const struct served *s);

#endif
