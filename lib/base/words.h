/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Words in messages that engines parse. Changing one breaks the engine that its comment names.
 * test/cli checks them.
 */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

/* containerd's shim (delete, kill), CRI-O, BuildKit: the container is gone, which is no error. */
#define WORDS_NOT_EXIST "container does not exist"
/* containerd's shim, CRI-O (kill): the container has stopped, which is no error. */
#define WORDS_NOT_RUNNING "container not running"
/* Tests and tools around resume; containerd logs it. */
#define WORDS_NOT_PAUSED "container not paused"
/* Docker (exit code 127), Podman (127): for the user's program, its directory and mounts only. */
#define WORDS_NOT_FOUND "executable file not found in $PATH"
#define WORDS_NO_FILE "no such file or directory"
/* Docker (exit code 126), Podman (126): for the user's program and its directory only. */
#define WORDS_PERMISSION "permission denied"
/* Tests and tools around exec. */
#define WORDS_PAUSED "cannot exec in a paused container"

/* CRI-O (kill) compares the whole text of an error with it. */
#define WORDS_NO_PROCESS "no such process"
/* Podman, Docker: of a mount whose source is a file and its destination a directory. */
#define WORDS_IS_DIRECTORY "is a directory"
/* Podman: an error with a file in backquotes that begins so is one of security labels. */
#define WORDS_ATTRIBUTE "`/proc/self/attr/"

#endif
