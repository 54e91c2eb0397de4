/* SPDX-License-Identifier: Apache-2.0 */
/* The form of a profile's file, told by its content, and the reader for it. */
#ifndef CMD_SECCOMP_FORM_H
#define CMD_SECCOMP_FORM_H

#include "base/io.h"
#include "seccomp/profile.h"
#include "seccomp/spo.h"

struct docker_profile;

enum form {
	FORM_OCI, /* linux.seccomp, config.json, and the engines' formats, which extend it */
	FORM_SPO,
	FORM_SECCOMPILER,
	FORM_POD,
	FORM_SYSTEMD,
	FORM_MINIJAIL,
	FORM_BPF,
};

struct form_document {
	const char *name; /* for messages */
	const struct text *text;
	enum form form;
	const struct json *json;     /* of the forms that are JSON or YAML; else NULL */
	struct spo_documents others; /* further documents of the file */
	/* FORM_OCI: as it was read, undecided; NULL: form_decode() says what is wrong with it */
	const struct docker_profile *docker;
};

/* Tells the form and parses JSON and YAML. name and text must live as long as *ret. Reporting. */
must_check int form_read(const char *name, const struct text *text, struct form_document *ret);
/*
 * The profile that the document is, decided by facts. thread: which filter of seccompiler's file;
 * NULL: the only one. Reporting: also for FORM_BPF, which is no profile, and FORM_POD, which only
 * names some.
 */
must_check int form_decode(const struct form_document *document, const char *thread,
			   const struct profile_facts *facts, struct profile *ret);
struct json_edit;
/* Whether the text of a profile can be edited: it is JSON or YAML, and has its own rules. */
bool form_is_editable(const struct form_document *document);
/* The text with the changes, in the notation that it has. Reporting. */
must_check int form_edit(const struct form_document *document, const struct json_edit *e,
			 struct text *ret);
/* "policy of minijail". */
const char *form_name(enum form form);

#endif
