/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what a service manager gives a service: sockets that it listens on (LISTEN_FDS,
 * sd_listen_fds(3)) and a socket to report readiness (NOTIFY_SOCKET, sd_notify(3)). What must hold:
 * the program gets exactly the descriptors that are meant for it, and never the manager's own
 * socket. Instead it gets a socket of ours in a tmpfs, whose messages are forwarded.
 */
#include "base/arena.h"
#include "plan/make.h"

#include <linux/mount.h>
#include <stdio.h>
#include <string.h>

enum { LISTEN_PID_SIZE = sizeof("LISTEN_PID=-2147483648") };

/* Sets a variable, replacing one of the config. The caller keeps the text. */
static void set_variable(struct plan *plan, char *text)
{
	char *const *old = plan->process.envp;
	size_t n = 0, kept = 0, name = strcspn(text, "=") + 1;

	while (old[n])
		n++;
	char **v = arena_array(n + 2, sizeof(*v));

	for (size_t i = 0; i < n; i++)
		if (strncmp(old[i], text, name) != 0)
			v[kept++] = old[i];
	v[kept] = text;
	plan->process.envp = v;
}

/* Adds a tmpfs of the container, which contains nothing of the host. */
static void add_mount(struct plan *plan)
{
	static const struct plan_option options[] = { { "mode", "755" },
						      { "size", "4k" },
						      { "nr_inodes", "4" } };
	struct plan_mount *v = arena_array(plan->n_mounts + 1, sizeof(*v));

	if (plan->n_mounts)
		memcpy(v, plan->mounts, plan->n_mounts * sizeof(*v));
	v[plan->n_mounts++] = (struct plan_mount){
		.kind = PLAN_MOUNT_FS,
		.place = "NOTIFY_SOCKET",
		.destination = "/run/notify",
		.fstype = "tmpfs",
		.sdnotify = true,
		.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV |
			    MOUNT_ATTR_NOEXEC,
		.n_options = ARRAY_LEN(options),
		.options = options,
	};
	plan->mounts = v;
	plan->sdnotify = true;
}

void plan_systemd_make(const struct plan_input *in, struct plan *plan)
{
	const struct plan_options *o = in->options;

	if (o->listen_fds) {
		plan->preserve_fds += o->listen_fds;
		plan->listen_pid = arena_alloc(LISTEN_PID_SIZE);
		plan_systemd_listen_pid(plan, 1);
		set_variable(plan, arena_printf("LISTEN_FDS=%u", o->listen_fds));
		set_variable(plan, plan->listen_pid);
		if (o->listen_names)
			set_variable(plan, arena_printf("LISTEN_FDNAMES=%s", o->listen_names));
	}
	if (o->sdnotify) {
		add_mount(plan);
		set_variable(plan, arena_strdup("NOTIFY_SOCKET=/run/notify/notify.sock"));
	}
}

void plan_systemd_listen_pid(const struct plan *plan, pid_t pid)
{
	if (plan->listen_pid)
		snprintf(plan->listen_pid, LISTEN_PID_SIZE, "LISTEN_PID=%d", pid);
}
