/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cmd/seccomp/yaml.c: documents, scalars, places, and refused input; resources of the
 * security-profiles-operator read from YAML and written back.
 */
#include "cmd/seccomp/yaml.h"

#include "base/io.h"
#include "oci/jsonw.h"
#include "seccomp/spo.h"

#include <errno.h>
#include <linux/seccomp.h>

#include "unit/seccomp_rules.h"
#include "unit/seccomp_same.h"

static int parse(const char *text, struct yaml_documents *ret)
{
	struct text *t = arena_alloc(sizeof(*t));

	*t = (struct text){ (char *)text, strlen(text) };
	err_clear();
	return yaml_parse("a.yaml", t, ret);
}

/* The documents as JSON, one after the other. */
static void right(const char *text, const char *want)
{
	struct yaml_documents docs;
	const char *all = "";

	if (parse(text, &docs) < 0) {
		ok(false, "%s: %s", want, err_message());
		return;
	}
	for (size_t i = 0; i < docs.n; i++) {
		struct jsonw *w = jsonw_new(JSONW_COMPACT);

		jsonw_json(w, docs.v[i]);

		const char *one = jsonw_finish(w).data;

		all = arena_printf("%s%s%.*s", all, i ? " " : "", (int)strcspn(one, "\n"), one);
	}
	is_str(all, want, "%s", want);
}

static void wrong(const char *text, const char *want)
{
	struct yaml_documents docs;

	if (parse(text, &docs) < 0)
		is_str(err_message(), want, "%s", want);
	else
		ok(false, "accepted, but expected: %s", want);
}

static void scalars(void)
{
	right("a: 1", "{\"a\":1}");
	right("[0, -7, +7, 0x1f, 0o17, 18446744073709551615, -9223372036854775808]",
	      "[0,-7,7,31,15,18446744073709551615,-9223372036854775808]");
	right("[0.5, -1e3]", "[0.5,-1e3]");
	right("[true, False, null, ~, '', \"\\x41\", 'true']",
	      "[true,false,null,null,\"\",\"A\",\"true\"]");
	right("[1.2.3, 10.0.0.1, a:b, y, 2026-11-26, 0o18, 1:30]",
	      "[\"1.2.3\",\"10.0.0.1\",\"a:b\",\"y\",\"2026-11-26\",\"0o18\",\"1:30\"]");
	right("a: |\n  x\n  y\nb: >\n  x\n  y\n1: z\n",
	      "{\"a\":\"x\\ny\\n\",\"b\":\"x y\\n\",\"1\":\"z\"}");
	right("a:\nb: {}\nc: []", "{\"a\":null,\"b\":{},\"c\":[]}");
	for (const char *const *word =
		     (const char *const[]){ "yes", "No", "on", "OFF", "010", "1_000", "1.", ".5",
					    ".inf", "-.INF", "0b1", "0x_1", "-0x1", "+1.5", NULL };
	     *word; word++)
		wrong(arena_printf("\na: %s", *word),
		      arena_printf(
			      "a.yaml:2: \"%s\" without quotes means different things to "
			      "different readers of YAML; expected quotes, or a number as JSON "
			      "has it",
			      *word));
	wrong("18446744073709551616", "a.yaml:1: a number of more than 64 bits");
	wrong("-9223372036854775809", "a.yaml:1: a number of more than 64 bits");
}

static void documents(void)
{
	struct yaml_documents docs;
	struct text nul = { (char *)"a\0b", 3 }, mark = { (char *)"\xef\xbb\xbf"
								  "a",
							  4 };

	right("---\n# none\n---\na: 1\n...\n---\n- 2\n", "{\"a\":1} [2]");
	ok(parse("a: é\nb:\n  - x\n  - y: ü\n    z: 3\n", &docs) >= 0, "parsed");
	is_str(json_place(json_member(json_element(json_member(docs.v[0], "b"), 1), "z")),
	       "a.yaml:5: b[1].z", "the line, after characters of two bytes");
	wrong("", "a.yaml: empty, expected a YAML document");
	wrong("# nothing\n---\n", "a.yaml: empty, expected a YAML document");
	wrong("a: 1\nb: 2\na: 3\n", "a.yaml:3: a: duplicate key");
	wrong("- &x 1\n", "a.yaml:1: an anchor (&); expected a text without");
	wrong("- *x\n", "a.yaml:1: an alias (*); expected a text without");
	wrong("- !!str 1\n", "a.yaml:1: a tag (!); expected a text without");
	wrong("a: 1\n<<: {b: 2}\n", "a.yaml:2: a merge key (<<); expected all keys written out");
	wrong("? [a]\n: 1\n", "a.yaml:1: a key that is a list or a map; expected a word");
	wrong("- \"\\0\"", "a.yaml:1: NUL character in a string");
	err_clear();
	ok(yaml_parse("a.yaml", &nul, &docs) < 0 && strstr(err_message(), "NUL byte"), "NUL");
	err_clear();
	ok(yaml_parse("a.yaml", &mark, &docs) < 0 && strstr(err_message(), "byte-order"), "mark");
	ok(parse("a: [1\nb: 2\n", &docs) < 0 && !strncmp(err_message(), "a.yaml:", 7), "%s",
	   err_message() ? err_message() : "accepted");
	ok(parse("\xff", &docs) < 0, "no UTF-8");

	char deep[200];

	memset(deep, '[', sizeof(deep) - 1);
	deep[sizeof(deep) - 1] = 0;
	wrong(deep, "a.yaml:1: nested deeper than 64");
}

/* --- resources --------------------------------------------------------------------------- */

static const struct profile_facts facts = { .native = ABI_X86_64 };

static void written(const struct profile *p, const char *what)
{
	struct yaml_documents docs;
	struct profile again;
	struct text text;

	err_clear();
	if (spo_write(p, "again", &text) < 0 || yaml_parse("again.yaml", &text, &docs) < 0 ||
	    spo_profile_decode("again.yaml", docs.v[0], NULL, &facts, &again) < 0)
		ok(false, "%s: %s", what, err_message());
	else
		same_profiles(p, &again, ABI_X86_64, what);
}

static void resources(const char *name, const char *text)
{
	struct yaml_documents docs;
	struct profile p;

	if (parse(text, &docs) < 0) {
		ok(false, "%s: %s", name, err_message());
		return;
	}

	const struct spo_documents others = { docs.n, docs.v };

	for (size_t i = 0; i < docs.n; i++) {
		const char *what = arena_printf("%s, document %zu", name, i);

		if (!spo_profile_is(docs.v[i]))
			continue;
		if (spo_profile_decode(name, docs.v[i], &others, &facts, &p) < 0)
			ok(false, "%s: %s", what, err_message());
		else
			written(&p, what);
	}
}

static void files(void)
{
	static const char *const names[] = { "spo-baseprofile-crun.yaml",
					     "spo-baseprofile-runc.yaml",
					     "spo-seccompprofile.yaml",
					     "spo-seccompprofile-allowed-syscalls-change.yaml",
					     "spo-seccompprofile-allowed-syscalls-validation.yaml",
					     "spo-profilebinding.yaml",
					     "spo-profilerecording-seccomp-bpf.yaml" };
	struct text text;

	resources("own", "apiVersion: security-profiles-operator.x-k8s.io/v1\n"
			 "kind: SeccompProfile\n"
			 "metadata: {name: own}\n"
			 "spec:\n"
			 "  defaultAction: SCMP_ACT_ERRNO\n"
			 "  baseProfileName: base\n"
			 "  syscalls:\n"
			 "  - action: SCMP_ACT_ERRNO\n"
			 "    errnoRet: 38\n"
			 "    names: [clone3]\n"
			 "  - {action: SCMP_ACT_LOG, names: [personality],\n"
			 "     args: [{index: 0, op: SCMP_CMP_EQ, value: 0x20008}]}\n"
			 "---\n"
			 "apiVersion: security-profiles-operator.x-k8s.io/v1beta1\n"
			 "kind: SeccompProfile\n"
			 "metadata: {name: base}\n"
			 "spec:\n"
			 "  defaultAction: SCMP_ACT_LOG\n"
			 "  architectures: [SCMP_ARCH_X86]\n"
			 "  syscalls: [{action: SCMP_ACT_ALLOW, names: [\"read\", write]}]\n");
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *path = shared_path(names[i]);

		if (path && io_read_file(AT_FDCWD, path, 1 << 20, &text) >= 0)
			resources(names[i], text.data);
	}
}

int main(void)
{
	struct yaml_documents docs;

	if (!yaml_is_built()) {
		ok(parse("a: 1", &docs) < 0, "without libyaml: %s", err_message());
		return done();
	}
	scalars();
	documents();
	files();
	return done();
}
