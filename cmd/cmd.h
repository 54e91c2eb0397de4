/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A command: a table of options and a function. Example:
 *
 *     static int start(const struct global *g, int argc, char **argv) { ... }
 *
 *     const struct command cmd_start = {
 *             .name = "start", .arguments = "ID", .summary = "run the program of ...",
 *             .options = cmd_no_options, .min_args = 1, .max_args = 1, .run = start,
 *     };
 */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/base.h"
#include "cmd/opt.h"
#include "oci/decode.h"

#include <sys/types.h>

struct command;
struct container;

struct global {
	/* all commands in the order of --help; ends with NULL */
	const struct command *const *commands;
	const struct opt *options; /* options before the command */
	const char *root;	   /* --root, or the default */
	const char *log, *log_format;
	const char *cgroup_manager;
	bool systemd_cgroup;
	struct strings allowed_annotations; /* as given: each may be a list of names */
	const char *explain_denials;	    /* the log, or ""; NULL: not given */
	const char *record;		    /* file or directory; NULL: not given */
	const char *self;		    /* argv[0] */
	/* the caller's, for a program that runs the user's commands */
	mode_t umask;
	void (*sigpipe)(int);
	bool debug;
	bool version;
	int failure; /* exit code of a failure */
};

struct command {
	const char *name;
	const char *arguments; /* for example "ID [SIGNAL]" */
	const char *summary;   /* one line */
	const struct opt *options;
	void *values;		/* static; the struct that the options fill */
	int min_args, max_args; /* max -1: any number */
	bool seals;		/* runs from a sealed copy of this program (process/seal.h) */
	bool words_are_data;	/* the words after the first argument belong to another program */
	bool forwards;		/* all words, options too, belong to another program */
	int failure;		/* exit code of a failure; 0: 1 */
	/* Returns the exit code, or a negative value after recording an error. */
	int (*run)(const struct global *global, int argc, char **argv);
};

extern const struct command cmd_completion, cmd_create, cmd_delete, cmd_doctor, cmd_events,
	cmd_exec, cmd_features, cmd_kill, cmd_list, cmd_pause, cmd_ps, cmd_resume, cmd_run,
	cmd_seccomp, cmd_spec, cmd_start, cmd_state, cmd_update;

/* Values of --format of commands that print a table or JSON. */
extern const struct name cmd_formats[];
/* Reads such a value; NULL is the table. Reporting, with the command's name. */
must_check int cmd_read_format(const char *command, const char *format, bool *ret_json);
/* The table of a command without options. */
extern const struct opt cmd_no_options[];
/*
 * Opens the container of that id, without the lock, and calls act. The container's record must be
 * readable. Reporting.
 */
must_check int cmd_on_container(const struct global *g, const char *id,
				int (*act)(struct container *c));

#endif
