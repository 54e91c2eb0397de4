/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the search for a difference between two sets of answers, and its words. */
#include "seccomp/difference.h"

#include "base/arena.h"
#include "seccomp/arch.h"
#include "seccomp/bpf.h"
#include "seccomp/check.h"
#include "seccomp/syscall.h"

struct search {
	const struct canon *canon;
	bool (*counts)(uint32_t a, uint32_t b);
	const struct verdicts_pair *pair;
	const char *found;
};

static const char *say_place(const struct verdicts_pair *pair)
{
	enum abi abi = arch_by_number(pair->audit, pair->first);

	return abi < ABI_COUNT ? arch_abi(abi)->scmp : "other architectures";
}

static bool note_cube(void *ctx, const struct canon_cube *cube)
{
	struct search *s = ctx;
	const char *args = "";
	int n = 6;

	if (s->counts && !s->counts(cube->action[0], cube->action[1]))
		return true;
	while (n && !cube->mask[n - 1])
		n--;
	for (int i = 0; i < n; i++)
		args = arena_printf("%s%s0x%llx", args, i ? ", " : "",
				    (unsigned long long)cube->value[i]);
	s->found = arena_printf(
		"%s(%s) on %s: %s and %s", syscall_words(s->pair->audit, s->pair->first), args,
		say_place(s->pair), check_action(cube->action[0]), check_action(cube->action[1]));
	return false;
}

static bool note_pair(void *ctx, const struct verdicts_pair *pair)
{
	struct search *s = ctx;

	s->pair = pair;
	canon_each(s->canon, pair->a, pair->b, true, note_cube, s);
	return !s->found;
}

const char *difference_first(const struct canon *canon, const struct verdicts *a,
			     const struct verdicts *b, bool (*counts)(uint32_t a, uint32_t b))
{
	struct search s = { .canon = canon, .counts = counts };

	verdicts_each(a, b, note_pair, &s);
	return s.found;
}
