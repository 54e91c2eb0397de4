/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns parsing a request. It comes from tamis, which runs with the same rights. The checks make
 * sure that both programs are of the same version.
 */
#include "cmd/systemd/request.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/names.h"
#include "base/num.h"

#include <string.h>

static const struct name verbs[] = {
	{ "start", VERB_START }, { "update", VERB_UPDATE }, { "stop", VERB_STOP }, { 0 }
};

/* Parses "SINCE TYPE NAME VALUE". The value may contain blanks. */
static int take_property(char *line, struct request *ret)
{
	uint32_t since;
	char *word = strsep(&line, " ");
	struct property p = { .type = strsep(&line, " ") };

	p.name = strsep(&line, " ");
	p.value = line;
	if (!line || num_parse_u32(word, &since) < 0)
		return fail(0,
			    "request: found a malformed property, expected SINCE TYPE NAME VALUE");
	p.since = since;
	ret->v[ret->n++] = p;
	return 0;
}

static int take_line(char *line, struct request *ret)
{
	const char *word = strsep(&line, " ");

	if (line && strcmp(word, "property") == 0)
		return take_property(line, ret);
	if (line && strcmp(word, "bus") == 0)
		ret->user = strcmp(line, "user") == 0;
	else if (line && strcmp(word, "unit") == 0)
		ret->unit = line;
	else if (line && strcmp(word, "description") == 0)
		ret->description = line;
	else if (line && strcmp(word, "slice") == 0)
		ret->slice = line;
	else
		return fail(0, "request: found an unknown line '%s'", word);
	return 0;
}

int request_parse(struct text *text, struct request *ret)
{
	char *rest = text->data, *line = strsep(&rest, "\n");
	const struct name *verb = names_find(verbs, line);
	size_t lines = 1;

	if (!verb)
		return fail(0, "usage: tamis-systemd is run by tamis, see tamis(8)");
	for (size_t i = 0; rest && rest[i]; i++)
		lines += rest[i] == '\n';
	*ret = (struct request){ .verb = (enum verb)verb->value };
	ret->v = arena_array(lines, sizeof(*ret->v));
	while ((line = strsep(&rest, "\n"))) {
		int r = *line ? take_line(line, ret) : 0;

		if (r < 0)
			return r;
	}
	if (!ret->unit || !ret->description)
		return fail(0, "request: expected a unit and its description");
	return 0;
}
