/* SPDX-License-Identifier: Apache-2.0 */
/* The seccomp filter that tamis-agent loads for itself and the process that reads. */
#ifndef OBSERVE_AGENT_FILTER_H
#define OBSERVE_AGENT_FILTER_H

#include "base/base.h"

/*
 * Loads the filter, which needs no_new_privs. It allows what agent_serve() and agent_node_serve()
 * do afterwards; other calls fail with EPERM.
 * is_tracer: penalty_give() is used. Reporting.
 */
must_check int agent_filter_load(bool is_tracer);

#endif
