/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the memory of containers. What must hold: it is bounded for each container, and the number
 * of containers and listeners is.
 */
#include "observe/served.h"

#include "base/fd.h"
#include "base/sys.h"

#include <string.h>

void served_start(struct served *s)
{
	memset(s, 0, sizeof(*s));
	for (size_t i = 0; i < SERVED_LISTENERS_MAX; i++)
		s->listeners[i].fd = -1;
}

static void forget(struct served *s, size_t index)
{
	arena_free(&s->containers[index]->arena);
	/* in their order: metrics of those that remain stay together */
	s->n_containers--;
	s->n_ended--;
	memmove(&s->containers[index], &s->containers[index + 1],
		(s->n_containers - index) * sizeof(*s->containers));
}

/* Returns false if there is none. */
static bool forget_oldest(struct served *s)
{
	size_t oldest = s->n_containers;

	for (size_t i = 0; i < s->n_containers; i++)
		if (s->containers[i]->n_listeners == 0 &&
		    (oldest == s->n_containers ||
		     s->containers[i]->ended < s->containers[oldest]->ended))
			oldest = i;
	if (oldest == s->n_containers)
		return false;
	forget(s, oldest);
	return true;
}

void served_forget_ended(struct served *s)
{
	const int64_t now = sys_now_ms();

	for (size_t i = 0; i < s->n_containers && s->n_ended;) {
		const struct served_container *c = s->containers[i];

		if (c->n_listeners == 0 && now - c->ended >= SERVED_ENDED_MS)
			forget(s, i);
		else
			i++;
	}
	while (s->n_ended > SERVED_ENDED_MAX && forget_oldest(s))
		;
}

static struct served_container *make(struct served *s, const char *id, struct line_writer *log)
{
	struct arena arena = { NULL }, *before = arena_use(&arena);
	struct served_container *c = arena_alloc(sizeof(*c));

	responder_start(&c->responder, arena_strdup(id), log, NULL);
	arena_use(before);
	c->arena = arena;
	s->containers[s->n_containers++] = c;
	s->n_ended++; /* until it has a listener */
	s->n_containers_ever++;
	return c;
}

/* One that has ended and begins again is a new one. */
static struct served_container *find_or_make(struct served *s, const char *id,
					     struct line_writer *log)
{
	for (size_t i = 0; i < s->n_containers; i++) {
		struct served_container *c = s->containers[i];

		if (strcmp(c->responder.container, id) != 0)
			continue;
		if (c->n_listeners)
			return c;
		forget(s, i);
		break;
	}
	return s->n_containers < SERVED_CONTAINERS_MAX ? make(s, id, log) : NULL;
}

struct served_listener *served_add(struct served *s, const char *id, struct line_writer *log,
				   int listener)
{
	struct served_listener *l = NULL;

	if (s->n_listeners < SERVED_LISTENERS_MAX)
		for (l = s->listeners; l->fd >= 0;)
			l++;
	struct served_container *c = l ? find_or_make(s, id, log) : NULL;

	if (!c) {
		fd_close(&listener);
		return NULL;
	}
	if (c->n_listeners++ == 0)
		s->n_ended--;
	s->n_listeners++;
	*l = (struct served_listener){ .fd = listener, .container = c };
	return l;
}

void served_drop(struct served *s, struct served_listener *l)
{
	struct served_container *c = l->container;

	profile_pool_put(&s->pool, l->profile);
	kept_listener_close(&l->kept);
	fd_close(&l->fd);
	s->n_listeners--;
	if (--c->n_listeners > 0)
		return;
	responder_end(&c->responder, true);
	c->ended = sys_now_ms();
	s->n_ended++;
	served_forget_ended(s);
}
