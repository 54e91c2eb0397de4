/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal of process.terminal. All reporting. */
#ifndef FS_CONSOLE_H
#define FS_CONSOLE_H

#include "base/base.h"

/* Step of init, after attributes_make_session(): pty, /dev/console, 0 to 2. Sends the master to
 * the parent (SYNC_TERMINAL). */
must_check int console_make(void *ctx);
/* The same for exec, where /dev/console is init's; the process proper takes control (final.h). */
must_check int console_join(void *ctx);

#endif
