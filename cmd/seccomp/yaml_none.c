/* SPDX-License-Identifier: Apache-2.0 */
/* Stands for yaml.c where libyaml is not there. */
#include "base/err.h"
#include "cmd/seccomp/yaml.h"
#include "cmd/seccomp/yaml_edit.h"

bool yaml_is_built(void)
{
	return false;
}

int yaml_parse(const char *name, const struct text *text, struct yaml_documents *ret)
{
	(void)text;
	*ret = (struct yaml_documents){ 0 };
	return fail(0, "%s: is YAML, which this tamis was built without (libyaml); expected JSON",
		    name);
}

/* No tree has come from YAML. */
int yaml_edit_finish(const char *name, const struct text *text, const struct json *root,
		     const struct json_edit *e, struct text *ret)
{
	(void)text;
	(void)root;
	(void)e;
	*ret = (struct text){ 0 };
	return fail(0, "%s: cannot be written as YAML", name);
}
