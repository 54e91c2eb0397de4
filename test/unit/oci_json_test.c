/* SPDX-License-Identifier: Apache-2.0 */
/* Accepted and refused JSON, with the exact message of each refusal. */
#include "oci/json.h"

#include "base/arena.h"
#include "base/err.h"
#include "unit/tap.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#define HALF_PAIR "half of a surrogate pair (\\ud800 to \\udfff) in a string"
#define COMMENT "lexical error: probable comment found in input text, comments are not enabled."

static int parse(const char *text, size_t len, const struct json **ret)
{
	static struct text t; /* static, because the tree refers to its bytes */

	t = (struct text){ (char *)(uintptr_t)text, len };
	err_clear();
	return json_parse("config.json", &t, ret);
}

/* Refused with this message. The text may contain NUL bytes, so it has a length. */
static void refused(const char *text, size_t len, const char *want)
{
	const struct json *v = NULL;
	int r = parse(text, len, &v);
	bool good = r < 0 && err_message() && strcmp(err_message(), want) == 0;

	if (!ok(good, "refused: %s", want))
		printf("# got %s\n", err_message() ? err_message() : "no error");
}
#define REFUSED(text, want) refused(text, sizeof(text) - 1, want)

static void accepted(const char *text)
{
	const struct json *v = NULL;

	ok(parse(text, strlen(text), &v) == 0 && v && !err_message(), "accepted: %s", text);
}

static void test_refused(void)
{
	REFUSED("", "config.json: empty, expected a JSON document");
	REFUSED(" \n ", "config.json: empty, expected a JSON document");
	REFUSED("\xef\xbb\xbf{}",
		"config.json:1: begins with a byte-order mark, expected plain UTF-8");
	REFUSED("{}\n{}", "config.json:2: parse error: trailing garbage");
	REFUSED("{} x", "config.json:1: parse error: trailing garbage");
	REFUSED("{\n\n\"a\" 1}",
		"config.json:3: parse error: object key and value must be separated by a "
		"colon (':')");
	REFUSED("{\n\n\"a\": bar}", "config.json:3: lexical error: invalid char in json text.");
	REFUSED("{}\0", "config.json:1: NUL byte in the text");
	REFUSED("{\n\"a\": \0 1}", "config.json:2: NUL byte in the text");
	REFUSED("{\v\"a\": 1}", "config.json:1: control character 0x0b in the text");
	REFUSED("{\n\"a\":\f1}", "config.json:2: control character 0x0c in the text");
	REFUSED("{}\f", "config.json:1: control character 0x0c in the text");
	REFUSED("{\"a\": \"\x1b\"}", "config.json:1: control character 0x1b in the text");
	REFUSED("{\n/* c */\"a\": 1}", "config.json:2: " COMMENT);
	REFUSED("{ // c\n\"a\": 1}", "config.json:1: " COMMENT);
	REFUSED("{\"a\": 1,\n\"b\": {\"c\": 2,\n\"c\": 3}}",
		"config.json:3: b.c: duplicate key, first in line 2");
	REFUSED("{\"a\":1,\"\\u0061\":2}", "config.json:1: a: duplicate key, first in line 1");
	REFUSED("{\"args\": [\"A=1\\u0000B\"]}",
		"config.json:1: args[0]: NUL character in a string");
	REFUSED("{\n\"a\\u0000b\": 1}", "config.json:2: NUL character in a key");
	REFUSED("{\"a\": \"\xff\"}", "config.json:1: invalid UTF-8");
	REFUSED("{\"a\": \"\xc0\xaf\"}", "config.json:1: invalid UTF-8");
	REFUSED("{\"a\": \"\xed\xa0\x80\"}", "config.json:1: invalid UTF-8");
	REFUSED("{\"a\": \"\xf4\x90\x80\x80\"}", "config.json:1: invalid UTF-8");
	REFUSED("{\"a\": \"\xe2\x82", "config.json:1: invalid UTF-8");
	REFUSED("{\"a\": \"\\ud800\"}", "config.json:1: " HALF_PAIR);
	REFUSED("{\"a\": \"\\udc00\"}", "config.json:1: " HALF_PAIR);
	REFUSED("{\"a\": \"\\ud800\\u0041\"}", "config.json:1: " HALF_PAIR);
	REFUSED("{\"a\": \"x\ny\"}",
		"config.json:1: lexical error: invalid character inside string.");
	REFUSED("{\"a\": 1", "config.json:1: parse error: premature EOF");
	REFUSED("[1,]", "config.json:1: parse error: unallowed token at this point in JSON text");
	REFUSED("nul", "config.json:1: lexical error: invalid string in json text.");
}

static void test_accepted(void)
{
	static const char pair[] = "\"\\ud83d\\ude00\"";
	const struct json *v;

	accepted("{}");
	accepted(" [1, 2.5e3, \"x\", null, true, {\"a\": {}}]\n");
	accepted("\"\\ud83d\\ude00 \\\\ud800 \xf0\x9f\x98\x80\"");
	accepted("12");
	ok(parse(pair, strlen(pair), &v) == 0 && strcmp(v->text, "\xf0\x9f\x98\x80") == 0,
	   "a surrogate pair is one character");
}

static void test_places(void)
{
	static const char text[] =
		"{\n \"a\": [\n  {\"b\": 7\n  },\n  \"x\\ny\"],\n \"odd key\": true\n}";
	const struct json *v;

	if (!ok(parse(text, strlen(text), &v) == 0, "parses"))
		return;

	const struct json *a = json_member(v, "a"), *b = json_member(json_element(a, 0), "b");

	is_str(json_path(b), "a[0].b", "path");
	is_str(json_place(b), "config.json:3: a[0].b", "the line of a number before a line feed");
	is_str(json_place(a), "config.json:2: a", "the line of an array is that of its bracket");
	is_str(json_place(json_element(a, 1)), "config.json:5: a[1]", "second element");
	is_str(json_place(json_member(v, "odd key")), "config.json:6: [\"odd key\"]", "odd key");
	is_str(json_place(v), "config.json:1", "root");
	is_str(json_found(b), "number 7", "found a number");
	is_str(json_found(json_element(a, 1)), "string \"x\\x0ay\"", "found a string");
	is_str(json_found(json_member(v, "odd key")), "true", "found a boolean");
	ok(!json_member(b, "x") && !json_element(b, 0) && !json_member(NULL, "x"),
	   "lookups in values of another type find nothing");
}

static void test_messages(void)
{
	static const char text[] = "{\n \"a\": [\n  {\"b\": 7}]}";
	const struct json *v;

	if (!ok(parse(text, strlen(text), &v) == 0, "parses"))
		return;
	ok(json_fail_member(v, "gone", "missing") < 0, "fails");
	is_str(err_message(), "config.json:1: gone: missing", "an absent member");
	err_clear();
	ok(json_fail_element(v, "a", 7, "no %s", "x") < 0, "fails");
	is_str(err_message(), "config.json:2: a[7]: no x", "an absent element");
	err_clear();
	ok(json_fail(&json_present, "plain") < 0, "fails");
	is_str(err_message(), "plain", "without a document");
	err_clear();
	ok(json_fail_member(&json_present, "key", "plain") < 0, "fails");
	is_str(err_message(), "key: plain", "a member without a document");
	json_note(json_element(json_member(v, "a"), 0), "odd");
	if (ok(json_notes(v) && !json_notes(v)->next, "a note is kept"))
		is_str(json_notes(v)->message, "config.json:3: a[0]: odd",
		       "the note has its place");
	ok(!json_notes(&json_present), "no notes without a document");
}

/* prefix, then n times part, then suffix. */
static char *repeat(const char *prefix, const char *part, size_t n, const char *suffix)
{
	size_t len = strlen(part);
	char *s = arena_alloc(strlen(prefix) + n * len + strlen(suffix) + 1);
	char *o = s + strlen(prefix);

	memcpy(s, prefix, strlen(prefix));
	for (size_t i = 0; i < n; i++, o += len)
		memcpy(o, part, len);
	memcpy(o, suffix, strlen(suffix));
	return s;
}

static void test_limits(void)
{
	const struct json *v;
	char *s = repeat(repeat("", "[", 64, ""), "]", 64, "");

	ok(parse(s, strlen(s), &v) == 0, "64 levels are allowed");
	s = repeat(repeat("", "[", 65, ""), "]", 65, "");
	refused(s, strlen(s), "config.json:1: nested deeper than 64");
	s = repeat("", "[", 5000000, "");
	refused(s, strlen(s), "config.json:1: nested deeper than 64");
	s = repeat("{\"a\":\"", "x", 20 * 1000 * 1000, "\"}");
	refused(s, strlen(s), "config.json: 20000008 bytes: expected at most 16777216");
	s = repeat("{\"a\":\"", "x", 16000000, "\"}");
	ok(parse(s, strlen(s), &v) == 0, "a string of 16 MB is allowed");
	arena_reset();
	s = repeat("[", "1,\n", 1 << 20, "1]");
	refused(s, strlen(s), "config.json:1048576: more than 1048576 values");
	arena_reset();
}

/* Comparing each with each would take minutes. */
static void test_many_keys(void)
{
	enum { KEYS = 300000, LONGEST = 16 };
	char *s = arena_alloc(LONGEST * KEYS + 64), *o = s;
	const struct json *v;
	clock_t start = clock();

	*o++ = '{';
	for (int i = 0; i < KEYS; i++)
		o += snprintf(o, LONGEST, "\"k%06d\":1,", i);
	snprintf(o, LONGEST, "\"z\":1}");
	ok(parse(s, strlen(s), &v) == 0, "300,000 keys");
	snprintf(o, LONGEST, "\"k000005\":1}");
	refused(s, strlen(s), "config.json:1: k000005: duplicate key, first in line 1");
	ok((double)(clock() - start) / CLOCKS_PER_SEC < 20, "in bounded time");
	arena_reset();
}

int main(void)
{
	test_refused();
	test_accepted();
	test_places();
	test_messages();
	test_limits();
	test_many_keys();
	return done();
}
