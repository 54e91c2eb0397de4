/* SPDX-License-Identifier: Apache-2.0 */
/* linux.seccomp as a profile and as a filter. */
#ifndef SECCOMP_OCI_H
#define SECCOMP_OCI_H

#include "base/base.h"
#include "seccomp/filter.h"

/* linux.seccomp to a proved program; *ret is NULL if it asks for no filter. Reporting:
 * "linux.seccomp.syscalls[3].args[0].op: ...". */
must_check int oci_filter(const struct seccomp_spec *spec, const struct filter_options *options,
			  const struct filter **ret);

/* From linux.seccomp; *ret is NULL if it asks for no filter. What the specification forbids is
 * refused, but for errnoRet where it means nothing under compat_runc. Reporting. */
must_check int oci_profile(const struct seccomp_spec *spec, bool compat_runc,
			   const struct profile **ret);

#endif
