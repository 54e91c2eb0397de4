/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the life of a scope as tamis sees it. What must hold: the scope exists with its limits
 * before the container's process does. tamis-systemd stays in it until then and is killed when we
 * end, after which systemd removes the scope. No unit is changed that does not have the container's
 * mark, whatever its name.
 */
#include "cgroup/scope.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/msg.h"
#include "base/sys.h"
#include "cgroup/cgdir.h"
#include "cgroup/properties.h"
#include "cgroup/systemd.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEAVE_MS = 10000 };

int scope_check(const char **ret_program)
{
	static const char program[] = SYSTEMD_PROGRAM;
	struct stat st;

	if (ret_program)
		*ret_program = NULL;
	if (!*program)
		return fail(0, "cgroup manager \"systemd\": this build has none (it was configured "
			       "without libsystemd)");
	if (faccessat(AT_FDCWD, program, X_OK, AT_EACCESS) < 0)
		return fail(0, "cgroup manager \"systemd\": %s is not installed", program);
	if (ret_program)
		*ret_program = program;
	/* sd_booted(3) */
	if (fstatat(AT_FDCWD, "/run/systemd/system", &st, AT_SYMLINK_NOFOLLOW) < 0)
		return fail(0, "cgroup manager \"systemd\": systemd is not running here "
			       "(/run/systemd/system is missing)");
	return 0;
}

/* Doubles the room, so that the cost is linear in the length. */
static void put(struct text *text, const char *more)
{
	size_t n = strlen(more), room = 256;

	while (room < text->len + 1)
		room *= 2;
	if (!text->data || text->len + n + 1 > room) {
		while (room < text->len + n + 1)
			room *= 2;
		char *bigger = arena_alloc(room);

		if (text->len)
			memcpy(bigger, text->data, text->len);
		text->data = bigger;
	}
	memcpy(text->data + text->len, more, n + 1);
	text->len += n;
}

static void put_property(struct text *text, const struct plan_property *p)
{
	put(text, arena_printf("property %u %s %s %s\n", p->since, p->type, p->name, p->value));
}

struct text scope_request(const char *verb, const struct plan_cgroup *plan,
			  const struct cgroup *cgroup)
{
	const struct cgroup_scope *scope = &cgroup->scope;
	struct properties p = { 0 };
	struct text text = { 0 };

	put(&text, arena_printf("%s\nbus %s\nunit %s\ndescription %s\n", verb,
				scope->user ? "user" : "system", scope->unit, scope->mark));

	if (plan) {
		properties_make(plan, cgroup, &p);
		if (plan->slice)
			put(&text, arena_printf("slice %s\n", plan->slice));
		for (size_t i = 0; i < plan->n_properties; i++)
			put_property(&text, &plan->properties[i]);
		for (size_t i = 0; i < p.n; i++)
			put_property(&text, &p.v[i]);
	}
	return text;
}

/* Sends a request and waits for the answer. The caller ends the keeper. */
static int ask(const struct text *request, bool user, struct scope_keeper *keeper,
	       struct msg *answer)
{
	int r = systemd_run(request, user, keeper);

	if (r >= 0)
		r = systemd_answer(keeper, answer);
	if (r < 0)
		scope_abandon(keeper);
	return r;
}

static int ask_once(const char *verb, const struct plan_cgroup *plan, const struct cgroup *cgroup)
{
	struct text request = scope_request(verb, plan, cgroup);
	struct scope_keeper keeper = SCOPE_KEEPER_NONE;
	struct msg *answer = arena_alloc(sizeof(*answer));
	int r = ask(&request, cgroup->scope.user, &keeper, answer);

	scope_abandon(&keeper);
	return r;
}

/*
 * Takes the cgroup path that systemd reports. tamis and engines expect it to end with the unit's
 * name.
 */
static int take_path(struct cgroup *cgroup, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (!cgdir_is_leaf_path(path) || strcmp(slash + 1, cgroup->scope.unit) != 0)
		return fail(0,
			    "systemd says that %s is in cgroup \"%s\": expected a path that "
			    "ends with its name",
			    cgroup->scope.unit, path);
	for (size_t i = 0; i < cgroup->n; i++)
		cgroup->v[i].path = arena_strdup(path);
	return 0;
}

int scope_start(const struct plan_cgroup *plan, struct cgroup *cgroup, struct scope_keeper *ret)
{
	struct text request = scope_request("start", plan, cgroup);
	struct msg *answer = arena_alloc(sizeof(*answer));
	int r = ask(&request, cgroup->scope.user, ret, answer);

	if (r < 0)
		return r;
	cgroup->scope.keeper = r;
	r = take_path(cgroup, answer->text);
	if (r < 0)
		scope_abandon(ret); /* the scope ends with it */
	return r;
}

int scope_leave(const struct cgroup *cgroup, struct scope_keeper *keeper)
{
	if (keeper->pidfd < 0)
		return 0;
	int r = msg_send(keeper->sock, SYSTEMD_LEAVE, 0, NULL, NULL, 0);

	if (r == 0)
		r = systemd_await_end(keeper, LEAVE_MS);
	if (r < 0) {
		r = fail(-r, "systemd: %s: the program that holds it does not leave",
			 cgroup->scope.unit);
		scope_abandon(keeper);
		return r;
	}
	return 0;
}

void scope_abandon(struct scope_keeper *keeper)
{
	if (keeper->pidfd < 0)
		return;
	(void)sys_pidfd_send_signal(keeper->pidfd, SIGKILL);
	if (systemd_await_end(keeper, LEAVE_MS) < 0) /* the scope may be frozen */
		log_debug("%s does not end", SYSTEMD_PROGRAM);
	interrupt_watch(INTERRUPT_SYSTEMD, -1);
	fd_close(&keeper->pidfd);
	fd_close(&keeper->sock);
}

int scope_update(const struct plan_cgroup *plan, const struct cgroup *cgroup)
{
	struct properties p;

	properties_make(plan, cgroup, &p);
	return p.n ? ask_once("update", plan, cgroup) : 0;
}

int scope_stop(const struct cgroup *cgroup)
{
	int r = ask_once("stop", NULL, cgroup);

	if (r == -ENOTCONN) {
		log_debug("%s", err_message());
		err_clear();
		r = 0;
	}
	return r;
}
