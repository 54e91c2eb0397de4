/* SPDX-License-Identifier: Apache-2.0 */
/* Records what runs already. */
#ifndef CMD_SECCOMP_RECORD_ATTACH_H
#define CMD_SECCOMP_RECORD_ATTACH_H

#include "observe/recorder.h"

/*
 * word: a container, or "pid:N" or N for a process and its descendants. Begins the recording in the
 * file and returns when it has ended. Reporting.
 */
must_check int record_attach(struct recorder *r, const char *word);

#endif
