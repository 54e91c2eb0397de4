/* SPDX-License-Identifier: Apache-2.0 */
/* Answers as pseudo filter code, in the manner of libseccomp's seccomp_export_pfc(3). */
#ifndef SECCOMP_PFC_H
#define SECCOMP_PFC_H

#include "base/io.h"
#include "seccomp/verdicts.h"

/*
 * Writes all answers. name is for messages. Reporting: a call whose answer depends on its arguments
 * in more ways than can be listed. Arena.
 */
must_check int pfc_write(const char *name, const struct verdicts *verdicts, struct canon *canon,
			 struct text *ret);

#endif
