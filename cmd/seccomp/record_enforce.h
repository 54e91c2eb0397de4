/* SPDX-License-Identifier: Apache-2.0 */
/* tamis seccomp record --enforce-and-watch. */
#ifndef CMD_SECCOMP_RECORD_ENFORCE_H
#define CMD_SECCOMP_RECORD_ENFORCE_H

#include "observe/recorder.h"

/*
 * Runs the command of r under the profile that `word` names (subject_read()) and appends what is
 * denied to the log. quiet: nothing is printed for people. Reporting.
 */
must_check int record_enforce(struct recorder *r, const char *word, const char *log, bool quiet);

#endif
