/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the counts of calls by how they are answered, which `show` prints. */
#include "cmd/seccomp/tally.h"

#include "base/arena.h"
#include "cmd/seccomp/say.h"
#include "oci/jsonw.h"
#include "seccomp/categories.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <stdio.h>
#include <string.h>

enum tally_kind tally_kind_of(const struct canon *canon, canon_ref decision)
{
	uint32_t action;

	if (!canon_is_leaf(canon, decision, &action))
		return TALLY_BY_ARGS;
	switch (action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
		return TALLY_ALLOWED;
	case SECCOMP_RET_USER_NOTIF:
	case SECCOMP_RET_TRACE:
		return TALLY_ASKED;
	default:
		return TALLY_DENIED;
	}
}

/* Stores the kind of a call; false if it has no number on that ABI. */
static bool kind_of(const struct canon *canon, const struct verdicts *verdicts, enum abi abi,
		    unsigned int id, enum tally_kind *ret)
{
	uint32_t nr = syscall_nr(abi, id);

	if (nr == SYSCALL_NONE)
		return false;
	*ret = tally_kind_of(
		canon, verdicts_at(verdicts, arch_abi(abi)->audit, nr | arch_abi(abi)->nr_bit));
	return true;
}

/* category CATEGORY_COUNT: of all. */
static struct tally count(const struct canon *canon, const struct verdicts *verdicts, enum abi abi,
			  enum category category)
{
	struct tally ret = { 0 };
	enum tally_kind kind;

	for (unsigned int id = 0; id < syscall_count(); id++)
		if ((category == CATEGORY_COUNT || categories_of(id) == category) &&
		    kind_of(canon, verdicts, abi, id, &kind))
			ret.n[kind]++;
	return ret;
}

struct tally tally_abi(const struct canon *canon, const struct verdicts *verdicts, enum abi abi)
{
	return count(canon, verdicts, abi, CATEGORY_COUNT);
}

static bool is_danger(const struct canon *canon, const struct verdicts *verdicts, enum abi abi,
		      unsigned int id)
{
	const struct danger *danger = categories_danger(id);
	enum tally_kind kind;

	return danger && danger->reach != REACH_COMMON &&
	       kind_of(canon, verdicts, abi, id, &kind) && kind == TALLY_ALLOWED;
}

void tally_print_head(const char *name, bool markdown)
{
	printf(markdown ? "\n| %s | %s | %s | %s | %s |\n" : "\n%-12s %8s %8s %8s %8s\n", name,
	       "allowed", "denied", "by args", "asked");
	if (markdown)
		printf("| --- | ---: | ---: | ---: | ---: |\n");
}

void tally_print_row(const char *name, const struct tally *t, bool markdown)
{
	printf(markdown ? "| %s | %u | %u | %u | %u |\n" : "%-12s %8u %8u %8u %8u\n", name,
	       t->n[TALLY_ALLOWED], t->n[TALLY_DENIED], t->n[TALLY_BY_ARGS], t->n[TALLY_ASKED]);
}

/* One item a row of the table of dangers, with all its calls that are allowed. */
static void print_dangers(const struct canon *canon, const struct verdicts *verdicts, enum abi abi,
			  bool markdown)
{
	bool *done = arena_array(syscall_count(), sizeof(*done)), any = false;

	for (unsigned int id = 0; id < syscall_count(); id++) {
		const char *names = syscall_name(id);

		if (done[id] || !is_danger(canon, verdicts, abi, id))
			continue;
		for (unsigned int i = id + 1; i < syscall_count(); i++)
			if (categories_danger(i) == categories_danger(id) &&
			    is_danger(canon, verdicts, abi, i)) {
				names = arena_printf("%s, %s", names, syscall_name(i));
				done[i] = true;
			}
		if (!any)
			printf(markdown ? "\nAllowed, and known from attacks:\n\n"
					: "\nallowed, and known from attacks:\n");
		any = true;
		if (markdown)
			printf("- %s: %s\n", names, categories_danger(id)->harm);
		else
			say_print(6, arena_printf("  %s: %s", names, categories_danger(id)->harm));
	}
}

void tally_print(const struct canon *canon, const struct verdicts *verdicts, enum abi abi,
		 bool markdown)
{
	tally_print_head(arch_name(abi), markdown);
	for (enum category c = 0; c < CATEGORY_COUNT; c++) {
		struct tally t = count(canon, verdicts, abi, c);

		tally_print_row(categories_name(c), &t, markdown);
	}
	print_dangers(canon, verdicts, abi, markdown);
}

void tally_write(struct jsonw *w, const struct canon *canon, const struct verdicts *verdicts,
		 enum abi abi)
{
	static const char *const keys[] = { "allowed", "denied", "byArguments", "asked" };

	jsonw_member_array(w, "categories");
	for (enum category c = 0; c < CATEGORY_COUNT; c++) {
		jsonw_object(w);
		jsonw_member_string(w, "category", categories_name(c));
		for (unsigned int kind = 0; kind < TALLY_KINDS; kind++) {
			enum tally_kind found;

			jsonw_member_array(w, keys[kind]);
			for (unsigned int id = 0; id < syscall_count(); id++)
				if (categories_of(id) == c &&
				    kind_of(canon, verdicts, abi, id, &found) && found == kind)
					jsonw_string(w, syscall_name(id));
			jsonw_end(w);
		}
		jsonw_end(w);
	}
	jsonw_end(w);
	jsonw_member_array(w, "dangers");
	for (unsigned int id = 0; id < syscall_count(); id++) {
		if (!is_danger(canon, verdicts, abi, id))
			continue;
		jsonw_object(w);
		jsonw_member_string(w, "call", syscall_name(id));
		jsonw_member_string(w, "harm", categories_danger(id)->harm);
		jsonw_member_string(w, "fact", categories_danger(id)->fact);
		jsonw_end(w);
	}
	jsonw_end(w);
}
