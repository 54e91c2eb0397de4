/* SPDX-License-Identifier: Apache-2.0 */
/* tamis seccomp groups: the groups of calls that other verbs take by name, and what is in them. */
#include "seccomp/groups.h"
#include "base/arena.h"
#include "base/err.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/verbs.h"
#include "oci/jsonw.h"
#include "seccomp/syscall.h"

#include <stdio.h>
#include <string.h>

static struct groups_options {
	bool json;
} values;

static const struct opt options[] = {
	{ "json", 0, OPT_BOOL, offsetof(struct groups_options, json), NULL, "print JSON" },
	OPT_END,
};

/* The calls in a group, by id. */
static const bool *members_of(const struct group *group)
{
	bool *member = arena_array(syscall_count(), sizeof(*member));

	groups_add(group, member);
	return member;
}

static const char *source_of(const struct group *group)
{
	return group->own ? "tamis" : groups_version;
}

/* --- text --------------------------------------------------------------------------------- */

static void print_list(void)
{
	bool own = false;

	printf("Groups of %s:\n", groups_version);
	for (size_t i = 0; groups_nth(i); i++) {
		const struct group *group = groups_nth(i);

		if (group->own && !own)
			printf("\nGroups of tamis:\n");
		own = group->own;
		printf("  %-18s %s\n", group->name, group->help);
	}
}

static void print_group(const struct group *group)
{
	const bool *member = members_of(group);
	const char *text = "";

	for (unsigned int id = 0; id < syscall_count(); id++)
		if (member[id])
			text = arena_printf("%s%s%s", text, *text ? " " : "", syscall_name(id));
	printf("%s: %s (%s)\n  ", group->name, group->help, source_of(group));
	say_print(2, text);
}

static void print_groups_of(const char *call)
{
	unsigned int id = (unsigned int)syscall_id(call);
	const char *text = "";

	for (size_t i = 0; groups_nth(i); i++)
		if (members_of(groups_nth(i))[id])
			text = arena_printf("%s %s", text, groups_nth(i)->name);
	say_print(2, arena_printf("%s: in%s", call, *text ? text : " no group"));
}

/* --- JSON --------------------------------------------------------------------------------- */

static void write_group(struct jsonw *w, const struct group *group)
{
	const bool *member = members_of(group);

	jsonw_object(w);
	jsonw_member_string(w, "name", group->name);
	jsonw_member_string(w, "help", group->help);
	jsonw_member_string(w, "source", source_of(group));
	jsonw_member_array(w, "calls");
	for (unsigned int id = 0; id < syscall_count(); id++)
		if (member[id])
			jsonw_string(w, syscall_name(id));
	jsonw_end(w);
	jsonw_end(w);
}

/* A group counts if it is named, or if a call in it is. */
static bool is_asked(const struct group *group, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		int id = syscall_id(argv[i]);

		if (strcmp(argv[i], group->name) == 0 || (id >= 0 && members_of(group)[id]))
			return true;
	}
	return argc == 0;
}

static void print_json(int argc, char **argv)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-seccomp-groups/1");
	jsonw_member_array(w, "groups");
	for (size_t i = 0; groups_nth(i); i++)
		if (is_asked(groups_nth(i), argc, argv))
			write_group(w, groups_nth(i));
	jsonw_end(w);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}

/* --- the verb ----------------------------------------------------------------------------- */

static int check_word(const char *word)
{
	bool is_group = word[0] == '@';
	const char *like = is_group ? groups_like(word) : syscall_like(word);

	if (is_group ? groups_find(word) != NULL : syscall_id(word) >= 0)
		return 0;
	return fail(0, "unknown %s '%s'%s%s%s", is_group ? "group" : "system call", word,
		    like ? "; did you mean '" : "", like ? like : "", like ? "'?" : "");
}

static int groups(const struct global *g not_used, int argc, char **argv)
{
	for (int i = 0; i < argc; i++) {
		int r = check_word(argv[i]);

		if (r < 0)
			return r;
	}
	if (values.json) {
		print_json(argc, argv);
		return EXIT_YES;
	}
	if (argc == 0)
		print_list();
	for (int i = 0; i < argc; i++)
		if (groups_find(argv[i]))
			print_group(groups_find(argv[i]));
		else
			print_groups_of(argv[i]);
	return EXIT_YES;
}

const struct command seccomp_groups = {
	.name = "groups",
	.arguments = "[@GROUP|CALL...]",
	.summary = "list the groups of calls, their calls, or the groups of a call",
	.options = options,
	.values = &values,
	.min_args = 0,
	.max_args = -1,
	.run = groups,
};
