/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The seccomp agent of a node: serves the listeners that any runtime sends to
 * linux.seccomp.listenerPath.
 */
#ifndef OBSERVE_AGENT_NODE_H
#define OBSERVE_AGENT_NODE_H

#include "base/base.h"
#include "observe/answer_policy.h"
#include "oci/decode.h"

struct agent_node_options {
	const char *listen;	      /* path of the socket; NULL: the service manager passes it */
	const char *log;	      /* NULL: standard output */
	const char *metrics;	      /* NULL: none */
	struct answer_policy policy;  /* of containers that ask for none */
	struct strings allowed;	      /* the policies that they may ask for */
	int (*drop_privileges)(void); /* called after the set-up. Reporting. */
};

/* Serves until SIGTERM or SIGINT. Returns 0, or a reported error. Reporting. */
must_check int agent_node_serve(const struct agent_node_options *options);

#endif
