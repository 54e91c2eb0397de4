/* SPDX-License-Identifier: Apache-2.0 */
/* What is asked of tamis-systemd: the text of cgroup/systemd.h. */
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

/* Cuts the text, which is changed and kept. Reporting. */
must_check int request_parse(struct text *text, struct request *ret);

#endif
