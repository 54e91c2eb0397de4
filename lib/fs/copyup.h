/* SPDX-License-Identifier: Apache-2.0 */
/* The option "tmpcopyup": what an image has below a mount point, in the tmpfs on it. */
#ifndef FS_COPYUP_H
#define FS_COPYUP_H

#include "base/base.h"

/* Copies what is below the directory `from` into the directory `to`: directories, files,
 * links, nodes with mode, owner, times and attributes; of `from` itself times and attributes. A
 * file that cannot have its owner gets no set-id bits. what is for messages. Reporting. */
must_check int copyup(const char *what, int from, int to);

#endif
