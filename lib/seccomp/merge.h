/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The intersection of profiles by names, as runtime-spec issue 1317 first proposed it and as
 * KEP-6061 of Kubernetes describes it: each profile becomes one entry a name, and entries of one
 * name become one. It is not exact: it is computed to be compared with what is.
 */
#ifndef SECCOMP_MERGE_H
#define SECCOMP_MERGE_H

#include "seccomp/profile.h"

/* The merge of two profiles; of equally strict actions a's. Names in no table are left out. Arena.
 */
const struct profile *merge_by_names(const struct profile *a, const struct profile *b);

#endif
