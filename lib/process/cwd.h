/* SPDX-License-Identifier: Apache-2.0 */
/* process.cwd */
#ifndef PROCESS_CWD_H
#define PROCESS_CWD_H

#include "base/base.h"

/* Step: makes process.cwd where it is missing; before rootfs_finish(). Reporting. */
must_check int cwd_make(void *ctx);
/*
 * Steps: enter process.cwd by descriptor, before the credentials change and again after (the
 * directory may be open to one of the two only); the first leaves an EACCES to the second, which
 * has nothing to do if the first got there. Check that the directory is below "/"
 * (CVE-2024-21626). Reporting.
 */
must_check int cwd_enter(void *ctx);
must_check int cwd_enter_as_user(void *ctx);

#endif
