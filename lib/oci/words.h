/* SPDX-License-Identifier: Apache-2.0 */
/* The words of the runtime-spec and what they mean to the kernel. */
#ifndef OCI_WORDS_H
#define OCI_WORDS_H

#include "base/base.h"
#include "oci/config.h"

/*
 * Words of the specification and their values, NULL-terminated; `features` prints the same.
 * Where two words have one value the first is the one that is printed.
 */
extern const struct name words_namespaces[];   /* CLONE_NEW* */
extern const struct name words_capabilities[]; /* UINT64_C(1) << capability */
extern const struct name words_rlimits[];      /* RLIMIT_* */
extern const struct name words_propagations[]; /* MS_* [| MS_REC] */
extern const struct name words_hooks[];	       /* the six keys of hooks; values 0.. in that order */
extern const struct name words_seccomp_defaults[]; /* "", then SECCOMP_RET_* */
extern const struct name words_seccomp_ops[];	   /* enum seccomp_op */
extern const struct name words_seccomp_archs[];	   /* only the names count */
extern const struct name words_seccomp_flags[];	   /* SECCOMP_FILTER_FLAG_* */

#endif
