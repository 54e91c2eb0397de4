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
};

/* Reads and checks everything that create needs. Reporting. */
must_check int load_bundle(const struct create_options *options, struct loaded *ret);
/* Reads a JSON text of limited size below dir (input.h). Reporting. */
must_check int load_text(int dir, const char *name, struct text *ret);
/*
 * Reads config.json of an opened directory (a bundle, or the copy in a state directory). Reporting.
 */
must_check int load_config(int dir, const char *name, struct text *ret_text, struct config *ret);

#endif
