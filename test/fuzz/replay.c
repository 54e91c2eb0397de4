/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a fuzz target on its corpus, for builds without libFuzzer, as a regression test. A broken
 * invariant aborts, so each printed line is a case that passed.
 */
#include "base/io.h"
#include "fuzz/fuzz.h"
#include "unit/tap.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

enum { CASE_MAX = 1 << 20 };

int main(void)
{
	const char *srcdir = getenv("TAMIS_SRCDIR");
	const struct dirent *e;
	char path[4096];
	int n = 0;

	snprintf(path, sizeof(path), "%s/test/fuzz/corpus/%s", srcdir ? srcdir : ".", fuzz_corpus);

	DIR *dir = opendir(path);

	if (!dir) {
		ok(false, "%s can be opened", path);
		return done();
	}
	while ((e = readdir(dir))) {
		struct text text;

		if (e->d_name[0] == '.')
			continue;
		if (!ok(io_read_file(dirfd(dir), e->d_name, CASE_MAX, &text) >= 0, "%s is read",
			e->d_name))
			continue;
		/* the target frees the arena that holds text, so it gets a copy */
		uint8_t *copy = malloc(text.len + 1);

		if (!copy)
			return EXIT_FAILURE;
		memcpy(copy, text.data, text.len);
		LLVMFuzzerTestOneInput(copy, text.len);
		free(copy);
		ok(true, "%s: invariants hold", e->d_name);
		n++;
	}
	closedir(dir);
	ok(n > 0, "the corpus is not empty");
	return done();
}
