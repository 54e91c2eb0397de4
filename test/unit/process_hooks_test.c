/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks: what they receive, and that no hook can block the runtime. */
#include "plan/plan.h"
#include "process/hooks.h"

#include "runtime/state.h"
#include "unit/box_world.h"

#include <time.h>

static char dir[] = "/tmp/tamis-hooks-XXXXXX";

static double seconds(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

static void become(const struct plan_hook *hook, const void *ctx)
{
	dprintf(STDERR_FILENO, "became %s", hook->path);
	_exit(*(const int *)ctx);
}

/* One hook: a shell script that runs in the temporary directory. */
static int run(const char *script, unsigned int timeout, const char *state)
{
	char *const argv[] = { ONE_WORD("sh"), ONE_WORD("-c"), arena_strdup(script), NULL };
	char *const envp[] = { ONE_WORD("A=1"), ONE_WORD("PATH=/usr/bin:/bin"), NULL };
	const struct plan_hook hook = { "hooks.prestart[0]", "/bin/sh", argv, envp, timeout };
	const struct plan_hooks hooks = { 1, &hook };
	autofd cwd = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	const struct hook_context context = { .state = state, .cwd = cwd };

	return hooks_run(&hooks, &context);
}

static const char *content(const char *name)
{
	struct text text;
	autofd d = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	return io_read_file(d, name, 1 << 20, &text) < 0 ? "" : text.data;
}

static void test_gets(void)
{
	/* The caller's environment is not inherited (CVE-2024-0132 used LD_PRELOAD). */
	setenv("LD_PRELOAD_OF_IMAGE", "./evil.so", 1);
	int leaked =
		open("/", O_RDONLY | O_DIRECTORY); /* lint: open without O_CLOEXEC is the test */

	world_ok(run("tr '\\0' ' ' < /proc/$$/environ > env; pwd > cwd; for i in 3 4 5 6 7 8 9; do "
		     "[ -e /proc/self/fd/$i ] && echo $i; done > fds; "
		     "cat > state",
		     10, "{\"id\":\"x\"}"),
		 "a hook runs");
	close(leaked);
	is_str(content("env"), "A=1 PATH=/usr/bin:/bin ", "exactly the environment given");
	is_str(content("cwd"), arena_printf("%s\n", dir), "the working directory");
	is_str(content("state"), "{\"id\":\"x\"}", "the state on standard input");
	is_str(content("fds"), "", "descriptors 0 to 2");
}

static void test_fails(void)
{
	char *const argv[] = { ONE_WORD("x"), NULL };
	const struct plan_hook absent = { "hooks.poststop[1]", "/nowhere/hook", argv, NULL, 0 };
	const struct plan_hooks hooks = { 1, &absent };
	const int code = 5;
	const struct hook_context plain = { .state = "{}", .cwd = -1 };
	const struct hook_context becoming = {
		.state = "{}", .cwd = -1, .become = become, .ctx = &code
	};

	ok(run("echo first; echo its last words >&2; exit 3", 0, "{}") < 0 &&
		   world_says("hooks.prestart[0] /bin/sh: exited with 3: first its last words"),
	   "the exit code and the output are reported");
	ok(run("kill -9 $$", 0, "{}") < 0 && world_says("killed by signal 9"), "signal");
	ok(hooks_run(&hooks, &plain) < 0 && world_says("not found (ENOENT)"),
	   "a missing hook, with a message that engines do not take for the program's");
	ok(hooks_run(&hooks, &becoming) < 0 && world_says("exited with 5: became"),
	   "the hook's process is not left behind if execve fails");
}

static void test_holds(void)
{
	char *flood = arena_alloc((1 << 20) + 1);
	double begin = seconds();

	memset(flood, 'x', 1 << 20);
	world_ok(run("exit 0", 10, flood), "1 MiB of state for a hook that never reads");
	ok(run("head -c 1048576 /dev/zero | tr '\\0' y; echo end; exit 1", 10, "{}") < 0 &&
		   world_says("yyyend"),
	   "1 MiB of output");
	world_ok(run("sleep 30 & echo $! > pid; exit 0", 10, "{}"),
		 "a hook that leaves a process with its output open");
	world_ok(run("(while :; do echo flood; done) & exit 0", 10, "{}"),
		 "a hook that leaves a process that writes endlessly");
	world_ok(run("exec <&- >&- 2>&-; exit 0", 10, "{}"), "a hook that closes its descriptors");
	ok(seconds() - begin < 8, "the runtime waits for none of these processes");
	kill(atoi(content("pid")), SIGKILL);

	begin = seconds();
	ok(run("sleep 30 & echo $! > pid; wait", 1, "{}") < 0 &&
		   world_says("did not end within 1 s"),
	   "timeout");
	ok(seconds() - begin < 5, "is kept");
	for (int i = 0; i < 100 && kill(atoi(content("pid")), 0) == 0; i++) {
		usleep(50000); /* lint: this process cannot wait for the grandchild */
		while (waitpid(-1, NULL, WNOHANG) > 0)
			;
	}
	ok(kill(atoi(content("pid")), 0) < 0 && errno == ESRCH,
	   "and the whole process group is killed");
	signal(SIGCHLD, SIG_IGN);
	ok(run("exit 4", 0, "{}") < 0 && world_says("exited with 4"),
	   "SIGCHLD ignored by the engine");
}

int main(void)
{
	if (!mkdtemp(dir))
		return 1;
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	test_gets();
	test_fails();
	test_holds();
	for (const char *const *f =
		     (const char *const[]){ "env", "cwd", "fds", "state", "pid", NULL };
	     *f; f++)
		unlink(arena_printf("%s/%s", dir, *f));
	ok(rmdir(dir) == 0, "nothing else was written");
	return done();
}
