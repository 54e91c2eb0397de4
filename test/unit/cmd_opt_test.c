/* SPDX-License-Identifier: Apache-2.0 */
/* Every form in which engines and their wrappers write options; Go's parsers accept all of them. */
#include "cmd/opt.h"

#include "base/err.h"
#include "unit/tap.h"

struct values {
	const char *bundle, *root;
	bool all;
	unsigned int fds;
};

static const struct opt table[] = {
	{ "bundle", 'b', OPT_STRING, offsetof(struct values, bundle), "DIR", "where" },
	{ "root", 0, OPT_STRING, offsetof(struct values, root), "DIR", "state" },
	{ "all", 'a', OPT_BOOL, offsetof(struct values, all), NULL, "all of them" },
	{ "fds", 0, OPT_UINT, offsetof(struct values, fds), "N", "number" },
	{ "criu", 0, OPT_IGNORED, 0, "PATH", NULL },
	OPT_END,
};

static struct values v;

static char *argv[16];
static int argc;
static bool help;

static void split(const char *words)
{
	static char copy[256];

	argc = 0;
	v = (struct values){ 0 };
	err_clear();
	snprintf(copy, sizeof(copy), "%s", words);
	for (char *w = strtok(copy, " "); w && argc < 16; w = strtok(NULL, " "))
		argv[argc++] = w;
}

static int parse(const char *words)
{
	split(words);
	return opt_parse(table, "kill", argc, argv, &v, &help);
}

/* The arguments, each followed by a blank, or the error message. */
static const char *mixed(const char *words)
{
	static char joined[256];
	char **args;

	split(words);
	int n = opt_parse_mixed(table, "kill", argc, argv, &v, &help, &args);

	if (n < 0)
		return err_message();
	joined[0] = 0;
	for (int i = 0; i < n; i++)
		snprintf(joined + strlen(joined), sizeof(joined) - strlen(joined), "%s ", args[i]);
	return args[n] ? "not ended by NULL" : joined;
}

static void test_mixed(void)
{
	is_str(mixed("ID KILL -a"), "ID KILL ", "an option after all arguments");
	ok(v.all, "it counts");
	is_str(mixed("ID -a KILL --fds 5"), "ID KILL ", "between arguments");
	ok(v.all && v.fds == 5, "they count");
	is_str(mixed("ID --bundle --all"), "ID ", "a value that looks like an option");
	ok(!v.all && strcmp(v.bundle, "--all") == 0, "is the value");
	is_str(mixed("-a ID -- -a --fds"), "ID -a --fds ", "-- ends options");
	is_str(mixed("-- ID -- -a"), "ID -- -a ", "a second -- is an argument");
	is_str(mixed("ID - -a"), "ID - ", "a lone dash is an argument");
	is_str(mixed(""), "", "nothing");
	is_str(mixed("ID --fds"), "kill: --fds: flag needs an argument: N", "no value");
	is_str(mixed("ID --al"), "kill: unknown option '--al'; did you mean '--all'?", "unknown");
	is_str(mixed("ID"), "ID ", "no option");
	ok(!help && *mixed("ID --help") && help, "--help after the id");
}

int main(void)
{
	test_mixed();
	is_int(parse("--bundle /x ID"), 2, "--bundle /x");
	is_str(v.bundle, "/x", "a value as the next word");
	ok(parse("--bundle=/y ID") == 1 && strcmp(v.bundle, "/y") == 0, "--bundle=/y");
	ok(parse("-bundle /z ID") == 2 && strcmp(v.bundle, "/z") == 0, "one dash");
	ok(parse("-b /z ID") == 2 && strcmp(v.bundle, "/z") == 0, "letter");
	ok(parse("-b=/z ID") == 1 && strcmp(v.bundle, "/z") == 0, "letter with =");
	ok(parse("--root a --root=b ID") == 3 && strcmp(v.root, "b") == 0, "the last one counts");
	ok(parse("-a ID -b x") == 1 && v.all && !v.bundle, "words after the id are arguments");
	ok(parse("--all=true ID") == 1 && v.all, "--all=true");
	ok(parse("--all=false ID") == 1 && !v.all, "--all=false");
	ok(parse("--criu /usr/sbin/criu ID") == 2, "ignored with its value");
	ok(parse("-- --all") == 1 && !v.all, "behind --");
	ok(parse("- ID") == 0, "a lone dash is an argument");
	ok(parse("--bundle= ID") == 1 && v.bundle[0] == 0, "empty value");
	ok(parse("--al ID") < 0, "no abbreviations");
	is_str(err_message(), "kill: unknown option '--al'; did you mean '--all'?", "suggestion");
	ok(parse("--bundle") < 0 && strstr(err_message(), "flag needs an argument"), "no value");
	ok(parse("--fds 5 ID") == 2 && v.fds == 5, "number");
	ok(parse("--fds -1 ID") < 0 && parse("--fds 4294967296 ID") < 0, "number out of range");
	ok(parse("--all=maybe ID") < 0, "neither true nor false");
	return done();
}
