/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the application of device rules, and the choice between v1 (devlist.c) and v2 (devprog.c).
 */
#include "cgroup/devices.h"

#include "base/err.h"
#include "base/fd.h"
#include "cgroup/cgdir.h"
#include "cgroup/devlist.h"
#include "cgroup/devprog.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* Writes each row separately, because the kernel takes one rule per write. */
static int write_list(int leaf, const struct devices_list *list)
{
	const char *first = list->allow ? "devices.allow" : "devices.deny";
	const char *others = list->allow ? "devices.deny" : "devices.allow";
	int r = cgdir_write(leaf, first, "a");

	if (r < 0)
		return fail(-r, "write \"a\" to %s", first);
	if (list->n == 0)
		return 0;
	autofd fd = openat(leaf, others, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);

	if (fd < 0)
		return fail(errno, "open %s", others);
	for (size_t i = 0; i < list->n; i++) {
		const char *text = devlist_rule_text(&list->v[i]);

		if (write(fd, text, strlen(text)) < 0)
			return fail(errno, "write \"%s\" to %s", text, others);
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
		int r = devlist_make(plan->rules, plan->n_rules, &list);

		if (r == 0)
			r = write_list(leaf, &list);
		return r < 0 ? wrap(r, "cgroup %s in %s", dir->path, dir->name) : 0;
	}
	const struct bpf_insn *insns = devprog_make(plan->rules, plan->n_rules, &n);
	int r = devprog_attach(leaf, insns, n, fresh);

	if (r < 0)
		return fail(-r,
			    "linux.resources.devices: cannot attach the device program to cgroup "
			    "%s",
			    dir->path);
	return 0;
}
