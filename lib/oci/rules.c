/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns rules about single strings. They refuse what the kernel would silently truncate (names
 * longer than its buffer), split (control characters in lists), or interpret differently than
 * intended.
 */
#include "oci/rules.h"

#include "base/path.h"

#include <limits.h>
#include <net/if.h>
#include <string.h>

enum { HOST_NAME_BYTES = 64, OPTION_BYTES = 4095 };

#define DIGITS "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

static bool is_not_empty(const char *s)
{
	return *s != 0;
}
const struct text_rule rules_not_empty = { "a string that is not empty", is_not_empty };

static bool is_container_id(const char *s)
{
	size_t n = strspn(s, LETTERS DIGITS "_+.-");

	return !s[n] && n > 0 && n <= NAME_MAX && *s != '-' && *s != '.';
}
const struct text_rule rules_container_id = { "1 to 255 letters, digits or '_', '+', '.', '-', not "
					      "starting with '-' or '.'",
					      is_container_id };

static bool is_path(const char *s)
{
	return *s && strlen(s) < PATH_MAX;
}
const struct text_rule rules_path = { "a path of 1 to 4095 bytes", is_path };
const struct text_rule rules_absolute_path = { "an absolute path", path_is_absolute };

static bool is_absolute_or_empty(const char *s)
{
	return !*s || path_is_absolute(s);
}
const struct text_rule rules_absolute_or_empty = { "an absolute path", is_absolute_or_empty };

static bool is_assignment(const char *s)
{
	return *s != '=' && strchr(s, '=');
}
const struct text_rule rules_assignment = { "NAME=VALUE", is_assignment };

static bool is_option(const char *s)
{
	return strlen(s) <= OPTION_BYTES;
}
const struct text_rule rules_option = { "a mount option of at most 4095 bytes", is_option };

static bool is_host_name(const char *s)
{
	return strlen(s) <= HOST_NAME_BYTES;
}
const struct text_rule rules_host_name = { "at most 64 bytes", is_host_name };

/* The kernel parses the list. Here only other characters are refused. */
static bool is_cpu_list(const char *s)
{
	return s[strspn(s, DIGITS ", -:/N")] == 0;
}
const struct text_rule rules_cpu_list = { "a list like \"0-3,7\"", is_cpu_list };

static bool is_page_size(const char *s)
{
	size_t n = strspn(s, DIGITS);

	return n && s[0] != '0' && s[n] && strchr("KMG", s[n]) && strcmp(s + n + 1, "B") == 0;
}
const struct text_rule rules_page_size = { "a page size like \"2MB\" or \"1GB\"", is_page_size };

static bool is_interface(const char *s)
{
	for (const char *c = s; *c; c++)
		if ((unsigned char)*c <= ' ' || *c == '/' || *c == ':' || *c == 0x7f)
			return false;
	return *s && strlen(s) < IFNAMSIZ && strcmp(s, ".") != 0 && strcmp(s, "..") != 0;
}
const struct text_rule rules_interface = { "a network device's name of 1 to 15 bytes",
					   is_interface };

static bool is_one_of(const char *s, const char *letters)
{
	return s[0] && !s[1] && strchr(letters, s[0]);
}

static bool is_device_type(const char *s)
{
	return is_one_of(s, "cbup");
}
const struct text_rule rules_device_type = { "\"c\", \"b\", \"u\" or \"p\"", is_device_type };

static bool is_device_rule_type(const char *s)
{
	return !*s || is_one_of(s, "abcu");
}
const struct text_rule rules_device_rule_type = { "\"a\", \"b\", \"c\" or \"u\"",
						  is_device_rule_type };

static bool is_device_access(const char *s)
{
	return s[strspn(s, "rwm")] == 0;
}
const struct text_rule rules_device_access = { "letters of \"rwm\"", is_device_access };
