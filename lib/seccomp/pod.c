/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of pods, as far as seccomp goes. Everything else in them is passed over: it
 * is not ours to judge. The annotations are those of Kubernetes before 1.27.
 */
#include "seccomp/pod.h"

#include "base/arena.h"
#include "oci/decode.h"

#include <string.h>

static const char on_pod[] = "seccomp.security.alpha.kubernetes.io/pod";
static const char on_container[] = "container.seccomp.security.alpha.kubernetes.io/";

/* Where the pod is in a document of each kind. */
static const struct {
	const char *kind, *path[4];
} kinds[] = {
	{ "CronJob", { "spec", "jobTemplate", "spec", "template" } },
	{ "DaemonSet", { "spec", "template" } },
	{ "Deployment", { "spec", "template" } },
	{ "Job", { "spec", "template" } },
	{ "Pod", { NULL } },
	{ "PodTemplate", { "template" } },
	{ "ReplicaSet", { "spec", "template" } },
	{ "ReplicationController", { "spec", "template" } },
	{ "StatefulSet", { "spec", "template" } },
};

static const struct name words_types[] = {
	{ "RuntimeDefault", POD_RUNTIME_DEFAULT },
	{ "Localhost", POD_LOCALHOST },
	{ "Unconfined", POD_UNCONFINED },
	{ NULL, 0 },
};

static const struct name words_annotation[] = {
	{ "runtime/default", POD_RUNTIME_DEFAULT },
	{ "docker/default", POD_RUNTIME_DEFAULT },
	{ "unconfined", POD_UNCONFINED },
	{ NULL, 0 },
};

static const char *const lists[] = { "initContainers", "containers", "ephemeralContainers" };

static int kind_of(const struct json *root)
{
	const struct json *kind = json_member(root, "kind");

	for (size_t i = 0; kind && kind->type == JSON_STRING && i < ARRAY_LEN(kinds); i++)
		if (strcmp(kinds[i].kind, kind->text) == 0)
			return (int)i;
	return -1;
}

bool pod_is(const struct json *root)
{
	return kind_of(root) >= 0 && json_member(root, "apiVersion");
}

/* Relative, and no part of it leads upwards. */
static bool is_below(const char *path)
{
	if (!*path || *path == '/')
		return false;
	for (const char *part = path; part;) {
		size_t n = strcspn(part, "/");

		if (n == 2 && memcmp(part, "..", 2) == 0)
			return false;
		part = part[n] ? part + n + 1 : NULL;
	}
	return true;
}

static int path_check(const struct json *at, const char *path)
{
	if (is_below(path))
		return 0;
	return json_fail(at, "expected a path below kubelet's folder of profiles, found %s",
			 json_found(at));
}

/* Of securityContext.seccompProfile: 1 if it is there. */
static int context_read(const struct json *holder, struct pod_container *ret)
{
	const struct json *profile =
		json_member(json_member(holder, "securityContext"), "seccompProfile");
	const struct json *file = json_member(profile, "localhostProfile");
	const struct name *type;
	int r;

	if (!profile || profile->type == JSON_NULL)
		return 0;
	if (profile->type != JSON_OBJECT)
		return json_fail(profile, "expected an object, found %s", json_found(profile));
	if (!json_member(profile, "type"))
		return json_fail_member(profile, "type", "missing");
	r = decode_word(json_member(profile, "type"), words_types, &type);
	if (r < 0)
		return r;
	if (file && file->type == JSON_NULL)
		file = NULL;
	if (file && file->type != JSON_STRING)
		return json_fail(file, "expected a string, found %s", json_found(file));
	if (file && type->value != POD_LOCALHOST)
		return json_fail(file, "stands beside the type %s; expected it with Localhost only",
				 type->name);
	if (!file && type->value == POD_LOCALHOST)
		return json_fail_member(profile, "localhostProfile",
					"missing, but the type is Localhost");
	if (file && (r = path_check(file, file->text)) < 0)
		return r;
	ret->type = (enum pod_type)type->value;
	ret->localhost = file ? file->text : NULL;
	ret->at = profile;
	return 1;
}

/* Of an annotation: 1 if it is there. */
static int annotation_read(const struct json *at, struct pod_container *ret)
{
	static const char local[] = "localhost/";
	const struct name *word;
	int r;

	if (!at)
		return 0;
	if (at->type == JSON_STRING && strncmp(at->text, local, strlen(local)) == 0) {
		r = path_check(at, at->text + strlen(local));
		ret->type = POD_LOCALHOST;
		ret->localhost = at->text + strlen(local);
	} else {
		r = decode_word(at, words_annotation, &word);
		if (r >= 0)
			ret->type = (enum pod_type)word->value;
	}
	ret->annotation = true;
	ret->at = at;
	return r < 0 ? r : 1;
}

static int container_read(const struct json *pod, const struct json *at, struct pod_container *ret)
{
	const struct json *name = json_member(at, "name");
	const struct json *privileged =
		json_member(json_member(at, "securityContext"), "privileged");
	const struct json *annotations = json_member(json_member(pod, "metadata"), "annotations");
	int r;

	if (at->type != JSON_OBJECT)
		return json_fail(at, "expected an object, found %s", json_found(at));
	if (!name || name->type != JSON_STRING)
		return json_fail_member(at, "name", "expected the container's name");
	ret->name = name->text;
	ret->at = at;
	ret->privileged = privileged && privileged->type == JSON_BOOL && privileged->boolean;
	r = context_read(at, ret);
	if (r == 0)
		r = context_read(json_member(pod, "spec"), ret);
	if (r == 0)
		r = annotation_read(
			json_member(annotations, arena_printf("%s%s", on_container, name->text)),
			ret);
	if (r == 0)
		r = annotation_read(json_member(annotations, on_pod), ret);
	return r;
}

static int list_read(const struct json *pod, const char *key, struct pod_container *v, size_t *n)
{
	const struct json *list = json_member(json_member(pod, "spec"), key);

	if (!list || list->type == JSON_NULL)
		return 0;
	if (list->type != JSON_ARRAY)
		return json_fail(list, "expected an array, found %s", json_found(list));
	json_each (at, list) {
		int r = container_read(pod, at, &v[*n]);

		if (r < 0)
			return r;
		v[(*n)++].list = key;
	}
	return 0;
}

int pod_read(const struct json *root, struct pod *ret)
{
	const struct json *pod = root, *above = root;
	int kind = kind_of(root), r = 0;
	size_t room = 0, n = 0;

	if (kind < 0)
		return json_fail_member(root, "kind",
					"expected a Pod or what makes Pods (Deployment, DaemonSet, "
					"StatefulSet, Job, CronJob)");
	for (size_t i = 0; i < 4 && kinds[kind].path[i]; i++) {
		above = pod;
		pod = json_member(pod, kinds[kind].path[i]);
		if (!pod)
			return json_fail_member(above, kinds[kind].path[i], "missing");
	}
	if (!json_member(pod, "spec"))
		return json_fail_member(pod, "spec", "missing");
	for (size_t i = 0; i < ARRAY_LEN(lists); i++) {
		const struct json *list = json_member(json_member(pod, "spec"), lists[i]);

		room += list ? list->n : 0;
	}

	struct pod_container *v = arena_array(room, sizeof(*v));

	for (size_t i = 0; i < ARRAY_LEN(lists) && r >= 0; i++)
		r = list_read(pod, lists[i], v, &n);
	if (r >= 0 && !n)
		r = json_fail_member(json_member(pod, "spec"), "containers",
				     "expected at least one container");
	*ret = (struct pod){ n, v };
	return r;
}
