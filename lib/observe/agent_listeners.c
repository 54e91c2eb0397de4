/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the listeners from their arrival to their end. What must hold: a listener is served as the
 * message that brought it says, whether that has just arrived or was stored by an earlier process;
 * and a call that was received is answered, by this process or the next.
 */
#include "observe/agent_listeners.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/io.h"
#include "base/num.h"
#include "base/printable.h"
#include "channel/fetch.h"
#include "observe/agent_metrics.h"
#include "observe/manager.h"
#include "observe/process_state.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

/* Bytes of a container's id in a name of the manager's store, which has 255 at most. */
enum { NAME_CONTAINER = 200, MESSAGE_COLUMNS = 1000 };

void agent_listeners_complain(const char *about, const char *message)
{
	/* names of profiles in messages are not ours */
	const char *text = message ? printable_text(message, strlen(message), MESSAGE_COLUMNS) : "";
	const char *line = arena_printf("tamis-agent: %s: %s\n", about, text);

	io_write_best(STDERR_FILENO, line, strlen(line));
	err_clear();
}

static const char *stored_name(const struct served_listener *l)
{
	return arena_printf("%ju.%.*s", (uintmax_t)l->number, NAME_CONTAINER,
			    l->container->responder.container);
}

static void drop_listener(struct agent_listeners *a, struct served_listener *l)
{
	struct arena_mark mark = arena_mark();

	if (l->kept.page)
		manager_forget(a->manager, stored_name(l));
	served_drop(&a->served, l);
	(void)arena_release(mark, NULL, 0);
}

static struct answer_policy choose_policy(struct agent_listeners *a,
					  const struct process_state *state)
{
	struct answer_policy policy;

	if (!state->policy)
		return *a->policy;
	if (answer_policy_is_allowed(a->allowed, state->policy) &&
	    answer_policy_parse(state->policy, &policy))
		return policy;
	agent_listeners_complain(state->container,
				 "the policy of io.tamis.agent.policy is unknown or not allowed "
				 "(--allow-policy); calls get EPERM");
	a->metrics->unknown_policies++;
	return answer_policy_deny;
}

/* Begins to serve a listener, which it owns from then on. Returns it, or NULL. */
static struct served_listener *begin(struct agent_listeners *a, const struct process_state *state,
				     int listener)
{
	struct pooled_profile *profile = NULL;
	const struct answer_policy policy = choose_policy(a, state);

	if (profile_pool_get(&a->served.pool, state->metadata, a->facts, &profile) < 0)
		agent_listeners_complain(state->container,
					 err_message()); /* then the policy answers */
	struct served_listener *l = served_add(&a->served, state->container, &a->log, listener);

	if (!l) {
		profile_pool_put(&a->served.pool, profile);
		agent_listeners_complain(state->container,
					 "there are too many containers or listeners");
		a->metrics->lost++;
		return NULL;
	}
	l->profile = profile;
	l->answer = policy.answer;
	snprintf(l->words, sizeof(l->words), "%s", policy.words);
	listener_hurry(l->fd);
	struct epoll_event event = { .events = EPOLLIN,
				     .data.u64 = a->event | (uint32_t)(l - a->served.listeners) };

	if (epoll_ctl(a->epoll, EPOLL_CTL_ADD, l->fd, &event) < 0) {
		a->metrics->lost++;
		drop_listener(a, l);
		return NULL;
	}
	return l;
}

/* Answers the call in l's buffer, or receives one before. */
static int answer(struct agent_listeners *a, struct served_listener *l, bool is_received)
{
	const struct answer_policy policy = { l->answer, l->words };
	const struct responder_rules rules = { profile_pool_profile(l->profile), &policy };
	struct responder *r = &l->container->responder;
	int error = 0;

	a->tools->listener.call = l->kept.call ? l->kept.call : a->own_call;
	if (is_received)
		responder_answer(r, a->tools, l->fd, &rules);
	else
		error = responder_handle(r, a->tools, l->fd, &rules);
	return error;
}

void agent_listeners_handle(struct agent_listeners *a, size_t place, uint32_t events)
{
	struct served_listener *l = &a->served.listeners[place];

	if (l->fd < 0)
		return;
	if (events & EPOLLIN ? answer(a, l, false) < 0 : events & (EPOLLHUP | EPOLLERR))
		drop_listener(a, l);
}

/* --- the manager's store --------------------------------------------------------------------- */

/* Has the manager keep the listener, so that it survives our end. */
static void keep(struct agent_listeners *a, struct served_listener *l, const struct text *text)
{
	if (!a->manager->address)
		return;
	l->number = a->next_number++;
	autofd file = kept_listener_make(text, a->tools->listener.call_size, &l->kept);
	int r = file;

	if (file >= 0) {
		const int fds[] = { l->fd, file };

		r = manager_store(a->manager, stored_name(l), fds, ARRAY_LEN(fds));
	}
	if (r < 0)
		agent_listeners_complain(
			l->container->responder.container,
			arena_printf("the listener cannot be stored: %s", err_words(-r)));
}

void agent_listeners_add(struct agent_listeners *a, const struct process_state *state, int listener,
			 const struct text *text)
{
	struct served_listener *l = begin(a, state, listener);

	if (l)
		keep(a, l, text);
}

/* The pair of the same name: its file. */
static int find_file(const struct manager_given *given, size_t n_given, const char *name,
		     size_t call_size, struct kept_listener *kept, struct text *text)
{
	for (size_t i = 0; i < n_given; i++)
		if (given[i].fd >= 0 && strcmp(given[i].name, name) == 0 &&
		    kept_listener_open(given[i].fd, call_size, kept, text) == 0)
			return 0;
	return -EBADF;
}

static uint64_t number_of(const char *name)
{
	uint64_t number;

	return num_parse_u64(arena_memdup(name, strcspn(name, ".")), &number) < 0 ? 0 : number;
}

static void restore(struct agent_listeners *a, struct manager_given *given, size_t n_given,
		    size_t index)
{
	const char *name = given[index].name;
	struct kept_listener kept = { .page = NULL };
	struct process_state state;
	struct text text;
	int r = find_file(given, n_given, name, a->tools->listener.call_size, &kept, &text);

	if (r == 0)
		r = process_state_parse(&text, &state);
	struct served_listener *l = NULL;

	if (r == 0)
		l = begin(a, &state, take_fd(&given[index].fd));
	if (!l) {
		kept_listener_close(&kept);
		a->metrics->lost += r != 0;
		agent_listeners_complain(name, "the stored listener cannot be served");
		manager_forget(a->manager, name);
		return;
	}
	l->kept = kept;
	l->number = number_of(name);
	/* a call that the previous process had received when it ended */
	if (kept.call->id && listener_is_waiting(l->fd, kept.call->id))
		(void)answer(a, l, true);
}

void agent_listeners_restore(struct agent_listeners *a, struct manager_given *given, size_t n_given)
{
	for (size_t i = 0; i < n_given; i++) {
		const uint64_t number = number_of(given[i].name);

		if (number >= a->next_number)
			a->next_number = number + 1;
	}
	for (size_t i = 0; i < n_given; i++) {
		struct arena_mark mark = arena_mark();

		if (given[i].fd >= 0 && fetch_is_listener(a->tools->proc, given[i].fd))
			restore(a, given, n_given, i);
		(void)arena_release(mark, NULL, 0);
	}
	for (size_t i = 0; i < n_given; i++) {
		bool is_served = false;

		for (size_t j = 0; j < SERVED_LISTENERS_MAX; j++)
			is_served |= a->served.listeners[j].fd >= 0 &&
				     a->served.listeners[j].number == number_of(given[i].name);
		if (given[i].fd >= 0 && !is_served)
			manager_forget(a->manager, given[i].name);
		fd_close(&given[i].fd);
	}
}
