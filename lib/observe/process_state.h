/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The message that a runtime sends to linux.seccomp.listenerPath: containerProcessState of the
 * runtime-spec (config-linux), as far as tamis-agent uses it.
 */
#ifndef OBSERVE_PROCESS_STATE_H
#define OBSERVE_PROCESS_STATE_H

#include "base/base.h"

struct text;

enum {
	PROCESS_STATE_BYTES_MAX = 256 << 10,
	PROCESS_STATE_FDS_MAX = 8,
};

/* Strings are in the arena. */
struct process_state {
	const char *container;	/* its id, a valid one */
	const char *policy;	/* the annotation io.tamis.agent.policy; NULL: none */
	const char *metadata;	/* listenerMetadata; NULL: none */
	size_t n_fds, listener; /* number of descriptors, and which one is the listener */
};

/* Reads the message. Reporting. */
must_check int process_state_parse(const struct text *text, struct process_state *ret);

#endif
