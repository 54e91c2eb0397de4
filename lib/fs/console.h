/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal of a process with process.terminal. All reporting. */
#ifndef FS_CONSOLE_H
#define FS_CONSOLE_H

#include "base/base.h"

/*
 * Step of init, after attributes_make_session(): opens a pty, makes it /dev/console and descriptors
 * 0 to 2, and sends the master to the parent (SYNC_TERMINAL).
 */
must_check int console_make(void *ctx);
/*
 * Step of exec: as console_make(), but /dev/console stays init's. The process proper makes the pty
 * its controlling terminal (final.h).
 */
must_check int console_join(void *ctx);

#endif
