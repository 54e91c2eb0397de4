/* SPDX-License-Identifier: Apache-2.0 */
#include "cgroup/cgdir.h"

#include "unit/tap.h"

#include <errno.h>

int main(void)
{
	static const char *const leaves[] = { "/a", "/docker/0123", "/a/..b", "/a/b.scope",
					      "/..." };
	static const char *const others[] = { "",      "/",	"a",	"/a/",	"//a",	  "/a//b",
					      "/a/..", "/../a", "/./a", "/a/.", "/a/../b" };

	for (size_t i = 0; i < ARRAY_LEN(leaves); i++)
		ok(cgdir_is_leaf_path(leaves[i]), "\"%s\" is a leaf", leaves[i]);
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		ok(!cgdir_is_leaf_path(others[i]), "\"%s\" is none", others[i]);
	is_int(cgdir_keyed("populated 1\nfrozen 0\n", "frozen"), 0, "second line");
	is_int(cgdir_keyed("populated 1\nfrozen 0\n", "populated"), 1, "first line");
	is_int(cgdir_keyed("oom_kill 3\noom 7\n", "oom"), 7, "whole key");
	is_int(cgdir_keyed("oom 7\n", "oom_kill"), -ENODATA, "absent");
	is_int(cgdir_keyed("n 99999999999999999999\n", "n"), INT64_MAX, "too large");
	ok(cgdir_has_word("cpu,cpuacct", ",", "cpuacct") &&
		   cgdir_has_word("cpu,cpuacct", ",", "cpu"),
	   "finds words of a list");
	ok(!cgdir_has_word("cpuset", ",", "cpu") && !cgdir_has_word("", ",", "") &&
		   !cgdir_has_word("cpu", ",", "cpuset"),
	   "finds only whole words");
	ok(cgdir_root("/proc", false) == -CGDIR_UNMOUNTED &&
		   cgdir_root("/proc", true) == -CGDIR_UNMOUNTED &&
		   cgdir_root("/nosuch", true) == -CGDIR_UNMOUNTED,
	   "a file system of another type is refused");
	return done();
}
