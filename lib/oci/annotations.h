/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Annotations of config.json that change what tamis does: those of crun that engines write. They
 * may come from an image, because Podman copies an image's annotations into config.json. So an
 * annotation has an effect only if it makes the container more restricted, or if the caller has
 * allowed it by name: --allow-annotation.
 */
#ifndef OCI_ANNOTATIONS_H
#define OCI_ANNOTATIONS_H

#include "base/base.h"

struct config;
struct strings; /* in oci/decode.h */

/* runc's: NAME behind it is a property of the scope (lib/plan/plan_property.c). */
#define ANNOTATIONS_PROPERTY "org.systemd.property."

enum annotation {
	/* keep the groups of the caller; Podman's --group-add keep-groups */
	ANNOTATION_KEEP_GROUPS,
	ANNOTATION_LABEL_KIND,	 /* mount option that takes mountLabel; Podman's label=nested */
	ANNOTATION_RECEIVER,	 /* listenerPath if linux.seccomp has none */
	ANNOTATION_BPF,		 /* a compiled filter in addition to linux.seccomp, base64 */
	ANNOTATION_EXPLAIN,	 /* explain denials; the value is the log's file, or "" */
	ANNOTATION_RECORD,	 /* record system calls; the value is the file */
	ANNOTATION_FAIL_UNKNOWN, /* an unknown call in linux.seccomp is an error */
	ANNOTATION_COUNT,
};

/*
 * The keys in the order of the enum, then NULL. `features` lists them as unsafe, because those who
 * may write annotations need not be those who may write a config.
 */
extern const char *const annotations_keys[ANNOTATION_COUNT + 1];

/* Returns the value in the config, or NULL. */
const char *annotations_text(const struct config *c, enum annotation which);
/* Returns the name of the container's image as engines tell it, or NULL. */
const char *annotations_image(const struct config *c);
/*
 * Returns the value of an annotation that is 0 or 1, which annotations_validate() has checked.
 * Absent: false.
 */
bool annotations_have(const struct config *c, enum annotation which);
/* Records an error with the place of that annotation and returns -EINVAL. Reporting. */
must_check int annotations_fail(const struct config *c, enum annotation which,
				const char *expected);
/* Whether the caller has allowed the key. An allowed word that ends with a dot is a prefix. */
bool annotations_allow(const struct strings *allowed, const char *key);
/*
 * Records an error with the place of that key, its effect, and the option that allows it. Returns
 * -EINVAL. Reporting.
 */
must_check int annotations_fail_allowed(const struct config *c, const char *key, const char *does);
/*
 * Checks that the caller has allowed the annotations that need it (except org.systemd.property.,
 * see plan_property.c), and that each word of the list is a key that can be allowed. Reporting.
 */
must_check int annotations_check_allowed(const struct config *c, const struct strings *allowed);
/* Checks values, and refuses keys that cannot be ignored and are not supported. Reporting. */
must_check int annotations_validate(const struct config *c);

#endif
