/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the runtime-spec and their values in the kernel. */
#ifndef OCI_WORDS_H
#define OCI_WORDS_H

#include "base/base.h"
#include "oci/config.h"

/*
 * Tables end with a row whose name is NULL. `features` prints the same tables. If two words have
 * the same value, the first is printed.
 */
extern const struct name words_namespaces[];   /* CLONE_NEW* */
extern const struct name words_capabilities[]; /* UINT64_C(1) << capability */
extern const struct name words_rlimits[];      /* RLIMIT_* */
extern const struct name words_propagations[]; /* MS_* [| MS_REC] */
/* the six keys of hooks; values from 0 in this order */
extern const struct name words_hooks[];
extern const struct name words_seccomp_defaults[]; /* "", then SECCOMP_RET_* */
extern const struct name words_seccomp_ops[];	   /* enum seccomp_op */
extern const struct name words_seccomp_archs[];	   /* only the names are used */
extern const struct name words_seccomp_flags[];	   /* SECCOMP_FILTER_FLAG_* */

#endif
