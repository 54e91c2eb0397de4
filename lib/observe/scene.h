/* SPDX-License-Identifier: Apache-2.0 */
/* Where a denied call was made: fills struct denial_scene from a stopped process (reader.h). */
#ifndef OBSERVE_SCENE_H
#define OBSERVE_SCENE_H

#include "base/base.h"
#include "observe/denial_write.h"

struct reader;

/*
 * Fills all members that depend on the process; strings are in the arena and printable. What cannot
 * be read within a short time is empty. Whether the thread is still that of the notification must
 * be asked afterwards (listener_is_waiting()).
 */
void scene_read(struct reader *reader, pid_t tid, const struct denial *d, struct denial_scene *ret);
/* Returns a scene of which only the thread is known. */
struct denial_scene scene_unknown(pid_t tid);

#endif
