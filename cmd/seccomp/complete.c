/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the proposals for shells. What a word may be is read from the tables of options and from the
 * usage of each verb, so that it cannot differ from what the verbs take.
 */
#include "cmd/seccomp/complete.h"

#include "base/arena.h"
#include "base/caps.h"
#include "cmd/cmd.h"
#include "cmd/dispatch.h"
#include "cmd/seccomp/question.h"
#include "cmd/seccomp/say.h"
#include "seccomp/groups.h"
#include "seccomp/syscall.h"

#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

/* The word in work: proposals continue `begun` and are printed behind `kept`. */
struct word {
	const char *kept, *begun;
};

static void propose(const struct word *w, const char *text)
{
	if (strncmp(text, w->begun, strlen(w->begun)) == 0)
		printf("%s%s\n", w->kept, text);
}

static void propose_calls(const struct word *w)
{
	for (unsigned int id = 0; id < syscall_count(); id++)
		propose(w, syscall_name(id));
}

static void propose_groups(const struct word *w)
{
	for (size_t i = 0; groups_nth(i); i++)
		propose(w, groups_nth(i)->name);
}

static void propose_names(const struct word *w, const struct name *names)
{
	for (; names && names->name; names++)
		propose(w, names->name);
}

static void propose_abis(const struct word *w)
{
	for (enum abi abi = 0; abi < ABI_COUNT; abi++)
		propose(w, arch_name(abi));
}

static void propose_caps(const struct word *w)
{
	propose(w, "all");
	propose(w, "none");
	for (unsigned int cap = 0; cap < CAPS_MAX; cap++)
		if (caps_name(cap))
			propose(w, caps_name(cap));
}

static void propose_profiles(const struct word *w)
{
	static const char *const names[] = { "default", "docker", "containerd", "podman", "crio" };

	printf("+files\n");
	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		propose(w, names[i]);
}

/* --- arguments of a call ------------------------------------------------------------------ */

static enum abi native_abi(void)
{
	struct utsname host;
	enum abi abi = uname(&host) < 0 ? ABI_COUNT : arch_by_machine(host.machine);

	return abi < ABI_OWN ? abi : ABI_X86_64;
}

static void propose_constants(const struct word *w, enum abi abi, unsigned int id,
			      const char *param)
{
	for (size_t i = 0; question_constant(abi, id, param, i); i++)
		propose(w, question_constant(abi, id, param, i));
}

/* The part behind the last of some characters is in work. */
static struct word part_behind(const char *word, const char *characters)
{
	const char *begun = word + strlen(word);

	while (begun > word && !strchr(characters, begun[-1]))
		begun--;
	return (struct word){ arena_memdup(word, (size_t)(begun - word)), begun };
}

/* "flags=CLONE_NEWUSER|CLO": bash makes words of their own of "flags" and "=". */
static void propose_argument(const char *call, const char *const *words, int n)
{
	const char *word = words[n - 1];
	size_t len = strcspn(word, "=&");
	int id = syscall_id(call);
	enum abi abi = native_abi();
	struct word w = part_behind(word, "|=&");

	if (id < 0)
		return;
	if (word[len]) {
		propose_constants(&w, abi, (unsigned int)id, arena_memdup(word, len));
		return;
	}
	if (n > 2 && strcmp(words[n - 2], "=") == 0) {
		propose_constants(&w, abi, (unsigned int)id, words[n - 3]);
		return;
	}
	if (n > 1 && strcmp(word, "=") == 0) {
		propose_constants(&(struct word){ "", "" }, abi, (unsigned int)id, words[n - 2]);
		return;
	}
	for (unsigned int i = 0; i < syscall_args((unsigned int)id); i++)
		propose(&w, arena_printf("%s=", say_param(abi, id, i)));
}

/* --- the word ----------------------------------------------------------------------------- */

static const struct opt *option_of(const struct opt *table, const char *word)
{
	for (; table->name; table++)
		if (word[0] == '-' && ((word[1] == '-' && strcmp(word + 2, table->name) == 0) ||
				       (table->letter && word[1] == table->letter && !word[2])))
			return table;
	return NULL;
}

/* What stands for the value in --help says what it is. */
static void propose_value(const struct opt *o, const char *word)
{
	struct word whole = { "", word }, part = part_behind(word, ",");
	const char *value = o->value ? o->value : "";

	propose_names(&whole, o->words);
	if (strcmp(value, "FILE") == 0)
		printf("+files\n");
	else if (strcmp(value, "CALL") == 0)
		propose_calls(&whole);
	else if (strncmp(value, "CALLS", 5) == 0) {
		propose_groups(&part);
		propose_calls(&part);
	} else if (strcmp(value, "ARCH") == 0 || strcmp(value, "ABI") == 0)
		propose_abis(&whole);
	else if (strcmp(o->name, "caps") == 0)
		propose_caps(&part);
}

/* The name in the usage of the n-th argument; the last one may be repeated. */
static const char *kind_of(const char *usage, int n)
{
	for (;;) {
		size_t len = strcspn(usage, " ");

		if (n-- == 0 || !usage[len])
			return n < 0 || strstr(usage, "...") ? arena_memdup(usage, len) : "";
		usage += len + 1;
	}
}

/* args are the arguments so far, the last of which is in work. */
static void propose_argument_of(const struct command *c, const char *const *args, int n)
{
	const char *kind = kind_of(c->arguments, n - 1);
	struct word w = { "", args[n - 1] };

	if (strstr(kind, "VALUE"))
		propose_argument(args[1], args, n);
	else if (strstr(kind, "@GROUP")) {
		propose_groups(&w);
		propose_calls(&w);
	} else if (strstr(kind, "CALL"))
		propose_calls(&w);
	else if (strstr(kind, "PROFILE") || strcmp(kind, "A") == 0 || strncmp(kind, "B", 1) == 0)
		propose_profiles(&w);
	else if (strstr(kind, "FILE") || strcmp(kind, "COMMAND") == 0 ||
		 strncmp(kind, "RECORDING", 9) == 0)
		printf("+files\n");
}

void complete_print(const struct command *const *verbs, int n, char **words)
{
	const struct command *c = n > 1 ? dispatch_find(verbs, words[0]) : NULL;
	const char **args = arena_array((size_t)n + 1, sizeof(*args));
	const struct opt *wants = NULL;
	int n_args = 0;

	if (n == 1)
		for (; *verbs; verbs++)
			propose(&(struct word){ "", words[0] }, (*verbs)->name);
	if (!c)
		return;
	for (int i = 1; i < n - 1; i++) {
		const struct opt *o = wants ? NULL : option_of(c->options, words[i]);

		if (!wants && !o)
			args[n_args++] = words[i];
		wants = o && opt_takes_value(o) ? o : NULL;
	}
	args[n_args++] = words[n - 1];
	if (wants) {
		propose_value(wants, words[n - 1]);
		return;
	}
	if (words[n - 1][0] != '-') {
		propose_argument_of(c, args, n_args);
		return;
	}
	for (const struct opt *o = c->options; o->name; o++)
		propose(&(struct word){ "--", words[n - 1] + 2 * (words[n - 1][1] == '-') +
						      (words[n - 1][1] != '-') },
			o->name);
}
