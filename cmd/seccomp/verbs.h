/* SPDX-License-Identifier: Apache-2.0 */
/* The verbs of tamis-seccomp. */
#ifndef CMD_SECCOMP_VERBS_H
#define CMD_SECCOMP_VERBS_H

#include "cmd/cmd.h"

extern const struct command seccomp_bisect, seccomp_bpf, seccomp_check, seccomp_diff, seccomp_edit,
	seccomp_explain, seccomp_generate, seccomp_groups, seccomp_intersect, seccomp_record,
	seccomp_resolve, seccomp_show, seccomp_test, seccomp_trim, seccomp_union, seccomp_why;

/* Exit codes: the answer is yes or there is nothing to report; no, or there is something; the
 * command line or an input could not be understood. */
enum { EXIT_YES = 0, EXIT_NO = 1, EXIT_UNREADABLE = 2 };

#endif
