/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the checks of actions: errors, agents, tracers, threads that end alone. */
#include "seccomp/check.h"

#include "base/arena.h"
#include "oci/json.h"
#include "seccomp/errno_names.h"

#include <linux/seccomp.h>
#include <string.h>

#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5) /* Linux 5.19 */
#endif

static bool is_action(uint32_t action, uint32_t kind)
{
	return (action & SECCOMP_RET_ACTION_FULL) == kind;
}

static const char *who(const struct rule *rule)
{
	return rule ? arena_printf("%s%s", rule->names[0], rule->n_names > 1 ? ", ..." : "")
		    : "the default action";
}

/* Finding about the action of a rule; rule NULL: the default action. */
static void add(struct check_run *c, enum finding_code code, const struct rule *rule,
		const char *text)
{
	static const char *const keys[2][2] = { { "defaultErrnoRet", "defaultAction" },
						{ "errnoRet", "action" } };
	const struct json *object = rule ? rule->at : c->root;
	bool about_errno = code == FINDING_errno_zero || code == FINDING_errno_unknown;
	struct finding *f = findings_add(&c->found, code, object ? object : c->root,
					 arena_printf("%s: %s", who(rule), text));
	const struct json *at = json_member(object, keys[rule != NULL][!about_errno]);

	if (at)
		f->at = at;
	f->place = rule ? rule->place : NULL;
}

static void check_action_of(struct check_run *c, const struct rule *rule, uint32_t action)
{
	uint32_t data = action & SECCOMP_RET_DATA;

	if (is_action(action, SECCOMP_RET_ERRNO) && !data)
		add(c, FINDING_errno_zero, rule, "errno 0: the call is not made and returns 0");
	else if (is_action(action, SECCOMP_RET_ERRNO) && !errno_names_of((int)data))
		add(c, FINDING_errno_unknown, rule, arena_printf("errno %u has no name", data));
	if (is_action(action, SECCOMP_RET_TRACE))
		add(c, FINDING_trace_action, rule, "TRACE returns ENOSYS without a tracer");
	if (is_action(action, SECCOMP_RET_KILL_THREAD))
		add(c, FINDING_kill_thread, rule, "KILL_THREAD ends one thread of several");
}

static bool names(const struct rule *rule, const char *call)
{
	for (size_t i = 0; i < rule->n_names; i++)
		if (strcmp(rule->names[i], call) == 0)
			return true;
	return false;
}

/* The first rule that notifies; NULL: none. */
static const struct rule *notifying(const struct profile *p)
{
	for (size_t i = 0; i < p->n_rules; i++)
		if (is_action(p->rules[i].action, SECCOMP_RET_USER_NOTIF))
			return &p->rules[i];
	return NULL;
}

static void check_listener(struct check_run *c)
{
	const struct profile *p = c->profile;
	const struct rule *rule = notifying(p);
	bool by_default = is_action(p->default_action, SECCOMP_RET_USER_NOTIF);
	bool notifies = rule || by_default, listens = p->listener_path && *p->listener_path;
	const struct json *at = json_member(c->root, "listenerPath");

	if (notifies && !listens)
		add(c, FINDING_notify_without_listener, by_default ? NULL : rule,
		    "NOTIFY, but there is no listenerPath");
	if (listens && !notifies)
		findings_add(&c->found, FINDING_unused_listener, at ? at : c->root,
			     "listenerPath is set, but nothing is notified");
	if (listens && p->listener_path[0] != '/')
		findings_add(&c->found, FINDING_relative_listener, at ? at : c->root,
			     arena_printf("listenerPath \"%s\" is not absolute", p->listener_path));
	if (by_default)
		add(c, FINDING_notify_refused, NULL, "runc refuses NOTIFY here");
	for (size_t i = 0; i < p->n_rules; i++)
		if (is_action(p->rules[i].action, SECCOMP_RET_USER_NOTIF) &&
		    names(&p->rules[i], "write"))
			add(c, FINDING_notify_refused, &p->rules[i],
			    "runc refuses NOTIFY for write");
	at = json_member(c->root, "flags");
	if (p->flags & SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV && !notifies)
		findings_add(&c->found, FINDING_unusable_flag, at ? at : c->root,
			     "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV without NOTIFY");
}

void check_actions(struct check_run *c)
{
	check_action_of(c, NULL, c->profile->default_action);
	for (size_t i = 0; i < c->profile->n_rules && !c->found.cut; i++)
		check_action_of(c, &c->profile->rules[i], c->profile->rules[i].action);
	if (check_is_container(c))
		check_listener(c);
}
