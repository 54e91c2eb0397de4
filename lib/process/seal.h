/* SPDX-License-Identifier: Apache-2.0 */
/* A sealed copy of this program. */
#ifndef PROCESS_SEAL_H
#define PROCESS_SEAL_H

#include "base/base.h"

/*
 * Re-executes this program from a sealed copy of itself (overlay with lower layers only, else
 * a sealed memfd; nothing to do on a read-only superblock or fs-verity), so that no container
 * can reach the host's file through /proc/PID/exe (CVE-2019-5736). Returns 0 in the copy.
 * Called first thing by create, run and exec. Reporting.
 */
must_check int seal_self(char **argv);

#endif
