/* SPDX-License-Identifier: Apache-2.0 */
/* Makes and enters process.cwd. */
#ifndef PROCESS_CWD_H
#define PROCESS_CWD_H

#include "base/base.h"

/*
 * Step: makes the directory process.cwd if it is missing. It runs before rootfs_finish(), which may
 * make the root read-only. Reporting.
 */
must_check int cwd_make(void *ctx);
/*
 * Steps: enter process.cwd by file descriptor. The first runs before the credentials change, the
 * second after, because the directory may be accessible to only one of the two identities. The
 * first ignores EACCES; the second does nothing if the first succeeded. Both check that the
 * directory is below "/" (CVE-2024-21626). Reporting.
 */
must_check int cwd_enter(void *ctx);
must_check int cwd_enter_as_user(void *ctx);

#endif
