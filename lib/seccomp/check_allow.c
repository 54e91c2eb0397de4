/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns remarks that allow findings: "tamis: allow CODE REASON", in the "comment" of a rule for what
 * is found in the rule, in that of the profile for all, in a text of another format behind '#'.
 */
#include "seccomp/check.h"

#include "base/arena.h"
#include "base/io.h"
#include "oci/json.h"

#include <string.h>

static const char mark[] = "tamis: allow ";

/* One remark. */
struct remark {
	enum finding_code code; /* FINDING_COUNT: no finding has it */
	const char *word, *reason;
	bool used;
	const struct json *within; /* NULL: everywhere */
	const struct json *at;
	struct remark *next;
};

/* Reads "CODE REASON" up to the end of the line or the next remark; moves *text behind it. */
static struct remark *read_remark(const char **text)
{
	struct remark *ret = arena_alloc(sizeof(*ret));
	const char *p = *text + strlen(mark), *next;
	size_t len = strcspn(p, " \t\r\n;,:");

	ret->word = arena_memdup(p, len);
	ret->code = findings_find(ret->word);
	p += len;
	p += strspn(p, " \t;,:");
	len = strcspn(p, "\r\n");
	next = strstr(p, mark);
	if (next && (size_t)(next - p) < len)
		len = (size_t)(next - p);
	while (len && strchr(" \t;,", p[len - 1]))
		len--;
	ret->reason = arena_memdup(p, len);
	*text = p + len;
	return ret;
}

static void add_remarks(struct remark **list, const char *text, const struct json *within,
			const struct json *at)
{
	for (const char *p = strstr(text, mark); p; p = strstr(p, mark)) {
		struct remark *r = read_remark(&p);

		r->within = within;
		r->at = at;
		r->next = *list;
		*list = r;
	}
}

static void read_comment(struct remark **list, const struct json *object, bool whole)
{
	const struct json *comment = json_member(object, "comment");

	if (comment && comment->type == JSON_STRING)
		add_remarks(list, comment->text, whole ? NULL : object, comment);
}

static bool is_within(const struct json *v, const struct json *outer)
{
	while (v && v != outer)
		v = v->up;
	return v == outer;
}

static void apply(struct check_run *c, struct remark *list)
{
	for (size_t i = 0; i < c->found.n; i++)
		for (struct remark *r = list; r; r = r->next) {
			struct finding *f = &c->found.v[i];

			if (r->code != f->code || !r->reason[0] ||
			    (r->within && !is_within(f->at, r->within)))
				continue;
			f->allowed = r->reason;
			r->used = true;
		}
}

static void judge(struct check_run *c, const struct remark *r)
{
	const char *like;

	if (r->code == FINDING_COUNT) {
		like = findings_like(r->word);
		findings_add(&c->found, FINDING_unknown_allow, r->at ? r->at : c->root,
			     like ? arena_printf("no finding is called %s; did you mean %s?",
						 r->word, like)
				  : arena_printf("no finding is called %s", r->word));
	} else if (!r->reason[0]) {
		findings_add(&c->found, FINDING_unknown_allow, r->at ? r->at : c->root,
			     arena_printf("%s: a reason is missing", r->word));
	} else if (!r->used) {
		findings_add(&c->found, FINDING_unused_allow, r->at ? r->at : c->root,
			     arena_printf("%s is not found there", r->word));
	}
}

/* Lines of a text with '#' in front of the remark. */
static void read_text(struct remark **list, const char *text)
{
	for (const char *p = text; *p; p += strcspn(p, "\n"), p += *p == '\n') {
		const char *line = arena_memdup(p, strcspn(p, "\n"));
		const char *hash = strchr(line, '#');

		if (hash && strstr(hash, mark))
			add_remarks(list, hash, NULL, NULL);
	}
}

void check_allow(struct check_run *c)
{
	const struct json *rules = json_member(c->root, "syscalls");
	struct remark *list = NULL;

	read_comment(&list, c->root, true);
	if (rules)
		json_each (rule, rules)
			read_comment(&list, rule, false);
	if (c->text && strstr(c->text->data, mark))
		read_text(&list, c->text->data);
	apply(c, list);
	for (const struct remark *r = list; r; r = r->next)
		judge(c, r);
}
