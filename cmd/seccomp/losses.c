/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the words for what a form cannot say. */
#include "cmd/seccomp/losses.h"

#include "base/arena.h"
#include "cmd/seccomp/changes.h"
#include "cmd/seccomp/say.h"

#include <stdio.h>

enum { SHOWN = 12 }; /* calls that are listed for one loss */

static bool any(uint32_t a not_used, uint32_t b not_used)
{
	return true;
}

const char *losses_first(const struct canon *canon, const struct verdicts *wanted,
			 const struct verdicts *written)
{
	struct changes_example example;
	struct changes changes;

	changes_collect(wanted, written, &changes);
	if (!changes_first(canon, &changes, any, &example))
		return NULL;
	return arena_printf("%s: %s would become %s", example.call, say_action(example.action[0]),
			    say_action(example.action[1]));
}

static bool is_alike(const struct canon *canon, const struct change *x, const struct change *y)
{
	uint32_t action;

	return x->abi == y->abi && x->a == y->a && x->b == y->b &&
	       canon_is_leaf(canon, x->a, &action) && canon_is_leaf(canon, x->b, &action);
}

static void print_one(const struct canon *canon, const struct changes *changes, size_t first,
		      bool *done)
{
	struct changes one = { .n = 1, .v = &changes->v[first] };
	struct changes_example example;
	const char *calls = "";
	size_t n = 0;

	for (size_t i = first + 1; i < changes->n; i++)
		if (is_alike(canon, &changes->v[first], &changes->v[i])) {
			done[i] = true;
			if (n++ < SHOWN)
				calls = arena_printf("%s%s%s", calls, *calls ? ", " : "; so do ",
						     say_numbers(&changes->v[i]));
		}
	if (n > SHOWN)
		calls = arena_printf("%s and %zu more", calls, n - SHOWN);
	if (changes_first(canon, &one, any, &example))
		say_print_to(stderr, 2,
			     arena_printf("lost: %s: %s becomes %s%s", example.call,
					  say_action(example.action[0]),
					  say_action(example.action[1]), calls));
}

void losses_print(const struct canon *canon, const struct verdicts *wanted,
		  const struct verdicts *written)
{
	struct changes changes;

	changes_collect(wanted, written, &changes);
	bool *done = arena_array(changes.n, sizeof(*done));

	for (size_t i = 0; i < changes.n; i++)
		if (!done[i])
			print_one(canon, &changes, i, done);
}
