/* SPDX-License-Identifier: Apache-2.0 */
/* What process `exec` is asked for: --process, or the config's with changes. */
#ifndef RUNTIME_EXEC_PROCESS_H
#define RUNTIME_EXEC_PROCESS_H

#include "base/base.h"
#include "oci/config.h"
#include "runtime/exec.h"

/* UID or UID:GID, decimal numbers and nothing else. *ret_gid stays without the second.
 * Reporting. */
must_check int exec_parse_user(const char *text, uint32_t *ret_uid, uint32_t *ret_gid);
/* The process, checked. `saved` is the container's own: what --process leaves out of
 * capabilities, limits, labels and oomScoreAdj comes from it. Reporting. */
must_check int exec_process(const struct exec_options *options, const struct process_spec *saved,
			    struct process_spec *ret);

#endif
