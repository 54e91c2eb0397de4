/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and writes whole files. All silent: they return >= 0 or -errno. */
#ifndef BASE_IO_H
#define BASE_IO_H

#include "base/base.h"

#include <sys/types.h>

struct text {
	char *data; /* in the arena, with a NUL after len bytes */
	size_t len;
};

/* Reads everything from fd. Returns -EFBIG if it is more than limit bytes. Works on procfs. */
must_check int io_read_all(int fd, size_t limit, struct text *ret);
/*
 * Reads the regular or procfs file path below dirfd. A symbolic link as last component is not
 * followed.
 */
must_check int io_read_file(int dirfd, const char *path, size_t limit, struct text *ret);
/* Writes all n bytes. Continues after EINTR and short writes. */
must_check int io_write_all(int fd, const void *data, size_t n);
/* Writes diagnostics. What cannot be written, or is not read within some seconds, is lost. */
void io_write_best(int fd, const void *data, size_t n);
/*
 * Writes the text by one write(2) to an existing file below dirfd. The file is neither created nor
 * truncated, and a symbolic link is not followed. For cgroupfs and procfs, where a short write is
 * an error (-EIO).
 */
must_check int io_write_file(int dirfd, const char *path, const char *text);
/*
 * Writes a new file. Returns -EEXIST if it exists. After another error the part that was written
 * stays.
 */
must_check int io_write_new(int dirfd, const char *name, const void *data, size_t n, mode_t mode);
/* Makes a file in memory with this content, at offset 0, not executable. Returns its descriptor. */
must_check int io_make_memory(const char *name, const void *data, size_t n);
/*
 * Atomically replaces the file `name`: writes a temporary file in the same directory and renames
 * it. An incomplete file is never visible.
 */
must_check int io_replace_file(int dirfd, const char *name, const void *data, size_t n,
			       mode_t mode);

#endif
