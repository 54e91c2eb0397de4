/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotations of config.json that change what is done: those of crun that engines write. An image
 * may carry them (Podman copies an image's into config.json), so what they ask for only tightens,
 * or the caller has allowed it by name: --allow-annotation.
 */
#ifndef OCI_ANNOTATIONS_H
#define OCI_ANNOTATIONS_H

#include "base/base.h"

struct config;
struct strings; /* oci/decode.h */

enum annotation {
	ANNOTATION_KEEP_GROUPS,	 /* the groups of the caller stay; Podman's --group-add keep-groups
				  */
	ANNOTATION_LABEL_KIND,	 /* which option takes mountLabel; Podman's label=nested */
	ANNOTATION_RECEIVER,	 /* listenerPath where linux.seccomp has none */
	ANNOTATION_BPF,		 /* a finished filter on top of linux.seccomp, base64 */
	ANNOTATION_FAIL_UNKNOWN, /* a call in linux.seccomp that nobody knows is an error */
	ANNOTATION_COUNT,
};

/* The keys, in the order of the enum, then NULL: `features` lists them as unsafe, because who
 * may write annotations may not be who may write a config. */
extern const char *const annotations_keys[ANNOTATION_COUNT + 1];

/* What the config has for it, or NULL. */
const char *annotations_text(const struct config *c, enum annotation which);
/* Of one that is 0 or 1, which annotations_validate() has checked; absent: false. */
bool annotations_have(const struct config *c, enum annotation which);
/* Fails (-EINVAL) with the place of that annotation. Reporting. */
must_check int annotations_fail(const struct config *c, enum annotation which,
				const char *expected);
/* Whether the caller has allowed that key; one that ends with a dot stands for all that begin so.
 */
bool annotations_allow(const struct strings *allowed, const char *key);
/* Fails (-EINVAL) with the place of that key, what it does, and the option. Reporting. */
must_check int annotations_fail_allowed(const struct config *c, const char *key, const char *does);
/* What the config has besides is allowed (but for org.systemd.property., which plan_property.c
 * judges), and each word of the list is a key that can be. Reporting. */
must_check int annotations_check_allowed(const struct config *c, const struct strings *allowed);
/* Values, and those keys that cannot be ignored and are not offered. Reporting. */
must_check int annotations_validate(const struct config *c);

#endif
