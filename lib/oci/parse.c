/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From text to a config that may be acted on: nothing is handed out that was not both decoded
 * and validated. All documents go the same way, so that `exec --process` and `update` accept
 * nothing that `create` would refuse.
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
