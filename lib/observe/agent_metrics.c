/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the names and labels of metrics. What must hold: the number of series is bounded, and no
 * label has a byte that a container has chosen: ids are checked when they arrive (process_state.h),
 * calls and answers are words of tables.
 */
#include "observe/agent_metrics.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "base/err.h"
#include "base/names.h"
#include "base/sys.h"
#include "observe/served.h"
#include "oci/words.h"
#include "seccomp/arch.h"
#include "seccomp/errno_names.h"
#include "seccomp/syscall.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <libgen.h>
#include <string.h>

struct series {
	const char *call, *action, *error;
	uint64_t count;
};

static const char other[] = "other";

static const char *call_of(const struct denial_key *key)
{
	enum abi abi;
	int id = syscall_of(key->arch, (uint32_t)key->nr, &abi);

	return id < 0 ? "unknown" : syscall_name((unsigned int)id);
}

static struct series series_of(const struct denial_entry *entry)
{
	const uint32_t action = entry->answer & SECCOMP_RET_ACTION_FULL;
	const char *error = "";

	if (action == SECCOMP_RET_ERRNO) {
		const int code = (int)(entry->answer & SECCOMP_RET_DATA);

		error = errno_names_of(code);
		error = error ? error : arena_printf("%d", code);
	}
	const char *word = names_of(words_seccomp_defaults, action);

	return (struct series){ call_of(&entry->key), word ? word : other, error, entry->count };
}

/* In the order in which they first occurred, so that a pair keeps its series. */
static size_t collect(const struct denial_table *t, struct series *v)
{
	size_t n = 0;

	for (size_t i = 0; i < t->n; i++) {
		struct series new = series_of(&t->entries[i]);
		size_t at = 0;

		while (at < n && (strcmp(v[at].call, new.call) != 0 ||
				  strcmp(v[at].action, new.action) != 0 ||
				  strcmp(v[at].error, new.error) != 0))
			at++;
		if (at < n) {
			v[at].count += new.count;
			continue;
		}
		if (n >= AGENT_METRICS_PAIRS_MAX - 1) {
			new.call = new.action = other;
			new.error = "";
			at = AGENT_METRICS_PAIRS_MAX - 1;
			new.count += n == AGENT_METRICS_PAIRS_MAX ? v[at].count : 0;
		}
		v[at] = new;
		n = at + 1;
	}
	return n;
}

static void write_series(struct buffer *b, const char *container, const struct series *s)
{
	buffer_print(b,
		     "tamis_agent_calls_total{container=\"%s\",call=\"%s\",action=\"%s\","
		     "errno=\"%s\"} %" PRIu64 "\n",
		     container, s->call, s->action, s->error, s->count);
}

static void write_calls(struct buffer *b, const struct served *s)
{
	struct series *v = arena_array(AGENT_METRICS_PAIRS_MAX, sizeof(*v));
	struct series rest = { other, other, "", 0 };
	size_t written = 0;

	buffer_print(b,
		     "# HELP tamis_agent_calls_total Notified calls by what they were answered.\n"
		     "# TYPE tamis_agent_calls_total counter\n");
	for (size_t i = 0; i < s->n_containers; i++) {
		const struct responder *r = &s->containers[i]->responder;
		const size_t n = collect(&r->table, v);

		for (size_t j = 0; j < n; j++) {
			if (written++ < AGENT_METRICS_SERIES_MAX)
				write_series(b, r->container, &v[j]);
			else
				rest.count += v[j].count;
		}
	}
	if (rest.count)
		write_series(b, "", &rest);
	buffer_print(
		b, "# HELP tamis_agent_suppressed_calls_total Calls of kinds beyond the limit of a "
		   "container, which are not in the log.\n"
		   "# TYPE tamis_agent_suppressed_calls_total counter\n");
	for (size_t i = 0; i < s->n_containers; i++)
		if (s->containers[i]->responder.table.unlogged)
			buffer_print(b,
				     "tamis_agent_suppressed_calls_total{container=\"%s\"} %" PRIu64
				     "\n",
				     s->containers[i]->responder.container,
				     s->containers[i]->responder.table.unlogged);
}

static void write_one(struct buffer *b, const char *name, const char *type, const char *help,
		      uint64_t value)
{
	buffer_print(b,
		     "# HELP tamis_agent_%s %s\n# TYPE tamis_agent_%s %s\ntamis_agent_%s %" PRIu64
		     "\n",
		     name, help, name, type, name, value);
}

struct text agent_metrics_text(const struct agent_metrics *m, const struct served *s)
{
	struct buffer b = { 0 };
	write_one(&b, "containers", "gauge", "Containers with a listener.",
		  s->n_containers - s->n_ended);
	write_one(&b, "listeners", "gauge", "Listeners that are served.", s->n_listeners);
	write_one(&b, "containers_total", "counter", "Containers that were served.",
		  s->n_containers_ever);
	write_one(&b, "refused_total", "counter", "Connections that were refused.", m->refused);
	write_one(&b, "lost_total", "counter", "Listeners that could not be served.", m->lost);
	write_one(&b, "unknown_policies_total", "counter",
		  "Listeners whose policy is unknown or not allowed.", m->unknown_policies);
	write_one(&b, "unread_calls_total", "counter",
		  "Calls at which a look at the process was left out.", m->unread);
	write_calls(&b, s);
	return buffer_text(&b);
}

int agent_metrics_open(const char *path, struct agent_metrics *ret)
{
	*ret = (struct agent_metrics){ .dir = -1 };
	if (!path)
		return 0;
	ret->name = basename(arena_strdup(path));
	ret->dir = open(dirname(arena_strdup(path)), O_PATH | O_DIRECTORY | O_CLOEXEC);
	return ret->dir < 0 ? fail(errno, "--metrics %s: its directory cannot be opened", path) : 0;
}

void agent_metrics_write(struct agent_metrics *m, const struct served *s)
{
	struct arena_mark mark = arena_mark();
	const struct text text = agent_metrics_text(m, s);

	(void)!io_replace_file(m->dir, m->name, text.data, text.len, 0644);
	m->changed = false;
	m->due = sys_now_ms() + AGENT_METRICS_MS;
	(void)arena_release(mark, NULL, 0);
}
