/* SPDX-License-Identifier: Apache-2.0 */
/* Changes to a profile's file that findings ask for and that cannot be wrong. */
#ifndef CMD_SECCOMP_CHECK_FIX_H
#define CMD_SECCOMP_CHECK_FIX_H

#include "base/base.h"
#include "cmd/seccomp/subject.h"
#include "seccomp/findings.h"

/*
 * Removes from the file what has no effect and corrects names whose form alone is wrong; prints
 * each change. What remarks allow stays, and so does the file if nothing is to be changed. Standard
 * input is written to standard output. What was changed is taken out of `found`. Before anything is
 * written, the text without what is removed is read again and must have the same verdicts, also
 * with other capabilities, architectures and kernels; what does not pass is left as it is.
 * Reporting.
 */
must_check int check_fix(const struct subject *s, struct findings *found);

#endif
