/* SPDX-License-Identifier: Apache-2.0 */
/* What the resources of Kubernetes refer to: base profiles, and the profiles of containers. */
#ifndef CMD_SECCOMP_KUBERNETES_H
#define CMD_SECCOMP_KUBERNETES_H

#include "cmd/seccomp/form.h"
#include "oci/decode.h"
#include "seccomp/pod.h"

/* Where kubelet keeps the files of Localhost, unless it is told otherwise. */
#define KUBERNETES_PROFILE_ROOT "/var/lib/kubelet/seccomp"

/* Adds the SeccompProfiles of these files to those in which baseProfileName is looked up.
 * Reporting. */
must_check int kubernetes_add_bases(const struct strings *files, struct form_document *document);

/*
 * Which container of the document (FORM_POD, with all workloads that are in its file) is meant.
 * container: its name; NULL: any, if they all run under the same profile. Reporting: with the names
 * that there are.
 */
must_check int kubernetes_choose(const struct form_document *document, const char *container,
				 struct pod_container *ret);

#endif
