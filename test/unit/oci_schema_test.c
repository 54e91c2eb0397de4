/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The field tables against the JSON schema of the runtime-spec, both ways: every property and
 * every word of the schema is in a table, and nothing is in a table that the schema does not
 * have, but for the exceptions below. Its examples are accepted or refused as their names say.
 */
#include "oci/config.h"

#include "base/arena.h"
#include "base/err.h"
#include "oci/features.h"
#include "oci/state.h"
#include "unit/tap.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* Where a table differs from the schema, and why. */
static const struct {
	const char *path, *why;
} exceptions[] = {
	{ "linux.resources.pids.limit", "required since 1.3 only; older engines leave it out" },
};

static const char *schema_dir;

static bool is_exception(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(exceptions); i++)
		if (strcmp(exceptions[i].path, path) == 0)
			return true;
	return false;
}

static int read_file(const char *name, struct text *ret)
{
	return io_read_file(AT_FDCWD, arena_printf("%s/%s", schema_dir, name), JSON_TEXT_MAX, ret);
}

/* A schema file, parsed once. */
static const struct json *load(const char *name)
{
	static struct {
		const char *name;
		const struct json *root;
	} loaded[16];
	struct text text;

	for (size_t i = 0; i < ARRAY_LEN(loaded); i++) {
		if (loaded[i].name && strcmp(loaded[i].name, name) == 0)
			return loaded[i].root;
		if (loaded[i].name)
			continue;
		loaded[i].name = arena_strdup(name);
		if (read_file(name, &text) < 0 ||
		    json_parse(loaded[i].name, &text, &loaded[i].root) < 0)
			return NULL;
		return loaded[i].root;
	}
	return NULL;
}

static const struct json *root_of(const struct json *v)
{
	while (v->up)
		v = v->up;
	return v;
}

/* What "$ref" leads to: "FILE#/a/b" or "#/a/b" in the same file. NULL: a file we have not. */
static const struct json *resolve(const struct json *schema)
{
	const struct json *ref;

	while (schema && (ref = json_member(schema, "$ref"))) {
		size_t n = strcspn(ref->text, "#");
		const char *part = ref->text + n + 1;

		schema = n ? load(arena_memdup(ref->text, n)) : root_of(schema);
		for (; *part; part += strcspn(part, "/")) {
			part += strspn(part, "/");
			schema = json_member(schema, arena_memdup(part, strcspn(part, "/")));
		}
	}
	return schema;
}

static const struct field *find(const struct shape *shape, const char *key)
{
	for (size_t i = 0; i < shape->n; i++)
		if (strcmp(shape->fields[i].key, key) == 0)
			return &shape->fields[i];
	return NULL;
}

static bool has_type(const struct json *schema, const char *type)
{
	const struct json *t = json_member(schema, "type");

	return t && t->type == JSON_STRING && strcmp(t->text, type) == 0;
}

/* Whether a value of this schema may go into a field of this kind. */
static bool kind_fits(const struct json *schema, enum field_kind kind)
{
	switch (kind) {
	case FIELD_BOOL:
	case FIELD_OPT_BOOL:
		return has_type(schema, "boolean");
	case FIELD_I64:
	case FIELD_U64:
	case FIELD_U32:
	case FIELD_I32:
	case FIELD_OPT_I64:
	case FIELD_OPT_U64:
	case FIELD_OPT_U32:
		return has_type(schema, "integer");
	case FIELD_STRING:
	case FIELD_WORD:
		return has_type(schema, "string");
	case FIELD_STRINGS:
	case FIELD_NUMBERS:
	case FIELD_WORD_SET:
	case FIELD_LIST:
		return has_type(schema, "array");
	case FIELD_PAIRS:
		return has_type(schema, "object") && json_member(schema, "patternProperties");
	case FIELD_OBJECT:
	case FIELD_MAP:
		return has_type(schema, "object");
	case FIELD_JSON:
		return true;
	}
	return false;
}

static void check_words(const struct json *schema, const struct field *f, const char *path)
{
	const struct json *list = json_member(schema, "enum");

	if (!list)
		return;
	ok(f->names != NULL, "%s: has a table of words", path);
	json_each (word, list)
		ok(f->names && name_find(f->names, word->text), "%s: knows %s", path, word->text);
}

static void check_shape(const struct json *schema, const struct shape *shape, const char *path);

static void check_items(const struct json *items, const struct field *f, const char *path)
{
	const struct json *any = json_member(items, "anyOf");

	items = resolve(any ? json_element(any, 0) : items);
	if (f->kind == FIELD_LIST || f->kind == FIELD_MAP)
		check_shape(items, f->shape, path);
	else
		check_words(items, f, path);
}

static void check_property(const struct json *p, const struct shape *shape, const char *path)
{
	const struct field *f = find(shape, p->key);
	const struct json *schema = resolve(p);

	if (!ok(f != NULL, "%s: is in the tables", path) || f->kind == FIELD_JSON)
		return;
	if (!ok(schema && kind_fits(schema, f->kind), "%s: has its type", path))
		return;
	if (f->kind == FIELD_OBJECT)
		check_shape(schema, f->shape, path);
	else if (f->kind == FIELD_MAP)
		check_items(json_member(schema, "additionalProperties"), f, path);
	else if (json_member(schema, "items"))
		check_items(json_member(schema, "items"), f, path);
	else
		check_words(schema, f, path);
}

static void check_required(const struct json *schema, const struct shape *shape, const char *path)
{
	const struct json *required = json_member(schema, "required");

	if (!required)
		return;
	json_each (key, required) {
		const char *full = arena_printf("%s%s%s", path, *path ? "." : "", key->text);
		const struct field *f = find(shape, key->text);

		ok((f && f->required) || is_exception(full), "%s: is required", full);
	}
}

/* The properties of an object schema and of what it is made of; counts those it has. */
static size_t check_properties(const struct json *schema, const struct shape *shape,
			       const char *path)
{
	const struct json *properties = json_member(schema, "properties");
	const struct json *parts = json_member(schema, "allOf");
	size_t n = 0;

	check_required(schema, shape, path);
	if (properties)
		json_each (p, properties) {
			check_property(p, shape,
				       arena_printf("%s%s%s", path, *path ? "." : "", p->key));
			n++;
		}
	if (parts)
		json_each (part, parts)
			n += check_properties(resolve(part), shape, path);
	return n;
}

static void check_shape(const struct json *schema, const struct shape *shape, const char *path)
{
	size_t n = check_properties(schema, shape, path);

	ok(n == shape->n, "%s: %zu properties in the schema, %zu in the table", path, n, shape->n);
}

static void test_good(const char *name, const struct shape *shape)
{
	char *into = arena_alloc(shape->size);
	struct text text;

	err_clear();
	ok(read_file(name, &text) == 0 && decode_text(name, &text, shape, into) == 0,
	   "%s: accepted", name);
	if (err_message())
		printf("# %s\n", err_message());
}

static void test_bad(const char *name, const char *path)
{
	struct config c;
	struct text text;

	err_clear();
	ok(read_file(name, &text) == 0 && decode_text(name, &text, &config_shape, &c) < 0,
	   "%s: refused", name);
	ok(err_message() && strstr(err_message(), path), "%s: names %s", name, path);
	if (err_message())
		printf("# %s\n", err_message());
}

static void test_examples(void)
{
	test_good("examples/config-good-minimal.json", &config_shape);
	test_good("examples/config-good-minimal-for-start.json", &config_shape);
	test_good("examples/config-good-spec-example.json", &config_shape);
	test_good("examples/config-good-linux-netdevice.json", &config_shape);
	test_good("examples/config-good-linux-rdma.json", &config_shape);
	test_good("examples/state-good-spec-example.json", &state_shape);
	test_bad("examples/config-bad-invalid-json.json", "config-bad-invalid-json.json:");
	test_bad("examples/config-bad-linux-hugepage.json",
		 "linux.resources.hugepageLimits[0].pageSize");
	test_bad("examples/config-bad-linux-netdevice.json", "linux.netDevices.eth0.name");
	test_bad("examples/config-bad-linux-rdma.json", "linux.resources.rdma.mlx5_1.hcaHandles");
}

/* Every key that `features` prints is in the schema, and has its type. */
static void check_document(const struct json *v, const struct json *schema, const char *path)
{
	const struct json *properties = json_member(schema, "properties");

	if (!properties)
		return;
	json_each (m, v) {
		const char *full = arena_printf("%s.%s", path, m->key);
		const struct json *p = resolve(json_member(properties, m->key));
		const char *type = json_type_name(m->type);

		if (ok(p && has_type(p, type), "%s: is a %s in the schema", full, type) &&
		    m->type == JSON_OBJECT)
			check_document(m, p, full);
	}
}

static void test_features(void)
{
	struct text text = features_encode(&(struct features_facts){ 0 }, JSONW_COMPACT);
	const struct json *v, *schema = load("features-schema.json");

	if (ok(json_parse("features", &text, &v) == 0 && schema, "features and their schema"))
		check_document(v, schema, "features");
}

int main(void)
{
	const char *srcdir = getenv("TAMIS_SRCDIR"), *shared = getenv("TAMIS_SHARED");
	const struct json *schema;

	if (!shared)
		shared = arena_printf("%s/../shared", srcdir ? srcdir : ".");
	schema_dir = arena_printf("%s/runtime-spec-schema", shared);
	schema = load("config-schema.json");
	if (!schema) {
		skip("%s is not there: set TAMIS_SHARED", schema_dir);
		return done();
	}
	check_shape(schema, &config_shape, "");
	test_examples();
	test_features();
	return done();
}
