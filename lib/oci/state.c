/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the State document. CRI-O decodes it into its own record. So a key of that record (started,
 * finished, exitCode, oomKilled, seccompKilled, error, initPid, initStartTime, checkpointedTime,
 * containerMonitorProcess) must not appear at the top level.
 */
#include "oci/state.h"

#include "base/arena.h"
#include "base/utc.h"
#include "oci/encode.h"

#include <inttypes.h>

const struct name state_status_names[] = {
	{ "creating", STATUS_CREATING }, { "created", STATUS_CREATED },
	{ "running", STATUS_RUNNING },	 { "paused", STATUS_PAUSED },
	{ "stopped", STATUS_STOPPED },	 { "stopped", STATUS_BROKEN },
	{ "stopped", STATUS_GONE },	 { NULL, 0 },
};

static const struct field state_fields[] = {
	REQUIRED(struct state, oci_version, "ociVersion"),
	REQUIRED(struct state, id, "id"),
	REQUIRED(struct state, pid, "pid"),
	WORD(struct state, status, "status", state_status_names, .required = true),
	REQUIRED(struct state, bundle, "bundle"),
	FIELD(struct state, rootfs, "rootfs"),
	FIELD(struct state, created, "created"),
	FIELD(struct state, annotations, "annotations"),
	FIELD(struct state, owner, "owner"),
};
const struct shape state_shape = SHAPE(struct state, state_fields);

void state_write(struct jsonw *w, const struct state *state)
{
	encode(w, &state_shape, state);
}

struct text state_encode(const struct state *state, enum jsonw_style style)
{
	struct jsonw *w = jsonw_new(style);

	state_write(w, state);
	return jsonw_finish(w);
}

const char *state_time(int64_t sec, uint32_t nsec)
{
	return arena_printf("%s.%09" PRIu32 "Z", utc_text(sec), nsec);
}
