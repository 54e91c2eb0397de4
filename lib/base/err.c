/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the error record. It is static, because each of our processes has one thread, does one thing
 * and ends. The child of a create sends its record to the parent as a message.
 */
#include "base/err.h"

#include "base/arena.h"
#include "base/words.h"

#include <errno.h>
#include <string.h>

static const char *message;

/* an internal error number of the kernel, which some calls return nevertheless */
enum { ENOTSUPP = 524 };

const char *err_words(int code)
{
	switch (code) {
	case ENOENT:
		return "not found (ENOENT)";
	case EACCES:
		return "access denied (EACCES)";
	case EPERM:
		return "not permitted (EPERM)";
	case ENOTDIR:
		return "a component of the path is not a directory (ENOTDIR)";
	case EISDIR:
		return "it " WORDS_IS_DIRECTORY " (EISDIR)";
	case ESRCH:
		return WORDS_NO_PROCESS;
	/* seccomp(2) and bpf(2) return it; the C library has no words for it */
	case ENOTSUPP:
		return "no room for one more BPF program: sysctl net.core.bpf_jit_limit is used up "
		       "(ENOTSUPP)";
	default:
		return strerror(code);
	}
}

static printf_like(2, 0) void record(int code, const char *fmt, va_list ap)
{
	if (message)
		return;
	message = arena_vprintf(fmt, ap);
	if (code)
		message = arena_printf("%s: %s", message, err_words(code));
}

int fail(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	record(code, fmt, ap);
	va_end(ap);
	return code ? -code : -EINVAL;
}

void fail_note(int code, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	record(code, fmt, ap);
	va_end(ap);
}

int wrap(int r, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	const char *prefix = arena_vprintf(fmt, ap);

	va_end(ap);
	message = arena_printf("%s: %s", prefix, message ? message : err_words(r < 0 ? -r : 0));
	return r;
}

int fail_received(int code, const char *text)
{
	if (!message)
		message = arena_strdup(text);
	return code < 0 ? code : -EIO;
}

const char *err_message(void)
{
	return message;
}

void err_clear(void)
{
	message = NULL;
}

void err_restore(const char *earlier)
{
	message = earlier;
}
