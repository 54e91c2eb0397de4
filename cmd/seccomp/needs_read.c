/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the reading of several recordings, and the warnings of what makes them incomplete. */
#include "cmd/seccomp/needs_read.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/input.h"
#include "base/printable.h"
#include "cmd/seccomp/needs_profile.h"
#include "cmd/seccomp/say.h"
#include "oci/decode.h"

#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { TIME_COLUMNS = 40, LACK_COLUMNS = 400 };

static void warn(const char *text)
{
	say_print_to(stderr, 2, arena_printf("tamis seccomp: %s", text));
}

static void warn_of_run(const struct recording_run *run)
{
	const char *what = run->time ? printable_again(run->time, strlen(run->time), TIME_COLUMNS)
				     : "a recording";

	if (!run->has_end)
		warn(arena_printf("the run of %s was not ended: its last second may be missing",
				  what));
	if (run->lost || run->dropped)
		warn(arena_printf("the run of %s lost %" PRIu64 " events: record it once more",
				  what, run->lost + run->dropped));
	for (size_t i = 0; run->uncertain && i < run->uncertain->n; i++) {
		const char *lack = run->uncertain->v[i];

		warn(arena_printf("the run of %s may lack %s: record it once more", what,
				  printable_again(lack, strlen(lack), LACK_COLUMNS)));
	}
}

static void warn_of_call(const struct recording_call *c)
{
	if (c->id < 0)
		warn(arena_printf("%s: call %u has no name here, so that no profile can name it",
				  arch_name(c->abi), c->nr));
}

static int read_file(struct recording *r, const char *path)
{
	bool is_stdin = strcmp(path, "-") == 0;
	const char *name = is_stdin ? "standard input" : path;
	struct text *text = arena_alloc(sizeof(*text));
	int ret = input_read(AT_FDCWD, is_stdin ? "/dev/stdin" : path, RECORDING_TEXT_MAX, text);

	if (ret < 0)
		return fail(-ret, "%s: cannot be read", name);
	return needs_profile_is(text) ? needs_profile_read(r, name, text)
				      : recording_read_text(r, name, text);
}

int needs_read(char *const *words, size_t n, bool portable, struct needs *ret)
{
	struct recording *recording = arena_alloc(sizeof(*recording));
	int r = 0;

	recording_init(recording);
	for (size_t i = 0; i < n && r >= 0; i++)
		r = read_file(recording, words[i]);
	if (r < 0)
		return r;
	if (!recording->n_calls)
		return fail(0, "%s: no system call is in it", words[0]);
	for (size_t i = 0; i < recording->n_runs; i++)
		warn_of_run(&recording->runs[i]);
	if (recording->dropped)
		warn(arena_printf("%" PRIu64 " calls are beyond the limit of what is read and are "
				  "left out: read fewer recordings at a time",
				  recording->dropped));
	for (size_t i = 0; i < recording->n_calls; i++)
		warn_of_call(&recording->calls[i]);
	needs_find(ret, recording, portable);
	return 0;
}
