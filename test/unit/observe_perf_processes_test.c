/* SPDX-License-Identifier: Apache-2.0 */
/* lib/observe/perf_processes.c: which processes are a container's, by the order of their events. */
#include "observe/perf_processes.h"
#include "unit/tap.h"

enum { INIT = 100, ID = 7, OTHER_ID = 8, MOUNT_NS = 4000, HOST_NS = 3000 };

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

static void end(pid_t pid)
{
	(void)perf_processes_note_end(ps, event(PERF_EVENT_END, pid));
}

static void start_cgroup(void)
{
	ps = perf_processes_make();
	perf_processes_of_cgroup(ps, MOUNT_NS);
	perf_processes_await(ps, INIT);
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
	child(INIT, INIT);
	ok(has(INIT), "a thread changes nothing");
}

static void test_joins(void)
{
	start_cgroup();
	exec(INIT);
	ok(!has(200), "what has joined, before its execve");
	namespaces(200, MOUNT_NS);
	child(200, 201); /* as crun, whose child executes the program */
	namespaces(201, MOUNT_NS);
	ok(!has(201), "what that has made");
	exec(201);
	ok(has(201) && !has(200), "from its execve on");
	namespaces(210, HOST_NS);
	exec(210); /* a runtime that executes a copy of itself */
	ok(!has(210), "an execve in the host's mount namespace");
	namespaces(210, MOUNT_NS);
	exec(210);
	ok(has(210), "the next one, in the container's");
	exec(220);
	ok(has(220), "of which nothing else was seen");
	namespaces(220, HOST_NS);
	exec(220);
	ok(has(220), "what is ours may change its namespaces");
	child(220, 220);
	child(220, 220);
	perf_processes_note_call(ps, 220);
	end(220);
	ok(has(220), "threads go on after the first has ended");
	child(220, 220);
	end(220);
	end(220);
	ok(has(220), "also one that was made later");
	end(220);
	ok(!has(220), "another process of the same pid");
	exec(230);
	child(230, 230);
	exec(230);
	end(230);
	ok(has(230), "the end of inherited events at the execve of a set-user-id program");
	perf_processes_note_call(ps, 230);
	end(230);
	ok(!has(230), "execve ends all other threads");
}

static void test_listed(void)
{
	ps = perf_processes_make();
	perf_processes_of_cgroup(ps, MOUNT_NS);
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
}

static void test_expected(void)
{
	start_cgroup();
	perf_processes_expect(ps, 300);
	namespaces(300, HOST_NS);
	child(300, 301);
	ok(!has(300) && !has(301), "an expected process before its execve");
	exec(301);
	ok(has(301), "what it has made, from its execve on, also before init's");
	exec(302);
	exec(INIT);
	exec(302);
	ok(!has(302), "what was not expected before init's execve");
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
	perf_processes_note_call(ps, 403);
	ok(!perf_processes_note_end(ps, event(PERF_EVENT_END, 403)), "an end behind a call");
}

int main(void)
{
	test_begin();
	test_joins();
	test_listed();
	test_expected();
	test_inherited();
	return done();
}
