/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the number of processors that there can be. sysconf(3) is no help: glibc counts those that
 * are there, whose numbers may have gaps, and musl those that this process may run on.
 */
#include "observe/processors.h"

#include "base/io.h"
#include "base/num.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { TEXT_MAX = 1 << 16, NUMBER_MAX = 1 << 16 };

int processors_parse(const char *text, size_t *ret)
{
	const char *end = text;
	uint64_t number = 0;

	do {
		int r = num_scan_u64(end, &end, &number);

		if (r < 0 || number >= NUMBER_MAX)
			return -EINVAL;
	} while (*end && strchr("-,", *end++));
	*ret = (size_t)number + 1;
	return 0;
}

int processors_limit(size_t *ret)
{
	struct text text;
	int r = io_read_file(AT_FDCWD, "/sys/devices/system/cpu/possible", TEXT_MAX, &text);

	return r < 0 ? r : processors_parse(text.data, ret);
}
