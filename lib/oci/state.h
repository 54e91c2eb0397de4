/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The State of the runtime-spec: what `state` prints, and what hooks and the seccomp agent get. The
 * record of tamis is another document (lib/runtime/record.h).
 */
#ifndef OCI_STATE_H
#define OCI_STATE_H

#include "base/base.h"
#include "base/io.h"
#include "base/names.h"
#include "oci/decode.h"
#include "oci/jsonw.h"

/* The status of a container. */
enum status {
	STATUS_CREATING = 1, /* a create is at work */
	STATUS_CREATED,
	STATUS_RUNNING,
	STATUS_PAUSED,
	STATUS_STOPPED,
	/* known to the runtime only; "stopped" in the document: */
	STATUS_BROKEN, /* its create died, and only delete works */
	STATUS_GONE,   /* deleted, or its create undone, since it was opened */
};

/* names of enum status: "creating" ... */
extern const struct name state_status_names[];

struct state {
	const struct json *at;
	const char *oci_version;
	const char *id;
	uint32_t status;    /* enum status */
	int32_t pid;	    /* 0: stopped; it is written nevertheless */
	const char *bundle; /* absolute */
	struct pairs annotations;
	/* For the commands `state` and `list` only; NULL omits them. */
	const char *rootfs;  /* absolute */
	const char *created; /* RFC 3339, UTC: state_time() */
	const char *owner;   /* name or number of the user who made it; "" is written, too */
};

extern const struct shape state_shape;

/* Returns the State as text, with those of the last three members that are set. */
struct text state_encode(const struct state *state, enum jsonw_style style);
/* Writes the State as a value in a larger document (list, containerProcessState). */
void state_write(struct jsonw *w, const struct state *state);
/*
 * Converts seconds and nanoseconds since the epoch to RFC 3339 in UTC, with nanoseconds. In the
 * arena.
 */
const char *state_time(int64_t sec, uint32_t nsec);

#endif
