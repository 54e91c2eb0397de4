/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program. In this order: global options, the log, the command and its options, the sealed copy
 * for commands that make processes, the command (lib/runtime, lib/observe), the error message, the
 * exit status.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/names.h"
#include "cmd/cmd.h"
#include "cmd/dispatch.h"
#include "oci/features.h"
#include "plan/plan.h"
#include "process/seal.h"
#include "runtime/statedir.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static const struct name log_formats[] = { { "text", LOG_TEXT }, { "json", LOG_JSON }, { 0 } };

static const struct opt global_options[] = {
	{ "root", 0, OPT_STRING, offsetof(struct global, root), "DIR",
	  "where the state of containers is kept" },
	{ "log", 0, OPT_TEXT, offsetof(struct global, log), "FILE",
	  "append the error of a failing command to FILE" },
	{ "log-format", 0, OPT_STRING, offsetof(struct global, log_format), "FORMAT",
	  "text or json", log_formats },
	{ "debug", 0, OPT_BOOL, offsetof(struct global, debug), NULL,
	  "say what is done, step by step" },
	{ "cgroup-manager", 0, OPT_STRING, offsetof(struct global, cgroup_manager), "MANAGER",
	  "cgroupfs, systemd or disabled", plan_cgroup_managers },
	{ "systemd-cgroup", 0, OPT_BOOL, offsetof(struct global, systemd_cgroup), NULL,
	  "the same as --cgroup-manager systemd" },
	{ "allow-annotation", 0, OPT_LIST, offsetof(struct global, allowed_annotations),
	  "NAME[,NAME]", "annotations that may loosen; may be given several times" },
	{ "explain-denials", 0, OPT_OPTIONAL, offsetof(struct global, explain_denials), "FILE",
	  "the same as create --explain-denials" },
	{ "record", 0, OPT_TEXT, offsetof(struct global, record), "FILE",
	  "the same as create --record" },
	{ "version", 'v', OPT_BOOL, offsetof(struct global, version), NULL, "print the version" },
	/* engines and users pass these; they have no effect */
	{ "criu", 0, OPT_IGNORED, 0, "PATH", NULL },
	{ "rootless", 0, OPT_IGNORED, 0, "WHEN", NULL },
	{ "log-level", 0, OPT_IGNORED, 0, "LEVEL", NULL },
	OPT_END,
};

static const struct command *const commands[] = {
	&cmd_completion, &cmd_create,	&cmd_delete, &cmd_doctor,  &cmd_events,
	&cmd_exec,	 &cmd_features, &cmd_kill,   &cmd_list,	   &cmd_pause,
	&cmd_ps,	 &cmd_resume,	&cmd_run,    &cmd_seccomp, &cmd_spec,
	&cmd_start,	 &cmd_state,	&cmd_update, NULL,
};

static int print_version(void)
{
	/* Docker takes the last line that contains the word "version", so no other line may. */
	printf("tamis version %s\ncommit: %s\nspec: %s\n", PACKAGE_VERSION, TAMIS_COMMIT,
	       FEATURES_VERSION_MAX);
	return 0;
}

static int print_help(void)
{
	printf("usage: tamis [OPTION...] COMMAND [ARGUMENT...]\n\n"
	       "An OCI container runtime with the command line of runc.\n\ncommands:\n");
	dispatch_print_list(commands);
	printf("\noptions:\n");
	opt_print_help(global_options);
	printf("\n'tamis COMMAND --help' tells about a command; so does tamis-COMMAND(8).\n");
	return 0;
}

static int open_log(const struct global *g)
{
	const struct name *f = names_find(log_formats, g->log_format ? g->log_format : "text");

	log_set_debug(g->debug);
	if (!f)
		return fail(0, "--log-format: expected text or json, found '%s'", g->log_format);
	return log_open(g->log, (enum log_format)f->value);
}

/*
 * After an error in the global options: the rest of the command line may still name the log, in
 * which an engine looks for the error.
 */
static int open_log_late(struct global *g, int argc, char **argv)
{
	for (int i = 0; i < argc && !(argv[i][0] != '-' && dispatch_find(commands, argv[i])); i++) {
		const char *word = argv[i] + strspn(argv[i], "-");
		const char **member = NULL;

		if (strncmp(word, "log", strcspn(word, "=")) == 0 && strcspn(word, "=") == 3)
			member = &g->log;
		else if (strncmp(word, "log-format", strcspn(word, "=")) == 0 &&
			 strcspn(word, "=") == 10)
			member = &g->log_format;
		if (!member || argv[i][0] != '-')
			continue;
		if (strchr(word, '='))
			*member = strchr(word, '=') + 1;
		else if (i + 1 < argc)
			*member = argv[++i];
	}
	return open_log(g);
}

static int run_command(const struct global *g, const struct command *c, int argc, char **argv,
		       char **all)
{
	int r = dispatch_parse("tamis", c, &argc, &argv);

	if (r != 0)
		return r < 0 ? r : 0;
	r = c->seals ? seal_self(all) : 0;
	return r < 0 ? wrap(r, "%s", c->name) : c->run(g, argc, argv);
}

static int dispatch(struct global *g, int argc, char **argv)
{
	bool help;
	int n = opt_parse(global_options, NULL, argc - 1, argv + 1, g, &help);

	if (n < 0) {
		/* engines look in the log, wherever the mistake is */
		(void)!open_log_late(g, argc - 1, argv + 1);
		return n;
	}
	if (g->version)
		return print_version();
	n++;
	if (help || n == argc || strcmp(argv[n], "help") == 0 || strcmp(argv[n], "h") == 0) {
		const struct command *c = n + 1 < argc && !help
						  ? dispatch_expect(commands, "tamis", argv[n + 1])
						  : NULL;

		return c ? dispatch_print_help("tamis", c) : err_message() ? -EINVAL : print_help();
	}
	int r = open_log(g);

	if (r < 0)
		return r;
	if (!g->root)
		g->root = statedir_default_root();
	const struct command *c = dispatch_expect(commands, "tamis", argv[n]);

	if (!c)
		return -EINVAL;
	if (c->failure)
		g->failure = c->failure;
	return run_command(g, c, argc - n - 1, argv + n + 1, argv);
}

int main(int argc, char **argv)
{
	struct global g = { .commands = commands,
			    .self = argv[0],
			    .options = global_options,
			    .failure = EXIT_FAILURE };

	g.sigpipe = signal(SIGPIPE, SIG_IGN);
	g.umask = umask(022);
	int r = fd_open_standard();

	r = r < 0 ? fail(-r, "replace a closed standard stream by /dev/null")
		  : dispatch(&g, argc, argv);

	if (r >= 0 && fflush(stdout) != 0)
		r = fail(errno, "write to standard output");
	if (r >= 0) {
		log_success();
		return r;
	}
	log_failure(err_message() ? err_message() : err_words(-r));
	return g.failure;
}
