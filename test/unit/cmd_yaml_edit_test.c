/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes to a YAML text: what is added takes the form around it, the rest stays as it is. A text
 * that is not the tree which the same changes make of it as JSON would be refused; random texts
 * with random changes never are.
 */
#include "cmd/seccomp/yaml_edit.h"

#include "base/arena.h"
#include "base/err.h"
#include "cmd/seccomp/yaml.h"
#include "oci/jsonw.h"
#include "unit/edit_steps.h"
#include "unit/tap.h"

static struct text *text_of(const char *s)
{
	struct text *t = arena_alloc(sizeof(*t));

	*t = (struct text){ arena_strdup(s), strlen(s) };
	return t;
}

static void expect(const char *what, const char *source, const struct step *steps, size_t n,
		   const char *want)
{
	const struct text *text = text_of(source);
	struct yaml_documents docs;
	struct text got = { NULL, 0 };

	err_clear();
	if (yaml_parse("p.yaml", text, &docs) < 0) {
		ok(false, "%s: %s", what, err_message());
		return;
	}
	const struct json *root = docs.v[docs.n - 1];
	struct json_edit *e = json_edit_new(root);

	for (size_t i = 0; i < n; i++) {
		const struct step *s = &steps[i];
		const struct json *v = find(root, s->path);

		if (s->kind == 'r')
			json_edit_replace(e, v, s->text);
		else if (s->kind == 'd')
			json_edit_remove(e, v);
		else if (s->kind == 'i')
			json_edit_insert(e, v->up, v, s->key, s->text);
		else
			json_edit_insert(e, v, NULL, s->key, s->text);
	}
	int r = yaml_edit_finish("p.yaml", text, root, e, &got);

	if (!ok(r == 0 && strcmp(got.data, want) == 0, "%s", what))
		printf("# got  %s (%s)\n# want %s\n", got.data ? shown(got.data) : "nothing",
		       err_message() ? err_message() : "no error", shown(want));
}

#define EXPECT(what, text, want, ...)                                            \
	do {                                                                     \
		const struct step steps[] = { __VA_ARGS__ };                     \
		expect(what, text, steps, sizeof(steps) / sizeof(*steps), want); \
	} while (0)

static void test_lines(void)
{
	const char *names = "names: # all\n- a # first\n# of b\n- b\n\n- c\n";

	EXPECT("the first line", names, "names: # all\n# of b\n- b\n\n- c\n",
	       { 'd', "/names/0", 0, 0 });
	EXPECT("the last line", names, "names: # all\n- a # first\n# of b\n- b\n\n",
	       { 'd', "/names/2", 0, 0 });
	EXPECT("all lines", "names:\n  - a\n  - b\nkey: 1\n", "names: []\nkey: 1\n",
	       { 'd', "/names/0", 0, 0 }, { 'd', "/names/1", 0, 0 });
	EXPECT("in front and behind", names,
	       "names: # all\n- x\n- a # first\n- v\n# of b\n- b\n\n- c\n- z\n",
	       { 'i', "/names/0", 0, "\"x\"" }, { 'i', "/names/1", 0, "\"v\"" },
	       { 'a', "/names", 0, "\"z\"" });
	EXPECT("one in place of all", "- a\n- b", "- c\n", { 'd', "/0", 0, 0 }, { 'd', "/1", 0, 0 },
	       { 'a', "", 0, "\"c\"" });
	EXPECT("no line break at the end", "- a\n- b", "- a\n- b\n- c", { 'a', "", 0, "\"c\"" });
	EXPECT("line breaks of two bytes", "k:\r\n- a\r\n- b\r\n", "k:\r\n- a\r\n- c\r\n- b\r\n",
	       { 'i', "/k/1", 0, "\"c\"" });
	EXPECT("the first member, behind a dash", "- a: 1\n  b: 2\n- c: 3\n", "- b: 2\n- c: 3\n",
	       { 'd', "/0/a", 0, 0 });
	EXPECT("a member", "a: 1\nb: 2\n", "a: 1\nb: 2\nc: 3\n", { 'a', "", "c", "3" });
	EXPECT("a list for a member", "l:\n- x\na: 1\n", "l:\n- x\na: 1\nc:\n- \"1\"\n- b\n",
	       { 'a', "", "c", "[\"1\",\"b\"]" });
	EXPECT("a list in place of nothing", "l:\n  - x\na:\n", "l:\n  - x\na:\n  - v\n",
	       { 'r', "/a", 0, "[\"v\"]" });
	EXPECT("a text of several lines stays", "a: |\n  x\n\n  y\nl:\n- b\n",
	       "a: |\n  x\n\n  y\nl:\n- b\n- c\n", { 'a', "/l", 0, "\"c\"" });
}

static void test_brackets(void)
{
	const char *row = "names: [a, 'b',  c] # all\n";
	const char *lines = "[\n  a, # first\n  b,\n  c # last\n]\n";

	EXPECT("the first in a row", row, "names: ['b',  c] # all\n", { 'd', "/names/0", 0, 0 });
	EXPECT("the last in a row", row, "names: [a, 'b'] # all\n", { 'd', "/names/2", 0, 0 });
	EXPECT("all in a row", row, "names: [] # all\n", { 'd', "/names/0", 0, 0 },
	       { 'd', "/names/1", 0, 0 }, { 'd', "/names/2", 0, 0 });
	EXPECT("in front and behind", row, "names: [x, a, 'b',  v, c, z] # all\n",
	       { 'i', "/names/0", 0, "\"x\"" }, { 'i', "/names/2", 0, "\"v\"" },
	       { 'a', "/names", 0, "\"z\"" });
	EXPECT("into none", "a: []\nb: {}\n", "a: [1, 2]\nb: {c: 3}\n", { 'a', "/a", 0, "1" },
	       { 'a', "/a", 0, "2" }, { 'a', "/b", "c", "3" });
	EXPECT("lines: the last", lines, "[\n  a, # first\n  b\n]\n", { 'd', "/2", 0, 0 });
	EXPECT("lines: all but the first", lines, "[\n  a # first\n]\n", { 'd', "/1", 0, 0 },
	       { 'd', "/2", 0, 0 });
	EXPECT("lines: behind", lines, "[\n  a, # first\n  b,\n  c, # last\n  d\n]\n",
	       { 'a', "", 0, "\"d\"" });
	EXPECT("rows: the last", "[ a,\n  b ]\n", "[ a ]\n", { 'd', "/1", 0, 0 });
	EXPECT("a comma at the end", "[\n  a,\n  b,\n]\n", "[\n  a,\n  b,\n  c,\n]\n",
	       { 'a', "", 0, "\"c\"" });
	EXPECT("one in place of the last", row, "names: [a, 'b',  z] # all\n",
	       { 'd', "/names/2", 0, 0 }, { 'a', "/names", 0, "\"z\"" });
}

static void test_rules(void)
{
	const char *rule = "{\"names\":[\"no\",\"mkdir\"],\"action\":\"X\",\"errnoRet\":1}";

	EXPECT("a rule like the last one", "s:\n  - action: 'A'\n    names: [ a ]\n",
	       "s:\n  - action: 'A'\n    names: [ a ]\n"
	       "  - action: 'X'\n    names: [ \"no\", mkdir ]\n    errnoRet: 1\n",
	       { 'a', "/s", 0, rule });
	EXPECT("lists as deep as others", "s:\n- action: A\n  names:\n  - a\n",
	       "s:\n- action: A\n  names:\n  - a\n"
	       "- action: X\n  names:\n  - \"no\"\n  - mkdir\n  errnoRet: 1\n",
	       { 'a', "/s", 0, rule });
	EXPECT("a rule in brackets", "s:\n- {\"names\": [\"a\"], action: A}\n",
	       "s:\n- {\"names\": [\"a\"], action: A}\n"
	       "- {\"names\": [\"no\", \"mkdir\"], \"action\": X, \"errnoRet\": 1}\n",
	       { 'a', "/s", 0, rule });
	EXPECT("only in its document", "a: 1\n---\na: [b]\n...\n---\n",
	       "a: 1\n---\na: [b, c]\n...\n---\n", { 'a', "/a", 0, "\"c\"" });
}

/* --- random texts and changes ------------------------------------------------------------- */

static uint64_t state = 88172645463325252;

static unsigned int below(unsigned int n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned int)(state % n);
}

static const char *scalar(void)
{
	static const char *const v[] = {
		"a", "'b c'", "\"d\\te\"", "1", "true", "\"\"", "x-y", "~"
	};

	return v[below(ARRAY_LEN(v))];
}

// NOLINTNEXTLINE(misc-no-recursion)
static const char *in_brackets(int depth)
{
	static const char *const blanks[] = {
		"", " ", "", " ", "\n             ", " # c\n          "
	};
	unsigned int kind = below(depth > 2 ? 1 : 3), n = below(4);
	const char *text = "";

	if (!kind)
		return scalar();
	for (unsigned int i = 0; i < n; i++)
		text = arena_printf("%s%s%s%s%s%s", text, i ? "," : "",
				    blanks[below(ARRAY_LEN(blanks))],
				    kind == 1 ? "" : arena_printf("k%u: ", i),
				    in_brackets(depth + 1), blanks[below(ARRAY_LEN(blanks))]);
	return arena_printf(kind == 1 ? "[%s]" : "{%s}", text);
}

/* A list or map in lines, the first of which has begun. Ends with a line break. */
// NOLINTNEXTLINE(misc-no-recursion)
static const char *in_lines(int depth, int column)
{
	static const char *const ends[] = { "\n", "\n", " # comment\n", "\n\n", "\n# line\n" };
	bool list = below(2);
	unsigned int n = 1 + below(4);
	const char *text = "";

	for (unsigned int i = 0; i < n; i++) {
		const char *lead = i ? arena_printf("%*s", column, "") : "";
		unsigned int kind = below(depth > 3 ? 2 : 4);
		int deeper = column + 1 + (int)below(3);

		text = arena_printf("%s%s%s", text, lead, list ? "-" : arena_printf("k%u:", i));
		if (kind < 2)
			text = arena_printf("%s %s%s", text, kind ? scalar() : in_brackets(0),
					    ends[below(ARRAY_LEN(ends))]);
		else if (list)
			text = arena_printf("%s %s", text, in_lines(depth + 1, column + 2));
		else
			text = arena_printf("%s%s%*s%s", text, ends[below(ARRAY_LEN(ends))], deeper,
					    "", in_lines(depth + 1, deeper));
	}
	return text;
}

/* Some changes to each container. */
// NOLINTNEXTLINE(misc-no-recursion)
static void change(struct json_edit *e, const struct json *v)
{
	static const char *const values[] = { "\"new\"",	   "7",
					      "[\"p\",\"q\"]",	   "{\"x\":[1],\"y\":\"on\"}",
					      "[{\"z\":[]},null]", "\"a: b\"" };
	unsigned int n = 0;

	if (v->type < JSON_ARRAY)
		return;
	for (const struct json *child = v->first;; child = child->next) {
		while (below(6) == 0)
			json_edit_insert(e, v, child,
					 v->type == JSON_OBJECT ? arena_printf("n%u", n++) : NULL,
					 values[below(ARRAY_LEN(values))]);
		if (!child)
			break;
		change(e, child);
		unsigned int what = below(8);

		if (what == 0)
			json_edit_remove(e, child);
		else if (what == 1 && child->type < JSON_ARRAY)
			json_edit_replace(e, child, "\"other\"");
	}
}

static void test_random(unsigned int n)
{
	unsigned int refused = 0, same = 0, read = 0;
	size_t shortest = SIZE_MAX;

	for (unsigned int i = 0; i < n; i++) {
		const struct text *text = text_of(in_lines(0, 0));
		struct yaml_documents docs;
		struct text got;

		err_clear();
		if (yaml_parse("p.yaml", text, &docs) < 0) {
			printf("# %s: %s\n", err_message(), shown(text->data));
			continue;
		}
		read++;
		struct json_edit *e = json_edit_new(docs.v[0]);

		same += yaml_edit_finish("p.yaml", text, docs.v[0], e, &got) == 0 &&
			strcmp(got.data, text->data) == 0;
		change(e, docs.v[0]);
		if (yaml_edit_finish("p.yaml", text, docs.v[0], e, &got) < 0 && ++refused &&
		    text->len < shortest && (shortest = text->len))
			printf("# %s\n# %s\n# became %s\n", err_message(), shown(text->data),
			       got.data ? shown(got.data) : "nothing");
		arena_reset();
	}
	ok(read > n - n / 10, "%u of %u random texts can be read", read, n);
	ok(same == read, "no change changes nothing (%u others)", read - same);
	ok(refused == 0, "random changes give the tree that they say (%u refused)", refused);
}

int main(void)
{
	if (!yaml_is_built()) {
		skip("built without libyaml");
		return done();
	}
	test_lines();
	test_brackets();
	test_rules();
	test_random(tap_is_all() ? 5000 : 600);
	return done();
}
