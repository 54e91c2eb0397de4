/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the forms in which denials are reported. What must hold: a line has no control character and
 * no line feed but the last, whatever the container put into names and paths.
 */
#include "observe/denial_write.h"

#include "base/arena.h"
#include "base/names.h"
#include "oci/jsonw.h"
#include "oci/words.h"
#include "seccomp/constants.h"
#include "seccomp/errno_names.h"
#include "seccomp/params.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <string.h>
#include <time.h>

const char *denial_write_time(int64_t seconds, uint32_t nanoseconds)
{
	const time_t at = (time_t)seconds;
	struct tm tm;

	if (!gmtime_r(&at, &tm))
		return "";
	return arena_printf("%04d-%02d-%02dT%02d:%02d:%02d.%06uZ", tm.tm_year + 1900, tm.tm_mon + 1,
			    tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, nanoseconds / 1000);
}

/* --- parts -------------------------------------------------------------------------------- */

static const char *call_name(const struct denial *d)
{
	return syscall_words(d->call.arch, (uint32_t)d->call.nr);
}

/* Unknown calls have six arguments, of which nothing is known. */
static unsigned int count_args(const struct denial *d)
{
	return d->id >= 0 ? params_count(d->abi, (unsigned int)d->id) : 6;
}

static const char *arg_text(const struct denial *d, const struct denial_scene *scene,
			    unsigned int index)
{
	char text[CONSTANTS_TEXT];

	if (scene->strings[index])
		return scene->strings[index];
	if (d->id < 0)
		return arena_printf("%#jx", (uintmax_t)d->call.args[index]);
	return arena_strdup(constants_format(d->abi, (unsigned int)d->id, index,
					     d->call.args[index], text, sizeof(text)));
}

static const char *errno_text(uint32_t answer)
{
	int code = (int)(answer & SECCOMP_RET_DATA);
	const char *name = errno_names_of(code);

	return name ? name : arena_printf("%d", code);
}

const char *denial_write_call(const struct denial *d, const struct denial_scene *scene)
{
	const char *text = arena_printf("%s(", call_name(d));

	for (unsigned int i = 0; i < count_args(d); i++)
		text = arena_printf("%s%s%s", text, i ? ", " : "", arg_text(d, scene, i));
	return arena_printf("%s)", text);
}

/* --- JSON --------------------------------------------------------------------------------- */

static void write_args(struct jsonw *w, const struct denial *d, const struct denial_scene *scene)
{
	jsonw_member_array(w, "args");
	for (unsigned int i = 0; i < count_args(d); i++) {
		const char *name = d->id < 0 ? NULL : params_name(d->abi, (unsigned int)d->id, i);

		jsonw_object(w);
		jsonw_member_string(w, "name", name ? name : arena_printf("arg%u", i));
		jsonw_member_string(w, "value", arena_printf("%#jx", (uintmax_t)d->call.args[i]));
		jsonw_member_string(w, "text", arg_text(d, scene, i));
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void write_caller(struct jsonw *w, const struct denial *d, const struct denial_scene *scene)
{
	jsonw_member_object(w, "caller");
	if (*scene->file) {
		jsonw_member_string(w, "file", scene->file);
		jsonw_member_string(w, "offset", arena_printf("%#jx", (uintmax_t)scene->offset));
	} else {
		jsonw_member_string(w, "address",
				    arena_printf("%#jx", (uintmax_t)d->call.instruction_pointer));
	}
	if (*scene->symbol)
		jsonw_member_string(w, "symbol", scene->symbol);
	jsonw_end(w);
}

static void write_allow(struct jsonw *w, const struct denial *d)
{
	if (!d->allow && !d->remove)
		return;
	jsonw_member_object(w, "allow");
	if (d->allow) {
		jsonw_key(w, "rule");
		profile_write_rule(w, d->allow);
	} else {
		jsonw_member_string(w, "remove", call_name(d));
	}
	jsonw_member_string(w, "opens", denial_opens(d));
	jsonw_end(w);
}

static void write_answer(struct jsonw *w, const struct denial *d)
{
	uint32_t action = d->answer & SECCOMP_RET_ACTION_FULL;

	jsonw_member_string(w, "answer", names_of(words_seccomp_defaults, action));
	if (action == SECCOMP_RET_ERRNO)
		jsonw_member_string(w, "errno", errno_text(d->answer));
	jsonw_member_string(w, "reason", names_of(denial_reasons, d->reason));
	if (d->policy)
		jsonw_member_string(w, "policy", d->policy);
	if (d->is_sigkill)
		jsonw_member_string(w, "given", "SIGKILL");
	if (d->place) {
		jsonw_member_object(w, "rule");
		jsonw_member_string(w, "place", d->place);
		jsonw_end(w);
	}
}

struct text denial_write_json(uint32_t id, const struct denial *d, const struct denial_scene *scene)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-denial/1");
	jsonw_member_u64(w, "id", id);
	jsonw_member_string(w, "time", denial_write_time(scene->seconds, scene->nanoseconds));
	jsonw_member_string(w, "container", scene->container);
	jsonw_member_i64(w, "pid", scene->pid);
	jsonw_member_i64(w, "tid", scene->tid);
	jsonw_member_string(w, "program", scene->program);
	jsonw_member_string(w, "thread", scene->thread);
	jsonw_member_string(w, "architecture",
			    d->abi == ABI_COUNT ? arena_printf("%#x", d->call.arch)
						: arch_abi(d->abi)->scmp);
	jsonw_member_u64(w, "number", d->number);
	if (d->id >= 0)
		jsonw_member_string(w, "call", call_name(d));
	write_args(w, d, scene);
	write_answer(w, d);
	write_caller(w, d, scene);
	write_allow(w, d);
	jsonw_end(w);
	return jsonw_finish(w);
}

struct text denial_write_counts(const char *container, const char *time,
				const struct denial_counts *counts)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-denial-counts/1");
	jsonw_member_string(w, "time", time);
	jsonw_member_string(w, "container", container);
	jsonw_member_array(w, "counts");
	for (size_t i = 0; i < counts->n; i++) {
		jsonw_object(w);
		jsonw_member_u64(w, "id", counts->v[i].id);
		jsonw_member_u64(w, "count", counts->v[i].count);
		if (counts->v[i].n_sigkill)
			jsonw_member_u64(w, "sigkill", counts->v[i].n_sigkill);
		jsonw_member_bool(w, "lived", counts->v[i].lived);
		jsonw_end(w);
	}
	jsonw_end(w);
	jsonw_member_u64(w, "unlogged", counts->unlogged);
	if (counts->lost)
		jsonw_member_u64(w, "lost", counts->lost);
	jsonw_member_bool(w, "ended", counts->ended);
	jsonw_end(w);
	return jsonw_finish(w);
}

struct text denial_write_loss(const char *container, const char *time, const char *why)
{
	struct jsonw *w = jsonw_new(JSONW_COMPACT);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-denial-agent/1");
	jsonw_member_string(w, "time", time);
	jsonw_member_string(w, "container", container);
	jsonw_member_string(w, "ended", why);
	jsonw_end(w);
	return jsonw_finish(w);
}

/* --- text --------------------------------------------------------------------------------- */

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

/* "EPERM", "SIGSYS (TRAP)": what the program sees. */
static const char *answer_text(uint32_t answer)
{
	switch (answer & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ERRNO:
		return errno_text(answer);
	case SECCOMP_RET_TRAP:
		return "SIGSYS (TRAP)";
	case SECCOMP_RET_KILL_THREAD:
		return "the end of the thread (KILL_THREAD)";
	case SECCOMP_RET_ALLOW:
		return "carried out";
	default:
		return "the end of the process (KILL_PROCESS)";
	}
}

static const char *reason_text(const struct denial *d)
{
	switch (d->reason) {
	case DENIAL_RULE:
		return arena_printf("by %s", d->place);
	case DENIAL_DEFAULT:
		return "by the default action";
	case DENIAL_UNKNOWN:
		return "as a call that the profile does not know";
	case DENIAL_ARCHITECTURE:
		return "as a call of an architecture that the profile does not list";
	case DENIAL_PROGRAM:
		return "by the filter of an annotation";
	case DENIAL_NOTIFY:
		return arena_printf("by the policy %s", d->policy);
	}
	return "";
}

static const char *conditions_text(const struct denial *d)
{
	const struct rule *rule = d->allow;
	const char *text = "";

	for (uint32_t i = 0; i < rule->n_conditions; i++) {
		const struct condition *c = &rule->conditions[i];
		const struct check check = { .index = c->index,
					     .mask = UINT64_MAX,
					     .value = c->value };
		char words[CONSTANTS_TEXT];

		text = arena_printf("%s%s%s", text, i ? " and " : " with ",
				    constants_format_check(d->abi, (unsigned int)d->id, &check,
							   words, sizeof(words)));
	}
	return text;
}

static const char *remedy_text(const struct denial *d)
{
	if (d->allow)
		return arena_printf("; to allow it, allow %s%s", call_name(d), conditions_text(d));
	if (d->remove)
		return arena_printf("; to allow it, take %s out of that rule and allow it",
				    call_name(d));
	return "";
}

const char *denial_write_text(const struct denial *d, const struct denial_scene *scene)
{
	const char *abi = arch_second_name(d->abi);
	const char *program = *scene->program ? base_name(scene->program) : scene->thread;
	const char *from =
		*scene->file ? arena_printf(" in %s+%#jx%s%s%s", base_name(scene->file),
					    (uintmax_t)scene->offset, *scene->symbol ? " (" : "",
					    scene->symbol, *scene->symbol ? ")" : "")
			     : "";

	return arena_printf("%s: %s[%d]: %s%s%s%s gets %s, denied %s%s\n", scene->container,
			    program, scene->pid, denial_write_call(d, scene), *abi ? " of " : "",
			    abi, from, answer_text(d->answer), reason_text(d), remedy_text(d));
}
