/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how the form of a profile is told. Each form has a mark that no other has; a text without
 * any of them is refused.
 */
#include "cmd/seccomp/form.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/printable.h"
#include "cmd/seccomp/yaml.h"
#include "cmd/seccomp/yaml_edit.h"
#include "oci/json.h"
#include "oci/json_edit.h"
#include "seccomp/bpf.h"
#include "seccomp/constants.h"
#include "seccomp/docker.h"
#include "seccomp/minijail.h"
#include "seccomp/pod.h"
#include "seccomp/seccompiler.h"
#include "seccomp/systemd.h"

#include <fcntl.h>
#include <string.h>

enum { LINE_COLUMNS = 42 };

const char *form_name(enum form form)
{
	static const char *const names[] = {
		[FORM_OCI] = "profile",
		[FORM_SPO] = "SeccompProfile of Kubernetes",
		[FORM_SECCOMPILER] = "filter of seccompiler",
		[FORM_POD] = "pod of Kubernetes",
		[FORM_SYSTEMD] = "unit of systemd",
		[FORM_MINIJAIL] = "policy of minijail",
		[FORM_BPF] = "BPF program",
	};

	return names[form];
}

/* --- marks -------------------------------------------------------------------------------- */

/* Whether it has what no text has. */
static bool is_binary(const struct text *text)
{
	for (size_t i = 0; i < text->len; i++)
		if (!strchr("\t\n\r", text->data[i]) && (unsigned char)text->data[i] < ' ')
			return true;
	return memchr(text->data, '\0', text->len);
}

/* The index of the first instruction that the kernel would refuse; -1: none. */
static int first_bad(const struct text *text)
{
	size_t n = text->len / sizeof(struct sock_filter);
	struct sock_filter *code = arena_array(n, sizeof(*code));

	memcpy(code, text->data, n * sizeof(*code));
	return bpf_first_bad(code, n);
}

static bool is_program(const struct text *text)
{
	size_t n = text->len / sizeof(struct sock_filter);

	return n > 0 && n <= BPF_MAXINSNS && text->len % sizeof(struct sock_filter) == 0 &&
	       first_bad(text) < 0;
}

/* The first line that is neither empty nor a comment, and its number. */
static const char *first_line(const struct text *text, unsigned int *ret_number)
{
	const char *p = text->data;

	*ret_number = 1;
	for (;;) {
		for (; *p && strchr(" \t\r\n", *p); p++)
			*ret_number += *p == '\n';
		if (*p != '#' && *p != ';')
			break;
		p += strcspn(p, "\n");
	}
	return arena_memdup(p, strcspn(p, "\r\n"));
}

static bool is_yaml(const char *line)
{
	static const char *const starts[] = { "---", "apiVersion:", "kind:", "metadata:", "spec:" };

	for (size_t i = 0; i < ARRAY_LEN(starts); i++)
		if (strncmp(line, starts[i], strlen(starts[i])) == 0)
			return true;
	return false;
}

/* "@system-service ~@mount", a value of SystemCallFilter= alone. minijail has words with '@', too.
 */
static bool is_list(const char *line)
{
	static const char *const others[] = { "@include", "@frequency", "@denylist" };
	size_t n = strcspn(line, " \t");

	if (*line == '~')
		return true;
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (strncmp(line, others[i], n) == 0 && !others[i][n])
			return false;
	if (n == strlen("@default") && strncmp(line, "@default", n) == 0)
		line += n + strspn(line + n, " \t"); /* an action follows in minijail's */
	return *line == '@' || (!*line && n);
}

/* "read: 1", "@include file": a name of small letters, digits and '_', then a colon. */
static bool is_minijail(const char *line)
{
	size_t n = strspn(line, "abcdefghijklmnopqrstuvwxyz0123456789_");

	return line[0] == '@' || (n > 0 && (line[n] == ':' || line[n] == '['));
}

/* Objects of seccompiler have a default action each; theirs is the only form of such. */
static bool is_seccompiler(const struct json *root)
{
	const struct json *first = root->type == JSON_OBJECT ? root->first : NULL;

	return first &&
	       (json_member(first, "default_action") || json_member(first, "mismatch_action"));
}

static void tell_tree(struct form_document *d)
{
	if (spo_profile_is(d->json))
		d->form = FORM_SPO;
	else if (pod_is(d->json))
		d->form = FORM_POD;
	else if (is_seccompiler(d->json))
		d->form = FORM_SECCOMPILER;
	else
		d->form = FORM_OCI;
}

/* The resources of a list, as kubectl prints several; NULL if it is none. */
static const struct json *items_of(const struct json *root)
{
	const struct json *kind = json_member(root, "kind"), *items = json_member(root, "items");

	if (!kind || kind->type != JSON_STRING || !items || items->type != JSON_ARRAY)
		return NULL;
	return strcmp(kind->text, "List") == 0 ? items : NULL;
}

/*
 * The documents of a file, those in lists included. The one that counts is the first that is a
 * profile or has one: a manifest may have services and others besides.
 */
static int take_documents(struct form_document *d, size_t n, const struct json *const *documents)
{
	size_t total = 0, first = 0;
	const struct json **v;

	for (size_t i = 0; i < n; i++)
		total += items_of(documents[i]) ? items_of(documents[i])->n : 1;
	if (!total)
		return json_fail(documents[0], "is a list without items");
	v = arena_array(total, sizeof(*v));
	total = 0;
	for (size_t i = 0; i < n; i++) {
		const struct json *items = items_of(documents[i]);

		if (!items)
			v[total++] = documents[i];
		else
			json_each (item, items)
				v[total++] = item;
	}
	while (first < total && !spo_profile_is(v[first]) && !pod_is(v[first]))
		first++;
	if (first == total)
		first = 0;
	d->json = v[first];
	v[first] = v[0];
	d->others = (struct spo_documents){ total - 1, v + 1 };
	tell_tree(d);
	return 0;
}

static int read_yaml(struct form_document *d)
{
	struct yaml_documents documents;
	int r = yaml_parse(d->name, d->text, &documents);

	return r < 0 ? r : take_documents(d, documents.n, documents.v);
}

static int refuse(const struct form_document *d, const char *line, unsigned int number)
{
	static const char expected[] = "expected a profile (JSON or YAML), a unit of systemd, a "
				       "policy of minijail or a BPF program";

	if (!d->text->len)
		return fail(0, "%s: is empty; %s", d->name, expected);
	if (!is_binary(d->text))
		return fail(0, "%s:%u: %s, found %s", d->name, number, expected,
			    *line ? printable_quoted(line, strlen(line), LINE_COLUMNS, false)
				  : "nothing but comments");
	if (d->text->len % sizeof(struct sock_filter))
		return fail(0,
			    "%s: %s, found %zu bytes, which are no text and no instructions of 8 "
			    "bytes",
			    d->name, expected, d->text->len);
	if (d->text->len / sizeof(struct sock_filter) > BPF_MAXINSNS)
		return fail(0, "%s: expected a BPF program of at most %d instructions", d->name,
			    BPF_MAXINSNS);
	return fail(0, "%s: instruction %d: the kernel would refuse it, or this is no BPF program",
		    d->name, first_bad(d->text));
}

/* Of a resource of Kubernetes that is none of those that have to do with seccomp. */
static int check_kind(const struct form_document *d)
{
	const struct json *kind = json_member(d->json, "kind");

	if (d->form != FORM_OCI || !kind || kind->type != JSON_STRING ||
	    json_member(d->json, "defaultAction"))
		return 0;
	return json_fail(kind,
			 "expected SeccompProfile, Pod or what makes Pods, with its apiVersion, "
			 "found %s",
			 json_found(kind));
}

/* Many questions decide a profile by several facts: its rules are read once. */
static void read_rules(struct form_document *d)
{
	if (d->form == FORM_OCI && d->json && docker_profile_read(d->json, &d->docker) < 0) {
		d->docker = NULL;
		err_clear();
	}
}

static int read_document(struct form_document *ret)
{
	const struct text *text = ret->text;
	unsigned int number;
	const char *line = first_line(text, &number);
	int r;

	if (line[0] == '{') {
		r = json_parse(ret->name, text, &ret->json);
		if (r >= 0)
			r = take_documents(ret, 1, &ret->json);
		return r < 0 ? r : check_kind(ret);
	}
	if (is_yaml(line)) {
		r = read_yaml(ret);
		return r < 0 ? r : check_kind(ret);
	}
	if (is_program(text))
		ret->form = FORM_BPF;
	else if (systemd_profile_is(text) || is_list(line))
		ret->form = FORM_SYSTEMD;
	else if (is_minijail(line))
		ret->form = FORM_MINIJAIL;
	else
		return refuse(ret, line, number);
	return 0;
}

int form_read(const char *name, const struct text *text, struct form_document *ret)
{
	*ret = (struct form_document){ .name = name, .text = text };
	int r = read_document(ret);

	if (r >= 0)
		read_rules(ret);
	return r;
}

/* --- readers ------------------------------------------------------------------------------ */

static bool constant_of(void *ctx, const char *name, uint64_t *ret)
{
	const struct profile_facts *facts = ctx;

	for (int set = 0; set < SET_COUNT; set++)
		if (constants_value(facts->native, (enum constants_set)set, name, ret) == 0)
			return true;
	return false;
}

/* Relative to the file that includes it, as compile_seccomp_policy has it. */
static int include_file(void *ctx not_used, const char *from, const char *path,
			const char **ret_name, struct text *ret)
{
	const char *slash = strrchr(from, '/');
	const char *name = *path == '/' || !slash
				   ? path
				   : arena_printf("%.*s/%s", (int)(slash - from), from, path + 2);
	int r = io_read_file(AT_FDCWD, name, JSON_TEXT_MAX, ret);

	*ret_name = name;
	return r < 0 ? fail(-r, "%s: cannot be read; expected a regular file", name) : 0;
}

int form_decode(const struct form_document *d, const char *thread,
		const struct profile_facts *facts, struct profile *ret)
{
	struct profile_facts copy = *facts;
	const struct minijail_source source = { .ctx = &copy,
						.constant = constant_of,
						.include = include_file };

	switch (d->form) {
	case FORM_OCI:
		return d->docker ? docker_profile_resolve(d->name, d->docker, facts, ret)
				 : docker_profile_decode(d->name, d->json, facts, ret);
	case FORM_SPO:
		return spo_profile_decode(d->name, d->json, &d->others, facts, ret);
	case FORM_SECCOMPILER:
		return seccompiler_profile_decode(d->name, d->json, thread, facts, ret);
	case FORM_SYSTEMD:
		return systemd_profile_parse(d->name, d->text, facts, ret);
	case FORM_MINIJAIL:
		return minijail_profile_parse(d->name, d->text, &source, facts, ret);
	case FORM_POD:
	case FORM_BPF:
		break;
	}
	return fail(0, "%s: expected a profile, found a %s", d->name, form_name(d->form));
}

/* --- changes ------------------------------------------------------------------------------ */

bool form_is_editable(const struct form_document *d)
{
	return d->form == FORM_OCI || d->form == FORM_SPO;
}

int form_edit(const struct form_document *d, const struct json_edit *e, struct text *ret)
{
	unsigned int number;

	if (first_line(d->text, &number)[0] == '{')
		return json_edit_finish(e, ret);
	return yaml_edit_finish(d->name, d->text, d->json, e, ret);
}
