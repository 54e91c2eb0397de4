/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records a command by a seccomp filter that notifies its calls (seccomp_unotify(2)). Needs no
 * privilege. Calls that programs make very often are let through; those that were not confirmed
 * otherwise are recorded as assumed.
 */
#ifndef OBSERVE_NOTIFY_RECORD_H
#define OBSERVE_NOTIFY_RECORD_H

#include "observe/recorder.h"

/*
 * Runs the command and records it until the last of its processes has ended. If r->run->exact is
 * set nothing is let through. Without CAP_SYS_ADMIN the command runs with no_new_privs, so that
 * set-user-id programs have no effect. Reporting.
 */
must_check int notify_record(struct recorder *r);

#endif
