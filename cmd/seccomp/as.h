/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes a subject in a form that is asked for: --as FORM. What is printed is read back and
 * compared with the subject first. If the form cannot say all of it nothing is printed, unless
 * --lossy is given: then what is lost is printed on standard error.
 */
#ifndef CMD_SECCOMP_AS_H
#define CMD_SECCOMP_AS_H

#include "cmd/seccomp/subject.h"

struct as_options {
	const char *form; /* NULL: none */
	bool lossy;
};

extern const struct name as_forms[];

/* Their rows in a table of options; `member` is the struct as_options in `type`. */
/* clang-format off */
#define AS_OPTIONS(type, member) \
	{ "as", 0, OPT_STRING, offsetof(type, member.form), "FORM", \
	  "write it as bpf, c, docker, oci, pfc, seccompiler or spo", as_forms }, \
	{ "lossy", 0, OPT_BOOL, offsetof(type, member.lossy), NULL, \
	  "write it even if the form cannot say all of it, and print what is lost" }
/* clang-format on */

/* Whether the form is one. Reporting. */
must_check int as_check(const struct as_options *options);
/* Prints the subject. Returns an exit code. Reporting. */
must_check int as_write(const struct as_options *options, const struct subject *s,
			struct canon *canon);
/* The filter that `run` and `create` would load, or the program that the subject is. Reporting. */
must_check int as_program(const struct subject *s, struct bpf_program *ret);

#endif
