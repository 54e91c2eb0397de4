/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the device rules of cgroup v1 and the choice between v1 and v2. What must hold: a rule
 * that denies something is either in force or an error. The v1 kernel ignores a rule that
 * takes a part out of a wildcard without a word, so that is found here, before it is written.
 */
#include "cgroup/devices.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "cgroup/apply.h"
#include "cgroup/dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static bool covers(int64_t wide, int64_t narrow)
{
	return wide == -1 || wide == narrow;
}

static bool meets(int64_t a, int64_t b)
{
	return covers(a, b) || covers(b, a);
}

static bool same_device(const struct plan_device_rule *a, const struct plan_device_rule *b)
{
	return a->type == b->type && a->major == b->major && a->minor == b->minor;
}

static bool share_access(const struct plan_device_rule *a, const struct plan_device_rule *b)
{
	return (a->read && b->read) || (a->write && b->write) || (a->mknod && b->mknod);
}

static const char *rule_text(const struct plan_device_rule *r)
{
	char major[24] = "*", minor[24] = "*";

	if (r->major >= 0)
		snprintf(major, sizeof(major), "%lld", (long long)r->major);
	if (r->minor >= 0)
		snprintf(minor, sizeof(minor), "%lld", (long long)r->minor);
	return arena_printf("%c %s:%s %s%s%s", r->type, major, minor, r->read ? "r" : "",
			    r->write ? "w" : "", r->mknod ? "m" : "");
}

/* The other way round than the default: one more row, or more letters in one. */
static void add_exception(struct devices_list *list, const struct plan_device_rule *rule)
{
	for (size_t i = 0; i < list->n; i++) {
		struct plan_device_rule *have = &list->v[i];

		if (same_device(have, rule)) {
			have->read |= rule->read;
			have->write |= rule->write;
			have->mknod |= rule->mknod;
			return;
		}
	}
	list->v[list->n++] = *rule;
}

/* Back to the default: takes the letters from every row that the rule covers. */
static int drop_exceptions(struct devices_list *list, const struct plan_device_rule *rule)
{
	size_t kept = 0;

	for (size_t i = 0; i < list->n; i++) {
		struct plan_device_rule have = list->v[i];

		if (have.type == rule->type && share_access(&have, rule)) {
			if (covers(rule->major, have.major) && covers(rule->minor, have.minor)) {
				have.read &= !rule->read;
				have.write &= !rule->write;
				have.mknod &= !rule->mknod;
			} else if (meets(rule->major, have.major) &&
				   meets(rule->minor, have.minor)) {
				return fail(0,
					    "linux.resources.devices: cgroup v1 cannot %s \"%s\" "
					    "after \"%s\" was %s",
					    rule->allow ? "allow" : "deny", rule_text(rule),
					    rule_text(&have), rule->allow ? "denied" : "allowed");
			}
		}
		if (have.read || have.write || have.mknod)
			list->v[kept++] = have;
	}
	list->n = kept;
	return 0;
}

static bool is_everything(const struct plan_device_rule *r)
{
	return r->type == 'a' && r->major == -1 && r->minor == -1 && r->read && r->write &&
	       r->mknod;
}

int devices_make_list(const struct plan_device_rule *rules, size_t n, struct devices_list *ret)
{
	*ret = (struct devices_list){ .v = arena_array(2 * n + 1, sizeof(*ret->v)) };
	for (size_t i = 0; i < n; i++) {
		static const char types[] = "bc";

		if (is_everything(&rules[i])) {
			ret->allow = rules[i].allow;
			ret->n = 0;
			continue;
		}
		for (const char *type = types; *type; type++) {
			struct plan_device_rule rule = rules[i];
			int r = 0;

			if (rule.type != 'a' && rule.type != *type)
				continue;
			rule.type = *type;
			if (rule.allow == ret->allow)
				r = drop_exceptions(ret, &rule);
			else if (rule.read || rule.write || rule.mknod)
				add_exception(ret, &rule);
			if (r < 0)
				return r;
		}
	}
	return 0;
}

/* One write for each row: the kernel takes one rule at a time. */
static int write_list(int leaf, const struct devices_list *list)
{
	const char *first = list->allow ? "devices.allow" : "devices.deny";
	const char *others = list->allow ? "devices.deny" : "devices.allow";
	int r = cgdir_write(leaf, first, "a");

	if (r < 0)
		return fail(-r, "cannot write \"a\" to %s", first);
	if (list->n == 0)
		return 0;
	autofd fd = openat(leaf, others, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return fail(errno, "cannot open %s", others);
	for (size_t i = 0; i < list->n; i++) {
		const char *text = rule_text(&list->v[i]);

		if (write(fd, text, strlen(text)) < 0)
			return fail(errno, "cannot write \"%s\" to %s", text, others);
	}
	return 0;
}

int devices_apply(const struct plan_cgroup *plan, struct leaves *leaves, bool fresh)
{
	const struct cgroup *cgroup = leaves->cgroup;
	const struct cgroup_dir *v1 = cgdir_find_v1(cgroup, "devices");
	const struct cgroup_dir *dir = v1 ? v1 : cgdir_find_v2(cgroup);
	struct devices_list list;
	size_t n;

	if (!plan->set_devices)
		return 0;
	if (!dir)
		return fail(0, "linux.resources.devices: this host has no cgroup controller "
			       "\"devices\"");
	int leaf = leaves_open(leaves, (size_t)(dir - cgroup->v));

	if (leaf < 0)
		return leaf;
	if (v1) {
		int r = devices_make_list(plan->rules, plan->n_rules, &list);

		if (r == 0)
			r = write_list(leaf, &list);
		return r < 0 ? wrap(r, "cgroup %s in %s", dir->path, dir->name) : 0;
	}
	const struct bpf_insn *insns = devices_make_program(plan->rules, plan->n_rules, &n);
	int r = devices_attach(leaf, insns, n, fresh);

	if (r < 0)
		return fail(-r,
			    "linux.resources.devices: cannot attach the device program to cgroup "
			    "%s",
			    dir->path);
	return 0;
}
