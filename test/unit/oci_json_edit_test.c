/* SPDX-License-Identifier: Apache-2.0 */
/* Changes to a JSON text: what is added takes the style around it, the rest stays as it is. */
#include "oci/json_edit.h"

#include "base/arena.h"
#include "base/err.h"
#include "oci/jsonw.h"
#include "unit/edit_steps.h"
#include "unit/tap.h"

#include <stdio.h>
#include <string.h>

static const struct json *parse(const char *text)
{
	struct text *t = arena_alloc(sizeof(*t));
	const struct json *root = NULL;

	*t = (struct text){ arena_strdup(text), strlen(text) };
	return json_parse("p.json", t, &root) < 0 ? NULL : root;
}

static const char *compact(const struct json *v)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	jsonw_json(w, v);
	return jsonw_finish(w).data;
}

/* --- words of a small language of changes ------------------------------------------------- */

static void expect(const char *what, const char *text, const struct step *steps, size_t n,
		   const char *want)
{
	const struct json *root = parse(text);
	struct json_edit *e = json_edit_new(root);
	struct text got = { NULL, 0 };

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
	int r = json_edit_finish(e, &got);

	if (!ok(r == 0 && strcmp(got.data, want) == 0, "%s", what))
		printf("# got  %s (%s)\n# want %s\n", got.data ? shown(got.data) : "nothing",
		       err_message() ? err_message() : "no error", shown(want));
}

#define EXPECT(what, text, want, ...)                                            \
	do {                                                                     \
		const struct step steps[] = { __VA_ARGS__ };                     \
		expect(what, text, steps, sizeof(steps) / sizeof(*steps), want); \
	} while (0)

static void test_remove(void)
{
	const char *row = "[ \"a\", \"b\",  \"c\" ]\n";
	const char *lines = "[\n\t\"a\",\n\t\"b\",\n\t\"c\"\n]\n";
	const char *rows = "[\n  \"a\", \"b\",\n  \"c\", \"d\"\n]";

	EXPECT("the first in a row", row, "[ \"b\",  \"c\" ]\n", { 'd', "/0", 0, 0 });
	EXPECT("the middle one in a row", row, "[ \"a\",  \"c\" ]\n", { 'd', "/1", 0, 0 });
	EXPECT("the last in a row", row, "[ \"a\", \"b\" ]\n", { 'd', "/2", 0, 0 });
	EXPECT("all in a row", row, "[]\n", { 'd', "/1", 0, 0 }, { 'd', "/0", 0, 0 },
	       { 'd', "/2", 0, 0 });
	EXPECT("the first line", lines, "[\n\t\"b\",\n\t\"c\"\n]\n", { 'd', "/0", 0, 0 });
	EXPECT("the middle line", lines, "[\n\t\"a\",\n\t\"c\"\n]\n", { 'd', "/1", 0, 0 });
	EXPECT("the last lines", lines, "[\n\t\"a\"\n]\n", { 'd', "/2", 0, 0 },
	       { 'd', "/1", 0, 0 });
	EXPECT("the first and the last line", lines, "[\n\t\"b\"\n]\n", { 'd', "/2", 0, 0 },
	       { 'd', "/0", 0, 0 });
	EXPECT("what begins a line among rows", rows, "[\n  \"a\", \"b\",\n  \"d\"\n]",
	       { 'd', "/2", 0, 0 });
	EXPECT("what ends a line among rows", rows, "[\n  \"a\",\n  \"c\", \"d\"\n]",
	       { 'd', "/1", 0, 0 });
	EXPECT("twice the same", lines, "[\n\t\"a\",\n\t\"c\"\n]\n", { 'd', "/1", 0, 0 },
	       { 'd', "/1", 0, 0 });
	EXPECT("a member with its key", "{\"a\": 1, \"b\": [1, 2],\"c\":3}", "{\"a\": 1,\"c\":3}",
	       { 'd', "/b", 0, 0 });
	EXPECT("a space in front of a comma", "[1 , 2 , 3]", "[1 , 3]", { 'd', "/1", 0, 0 });
}

static void test_insert(void)
{
	EXPECT("at the end of a row", "[\"a\", \"b\"]", "[\"a\", \"b\", \"c\"]",
	       { 'a', "", 0, "\"c\"" });
	EXPECT("in front of a row", "[\"b\", \"c\"]", "[\"a\", \"b\", \"c\"]",
	       { 'i', "/0", 0, "\"a\"" });
	EXPECT("in a row without spaces", "{\"x\":[\"b\",\"c\"]}", "{\"x\":[\"b\",\"d\",\"c\"]}",
	       { 'i', "/x/1", 0, "\"d\"" });
	EXPECT("two at one place, in order", "[1, 4]", "[1, 2, 3, 4]", { 'i', "/1", 0, "2" },
	       { 'i', "/1", 0, "3" });
	EXPECT("lines with CR LF", "[\r\n\t\"a\"\r\n]\r\n", "[\r\n\t\"a\",\r\n\t\"b\"\r\n]\r\n",
	       { 'a', "", 0, "\"b\"" });
	EXPECT("into an empty row", "[]", "[1]", { 'a', "", 0, "1" });
	EXPECT("into empty brackets with a space", "{\"a\":[ ]}", "{\"a\":[1,2]}",
	       { 'a', "/a", 0, "1" }, { 'a', "/a", 0, "2" });
	EXPECT("into an empty list that is on its own line", "{\n  \"a\": []\n}",
	       "{\n  \"a\": [\n    1,\n    2\n  ]\n}", { 'a', "/a", 0, "1" },
	       { 'a', "/a", 0, "2" });
	EXPECT("in place of all others", "[\n 1,\n 2\n]", "[\n 3\n]", { 'd', "/0", 0, 0 },
	       { 'd', "/1", 0, 0 }, { 'a', "", 0, "3" });
	EXPECT("in front of one that goes", "[1, 2, 3]", "[1, 9, 3]", { 'i', "/1", 0, "9" },
	       { 'd', "/1", 0, 0 });
	EXPECT("a member in one line", "{ \"a\" : 1 }", "{ \"a\" : 1, \"b\" : 2 }",
	       { 'a', "", "b", "2" });
	EXPECT("a member on a line", "{\n\t\"a\": 1\n}", "{\n\t\"a\": 1,\n\t\"b\": {}\n}",
	       { 'a', "", "b", "{}" });
	EXPECT("a member into an empty object", "{}", "{ \"b\": 2 }", { 'a', "", "b", "2" });
	EXPECT("a value like the one beside it, over lines",
	       "{\n  \"s\": [\n    {\n      \"names\": [\n        \"a\"\n      ],\n      \"n\": "
	       "1\n    }\n  "
	       "]\n}\n",
	       "{\n  \"s\": [\n    {\n      \"names\": [\n        \"a\"\n      ],\n      \"n\": "
	       "1\n    },\n "
	       "   {\n      \"names\": [\n        \"b\",\n        \"c\"\n      ],\n      \"n\": "
	       "2\n    }\n  "
	       "]\n}\n",
	       { 'a', "/s", 0, "{\"names\":[\"b\",\"c\"],\"n\":2}" });
	EXPECT("a value like the one beside it, in one line",
	       "{\"s\": [\n\t{ \"names\": [\"a\"], \"n\": 1 }\n]}",
	       "{\"s\": [\n\t{ \"names\": [\"a\"], \"n\": 1 },\n\t{ \"names\": [\"b\", \"c\"], "
	       "\"n\": 2 }\n]}",
	       { 'a', "/s", 0, "{\"names\":[\"b\",\"c\"],\"n\":2}" });
	EXPECT("a value whose indentation the root does not show",
	       "{ \"s\": [\n\t{\n\t\t\"n\": 1\n\t}\n] }",
	       "{ \"s\": [\n\t{\n\t\t\"n\": 1\n\t},\n\t{\n\t\t\"n\": 2\n\t}\n] }",
	       { 'a', "/s", 0, "{\"n\":2}" });
	EXPECT("a value that begins on the line where another ends",
	       "{\n  \"s\": [{\n    \"n\": 1\n  }, {\n    \"n\": 2\n  }]\n}",
	       "{\n  \"s\": [{\n    \"n\": 1\n  }, {\n    \"n\": 2\n  }, {\n    \"n\": 3\n  }]\n}",
	       { 'a', "/s", 0, "{\"n\":3}" });
}

static void test_others(void)
{
	EXPECT("a scalar", "{\"a\": \"x\\\"\\\\\", \"b\": true}", "{\"a\": 1, \"b\": \"\"}",
	       { 'r', "/a", 0, "1" }, { 'r', "/b", 0, "\"\"" });
	EXPECT("the root", " 12 \n", " [1] \n", { 'r', "", 0, "[1]" });
	EXPECT("inside what is removed", "[[1, 2], 3]", "[3]", { 'r', "/0/0", 0, "7" },
	       { 'a', "/0", 0, "8" }, { 'd', "/0", 0, 0 });
	EXPECT("inside what is replaced", "[[1, 2], 3]", "[0, 3]", { 'r', "/0/0", 0, "7" },
	       { 'r', "/0", 0, "0" });
	EXPECT("several places in one text", "{\"a\": [1, 2], \"b\": {\"c\": 3}}",
	       "{\"a\": [2], \"b\": {\"c\": 4, \"d\": 5}}", { 'a', "/b", "d", "5" },
	       { 'd', "/a/0", 0, 0 }, { 'r', "/b/c", 0, "4" });
	EXPECT("brackets and commas in strings", "[\"],[\\\"\", \"}{,\", 1]", "[\"],[\\\"\", 1]",
	       { 'd', "/1", 0, 0 });

	struct json_edit *e = json_edit_new(parse("[1]"));
	struct text text;

	json_edit_replace(e, find(parse("[1]"), "/0"), "}");
	ok(json_edit_finish(e, &text) < 0, "what is no JSON is found");
	err_clear();
}

/* --- random changes, compared with those of a tree ---------------------------------------- */

static uint64_t state = 88172645463325252;

static unsigned int below(unsigned int n)
{
	state ^= state << 13;
	state ^= state >> 7;
	state ^= state << 17;
	return (unsigned int)(state % n);
}

static const char *blank(void)
{
	static const char *const v[] = { "", "", " ", "\n\t", "\r\n  ", "\t", "  " };

	return v[below(ARRAY_LEN(v))];
}

// NOLINTNEXTLINE(misc-no-recursion)
static const char *random_text(int depth)
{
	static const char *const scalars[] = { "1",    "-2.5e3",	   "true",
					       "null", "\"a,]}\\\"\\\\\"", "\"\\u00e9\"" };
	unsigned int kind = below(depth > 3 ? 1 : 3), n = below(5);
	const char *text = kind == 1 ? "[" : "{";

	if (!kind)
		return scalars[below(ARRAY_LEN(scalars))];
	for (unsigned int i = 0; i < n; i++) {
		const char *key =
			kind == 2 ? arena_printf("\"k%u\"%s:%s", i, blank(), blank()) : "";

		text = arena_printf("%s%s%s%s%s%s", text, i ? "," : "", blank(), key,
				    random_text(depth + 1), blank());
	}
	return arena_printf("%s%s%c", text, n ? "" : blank(), kind == 1 ? ']' : '}');
}

/* Changes each container at random; returns its text as it must become, in compact form. */
// NOLINTNEXTLINE(misc-no-recursion)
static const char *change(struct json_edit *e, const struct json *v)
{
	const char *text = "";
	unsigned int n = 0;

	if (v->type < JSON_ARRAY) {
		const char *s = compact(v);

		return arena_memdup(s, strcspn(s, "\n"));
	}
	for (const struct json *child = v->first;; child = child->next) {
		while (below(5) == 0) {
			const char *key = v->type == JSON_OBJECT ? arena_printf("n%u", n) : NULL;
			const char *value = compact(parse(random_text(2)));

			value = arena_memdup(value, strcspn(value, "\n"));
			json_edit_insert(e, v, child, key, value);
			text = arena_printf("%s%s%s%s", text, n++ ? "," : "",
					    key ? arena_printf("\"%s\":", key) : "", value);
		}
		if (!child)
			break;
		const char *inner = change(e, child);
		unsigned int what = below(6);

		if (what == 0) {
			json_edit_remove(e, child);
			continue;
		}
		if (what == 1) {
			inner = "[0]";
			json_edit_replace(e, child, inner);
		}
		text = arena_printf("%s%s%s%s", text, n++ ? "," : "",
				    child->key ? arena_printf("\"%s\":", child->key) : "", inner);
	}
	return arena_printf(v->type == JSON_ARRAY ? "[%s]" : "{%s}", text);
}

static void test_random(void)
{
	unsigned int wrong = 0, same = 0;

	for (unsigned int i = 0; i < 5000; i++) {
		const char *source = arena_printf("%s[%s]%s", blank(), random_text(0), blank());
		const struct json *root = parse(source);
		struct json_edit *e = json_edit_new(root);
		struct text got = { NULL, 0 };

		if (json_edit_finish(e, &got) == 0 && strcmp(got.data, source) == 0)
			same++;
		const char *want = compact(parse(change(e, root)));
		const struct json *tree = json_edit_finish(e, &got) == 0 ? parse(got.data) : NULL;

		if (!tree || strcmp(compact(tree), want) != 0) {
			if (!wrong++)
				printf("# %s\n# became %s\n# want %s", shown(source),
				       got.data ? shown(got.data) : "nothing", want);
			err_clear();
		}
		arena_reset();
	}
	ok(same == 5000, "no change changes nothing");
	ok(wrong == 0, "random changes give the tree that they say (%u wrong)", wrong);
}

int main(void)
{
	test_remove();
	test_insert();
	test_others();
	test_random();
	return done();
}
