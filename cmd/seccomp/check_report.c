/* SPDX-License-Identifier: Apache-2.0 */
/* Owns the forms in which findings are printed: text, Markdown, JSON, SARIF. */
#include "cmd/seccomp/check_report.h"

#include "base/arena.h"
#include "base/num.h"
#include "cmd/seccomp/say.h"
#include "oci/json.h"
#include "oci/jsonw.h"

#include <stdio.h>
#include <string.h>

struct check_place check_report_place(const struct check_result *result,
				      const struct finding *finding)
{
	struct check_place ret = { .file = result->name, .line = 1, .column = 1 };
	const char *colon = finding->place ? strrchr(finding->place, ':') : NULL;
	uint64_t line;

	if (finding->at) {
		const char *file = json_position(finding->at, &ret.line, &ret.column);

		ret.file = file ? file : ret.file;
	} else if (colon && num_parse_u64(colon + 1, &line) == 0) {
		ret.file = arena_memdup(finding->place, (size_t)(colon - finding->place));
		ret.line = line;
	}
	return ret;
}

bool check_report_counts(const struct finding *finding)
{
	return finding->severity > SEVERITY_NOTE && !finding->allowed;
}

static bool is_shown(const struct finding *f, bool notes)
{
	return notes || check_report_counts(f);
}

static const char *place_text(const struct check_result *result, const struct finding *f)
{
	struct check_place p = check_report_place(result, f);

	return arena_printf("%s:%zu:%zu", p.file, p.line, p.column);
}

/* --- text --------------------------------------------------------------------------------- */

static void print_finding(const struct check_result *result, const struct finding *f, bool explain)
{
	const struct finding_kind *kind = findings_kind(f->code);

	say_print(4, arena_printf("%s: %s: %s [%s]", place_text(result, f),
				  findings_severity(f->severity), f->text, kind->code));
	if (f->allowed)
		say_print(4, arena_printf("    allowed: %s", f->allowed));
	if (!explain || f->allowed)
		return;
	say_print(4, arena_printf("    %s", kind->why));
	say_print(4, arena_printf("    %s", kind->fix));
}

static const char *count_text(size_t n, const char *word)
{
	return arena_printf("%zu %s%s", n, word, n == 1 ? "" : "s");
}

static void print_sum(const struct check_result *result, bool notes)
{
	size_t n[SEVERITY_ERROR + 1] = { 0 }, allowed = 0;
	const char *text;

	for (size_t i = 0; i < result->found.n; i++)
		if (result->found.v[i].allowed)
			allowed++;
		else
			n[result->found.v[i].severity]++;
	text = arena_printf(
		"%s: %s, %s, %s%s", result->name, count_text(n[SEVERITY_ERROR], "error"),
		count_text(n[SEVERITY_WARNING], "warning"), count_text(n[SEVERITY_NOTE], "note"),
		n[SEVERITY_NOTE] && !notes ? " (see --all)" : "");
	if (allowed)
		text = arena_printf("%s, %zu allowed by remarks", text, allowed);
	if (result->found.cut)
		text = arena_printf("%s; there are more", text);
	say_print(4, text);
}

void check_report_text(const struct check_result *results, size_t n, bool notes)
{
	bool explained[FINDING_COUNT] = { 0 };

	for (size_t i = 0; i < n; i++) {
		for (size_t j = 0; j < results[i].found.n; j++) {
			const struct finding *f = &results[i].found.v[j];

			if (!is_shown(f, notes))
				continue;
			print_finding(&results[i], f, !explained[f->code]);
			explained[f->code] |= !f->allowed;
		}
		print_sum(&results[i], notes);
	}
}

void check_report_explain(enum finding_code code)
{
	const struct finding_kind *kind = findings_kind(code);

	say_print(0, arena_printf("%s (%s): %s", kind->code, findings_severity(kind->severity),
				  kind->title));
	printf("\n");
	say_print(0, kind->why);
	printf("\n");
	say_print(0, kind->fix);
}

/* --- Markdown ----------------------------------------------------------------------------- */

void check_report_markdown(const struct check_result *results, size_t n, bool notes)
{
	printf("| place | severity | finding | code |\n|---|---|---|---|\n");
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < results[i].found.n; j++) {
			const struct finding *f = &results[i].found.v[j];

			if (!is_shown(f, notes))
				continue;
			printf("| %s | %s | %s", say_cell(place_text(&results[i], f)),
			       findings_severity(f->severity), say_cell(f->text));
			if (f->allowed)
				printf("; allowed: %s", say_cell(f->allowed));
			printf(" | %s |\n", findings_kind(f->code)->code);
		}
}

/* --- JSON --------------------------------------------------------------------------------- */

static void write_finding(struct jsonw *w, const struct check_result *result,
			  const struct finding *f)
{
	const struct finding_kind *kind = findings_kind(f->code);
	struct check_place p = check_report_place(result, f);

	jsonw_object(w);
	jsonw_member_string(w, "code", kind->code);
	jsonw_member_string(w, "severity", findings_severity(f->severity));
	jsonw_member_string(w, "file", p.file);
	jsonw_member_u64(w, "line", p.line);
	jsonw_member_u64(w, "column", p.column);
	if (f->at)
		jsonw_member_string(w, "path", json_path(f->at));
	jsonw_member_string(w, "text", f->text);
	jsonw_member_string(w, "why", kind->why);
	jsonw_member_string(w, "fix", kind->fix);
	if (f->allowed)
		jsonw_member_string(w, "allowed", f->allowed);
	jsonw_end(w);
}

void check_report_json(const struct check_result *results, size_t n)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-seccomp-check/1");
	jsonw_member_array(w, "profiles");
	for (size_t i = 0; i < n; i++) {
		jsonw_object(w);
		jsonw_member_string(w, "profile", results[i].name);
		jsonw_member_bool(w, "complete", !results[i].found.cut);
		jsonw_member_array(w, "findings");
		for (size_t j = 0; j < results[i].found.n; j++)
			write_finding(w, &results[i], &results[i].found.v[j]);
		jsonw_end(w);
		jsonw_end(w);
	}
	jsonw_end(w);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}

/* --- SARIF -------------------------------------------------------------------------------- */

static void write_text(struct jsonw *w, const char *key, const char *text)
{
	jsonw_member_object(w, key);
	jsonw_member_string(w, "text", text);
	jsonw_end(w);
}

/* A file name as a relative reference of RFC 3986. */
static const char *uri_of(const char *name)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				    "0123456789-._~/";
	char *ret = arena_alloc(3 * strlen(name) + 1), *to = ret;

	for (const char *p = name; *p; p++)
		if (strchr(plain, *p))
			*to++ = *p;
		else
			to += snprintf(to, 4, "%%%02X", (unsigned char)*p);
	return ret;
}

static void write_rules(struct jsonw *w)
{
	jsonw_member_array(w, "rules");
	for (enum finding_code code = 0; code < FINDING_COUNT; code++) {
		const struct finding_kind *kind = findings_kind(code);

		jsonw_object(w);
		jsonw_member_string(w, "id", kind->code);
		write_text(w, "shortDescription", kind->title);
		write_text(w, "fullDescription", kind->why);
		write_text(w, "help", kind->fix);
		jsonw_member_object(w, "defaultConfiguration");
		jsonw_member_string(w, "level", findings_severity(kind->severity));
		jsonw_end(w);
		jsonw_end(w);
	}
	jsonw_end(w);
}

static void write_location(struct jsonw *w, struct check_place p)
{
	jsonw_member_array(w, "locations");
	jsonw_object(w);
	jsonw_member_object(w, "physicalLocation");
	jsonw_member_object(w, "artifactLocation");
	jsonw_member_string(w, "uri", uri_of(p.file));
	jsonw_end(w);
	jsonw_member_object(w, "region");
	jsonw_member_u64(w, "startLine", p.line);
	jsonw_member_u64(w, "startColumn", p.column);
	jsonw_end(w);
	jsonw_end(w);
	jsonw_end(w);
	jsonw_end(w);
}

static void write_result(struct jsonw *w, const struct check_result *result,
			 const struct finding *f)
{
	jsonw_object(w);
	jsonw_member_string(w, "ruleId", findings_kind(f->code)->code);
	jsonw_member_u64(w, "ruleIndex", f->code);
	jsonw_member_string(w, "level", findings_severity(f->severity));
	write_text(w, "message", f->text);
	write_location(w, check_report_place(result, f));
	if (f->allowed) {
		jsonw_member_array(w, "suppressions");
		jsonw_object(w);
		jsonw_member_string(w, "kind", "inSource");
		jsonw_member_string(w, "justification", f->allowed);
		jsonw_end(w);
		jsonw_end(w);
	}
	jsonw_end(w);
}

void check_report_sarif(const struct check_result *results, size_t n)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "version", "2.1.0");
	jsonw_member_array(w, "runs");
	jsonw_object(w);
	jsonw_member_object(w, "tool");
	jsonw_member_object(w, "driver");
	jsonw_member_string(w, "name", "tamis seccomp check");
	jsonw_member_string(w, "version", PACKAGE_VERSION);
	write_rules(w);
	jsonw_end(w);
	jsonw_end(w);
	jsonw_member_string(w, "columnKind", "unicodeCodePoints");
	jsonw_member_array(w, "results");
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < results[i].found.n; j++)
			write_result(w, &results[i], &results[i].found.v[j]);
	jsonw_end(w);
	jsonw_end(w);
	jsonw_end(w);
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}
