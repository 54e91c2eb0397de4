/* SPDX-License-Identifier: Apache-2.0 */
/* What an edit of a profile is asked for on the command line: calls and their answers. */
#ifndef CMD_SECCOMP_WANTED_H
#define CMD_SECCOMP_WANTED_H

#include "cmd/opt.h"
#include "oci/decode.h"
#include "seccomp/wishes.h"

/* Each list as given: CALL, @GROUP or CALL:ARGUMENT, with commas between them. */
struct wanted_options {
	struct strings allow, deny, errno_is, log, kill, kill_thread, trap, trace, notify;
};

/* Their rows in a table of options; `member` is the struct wanted_options in `type`. */
/* clang-format off */
#define WANTED_OPTIONS(type, member) \
	{ "allow", 0, OPT_LIST, offsetof(type, member.allow), "CALLS", \
	  "allow these calls: names and @groups, with commas" }, \
	{ "deny", 0, OPT_LIST, offsetof(type, member.deny), "CALLS", \
	  "answer them by the default action, or EPERM if that lets them through" }, \
	{ "errno", 0, OPT_LIST, offsetof(type, member.errno_is), "CALLS=ERROR", \
	  "answer them by an error, such as clone3=ENOSYS" }, \
	{ "log", 0, OPT_LIST, offsetof(type, member.log), "CALLS", \
	  "allow them and log each" }, \
	{ "kill", 0, OPT_LIST, offsetof(type, member.kill), "CALLS", \
	  "kill the process" }, \
	{ "kill-thread", 0, OPT_LIST, offsetof(type, member.kill_thread), "CALLS", \
	  "kill the thread" }, \
	{ "trap", 0, OPT_LIST, offsetof(type, member.trap), "CALLS", \
	  "send SIGSYS" }, \
	{ "trace", 0, OPT_LIST, offsetof(type, member.trace), "CALLS", \
	  "ask a tracer" }, \
	{ "notify", 0, OPT_LIST, offsetof(type, member.notify), "CALLS", \
	  "ask the agent of the profile's listenerPath" }
/* clang-format on */

/*
 * Reads them. A call by name wins over a group that it is in, and an answer for some arguments over
 * one for all. Two answers for one call of the same rank are an error, and so is none at all.
 * Constants are those of `native`. Arena. Reporting.
 */
must_check int wanted_read(const struct wanted_options *options, uint32_t default_action,
			   enum abi native, struct wishes *ret);

#endif
