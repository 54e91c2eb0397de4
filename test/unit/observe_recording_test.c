/* SPDX-License-Identifier: Apache-2.0 */
/* Recordings: limits, the file and what a crash leaves of it, and what others have recorded. */
#include "observe/recording.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/err.h"
#include "base/fd.h"
#include "oci/decode.h"
#include "seccomp/syscall.h"
#include "unit/tap.h"

#include <fcntl.h>
#include <linux/audit.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

static char path[] = "/tmp/observe_recording_test.XXXXXX";

static int read_string(struct recording *r, const char *s)
{
	struct text *text = arena_alloc(sizeof(*text));

	*text = (struct text){ arena_strdup(s), strlen(s) };
	recording_init(r);
	err_clear();
	return recording_read_text(r, "x.rec", text);
}

static const struct recording_call *find(const struct recording *r, enum abi abi, const char *call)
{
	return recording_find(r, abi, syscall_nr(abi, (unsigned int)syscall_id(call)));
}

static const char *program_of(const struct recording *r, enum abi abi, const char *call)
{
	const struct recording_call *c = find(r, abi, call);

	return c ? r->programs[c->program] : "not found";
}

#define HEAD "{\"schema\":\"tamis-recording/1\",\"engine\":\"perf\"}\n"
#define CALL(rest)                                                                  \
	"{\"call\":\"socket\",\"architecture\":\"SCMP_ARCH_X86_64\",\"number\":41," \
	"\"program\":\"/bin/x\",\"count\":2" rest "}\n"

static void refused(const char *text, const char *want)
{
	struct recording r;
	int got = read_string(&r, text);
	const char *message = err_message() ? err_message() : "no error";

	if (!ok(got < 0 && strstr(message, want), "refused: %s", want))
		printf("# got %s\n", message);
}

static void test_refused(void)
{
	refused("", "x.rec: expected a recording");
	refused("hello\nworld\n", "x.rec: expected a recording");
	refused("{\"schema\":\"tamis-recording/2\",\"engine\":\"perf\"}\n",
		"x.rec:1: schema: expected \"tamis-recording/1\"");
	refused(CALL(""), "x.rec:1: expected \"schema\"");
	refused(HEAD "{\"call\" 1}\n" CALL(""), "x.rec:2:");
	refused(HEAD CALL("") "[]\n", "x.rec:3: expected an object");
	refused(HEAD CALL("") "{}\n", "x.rec:3: expected \"schema\", \"number\"");
	refused(HEAD "{\"call\":\"read\",\"architecture\":\"SCMP_ARCH_X86_64\",\"number\":41,"
		     "\"program\":\"\",\"count\":1}\n",
		"x.rec:2: number: 41 is not read on SCMP_ARCH_X86_64");
	refused(HEAD "{\"call\":\"read\",\"architecture\":\"x\",\"number\":41,"
		     "\"program\":\"\",\"count\":1}\n",
		"x.rec:2: architecture: expected one such as");
	refused(HEAD CALL(",\"args\":[{\"index\":6,\"values\":[]}]"), "x.rec:2: args[0].index");
	refused(HEAD CALL(",\"args\":[{\"index\":0,\"values\":[-1]}]"),
		"x.rec:2: args[0].values[0]");
	refused(HEAD "type=1326 arch=c000003e\n", "x.rec:2:");
}

/* Runs that append make a file longer than one JSON text may be. */
static void test_long(void)
{
	const size_t blank = JSON_TEXT_MAX, n = strlen(HEAD);
	char *text = malloc(n + blank + sizeof(CALL("") "{}\n"));
	struct recording r;

	if (!text)
		exit(1);
	memcpy(text, HEAD, n);
	memset(text + n, '\n', blank);
	memcpy(text + n + blank, CALL(""), sizeof(CALL("")));
	ok(read_string(&r, text) == 0 && r.n_calls == 1, "a recording of more than 16 MB");
	memcpy(text + n + blank, CALL("") "{}\n", sizeof(CALL("") "{}\n"));
	refused(text, "x.rec:16777219: expected \"schema\"");
	free(text);
}

static void test_merge(void)
{
	struct recording r;
	const struct recording_call *c;
	int got = read_string(
		&r, HEAD CALL(",\"assumed\":true,\"args\":[{\"index\":0,\"values\":[1,2]}]")
			    HEAD CALL(",\"args\":[{\"index\":0,\"values\":[2,10],\"many\":true},"
				      "{\"index\":2,\"values\":[0]}]") "{\"end\":{\"lost\":3}}\n"
								       "{\"call\":\"a cut li");

	is_int(got, 0, "two runs in one file, the last line cut");
	is_int((intmax_t)r.n_runs, 2, "runs");
	c = find(&r, ABI_X86_64, "socket");
	is_int(c ? (intmax_t)c->count : -1, 4, "counts are added up");
	ok(c && !c->assumed, "what one run has seen is not assumed");
	ok(c && c->args[0].n == 3 && c->args[0].many && c->args[2].n == 1, "values are merged");
	ok(!r.runs[0].has_end && r.runs[1].has_end && r.runs[1].lost == 3, "the end is told");
}

static void test_limits(void)
{
	struct recording r;
	struct recording_call *c = NULL;
	uint64_t args[6] = { 0 };
	struct recording_event event = { .abi = ABI_X86_64, .nr = 41, .args = args, .count = 1 };

	recording_init(&r);
	for (uint64_t i = 0; i < 100; i++) {
		args[0] = i << 32 | (i < 50 ? 7 : i);
		c = recording_add(&r, &event);
	}
	ok(c && c->args[0].n == RECORDING_VALUES_MAX && c->args[0].many,
	   "an argument has a limited number of values");
	is_int(c ? (intmax_t)c->args[0].v[0] : -1, 7, "values are what the kernel reads, 32 bits");
	for (uint32_t i = 0; i < 3 * RECORDING_CALLS_MAX; i++) {
		event.nr = i;
		recording_add(&r, &event);
	}
	is_int((intmax_t)r.n_calls, RECORDING_CALLS_MAX, "the number of calls is limited");
	is_int((intmax_t)r.dropped, 2 * RECORDING_CALLS_MAX, "what is dropped is counted");
	for (int i = 0; i < 2 * RECORDING_PROGRAMS_MAX; i++)
		recording_program(&r, arena_printf("/bin/%d", i));
	is_int((intmax_t)r.n_programs, RECORDING_PROGRAMS_MAX, "so is that of programs");
}

/* Many programs, as in a test suite: which calls there are is known, if not which program made
 * each. */
static void test_many_programs(void)
{
	struct recording r;
	struct recording_event event = { .abi = ABI_X86_64, .count = 1 };

	recording_init(&r);
	for (uint32_t i = 0; i < RECORDING_PROGRAMS_MAX - 1; i++) {
		event.program = recording_program(&r, arena_printf("/bin/%u", i));
		for (event.nr = 0; event.nr < 40; event.nr++)
			recording_add(&r, &event);
	}
	is_int((intmax_t)r.dropped, 0, "nothing is dropped");
	ok(r.n_calls < RECORDING_CALLS_MAX + 41, "the number of calls is limited");
	event.nr = syscall_nr(ABI_X86_64, (unsigned int)syscall_id("mkdir"));
	recording_add(&r, &event);
	is_str(program_of(&r, ABI_X86_64, "mkdir"), "", "a call beyond the limit has no program");
	is_int((intmax_t)r.dropped, 0, "and is not dropped");
}

static void write_run(struct recording *before, bool ends)
{
	char *words[] = { arena_strdup("x"), arena_strdup("a b"), NULL };
	const struct strings command = { 2, words };
	struct recording_run run = { .engine = "perf", .kernel = "6.1", .command = &command };
	struct recording_writer w;
	struct recording r;
	uint64_t args[6] = { 2, 1, 6 };
	struct recording_event event = { .abi = ABI_X86_64, .nr = 41, .args = args, .count = 1 };
	int got;

	recording_init(&r);
	event.program = recording_program(&r, "/bin/\xff\"x");
	err_clear();
	got = recording_write_open(path, LINES_LINK_FOLLOWED, &run, &r, before, &w);
	if (!is_int(got, 0, "opened: %s", err_message() ? err_message() : ""))
		return;
	for (int i = 0; i < 1000; i++) {
		recording_add(&r, &event);
		got |= recording_write_news(&w, false);
	}
	run.has_exit = true;
	run.signal = 9;
	if (ends)
		got |= recording_write_end(&w, "/bin/x", &run);
	else
		fd_close(&w.fd);
	is_int(got, 0, "written");
}

static int read_whole(struct recording *r)
{
	struct text *text = arena_alloc(sizeof(*text));
	int ret = io_read_file(AT_FDCWD, path, RECORDING_TEXT_MAX, text);

	return ret < 0 ? ret : recording_read_text(r, path, text);
}

static void test_file(void)
{
	struct recording r;
	struct stat st;
	int fd = mkstemp(path);

	write_run(NULL, false);
	ok(write(fd, "", 0) == 0 && lseek(fd, 0, SEEK_END) > 0 && write(fd, "{\"ca", 4) == 4,
	   "a crash leaves an incomplete line");
	recording_init(&r);
	write_run(&r, true);
	is_int(r.n_calls ? (intmax_t)r.calls[0].count : -1, 512,
	       "a crash keeps the calls, and the counts up to the last time they doubled");
	recording_init(&r);
	is_int(read_whole(&r), 0, "read back");
	is_int((intmax_t)r.n_runs, 2, "both runs");
	is_int(r.n_calls ? (intmax_t)r.calls[0].count : -1, 1512, "and all counts");
	ok(r.n_runs == 2 && r.runs[1].signal == 9 && r.runs[1].has_end && !r.runs[0].has_end &&
		   r.runs[1].command->n == 2 && strcmp(r.runs[1].command->v[1], "a b") == 0,
	   "the run is as it was written");
	is_int(fstat(fd, &st), 0, "size");
	ok(st.st_size < 8192, "2000 calls need %d bytes", (int)st.st_size);

	ok(ftruncate(fd, 0) == 0 && pwrite(fd, "precious\n", 9, 0) == 9, "another file");
	err_clear();
	is_int(recording_write_open(path, LINES_LINK_FOLLOWED, &r.runs[0], &r, NULL,
				    &(struct recording_writer){ 0 }) < 0,
	       1, "is refused: %s", err_message());
	is_int(fstat(fd, &st), 0, "size");
	is_int(st.st_size, 9, "and not changed");
	close(fd);
	unlink(path);
}

/* A recorder that may fail before it has seen something, and one that attaches. */
static void test_late_begin(void)
{
	char late[] = "/tmp/observe_recording_test.XXXXXX";
	struct recording_run run = { .engine = "perf", .container = "web", .attached = true };
	struct recording_writer w;
	struct recording r, unused;
	int fd = mkstemp(late);

	recording_init(&unused);
	recording_init(&r);
	is_int(recording_write_open(late, LINES_LINK_FOLLOWED, NULL, &r, NULL, &w), 0,
	       "open without a run");
	recording_write_abandon(&w, late);
	ok(access(late, F_OK) < 0, "an empty file is removed");
	is_int(recording_write_open(late, LINES_LINK_FOLLOWED, NULL, &r, NULL, &w), 0,
	       "open once more");
	is_int(recording_write_begin(&w, &run), 0, "begin");
	recording_add_uncertain(&run, "a");
	recording_add_uncertain(&run, "b");
	recording_add_uncertain(&run, "a");
	is_int(recording_write_end(&w, NULL, &run), 0, "end");
	is_int(recording_write_open(late, LINES_LINK_FOLLOWED, NULL, &r, NULL, &w), 0,
	       "open to append");
	recording_write_abandon(&w, late);
	ok(access(late, F_OK) == 0, "a file with a run stays");
	recording_init(&r);
	is_int(recording_write_open(late, LINES_LINK_FOLLOWED, NULL, &unused, &r, &w), 0,
	       "read back");
	fd_close(&w.fd);
	ok(r.n_runs == 1 && strcmp(r.runs[0].container, "web") == 0 && r.runs[0].attached,
	   "container and from");
	ok(r.n_runs == 1 && r.runs[0].uncertain->n == 2 &&
		   strcmp(r.runs[0].uncertain->v[1], "b") == 0,
	   "what may be missing, once each");
	close(fd);
	unlink(late);
}

static bool is_x86_64(void)
{
	struct utsname host;

	return uname(&host) == 0 && strcmp(host.machine, "x86_64") == 0;
}

/* As strace -f -o prints it, which does not say that ./w is a program of i386. */
static void test_strace_narrow(void)
{
	static const char text[] = "529   execve(\"/bin/sh\", [\"sh\"], 0x7ffd) = 0\n"
				   "529   brk(NULL) = 0x5\n"
				   "529   newfstatat(AT_FDCWD, \"w\", 0x1, 0) = 0\n"
				   "529   vfork( <unfinished ...>\n"
				   "530   execve(\"./w\", [\"w\"], 0x5 <unfinished ...>\n"
				   "529   <... vfork resumed>) = 530\n"
				   "529   wait4(-1,  <unfinished ...>\n"
				   "530   <... execve resumed>) = 0\n"
				   "530   uname({sysname=\"Linux\"}) = 0\n"
				   "530   mmap2(NULL, 4096, PROT_READ, MAP_PRIVATE, -1, 0) = 0xf7\n"
				   "530   fork( <unfinished ...>\n"
				   "531   getpid() = 531\n"
				   "530   <... fork resumed>) = 531\n"
				   "530   [ 102] accept(3, NULL, NULL) = 4\n"
				   "530   [ 102] socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3\n";
	struct recording r;
	const struct recording_call *c;

	is_int(read_string(&r, text), 0, "strace -f -o is read");
	ok(find(&r, ABI_X86_64, "brk") && find(&r, ABI_X86_64, "execve") &&
		   find(&r, ABI_X86_64, "wait4"),
	   "the shell is of x86_64");
	ok(find(&r, ABI_X86, "uname") && find(&r, ABI_X86, "getpid") && find(&r, ABI_X86, "fork"),
	   "its program, and what that has forked, are of i386");
	c = find(&r, ABI_X86, "socketcall");
	ok(c && c->args[0].n == 2, "calls that may have been made by socketcall");
	ok(find(&r, ABI_X86, "socket") != NULL, "or may not");
	is_int((intmax_t)r.n_calls, 12, "nothing else");
}

/* The table of processes must not be searched from its beginning or end, and has no last place. */
static void test_strace_many(void)
{
	enum { MANY = 70000 };
	struct buffer b = { 0 };
	struct recording r;

	for (int pid = 1; pid <= MANY; pid++)
		buffer_print(&b, "%d getpid() = %d\n", pid, pid);
	buffer_print(&b,
		     "%d execve(\"/bin/a\", [\"a\"], 0x1) = 0\n"
		     "%d execve(\"/bin/b\", [\"b\"], 0x1) = 0\n"
		     "%d sync() = 0\n",
		     MANY - 1, MANY, MANY - 1);
	is_int(read_string(&r, buffer_text(&b).data), 0, "strace -f of many processes is read");
	is_str(program_of(&r, ABI_X86_64, "sync"), "/bin/a", "each has its own program");
}

static void test_strace(void)
{
	static const char text[] =
		"execve(\"/usr/bin/env\", [\"env\", \"x(\"], 0x7ffd /* 2 vars */) = 0\n"
		"brk(NULL) = 0x55\n"
		"ioctl(1, TCGETS, {c_iflag=ICRNL|IXON, ...}) = 0\n"
		"hello(world)\n"
		"read me(\n"
		"clone(child_stack=NULL, flags=CLONE_CHILD_SETTID|SIGCHLD, child_tidptr=0x7f) = "
		"12\n"
		"strace: Process 12 attached\n"
		"[pid    12] socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_TCP <unfinished "
		"...>\n"
		"[pid    12] <... socket resumed>) = 3\n"
		"[pid    12] execve(\"/bin/no\", [\"no\"], 0x1) = -1 ENOENT (No such file or "
		"directory)\n"
		"[pid    12] execve(\"/bin/cc\", [\"cc\"], 0x1) = 0\n"
		"strace: [ Process PID=12 runs in 32 bit mode. ]\n"
		"[ Process PID=12 runs in 32 bit mode. ]\n"
		"[pid    12] mmap2(NULL, 8192, PROT_READ, MAP_PRIVATE, -1, 0) = 0xf7\n"
		"--- SIGCHLD {si_signo=SIGCHLD, si_code=CLD_EXITED} ---\n"
		"+++ exited with 0 +++\n";
	struct recording r;
	const struct recording_call *c;

	is_int(read_string(&r, text), 0, "strace -f is read");
	is_int((intmax_t)r.n_calls, 7, "calls alone");
	ok(find(&r, ABI_X86_64, "brk") && find(&r, ABI_X86_64, "execve"), "native calls");
	is_str(program_of(&r, ABI_X86, "mmap2"), "/bin/cc", "i386 calls and the program");
	is_str(program_of(&r, ABI_X86_64, "socket"), "/usr/bin/env",
	       "a child is what its parent is");
	c = find(&r, ABI_X86_64, "socket");
	ok(c && c->args[0].n == 1 && c->args[0].v[0] == 2 && c->args[1].v[0] == 02000001 &&
		   c->args[2].many,
	   "constants are values; what strace did not finish is not known");
	c = find(&r, ABI_X86_64, "clone");
	ok(c && c->args[0].n == 1 && !c->args[0].many && c->args[0].v[0] == (0x01000000 | 17),
	   "flags of clone");
	c = find(&r, ABI_X86_64, "ioctl");
	ok(c && c->args[1].n == 1 && c->args[1].v[0] == 0x5401, "request of ioctl");

	is_int(read_string(&r, "1000  12:00:00.5 getpid() = 1000\n1001  getppid() = 1\n"), 0,
	       "pids and times of strace -o");
	is_int((intmax_t)r.n_calls, 2, "both calls");
	is_int(read_string(&r, "1700000000.123456 getpid() = 1000\n"), 0, "strace -ttt");

	is_int(read_string(&r, "12 syscall_0x1c9(0x1, 0x2) = 0\n12 syscall_0x(0x1) = 0\n"
			       "12 syscall_0x40000053(0x1) = 0\n"),
	       0, "calls that strace has no name for");
	is_int((intmax_t)r.n_calls, 2, "are told by the number");
	ok(recording_find(&r, ABI_X86_64, 0x1c9) && find(&r, ABI_X32, "mkdir"),
	   "also those of x32");
	ok(!r.runs[0].uncertain, "nothing is missing");
	is_int(read_string(&r, "[ Process PID=12 runs in 64 bit mode. ]\n12 getpid() = 12\n"
			       "12 mmap2(0, 1) = 0\n"),
	       0, "a call that the architecture has not");
	ok(r.runs[0].uncertain && r.runs[0].uncertain->n == 1, "is told of");
}

static void test_audit(void)
{
	struct recording r;

	is_int(read_string(
		       &r,
		       "[ 12.3] random: done\n"
		       "[ 12.4] audit: type=1326 audit(1.200:3): auid=0 uid=0 gid=0 ses=2 pid=4 "
		       "comm=\"x\" exe=\"/bin/x\" sig=0 arch=c000003e syscall=83 compat=0 "
		       "ip=0x7f code=0x7ffc0000\n"
		       "[ 12.5] audit: type=1326 audit(1.200:4): auid=0 uid=0 gid=0 ses=2 pid=4 "
		       "comm=\"x\" exe=2F62696E2F612062 sig=31 arch=40000003 syscall=39 compat=1 "
		       "ip=0x7f code=0x0\n"
		       "[ 12.6] audit: type=1326 audit(1.200:5): auid=0 uid=0 gid=0 ses=2 pid=4 "
		       "comm=\"x\" exe=\"/bin/x\" sig=31 arch=c000003e syscall=1073741808 "
		       "compat=0 ip=0x7f code=0x0\n"),
	       0, "audit records are read");
	is_str(program_of(&r, ABI_X86_64, "mkdir"), "/bin/x", "a native call");
	is_str(program_of(&r, ABI_X86, "mkdir"), "/bin/a b", "i386, and a name in hex");
	is_int((intmax_t)r.n_calls, 2, "calls alone, and no number of NOTIFYING_KILL_PROCESS");
	ok(!r.runs[0].uncertain, "nothing is missing");
#define LOGGED                                                                       \
	"[ 12.4] audit: type=1326 audit(1.200:3): auid=0 uid=0 gid=0 ses=2 pid=4 "   \
	"comm=\"x\" exe=\"/bin/x\" sig=0 arch=c000003e syscall=83 compat=0 ip=0x7f " \
	"code=0x7ffc0000\n"
	is_int(read_string(&r, LOGGED "[ 12.5] net_ratelimit: 3 callbacks suppressed\n"), 0,
	       "another message");
	ok(!r.runs[0].uncertain, "nothing is missing");
	is_int(read_string(&r, LOGGED "[ 17.9] kauditd_printk_skb: 39 callbacks suppressed\n"), 0,
	       "records that were left out");
	ok(r.runs[0].uncertain && r.runs[0].uncertain->n == 1, "are told of");
	refused("\naudit: type=1326 audit(1.200:3): pid=4 exe=\"/x\" arch=c000003e\n",
		"x.rec:2: an audit record of seccomp that lacks a part");
}

int main(void)
{
	test_refused();
	test_long();
	test_merge();
	test_limits();
	test_many_programs();
	test_file();
	test_late_begin();
	if (is_x86_64()) {
		test_strace();
		test_strace_narrow();
		test_strace_many();
	} else {
		skip("what strace prints is read as calls of this machine; the samples are of "
		     "x86_64");
	}
	test_audit();
	return done();
}
