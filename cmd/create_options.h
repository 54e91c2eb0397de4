/* SPDX-License-Identifier: Apache-2.0 */
/* The options that create and run share. */
#ifndef CMD_CREATE_OPTIONS_H
#define CMD_CREATE_OPTIONS_H

#include "base/base.h"
#include "cmd/cmd.h"
#include "runtime/container.h"
#include "runtime/profile.h"
#include "runtime/run.h"

/* What the options of both commands fill. Those of run alone are last. */
struct create_values {
	struct create_options options;
	const char *seccomp_compat;
	struct run_options run;
	bool detach;
};

/* Values of --seccomp-compat. */
extern const struct name create_options_compat[];

/* Rows for a table of options. */
#define CREATE_OPTIONS                                                                           \
	{ "bundle", 'b',                                                                         \
	  OPT_TEXT, offsetof(struct create_values, options.bundle),                              \
	  "DIR",    "directory with config.json (default: the working directory)" },             \
		{ "pid-file", 0,                                                                 \
		  OPT_TEXT,   offsetof(struct create_values, options.pid_file),                  \
		  "FILE",     "write the pid of the container's init there" },                   \
		{ "console-socket", 0,                                                           \
		  OPT_TEXT,	    offsetof(struct create_values, options.console_socket),      \
		  "PATH",	    "socket that gets the terminal's master" },                  \
		{ "pidfd-socket", 0,                                                             \
		  OPT_TEXT,	  offsetof(struct create_values, options.pidfd_socket),          \
		  "PATH",	  "socket that gets a pidfd of the container's init" },          \
		{ "preserve-fds",                                                                \
		  0,                                                                             \
		  OPT_UINT,                                                                      \
		  offsetof(struct create_values, options.preserve_fds),                          \
		  "N",                                                                           \
		  "descriptors from 3 on that the program keeps" },                              \
		{ "no-new-keyring",                                                              \
		  0,                                                                             \
		  OPT_BOOL,                                                                      \
		  offsetof(struct create_values, options.no_new_keyring),                        \
		  NULL,                                                                          \
		  "keep the caller's session keyring" },                                         \
		{ "explain-denials",                                                             \
		  0,                                                                             \
		  OPT_OPTIONAL,                                                                  \
		  offsetof(struct create_values, options.explain_denials),                       \
		  "FILE",                                                                        \
		  "report each call that the profile denies, and log it in FILE" },              \
		{ "record", 0,                                                                   \
		  OPT_TEXT, offsetof(struct create_values, options.record),                      \
		  "FILE",   "append which system calls the container makes to FILE" },           \
		{ "no-pivot", 0,   OPT_BOOL, offsetof(struct create_values, options.no_pivot),   \
		  NULL,	      NULL },                                                            \
		{ "seccomp",                                                                     \
		  0,                                                                             \
		  OPT_STRING,                                                                    \
		  offsetof(struct create_values, options.seccomp),                               \
		  "PROFILE",                                                                     \
		  "default, unconfined, or a profile's file, in place of linux.seccomp",         \
		  profile_words },                                                               \
	{                                                                                        \
		"seccomp-compat", 0, OPT_STRING, offsetof(struct create_values, seccomp_compat), \
			"runc",                                                                  \
			"answer as runc does where tamis differs (see "                          \
			"tamis-seccomp(7))",                                                     \
			create_options_compat                                                    \
	}

/* Sets the other members of v->options. Reporting. */
must_check int create_options_settle(const struct global *g, const char *id, bool detached,
				     struct create_values *v);

#endif
