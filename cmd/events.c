/* SPDX-License-Identifier: Apache-2.0 */
/* tamis events: statistics of a container, and its OOM events. */
#include "observe/events.h"

#include "cmd/cmd.h"
#include "runtime/container.h"

struct values {
	const char *interval;
	bool stats;
};

static struct values values;

static const struct opt events_options[] = {
	{ "interval", 0, OPT_STRING, offsetof(struct values, interval), "DURATION",
	  "time between two statistics, as 500ms or 1m (default: 5s)" },
	{ "stats", 0, OPT_BOOL, offsetof(struct values, stats), NULL,
	  "print the statistics of now and return" },
	OPT_END,
};

static int events(const struct global *g, int argc not_used, char **argv)
{
	struct container c;
	uint64_t interval;
	int r = events_parse_interval(values.interval ? values.interval : "5s", &interval);

	if (r >= 0)
		r = container_open_sound(g->root, argv[0], &c);
	if (r < 0)
		return r;
	r = values.stats ? container_events_stats(&c) : container_events(&c, interval);
	container_close(&c);
	return r;
}

const struct command cmd_events = {
	.name = "events",
	.arguments = "ID",
	.summary = "print statistics and OOM events as JSON",
	.options = events_options,
	.values = &values,
	.min_args = 1,
	.max_args = 1,
	.run = events,
};
