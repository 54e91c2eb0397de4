/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the runtime-spec and their values in the kernel. */
#ifndef OCI_WORDS_H
#define OCI_WORDS_H

#include "base/base.h"
#include "base/names.h"

/* Values of the operators. The argument is the left operand. */
enum seccomp_op {
	SECCOMP_OP_NE = 1,
	SECCOMP_OP_LT,
	SECCOMP_OP_LE,
	SECCOMP_OP_EQ,
	SECCOMP_OP_GE,
	SECCOMP_OP_GT,
	SECCOMP_OP_MASKED_EQ, /* (argument & value) == value_two */
};

/* The members of "hooks", in the order of a container's life. Their words: config_hooks_shape. */
enum hook_kind {
	HOOK_PRESTART,
	HOOK_CREATE_RUNTIME,
	HOOK_CREATE_CONTAINER,
	HOOK_START_CONTAINER,
	HOOK_POSTSTART,
	HOOK_POSTSTOP,
	HOOK_KINDS,
};

/*
 * Tables end with a row whose name is NULL. `features` prints the same tables. If two words have
 * the same value, the first is printed.
 */
extern const struct name words_namespaces[];	   /* CLONE_NEW* */
extern const struct name words_rlimits[];	   /* RLIMIT_* */
extern const struct name words_propagations[];	   /* MS_* [| MS_REC] */
extern const struct name words_seccomp_defaults[]; /* "", then SECCOMP_RET_* */
extern const struct name words_seccomp_ops[];	   /* enum seccomp_op */
extern const struct name words_seccomp_archs[];	   /* only the names are used */
extern const struct name words_seccomp_flags[];	   /* SECCOMP_FILTER_FLAG_* */

#endif
