/* SPDX-License-Identifier: Apache-2.0 */
/* The memory of a created container. */
#ifndef PROCESS_MEMORY_H
#define PROCESS_MEMORY_H

#include "base/base.h"

/* Drops code that has run from our mappings, so that waiting costs little. Silent: nothing that is
 * asked for changes. */
void memory_drop(void);

#endif
