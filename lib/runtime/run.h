/* SPDX-License-Identifier: Apache-2.0 */
/* The `run` command. */
#ifndef RUNTIME_RUN_H
#define RUNTIME_RUN_H

#include "base/base.h"

struct create_options;

struct run_options {
	/* its member `detached` selects foreground or background */
	const struct create_options *create;
	bool keep; /* do not delete the container after its end */
	bool no_subreaper;
};

/*
 * The `create` command: container_create(), undone if SIGINT or SIGTERM arrives in the meantime.
 * Reporting.
 */
must_check int container_run_create(const struct create_options *options);
/*
 * Runs a container. In the foreground *ret_exit is the exit code of its program, or 128+n for
 * signal n. Reporting.
 */
must_check int container_run(const struct run_options *options, int *ret_exit);

#endif
