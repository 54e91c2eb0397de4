/* SPDX-License-Identifier: Apache-2.0 */
/* The runtime-spec State of a container, for the `state` command, hooks and seccomp agents. */
#include "runtime/state.h"

#include "base/arena.h"
#include "oci/jsonw.h"
#include "oci/state.h"
#include "runtime/container.h"
#include "runtime/timeouts.h"

#include <string.h>

void container_state_describe(const struct container *c, enum status status, struct state *ret)
{
	const struct record *r = &c->record;
	bool alive = status < STATUS_STOPPED;

	*ret = (struct state){
		.oci_version = r->oci_version,
		.id = c->id,
		.status = status,
		.pid = alive ? (int32_t)r->pid : 0,
		.bundle = r->bundle,
		.annotations = r->annotations,
		.rootfs = r->rootfs,
		.created = r->created_at,
	};
}

char *container_state(const struct container *c, enum status status, bool full)
{
	struct state s;

	container_state_describe(c, status, &s);
	if (full)
		s.owner = c->record.owner ? arena_printf("%u", c->record.owner) : "";
	else
		s.rootfs = s.created = NULL;
	return state_encode(&s, full ? JSONW_PRETTY : JSONW_COMPACT).data;
}

const char *container_state_of_process(const struct container *c, enum status status, pid_t pid)
{
	if (c->record.agent_pid)
		return "{}";
	struct jsonw *w = jsonw_new(JSONW_COMPACT);
	struct text state = { container_state(c, status, false), 0 };
	const struct json *tree;

	state.len = strlen(state.data);
	if (json_parse("state", &state, &tree) < 0)
		return NULL;
	jsonw_object(w);
	jsonw_member_string(w, "ociVersion", c->record.oci_version);
	jsonw_member_array(w, "fds");
	jsonw_string(w, "seccompFd");
	jsonw_end(w);
	jsonw_member_i64(w, "pid", pid);
	if (c->record.listener_metadata)
		jsonw_member_string(w, "metadata", c->record.listener_metadata);
	jsonw_key(w, "state");
	jsonw_json(w, tree);
	jsonw_end(w);
	return jsonw_finish(w).data;
}
