/* SPDX-License-Identifier: Apache-2.0 */
/* Parses documents of the runtime-spec. */
#ifndef OCI_PARSE_H
#define OCI_PARSE_H

#include "base/base.h"
#include "oci/config.h"

/*
 * Parses, decodes and validates (lib/oci/validate.h) a config.json. `name` is for messages, as the
 * user knows it; name and text must live as long as *ret. What the specification calls an error,
 * and every property that is set but not supported, is refused with its place. Reporting.
 */
must_check int parse_config(const char *name, const struct text *text, struct config *ret);
/* The same for process.json of `exec --process`. Reporting. */
must_check int parse_process(const char *name, const struct text *text, struct process_spec *ret);
/* The same for the input of `update --resources`, which is linux.resources alone. Reporting. */
must_check int parse_resources(const char *name, const struct text *text,
			       struct resources_spec *ret);
/* The same for linux.seccomp alone, in a file of its own. Reporting. */
must_check int parse_seccomp(const char *name, const struct text *text, struct seccomp_spec *ret);

#endif
