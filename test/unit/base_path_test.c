/* SPDX-License-Identifier: Apache-2.0 */
#include "base/path.h"

#include "base/fd.h"
#include "unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

static void clean(const char *in, const char *want)
{
	is_str(path_clean(in), want, "path_clean(%s)", in);
}

int main(void)
{
	char dir[] = "/tmp/tamis-path-XXXXXX";

	clean("/", "/");
	clean("", "/");
	clean("//a/./b//", "/a/b");
	clean("/a/../../b", "/b");
	clean("/..", "/");
	clean("/a/b/..", "/a");
	is_str(path_join("/a", "b"), "/a/b", "relative");
	is_str(path_join("/a", "/b"), "/b", "absolute");

	if (!mkdtemp(dir))
		return 1;
	autofd root = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);

	ok(root >= 0, "temporary root");
	ok(mkdirat(root, "etc", 0755) == 0 && symlinkat("/etc", root, "abs") == 0 &&
		   symlinkat("../../../etc", root, "up") == 0 &&
		   symlinkat("/nowhere/at/all", root, "dangling") == 0 &&
		   symlinkat("../../run/new", root, "dirlink") == 0 &&
		   symlinkat("loop", root, "loop") == 0,
	   "links");
	autofd a = path_make_dir(root, "/abs/x/y", 0755);
	autofd b = path_make_file(root, "up/hosts");

	ok(a >= 0 && faccessat(root, "etc/x/y", F_OK, 0) == 0,
	   "an absolute link stays inside the root");
	ok(b >= 0 && faccessat(root, "etc/hosts", F_OK, 0) == 0, ".. stays inside the root");
	autofd f = path_make_file(root, "dangling");
	autofd g = path_make_dir(root, "dirlink/sub", 0755);

	ok(f >= 0 && faccessat(root, "nowhere/at/all", F_OK, 0) == 0,
	   "behind a dangling absolute link: made inside");
	ok(g >= 0 && faccessat(root, "run/new/sub", F_OK, 0) == 0,
	   "behind a relative one with ..: made inside");
	ok(faccessat(AT_FDCWD, "/nowhere", F_OK, 0) < 0, "and not outside");
	is_int(path_make_file(root, "loop"), -ELOOP, "a loop as file");
	is_int(path_make_dir(root, "loop/x", 0755), -ELOOP, "a loop as parent");
	is_int(path_open(root, "loop", O_PATH), -ELOOP, "loop");
	is_int(path_open_nolinks(root, "abs", O_PATH), -ELOOP, "path_open_nolinks() refuses links");
	autofd again = path_make_file(root, "/etc/hosts");

	ok(again >= 0, "existing file");
	unlinkat(root, "etc/hosts", 0);
	unlinkat(root, "etc/x/y", AT_REMOVEDIR);
	unlinkat(root, "etc/x", AT_REMOVEDIR);
	unlinkat(root, "etc", AT_REMOVEDIR);
	unlinkat(root, "abs", 0);
	unlinkat(root, "up", 0);
	unlinkat(root, "dangling", 0);
	unlinkat(root, "loop", 0);
	unlinkat(root, "dirlink", 0);
	unlinkat(root, "nowhere/at/all", 0);
	unlinkat(root, "nowhere/at", AT_REMOVEDIR);
	unlinkat(root, "nowhere", AT_REMOVEDIR);
	unlinkat(root, "run/new/sub", AT_REMOVEDIR);
	unlinkat(root, "run/new", AT_REMOVEDIR);
	unlinkat(root, "run", AT_REMOVEDIR);
	ok(rmdir(dir) == 0, "nothing else was made");
	return done();
}
