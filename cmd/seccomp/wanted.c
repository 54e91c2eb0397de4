/* SPDX-License-Identifier: Apache-2.0 */
/* Owns how the options of an edit become wishes. */
#include "cmd/seccomp/wanted.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "cmd/seccomp/question.h"
#include "seccomp/errno_names.h"
#include "seccomp/groups.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <stdlib.h>
#include <string.h>

/* Later ranks win. */
enum rank { BY_GROUP, BY_NAME, BY_ARGUMENTS };

struct want {
	enum rank rank;
	size_t order;
	const char *option;
	struct wish wish;
};

struct reader {
	enum abi native;
	size_t n, room;
	struct want *v;
};

static void add(struct reader *r, enum rank rank, const char *option, const struct wish *wish)
{
	r->v = arena_grow(r->v, r->n, &r->room, sizeof(*r->v));
	r->v[r->n] = (struct want){ rank, r->n, option, *wish };
	r->n++;
}

static int add_group(struct reader *r, const char *option, const char *name, uint32_t action)
{
	const struct group *group = groups_find(name);
	bool *member = arena_array(syscall_count(), sizeof(*member));

	if (!group) {
		const char *like = groups_like(name);

		return fail(0, "--%s: unknown group '%s'%s%s%s", option, name,
			    like ? "; did you mean '" : "", like ? like : "", like ? "'?" : "");
	}
	groups_add(group, member);
	for (unsigned int id = 0; id < syscall_count(); id++)
		if (member[id])
			add(r, BY_GROUP, option, &(struct wish){ .id = id, .action = action });
	return 0;
}

/* "socket:family=AF_UNIX:type&SOCK_STREAM": a name and arguments. */
static int add_call(struct reader *r, const char *option, const char *text, uint32_t action)
{
	size_t len = strcspn(text, ":");
	struct question q;
	struct wish wish = { .action = action };
	unsigned int at = 0;
	int result = question_parse_call(arena_memdup(text, len), r->native, &q);

	for (const char *p = text + len; result == 0 && *p; p += len) {
		len = strcspn(++p, ":");
		result = question_parse_arg(arena_memdup(p, len), r->native, &at, &q);
	}
	if (result < 0)
		return wrap(result, "--%s", option);
	if (q.id < 0)
		return fail(0, "--%s: no call has the number %s", option, text);
	wish.id = (unsigned int)q.id;
	memcpy(wish.mask, q.mask, sizeof(wish.mask));
	memcpy(wish.value, q.value, sizeof(wish.value));
	add(r, strchr(text, ':') ? BY_ARGUMENTS : BY_NAME, option, &wish);
	return 0;
}

static int add_word(struct reader *r, const char *option, const char *word, uint32_t action)
{
	return word[0] == '@' ? add_group(r, option, word, action)
			      : add_call(r, option, word, action);
}

/* The words of one use of an option, with commas between them. */
static int add_words(struct reader *r, const char *option, const char *words, uint32_t action)
{
	int result = 0;

	if (!*words)
		return fail(0, "--%s: expected system calls, found ''", option);
	while (result == 0 && *words) {
		size_t n = strcspn(words, ",");

		result = n ? add_word(r, option, arena_memdup(words, n), action)
			   : fail(0, "--%s: expected a system call, found ','", option);
		words += n + (words[n] == ',');
	}
	return result;
}

static int add_lists(struct reader *r, const char *option, const struct strings *lists,
		     uint32_t action)
{
	int result = 0;

	for (size_t i = 0; result == 0 && i < lists->n; i++)
		result = add_words(r, option, lists->v[i], action);
	return result;
}

/* "openat2,clone3=ENOSYS,socket:family=AF_VSOCK=EACCES": the error is behind the last '='. */
static int add_errnos(struct reader *r, const struct strings *lists)
{
	enum { ERRNO_MAX = 4095 };

	for (size_t i = 0; i < lists->n; i++) {
		const char *words = lists->v[i];

		while (*words) {
			/* to the end of the first word that has an error */
			size_t n = 0, equals = 0;
			uint32_t code;

			do {
				size_t end = n + strcspn(words + n, ",");

				equals = 0;
				for (size_t j = n; j < end; j++)
					if (words[j] == '=')
						equals = j;
				n = end + (words[end] == ',');
			} while (!equals && words[n]);
			const char *error = arena_memdup(
				words + equals + 1, equals ? strcspn(words + equals + 1, ",") : 0);
			int found = errno_names_find(error);

			if (found >= 0)
				code = (uint32_t)found;
			else if (!equals || num_parse_u32(error, &code) < 0 || code > ERRNO_MAX)
				return fail(0,
					    "--errno: expected CALL=ERROR such as clone3=ENOSYS, "
					    "found '%s'",
					    lists->v[i]);
			int result = add_words(r, "errno", arena_memdup(words, equals),
					       SECCOMP_RET_ERRNO | code);

			if (result < 0)
				return result;
			words += n;
		}
	}
	return 0;
}

static int compare_wants(const void *a, const void *b)
{
	const struct want *x = a, *y = b;

	if (x->wish.id != y->wish.id)
		return x->wish.id < y->wish.id ? -1 : 1;
	if (x->rank != y->rank)
		return x->rank < y->rank ? -1 : 1;
	return (x->order > y->order) - (x->order < y->order);
}

/* Whether two wishes of one rank say different things of one call. */
static bool contradict(const struct want *x, const struct want *y)
{
	return x->wish.id == y->wish.id && x->rank == y->rank && x->wish.action != y->wish.action &&
	       memcmp(x->wish.mask, y->wish.mask, sizeof(x->wish.mask)) == 0 &&
	       memcmp(x->wish.value, y->wish.value, sizeof(x->wish.value)) == 0;
}

static int finish(struct reader *r, struct wishes *ret)
{
	struct wish *v = arena_array(r->n + 1, sizeof(*v));

	if (!r->n)
		return fail(0, "expected what to change, such as --allow or --deny");
	qsort(r->v, r->n, sizeof(*r->v), compare_wants);
	for (size_t i = 0; i < r->n; i++) {
		if (i && contradict(&r->v[i - 1], &r->v[i]))
			return fail(0, "%s: found in --%s and in --%s",
				    syscall_name(r->v[i].wish.id), r->v[i - 1].option,
				    r->v[i].option);
		v[i] = r->v[i].wish;
	}
	ret->n = r->n;
	ret->v = v;
	return 0;
}

/* What --deny means: the default action if that denies. */
static uint32_t denial(uint32_t default_action)
{
	switch (default_action & SECCOMP_RET_ACTION_FULL) {
	case SECCOMP_RET_ALLOW:
	case SECCOMP_RET_LOG:
	case SECCOMP_RET_TRACE:
	case SECCOMP_RET_USER_NOTIF:
		return SECCOMP_RET_ERRNO | EPERM;
	default:
		return default_action;
	}
}

int wanted_read(const struct wanted_options *o, uint32_t default_action, enum abi native,
		struct wishes *ret)
{
	struct reader r = { .native = native };
	const struct {
		const char *option;
		const struct strings *lists;
		uint32_t action;
	} rows[] = {
		{ "allow", &o->allow, SECCOMP_RET_ALLOW },
		{ "deny", &o->deny, denial(default_action) },
		{ "log", &o->log, SECCOMP_RET_LOG },
		{ "kill", &o->kill, SECCOMP_RET_KILL_PROCESS },
		{ "kill-thread", &o->kill_thread, SECCOMP_RET_KILL_THREAD },
		{ "trap", &o->trap, SECCOMP_RET_TRAP },
		{ "trace", &o->trace, SECCOMP_RET_TRACE },
		{ "notify", &o->notify, SECCOMP_RET_USER_NOTIF },
	};
	int result = 0;

	for (size_t i = 0; result == 0 && i < ARRAY_LEN(rows); i++)
		result = add_lists(&r, rows[i].option, rows[i].lists, rows[i].action);
	if (result == 0)
		result = add_errnos(&r, &o->errno_is);
	return result < 0 ? result : finish(&r, ret);
}
