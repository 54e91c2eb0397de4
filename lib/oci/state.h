/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The runtime-spec State: what `state` prints, what hooks and the seccomp agent get. The
 * runtime's own record is another document (lib/runtime).
 */
#ifndef OCI_STATE_H
#define OCI_STATE_H

#include "base/base.h"
#include "base/io.h"
#include "base/names.h"
#include "oci/decode.h"
#include "oci/jsonw.h"

enum state_status {
	STATE_CREATING = 1,
	STATE_CREATED,
	STATE_RUNNING,
	STATE_STOPPED,
	STATE_PAUSED,
};

/* "creating" ... of enum state_status. */
extern const struct name state_status_names[];

struct state {
	const struct json *at;
	const char *oci_version;
	const char *id;
	uint32_t status;    /* enum state_status */
	int32_t pid;	    /* 0: stopped, and written as 0 */
	const char *bundle; /* absolute */
	struct pairs annotations;
	/* For the `state` and `list` commands only; NULL leaves them out. */
	const char *rootfs;  /* absolute */
	const char *created; /* RFC 3339, UTC: state_time() */
	const char *owner;   /* name or number of the user who made it; "" is written too */
};

extern const struct shape state_shape;

/* The State as text, with what is set of the last three. */
struct text state_encode(const struct state *state, enum jsonw_style style);
/* The same as one value inside a larger document (list, listener metadata). */
void state_write(struct jsonw *w, const struct state *state);
/* Seconds and nanoseconds since the epoch as RFC 3339 in UTC, nanoseconds written. Arena. */
const char *state_time(int64_t sec, uint32_t nsec);

#endif
