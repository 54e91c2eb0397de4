/* SPDX-License-Identifier: Apache-2.0 */
/* What a command is: options as a table, and a function. */
#ifndef CMD_CMD_H
#define CMD_CMD_H

#include "base/base.h"
#include "cmd/opt.h"
#include "oci/decode.h"

struct command;
struct container;

struct global {
	const struct command *const *commands; /* all, in the order of --help; then NULL */
	const struct opt *options;	       /* those that stand before the command */
	const char *root;		       /* --root, or the default */
	const char *log, *log_format;
	const char *cgroup_manager;
	bool systemd_cgroup;
	struct strings allowed_annotations; /* as given: each may be several names */
	bool debug;
	bool version;
	int failure; /* the exit code of a failure */
};

struct command {
	const char *name;
	const char *arguments; /* "ID [SIGNAL]" */
	const char *summary;   /* one line */
	const struct opt *options;
	void *values;		/* static; what the options fill */
	int min_args, max_args; /* max -1: any number */
	bool seals;		/* run from a sealed copy of this program */
	bool words_are_data;	/* what follows the first argument is another program's */
	int failure;		/* exit code when it failed; 0: 1 */
	/* >= 0: the exit code; negative: failed, the error is recorded. */
	int (*run)(const struct global *global, int argc, char **argv);
};

extern const struct command cmd_completion, cmd_create, cmd_delete, cmd_doctor, cmd_events,
	cmd_exec, cmd_features, cmd_kill, cmd_list, cmd_pause, cmd_ps, cmd_resume, cmd_run,
	cmd_spec, cmd_start, cmd_state, cmd_update;

/* The table of a command without options. */
extern const struct opt cmd_no_options[];
/* Calls act with the sound container of that id, without the lock. Reporting, as act. */
must_check int cmd_on_container(const struct global *g, const char *id,
				int (*act)(struct container *c));

#endif
