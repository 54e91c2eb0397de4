/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Changes to a YAML text, by the nodes of its tree (yaml.h) as json_edit.h records them. Comments,
 * order, indentation and quotes of all that is not changed stay; what is added takes the form of
 * its neighbours: lines with dashes or brackets, order of keys, quotes.
 */
#ifndef CMD_SECCOMP_YAML_EDIT_H
#define CMD_SECCOMP_YAML_EDIT_H

#include "oci/json_edit.h"

/*
 * The text of root's document, which yaml_parse() has made, and of the others in its file, with all
 * changes. It is read again: each document must be the tree that it was, with what json_edit.c
 * makes of the changes; else it is an error that names a way without YAML. Arena. Reporting.
 */
must_check int yaml_edit_finish(const char *name, const struct text *text, const struct json *root,
				const struct json_edit *e, struct text *ret);

#endif
