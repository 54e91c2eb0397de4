/* SPDX-License-Identifier: Apache-2.0 */
/* A profile without some of the calls that it allows. */
#ifndef CMD_SECCOMP_NARROW_H
#define CMD_SECCOMP_NARROW_H

#include "cmd/seccomp/amend.h"
#include "cmd/seccomp/subject.h"

/* Whether the profile lets the call through on one of its architectures, for some arguments. */
bool narrow_is_allowed(const struct subject *s, struct canon *canon, unsigned int id);
/*
 * The subject as a profile whose text can be edited: one that is no text of JSON is written as one
 * first. Refused if it is no profile, or one of another program (is_plain). Arena. Reporting.
 */
must_check int narrow_as_json(const struct subject *s, struct canon *canon, struct subject *ret);
/* What a call gets that is taken away: the default action, or EPERM if that lets calls through. */
uint32_t narrow_answer(const struct subject *s);
/*
 * The text, of narrow_as_json(), in which the calls with denied[id] get `action`. ret->wrong
 * says what else changes: another error, as a rule (amend.h). Arena. Reporting.
 */
must_check int narrow_text(const struct subject *json, const bool *denied, uint32_t action,
			   struct canon *canon, struct amended *ret);
/*
 * The filter of the same profile, quickly made. It may give a denied call that no rule named before
 * another error than the text does. Arena. Reporting.
 */
must_check int narrow_filter(const struct subject *s, const bool *denied, uint32_t action,
			     struct bpf_program *ret);
/* Prints the calls with these ids by category, a line each. */
void narrow_print(const bool *ids);

#endif
