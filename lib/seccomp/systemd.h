/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The filter that a unit of systemd asks for by SystemCallFilter=, SystemCallErrorNumber= and
 * SystemCallArchitectures= (systemd.exec(5)). Other settings that make filters of their own
 * (RestrictNamespaces=, MemoryDenyWriteExecute= ...) are not read.
 */
#ifndef SECCOMP_SYSTEMD_H
#define SECCOMP_SYSTEMD_H

#include "base/io.h"
#include "seccomp/profile.h"

/* Whether the text is a unit file with SystemCallFilter=. */
bool systemd_profile_is(const struct text *text);
/*
 * From the text of a unit file, or of a value of SystemCallFilter= alone, one a line. What the list
 * does not name is answered alike, whatever its number, and an architecture that systemd makes no
 * filter for is not decided unless SystemCallArchitectures= is given. name is
 * for messages; it must live as long as *ret. Refused, with file and line: unknown calls,
 * groups, errors and architectures, groups of ours, which systemd has not, SystemCallLog=, no
 * filter at all. Reporting.
 */
must_check int systemd_profile_parse(const char *name, const struct text *text,
				     const struct profile_facts *facts, struct profile *ret);

#endif
