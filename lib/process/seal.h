/* SPDX-License-Identifier: Apache-2.0 */
/* Runs tamis from a sealed copy of its own executable. */
#ifndef PROCESS_SEAL_H
#define PROCESS_SEAL_H

#include "base/base.h"

/*
 * Executes this program again from a copy that cannot be written, so that no container can reach
 * the host's file through /proc/PID/exe (CVE-2019-5736). The copy is an overlay that has lower
 * layers only, else a sealed memfd. Nothing is done if the file is on a read-only file system type
 * or has fs-verity. Returns 0 in the copy. create, run and exec call this before anything else.
 * Reporting.
 */
must_check int seal_self(char **argv);

#endif
