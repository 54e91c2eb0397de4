/* SPDX-License-Identifier: Apache-2.0 */
/* Finds and removes what a container left behind, for the kill-tests. */
#ifndef TEST_STEPS_LEFT_H
#define TEST_STEPS_LEFT_H

#include <stdbool.h>

/* Sets the state directory, the path of the cgroup in each hierarchy, and the function that
 * reaps children. */
void left_init(const char *state, const char *cgroup, void (*reap)(void));
/* The number of leftovers; show: prints a line of diagnostics for each. */
int left_any(bool show);
/* Ends and removes all leftovers, and records the current mounts as those to be expected. */
void left_wipe(void);

/* Prints "Bail out!" with errno and exits. */
__attribute__((noreturn)) void die(const char *what);
/* now() is the monotonic clock in seconds; nap() sleeps for 2 ms. */
double now(void);
void nap(void);

#endif
