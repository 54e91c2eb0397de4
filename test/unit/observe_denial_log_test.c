/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads logs of denials: counts of several runs and containers, and what a crash or a hostile
 * container leaves in a file.
 */
#include "observe/denial_log.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "unit/tap.h"

#include <string.h>

#define CALL(id, call, rest)                                                                \
	"{\"schema\":\"tamis-denial/1\",\"id\":" #id                                        \
	",\"container\":\"web\",\"program\":\"/bin/a\",\"number\":83,\"call\":\"" call "\"" \
	",\"answer\":\"SCMP_ACT_ERRNO\",\"errno\":\"EPERM\"" rest "}\n"
#define COUNTS(counts, rest)                                                                  \
	"{\"schema\":\"tamis-denial-counts/1\",\"container\":\"web\",\"counts\":[" counts "]" \
	",\"unlogged\":2" rest "}\n"

static struct denial_log parse_for(const char *container, const char *data, size_t n)
{
	/* without a NUL behind it: the reader must not read further */
	char *copy = malloc(n ? n : 1);
	struct text text = { memcpy(copy, data, n), n };
	struct denial_log log;

	denial_log_parse(&text, container, &log);
	free(copy);
	return log;
}

static struct denial_log parse(const char *data)
{
	return parse_for(NULL, data, strlen(data));
}

static void test_members(void)
{
	struct denial_log log = parse(CALL(
		1, "mkdir",
		",\"time\":\"T\",\"thread\":\"t\",\"architecture\":\"SCMP_ARCH_X86_64\",\"reason\":"
		"\"rule\",\"rule\":{\"place\":\"p:1\"},\"args\":[{\"name\":\"pathname\",\"value\":"
		"\"0x7f\",\"text\":\"\\\"/tmp\\\"\"},{\"name\":\"mode\",\"value\":\"0x1ff\"}],"
		"\"caller\":{\"file\":\"/lib/c\",\"offset\":\"0x7\",\"symbol\":\"mkdir+0x7\"},"
		"\"allow\":{\"rule\":{\"names\":[\"mkdir\"]},\"opens\":\"it\"}"));
	const struct denial_log_entry *d = log.v;

	is_int((intmax_t)log.n, 1, "a denial");
	ok(strcmp(d->container, "web") == 0 && strcmp(d->program, "/bin/a") == 0 &&
		   strcmp(d->thread, "t") == 0 && strcmp(d->time, "T") == 0 &&
		   strcmp(d->architecture, "SCMP_ARCH_X86_64") == 0 && d->number == 83 &&
		   strcmp(d->call, "mkdir") == 0 && strcmp(d->error, "EPERM") == 0 &&
		   d->reason == DENIAL_LOG_RULE && strcmp(d->place, "p:1") == 0,
	   "its members");
	ok(d->n_args == 2 && strcmp(d->args[0].text, "\"/tmp\"") == 0 && !*d->args[1].text,
	   "its arguments");
	ok(strcmp(d->file, "/lib/c") == 0 && strcmp(d->offset, "0x7") == 0 &&
		   strcmp(d->symbol, "mkdir+0x7") == 0,
	   "its place in the program");
	ok(d->n_rules == 1 && strcmp(d->rules[0], "{\"names\":[\"mkdir\"]}") == 0 &&
		   strcmp(d->opens, "it") == 0,
	   "the rule that allows it");
	ok(d->count == 1 && !d->is_counted && !d->has_end, "how often is not known");
	ok(log.is_open, "the run has not ended");
	log = parse(CALL(1, "x",
			 ",\"args\":7,\"caller\":[],\"allow\":\"a\",\"rule\":null,\"time\":{}"));
	ok(log.n == 1 && log.n_damaged == 0 && log.v->n_args == 0 && log.v->n_rules == 0,
	   "members of other types are absent");
}

static void test_counts(void)
{
	struct denial_log log =
		parse(CALL(1, "a", "") CALL(2, "b", "") CALL(3, "a", ",\"args\":[]")
			      COUNTS("{\"id\":1,\"count\":5}", "")
				      COUNTS("{\"id\":1,\"count\":7,\"lived\":true},"
					     "{\"id\":2,\"count\":30,\"lived\":false},"
					     "{\"id\":3,\"count\":2,\"lived\":false},{\"id\":9}",
					     ",\"ended\":true"));

	is_int((intmax_t)log.n, 2, "two kinds of calls");
	ok(strcmp(log.v[0].call, "b") == 0 && log.v[0].count == 30, "the most frequent is first");
	ok(log.v[1].count == 9 && log.v[1].n_kinds == 2 && log.v[1].is_counted,
	   "the last counts of both ids");
	ok(log.v[1].has_end && !log.v[1].has_survived, "it ended once");
	ok(log.n_unlogged == 2 && !log.is_open, "the run has ended, and did not log 2");

	log = parse(CALL(1, "a", "") COUNTS("{\"id\":1,\"count\":5}", ",\"ended\":true")
			    CALL(1, "a", "") COUNTS("{\"id\":1,\"count\":4}", ""));
	ok(log.n == 1 && log.v->count == 9 && log.is_open, "two runs in a file");
	log = parse(CALL(1, "a", "") COUNTS("{\"id\":1,\"count\":5}", "") CALL(1, "a", ""));
	ok(log.n == 1 && log.v->count == 5, "a run that was killed, and another one");
	log = parse(CALL(1, "a", "") COUNTS("{\"id\":1,\"count\":5}", "") CALL(1, "a", "")
			    COUNTS("{\"id\":1,\"count\":4}", ""));
	ok(log.n == 1 && log.v->count == 9, "whose counts are added");
	log = parse(COUNTS("{\"id\":1,\"count\":5}", "") CALL(1, "a", ""));
	ok(log.n == 1 && log.v->count == 1, "counts of nothing");
	log = parse(CALL(1, "a", "") COUNTS("{\"id\":1,\"count\":18446744073709551615}", "") CALL(
		1, "a", "") COUNTS("{\"id\":1,\"count\":18446744073709551615}", ""));
	ok(log.v->count == UINT64_MAX, "counts do not overflow");
	log = parse(CALL(1, "a", ",\"allow\":{\"rule\":{\"a\":1}}")
			    CALL(2, "a", ",\"allow\":{\"rule\":{\"a\":2}}")
				    CALL(3, "a", ",\"allow\":{\"rule\":{\"a\":1}}"));
	ok(log.v->n_rules == 2 && strcmp(log.v->rules[1], "{\"a\":2}") == 0, "each rule once");
}

static void test_damage(void)
{
	static const char one[] = CALL(1, "a", "");
	struct denial_log log = parse("");

	ok(log.n == 0 && log.n_lines == 0, "an empty log");
	log = parse_for(NULL, "{\0}\n\xff\xff\n[1]\n\n7\n{\"schema\":\"x\"}", 27);
	ok(log.n == 0 && log.n_lines == 5 && log.n_damaged == 5, "lines of other kinds");
	log = parse_for(NULL, one, strlen(one) - 1);
	ok(log.n == 1 && log.n_damaged == 0, "the last line without its end");
	log = parse_for(NULL, one, strlen(one) - 2);
	ok(log.n == 0 && log.n_damaged == 1, "the last line is cut");
	log = parse("{\"schema\":\"tamis-denial/1\",\"id\":1,\"conta" CALL(1, "b", ""));
	ok(log.n == 1 && strcmp(log.v->call, "b") == 0 && log.n_damaged == 1,
	   "a line behind one that was cut");
	log = parse("{\"schema\":\"tamis-denial-agent/"
		    "1\",\"container\":\"web\",\"ended\":\"killed\"}\n");
	ok(log.n_damaged == 0 && log.lost && strcmp(log.lost, "killed") == 0,
	   "the writer was killed");
	log = parse_for("db", one, strlen(one));
	ok(log.n == 0 && log.n_damaged == 0, "another container");
}

/* More distinct denials than are kept. */
static void test_flood(void)
{
	struct buffer b = { 0 };

	for (int i = 1; i <= 10000; i++)
		buffer_print(
			&b,
			"{\"schema\":\"tamis-denial/1\",\"id\":%d,\"container\":\"c\",\"call\":"
			"\"c%d\"}\n",
			i, i);
	struct text text = buffer_text(&b);
	struct denial_log log = parse_for(NULL, text.data, text.len);

	ok(log.n == 4096 && log.n_left_out == 10000 - 4096, "%zu of 10000 are kept", log.n);
	arena_reset();
}

int main(void)
{
	test_members();
	test_counts();
	test_damage();
	test_flood();
	return done();
}
