/* SPDX-License-Identifier: Apache-2.0 */
/* What a container left behind, for the stepper. */
#ifndef TEST_STEPS_LEFT_H
#define TEST_STEPS_LEFT_H

#include <stdbool.h>

/* The state directory, the cgroup below each hierarchy, and how to wait for dead children. */
void left_init(const char *state, const char *cgroup, void (*reap)(void));
/* How many things are left; show: a line of diagnostics for each. */
int left_any(bool show);
/* Ends and removes all of it, and remembers the mounts as they are then. */
void left_wipe(void);

/* "Bail out!" with errno. */
__attribute__((noreturn)) void die(const char *what);
/* Seconds of the monotonic clock; a pause of 2 ms. */
double now(void);
void nap(void);

#endif
