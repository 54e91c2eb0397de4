/* SPDX-License-Identifier: Apache-2.0 */
/*
 * From text to a config that may be acted on: nothing is handed out that was not both decoded
 * and validated. All documents go the same way, so that `exec --process` and `update` accept
 * nothing that `create` would refuse.
 */
#include "oci/config.h"
#include "oci/validate.h"

int config_parse(const char *name, const struct text *text, struct config *ret)
{
	int r = decode_text(name, text, &config_shape, ret);

	return r < 0 ? r : validate_config(ret);
}

int process_parse(const char *name, const struct text *text, struct process_spec *ret)
{
	int r = decode_text(name, text, &process_shape, ret);

	if (r < 0 || (r = validate_refusals(ret->at, process_refusals)) < 0)
		return r;
	return validate_process(ret);
}

int resources_parse(const char *name, const struct text *text, struct resources_spec *ret)
{
	int r = decode_text(name, text, &resources_shape, ret);

	return r < 0 ? r : validate_resources(ret);
}

int seccomp_parse(const char *name, const struct text *text, struct seccomp_spec *ret)
{
	int r = decode_text(name, text, &seccomp_shape, ret);

	return r < 0 ? r : validate_seccomp(ret);
}
