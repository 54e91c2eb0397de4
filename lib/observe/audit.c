/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the form of audit records. The names in a record are chosen by the process that it is about.
 * The kernel writes a name with a blank, a quote or another unusual byte in hexadecimal
 * (audit_log_untrustedstring()), so a name cannot add fields. A line is a record only if it begins
 * as one, because other lines of a log may quote text of any user.
 */
#include "observe/audit.h"

#include "base/arena.h"
#include "base/num.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

enum { LINE_MAX_BYTES = 8192 };

/* The fields that every record has; a kernel may add others. */
enum needed { PID = 1, ARCH = 2, NR = 4, IP = 8, ACTION = 16, ALL = 31 };

/* --- the beginning -------------------------------------------------------------------------- */

static const char *behind(const char *s, const char *word)
{
	size_t n = strlen(word);

	return strncmp(s, word, n) == 0 ? s + n : NULL;
}

/* Without the time that the kernel log has at its end: "[   12.345] ". */
static size_t without_time(const char *line, size_t n)
{
	size_t i = n;

	if (n < 2 || line[n - 1] != ' ' || line[n - 2] != ']')
		return n;
	for (i -= 2; i > 0 && strchr("0123456789. ", line[i - 1]); i--)
		;
	return i > 0 && line[i - 1] == '[' ? i - 1 : n;
}

/* Whether this is what logs put in front of a line of the kernel: "", "<5>", "... kernel: ". */
static bool is_prefix(const char *line, size_t n)
{
	static const char kernel[] = "kernel: ";
	size_t n_kernel = strlen(kernel);

	n = without_time(line, n);
	if (n == 0 || (n == 3 && line[0] == '<' && line[2] == '>'))
		return true;
	return n >= n_kernel && memcmp(line + n - n_kernel, kernel, n_kernel) == 0;
}

/* Where the record begins: at the first byte (auditd's files), or behind "audit: ". NULL: nowhere.
 */
static const char *find_type(const char *line)
{
	static const char mark[] = "audit: ";
	const char *at = strstr(line, "audit: type=");

	if (behind(line, "type="))
		return line;
	return at && is_prefix(line, (size_t)(at - line)) ? at + strlen(mark) : NULL;
}

/* "1732650000.123:89): " */
static const char *parse_stamp(const char *s, struct audit_record *ret)
{
	uint64_t sec, ms;

	if (num_scan_u64(s, &s, &sec) < 0 || *s != '.' || num_scan_u64(s + 1, &s, &ms) < 0 ||
	    *s != ':' || num_scan_u64(s + 1, &s, &ret->serial) < 0 || sec > INT64_MAX / 2000 ||
	    ms > 999)
		return NULL;
	ret->time_ms = (int64_t)(sec * 1000 + ms);
	return behind(s, "):");
}

/* *ret_fields is NULL if it is damaged. Returns whether the line is a record of this type. */
static bool parse_beginning(const char *line, struct audit_record *ret, const char **ret_fields)
{
	static const char *const types[] = { "type=1326 audit(", "type=1326 msg=audit(",
					     "type=SECCOMP msg=audit(" };
	const char *s = find_type(line), *stamp = NULL;

	for (size_t i = 0; s && !stamp && i < ARRAY_LEN(types); i++)
		stamp = behind(s, types[i]);
	*ret_fields = stamp ? parse_stamp(stamp, ret) : NULL;
	return stamp != NULL;
}

/* --- fields --------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
	return c >= '0' && c <= '9'   ? c - '0'
	       : c >= 'A' && c <= 'F' ? c - 'A' + 10
	       : c >= 'a' && c <= 'f' ? c - 'a' + 10
				      : -1;
}

/* "python3" in quotes, or its bytes in hexadecimal. Others, such as (null), are no name. */
static struct text name_of(const char *value, size_t n)
{
	struct text ret = { NULL, 0 };

	if (n >= 2 && value[0] == '"' && value[n - 1] == '"')
		return (struct text){ arena_memdup(value + 1, n - 2), n - 2 };
	if (n == 0 || n % 2)
		return ret;
	char *data = arena_alloc(n / 2 + 1);

	for (size_t i = 0; i < n; i += 2) {
		int high = hex_digit(value[i]), low = hex_digit(value[i + 1]);

		if (high < 0 || low < 0)
			return ret;
		data[i / 2] = (char)(high << 4 | low);
	}
	return (struct text){ data, n / 2 };
}

static bool is_key(const char *key, size_t n, const char *want)
{
	return n == strlen(want) && memcmp(key, want, n) == 0;
}

static bool parse_hex(const char *text, uint64_t max, uint64_t *ret)
{
	const char *digits = behind(text, "0x");

	return num_parse_base(digits ? digits : text, 16, ret) >= 0 && *ret <= max;
}

/* Takes one field. Returns which of the needed ones it is, 0 if none, or -EINVAL. */
static int take_field(const char *key, size_t n_key, const char *value, size_t n,
		      struct audit_record *ret)
{
	const char *text = arena_memdup(value, n);
	uint64_t v = 0;
	int64_t nr = 0;

	if (is_key(key, n_key, "comm"))
		ret->comm = name_of(value, n);
	else if (is_key(key, n_key, "exe"))
		ret->exe = name_of(value, n);
	else if (is_key(key, n_key, "sig"))
		return num_parse_u32(text, &ret->signal) < 0 ? -EINVAL : 0;
	else if (is_key(key, n_key, "pid")) {
		if (num_parse_u64(text, &v) < 0 || v == 0 || v > INT_MAX)
			return -EINVAL;
		ret->pid = (pid_t)v;
		return PID;
	} else if (is_key(key, n_key, "arch")) {
		if (!parse_hex(text, UINT32_MAX, &v))
			return -EINVAL;
		ret->arch = (uint32_t)v;
		return ARCH;
	} else if (is_key(key, n_key, "syscall")) {
		if (num_parse_i64(text, &nr) < 0 || nr < INT32_MIN || nr > UINT32_MAX)
			return -EINVAL;
		ret->nr = (uint32_t)nr;
		return NR;
	} else if (is_key(key, n_key, "ip")) {
		return parse_hex(text, UINT64_MAX, &ret->ip) ? IP : -EINVAL;
	} else if (is_key(key, n_key, "code")) {
		if (!parse_hex(text, UINT32_MAX, &v))
			return -EINVAL;
		ret->action = (uint32_t)v;
		return ACTION;
	}
	return 0;
}

int audit_parse(const char *line, size_t n, struct audit_record *ret)
{
	const char *s;
	int seen = 0;

	*ret = (struct audit_record){ .pid = 0 };
	if (n > LINE_MAX_BYTES)
		return 0;
	if (!parse_beginning(arena_memdup(line, n), ret, &s))
		return 0;
	/* auditd adds translations in capital letters behind a group separator */
	while (s && *s) {
		s += strspn(s, " \35");
		const char *value = s + strcspn(s, "= \35");
		size_t n_key = (size_t)(value - s);

		if (*value != '=') {
			s = value;
			continue;
		}
		size_t n_value = strcspn(++value, " \35\n");
		int field = take_field(s, n_key, value, n_value, ret);

		if (field < 0 || seen & field)
			return -EINVAL;
		seen |= field;
		s = value + n_value;
	}
	return s && seen == ALL ? 1 : -EINVAL;
}
