/* SPDX-License-Identifier: Apache-2.0 */
/* Runs tamis-systemd. Only lib/cgroup includes this. Reporting. */
#ifndef CGROUP_PROGRAM_H
#define CGROUP_PROGRAM_H

#include "base/base.h"
#include "base/io.h"
#include "base/msg.h"
#include "cgroup/cgroup.h"

/* Starts it with the request; it dies with us. user: it will want the user's bus. -ENOTCONN if
 * it is not installed. */
must_check int program_run(const struct text *request, bool user, struct scope_keeper *ret);
/* Waits for its answer, SYSTEMD_ANSWER_MS at most: its pid; what it failed with is reported. */
must_check int program_answer(const struct scope_keeper *keeper, struct msg *ret);
/* Waits for its end and closes what the keeper has; -ETIMEDOUT: it is still there, and nothing is
 * closed. Silent. */
must_check int program_await_end(struct scope_keeper *keeper, int timeout_ms);

#endif
