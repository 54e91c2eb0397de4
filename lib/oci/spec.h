/* SPDX-License-Identifier: Apache-2.0 */
/* The config.json that `spec` writes. */
#ifndef OCI_SPEC_H
#define OCI_SPEC_H

#include "oci/config.h"
#include "oci/jsonw.h"

struct spec_options {
	bool rootless; /* with a user namespace whose root is this uid and gid on the host */
	uint32_t uid, gid;
	const struct seccomp_spec *seccomp; /* NULL: no filter */
};

/* Fills *ret with the template, whose parts belong to the arena and to options. */
void spec_default(const struct spec_options *options, struct config *ret);
/* Returns any config as config.json. */
struct text spec_encode_config(const struct config *config, enum jsonw_style style);

#endif
