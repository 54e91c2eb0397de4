/* SPDX-License-Identifier: Apache-2.0 */
/* Mount option "tmpcopyup": fills a tmpfs with what the image has at its mount point. */
#ifndef FS_COPYUP_H
#define FS_COPYUP_H

#include "base/base.h"

/*
 * Copies everything below the directory `from` into the directory `to`: directories, files, links
 * and nodes with mode, owner, times and extended attributes. Of `from` itself only times and
 * extended attributes are copied. A file whose owner cannot be set gets no set-user-ID and
 * set-group-ID bits. `what` is the prefix of messages. Reporting.
 */
must_check int copyup(const char *what, int from, int to);

#endif
