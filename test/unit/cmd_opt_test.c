/* SPDX-License-Identifier: Apache-2.0 */
/* Every way in which engines and their wrappers write options (Go's parsers take them all). */
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

static int parse(const char *words)
{
	static char copy[256];
	char *argv[16];
	int argc = 0;
	bool help;

	v = (struct values){ 0 };
	err_clear();
	snprintf(copy, sizeof(copy), "%s", words);
	for (char *w = strtok(copy, " "); w && argc < 16; w = strtok(NULL, " "))
		argv[argc++] = w;
	return opt_parse(table, "kill", argc, argv, &v, &help);
}

int main(void)
{
	is_int(parse("--bundle /x ID"), 2, "--bundle /x");
	is_str(v.bundle, "/x", "value behind a blank");
	ok(parse("--bundle=/y ID") == 1 && strcmp(v.bundle, "/y") == 0, "--bundle=/y");
	ok(parse("-bundle /z ID") == 2 && strcmp(v.bundle, "/z") == 0, "one dash");
	ok(parse("-b /z ID") == 2 && strcmp(v.bundle, "/z") == 0, "letter");
	ok(parse("-b=/z ID") == 1 && strcmp(v.bundle, "/z") == 0, "letter with =");
	ok(parse("--root a --root=b ID") == 3 && strcmp(v.root, "b") == 0, "the last one wins");
	ok(parse("-a ID -b x") == 1 && v.all && !v.bundle, "what follows the id is data");
	ok(parse("--all=true ID") == 1 && v.all, "--all=true");
	ok(parse("--all=false ID") == 1 && !v.all, "--all=false");
	ok(parse("--criu /usr/sbin/criu ID") == 2, "ignored with its value");
	ok(parse("-- --all") == 1 && !v.all, "behind --");
	ok(parse("- ID") == 0, "a lone dash is data");
	ok(parse("--bundle= ID") == 1 && v.bundle[0] == 0, "empty value");
	ok(parse("--al ID") < 0, "no abbreviations");
	is_str(err_message(), "kill: unknown option '--al'; did you mean '--all'?", "suggestion");
	ok(parse("--bundle") < 0 && strstr(err_message(), "flag needs an argument"), "no value");
	ok(parse("--fds 5 ID") == 2 && v.fds == 5, "number");
	ok(parse("--fds -1 ID") < 0 && parse("--fds 4294967296 ID") < 0, "number out of range");
	ok(parse("--all=maybe ID") < 0, "neither true nor false");
	return done();
}
