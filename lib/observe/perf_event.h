/* SPDX-License-Identifier: Apache-2.0 */
/* The records of perf_event_open(2) about processes and their system calls. */
#ifndef OBSERVE_PERF_EVENT_H
#define OBSERVE_PERF_EVENT_H

#include "base/base.h"

#include <sys/types.h>

struct perf_event_attr; /* linux/perf_event.h */
struct perf_event_header;

enum perf_event_kind {
	PERF_EVENT_CALL,    /* sys_enter */
	PERF_EVENT_EXEC,    /* the process has executed a program */
	PERF_EVENT_PROGRAM, /* the first one that follows it: this file; "": its path is not known
			     */
	PERF_EVENT_END,	    /* of a thread, or of its events */
	PERF_EVENT_CHILD,   /* parent has made the process pid, or a thread of its own */
	PERF_EVENT_NAMESPACES, /* of a thread, behind that or when they have changed; of a cgroup */
	PERF_EVENT_LOST,       /* `lost` events had no room in the buffer */
};

struct perf_event {
	enum perf_event_kind kind;
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	uint64_t id;	  /* of the event that perf_ring_add() has made, for those it made, too */
	pid_t pid;	  /* of the process */
	pid_t tid;	  /* PERF_EVENT_CHILD, _END and _NAMESPACES: of the thread */
	pid_t parent;	  /* PERF_EVENT_CHILD */
	bool is_compat;	  /* PERF_EVENT_CALL: of the 32-bit architecture beside the native one */
	int64_t nr;
	uint64_t args[6];
	uint64_t mount_ns; /* PERF_EVENT_NAMESPACES: inode of its mount namespace */
	const char *path;  /* in the record */
	uint64_t lost;
};

/* Sets what each record has: the other functions rely on it. */
void perf_event_set_form(struct perf_event_attr *attr);
/*
 * Where time and id are in a record: behind pid and tid in a sample, the last words of any other
 * one.
 */
uint64_t perf_event_time_at(const struct perf_event_header *header);
/* Reads a record of n bytes, all but time_ns. False: it says nothing that is of interest. */
bool perf_event_parse(const char *record, size_t n, struct perf_event *ret);

#endif
