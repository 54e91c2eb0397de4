/* SPDX-License-Identifier: Apache-2.0 */
/* A request to tamis-systemd, whose text cgroup/systemd.h describes. */
#ifndef SYSTEMD_REQUEST_H
#define SYSTEMD_REQUEST_H

#include "base/base.h"
#include "base/io.h"

enum verb { VERB_START, VERB_UPDATE, VERB_STOP };

struct property {
	unsigned int since;
	const char *type, *name, *value;
};

struct request {
	enum verb verb;
	bool user;
	const char *unit, *description, *slice; /* slice: NULL if not given */
	size_t n;
	struct property *v;
};

/* Parses the text, which is modified and must stay. Reporting. */
must_check int request_parse(struct text *text, struct request *ret);

#endif
