/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of recordings, and how the form of a text that has recorded calls is told.
 */
#include "base/arena.h"
#include "base/err.h"
#include "observe/recording.h"
#include "oci/decode.h"
#include "oci/json_lines.h"
#include "seccomp/syscall.h"

#include <string.h>

struct head {
	const struct json *at;
	const char *schema, *time, *engine, *kernel, *machine, *image, *container, *from;
	struct strings command;
	bool exact;
};

static const struct field head_fields[] = {
	REQUIRED(struct head, schema, "schema"),    FIELD(struct head, time, "time"),
	REQUIRED(struct head, engine, "engine"),    FIELD(struct head, kernel, "kernel"),
	FIELD(struct head, machine, "machine"),	    FIELD(struct head, image, "image"),
	FIELD(struct head, command, "command"),	    FIELD(struct head, exact, "exact"),
	FIELD(struct head, container, "container"), FIELD(struct head, from, "from"),
};
static const struct shape head_shape = SHAPE(struct head, head_fields);

struct arg {
	const struct json *at;
	uint32_t index;
	const struct json *values;
	bool many;
};

static const struct field arg_fields[] = {
	REQUIRED(struct arg, index, "index", .max = 5),
	REQUIRED(struct arg, values, "values"),
	FIELD(struct arg, many, "many"),
};
static const struct shape arg_shape = SHAPE(struct arg, arg_fields);

struct args {
	size_t n;
	struct arg *v;
};

struct call {
	const struct json *at;
	const char *call, *architecture, *program;
	uint32_t number;
	uint64_t count, first;
	bool at_least, assumed;
	struct args args;
};

static const struct field call_fields[] = {
	FIELD(struct call, call, "call"),
	REQUIRED(struct call, architecture, "architecture"),
	REQUIRED(struct call, number, "number"),
	REQUIRED(struct call, program, "program"),
	REQUIRED(struct call, count, "count"),
	FIELD(struct call, at_least, "atLeast"),
	FIELD(struct call, assumed, "assumed"),
	FIELD(struct call, first, "first"),
	LIST(struct call, args, "args", arg_shape),
};
static const struct shape call_shape = SHAPE(struct call, call_fields);

struct ending {
	const struct json *at;
	struct opt_u32 code, signal;
	uint64_t lost, dropped;
	struct strings uncertain;
};

static const struct field ending_fields[] = {
	FIELD(struct ending, code, "code"),	      FIELD(struct ending, signal, "signal"),
	FIELD(struct ending, lost, "lost"),	      FIELD(struct ending, dropped, "dropped"),
	FIELD(struct ending, uncertain, "uncertain"),
};
static const struct shape ending_shape = SHAPE(struct ending, ending_fields);

/* A line is forgotten when the next one is read. */
static const char *keep(const char *s)
{
	return s ? arena_strdup(s) : NULL;
}

static const struct strings *keep_strings(const struct strings *strings)
{
	struct strings *ret = arena_alloc(sizeof(*ret));

	*ret = (struct strings){ strings->n, arena_array(strings->n, sizeof(*ret->v)) };
	for (size_t i = 0; i < strings->n; i++)
		ret->v[i] = arena_strdup(strings->v[i]);
	return ret;
}

static int read_head(struct recording *r, const struct json *line)
{
	struct recording_run *run;
	struct head head;
	int ret = decode(line, &head_shape, &head);

	if (ret < 0)
		return ret;
	if (strcmp(head.schema, RECORDING_SCHEMA) != 0)
		return json_fail_member(line, "schema",
					"expected \"" RECORDING_SCHEMA "\", found \"%s\"",
					head.schema);
	run = recording_add_run(r, keep(head.engine));
	run->time = keep(head.time);
	run->kernel = keep(head.kernel);
	run->machine = keep(head.machine);
	run->image = keep(head.image);
	run->container = keep(head.container);
	run->attached = head.from && strcmp(head.from, "attach") == 0;
	run->command = keep_strings(&head.command);
	run->exact = head.exact;
	return 0;
}

/* The values of one argument of a line. Those that rules are not about are passed over. */
static int add_values(struct recording_call *c, uint8_t interest, const struct arg *arg)
{
	if (arg->values->type != JSON_ARRAY)
		return json_fail(arg->values, "expected an array, found %s",
				 json_found(arg->values));
	if (!(interest >> arg->index & 1))
		return 0;
	c->args[arg->index].many |= arg->many;
	json_each (v, arg->values) {
		uint64_t value;
		int ret = decode_u64(v, UINT64_MAX, &value);

		if (ret < 0)
			return ret;
		recording_add_value(c, arg->index, value);
	}
	return 0;
}

static int check_number(const struct call *call, enum abi abi)
{
	int id = syscall_at(abi, call->number);

	/* a name that is newer than our tables is taken by its number */
	if (!call->call || syscall_id(call->call) < 0 ||
	    (id >= 0 && strcmp(syscall_name((unsigned int)id), call->call) == 0) ||
	    syscall_nr(abi, (unsigned int)syscall_id(call->call)) == call->number)
		return 0;
	return json_fail_member(call->at, "number", "%u is not %s on %s", call->number, call->call,
				call->architecture);
}

static int read_call(struct recording *r, const struct json *line)
{
	struct recording_event event = { 0 };
	struct recording_call *c;
	struct call call;
	int ret = decode(line, &call_shape, &call);

	if (ret < 0)
		return ret;
	event.abi = arch_by_scmp(call.architecture);
	if (event.abi == ABI_COUNT)
		return json_fail_member(line, "architecture",
					"expected one such as SCMP_ARCH_X86_64, found \"%s\"",
					call.architecture);
	ret = check_number(&call, event.abi);
	if (ret < 0)
		return ret;
	event.nr = call.number;
	event.program = recording_program(r, call.program);
	event.first_ms = call.first;
	event.count = call.count;
	event.assumed = call.assumed;
	c = recording_add(r, &event);
	if (!c)
		return 0;
	c->at_least |= call.at_least;
	for (size_t i = 0; i < call.args.n && ret >= 0; i++)
		ret = add_values(c, recording_interest(r, c->abi, c->id), &call.args.v[i]);
	return ret;
}

static int read_exit(struct recording *r, const struct json *v)
{
	struct recording_run *run = &r->runs[r->n_runs - 1];
	struct ending exit;
	int ret = decode(v, &ending_shape, &exit);

	if (ret < 0)
		return ret;
	run->has_exit = true;
	run->code = (int)exit.code.v;
	run->signal = (int)exit.signal.v;
	return 0;
}

static int read_end(struct recording *r, const struct json *v)
{
	struct recording_run *run = &r->runs[r->n_runs - 1];
	struct ending end;
	int ret = decode(v, &ending_shape, &end);

	if (ret < 0)
		return ret;
	run->has_end = true;
	run->lost = end.lost;
	run->dropped = end.dropped;
	run->uncertain = keep_strings(&end.uncertain);
	return 0;
}

static int read_line(struct recording *r, const struct json *line)
{
	if (line->type != JSON_OBJECT)
		return json_fail(line, "expected an object, found %s", json_found(line));
	if (json_member(line, "schema"))
		return read_head(r, line);
	if (!r->n_runs)
		return json_fail(line, "expected \"schema\": the text is no recording");
	if (json_member(line, "number"))
		return read_call(r, line);
	if (json_member(line, "exit"))
		return read_exit(r, json_member(line, "exit"));
	if (json_member(line, "end"))
		return read_end(r, json_member(line, "end"));
	return json_fail(line, "expected \"schema\", \"number\", \"exit\" or \"end\"");
}

static int read_lines(struct recording *r, const char *name, const struct text *text)
{
	struct json_lines lines;
	const struct json *line;
	int ret;

	json_lines_begin(&lines, name, text);
	while ((ret = json_lines_next(&lines, &line)) > 0) {
		ret = read_line(r, line);
		if (ret < 0)
			break;
	}
	json_lines_end(&lines);
	return ret;
}

int recording_read_text(struct recording *r, const char *name, const struct text *text)
{
	size_t blanks = strspn(text->data, " \t\r\n");

	if (recording_denials_is(text))
		return recording_denials_read(r, name, text);
	if (text->data[blanks] == '{')
		return read_lines(r, name, text);
	if (recording_audit_is(text))
		return recording_audit_read(r, name, text);
	if (recording_strace_is(text))
		return recording_strace_read(r, name, text);
	return fail(0,
		    "%s: expected a recording, a log of denials, a profile that was recorded, what "
		    "strace -f prints, or audit records of seccomp (type=1326)",
		    name);
}
