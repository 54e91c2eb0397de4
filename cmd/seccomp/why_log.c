/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how logged denials are told. Most texts of the log were chosen by a program in the
 * container, so they are printed by printable_again() only.
 */
#include "cmd/seccomp/why_log.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "base/printable.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/screen.h"
#include "oci/json.h"
#include "oci/jsonw.h"
#include "seccomp/arch.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum { WORD_COLUMNS = 400, RESERVED_ROWS = 6, INDENT = 8 };

/* --- words ---------------------------------------------------------------------------------- */

static const char *word(const char *s)
{
	return printable_again(s, strlen(s), WORD_COLUMNS);
}

/* As the log gives it, for the runtime-spec's names of this machine's and of other architectures.
 */
static const char *say_architecture(const char *scmp)
{
	enum abi abi = arch_by_scmp(scmp);

	return abi < ABI_COUNT ? arch_name(abi) : word(scmp);
}

static const char *say_call_of(const struct denial_log_entry *d)
{
	const char *text = *d->call ? word(d->call) : arena_printf("number %" PRIu64, d->number);

	text = arena_printf("%s(", text);
	for (size_t i = 0; i < d->n_args; i++) {
		const struct denial_log_arg *arg = &d->args[i];

		text = arena_printf("%s%s%s%s%s", text, i ? ", " : "", word(arg->name),
				    *arg->name ? "=" : "",
				    word(*arg->text ? arg->text : arg->value));
	}
	const char *abi = arch_second_name(arch_by_scmp(d->architecture));

	return arena_printf("%s)%s%s", text, *abi ? " of " : "", abi);
}

/* What the program got: "EPERM", "killed by SIGSYS (exit code 159)". */
static const char *say_answer(const struct denial_log_entry *d)
{
	static const struct {
		const char *action, *words;
	} all[] = {
		{ "SCMP_ACT_KILL_PROCESS", "the process was killed by SIGSYS (exit code 159)" },
		{ "SCMP_ACT_KILL", "the thread was killed by SIGSYS (exit code 159)" },
		{ "SCMP_ACT_KILL_THREAD", "the thread was killed by SIGSYS (exit code 159)" },
		{ "SCMP_ACT_TRAP", "signal SIGSYS (without a handler: exit code 159)" },
		{ "SCMP_ACT_ALLOW", "carried out" },
	};

	if (strcmp(d->given, "SIGKILL") == 0)
		return "the process was killed by SIGKILL (exit code 137)";
	for (size_t i = 0; i < ARRAY_LEN(all); i++)
		if (strcmp(d->answer, all[i].action) == 0)
			return all[i].words;
	return word(*d->error ? d->error : *d->answer ? d->answer : "denied");
}

static const char *say_reason(const struct denial_log_entry *d)
{
	const char *place = word(d->place);

	switch (d->reason) {
	case DENIAL_LOG_RULE:
		return arena_printf("denied by the rule %s", *place ? place : "of the profile");
	case DENIAL_LOG_DEFAULT:
		return arena_printf("denied by the default action%s%s: no rule matches",
				    *place ? " of " : "", place);
	case DENIAL_LOG_UNKNOWN:
		return "newer than the profile, so the answer is ENOSYS, for which C libraries use "
		       "an "
		       "older call";
	case DENIAL_LOG_ARCHITECTURE:
		return arena_printf("the profile does not list the architecture %s",
				    say_architecture(d->architecture));
	case DENIAL_LOG_PROGRAM:
		return "denied by the filter of an annotation, not by the profile";
	case DENIAL_LOG_NOTIFY:
		return arena_printf("answered by tamis-agent, whose policy for it is %s",
				    word(d->policy));
	case DENIAL_LOG_OTHER:
		break;
	}
	return arena_printf("denied%s%s", *place ? " by " : "", place);
}

/* "/usr/bin/python3, in /usr/lib/libc.so.6 (mkdir+0x7); it went on" */
static const char *say_program(const struct denial_log_entry *d, bool with_container)
{
	const char *text = *d->program ? word(d->program) : "an unknown program";

	if (with_container && *d->container)
		text = arena_printf("%s of container %s", text, word(d->container));
	if (*d->file)
		text = arena_printf("%s, in %s%s%s", text, word(d->file), *d->offset ? "+" : "",
				    word(d->offset));
	if (*d->symbol)
		text = arena_printf("%s (%s)", text, word(d->symbol));
	if (!*d->file && *d->address)
		text = arena_printf("%s, at %s", text, word(d->address));
	if (d->has_end)
		text = arena_printf("%s; it %s", text, d->has_survived ? "went on" : "ended");
	return text;
}

/* --- entries -------------------------------------------------------------------------------- */

static bool has_several_containers(const struct denial_log *log)
{
	for (size_t i = 1; i < log->n; i++)
		if (strcmp(log->v[i].container, log->v[0].container) != 0)
			return true;
	return false;
}

struct entry {
	const struct denial_log_entry *denial;
	bool with_container;
};

static void print_indented(FILE *to, const char *text)
{
	say_print_to(to, INDENT, arena_printf("%*s%s", INDENT, "", text));
}

static void print_entry(FILE *to, const void *what)
{
	const struct entry *entry = what;
	const struct denial_log_entry *d = entry->denial;
	const char *rules = "";

	fputc('\n', to);
	say_print_to(
		to, INDENT,
		arena_printf("%5" PRIu64 "x  %s: %s", d->count, say_call_of(d), say_answer(d)));
	if (d->n_kinds > 1)
		print_indented(to,
			       arena_printf("and %zu more with other arguments", d->n_kinds - 1));
	if (d->n_sigkill && !*d->given)
		print_indented(to, arena_printf("%" PRIu64 " of these got SIGKILL (exit code 137) "
						"instead: the thread could not be stopped",
						d->n_sigkill));
	print_indented(to, say_program(d, entry->with_container));
	print_indented(to, say_reason(d));
	for (size_t i = 0; i < d->n_rules; i++)
		rules = arena_printf("%s%s%s", rules, i ? " or " : "", word(d->rules[i]));
	if (d->n_rules)
		print_indented(to, arena_printf("to allow it: %s", rules));
	if (*d->remove)
		print_indented(to,
			       arena_printf("to allow it: take %s out of that rule and allow it",
					    word(d->remove)));
	if (*d->opens)
		print_indented(to, arena_printf("which opens: %s", word(d->opens)));
}

/* A policy of tamis-agent may let calls through. */
static bool is_carried_out(const struct denial_log_entry *d)
{
	return strcmp(d->answer, "SCMP_ACT_ALLOW") == 0;
}

static bool is_denial(const struct denial_log_entry *d)
{
	return d->reason != DENIAL_LOG_UNKNOWN && !is_carried_out(d);
}

bool why_log_has_denials(const struct denial_log *log)
{
	for (size_t i = 0; i < log->n; i++)
		if (is_denial(&log->v[i]))
			return true;
	return log->n_unlogged || log->n_unwritten;
}

/* --- the whole ------------------------------------------------------------------------------ */

struct sums {
	size_t n, n_unknown, n_carried_out;
	uint64_t count;
};

static size_t print_entries(const struct denial_log *log, bool is_all)
{
	struct screen screen = screen_make(RESERVED_ROWS, is_all);
	const bool several = has_several_containers(log);

	for (size_t i = 0; i < log->n; i++) {
		const struct entry entry = { &log->v[i], several };

		if (is_all || is_denial(&log->v[i]))
			screen_print(&screen, print_entry, &entry);
	}
	return screen.n_shown;
}

static void print_rest(const struct denial_log *log, const struct sums *sums, size_t n_shown,
		       bool is_all)
{
	size_t hidden = sums->n + (is_all ? sums->n_unknown + sums->n_carried_out : 0) - n_shown;

	if (hidden)
		printf("\n%zu more kinds of denials; --all shows them\n", hidden);
	if (log->n_unlogged)
		printf("\n%" PRIu64 " denials were too many for the log\n", log->n_unlogged);
	if (log->n_unwritten)
		printf("\n%" PRIu64 " kinds of denials are missing: their lines could not be "
		       "written to the log\n",
		       log->n_unwritten);
	if (sums->n_unknown && !is_all)
		printf("\nnot counted: %zu kind%s of calls newer than the profile (ENOSYS); "
		       "--all shows them\n",
		       sums->n_unknown, sums->n_unknown == 1 ? "" : "s");
	if (sums->n_carried_out && !is_all)
		printf("\nnot counted: %zu kind%s of calls that a policy let through; --all shows "
		       "them\n",
		       sums->n_carried_out, sums->n_carried_out == 1 ? "" : "s");
	if (log->lost)
		say_print(0,
			  arena_printf(
				  "\nthe writer of the log has ended (%s): later denials are not "
				  "in it",
				  word(log->lost)));
	if (log->n_damaged || log->n_left_out)
		printf("\n%zu lines of the log are damaged, %zu were left out\n", log->n_damaged,
		       log->n_left_out);
	if (sums->n)
		printf("\nto change a profile: tamis seccomp edit --allow CALL PROFILE\n");
}

void why_log_print(const char *name, const struct denial_log *log, bool is_all)
{
	struct sums sums = { .n = 0 };
	bool is_exact = true;

	for (size_t i = 0; i < log->n; i++) {
		const struct denial_log_entry *d = &log->v[i];

		sums.n_carried_out += is_carried_out(d);
		sums.n_unknown += d->reason == DENIAL_LOG_UNKNOWN;
		if (!is_denial(d))
			continue;
		sums.n++;
		sums.count += d->count;
		is_exact &= d->is_counted;
	}
	if (sums.n == 0)
		printf("%s: no call was denied%s\n", name, log->is_open ? " so far" : "");
	else
		printf("%s: %zu kind%s of calls %s denied, %s%" PRIu64 " time%s%s\n", name, sums.n,
		       sums.n == 1 ? "" : "s", sums.n == 1 ? "was" : "were",
		       is_exact ? "" : "at least ", sums.count, sums.count == 1 ? "" : "s",
		       log->is_open ? " so far" : "");
	size_t n_shown = print_entries(log, is_all);

	print_rest(log, &sums, n_shown, is_all);
}

/* --- JSON ----------------------------------------------------------------------------------- */

static void write_rule(struct jsonw *w, const char *rule)
{
	const struct text text = { arena_strdup(rule), strlen(rule) };
	const struct json *v;

	if (json_parse("rule", &text, &v) >= 0) {
		jsonw_json(w, v);
		return;
	}
	err_clear();
	jsonw_string(w, rule);
}

static void write_denial(struct jsonw *w, const struct denial_log_entry *d)
{
	jsonw_object(w);
	jsonw_member_string(w, "container", d->container);
	jsonw_member_string(w, "program", d->program);
	jsonw_member_string(w, "thread", d->thread);
	jsonw_member_string(w, "architecture", d->architecture);
	jsonw_member_u64(w, "number", d->number);
	jsonw_member_string(w, "call", d->call);
	jsonw_member_array(w, "args");
	for (size_t i = 0; i < d->n_args; i++) {
		jsonw_object(w);
		jsonw_member_string(w, "name", d->args[i].name);
		jsonw_member_string(w, "value", d->args[i].value);
		jsonw_member_string(w, "text", d->args[i].text);
		jsonw_end(w);
	}
	jsonw_end(w);
	jsonw_member_string(w, "answer", d->answer);
	jsonw_member_string(w, "errno", d->error);
	jsonw_member_string(w, "reason", names_of(denial_log_reasons, d->reason));
	jsonw_member_string(w, "policy", d->policy);
	jsonw_member_string(w, "given", d->given);
	jsonw_member_string(w, "place", d->place);
	jsonw_member_string(w, "file", d->file);
	jsonw_member_string(w, "offset", d->offset);
	jsonw_member_string(w, "symbol", d->symbol);
	jsonw_member_string(w, "address", d->address);
	jsonw_member_array(w, "allow");
	for (size_t i = 0; i < d->n_rules; i++)
		write_rule(w, d->rules[i]);
	jsonw_end(w);
	jsonw_member_string(w, "remove", d->remove);
	jsonw_member_string(w, "opens", d->opens);
	jsonw_member_string(w, "first", d->time);
	jsonw_member_u64(w, "kinds", d->n_kinds);
	jsonw_member_u64(w, "count", d->count);
	if (d->n_sigkill)
		jsonw_member_u64(w, "sigkill", d->n_sigkill);
	jsonw_member_bool(w, "counted", d->is_counted);
	if (d->has_end)
		jsonw_member_bool(w, "lived", d->has_survived);
	jsonw_end(w);
}

void why_log_print_json(const char *name, const struct denial_log *log)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-seccomp-why/1");
	jsonw_member_string(w, "source", "log");
	jsonw_member_string(w, "name", name);
	jsonw_member_array(w, "denials");
	for (size_t i = 0; i < log->n; i++)
		write_denial(w, &log->v[i]);
	jsonw_end(w);
	jsonw_member_u64(w, "unlogged", log->n_unlogged);
	jsonw_member_u64(w, "unwritten", log->n_unwritten);
	jsonw_member_u64(w, "damaged", log->n_damaged);
	jsonw_member_u64(w, "leftOut", log->n_left_out);
	jsonw_member_bool(w, "ended", !log->is_open);
	jsonw_member_string(w, "lost", log->lost);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}
