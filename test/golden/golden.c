/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Golden tests: for each folder in cases/, the plan of its config.json, as text, must equal its
 * file `plan`, or the error message must equal its file `error`. Optional files: `host` names a
 * host of hosts.c (default: "v2"), `options` has the options of the command line, one word in each
 * line.
 *
 * cases/minimal/plan is a whole plan. Every other `plan` is the difference (difference.h) from the
 * plan of the minimal case, or of the case that a file `base` names. --update (make golden-update)
 * writes the actual results to the files: review the diff.
 */
#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/log.h"
#include "golden/difference.h"
#include "golden/dump.h"
#include "golden/hosts.h"
#include "oci/config.h"
#include "oci/parse.h"
#include "plan/plan.h"
#include "unit/tap.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define MINIMAL "minimal"
enum { LIMIT = 1 << 20 };

/* Reads a whole file, without a final newline; NULL if there is none. */
static const char *read_file(int dir, const char *name)
{
	struct text text;

	if (io_read_file(dir, name, LIMIT, &text) < 0)
		return NULL;
	while (text.len > 0 && text.data[text.len - 1] == '\n')
		text.data[--text.len] = 0;
	return text.data;
}

static void allow(char *name, struct plan_options *ret)
{
	struct strings *names = arena_alloc(sizeof(*names));

	names->n = 1;
	names->v = arena_array(1, sizeof(*names->v));
	names->v[0] = name;
	ret->allowed_annotations = names;
}

static void read_options(int dir, struct plan_options *ret)
{
	char *text = (char *)(uintptr_t)read_file(dir, "options"), *save = NULL;

	for (char *word = text ? strtok_r(text, "\n", &save) : NULL; word;
	     word = strtok_r(NULL, "\n", &save)) {
		if (strcmp(word, "detached") == 0)
			ret->detached = true;
		else if (strcmp(word, "no-new-keyring") == 0)
			ret->keyring = NULL;
		else if (strcmp(word, "unconfined") == 0)
			ret->unconfined = true;
		else if (strcmp(word, "sdnotify") == 0)
			ret->sdnotify = true;
		else if (strcmp(word, "console-socket") == 0)
			ret->console_socket = "/run/console.sock";
		else if (strncmp(word, "cgroup-manager=", 15) == 0)
			ret->cgroup_manager = word + 15;
		else if (strncmp(word, "allow-annotation=", 17) == 0)
			allow(word + 17, ret);
		else
			ok(false, "options: found \"%s\"", word);
	}
}

/* Runs a case: *ret_file is the file with the expected text. Returns the actual text. */
static const char *run(int dir, const char **ret_file)
{
	struct plan_options options = { .id = "ctr", .bundle = "/bundle", .keyring = "_ses.ctr" };
	struct config config;
	const struct plan *plan;
	struct host host;
	struct text text;
	const char *name = read_file(dir, "host");

	*ret_file = "error";
	read_options(dir, &options);
	if (!golden_host(name ? name : "v2", &host))
		return "host: this name is not in hosts.c";
	if (io_read_file(dir, "config.json", LIMIT, &text) < 0)
		return "config.json: cannot be read";
	if (parse_config("config.json", &text, &config) < 0 ||
	    plan_make(&config, &host, &options, &plan) < 0)
		return arena_printf("%s\n", err_message());
	*ret_file = "plan";
	return dump_plan(plan);
}

static void show_difference(const char *got, const char *want)
{
	size_t line = 1;

	while (*got && *got == *want) {
		line += *got == '\n';
		got++;
		want++;
	}
	printf("# differs in line %zu: got \"%.*s\", want \"%.*s\"\n", line,
	       (int)strcspn(got, "\n"), got, (int)strcspn(want, "\n"), want);
}

static bool write_outcome(int dir, const char *file, const char *text)
{
	if (unlinkat(dir, strcmp(file, "plan") == 0 ? "error" : "plan", 0) < 0 && errno != ENOENT)
		return false;
	return io_replace_file(dir, file, text, strlen(text), 0644) >= 0;
}

/* Applying the difference must give the plan again; otherwise two plans could have the same
 * difference. */
static void plan_is_told(const char *name, const char *base, const char *difference,
			 const char *plan)
{
	const char *applied = difference_apply(base, difference);

	ok(applied && strcmp(applied, plan) == 0, "%s: the difference gives the whole plan", name);
}

/* The plan from which the difference of this case is computed; NULL: the file has the whole
 * plan. */
static const char *base_of(int cases, int dir, const char *name)
{
	const char *base = read_file(dir, "base"), *file;

	if (!base && strcmp(name, MINIMAL) == 0)
		return NULL;
	autofd base_dir = openat(cases, base ? base : MINIMAL, O_DIRECTORY | O_CLOEXEC);
	const char *plan = run(base_dir, &file);

	ok(strcmp(file, "plan") == 0, "%s: its base has a plan", name);
	return plan;
}

static void run_case(int cases, const char *name, bool update)
{
	autofd dir = openat(cases, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	const char *file, *got = run(dir, &file), *base = NULL;
	struct text want;

	if (strcmp(file, "plan") == 0)
		base = base_of(cases, dir, name);
	if (base) {
		const char *plan = got;

		got = difference_make(base, plan);
		plan_is_told(name, base, got, plan);
	}
	if (update)
		ok(write_outcome(dir, file, got), "%s: %s written", name, file);
	else if (io_read_file(dir, file, LIMIT, &want) < 0)
		ok(false, "%s: the result has no file: %s: %.200s", name, file, got);
	else if (!ok(strcmp(got, want.data) == 0, "%s: %s", name, file))
		show_difference(got, want.data);
	log_discard();
	arena_reset();
	err_clear();
}

static int is_case(const struct dirent *e)
{
	return e->d_name[0] != '.';
}

int main(int argc, char **argv)
{
	const char *srcdir = getenv("TAMIS_SRCDIR");
	bool update = argc > 1 && strcmp(argv[1], "--update") == 0;
	struct dirent **names;
	char path[4096];

	snprintf(path, sizeof(path), "%s/test/golden/cases", srcdir ? srcdir : ".");
	int cases = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int n = scandir(path, &names, is_case, alphasort);

	ok(cases >= 0 && n > 0, "there are cases in %s", path);
	for (int i = 0; i < n; i++) {
		run_case(cases, names[i]->d_name, update);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return done();
}
