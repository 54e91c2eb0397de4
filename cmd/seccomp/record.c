/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp record: runs a command as it is and writes which system calls it makes. The
 * command's exit status is passed on, so that the recorder can stand in front of a command in a
 * script. Or records what runs already.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/sys.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/lookup.h"
#include "cmd/seccomp/record_attach.h"
#include "cmd/seccomp/record_enforce.h"
#include "cmd/seccomp/verbs.h"
#include "observe/notify_record.h"
#include "observe/perf.h"
#include "observe/recording.h"
#include "observe/tracepoint.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

enum { ENGINE_AUTO, ENGINE_PERF, ENGINE_NOTIFY };
enum { PROGRESS_SECONDS = 10 };

static const struct name engines[] = {
	{ "auto", ENGINE_AUTO },
	{ "perf", ENGINE_PERF },
	{ "notify", ENGINE_NOTIFY },
	{ NULL, 0 },
};

static struct record_options {
	const char *output, *engine, *profile, *attach;
	bool exact, quiet;
} values;

static const struct opt options[] = {
	{ "output", 'o', OPT_STRING, offsetof(struct record_options, output), "FILE",
	  "append the recording to this file" },
	{ "attach", 0, OPT_STRING, offsetof(struct record_options, attach), "CONTAINER|PID",
	  "record what runs there already, from now on, in place of a command" },
	{ "engine", 0, OPT_STRING, offsetof(struct record_options, engine), "ENGINE",
	  "how calls are seen: perf, notify or auto (auto)", engines },
	{ "exact", 0, OPT_BOOL, offsetof(struct record_options, exact), NULL,
	  "see every call, also those that are made very often" },
	{ "enforce-and-watch", 0, OPT_STRING, offsetof(struct record_options, profile), "PROFILE",
	  "run it under this profile and write to FILE what is denied" },
	{ "quiet", 'q', OPT_BOOL, offsetof(struct record_options, quiet), NULL,
	  "print nothing but errors" },
	OPT_END,
};

/* --- what is printed ---------------------------------------------------------------------- */

/*
 * Calls that were seen: each of each architecture once, whatever programs made it; those without a
 * name once for each program. It must not take long, because meanwhile no events are read.
 */
static size_t count_calls(const struct recording *r)
{
	static bool *seen;
	const size_t count = syscall_count();
	size_t n = 0;

	if (!seen)
		seen = arena_array(ABI_COUNT * count, sizeof(*seen));
	memset(seen, 0, ABI_COUNT * count);
	for (size_t i = 0; i < r->n_calls; i++) {
		const struct recording_call *c = &r->calls[i];
		bool *is_seen = &seen[c->abi * count + (size_t)(c->id < 0 ? 0 : c->id)];

		if (c->assumed || (c->id >= 0 && *is_seen))
			continue;
		*is_seen |= c->id >= 0;
		n++;
	}
	return n;
}

/* A line each ten seconds: when nothing new comes the program has shown what it does. */
static void print_progress(const struct recorder *r)
{
	static unsigned int seconds;
	static size_t before;
	size_t n;

	if (++seconds % PROGRESS_SECONDS)
		return;
	n = count_calls(r->recording);
	fprintf(stderr, "tamis seccomp: %u s, %zu calls, %zu new in the last %d s\n", seconds, n,
		n - before, PROGRESS_SECONDS);
	before = n;
}

static void print_result(const struct recorder *r)
{
	const struct recording_run *run = r->run;
	size_t assumed = 0;

	for (size_t i = 0; i < r->recording->n_calls; i++)
		assumed += r->recording->calls[i].assumed;
	fprintf(stderr, "tamis seccomp: %zu calls recorded in %s", count_calls(r->recording),
		values.output);
	if (assumed)
		fprintf(stderr, ", and %zu assumed that were let through unseen (--exact)",
			assumed);
	fprintf(stderr, "\n");
	if (run->lost || r->recording->dropped)
		fprintf(stderr,
			"tamis seccomp: %" PRIu64
			" events were lost; record once more into the same file\n",
			run->lost + r->recording->dropped);
	for (size_t i = 0; run->uncertain && i < run->uncertain->n; i++)
		fprintf(stderr, "tamis seccomp: may be missing: %s; record once more\n",
			run->uncertain->v[i]);
}

/* --- the run ------------------------------------------------------------------------------ */

static int choose_engine(int *ret)
{
	const char *word = values.engine ? values.engine : "auto", *missing = tracepoint_missing();
	const struct name *found = names_find(engines, word);

	if (!found)
		return fail(0, "--engine: expected perf, notify or auto, found '%s'", word);
	*ret = (int)found->value;
	if (values.attach && (missing || *ret == ENGINE_NOTIFY))
		return fail(0,
			    "--attach: only perf sees processes that run already%s%s; as this user "
			    "record a command by tamis seccomp record -- COMMAND",
			    missing ? ", and " : "", missing ? missing : "");
	if (*ret == ENGINE_PERF && missing)
		return fail(0, "--engine perf: %s", missing);
	if (*ret != ENGINE_AUTO || values.attach) {
		*ret = values.attach ? ENGINE_PERF : *ret;
		return 0;
	}
	*ret = missing ? ENGINE_NOTIFY : ENGINE_PERF;
	if (values.quiet)
		return 0;
	if (missing)
		fprintf(stderr, "tamis seccomp: engine notify, because perf is not there: %s\n",
			missing);
	else
		fprintf(stderr, "tamis seccomp: engine perf, which changes nothing in the "
				"program\n");
	return 0;
}

static int record_with(int engine, struct recorder *r)
{
	struct recording *before = arena_alloc(sizeof(*before));
	int ret;

	recording_init(before);
	r->before = before;
	r->writer = arena_alloc(sizeof(*r->writer));
	/* the run of what is attached to begins when that has succeeded */
	ret = recording_write_open(values.output, LINES_LINK_FOLLOWED,
				   values.attach ? NULL : r->run, r->recording, before, r->writer);
	if (ret < 0)
		return ret;
	if (values.attach)
		ret = record_attach(r, values.attach);
	else
		ret = engine == ENGINE_PERF ? perf_record(r) : notify_record(r);

	const char *error = err_message();

	if (ret < 0 && values.attach)
		recording_write_abandon(r->writer, values.output);
	int ended = ret < 0 && values.attach ? 0 : recording_write_end(r->writer, r->file, r->run);

	if (error)
		err_restore(error);
	return ret < 0 ? ret : ended;
}

/* An error of ours, told apart from what the command returns. */
static int report(int code)
{
	fprintf(stderr, "tamis seccomp: %s\n", err_message() ? err_message() : "record");
	return code;
}

static int report_command(const struct recorder *r)
{
	return report(r->exec_error == ENOENT ? LOOKUP_EXIT_NO_COMMAND
		      : r->exec_error	      ? LOOKUP_EXIT_CANNOT
					      : LOOKUP_EXIT_FAILED);
}

static int enforce(struct recorder *r)
{
	int ret;

	if (values.engine || values.exact)
		ret = fail(0, "found --enforce-and-watch and an option about recording, expected "
			      "one of them");
	else
		ret = record_enforce(r, values.profile, values.output, values.quiet);
	return ret < 0 ? report_command(r) : 0;
}

static int record_calls(struct recorder *r)
{
	struct recording_run *run = r->run;
	struct utsname host;
	int engine = ENGINE_AUTO, ret = choose_engine(&engine);

	if (ret >= 0 && uname(&host) < 0)
		ret = fail(errno, "uname");
	if (ret < 0)
		return report(LOOKUP_EXIT_FAILED);
	recording_init(r->recording);
	run->engine = engine == ENGINE_PERF ? "perf" : "notify";
	run->exact = engine == ENGINE_PERF || values.exact;
	run->kernel = arena_strdup(host.release);
	run->machine = arena_strdup(host.machine);
	if (!values.quiet && isatty(STDERR_FILENO))
		r->progress = print_progress;
	ret = record_with(engine, r);
	if (ret < 0)
		return report_command(r);
	if (!values.quiet)
		print_result(r);
	return 0;
}

static int record(const struct global *g not_used, int argc, char **argv)
{
	struct recording recording;
	const struct strings command = { (size_t)argc, argv };
	struct recording_run run = { .command = &command };
	struct recorder r = { .argv = argv, .recording = &recording, .run = &run };
	int ret;

	r.file = argc ? lookup_program(argv[0]) : NULL;
	if (!values.output) {
		fail_note(0, "record: expected -o FILE");
		return report(LOOKUP_EXIT_FAILED);
	}
	if (!values.attach == !argc || (values.attach && values.profile)) {
		fail_note(0, "record: expected a command, or --attach and none");
		return report(LOOKUP_EXIT_FAILED);
	}
	if (argc && !r.file) {
		fail_note(0, "%s: there is no such command", argv[0]);
		return report(LOOKUP_EXIT_NO_COMMAND);
	}
	ret = values.profile ? enforce(&r) : record_calls(&r);
	if (ret)
		return ret;
	return run.signal ? 128 + run.signal : run.code;
}

const struct command seccomp_record = {
	.name = "record",
	.arguments = "[COMMAND [ARGUMENT...]]",
	.summary = "record the system calls of a command, or of what runs",
	.options = options,
	.values = &values,
	.min_args = 0,
	.max_args = -1,
	.words_are_data = true,
	.run = record,
};
