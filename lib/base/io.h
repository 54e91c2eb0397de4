/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files in, whole files out. All silent: >= 0 or -errno. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include "base/base.h"

#include <sys/types.h>

struct text {
	char *data; /* in the arena, NUL-terminated behind len bytes */
	size_t len;
};

/* Everything fd gives, at most limit bytes; -EFBIG beyond that. Works on procfs. */
must_check int io_read_all(int fd, size_t limit, struct text *ret);
/* The regular or procfs file path below dirfd, not following a link in its last part. */
must_check int io_read_file(int dirfd, const char *path, size_t limit, struct text *ret);
/* All n bytes, going on after EINTR and short writes. */
must_check int io_write_all(int fd, const void *data, size_t n);
/* The same for diagnostics: what cannot be written, or what nobody takes for some seconds, is
 * lost. */
void io_write_best(int fd, const void *data, size_t n);
/* One write(2) of the text to an existing file below dirfd, not created, not truncated, not
 * followed if it is a link: for cgroupfs and procfs, where a short write is an error (-EIO). */
must_check int io_write_file(int dirfd, const char *path, const char *text);
/* A new file with this content; -EEXIST if there is one, and what was written stays if not all
 * could be. */
must_check int io_write_new(int dirfd, const char *name, const void *data, size_t n, mode_t mode);
/* A new file with this content that takes the place of name at once (temporary name in the
 * same directory, then rename); never visible half written. */
must_check int io_replace_file(int dirfd, const char *name, const void *data, size_t n,
			       mode_t mode);

#endif
