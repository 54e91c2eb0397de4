/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which processes the engine "perf" records, and the program of each. It is told the events of
 * perf_ring.h in the order of time. All silent.
 */
#ifndef OBSERVE_PERF_PROCESSES_H
#define OBSERVE_PERF_PROCESSES_H

#include "observe/perf_ring.h"

struct perf_processes; /* private */

/*
 * Processes of which nothing else was said are recorded, and run the program 0
 * (recording_program()).
 */
struct perf_processes *perf_processes_make(void);
/*
 * The events are those of a cgroup, which processes of a runtime join, too. Recorded is what
 * programs of the container have made or executed: the awaited one, and what joins, in the mount
 * namespace of init, from its next execve(2) on. mount_ns: inode of that namespace, until events
 * say that init is in another one. is_told: perf_processes_expect() is called for what `exec` adds;
 * other processes that join before the awaited execve are not recorded.
 */
void perf_processes_of_cgroup(struct perf_processes *ps, pid_t init, uint64_t mount_ns,
			      bool is_told);
/*
 * Of a cgroup: until `false`, all that is in it is recorded. Meanwhile the caller lists what there
 * is (perf_processes_set_program()), whose events may have come before.
 */
void perf_processes_list(struct perf_processes *ps, bool is_listing);
/*
 * Nothing that this process does or makes before its execve(2) is recorded: what it has made until
 * then (hooks of a runtime) never is, nor what that makes later. Without a cgroup, it is told from
 * others by the events of perf_processes_add_id().
 */
void perf_processes_await(struct perf_processes *ps, pid_t init);
/* Whether that execve has not been seen. */
bool perf_processes_is_awaiting(const struct perf_processes *ps);
/* An event (perf_ring_add()) of the awaited process and of what it makes. */
void perf_processes_add_id(struct perf_processes *ps, uint64_t id);
/* Of a cgroup: from its next execve(2) on this process is recorded, wherever it is. */
void perf_processes_expect(struct perf_processes *ps, pid_t pid);
/* The process is recorded, and runs this program. */
void perf_processes_set_program(struct perf_processes *ps, pid_t pid, uint32_t program);
uint32_t perf_processes_program(const struct perf_processes *ps, pid_t pid);

/* PERF_EVENT_CALL and PERF_EVENT_PROGRAM: whether the process is recorded. */
bool perf_processes_has(struct perf_processes *ps, const struct perf_event *e);
/* PERF_EVENT_PROGRAM: whether it is that of an execve(2), not a library. */
bool perf_processes_is_new(const struct perf_processes *ps, pid_t pid);
/* After that, or a call: what the process has executed runs. */
void perf_processes_note_begun(struct perf_processes *ps, pid_t pid);
/* PERF_EVENT_CHILD. */
void perf_processes_note_child(struct perf_processes *ps, const struct perf_event *e);
/* PERF_EVENT_NAMESPACES. */
void perf_processes_note_namespaces(struct perf_processes *ps, const struct perf_event *e);
/* PERF_EVENT_EXEC. Whether it is the awaited one. */
bool perf_processes_note_exec(struct perf_processes *ps, const struct perf_event *e);
/*
 * PERF_EVENT_END. Whether a recorded process has executed a program of which nothing was seen: the
 * kernel ends the events of a process when it gets the rights of others by execve(2)
 * (begin_new_exec()). It lives on, and is unseen unless the events are those of a cgroup.
 */
bool perf_processes_note_end(struct perf_processes *ps, const struct perf_event *e);

#endif
