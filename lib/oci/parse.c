/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the way from text to a config that may be used. What must hold: everything is decoded and
 * validated. All documents take the same way, so `exec --process` and `update` accept nothing that
 * `create` would refuse.
 */
#include "oci/parse.h"

#include "oci/config.h"
#include "oci/validate.h"

int parse_config(const char *name, const struct text *text, struct config *ret)
{
	int r = decode_text(name, text, &config_shape, ret);

	return r < 0 ? r : validate_config(ret);
}

int parse_process(const char *name, const struct text *text, struct process_spec *ret)
{
	int r = decode_text(name, text, &config_process_shape, ret);

	if (r < 0 || (r = validate_refusals(ret->at, validate_process_refusals)) < 0)
		return r;
	return validate_process(ret);
}

int parse_resources(const char *name, const struct text *text, struct resources_spec *ret)
{
	int r = decode_text(name, text, &config_resources_shape, ret);

	return r < 0 ? r : validate_resources(ret);
}

int parse_seccomp(const char *name, const struct text *text, struct seccomp_spec *ret)
{
	int r = decode_text(name, text, &config_seccomp_shape, ret);

	return r < 0 ? r : validate_resources_seccomp(ret);
}
