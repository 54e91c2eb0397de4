/* SPDX-License-Identifier: Apache-2.0 */
/* What other recorders have written: profiles that allow what a program did. */
#ifndef CMD_SECCOMP_NEEDS_PROFILE_H
#define CMD_SECCOMP_NEEDS_PROFILE_H

#include "observe/recording.h"

/* Whether the text is a profile in JSON, or a SeccompProfile of Kubernetes. */
bool needs_profile_is(const struct text *text);
/*
 * Adds the calls that the profile names in rules that let them through, as RECORDING_ALLOWED by
 * `name`. Names that are unknown here are told on standard error. Reporting.
 */
must_check int needs_profile_read(struct recording *r, const char *name, const struct text *text);

#endif
