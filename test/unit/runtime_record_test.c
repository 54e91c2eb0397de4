/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A record that is truncated at any byte is never read as another one: the previous record is read.
 */
#include "runtime/record.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static struct record sample(bool created)
{
	static struct cgroup_dir dirs[] = {
		{ .name = "memory",
		  .mountpoint = "/sys/fs/cgroup/memory",
		  .path = "/x \"y\"",
		  .made = true },
		{ .name = "unified",
		  .mountpoint = "/sys/fs/cgroup/unified",
		  .path = "/x",
		  .v2 = true },
	};
	struct record r = {
		.version = 1,
		.id = "one",
		.created = created,
		.oci_version = "1.2.0",
		.bundle = "/b",
		.rootfs = "/b/rootfs",
		.created_at = "2026-11-22T10:00:00.000000001Z",
		.boot_id = "00000000-0000-0000-0000-000000000000",
		.creator_pid = 41,
		.creator_start = 17,
		.pid = created ? 42 : 0,
		.start_time = UINT64_MAX,
		.namespaces = 0x20000000,
		.program = "sh",
	};

	r.cgroups.n = ARRAY_LEN(dirs);
	r.cgroups.v = dirs;
	return r;
}

static void cut_everywhere(int dir)
{
	struct text whole;
	struct record got;
	size_t wrong = 0;

	ok(io_read_file(dir, "record", 1 << 20, &whole) == 0, "the record exists");
	for (size_t n = 0; n < whole.len - 1;
	     n++) { /* only its line feed is missing: still valid */
		if (io_replace_file(dir, "record", whole.data, n, 0600) < 0)
			return;
		err_clear();
		bool is_whole = n == whole.len - 1;
		int r = record_read(dir, "one", &got);

		wrong += r != (is_whole ? 0 : RECORD_OLD) || (!is_whole && got.created) ||
			 err_message();
	}
	is_int((intmax_t)wrong, 0, "truncated at each of %zu bytes: the previous one is read",
	       whole.len);
	memset(whole.data, 0, whole.len);
	ok(io_replace_file(dir, "record", whole.data, whole.len, 0600) == 0 &&
		   record_read(dir, "one", &got) == RECORD_OLD && !got.created,
	   "all zero: the previous one is read");
	unlinkat(dir, "record", 0);
	ok(record_read(dir, "one", &got) == RECORD_OLD && !got.created,
	   "missing: the previous one is read");
}

int main(void)
{
	char path[] = "/tmp/tamis-record-XXXXXX";

	if (!mkdtemp(path))
		return 1;
	autofd dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct record in = sample(false), got;

	ok(!record_exists(dir), "nothing yet");
	is_int(record_read(dir, "one", &got), -ENOENT, "nothing to read");
	ok(record_write(dir, &in) == 0 && record_read(dir, "one", &got) == 0, "written and read");
	is_str(got.id, "one", "id");
	ok(got.start_time == UINT64_MAX && !got.created && got.cgroups.n == 2,
	   "numbers and lists are the same");
	is_str(got.cgroups.v[0].path, "/x \"y\"", "quoted text");
	ok(got.cgroups.v[0].made && !got.cgroups.v[1].made && got.cgroups.v[1].v2, "flags");
	in = sample(true);
	ok(record_write(dir, &in) == 0 && record_read(dir, "one", &got) == 0 && got.created &&
		   got.pid == 42,
	   "written again");
	ok(record_write(dir, &in) == 0, "and again");
	struct record old = sample(false);

	ok(record_write(dir, &old) == 0 && record_write(dir, &in) == 0,
	   "a new record after an old one");
	cut_everywhere(dir);
	unlinkat(dir, "record.old", 0);
	is_int(record_read(dir, "one", &got), -ENOENT, "both gone");
	ok(rmdir(path) == 0, "no temporary file is left behind");
	return done();
}
