/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which seccomp profile a Pod of Kubernetes names for each of its containers: Pod, PodTemplate,
 * Deployment, ReplicaSet, ReplicationController, DaemonSet, StatefulSet, Job and CronJob.
 */
#ifndef SECCOMP_POD_H
#define SECCOMP_POD_H

#include "base/base.h"

struct json;

enum pod_type {
	POD_UNNAMED, /* nothing: Unconfined, or RuntimeDefault if kubelet has --seccomp-default */
	POD_RUNTIME_DEFAULT,
	POD_LOCALHOST,
	POD_UNCONFINED,
};

struct pod_container {
	const char *name;
	const char *list; /* "containers", "initContainers", "ephemeralContainers" */
	enum pod_type type;
	const char *localhost; /* POD_LOCALHOST: the file, below kubelet's seccomp folder */
	bool annotation;       /* by an annotation, which Kubernetes 1.27 and newer pass over */
	bool privileged;       /* so that it runs unconfined, whatever is named */
	const struct json *at; /* what decides, or the container; for json_place() */
};

struct pod {
	size_t n;
	const struct pod_container *v;
};

/* Whether the document says that it is one of these. */
bool pod_is(const struct json *root);
/*
 * All containers, in the order of the file. The container's own securityContext wins over the
 * pod's, and both over annotations. The tree must live as long as *ret. Refused: another kind,
 * unknown types and annotations' values, localhostProfile without Localhost and the reverse, a
 * path that is not below kubelet's folder. Reporting.
 */
must_check int pod_read(const struct json *root, struct pod *ret);

#endif
