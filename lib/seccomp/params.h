/* SPDX-License-Identifier: Apache-2.0 */
/* The parameters of system calls: names, order and kinds. */
#ifndef SECCOMP_PARAMS_H
#define SECCOMP_PARAMS_H

#include "base/base.h"
#include "seccomp/arch.h"
#include "seccomp/constants.h"

/* How a value is written where no word is known for it. */
enum param_kind {
	PARAM_SIGNED,
	PARAM_UNSIGNED,
	PARAM_HEX, /* flags whose words we do not have */
	PARAM_FD,
	PARAM_POINTER,
	PARAM_SIZE,
	PARAM_MODE, /* octal */
	PARAM_PID,
	PARAM_ID, /* of a user or a group */
	PARAM_SET,
	PARAM_KINDS = PARAM_SET,
};

struct param {
	const char *name;
	enum param_kind kind; /* PARAM_SET: of a set's words */
	bool has_set;
	enum constants_set set;
};

/* How many parameters the call has on that ABI: syscall_args(), but more where a number of 64 bits
 * is two parameters, and 1 where one pointer stands for all (old mmap and select). ABIs without
 * tables of our own have the usual order. */
unsigned int params_count(enum abi abi, unsigned int id);
/* One parameter of a call; false beyond the last. */
bool params_get(enum abi abi, unsigned int id, unsigned int index, struct param *ret);
/* Its name, or NULL beyond the last. */
const char *params_name(enum abi abi, unsigned int id, unsigned int index);
/* Silent. The index of a name, in the kernel's words or in those of the manual pages where they are
 * others (ioctl: cmd or request); -1 if the call has none of that name on that ABI. */
int params_index(enum abi abi, unsigned int id, const char *name);

#endif
