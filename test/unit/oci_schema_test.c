/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The field tables against oci_schema.table, which has the properties of the runtime-spec, both
 * ways: every property and every word of the specification is in a table of ours, and nothing is
 * there that the specification does not have, but for the exceptions below. Where
 * ../shared/runtime-spec-schema is there, oci_schema.table is compared with that, in the same way,
 * and the examples of the specification are accepted or refused as their names say.
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

/* Where a field table differs from the specification, and why. */
static const struct {
	const char *path, *why;
} exceptions[] = {
	{ "linux.resources.pids.limit", "required only since 1.3; older engines omit it" },
	{ "process.user.uid", "required by the specification's text, not by its schema" },
	{ "linux.personality.domain", "the same" },
	{ "state.pid", "the same, for a created or running container; tamis always writes it" },
};

static bool is_exception(const char *path)
{
	for (size_t i = 0; i < ARRAY_LEN(exceptions); i++)
		if (strcmp(exceptions[i].path, path) == 0)
			return true;
	return false;
}

static const char *join(const char *path, const char *key)
{
	return arena_printf("%s%s%s", path, *path ? "." : "", key);
}

/* --- oci_schema.table --------------------------------------------------------------------- */

enum { PROPERTIES_MAX = 400, WORDS_MAX = 400 };

struct property {
	const char *object, *key;
	const char *type; /* without the words after it */
	bool required, is_array, is_map;
};
static struct property properties[PROPERTIES_MAX];
static size_t n_properties;

/* Each word of each set. */
static struct {
	const char *set, *word;
} words[WORDS_MAX];
static size_t n_words;

static bool is_set(const char *type)
{
	for (size_t i = 0; i < n_words; i++)
		if (strcmp(words[i].set, type) == 0)
			return true;
	return false;
}

static bool set_has(const char *set, const char *word)
{
	for (size_t i = 0; i < n_words; i++)
		if (strcmp(words[i].set, set) == 0 && strcmp(words[i].word, word) == 0)
			return true;
	return false;
}

static bool is_object(const char *type)
{
	for (size_t i = 0; i < n_properties; i++)
		if (strcmp(properties[i].object, type) == 0)
			return true;
	return false;
}

/* The first property of an object, or the next one after p; NULL after the last. */
static const struct property *next_property(const char *object, const struct property *p)
{
	for (p = p ? p + 1 : properties; p < properties + n_properties; p++)
		if (strcmp(p->object, object) == 0)
			return p;
	return NULL;
}

static const struct property *find_property(const char *object, const char *key)
{
	const struct property *p = next_property(object, NULL);

	while (p && strcmp(p->key, key) != 0)
		p = next_property(object, p);
	return p;
}

/* The JSON type of a value. */
static const char *json_type_of(const struct property *p)
{
	if (p->is_array)
		return "array";
	if (p->is_map || is_object(p->type))
		return "object";
	return is_set(p->type) ? "string" : p->type;
}

static void add_property(const char *object, char *key, char *type)
{
	struct property *p = &properties[n_properties++];
	size_t end = strlen(key) - 1, suffix = strcspn(type, "[{");

	p->object = object;
	p->required = key[end] == '!';
	key[end] = p->required ? '\0' : key[end];
	p->key = key;
	p->is_array = type[suffix] == '[';
	p->is_map = type[suffix] == '{';
	type[suffix] = '\0';
	p->type = type;
	ok(is_set(type) || is_object(type) || strcmp(type, "any") == 0 ||
		   strcmp(type, "string") == 0 || strcmp(type, "integer") == 0 ||
		   strcmp(type, "boolean") == 0,
	   "%s.%s: %s is a type", object, key, type);
}

static bool read_table(const char *path)
{
	const char *object = NULL, *set = NULL;
	struct text text;
	char *rest, *end;

	if (!ok(io_read_file(AT_FDCWD, path, JSON_TEXT_MAX, &text) == 0, "%s", path))
		return false;
	for (char *line = strtok_r(text.data, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *word = strtok_r(line, " :", &end);

		if (!word || *word == '#')
			continue;
		if (strcmp(word, "object") == 0) {
			object = strtok_r(NULL, " ", &end);
			set = NULL;
		} else if (strcmp(word, "words") == 0) {
			set = strtok_r(NULL, " :", &end);
			word = strtok_r(NULL, " ", &end);
		} else if (!set && object && n_properties < PROPERTIES_MAX) {
			add_property(object, word, strtok_r(NULL, " ", &end));
		}
		for (; set && word && n_words < WORDS_MAX; word = strtok_r(NULL, " ", &end)) {
			words[n_words].set = set;
			words[n_words++].word = word;
		}
	}
	return ok(n_properties > 150 && n_properties < PROPERTIES_MAX && n_words < WORDS_MAX,
		  "%zu properties, %zu words", n_properties, n_words);
}

/* --- the field tables --------------------------------------------------------------------- */

static const struct field *find_field(const struct shape *shape, const char *key)
{
	for (size_t i = 0; i < shape->n; i++)
		if (strcmp(shape->fields[i].key, key) == 0)
			return &shape->fields[i];
	return NULL;
}

/* Whether a value of this type fits a field of this kind. */
static bool kind_fits(const struct property *p, enum field_kind kind)
{
	const bool plain = !p->is_array && !p->is_map, object = is_object(p->type);
	const bool text = strcmp(p->type, "string") == 0 || is_set(p->type);
	const bool number = strcmp(p->type, "integer") == 0;

	switch (kind) {
	case FIELD_BOOL:
	case FIELD_OPT_BOOL:
		return plain && strcmp(p->type, "boolean") == 0;
	case FIELD_I64:
	case FIELD_U64:
	case FIELD_U32:
	case FIELD_I32:
	case FIELD_OPT_I64:
	case FIELD_OPT_U64:
	case FIELD_OPT_U32:
		return plain && number;
	case FIELD_STRING:
	case FIELD_WORD:
		return plain && text;
	case FIELD_STRINGS:
	case FIELD_WORD_SET:
	case FIELD_CAPS:
		return p->is_array && text;
	case FIELD_NUMBERS:
		return p->is_array && number;
	case FIELD_LIST:
		return p->is_array && object;
	case FIELD_PAIRS:
		return p->is_map && text;
	case FIELD_MAP:
		return p->is_map && object;
	case FIELD_OBJECT:
		return plain && object;
	case FIELD_JSON:
		return true;
	}
	return false;
}

static void check_words(const char *set, const struct field *f, const char *path)
{
	ok(f->names != NULL, "%s: has a table of words", path);
	for (size_t i = 0; i < n_words; i++)
		if (strcmp(words[i].set, set) == 0)
			ok(f->names && names_find(f->names, words[i].word), "%s: knows %s", path,
			   words[i].word);
}

/* Checks that every property is a field of its type. Returns the number of properties. */
static size_t check_fields(const char *object, const struct shape *shape, const char *path)
{
	size_t n = 0;

	for (const struct property *p = NULL; (p = next_property(object, p));) {
		const struct field *f = find_field(shape, p->key);
		const char *full = join(path, p->key);

		n++;
		if (!ok(f != NULL, "%s: is in the tables", full))
			continue;
		ok(f->required == p->required || is_exception(full), "%s: is %s", full,
		   p->required ? "required" : "optional");
		if (!ok(kind_fits(p, f->kind), "%s: has its type", full) || f->kind == FIELD_JSON)
			continue;
		if (f->shape)
			is_int((intmax_t)check_fields(p->type, f->shape, full),
			       (intmax_t)f->shape->n, "%s: has no other fields", full);
		else if (is_set(p->type))
			check_words(p->type, f, full);
	}
	return n;
}

/* Checks that every key of a document that tamis writes is a property of its type. */
static const char *type_name(enum json_type type)
{
	static const char *const names[] = {
		[JSON_NULL] = "null",	  [JSON_BOOL] = "boolean", [JSON_NUMBER] = "number",
		[JSON_STRING] = "string", [JSON_ARRAY] = "array",  [JSON_OBJECT] = "object",
	};

	return names[type];
}

static void check_document(const struct json *v, const char *object, const char *path)
{
	json_each (m, v) {
		const struct property *p = find_property(object, m->key);
		const char *full = join(path, m->key), *type = type_name(m->type);

		if (ok(p && strcmp(json_type_of(p), type) == 0, "%s: is a %s", full, type) &&
		    m->type == JSON_OBJECT && is_object(p->type))
			check_document(m, p->type, full);
	}
}

static void test_features(void)
{
	struct text text = features_encode(&(struct features_facts){ 0 }, JSONW_COMPACT);
	const struct json *v;

	if (ok(json_parse("features", &text, &v) == 0, "features"))
		check_document(v, "features", "features");
}

/* --- the schema of the specification ------------------------------------------------------ */

static const char *schema_dir;

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

/* The target of "$ref": "FILE#/a/b" or "#/a/b" in the same file. NULL: the file does not exist. */
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

/* Checks that the words of an enumeration are exactly those of the set. */
static void compare_words(const struct json *list, const char *type, const char *path)
{
	size_t n = 0;

	if (!list) {
		ok(!is_set(type), "%s: has no list of words", path);
		return;
	}
	json_each (word, list)
		ok(set_has(type, word->text), "%s: may be %s", path, word->text);
	for (size_t i = 0; i < n_words; i++)
		n += strcmp(words[i].set, type) == 0;
	is_int((intmax_t)n, list->n, "%s: has no other words", path);
}

static size_t compare_object(const struct json *schema, const char *object, const char *path);

/* schema: of the value, of an element of the array or of a value of the map. */
static void compare_value(const struct json *schema, const struct property *p, const char *path)
{
	const struct json *type = json_member(schema, "type");

	if (is_object(p->type)) {
		size_t n = 0;

		for (const struct property *each = NULL; (each = next_property(p->type, each));)
			n++;
		is_int((intmax_t)n, (intmax_t)compare_object(schema, p->type, path),
		       "%s: has no other properties", path);
		return;
	}
	ok(type && strcmp(type->text, is_set(p->type) ? "string" : p->type) == 0, "%s: is %s", path,
	   p->type);
	compare_words(json_member(schema, "enum"), p->type, path);
}

static void compare_property(const struct json *schema, const struct property *p, const char *path)
{
	const struct json *values = json_member(schema, "items");
	const struct json *any = json_member(values, "anyOf");

	if (!schema) { /* of another system: a file that we have not */
		is_str(p->type, "any", "%s: can be anything", path);
		return;
	}
	ok(!values == !p->is_array, "%s: is %s array", path, p->is_array ? "an" : "no");
	if (p->is_map) {
		values = json_member(schema, "additionalProperties");
		if (!values || values->type != JSON_OBJECT)
			values = json_member(json_member(schema, "patternProperties"), ".{1,}");
		ok(values != NULL, "%s: accepts any keys", path);
	}
	compare_value(resolve(any ? json_element(any, 0) : values ? values : schema), p, path);
}

/* Checks that the properties of an object schema and of its parts are in the table; returns
 * their number. */
static size_t compare_object(const struct json *schema, const char *object, const char *path)
{
	const struct json *members = json_member(schema, "properties");
	const struct json *parts = json_member(schema, "allOf");
	const struct json *required = json_member(schema, "required");
	size_t n = 0;

	if (members)
		json_each (member, members) {
			const struct property *p = find_property(object, member->key);
			const char *full = join(path, member->key);
			bool must = false;

			n++;
			if (!ok(p != NULL, "%s: is in oci_schema.table", full))
				continue;
			if (required)
				json_each (key, required)
					must |= strcmp(key->text, member->key) == 0;
			ok(must == p->required, "%s: is %s", full, must ? "required" : "optional");
			compare_property(resolve(member), p, full);
		}
	if (parts)
		json_each (part, parts)
			n += compare_object(resolve(part), object, path);
	return n;
}

static void compare_document(const char *name, const char *object)
{
	const struct json *schema = load(name);
	const struct property whole = { .type = object };

	if (ok(schema != NULL, "%s", name))
		compare_value(schema, &whole, object);
}

/* --- documents ---------------------------------------------------------------------------- */

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

static void refused(const char *json, const char *path)
{
	struct text text = { arena_strdup(json), strlen(json) };
	struct config c;

	err_clear();
	ok(decode_text("config.json", &text, &config_shape, &c) < 0 && strstr(err_message(), path),
	   "refused: %s: %s", path, err_message() ? err_message() : json);
}

static void test_refused(void)
{
	refused("{\"ociVersion\": }", "config.json:1");
	refused("{\"ociVersion\": \"1.0.0\", \"linux\": {\"resources\": {\"hugepageLimits\": "
		"[{\"pageSize\": \"2m\", \"limit\": 0}]}}}",
		"linux.resources.hugepageLimits[0].pageSize");
	refused("{\"ociVersion\": \"1.0.0\", \"linux\": {\"netDevices\": {\"eth1\": {\"name\": "
		"true}}}}",
		"linux.netDevices.eth1.name");
	refused("{\"ociVersion\": \"1.0.0\", \"linux\": {\"resources\": {\"rdma\": {\"mlx4_0\": "
		"{\"hcaObjects\": \"max\"}}}}}",
		"linux.resources.rdma.mlx4_0.hcaObjects");
}

int main(void)
{
	const char *srcdir = getenv("TAMIS_SRCDIR"), *shared = getenv("TAMIS_SHARED");

	srcdir = srcdir ? srcdir : ".";
	if (!read_table(arena_printf("%s/test/unit/oci_schema.table", srcdir)))
		return done();
	is_int((intmax_t)check_fields("config", &config_shape, ""), (intmax_t)config_shape.n,
	       "the tables have no other fields");
	check_fields("state", &state_shape, "state");
	test_features();
	test_refused();
	schema_dir = shared ? arena_printf("%s/runtime-spec-schema", shared)
			    : arena_printf("%s/../shared/runtime-spec-schema", srcdir);
	if (!load("config-schema.json")) {
		skip("../shared/runtime-spec-schema is missing: oci_schema.table was not compared");
		return done();
	}
	compare_document("config-schema.json", "config");
	compare_document("state-schema.json", "state");
	compare_document("features-schema.json", "features");
	test_examples();
	return done();
}
