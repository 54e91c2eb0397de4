/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Filters in the JSON of seccompiler (rust-vmm, Firecracker): several filters a file, one for
 * each kind of thread, of one architecture that the file does not name.
 */
#ifndef SECCOMP_SECCOMPILER_H
#define SECCOMP_SECCOMPILER_H

#include "seccomp/profile.h"

struct json;
struct text;

/*
 * The filter of that thread; NULL: the only one there is. All of them are checked. name is for
 * messages; it and the tree must live as long as *ret. The filter decides facts->native alone, and
 * what no object names gets the mismatch action, whatever its number.
 * Refused: a thread that is not there (the message lists those that are), unknown keys, calls
 * that no table has, equal actions, one call with and without args (seccompiler lets the
 * condition win, other readers do not), more than CONJUNCTION_MAX rules for one. Reporting.
 */
must_check int seccompiler_profile_decode(const char *name, const struct json *root,
					  const char *thread, const struct profile_facts *facts,
					  struct profile *ret);

/*
 * The profile as the filter of that thread, and nothing else in the file. native: whose
 * parameters tell "dword" from "qword". Reporting: what the form cannot say (two actions
 * besides the default, NOTIFY, flags, a listener, another architecture).
 */
must_check int seccompiler_profile_write(const struct profile *profile, const char *thread,
					 enum abi native, struct text *ret);

#endif
