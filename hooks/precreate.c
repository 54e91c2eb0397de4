/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis-precreate: a filter for config.json, from standard input to standard output, before any
 * runtime reads it. Podman runs it as a hook of its stage "precreate". What must hold: nothing is
 * written unless every step has succeeded, so that an engine which ignores the exit code has no
 * config that it could use.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/input.h"
#include "base/io.h"
#include "base/printable.h"
#include "base/utc.h"
#include "cmd/opt.h"
#include "hooks/precreate_baseline.h"
#include "hooks/precreate_config.h"
#include "hooks/precreate_explain.h"
#include "oci/decode.h"
#include "seccomp/check.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const struct name severities[] = {
	{ "error", SEVERITY_ERROR },
	{ "warning", SEVERITY_WARNING },
	{ NULL, 0 },
};

static struct precreate_options {
	const char *baseline, *check, *explain, *log;
	bool except_privileged, explain_if_there, resolve;
	struct strings except;
} values;

static const struct opt options[] = {
	{ "baseline", 0, OPT_STRING, offsetof(struct precreate_options, baseline), "PROFILE",
	  "permit at most what this profile permits: a file, default, docker, containerd, podman "
	  "or crio" },
	{ "baseline-except-annotation", 0, OPT_LIST, offsetof(struct precreate_options, except),
	  "NAME=VALUE", "but not for containers with this annotation" },
	{ "baseline-except-privileged", 0, OPT_BOOL,
	  offsetof(struct precreate_options, except_privileged), NULL,
	  "but not for unconfined containers with all capabilities" },
	{ "check", 0, OPT_OPTIONAL, offsetof(struct precreate_options, check), "SEVERITY",
	  "refuse profiles with findings of this severity: error (default) or warning",
	  severities },
	{ "explain", 0, OPT_STRING, offsetof(struct precreate_options, explain), "SOCKET",
	  "notify the seccomp agent at this socket of denials" },
	{ "explain-if-there", 0, OPT_BOOL, offsetof(struct precreate_options, explain_if_there),
	  NULL, "explain nothing, rather than fail, if there is no agent" },
	{ "log", 0, OPT_STRING, offsetof(struct precreate_options, log), "FILE",
	  "write messages to the end of this file, too" },
	{ "resolve", 0, OPT_BOOL, offsetof(struct precreate_options, resolve), NULL,
	  "decide rules that depend on capabilities, architectures and kernels" },
	OPT_END,
};

/* --- messages ------------------------------------------------------------------------------ */

static void write_log(const char *who, const char *line)
{
	const int flags = O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOCTTY | O_NONBLOCK;
	struct timespec now;
	int fd = values.log ? open(values.log, flags, 0600) : -1;

	if (fd < 0)
		return;
	clock_gettime(CLOCK_REALTIME, &now);
	const char *text = arena_printf("%sZ %s: %s\n", utc_text(now.tv_sec), who, line);

	io_write_best(fd, text, strlen(text));
	close(fd);
}

/* Engines discard a hook's standard error, so the log names the container as well as it can. */
static void say(const struct precreate_config *c, const char *line)
{
	const char *host = c && c->root ? precreate_config_hostname(c) : "";

	fprintf(stderr, "tamis-precreate: %s\n", line);
	write_log(*host ? printable_text(host, strlen(host), 64) : "-", line);
}

/* --- steps --------------------------------------------------------------------------------- */

static int resolve(struct precreate_config *c)
{
	struct profile *plain = arena_alloc(sizeof(*plain));

	if (!c->conditional)
		return 0;
	if (!values.resolve)
		return json_fail(c->seccomp,
				 "found conditions of an engine's format (includes, excludes, "
				 "archMap, errno), which runtimes ignore; --resolve decides them");
	*plain = *c->profile;
	c->profile = plain;
	return 0;
}

static const char *finding_text(const struct finding *f)
{
	return arena_printf("%s: %s: %s [%s]", f->at ? json_place(f->at) : "config.json",
			    findings_severity(f->severity), f->text, findings_kind(f->code)->code);
}

static int check(struct precreate_config *c)
{
	const struct name *least = names_find(severities, *values.check ? values.check : "error");
	const struct policy *policy;
	struct verdicts verdicts;
	struct check_run run = {
		.name = "linux.seccomp",
		.kind = CHECK_OCI,
		.root = c->seccomp,
		.profile = c->profile,
		.facts = c->facts,
		.canon = &c->canon,
		.verdicts = &verdicts,
	};
	unsigned int n = 0;
	int r = policy_make(c->profile, c->facts.native, false, &policy);

	if (r < 0)
		return r;
	verdicts_of_policy(policy, &c->canon, &verdicts);
	check_all(&run);
	if (c->canon.overflow)
		return fail(0, "linux.seccomp: the conditions are too complex to be examined");
	for (size_t i = 0; i < run.found.n; i++)
		if (!run.found.v[i].allowed && (int64_t)run.found.v[i].severity >= least->value) {
			say(c, finding_text(&run.found.v[i]));
			n++;
		}
	return n ? fail(0, "linux.seccomp is refused: %u finding%s", n, n == 1 ? "" : "s") : 0;
}

/* Whether the administrator leaves this container alone. */
static bool is_excepted(const struct precreate_config *c)
{
	for (size_t i = 0; i < values.except.n; i++) {
		const char *word = values.except.v[i], *is = strchr(word, '=');
		const char *key = arena_memdup(word, (size_t)(is - word));
		const char *value = precreate_config_annotation(c, key);

		if (value && strcmp(value, is + 1) == 0)
			return true;
	}
	return values.except_privileged && precreate_config_is_privileged(c);
}

static int explain(struct precreate_config *c)
{
	const struct profile *before = c->profile;
	const char *why = NULL;
	int r = precreate_explain_apply(c, values.explain, &why);

	if (r == 0 && c->profile != before) {
		r = precreate_explain_probe(values.explain);
		if (r < 0 && !values.explain_if_there)
			return fail(-r,
				    "--explain: no agent accepts connections at %s, so the runtime "
				    "could not start the container",
				    values.explain);
		if (r < 0) {
			why = arena_printf("denials are not explained: no agent accepts "
					   "connections at %s: %s",
					   values.explain, err_words(-r));
			c->profile = before;
			r = 0;
		}
	}
	if (why)
		say(c, why);
	return r;
}

static int filter(struct precreate_config *c, struct text *ret)
{
	int r = precreate_config_read(c);

	if (r == 0)
		r = resolve(c);
	if (r == 0 && values.check && c->original)
		r = check(c);
	if (r == 0 && values.baseline && !is_excepted(c))
		r = precreate_baseline_apply(c, values.baseline);
	if (r == 0 && values.explain)
		r = explain(c);
	return r < 0 ? r : precreate_config_text(c, ret);
}

/* --- the whole ----------------------------------------------------------------------------- */

static int check_options(void)
{
	for (size_t i = 0; i < values.except.n; i++)
		if (!strchr(values.except.v[i], '='))
			return fail(0,
				    "--baseline-except-annotation: expected NAME=VALUE, found '%s'",
				    values.except.v[i]);
	if (!values.baseline && (values.except.n || values.except_privileged))
		return fail(0, "--baseline-except-...: expected --baseline beside it");
	if (values.check && *values.check && !names_find(severities, values.check))
		return fail(0, "--check: expected error or warning, found '%s'", values.check);
	if (values.explain && values.explain[0] != '/')
		return fail(0, "--explain: expected an absolute path, found '%s'", values.explain);
	if (values.explain_if_there && !values.explain)
		return fail(0, "--explain-if-there: expected --explain beside it");
	return 0;
}

static int print_help(void)
{
	printf("usage: tamis-precreate [OPTION...] <config.json >config.json\n\n"
	       "Changes or refuses linux.seccomp before a runtime reads it.\n\noptions:\n");
	opt_print_help(options);
	return 0;
}

static int run(int argc, char **argv, struct precreate_config *c)
{
	struct text *text = arena_alloc(sizeof(*text));
	struct text out;
	bool help;

	opt_set_program("tamis-precreate");
	int r = opt_parse(options, NULL, argc - 1, argv + 1, &values, &help);

	if (r < 0 || help)
		return r < 0 ? r : print_help();
	if (r < argc - 1)
		return fail(0, "expected options only, found '%s'", argv[r + 1]);
	r = check_options();
	if (r < 0)
		return r;
	r = input_read(AT_FDCWD, "/dev/stdin", JSON_TEXT_MAX, text);
	if (r < 0)
		return fail(-r, "standard input");
	r = precreate_config_parse(text, c);
	out = *text;
	if (r == 0 && argc > 1)
		r = filter(c, &out);
	if (r == 0)
		r = io_write_all(STDOUT_FILENO, out.data, out.len);
	return r < 0 && !err_message() ? fail(-r, "standard output") : r;
}

int main(int argc, char **argv)
{
	struct precreate_config c = { 0 };

	if (run(argc, argv, &c) >= 0 && fflush(stdout) == 0)
		return EXIT_SUCCESS;
	say(&c, err_message() ? err_message() : err_words(errno));
	return EXIT_FAILURE;
}
