/* SPDX-License-Identifier: Apache-2.0 */
/* Runs tamis-systemd. Only lib/cgroup includes this. All reporting unless said otherwise. */
#ifndef CGROUP_PROGRAM_H
#define CGROUP_PROGRAM_H

#include "base/base.h"
#include "base/io.h"
#include "base/msg.h"
#include "cgroup/cgroup.h"

/*
 * Starts the program with the request. It is killed when the caller ends. user: it will use the
 * user's bus. Returns its pid, or -ENOTCONN if it is not installed.
 */
must_check int program_run(const struct text *request, bool user, struct scope_keeper *ret);
/*
 * Waits for the answer, at most SYSTEMD_ANSWER_MS, and returns the program's pid. An error of the
 * program is recorded as ours.
 */
must_check int program_answer(const struct scope_keeper *keeper, struct msg *ret);
/*
 * Waits for the program's end and closes the descriptors of the keeper. -ETIMEDOUT: it is still
 * running, and nothing is closed. Silent.
 */
must_check int program_await_end(struct scope_keeper *keeper, int timeout_ms);

#endif
