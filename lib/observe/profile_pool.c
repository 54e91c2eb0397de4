/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the memory of original profiles: each lies in an arena of its own, with the text that it was
 * read from.
 */
#include "observe/profile_pool.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "base/num.h"
#include "observe/denial.h"
#include "oci/json.h"

#include <stdlib.h>
#include <string.h>

struct pooled_profile {
	struct pooled_profile *next;
	struct arena arena;
	size_t users;
	const char *metadata;
	struct denial_profile profile;
};

static const char schema[] = "tamis-explain/1";

static const char *text_of(const struct json *root, const char *key)
{
	const struct json *m = json_member(root, key);

	return m && m->type == JSON_STRING ? m->text : NULL;
}

static int decode(const struct json *root, const struct profile_facts *host,
		  struct denial_profile *ret)
{
	const char *caps = text_of(root, "caps"), *name = text_of(root, "name");
	const struct json *seccomp = json_member(root, "seccomp");
	struct profile_facts facts = *host;

	if (!name || !*name)
		return json_fail_member(root, "name", "expected the name of a profile");
	if (!caps || num_parse_base(caps, 16, &facts.caps) < 0)
		return json_fail_member(root, "caps", "expected capabilities in hexadecimal");
	if (!seccomp || seccomp->type != JSON_OBJECT)
		return json_fail_member(root, "seccomp", "expected an object");
	return denial_profile_decode(name, seccomp, &facts, ret);
}

/* Works in the arena of *p. Returns 1, or 0 if the metadata is not of the schema. */
static int decode_metadata(struct pooled_profile *p, const char *metadata,
			   const struct profile_facts *facts)
{
	struct text *text = arena_alloc(sizeof(*text));
	const struct json *root;
	const size_t n = strlen(metadata);

	*text = (struct text){ arena_memdup(metadata, n), n };
	p->metadata = text->data;
	if (json_parse("listenerMetadata", text, &root) < 0) {
		err_clear(); /* it is for another agent */
		return 0;
	}
	const char *word = text_of(root, "schema");

	if (!word || strncmp(word, schema, strcspn(schema, "/") + 1) != 0)
		return 0;
	if (strcmp(word, schema) != 0)
		return json_fail(json_member(root, "schema"), "expected \"%s\", found \"%s\"",
				 schema, word);
	/* once more, so that places begin with the name of the profile */
	const char *name = text_of(root, "name");
	int r = name && *name ? json_parse(name, text, &root) : 0;

	if (r >= 0)
		r = decode(root, facts, &p->profile);

	return r < 0 ? r : 1;
}

/* `before`: the arena to return to, in which the error is recorded anew. */
static int make(const char *metadata, const struct profile_facts *facts,
		struct pooled_profile **ret)
{
	struct arena arena = { NULL }, *before = arena_use(&arena);
	struct pooled_profile *p = arena_alloc(sizeof(*p));
	int r = decode_metadata(p, metadata, facts);
	const char *message = err_message();

	arena_use(before);
	if (r < 0) {
		message = arena_strdup(message ? message : "");
		err_clear();
	}
	if (r <= 0) {
		arena_free(&arena);
		return r < 0 ? fail(0, "%s", message) : 0;
	}
	p->arena = arena;
	*ret = p;
	return 0;
}

int profile_pool_get(struct profile_pool *pool, const char *metadata,
		     const struct profile_facts *facts, struct pooled_profile **ret)
{
	*ret = NULL;
	if (!metadata || metadata[0] != '{')
		return 0;
	for (struct pooled_profile *p = pool->first; p && !*ret; p = p->next)
		if (strcmp(p->metadata, metadata) == 0)
			*ret = p;
	if (!*ret) {
		int r = make(metadata, facts, ret);

		if (r < 0 || !*ret)
			return r;
		(*ret)->next = pool->first;
		pool->first = *ret;
	}
	(*ret)->users++;
	return 0;
}

void profile_pool_put(struct profile_pool *pool, struct pooled_profile *profile)
{
	if (!profile || --profile->users > 0)
		return;
	for (struct pooled_profile **p = &pool->first; *p; p = &(*p)->next)
		if (*p == profile) {
			*p = profile->next;
			break;
		}
	arena_free(&profile->arena);
}

const struct denial_profile *profile_pool_profile(const struct pooled_profile *profile)
{
	return profile ? &profile->profile : NULL;
}
