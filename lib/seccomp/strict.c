/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the refusal of unknown keys. decode() passes over them, as the runtime-spec demands of
 * its own documents; in a profile "arg" for "args" would turn a condition into none.
 */
#include "seccomp/strict.h"

#include "base/arena.h"

#include <string.h>

static int refuse(const struct json *member, const struct shape *shape)
{
	struct name *known = arena_array(shape->n + 1, sizeof(*known));

	for (size_t i = 0; i < shape->n; i++)
		known[i].name = shape->fields[i].key;

	const char *like = names_like(known, member->key);

	if (like)
		return json_fail(member, "unknown key; did you mean \"%s\"?", like);
	return json_fail(member, "unknown key");
}

static const struct field *field_of(const struct shape *shape, const char *key)
{
	for (size_t i = 0; i < shape->n; i++)
		if (strcmp(shape->fields[i].key, key) == 0)
			return &shape->fields[i];
	return NULL;
}

/* As deep as the shapes are, not as the document is. What has another type is decode()'s. */
static int check(const struct json *v, const struct shape *shape) // NOLINT(misc-no-recursion)
{
	int r = 0;

	if (v->type != JSON_OBJECT)
		return 0;
	json_each (member, v) {
		const struct field *field = field_of(shape, member->key);

		if (!field)
			return refuse(member, shape);
		if (field->kind == FIELD_OBJECT)
			r = check(member, field->shape);
		else if (field->kind == FIELD_LIST || field->kind == FIELD_MAP)
			json_each (element, member)
				if (r >= 0)
					r = check(element, field->shape);
		if (r < 0)
			return r;
	}
	return 0;
}

int strict_decode(const struct json *v, const struct shape *shape, void *ret)
{
	int r = check(v, shape);

	return r < 0 ? r : decode(v, shape, ret);
}
