/* SPDX-License-Identifier: Apache-2.0 */
/* Documents of the runtime-spec from text. */
#ifndef OCI_PARSE_H
#define OCI_PARSE_H

#include "base/base.h"
#include "oci/config.h"

/*
 * Parse, decode and validate (lib/oci/validate.h) one document. name is for messages, as the
 * user knows it ("config.json"); name and text must live as long as *ret. Whatever the
 * specification calls an error, and every property that is set but not implemented, is
 * refused with its place. Reporting.
 */
must_check int parse_config(const char *name, const struct text *text, struct config *ret);
/* process.json of `exec --process`. */
must_check int parse_process(const char *name, const struct text *text, struct process_spec *ret);
/* The input of `update --resources`: linux.resources alone. */
must_check int parse_resources(const char *name, const struct text *text,
			       struct resources_spec *ret);
/* linux.seccomp alone, from a file of its own. */
must_check int parse_seccomp(const char *name, const struct text *text, struct seccomp_spec *ret);

#endif
