/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns tamis-record as an OCI hook (createRuntime or prestart). What must hold: the runtime waits
 * for the hook, and the hook until its recorder sees the container's calls. The recorder keeps
 * nothing of the hook's: the runtime may wait until the hook's streams are closed by all.
 *
 * The annotation io.containers.trace-syscall and its words are those of oci-seccomp-bpf-hook.
 */
#include "hooks/record_hook.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/identity.h"
#include "base/io.h"
#include "base/msg.h"
#include "hooks/record.h"
#include "observe/generate.h"
#include "oci/annotations.h"
#include "oci/config.h"
#include "plan/host.h"
#include "runtime/load.h"
#include "runtime/recorded.h"
#include "seccomp/docker.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATE_MAX = 16 << 20, READY_MS = 20000 };

#define TRACE "io.containers.trace-syscall"
static const char record_key[] = "io.tamis.record";

struct state_given {
	const struct json *at;
	const char *id, *bundle;
	int32_t pid;
	struct pairs annotations;
};

static const struct field state_fields[] = {
	REQUIRED(struct state_given, id, "id"),
	REQUIRED(struct state_given, pid, "pid"),
	FIELD(struct state_given, bundle, "bundle"),
	FIELD(struct state_given, annotations, "annotations"),
};
static const struct shape state_given_shape = SHAPE(struct state_given, state_fields);

/* What is asked for. */
struct wish {
	const char *record;	    /* file of the recording; NULL: none */
	const char *profile, *base; /* files of the profile to write, and to begin with; NULL */
	const char *runtime;	    /* whose own calls are added */
};

/* --- what is asked for -------------------------------------------------------------------- */

static const char *annotation(const struct state_given *s, const char *key)
{
	for (size_t i = 0; i < s->annotations.n; i++)
		if (strcmp(s->annotations.v[i].key, key) == 0)
			return s->annotations.v[i].value;
	return NULL;
}

static int read_path(const char *what, const char *text, const char **ret)
{
	*ret = text;
	return text[0] == '/' ? 0
			      : fail(0, "%s: expected an absolute path, found '%s'", what, text);
}

/* "if:/a.json;of:/b.json": one word. */
static int read_word(const char *word, struct wish *ret)
{
	if (strncmp(word, "if:", 3) == 0)
		return read_path(TRACE ": if", word + 3, &ret->base);
	if (strncmp(word, "of:", 3) == 0)
		return read_path(TRACE ": of", word + 3, &ret->profile);
	if (strncmp(word, "for:", 4) == 0) {
		ret->runtime = word + 4;
		return 0;
	}
	return fail(0, TRACE ": expected words such as if:FILE;of:FILE, found '%s'", word);
}

static int read_trace(const char *text, struct wish *ret)
{
	int r = 0;

	for (const char *p = text; *p && r >= 0;) {
		size_t n = strcspn(p, ";"), skip = strspn(p, " "), len = n;

		while (len > skip && p[len - 1] == ' ')
			len--;
		if (len > skip)
			r = read_word(arena_memdup(p + skip, len - skip), ret);
		p += n + (p[n] == ';');
	}
	if (r >= 0 && !ret->profile)
		r = fail(0, TRACE ": expected of:FILE, found '%s'", text);
	return r;
}

static int read_wish(const struct state_given *s, struct wish *ret)
{
	const char *trace = annotation(s, TRACE), *record = annotation(s, record_key);
	int r = trace ? read_trace(trace, ret) : 0;
	struct needs needs;

	needs_init(&needs);
	if (r >= 0 && !needs_runtime_add(&needs, ret->runtime))
		r = fail(0, "expected for:runc, crun, tamis or any, found '%s'", ret->runtime);
	if (r >= 0 && record)
		r = read_path(record_key, record, &ret->record);
	return r;
}

/* --- the profile -------------------------------------------------------------------------- */

struct making {
	const struct wish *wish;
	int dir; /* in which the profile is written, */
	const char *name;
	struct profile_facts facts;
	struct canon canon;
	struct generate_base base;
	struct verdicts verdicts;
};

static int read_base(struct making *m)
{
	struct text *text = arena_alloc(sizeof(*text));
	struct profile *profile = arena_alloc(sizeof(*profile));
	const struct policy *policy;
	const char *name = m->wish->base;
	int r = load_text(AT_FDCWD, name, text);

	if (r >= 0)
		r = docker_profile_parse(name, text, &m->facts, profile);
	if (r >= 0)
		r = policy_make(profile, m->facts.native, false, &policy);
	if (r < 0)
		return r;
	verdicts_of_policy(policy, &m->canon, &m->verdicts);
	m->base = (struct generate_base){ name, profile, &m->verdicts, m->facts.native };
	return 0;
}

/* Checks what write_profile() needs. caps: what rules of the base may depend on. */
static int prepare_profile(struct making *m, const struct wish *wish, uint64_t caps)
{
	struct host kernel = { 0 };
	const char *slash = strrchr(wish->profile, '/');
	const char *dir = arena_memdup(wish->profile, (size_t)(slash + 1 - wish->profile));
	struct stat st;
	int r = host_kernel(&kernel);

	m->wish = wish;
	m->name = slash + 1;
	if (r < 0)
		return r;
	m->facts = (struct profile_facts){ .caps = caps,
					   .native = arch_by_machine(kernel.machine),
					   .kernel_major = kernel.kernel_major,
					   .kernel_minor = kernel.kernel_minor };
	canon_init(&m->canon);
	m->dir = open(dir, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (m->dir < 0 || access(dir, W_OK | X_OK) < 0)
		return fail(errno, "%s: cannot be written", wish->profile);
	if (stat(wish->profile, &st) == 0 && !S_ISREG(st.st_mode))
		return fail(0, "%s: expected a file, which is replaced", wish->profile);
	return wish->base ? read_base(m) : 0;
}

static int write_profile(struct making *m, const struct recording *recording)
{
	struct needs needs;
	struct text text;

	if (!record_has_begun() && !recording->n_calls)
		return fail(0, "%s: is not written: the container has executed no program",
			    m->wish->profile);
	needs_init(&needs);
	needs_runtime_add(&needs, m->wish->runtime);
	needs_find(&needs, recording, false);
	int r = generate_docker(&needs, m->wish->base ? &m->base : NULL, &m->facts, &m->canon,
				&text);

	if (r >= 0) {
		r = io_replace_file(m->dir, m->name, text.data, text.len, 0644);
		if (r < 0)
			r = fail(-r, "%s: cannot be written", m->wish->profile);
	}
	return r;
}

/* --- the recorder ------------------------------------------------------------------------- */

static int detach(void)
{
	int r = fd_null_standard(STDERR_FILENO);

	if (r == 0 && chdir("/") < 0)
		r = -errno;
	return r < 0 ? fail(-r, "detach from the runtime") : 0;
}

/* What the bundle tells; it need not be readable. */
static void read_bundle(const struct state_given *s, struct record_job *job, uint64_t *ret_caps)
{
	struct config *config = arena_alloc(sizeof(*config));
	struct text *text = arena_alloc(sizeof(*text));
	autofd dir = s->bundle ? open(s->bundle, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	if (dir >= 0 && load_config(dir, "config.json", text, config) >= 0) {
		job->command = &config->process.args;
		job->image = annotations_image(config);
		*ret_caps = config->process.capabilities.bounding.v;
	}
	err_clear();
}

/* The process that stays. It answers once, when it is ready or has failed. */
static int record_container(const struct state_given *s, const struct wish *wish, int init,
			    int answer)
{
	struct record_job job = { .id = s->id, .file = wish->record, .init = init, .sock = -1 };
	struct making making = { 0 };
	struct recording recording;
	uint64_t caps = 0;
	int r = 0;

	(void)!setsid();
	recording_init(&recording);
	read_bundle(s, &job, &caps);
	if (wish->profile)
		r = prepare_profile(&making, wish, caps);
	if (r >= 0)
		r = record_begin(&job, &recording);
	if (r >= 0)
		r = detach();
	(void)!msg_send(answer, r < 0 ? RECORDED_FAILED : RECORDED_READY, 0,
			r < 0 ? err_message() : NULL, NULL, 0);
	close(answer);
	if (r < 0)
		return EXIT_FAILURE;
	r = record_run(&job);
	if (r >= 0 && wish->profile)
		r = write_profile(&making, &recording);
	if (r < 0)
		record_log_error(&job);
	return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
}

static int await_recorder(int answer)
{
	struct msg m;
	int r = fd_wait(answer, POLLIN, READY_MS);

	if (r > 0)
		r = msg_recv(answer, &m);
	if (r <= 0)
		return fail(r < 0 ? -r : 0, "the recorder did not answer");
	return m.type == RECORDED_READY ? 0 : fail(0, "%s", m.text);
}

static int start(const struct state_given *s, const struct wish *wish, int *ret_exit)
{
	int pair[2], r = msg_pair(pair);
	autofd init = r < 0 ? r : identity_pidfd(s->pid);

	if (init < 0)
		return fail(-init, "the container's init, process %d", s->pid);
	pid_t pid = fork();

	if (pid < 0)
		return fail(errno, "fork");
	if (pid == 0) {
		close(pair[0]);
		*ret_exit = record_container(s, wish, init, pair[1]);
		return 0;
	}
	close(pair[1]);
	return await_recorder(pair[0]);
}

/* --- the hook ----------------------------------------------------------------------------- */

static const char usage[] =
	"usage: tamis-record [--for runc|crun|tamis|any]\n"
	"An OCI hook, see tamis-record(8): reads the State of a container from standard input.\n";

static int read_options(int argc, char **argv, struct wish *ret)
{
	static const struct option options[] = {
		{ "for", required_argument, NULL, 'f' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ 0 },
	};
	int c;

	while ((c = getopt_long(argc, argv, "hv", options, NULL)) >= 0) {
		if (c == 'f')
			ret->runtime = optarg;
		else if (c == 'h')
			fputs(usage, stdout);
		else if (c == 'v')
			printf("tamis-record version %s\n", PACKAGE_VERSION);
		else
			fputs(usage, stderr);
		if (c != 'f')
			return c == '?' ? -EINVAL : 1;
	}
	return 0;
}

int record_hook(int argc, char **argv)
{
	struct wish wish = { .runtime = "any" };
	struct text *text = arena_alloc(sizeof(*text));
	struct state_given state = { 0 };
	int exit_code = EXIT_SUCCESS, r = read_options(argc, argv, &wish);

	if (r != 0)
		return r < 0 ? EXIT_FAILURE : EXIT_SUCCESS;
	if (isatty(STDIN_FILENO)) {
		fputs(usage, stderr);
		return EXIT_FAILURE;
	}
	/* the recorder must not keep what a runtime has forgotten to close */
	if (fd_close_others(NULL, 0) < 0)
		return EXIT_FAILURE;
	r = io_read_all(STDIN_FILENO, STATE_MAX, text);
	r = r < 0 ? fail(-r, "the State of the container cannot be read")
		  : decode_text("the State of the container", text, &state_given_shape, &state);
	if (r >= 0)
		r = read_wish(&state, &wish);
	if (r >= 0 && (wish.profile || wish.record))
		r = start(&state, &wish, &exit_code);
	if (r < 0)
		fprintf(stderr, "tamis-record: %s\n", err_message());
	return r < 0 ? EXIT_FAILURE : exit_code;
}
