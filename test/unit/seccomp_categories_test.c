/* SPDX-License-Identifier: Apache-2.0 */
/* Every call has a category, and no row of the tables of categories and dangers is empty. */
#include "seccomp/categories.h"
#include "seccomp/syscall.h"

#include "unit/tap.h"

static void categories(void)
{
	unsigned int members[CATEGORY_COUNT] = { 0 }, rows = 0;

	for (unsigned int id = 0; id < syscall_count(); id++) {
		enum category c = categories_of(id);

		if (c == CATEGORY_COUNT)
			ok(false, "%s has a category", syscall_name(id));
		else
			members[c]++;
	}
#define IN(category, call) rows++;
#include "seccomp/categories.inc"
	is_int(rows, syscall_count(), "each call is in the table once");
	for (enum category c = 0; c < CATEGORY_COUNT; c++)
		if (!members[c])
			ok(false, "%s has members", categories_name(c));
	is_str(categories_name(categories_of((unsigned int)syscall_id("openat2"))), "files",
	       "openat2");
	is_str(categories_name(categories_of(syscall_count())), "other", "a call that is none");
}

static void dangers(void)
{
	unsigned int rows = 0, calls = 0;

#define FOR(first, call) rows++;
#include "seccomp/dangers.inc"
	for (unsigned int id = 0; id < syscall_count(); id++) {
		const struct danger *d = categories_danger(id);

		if (!d)
			continue;
		calls++;
		if (!d->harm[0] || (d->reach == REACH_HOST) != !!strstr(d->fact, "needs CAP_"))
			ok(false, "%s: what it needs", syscall_name(id));
	}
	is_int(calls, rows, "each dangerous call is in the table once");
	ok(categories_danger((unsigned int)syscall_id("bpf")), "bpf is dangerous");
	ok(!categories_danger((unsigned int)syscall_id("read")), "read is not");
}

int main(void)
{
	categories();
	dangers();
	return done();
}
