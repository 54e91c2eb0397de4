/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A config.json that passes through tamis-precreate: its text, and what it says about seccomp. All
 * bytes but those of linux.seccomp stay as they are.
 */
#ifndef HOOKS_PRECREATE_CONFIG_H
#define HOOKS_PRECREATE_CONFIG_H

#include "base/io.h"
#include "oci/json.h"
#include "seccomp/canon.h"
#include "seccomp/profile.h"

struct precreate_config {
	const struct text *text;
	const struct json *root;
	const struct json *seccomp;	/* linux.seccomp; NULL: absent or null */
	const struct profile *original; /* as it came; NULL: no filter is configured */
	/* the one that is written; another one than `original` if it has been changed */
	const struct profile *profile;
	bool conditional; /* it has words of engines that a runtime does not read */
	struct profile_facts facts;
	struct canon canon;
};

/* Parses the text, which must live as long as *ret. Reporting. */
must_check int precreate_config_parse(const struct text *text, struct precreate_config *ret);
/*
 * Reads what it says about seccomp: the profile, decided by the container's capabilities and this
 * kernel. Keys that only some JSON readers would take for those of the specification are refused.
 * Reporting.
 */
must_check int precreate_config_read(struct precreate_config *c);
/* The value of an annotation, or NULL. */
const char *precreate_config_annotation(const struct precreate_config *c, const char *key);
/* Whether no filter is configured and the bounding set has all of this process's own. */
bool precreate_config_is_privileged(const struct precreate_config *c);
/* The hostname, or "": what a person may know the container by. */
const char *precreate_config_hostname(const struct precreate_config *c);
/*
 * The text with c->profile as linux.seccomp, or the original text if that is c->original. It is
 * read again and compared. Arena. Reporting.
 */
must_check int precreate_config_text(const struct precreate_config *c, struct text *ret);
/* A profile as compact JSON. Arena. */
const char *precreate_config_profile_text(const struct profile *profile);

#endif
