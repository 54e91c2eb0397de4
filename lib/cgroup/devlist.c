/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the device rules of cgroup v1.
 *
 * What must hold: a rule that denies something is either in force or an error. The v1 kernel
 * silently ignores a rule that removes a part of a wildcard, so this is detected here, before
 * anything is written.
 *
 * The v1 kernel has a default and exceptions. A rule that is the opposite of the default adds an
 * exception. A rule that equals the default removes the exceptions that it covers. This file
 * computes the result without searching the list: each device of a rule has one row in a table. The
 * row holds, for each access, the time (the number of the rule) at which an exception was last
 * added and last removed. An exception is in force if it was added after the last rule that removed
 * a device covering it.
 */
#include "cgroup/devlist.h"

#include "base/arena.h"
#include "base/err.h"
#include "cgroup/devices.h"

#include <stdio.h>
#include <string.h>

enum { READ, WRITE, MKNOD, ACCESSES };

struct row {
	struct plan_device_rule rule; /* the device; its accesses are not used */
	size_t added[ACCESSES], dropped[ACCESSES];
};

struct table {
	bool allow;   /* the default */
	size_t since; /* time at which the default was set; earlier exceptions do not count */
	size_t now;
	size_t n, room;
	struct row *rows; /* in the order in which the devices first occurred */
	size_t *slots;	  /* hash table: 1 + index into rows; 0: free */
	/*
	 * Number of exceptions in force for one minor number of all majors, and for all minors of
	 * one major.
	 */
	struct partial {
		size_t of_minor[ACCESSES], of_major[ACCESSES];
	} blocks, chars;
};

const char *devlist_rule_text(const struct plan_device_rule *r)
{
	char major[24] = "*", minor[24] = "*";

	if (r->major >= 0)
		snprintf(major, sizeof(major), "%lld", (long long)r->major);
	if (r->minor >= 0)
		snprintf(minor, sizeof(minor), "%lld", (long long)r->minor);
	return arena_printf("%c %s:%s %s%s%s", r->type, major, minor, r->read ? "r" : "",
			    r->write ? "w" : "", r->mknod ? "m" : "");
}

static bool has(const struct plan_device_rule *r, unsigned int access)
{
	return access == READ ? r->read : access == WRITE ? r->write : r->mknod;
}

static size_t *slot_of(const struct table *t, char type, int64_t major, int64_t minor)
{
	const uint64_t odd = 0x9e3779b97f4a7c15;
	uint64_t h = ((uint64_t)major * odd ^ (uint64_t)minor) * odd ^ (uint64_t)type;
	size_t at = (size_t)((h ^ h >> 29) * odd >> 20);

	for (;; at++) {
		size_t *slot = &t->slots[at & (t->room - 1)];
		const struct plan_device_rule *have = &t->rows[*slot ? *slot - 1 : 0].rule;

		if (!*slot || (have->type == type && have->major == major && have->minor == minor))
			return slot;
	}
}

static struct row *row_of(struct table *t, const struct plan_device_rule *rule)
{
	size_t *slot = slot_of(t, rule->type, rule->major, rule->minor);

	if (!*slot) {
		t->rows[t->n++].rule = *rule;
		*slot = t->n;
	}
	return &t->rows[*slot - 1];
}

/*
 * Returns the i-th of the four devices that cover the rule's device; the 0th is the device itself.
 * NULL: no rule has it.
 */
static struct row *cover(const struct table *t, const struct plan_device_rule *rule, unsigned int i)
{
	size_t *slot = slot_of(t, rule->type, i & 1 ? -1 : rule->major, i & 2 ? -1 : rule->minor);

	return *slot ? &t->rows[*slot - 1] : NULL;
}

static bool in_force(const struct table *t, const struct row *row, unsigned int access)
{
	size_t last = t->since;

	for (unsigned int i = 0; i < 4; i++) {
		const struct row *wide = cover(t, &row->rule, i);

		if (wide && wide->dropped[access] > last)
			last = wide->dropped[access];
	}
	return row->added[access] > last;
}

static struct partial *partial_of(struct table *t, const struct plan_device_rule *rule)
{
	return rule->type == 'b' ? &t->blocks : &t->chars;
}

/*
 * Returns the counter of exceptions with the rule's kind of wildcard, or NULL if the rule is about
 * one device or all devices.
 */
static size_t *count_of(struct table *t, const struct plan_device_rule *rule, unsigned int access)
{
	struct partial *p = partial_of(t, rule);

	if ((rule->major < 0) == (rule->minor < 0))
		return NULL;
	return rule->major < 0 ? &p->of_minor[access] : &p->of_major[access];
}

static void add_exception(struct table *t, const struct plan_device_rule *rule)
{
	struct row *row = row_of(t, rule);

	for (unsigned int i = 0; i < ACCESSES; i++) {
		size_t *count = count_of(t, rule, i);

		if (!has(rule, i))
			continue;
		if (count)
			*count += !in_force(t, row, i);
		row->added[i] = t->now;
	}
}

/* Returns an exception of which the rule would remove a part but not all, or NULL. */
static const struct row *find_cut(struct table *t, const struct plan_device_rule *rule,
				  unsigned int access)
{
	const bool all_minors = rule->minor < 0 && rule->major >= 0;
	const bool all_majors = rule->major < 0 && rule->minor >= 0;
	const struct partial *p = partial_of(t, rule);

	for (unsigned int i = 1; i < 4; i++) {
		const struct row *wide = cover(t, rule, i);

		if (wide && wide != cover(t, rule, 0) && in_force(t, wide, access))
			return wide;
	}
	if (!(all_minors && p->of_minor[access]) && !(all_majors && p->of_major[access]))
		return NULL;
	/* a linear search, which runs at most once, because the result is an error */
	for (size_t i = 0; i < t->n; i++) {
		const struct plan_device_rule *have = &t->rows[i].rule;

		if (have->type == rule->type && (all_minors ? have->major : have->minor) < 0 &&
		    in_force(t, &t->rows[i], access))
			return &t->rows[i];
	}
	return NULL;
}

static int fail_cut(const struct table *t, const struct row *row,
		    const struct plan_device_rule *rule)
{
	struct plan_device_rule have = row->rule;

	have.read = in_force(t, row, READ);
	have.write = in_force(t, row, WRITE);
	have.mknod = in_force(t, row, MKNOD);
	return fail(0, "linux.resources.devices: cgroup v1 cannot %s \"%s\" after \"%s\" was %s",
		    rule->allow ? "allow" : "deny", devlist_rule_text(rule),
		    devlist_rule_text(&have), rule->allow ? "denied" : "allowed");
}

static int drop_exceptions(struct table *t, const struct plan_device_rule *rule)
{
	struct row *row = row_of(t, rule);

	for (unsigned int i = 0; i < ACCESSES; i++) {
		struct partial *p = partial_of(t, rule);
		size_t *count = count_of(t, rule, i);

		if (!has(rule, i))
			continue;
		const struct row *cut = find_cut(t, rule, i);

		if (cut)
			return fail_cut(t, cut, rule);
		if (count)
			*count -= in_force(t, row, i);
		else if (rule->major < 0)
			p->of_minor[i] = p->of_major[i] = 0;
		row->dropped[i] = t->now;
	}
	return 0;
}

static bool is_everything(const struct plan_device_rule *r)
{
	return r->type == 'a' && r->major == -1 && r->minor == -1 && r->read && r->write &&
	       r->mknod;
}

static int apply(struct table *t, const struct plan_device_rule *rule)
{
	static const char types[] = "bc";

	t->now++;
	if (is_everything(rule)) {
		t->allow = rule->allow;
		t->since = t->now;
		t->blocks = t->chars = (struct partial){ 0 };
		return 0;
	}
	for (const char *type = types; *type; type++) {
		struct plan_device_rule one = *rule;

		if (rule->type != 'a' && rule->type != *type)
			continue;
		one.type = *type;
		int r = 0;

		if (rule->allow == t->allow)
			r = drop_exceptions(t, &one);
		else
			add_exception(t, &one);
		if (r < 0)
			return r;
	}
	return 0;
}

int devlist_make(const struct plan_device_rule *rules, size_t n, struct devices_list *ret)
{
	struct table t = { .room = 4, .rows = arena_array(2 * n + 1, sizeof(*t.rows)) };
	int r = 0;

	while (t.room < 4 * n)
		t.room *= 2;
	t.slots = arena_array(t.room, sizeof(*t.slots));
	for (size_t i = 0; r == 0 && i < n; i++)
		r = apply(&t, &rules[i]);
	if (r < 0)
		return r;
	*ret = (struct devices_list){ .allow = t.allow,
				      .v = arena_array(t.n + 1, sizeof(*ret->v)) };
	for (size_t i = 0; i < t.n; i++) {
		struct plan_device_rule rule = t.rows[i].rule;

		rule.allow = !t.allow;
		rule.read = in_force(&t, &t.rows[i], READ);
		rule.write = in_force(&t, &t.rows[i], WRITE);
		rule.mknod = in_force(&t, &t.rows[i], MKNOD);
		if (rule.read || rule.write || rule.mknod)
			ret->v[ret->n++] = rule;
	}
	return 0;
}
