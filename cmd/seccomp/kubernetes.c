/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what resources of Kubernetes refer to and a command line has to add: the files with base
 * profiles, and which of several containers is asked about. A container whose profile would have
 * to be guessed is refused.
 */
#include "cmd/seccomp/kubernetes.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/input.h"
#include "oci/json.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

enum { CONTAINERS_MAX = 4096, NAMES_MAX = 12 };

static int base_read(const char *file, struct form_document *ret)
{
	struct text *text = arena_alloc(sizeof(*text));
	int r = input_read(AT_FDCWD, file, JSON_TEXT_MAX, text);

	if (r < 0)
		return fail(-r, "--base %s: cannot be read", file);
	r = form_read(file, text, ret);
	if (r >= 0 && ret->form != FORM_SPO)
		return fail(0, "--base %s: expected a SeccompProfile, found a %s", file,
			    form_name(ret->form));
	return r;
}

int kubernetes_add_bases(const struct strings *files, struct form_document *document)
{
	struct form_document *bases = arena_array(files->n, sizeof(*bases));
	size_t n = document->others.n;

	for (size_t i = 0; i < files->n; i++) {
		int r = base_read(files->v[i], &bases[i]);

		if (r < 0)
			return r;
		n += 1 + bases[i].others.n;
	}

	const struct json **v = arena_array(n, sizeof(*v));

	n = 0;
	for (size_t i = 0; i < document->others.n; i++)
		v[n++] = document->others.v[i];
	for (size_t i = 0; i < files->n; i++) {
		v[n++] = bases[i].json;
		for (size_t j = 0; j < bases[i].others.n; j++)
			v[n++] = bases[i].others.v[j];
	}
	document->others = (struct spo_documents){ n, v };
	return 0;
}

/* --- containers --------------------------------------------------------------------------- */

static const char *what_of(const struct pod_container *c)
{
	if (c->privileged)
		return "privileged";
	switch (c->type) {
	case POD_LOCALHOST:
		return arena_printf("Localhost %s", c->localhost);
	case POD_RUNTIME_DEFAULT:
		return "RuntimeDefault";
	case POD_UNCONFINED:
		return "Unconfined";
	case POD_UNNAMED:
		break;
	}
	return "no profile";
}

static bool same_profile(const struct pod_container *a, const struct pod_container *b)
{
	return strcmp(what_of(a), what_of(b)) == 0;
}

static int refuse(const struct form_document *document, const struct pod *all, const char *why)
{
	const char *text = "";

	for (size_t i = 0; i < all->n && i < NAMES_MAX; i++)
		text = arena_printf("%s%s%s (%s)", text, i ? ", " : "", all->v[i].name,
				    what_of(&all->v[i]));
	return fail(0, "%s: %s; expected --container with one of %s%s", document->name, why, text,
		    all->n > NAMES_MAX ? ", ..." : "");
}

/* The containers of all workloads of the file. */
static int read_all(const struct form_document *document, struct pod *ret)
{
	struct pod_container *v = NULL;
	size_t n = 0;

	for (size_t i = 0; i <= document->others.n; i++) {
		const struct json *root = i ? document->others.v[i - 1] : document->json;
		struct pod_container *both;
		struct pod pod;
		int r;

		if (!pod_is(root))
			continue;
		r = pod_read(root, &pod);
		if (r < 0)
			return r;
		if (n + pod.n > CONTAINERS_MAX)
			return fail(0, "%s: expected at most %d containers", document->name,
				    CONTAINERS_MAX);
		both = arena_array(n + pod.n, sizeof(*both));
		if (n)
			memcpy(both, v, n * sizeof(*v));
		memcpy(both + n, pod.v, pod.n * sizeof(*v));
		v = both;
		n += pod.n;
	}
	*ret = (struct pod){ n, v };
	return 0;
}

int kubernetes_choose(const struct form_document *document, const char *container,
		      struct pod_container *ret)
{
	const struct pod_container *chosen = NULL;
	struct pod all = { 0 };
	int r = read_all(document, &all);

	if (r < 0)
		return r;
	for (size_t i = 0; i < all.n; i++) {
		const struct pod_container *c = &all.v[i];

		if (container && strcmp(c->name, container) != 0)
			continue;
		if (chosen && !same_profile(chosen, c))
			return refuse(document, &all,
				      container ? "containers of that name have different profiles"
						: "its containers have different profiles");
		if (!chosen)
			chosen = c;
	}
	if (!chosen)
		return refuse(document, &all, arena_printf("there is no container %s", container));
	*ret = *chosen;
	return 0;
}
