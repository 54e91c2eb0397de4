/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a question is asked about: a profile in any form, or a program, read and brought to the
 * form in which all of them can be compared (seccomp/verdicts.h).
 */
#ifndef CMD_SECCOMP_SUBJECT_H
#define CMD_SECCOMP_SUBJECT_H

#include "base/base.h"
#include "cmd/opt.h"
#include "cmd/seccomp/form.h"
#include "cmd/seccomp/kubernetes.h"
#include "oci/decode.h"
#include "seccomp/engines.h"
#include "seccomp/policy.h"
#include "seccomp/profile.h"
#include "seccomp/verdicts.h"

/* What conditional rules of profiles are decided by, from the command line. */
struct subject_options {
	const char *caps;     /* --caps: "CAP_A,CAP_B", "none", "all"; NULL: Docker's */
	const char *arch;     /* --arch: "x86_64", "arm64", "SCMP_ARCH_ARM"; NULL: this machine */
	const char *kernel;   /* --kernel: "6.1"; NULL: the running one */
	const char *thread;   /* --thread: which filter of seccompiler's file; NULL: the only one */
	struct strings bases; /* --base: files with base profiles of SeccompProfiles */
	const char *container;	     /* --container: which one of a pod; NULL: they are alike */
	const char *profile_root;    /* --profile-root: where Localhost is; NULL: kubelet's */
	const char *runtime_default; /* --runtime-default: a built-in profile or a file */
};

/* Their rows in a table of options; `member` is the struct subject_options in `type`. */
/* clang-format off */
#define SUBJECT_OPTIONS(type, member) \
	{ "caps", 0, OPT_STRING, offsetof(type, member.caps), "LIST", \
	  "capabilities that rules depend on: CAP_A,CAP_B, all or none (Docker's)" }, \
	{ "arch", 0, OPT_STRING, offsetof(type, member.arch), "ARCH", \
	  "native architecture (this machine's)" }, \
	{ "kernel", 0, OPT_STRING, offsetof(type, member.kernel), "VERSION", \
	  "kernel that rules depend on (the running one)" }, \
	{ "thread", 0, OPT_STRING, offsetof(type, member.thread), "NAME", \
	  "which filter of a file of seccompiler" }, \
	{ "base", 0, OPT_LIST, offsetof(type, member.bases), "FILE", \
	  "further SeccompProfiles, in which baseProfileName is found" }, \
	{ "container", 0, OPT_STRING, offsetof(type, member.container), "NAME", \
	  "which container of a pod" }, \
	{ "profile-root", 0, OPT_STRING, offsetof(type, member.profile_root), "DIR", \
	  "where the files of type Localhost are (" KUBERNETES_PROFILE_ROOT ")" }, \
	{ "runtime-default", 0, OPT_STRING, offsetof(type, member.runtime_default), "PROFILE", \
	  "what RuntimeDefault is: a built-in profile or a file (containerd)" }
/* clang-format on */

struct subject {
	const char *name; /* as the user wrote it */
	const char *form; /* "profile", "BPF program", "built-in profile", "installed filter" */
	const struct form_document *document; /* that it was read from; NULL: none */
	const struct engines_profile *engine; /* whose default it is; NULL: nobody's */
	const char *thread;		      /* --thread */
	struct profile_facts facts;
	const struct profile *profile;	   /* NULL: a program */
	const struct policy *policy;	   /* of profile */
	const struct bpf_program *program; /* NULL: a profile, or several programs */
	size_t n_programs;		   /* of an installed filter, the newest first */
	const struct bpf_program *programs;
	bool kernel_alone; /* no filter is installed; program says what the kernel does */
	struct verdicts verdicts;
	const char *origin;  /* where it is from, for people: a line; NULL: name says it */
	const char *warning; /* what the answer does not say; NULL: nothing */
};

/* Where the containers are that words name: --root; NULL: the default. Kept. */
void subject_set_root(const char *root);
/* That directory; NULL: there is no default. */
const char *subject_root(void);

/* The facts that the options ask for. Reporting. */
must_check int subject_facts(const struct subject_options *options, struct profile_facts *ret);
/*
 * Reads what `word` names: a built-in profile ("default", "docker", "containerd", "podman",
 * "crio"), "-" (standard input), a process ("pid:1"), a file, whose form is told by its content, or
 * a container. Prints s->warning on standard error. Reporting, with the file's line where there is
 * one.
 */
must_check int subject_read(const char *word, const struct subject_options *options,
			    const struct profile_facts *facts, struct canon *canon,
			    struct subject *ret);
/* The same subject, decided by other facts. Reporting. */
must_check int subject_again(const struct subject *s, const struct profile_facts *facts,
			     struct canon *canon, struct subject *ret);
/* Capabilities by number that rules of the subject depend on. */
uint64_t subject_caps(const struct subject *s);

#endif
