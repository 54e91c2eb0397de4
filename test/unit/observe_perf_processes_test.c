/* SPDX-License-Identifier: Apache-2.0 */
/* lib/observe/perf_processes.c: which processes are a container's, by the order of their events. */
#include "observe/perf_processes.h"
#include "unit/tap.h"

enum { INIT = 100, ID = 7, OTHER_ID = 8, MOUNT_NS = 4000, HOST_NS = 3000, OTHER_NS = 5000 };

static struct perf_processes *ps;
static struct perf_event last;

static const struct perf_event *event(enum perf_event_kind kind, pid_t pid)
{
	last = (struct perf_event){ .kind = kind, .pid = pid, .tid = pid, .id = ID };
	return &last;
}

static void child(pid_t parent, pid_t pid)
{
	event(PERF_EVENT_CHILD, pid);
	last.parent = parent;
	perf_processes_note_child(ps, &last);
}

static bool exec(pid_t pid)
{
	return perf_processes_note_exec(ps, event(PERF_EVENT_EXEC, pid));
}

static bool begin(pid_t pid)
{
	const bool is_awaited = exec(pid);

	perf_processes_note_begun(ps, pid);
	return is_awaited;
}

static void namespaces(pid_t pid, uint64_t mount_ns)
{
	event(PERF_EVENT_NAMESPACES, pid);
	last.mount_ns = mount_ns;
	perf_processes_note_namespaces(ps, &last);
}

static bool has(pid_t pid)
{
	return perf_processes_has(ps, event(PERF_EVENT_CALL, pid));
}

static void end(pid_t pid, pid_t tid)
{
	event(PERF_EVENT_END, pid);
	last.tid = tid;
	(void)perf_processes_note_end(ps, &last);
}

static void thread(pid_t pid, pid_t tid)
{
	event(PERF_EVENT_CHILD, pid);
	last.parent = pid;
	last.tid = tid;
	perf_processes_note_child(ps, &last);
	event(PERF_EVENT_NAMESPACES, pid);
	last.mount_ns = MOUNT_NS;
	last.tid = tid;
	perf_processes_note_namespaces(ps, &last);
}

static void start_cgroup_of(bool is_told)
{
	ps = perf_processes_make();
	perf_processes_of_cgroup(ps, INIT, MOUNT_NS, is_told);
	perf_processes_await(ps, INIT);
}

static void start_cgroup(void)
{
	start_cgroup_of(false);
}

static void test_begin(void)
{
	start_cgroup();
	ok(!has(INIT), "init before its execve");
	child(INIT, 101); /* a hook */
	ok(!exec(101) && !has(101), "a hook, also after its execve");
	child(101, 102);
	ok(perf_processes_is_awaiting(ps), "init is awaited");
	ok(exec(INIT) && has(INIT), "init from its execve on");
	ok(!perf_processes_is_awaiting(ps), "init has begun");
	child(101, 103);
	ok(!exec(102) && !has(102) && !exec(103) && !has(103), "what a hook has made");
	child(INIT, 110);
	ok(has(110), "what init has made, before its execve");
	child(110, 111);
	ok(has(111), "and what that has made");
	thread(INIT, 120);
	ok(has(INIT), "a thread changes nothing");
}

static void test_threads(void)
{
	start_cgroup();
	begin(INIT);
	child(INIT, 130);
	thread(130, 131);
	end(130, 130);
	thread(130, 132);
	namespaces(130, HOST_NS);
	ok(has(130), "threads that go on after the first, and make others");
	end(130, 131);
	begin(130); /* by 132, which becomes the first */
	thread(130, 133);
	end(130, 133);
	namespaces(130, HOST_NS);
	ok(has(130), "an execve of another thread than the first");
	exec(130);
	end(130, 130);
	ok(has(130), "the event behind an execve of a set-user-id program is no end");
	perf_processes_note_begun(ps, 130);
	end(130, 130);
	ok(!has(130), "after the last thread the pid is free");
}

static void test_joins(void)
{
	start_cgroup();
	begin(INIT);
	ok(!has(200), "what has joined, before its execve");
	namespaces(200, MOUNT_NS);
	child(200, 201); /* as crun, whose child executes the program */
	namespaces(201, MOUNT_NS);
	ok(!has(201), "what that has made");
	begin(201);
	ok(has(201) && !has(200), "from its execve on");
	namespaces(210, HOST_NS);
	begin(210); /* a runtime that executes a copy of itself */
	ok(!has(210), "an execve in the host's mount namespace");
	namespaces(210, MOUNT_NS);
	begin(210);
	ok(has(210), "the next one, in the container's");
	begin(220);
	ok(has(220), "of which nothing else was seen");
	namespaces(220, HOST_NS);
	begin(220);
	ok(has(220), "what is ours may change its namespaces");
	end(220, 220);
	namespaces(220, MOUNT_NS);
	ok(!has(220), "another process of the same pid");
	namespaces(INIT, OTHER_NS);
	namespaces(230, OTHER_NS);
	begin(230);
	ok(has(230), "an execve in the mount namespace into which init has gone");
	namespaces(231, MOUNT_NS);
	begin(231);
	ok(!has(231), "and not in the one that it has left");
	end(INIT, INIT);
	namespaces(INIT, HOST_NS);
	namespaces(232, OTHER_NS);
	begin(232);
	ok(has(232), "another process of init's pid is not init");
}

static void test_listed(void)
{
	ps = perf_processes_make();
	perf_processes_of_cgroup(ps, INIT, MOUNT_NS, false);
	perf_processes_list(ps, true);
	perf_processes_set_program(ps, 501, 3);
	ok(has(500), "what was not listed, because it has ended");
	child(500, 501); /* before the list */
	is_int(perf_processes_program(ps, 501), 3, "the program of what was listed");
	child(500, 502);
	namespaces(503, HOST_NS);
	perf_processes_list(ps, false);
	ok(has(501) && has(502), "what has been made meanwhile");
	ok(!has(504) && !has(503), "what joins later");
	end(501, 505);
	end(501, 501);
	ok(has(501), "what was listed may have more threads");
}

static void test_expected(void)
{
	start_cgroup_of(true);
	perf_processes_expect(ps, 300);
	namespaces(300, HOST_NS);
	child(300, 301);
	ok(!has(300) && !has(301), "an expected process before its execve");
	begin(301);
	ok(has(301), "what it has made, from its execve on, also before init's");
	begin(302);
	end(302, 302);
	begin(303);
	begin(INIT);
	begin(302);
	begin(303);
	ok(has(302) && !has(303), "what was not expected before init's execve");
	start_cgroup();
	namespaces(304, MOUNT_NS);
	begin(304);
	ok(has(304), "where nothing is expected, an execve of what has joined before init's");
	child(INIT, 305);
	namespaces(305, MOUNT_NS);
	begin(305);
	begin(INIT);
	ok(!has(305), "but not of what init has made");
}

static void test_inherited(void)
{
	ps = perf_processes_make();
	ok(has(400), "without a cgroup each event is of what is recorded");
	perf_processes_add_id(ps, ID);
	perf_processes_await(ps, INIT);
	ok(!has(400), "but in the tree of the awaited one");
	child(400, 401);
	last.id = OTHER_ID;
	last.pid = 402;
	ok(perf_processes_has(ps, &last), "exec adds events of its own");
	exec(INIT);
	ok(!has(401) && has(INIT), "after init's execve, too");
	perf_processes_set_program(ps, 403, 5);
	child(403, 404);
	is_int(perf_processes_program(ps, 404), 5, "the program is inherited");
	exec(404);
	ok(perf_processes_note_end(ps, event(PERF_EVENT_END, 404)), "an end behind an execve");
	exec(403);
	perf_processes_note_begun(ps, 403);
	ok(!perf_processes_note_end(ps, event(PERF_EVENT_END, 403)), "an end behind a call");
}

int main(void)
{
	test_begin();
	test_threads();
	test_joins();
	test_listed();
	test_expected();
	test_inherited();
	return done();
}
