/* SPDX-License-Identifier: Apache-2.0 */
/* From a bundle on disk to a plan, without any side effect. */
#ifndef RUNTIME_LOAD_H
#define RUNTIME_LOAD_H

#include "base/base.h"
#include "base/io.h"
#include "oci/config.h"
#include "plan/host.h"
#include "plan/plan.h"

struct create_options;

struct loaded {
	const char *bundle; /* absolute */
	struct text text;   /* config.json as it is */
	struct config config;
	struct host host;
	struct plan plan;
};

/* Reads and checks everything that create needs. Reporting. */
must_check int load_bundle(const struct create_options *options, struct loaded *ret);
/* A JSON text of reasonable size below dir: input.h. Reporting. */
must_check int load_text(int dir, const char *name, struct text *ret);
/* config.json of an opened directory (a bundle's, or a state directory's copy). Reporting. */
must_check int load_config(int dir, const char *name, struct text *ret_text, struct config *ret);

#endif
