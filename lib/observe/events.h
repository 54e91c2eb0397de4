/* SPDX-License-Identifier: Apache-2.0 */
/* The `events` command: statistics and OOM events of a container as JSON, one object per line. */
#ifndef OBSERVE_EVENTS_H
#define OBSERVE_EVENTS_H

#include "base/base.h"

struct container;

/*
 * Parses a duration above 0 in Go's format ("5s", "1m30s", "1.5h", "500ms") to nanoseconds.
 * Reporting.
 */
must_check int events_parse_interval(const char *word, uint64_t *ret_ns);
/* Writes one event of type "stats" to standard output. Reporting. */
must_check int container_events_stats(const struct container *c);
/*
 * Writes "stats" every interval_ns, and "oom" when the kernel reports a lack of memory, until init
 * has ended. Reporting.
 */
must_check int container_events(const struct container *c, uint64_t interval_ns);

#endif
