/* SPDX-License-Identifier: Apache-2.0 */
/* Converts linux.seccomp to a profile and to a filter. */
#ifndef SECCOMP_OCI_H
#define SECCOMP_OCI_H

#include "base/base.h"
#include "seccomp/filter.h"

/*
 * Compiles linux.seccomp to a proved program. *ret is NULL if no filter is configured. Errors are
 * for example "linux.seccomp.syscalls[3].args[0].op: ...". Reporting.
 */
must_check int oci_filter(const struct seccomp_spec *spec, const struct filter_options *options,
			  const struct filter **ret);

/*
 * Converts linux.seccomp to a profile. *ret is NULL if no filter is configured. What the
 * specification forbids is an error, except, with compat_runc, an errnoRet without effect.
 * Reporting.
 */
must_check int oci_profile(const struct seccomp_spec *spec, bool compat_runc,
			   const struct profile **ret);

#endif
