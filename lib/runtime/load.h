/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a bundle and makes a plan, without side effects. */
#ifndef RUNTIME_LOAD_H
#define RUNTIME_LOAD_H

#include "base/base.h"
#include "base/io.h"
#include "oci/config.h"
#include "plan/host.h"
#include "plan/plan.h"

struct create_options;

struct loaded {
	const char *bundle; /* absolute path */
	struct text text;   /* contents of config.json */
	struct config config;
	struct host host;
	const struct plan *plan;
	const char *self; /* argv[0] of this program */
	bool compat_runc; /* --seccomp-compat=runc */
	/* the profile of --seccomp, a word or a file and its text; NULL: that of config.json */
	const char *profile_name;
	struct text profile_text;
	/* explained denials (denials.h): the log, "" for that of the state directory; NULL: none */
	const char *denials_log;
	const char *record_file; /* absolute path; NULL: the container is not recorded */
	int recorder;		 /* descriptor of tamis-record; -1 */
	int agent, log;		 /* descriptors of the program and of the log; -1 */
};

/* Reads and checks everything that create needs. Reporting. */
must_check int load_bundle(const struct create_options *options, struct loaded *ret);
/* Closes its descriptors. */
void load_close(struct loaded *in);
/* Reads a JSON text of limited size below dir (input.h). Reporting. */
must_check int load_text(int dir, const char *name, struct text *ret);
/*
 * Reads config.json of an opened directory (a bundle, or the copy in a state directory). Reporting.
 */
must_check int load_config(int dir, const char *name, struct text *ret_text, struct config *ret);

#endif
