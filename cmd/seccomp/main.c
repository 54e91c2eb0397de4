/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The program tamis-seccomp, which `tamis seccomp` runs: questions about profiles. It is a program
 * of its own so that the runtime stays small; it makes no container and needs no privilege.
 */
#include "base/err.h"
#include "cmd/dispatch.h"
#include "cmd/seccomp/complete.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const char program[] = "tamis seccomp";

static const struct command *const verbs[] = {
	&seccomp_bisect,
	&seccomp_bpf,
	&seccomp_check,
	&seccomp_diff,
	&seccomp_edit,
	&seccomp_explain,
	&seccomp_generate,
	&seccomp_groups,
	&seccomp_intersect,
	&seccomp_record,
	&seccomp_resolve,
	&seccomp_show,
	&seccomp_test,
	&seccomp_trim,
	&seccomp_union,
	&seccomp_why,
	NULL,
};

static int print_help(void)
{
	printf("usage: %s VERB [OPTION...] [ARGUMENT...]\n\n"
	       "Answers questions about seccomp profiles and filters.\n\nverbs:\n",
	       program);
	dispatch_print_list(verbs);
	printf("\nPROFILE is a file in any format (- is standard input), \"default\" (tamis' "
	       "own),\n\"docker\", \"containerd\", \"podman\" or \"crio\" (their defaults), pid:N "
	       "or "
	       "the id of a\ncontainer (what is installed).\n"
	       "Exit codes: 0 yes or nothing found, 1 no or something found, 2 wrong usage or\n"
	       "input. '%s VERB --help' tells about a verb; so does tamis-seccomp(8).\n",
	       program);
	return 0;
}

static const struct opt global_options[] = {
	{ "root", 0, OPT_STRING, offsetof(struct global, root), "DIR",
	  "where the state of containers is kept" },
	OPT_END,
};

static int run(int argc, char **argv)
{
	static struct global global = { .commands = verbs };
	bool help;
	int n = opt_parse(global_options, NULL, argc - 1, argv + 1, &global, &help);

	if (n < 0)
		return n;
	if (help)
		return print_help();
	subject_set_root(global.root);
	argc -= n;
	argv += n;
	if (argc < 2 || strcmp(argv[1], "help") == 0) {
		const struct command *c =
			argc > 2 ? dispatch_expect(verbs, program, argv[2]) : NULL;

		if (c)
			return dispatch_print_help(program, c);
		return err_message() ? -EINVAL : print_help();
	}
	/* the scripts of `tamis completion` ask so; the words are a command line in work */
	if (argc > 2 && strcmp(argv[1], "__complete") == 0) {
		complete_print(verbs, argc - 2, argv + 2);
		return EXIT_YES;
	}
	const struct command *c = dispatch_expect(verbs, program, argv[1]);

	if (!c)
		return -EINVAL;
	argc -= 2;
	argv += 2;
	int r = dispatch_parse(program, c, &argc, &argv);

	if (r != 0)
		return r < 0 ? r : EXIT_YES;
	return c->run(&global, argc, argv);
}

int main(int argc, char **argv)
{
	opt_set_program("tamis seccomp");
	int r = run(argc, argv);

	if (r >= 0 && fflush(stdout) != 0)
		r = fail(errno, "standard output");
	if (r >= 0)
		return r;
	fprintf(stderr, "tamis seccomp: %s\n", err_message() ? err_message() : err_words(-r));
	return EXIT_UNREADABLE;
}
