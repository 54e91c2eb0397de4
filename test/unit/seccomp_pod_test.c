/* SPDX-License-Identifier: Apache-2.0 */
/* lib/seccomp/pod.c: the profile of each container in each kind of resource. */
#include "seccomp/pod.h"

#include "base/arena.h"
#include "base/err.h"
#include "oci/json.h"
#include "unit/tap.h"

static int parse(const char *text, struct pod *ret)
{
	struct text t = { (char *)text, strlen(text) };
	const struct json *root;

	err_clear();

	int r = json_parse("pod.json", &t, &root);

	if (r < 0)
		return r;
	ok(pod_is(root) != (strstr(text, "Service") != NULL), "is recognized as a pod or not");
	return pod_read(root, ret);
}

static const char *shown(const struct pod *pod)
{
	static const char *const types[] = { "unnamed", "RuntimeDefault", "Localhost",
					     "Unconfined" };
	const char *text = "";

	for (size_t i = 0; i < pod->n; i++) {
		const struct pod_container *c = &pod->v[i];

		text = arena_printf(
			"%s%s%s %s%s%s%s%s", text, i ? "; " : "", c->name, types[c->type],
			c->localhost ? " " : "", c->localhost ? c->localhost : "",
			c->annotation ? " by annotation" : "", c->privileged ? " privileged" : "");
	}
	return text;
}

static void right(const char *text, const char *want)
{
	struct pod pod;

	if (parse(text, &pod) < 0)
		ok(false, "%s", err_message());
	else
		is_str(shown(&pod), want, "%s", want);
}

static void wrong(const char *text, const char *want)
{
	struct pod pod;

	if (parse(text, &pod) < 0)
		is_str(err_message(), want, "%s", want);
	else
		ok(false, "accepted: %s", text);
}

#define KIND(kind, rest) "{\"apiVersion\":\"v1\",\"kind\":\"" kind "\"," rest "}"
#define CONTEXT(profile) "\"securityContext\":{\"seccompProfile\":{" profile "}}"
#define LOCAL(path) "\"type\":\"Localhost\",\"localhostProfile\":\"" path "\""
#define A_IS(more) "\"containers\":[{\"name\":\"a\"" more "}]"
#define POD(spec) KIND("Pod", "\"spec\":{" spec "}")

static void kinds(void)
{
	static const char *const with_template[] = {
		"Deployment", "DaemonSet", "StatefulSet", "ReplicaSet", "ReplicationController",
		"Job"
	};

	for (size_t i = 0; i < ARRAY_LEN(with_template); i++)
		right(arena_printf(
			      KIND("%s", "\"spec\":{\"template\":{\"spec\":{" A_IS("") "," CONTEXT(
						 "\"type\":\"RuntimeDefault\"") "}}}"),
			      with_template[i]),
		      "a RuntimeDefault");
	right(KIND("CronJob", "\"spec\":{\"jobTemplate\":{\"spec\":{\"template\":{\"metadata\":{"
			      "\"annotations\":{\"seccomp.security.alpha.kubernetes.io/pod\":"
			      "\"unconfined\"}},\"spec\":{" A_IS("") "}}}}}"),
	      "a Unconfined by annotation");
	right(KIND("PodTemplate", "\"template\":{\"spec\":{" A_IS("") "}}"), "a unnamed");
	wrong(KIND("Service", "\"spec\":{}"),
	      "pod.json:1: kind: expected a Pod or what makes Pods (Deployment, DaemonSet, "
	      "StatefulSet, Job, CronJob)");
	wrong(KIND("Job", "\"spec\":{}"), "pod.json:1: spec.template: missing");
	wrong(KIND("Pod", "\"x\":1"), "pod.json:1: spec: missing");
	wrong(POD("\"x\":1"), "pod.json:1: spec.containers: expected at least one container");
}

static void precedence(void)
{
	right(POD("\"initContainers\":[{\"name\":\"i\"}],"
		  "\"containers\":[{\"name\":\"a\"," CONTEXT(LOCAL(
			  "p/a.json")) "},"
				       "{\"name\":\"b\",\"securityContext\":{\"privileged\":true}}]"
				       ","
				       "\"ephemeralContainers\":[{\"name\":\"e\"," CONTEXT(
					       "\"type\":\"Unconfined\"") "}]," CONTEXT("\"type\":"
											"\"RuntimeD"
											"efault"
											"\"")),
	      "i RuntimeDefault; a Localhost p/a.json; b RuntimeDefault privileged; e Unconfined");
	right(KIND("Pod",
		   "\"metadata\":{\"annotations\":{"
		   "\"seccomp.security.alpha.kubernetes.io/pod\":\"runtime/default\","
		   "\"container.seccomp.security.alpha.kubernetes.io/b\":\"localhost/b.json\"}},"
		   "\"spec\":{\"containers\":[{\"name\":\"a\"},{\"name\":\"b\"},"
		   "{\"name\":\"c\"," CONTEXT("\"type\":\"Unconfined\"") "}]}"),
	      "a RuntimeDefault by annotation; b Localhost b.json by annotation; c Unconfined");
}

static void errors(void)
{
	wrong(POD(A_IS("," CONTEXT("\"type\":\"Runtimedefault\""))),
	      "pod.json:1: spec.containers[0].securityContext.seccompProfile.type: unknown value: "
	      "found string \"Runtimedefault\", did you mean \"RuntimeDefault\"?");
	wrong(POD(A_IS("," CONTEXT("\"localhostProfile\":\"a\""))),
	      "pod.json:1: spec.containers[0].securityContext.seccompProfile.type: missing");
	wrong(POD(A_IS("," CONTEXT("\"type\":\"Localhost\""))),
	      "pod.json:1: spec.containers[0].securityContext.seccompProfile.localhostProfile: "
	      "missing, but the type is Localhost");
	wrong(POD(A_IS("," CONTEXT("\"type\":\"Unconfined\",\"localhostProfile\":\"a\""))),
	      "pod.json:1: spec.containers[0].securityContext.seccompProfile.localhostProfile: "
	      "stands beside the type Unconfined; expected it with Localhost only");
	wrong(POD(A_IS("," CONTEXT(LOCAL("a/../../b")))),
	      "pod.json:1: spec.containers[0].securityContext.seccompProfile.localhostProfile: "
	      "expected a path below kubelet's folder of profiles, found string \"a/../../b\"");
	wrong(POD("\"containers\":[{\"image\":\"x\"}]"),
	      "pod.json:1: spec.containers[0].name: expected the container's name");
	wrong(POD("\"containers\":{}"),
	      "pod.json:1: spec.containers: expected an array, found an object");
	wrong(KIND("Pod",
		   "\"metadata\":{\"annotations\":{\"seccomp.security.alpha.kubernetes.io/pod\""
		   ":\"none\"}},\"spec\":{" A_IS("") "}"),
	      "pod.json:1: metadata.annotations[\"seccomp.security.alpha.kubernetes.io/pod\"]: "
	      "unknown value: found string \"none\"");
}

int main(void)
{
	kinds();
	precedence();
	errors();
	return done();
}
