/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis-agent, with two uses: the supervisor of one container whose denials are explained, executed
 * by `tamis create` (lib/runtime/denials.c says with which descriptors), and the seccomp agent of a
 * node, run as a service. Both answer and log by the same code.
 */
#include "observe/agent.h"
#include "base/arena.h"
#include "base/caps.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/num.h"
#include "cmd/opt.h"
#include "observe/agent_filter.h"
#include "observe/agent_node.h"
#include "observe/denial_write.h"
#include "plan/host.h"
#include "runtime/denials.h"
#include "seccomp/bpf.h"

#include <errno.h>
#include <linux/filter.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int read_program(struct bpf_program *ret)
{
	struct text text;
	int r = io_read_all(DENIALS_PROGRAM, BPF_MAXINSNS * sizeof(struct sock_filter), &text);

	if (r < 0)
		return fail(-r, "read the filter");
	size_t n = text.len / sizeof(struct sock_filter);

	*ret = (struct bpf_program){ .code = (const void *)text.data, .len = (uint16_t)n };
	if (n == 0 || text.len % sizeof(struct sock_filter) || bpf_first_bad(ret->code, n) >= 0)
		return fail(0, "expected a filter, found %zu bytes", text.len);
	return 0;
}

static int read_facts(char **argv, struct profile_facts *ret)
{
	struct host host = { 0 };

	if (num_parse_base(argv[DENIALS_CAPS], 16, &ret->caps) < 0)
		return fail(0, "expected capabilities in hexadecimal");
	int r = host_kernel(&host);

	if (r < 0)
		return r;
	ret->compat_runc = strcmp(argv[DENIALS_COMPAT], "runc") == 0;
	ret->native = arch_by_machine(host.machine);
	ret->kernel_major = host.kernel_major;
	ret->kernel_minor = host.kernel_minor;
	return 0;
}

static int read_profile(char **argv, struct denial_profile *ret)
{
	struct bpf_program program = { 0 };
	struct profile_facts facts = { 0 };
	struct text *text = arena_alloc(sizeof(*text));
	int r = read_program(&program);

	if (r >= 0)
		r = read_facts(argv, &facts);
	if (r >= 0)
		r = io_read_all(DENIALS_PROFILE, DENIALS_PROFILE_MAX, text);
	if (r < 0)
		return r;
	/* an empty file: the built-in profile */
	return denial_profile_read(argv[DENIALS_NAME], text->len ? text : NULL, &program, &facts,
				   ret);
}

/* The first argument is the id of a container, which is no option. */
static bool is_run_by_tamis(int argc, char **argv)
{
	struct stat st;

	return argc == DENIALS_ARGS && argv[DENIALS_ID][0] != '-' &&
	       fstat(DENIALS_SOCKET, &st) == 0 && S_ISSOCK(st.st_mode);
}

/* --- what the process may do --------------------------------------------------------------- */

/*
 * Keeps the capabilities to look at the container's processes and to end them. Without privilege
 * there are none to drop.
 */
static int drop_privileges(void)
{
	int r = caps_keep_only(UINT64_C(1) << CAP_SYS_PTRACE | UINT64_C(1) << CAP_KILL);

	return r < 0 ? fail(-r, "drop privileges") : 0;
}

/* --- two processes ------------------------------------------------------------------------- */

/*
 * The first process does nothing but wait for the second, which serves. If the second is killed,
 * the kernel closes its listeners, and denied calls get ENOSYS. The first says so in the log. If
 * the first is killed, the kernel kills the second: the runtime knows the first only, and what it
 * has ended must not serve any more.
 */
static int await_server(char **argv, pid_t server)
{
	const int keep[] = { DENIALS_LOG, DENIALS_STDERR };
	struct timespec now;
	int status = 0;

	if (fd_close_others_from(0, keep, ARRAY_LEN(keep)) < 0)
		return EXIT_FAILURE;
	while (waitpid(server, &status, 0) < 0)
		if (errno != EINTR)
			return EXIT_FAILURE;
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return EXIT_SUCCESS;
	clock_gettime(CLOCK_REALTIME, &now);
	const char *why = WIFSIGNALED(status)
				  ? arena_printf("killed by signal %d", WTERMSIG(status))
				  : arena_printf("exit code %d", WEXITSTATUS(status));
	const struct text line = denial_write_loss(
		argv[DENIALS_ID], denial_write_time(now.tv_sec, (uint32_t)now.tv_nsec), why);

	io_write_best(DENIALS_LOG, line.data, line.len);
	why = arena_printf(
		"%s: tamis-agent has ended (%s): denied calls get ENOSYS from now on and "
		"are not explained\n",
		argv[DENIALS_ID], why);
	io_write_best(DENIALS_STDERR, why, strlen(why));
	return EXIT_FAILURE;
}

static int serve(char **argv)
{
	struct denial_profile profile;
	int r = read_profile(argv, &profile);
	const struct agent_options options = {
		.container = argv[DENIALS_ID],
		.profile = &profile,
		.sock = DENIALS_SOCKET,
		.init = DENIALS_INIT,
		.log = DENIALS_LOG,
		.text = strcmp(argv[DENIALS_TEXT], "text") == 0 ? DENIALS_STDERR : -1,
	};

	if (r >= 0)
		r = agent_serve(&options);
	if (r < 0)
		fprintf(stderr, "tamis-agent: %s\n", err_message());
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int supervise(char **argv)
{
	const pid_t self = getpid();

	signal(SIGCHLD, SIG_DFL);
	if (drop_privileges() < 0) {
		fprintf(stderr, "tamis-agent: %s\n", err_message());
		return EXIT_FAILURE;
	}
	pid_t server = fork();

	if (server < 0)
		return EXIT_FAILURE;
	if (server)
		return await_server(argv, server);
	/* a server that is stopped ends, too */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != self)
		return EXIT_FAILURE;
	return serve(argv);
}

/* --- the agent of a node ------------------------------------------------------------------- */

struct values {
	const char *listen, *log, *metrics, *policy;
	struct strings allowed;
};

static const struct opt options[] = {
	{ "listen", 0, OPT_STRING, offsetof(struct values, listen), "PATH",
	  "socket that linux.seccomp.listenerPath names; default: that of the service manager" },
	{ "log", 0, OPT_STRING, offsetof(struct values, log), "FILE",
	  "append denied calls to FILE, as lines of JSON; default: standard output" },
	{ "metrics", 0, OPT_STRING, offsetof(struct values, metrics), "FILE",
	  "keep FILE up to date in the text format of Prometheus" },
	{ "policy", 0, OPT_STRING, offsetof(struct values, policy), "POLICY",
	  "answer of SCMP_ACT_NOTIFY: errno[=NAME], enosys, allow or kill; default: errno=EPERM" },
	{ "allow-policy", 0, OPT_LIST, offsetof(struct values, allowed), "POLICY",
	  "a policy that the annotation io.tamis.agent.policy may choose; can be repeated" },
	OPT_END,
};

static int print_help(void)
{
	puts("usage: tamis-agent --listen PATH [OPTION]...\n\n"
	     "The seccomp agent of a node for any container runtime, see tamis-agent(8).\n\n"
	     "options:");
	opt_print_help(options);
	return EXIT_SUCCESS;
}

static int read_options(int argc, char **argv, struct agent_node_options *ret, bool *ret_help)
{
	struct values v = { .policy = "errno" };
	struct answer_policy policy;

	opt_set_program("tamis-agent");
	int r = opt_parse(options, NULL, argc, argv, &v, ret_help);

	if (r < 0 || *ret_help)
		return r;
	if (r < argc)
		return fail(0, "expected options only, found \"%s\"", argv[r]);
	for (size_t i = 0; i < v.allowed.n; i++)
		if (!answer_policy_parse(v.allowed.v[i], &policy))
			return fail(0, "--allow-policy: found \"%s\", expected a policy",
				    v.allowed.v[i]);
	if (!answer_policy_parse(v.policy, &policy))
		return fail(0,
			    "--policy: found \"%s\", expected errno[=NAME], enosys, allow or "
			    "kill",
			    v.policy);
	*ret = (struct agent_node_options){ v.listen, v.log,	 v.metrics,
					    policy,   v.allowed, drop_privileges };
	return 0;
}

static int serve_node(int argc, char **argv)
{
	struct agent_node_options o;
	bool help = false;
	int r = fd_open_standard();

	r = r < 0 ? fail(-r, "/dev/null: cannot be opened")
		  : read_options(argc - 1, argv + 1, &o, &help);
	if (help)
		return print_help();
	if (r >= 0)
		r = agent_node_serve(&o);
	if (r < 0)
		fprintf(stderr, "tamis-agent: %s\n", err_message());
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN); /* a limit of the caller's on the size of the log */
	return is_run_by_tamis(argc, argv) ? supervise(argv) : serve_node(argc, argv);
}
