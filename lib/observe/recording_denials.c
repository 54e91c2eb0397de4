/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of a log of explained denials as a recording: what a profile denied to a program
 * is what that profile lacks. A call that is newer than the profile is left out, because the C
 * library has used an older one.
 */
#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "observe/denial_log.h"
#include "observe/recording.h"
#include "oci/decode.h"
#include "oci/json.h"

#include <string.h>

/* The schema stands at the start of each line; within a string the quotes would be escaped. */
static bool has(const struct text *text, const char *mark)
{
	return memmem(text->data, text->len, mark, strlen(mark));
}

bool recording_denials_is(const struct text *text)
{
	return has(text, "\"schema\":\"tamis-denial") && !has(text, "\"schema\":\"tamis-recording");
}

/* --- arguments ---------------------------------------------------------------------------- */

static bool is_equal_to(const struct json *condition, unsigned int index, uint64_t *ret)
{
	const struct json *at = json_member(condition, "index"), *op = json_member(condition, "op");
	const struct json *value = json_member(condition, "value");
	uint64_t i;

	return at && at->type == JSON_NUMBER && num_parse_u64(at->text, &i) == 0 && i == index &&
	       op && op->type == JSON_STRING && strcmp(op->text, "SCMP_CMP_EQ") == 0 && value &&
	       value->type == JSON_NUMBER && num_parse_u64(value->text, ret) == 0;
}

/* The value that a rule which would allow the call asks of the argument. */
static bool value_in_rule(const char *rule, unsigned int index, uint64_t *ret)
{
	struct text *text = arena_alloc(sizeof(*text));
	const struct json *root, *args;

	*text = (struct text){ arena_strdup(rule), strlen(rule) };
	if (json_parse("rule", text, &root) < 0) {
		err_clear();
		return false;
	}
	args = json_member(root, "args");
	if (args && args->type == JSON_ARRAY)
		json_each (condition, args)
			if (is_equal_to(condition, index, ret))
				return true;
	return false;
}

/*
 * The log has the arguments of the first denial of a kind. Only those that decided it are the same
 * in all of them: they are in the rule that would allow it.
 */
static void add_values(const struct recording *r, struct recording_call *c,
		       const struct denial_log_entry *e)
{
	uint8_t interest = recording_interest(r, c->abi, c->id);

	for (unsigned int index = 0; index < 6; index++) {
		if (!(interest >> index & 1))
			continue;
		c->args[index].many |= e->n_rules == 0 || e->n_kinds > e->n_rules;
		for (size_t i = 0; i < e->n_rules; i++) {
			uint64_t value;

			if (value_in_rule(e->rules[i], index, &value))
				recording_add_value(c, index, value);
			else
				c->args[index].many = true;
		}
	}
}

/* --- denials ------------------------------------------------------------------------------ */

static void add_denial(struct recording *r, const struct denial_log_entry *e)
{
	struct recording_event event = { .abi = arch_by_scmp(e->architecture),
					 .nr = (uint32_t)e->number,
					 .count = e->count,
					 .source = RECORDING_DENIED };
	struct recording_call *c;

	if (event.abi == ABI_COUNT || e->number > UINT32_MAX || e->reason == DENIAL_LOG_UNKNOWN)
		return;
	event.program = recording_program(r, e->program);
	c = recording_add(r, &event);
	if (c && c->args)
		add_values(r, c, e);
}

int recording_denials_read(struct recording *r, const char *name not_used, const struct text *text)
{
	struct recording_run *run = recording_add_run(r, "denials");
	struct denial_log log;

	denial_log_parse(text, NULL, &log);
	run->has_end = true;
	run->dropped = log.n_unlogged + log.n_left_out;
	for (size_t i = 0; i < log.n; i++)
		add_denial(r, &log.v[i]);
	return 0;
}
