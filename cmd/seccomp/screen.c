/* SPDX-License-Identifier: Apache-2.0 */
/* Owns what fits on a screen. */
#include "cmd/seccomp/screen.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { ROWS = 24 };

struct screen screen_make(size_t reserved, bool is_all)
{
	struct winsize size;
	size_t rows = ROWS;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0)
		rows = size.ws_row;
	return (struct screen){ .has_limit = !is_all,
				.left = rows > reserved ? rows - reserved : 0 };
}

static size_t count_rows(const char *text)
{
	size_t n = 0;

	for (; (text = strchr(text, '\n')); text++)
		n++;
	return n;
}

void screen_print(struct screen *s, void (*print)(FILE *to, const void *entry), const void *entry)
{
	char *text = NULL;
	size_t n;
	FILE *to = s->is_full ? NULL : open_memstream(&text, &n);

	if (!to)
		return;
	print(to, entry);
	if (fclose(to) == 0) {
		size_t rows = count_rows(text);

		s->is_full = s->has_limit && s->n_shown && rows > s->left;
		if (!s->is_full) {
			fputs(text, stdout);
			s->left -= rows < s->left ? rows : s->left;
			s->n_shown++;
		}
	}
	free(text);
}
