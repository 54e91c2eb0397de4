/* SPDX-License-Identifier: Apache-2.0 */
/* JSON Lines: a text in which each line is a JSON value. */
#ifndef OCI_JSON_LINES_H
#define OCI_JSON_LINES_H

#include "oci/json.h"

/*
 * Parses the text as json_parse() does; *ret gets an array of the lines' values, and messages have
 * the line's number. What follows the last line feed, which a crash has left, is passed over.
 * Reporting.
 */
must_check int json_lines_parse(const char *name, const struct text *text, const struct json **ret);

#endif
