/* SPDX-License-Identifier: Apache-2.0 */
/* Reduces the memory of a created container. */
#ifndef PROCESS_MEMORY_H
#define PROCESS_MEMORY_H

#include "base/base.h"

/*
 * Drops pages that can be read again, so that a waiting init uses little memory. Silent: a failure
 * has no consequence.
 */
void memory_drop(void);

#endif
