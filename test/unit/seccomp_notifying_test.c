/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The filter that notifies a supervisor answers as the profile does, but USER_NOTIF for what the
 * profile denies. Both programs are analysed as a whole, for random profiles.
 */
#include "base/arena.h"
#include "base/err.h"
#include "seccomp/bitmap.h"
#include "seccomp/bpf.h"
#include "seccomp/filter.h"
#include "seccomp/notifying.h"
#include "seccomp/verdicts.h"
#include "unit/seccomp_random.h"
#include "unit/tap.h"

#include <string.h>

static struct canon canon;

static bool is_right_cube(void *ctx, const struct canon_cube *cube)
{
	bool *right = ctx;
	uint32_t wanted =
		notifying_is_denial(cube->action[0]) ? SECCOMP_RET_USER_NOTIF : cube->action[0];

	*right &= cube->action[1] == wanted;
	return *right;
}

static bool is_right_pair(void *ctx, const struct verdicts_pair *pair)
{
	bool *right = ctx;
	uint32_t action;

	if (pair->first >= NOTIFYING_KILL_PROCESS && pair->last <= NOTIFYING_TRAP)
		*right &=
			pair->first == pair->last && canon_is_leaf(&canon, pair->b, &action) &&
			action == (pair->first == NOTIFYING_KILL_PROCESS  ? SECCOMP_RET_KILL_PROCESS
				   : pair->first == NOTIFYING_KILL_THREAD ? SECCOMP_RET_KILL_THREAD
									  : SECCOMP_RET_TRAP);
	else
		canon_each(&canon, pair->a, pair->b, false, is_right_cube, right);
	return *right;
}

static bool keeps_bitmap(const struct bpf_program *a, const struct bpf_program *b, enum abi native)
{
	for (uint32_t nr = 0; nr < 480; nr++)
		if (bitmap_serves(a, native, nr) != bitmap_serves(b, native, nr))
			return false;
	return true;
}

/* 1: right; 0: wrong; -1: the profile cannot be compiled, or its filter is too long. */
static int is_right(unsigned int number)
{
	struct profile p;
	enum abi native;
	struct verdicts a, b;
	const struct filter *profile, *loaded;

	canon_init(&canon);
	make_random(number, &p, &native);
	const struct filter_options o = { .machine = arch_abi(native)->machine,
					  .kernel_flags = UINT64_MAX };

	if (filter_compile(&p, &o, &profile) < 0 ||
	    notifying_make(profile, UINT64_MAX, "p", &loaded) < 0)
		return -1;
	const struct bpf_program pa = { profile->code, profile->len };
	const struct bpf_program pb = { loaded->code, loaded->len };

	if (bpf_first_bad(pb.code, pb.len) >= 0 || verdicts_of_program(&pa, &canon, &a) < 0 ||
	    verdicts_of_program(&pb, &canon, &b) < 0 || canon.overflow)
		return 0;
	bool right = keeps_bitmap(&pa, &pb, native);

	verdicts_each(&a, &b, is_right_pair, &right);
	return right;
}

static const struct profile plain = { .place = "p", .default_action = SECCOMP_RET_ERRNO | 1 };

static bool refuses_listener(void)
{
	const char *name = "mkdir";
	const struct rule rule = { .action = SECCOMP_RET_USER_NOTIF, .n_names = 1, .names = &name };
	const struct filter_options o = { .machine = "x86_64", .kernel_flags = UINT64_MAX };
	struct profile p = plain;
	const struct filter *profile, *loaded;

	p.n_rules = 1;
	p.rules = &rule;
	return filter_compile(&p, &o, &profile) == 0 &&
	       notifying_make(profile, UINT64_MAX, "p", &loaded) < 0 &&
	       strstr(err_message(), "p: found SCMP_ACT_NOTIFY");
}

static bool refuses_old_kernel(void)
{
	const struct filter_options o = { .machine = "x86_64", .kernel_flags = UINT64_MAX };
	const struct filter *profile, *loaded;

	return filter_compile(&plain, &o, &profile) == 0 &&
	       notifying_make(profile, 0, "p", &loaded) < 0;
}

static bool is_as_long(void)
{
	const struct filter_options o = { .machine = "x86_64", .kernel_flags = UINT64_MAX };
	const struct filter *profile, *loaded;

	if (filter_compile(&plain, &o, &profile) < 0 ||
	    notifying_make(profile, SECCOMP_FILTER_FLAG_NEW_LISTENER, "p", &loaded) < 0)
		return false;
	return loaded->len == profile->len + 8 && loaded->user_notif &&
	       loaded->flags == (profile->flags | SECCOMP_FILTER_FLAG_NEW_LISTENER);
}

int main(void)
{
	unsigned int n = getenv("TAMIS_TEST_ALL") ? 5000 : 150, wrong = 0, compiled = 0;

	for (unsigned int i = 0; i < n; i++) {
		int r = is_right(i);

		compiled += r >= 0;
		wrong += r == 0;
		if (r == 0)
			printf("# random profile %u\n", i);
		err_clear();
		arena_reset();
	}
	ok(wrong == 0 && compiled > n / 2,
	   "%u random profiles: denials notify, the rest is the same", compiled);
	ok(is_as_long(),
	   "a profile that denies unknown numbers gets eight instructions, at the end");
	ok(refuses_listener(), "a profile with SCMP_ACT_NOTIFY is refused by name");
	ok(refuses_old_kernel(), "a kernel without listeners is refused");
	return done();
}
