/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns how a PROFILE on the command line is read. Its form is told by its content, never by the
 * name of its file. What cannot be told is refused with what was found and what was expected.
 */
#include "cmd/seccomp/subject.h"

#include "base/arena.h"
#include "base/caps.h"
#include "base/err.h"
#include "base/input.h"
#include "base/names.h"
#include "base/num.h"
#include "cmd/seccomp/installed.h"
#include "cmd/seccomp/say.h"
#include "oci/json.h"
#include "runtime/statedir.h"
#include "seccomp/default.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>

#define CAP(name) (UINT64_C(1) << CAP_##name)

/* What a container of Docker, containerd and Podman may hold unless its user says otherwise. */
static const uint64_t docker_caps = CAP(AUDIT_WRITE) | CAP(CHOWN) | CAP(DAC_OVERRIDE) |
				    CAP(FOWNER) | CAP(FSETID) | CAP(KILL) | CAP(MKNOD) |
				    CAP(NET_BIND_SERVICE) | CAP(NET_RAW) | CAP(SETFCAP) |
				    CAP(SETGID) | CAP(SETPCAP) | CAP(SETUID) | CAP(SYS_CHROOT);

/* The name that is most like the word, or NULL. */
static const char *similar_cap(const char *word)
{
	struct name *names = arena_array(CAPS_MAX + 1, sizeof(*names));
	size_t n = 0;

	for (unsigned int cap = 0; cap < CAPS_MAX; cap++)
		if (caps_name(cap))
			names[n++].name = caps_name(cap);
	return names_like(names, word);
}

/* "CAP_CHOWN,CAP_KILL", "all" or "none" as a set. */
static int parse_caps(const char *text, uint64_t *ret)
{
	*ret = strcmp(text, "all") == 0 ? UINT64_MAX : 0;
	if (*ret || strcmp(text, "none") == 0)
		return 0;
	for (const char *p = text; *p;) {
		size_t len = strcspn(p, ",");
		const char *word = arena_memdup(p, len);

		if (strncmp(word, "CAP_", 4) != 0)
			word = arena_printf("CAP_%s", word);
		int cap = caps_find(word);

		if (cap < 0) {
			const char *like = similar_cap(word);

			return fail(0, "--caps: unknown capability %s%s%s%s", word,
				    like ? "; did you mean " : "", like ? like : "",
				    like ? "?" : "");
		}
		*ret |= UINT64_C(1) << cap;
		p += len + (p[len] == ',');
	}
	return 0;
}

static int parse_kernel(const char *what, const char *text, struct profile_facts *ret)
{
	const char *dot = strchr(text, '.');
	size_t minor = dot ? strspn(dot + 1, "0123456789") : 0;

	if (!dot || minor == 0 ||
	    num_parse_u32(arena_memdup(text, (size_t)(dot - text)), &ret->kernel_major) < 0 ||
	    num_parse_u32(arena_memdup(dot + 1, minor), &ret->kernel_minor) < 0)
		return fail(0, "%s: expected a version such as 6.1, found '%s'", what, text);
	return 0;
}

int subject_facts(const struct subject_options *options, struct profile_facts *ret)
{
	struct utsname host;
	int r = 0;

	if (uname(&host) < 0)
		return fail(errno, "uname");
	*ret = (struct profile_facts){ .caps = docker_caps };
	if (options->caps)
		r = parse_caps(options->caps, &ret->caps);
	if (r < 0)
		return r;
	ret->native = say_find_abi(options->arch ? options->arch : host.machine);
	if (ret->native == ABI_COUNT)
		return fail(0, "--arch: unknown architecture '%s'; expected one such as x86_64",
			    options->arch ? options->arch : host.machine);
	return parse_kernel("--kernel", options->kernel ? options->kernel : host.release, ret);
}

static int judge_profile(const struct profile *profile, struct canon *canon, struct subject *s)
{
	s->profile = profile;
	int r = policy_make(profile, s->facts.native, false, &s->policy);

	if (r == 0)
		verdicts_of_policy(s->policy, canon, &s->verdicts);
	return r;
}

static int decide_builtin(struct canon *canon, struct subject *s)
{
	struct profile *profile = arena_alloc(sizeof(*profile));

	s->form = "built-in profile";
	if (s->engine)
		engines_make(s->engine, &s->facts, profile);
	else if (default_profile(&s->facts, profile) < 0)
		return fail(0, "default: there is no built-in profile for %s",
			    arch_abi(s->facts.native)->scmp);
	profile->place = s->engine ? s->engine->name : s->name;
	return judge_profile(profile, canon, s);
}

static int decide_document(struct canon *canon, struct subject *s)
{
	struct profile *profile = arena_alloc(sizeof(*profile));
	int r = form_decode(s->document, s->thread, &s->facts, profile);

	s->form = form_name(s->document->form);
	return r < 0 ? r : judge_profile(profile, canon, s);
}

static int read_program(struct canon *canon, struct subject *s)
{
	const struct text *text = s->document->text;
	struct sock_filter *code = arena_array(text->len / sizeof(*code), sizeof(*code));
	struct bpf_program *program = arena_alloc(sizeof(*program));

	memcpy(code, text->data, text->len);
	*program = (struct bpf_program){ code, (uint16_t)(text->len / sizeof(*code)) };
	s->form = form_name(FORM_BPF);
	s->program = program;
	int r = verdicts_of_program(program, canon, &s->verdicts);

	return r < 0 ? wrap(r, "%s", s->name) : 0;
}

static const char *given_root;

void subject_set_root(const char *root)
{
	given_root = root;
}

const char *subject_root(void)
{
	return given_root ? given_root : statedir_default_root();
}

static int refuse_unread(const char *word, int error)
{
	if (error != ENOENT)
		return fail(error, "%s: cannot be read", word);
	return fail(0,
		    "%s: there is no such file and no such container below %s; expected a file, a "
		    "container, pid:N, default, %s",
		    word, subject_root() ? subject_root() : "--root", engines_names());
}

/* The text of a file and its form; name and document are kept. */
static int read_document(const char *name, const char *path, struct form_document *ret)
{
	struct text *text = arena_alloc(sizeof(*text));
	int r = input_read(AT_FDCWD, path, JSON_TEXT_MAX, text);

	return r < 0 ? r : form_read(name, text, ret);
}

/* --- pods --------------------------------------------------------------------------------- */

static int decide_localhost(const struct subject_options *options, const struct pod_container *c,
			    struct canon *canon, struct subject *s)
{
	const char *root = options->profile_root ? options->profile_root : KUBERNETES_PROFILE_ROOT;
	const char *path = arena_printf("%s/%s", root, c->localhost);
	struct form_document *document = arena_alloc(sizeof(*document));
	int r = read_document(path, path, document);

	s->origin = arena_printf("container %s: Localhost, %s", c->name, path);
	if (r < 0 && !err_message())
		return fail(-r,
			    "%s: container %s runs under the file %s, which cannot be read here; "
			    "--profile-root says another folder",
			    json_place(c->at), c->name, path);
	if (r >= 0 && document->form != FORM_OCI)
		return fail(0, "%s: expected a profile, as a runtime reads it, found a %s", path,
			    form_name(document->form));
	s->document = document;
	return r < 0 ? r : decide_document(canon, s);
}

static int decide_runtime_default(const struct subject_options *options,
				  const struct pod_container *c, struct canon *canon,
				  struct subject *s)
{
	const char *word = options->runtime_default ? options->runtime_default : "containerd";
	struct form_document *document = arena_alloc(sizeof(*document));
	int r;

	s->origin =
		arena_printf("container %s: RuntimeDefault, for which %s stands", c->name, word);
	if (!options->runtime_default)
		s->warning = "RuntimeDefault depends on the engine of the node; containerd's is "
			     "taken (--runtime-default)";
	s->engine = engines_find(word);
	if (s->engine)
		return decide_builtin(canon, s);
	r = read_document(word, word, document);
	if (r < 0 && !err_message())
		return fail(-r, "--runtime-default %s: cannot be read; expected %s or a file", word,
			    engines_names());
	if (r >= 0 && document->form != FORM_OCI)
		return fail(0, "--runtime-default %s: expected a profile, found a %s", word,
			    form_name(document->form));
	s->document = document;
	return r < 0 ? r : decide_document(canon, s);
}

/* What a container of the pod runs under. */
static int decide_pod(const struct subject_options *options, const struct form_document *document,
		      struct canon *canon, struct subject *s)
{
	struct pod_container c;
	int r = kubernetes_choose(document, options->container, &c);

	if (r < 0)
		return r;
	if (c.privileged) {
		s->origin = arena_printf("container %s is privileged: it runs unconfined", c.name);
		return installed_none(canon, s);
	}
	if (c.annotation)
		s->warning = "the profile is named by an annotation, which Kubernetes since 1.27 "
			     "ignores";
	switch (c.type) {
	case POD_LOCALHOST:
		return decide_localhost(options, &c, canon, s);
	case POD_RUNTIME_DEFAULT:
		return decide_runtime_default(options, &c, canon, s);
	case POD_UNNAMED:
		s->origin = arena_printf("container %s names no profile: it runs unconfined, "
					 "unless kubelet has --seccomp-default",
					 c.name);
		break;
	case POD_UNCONFINED:
		s->origin = arena_printf("container %s: Unconfined", c.name);
		break;
	}
	return installed_none(canon, s);
}

/* --- words -------------------------------------------------------------------------------- */

static int read_file(const char *word, const struct subject_options *options, struct canon *canon,
		     struct subject *s)
{
	bool standard = strcmp(word, "-") == 0;
	struct form_document *document = arena_alloc(sizeof(*document));
	int r;

	if (standard)
		s->name = "standard input";
	r = read_document(s->name, standard ? "/dev/stdin" : word, document);
	if (r < 0 && err_message())
		return r;
	if ((r == -ENOENT || r == -EISDIR) && installed_has(subject_root(), word))
		return installed_read_container(subject_root(), word, canon, s);
	if (r < 0)
		return refuse_unread(word, -r);
	if (document->form == FORM_POD)
		return decide_pod(options, document, canon, s);
	if (document->form == FORM_SPO)
		r = kubernetes_add_bases(&options->bases, document);
	s->document = document;
	if (r < 0)
		return r;
	return document->form == FORM_BPF ? read_program(canon, s) : decide_document(canon, s);
}

static int read_word(const char *word, const struct subject_options *options, struct canon *canon,
		     struct subject *s)
{
	const char *id = installed_id(word);

	s->engine = engines_find(word);
	if (s->engine || strcmp(word, "default") == 0)
		return decide_builtin(canon, s);
	if (installed_pid(word))
		return installed_read_process(installed_pid(word), canon, s);
	if (strncmp(word, "pid:", 4) == 0)
		return fail(0, "%s: expected the number of a process behind pid:", word);
	if (id && !subject_root())
		return fail(0, "%s: there is no default for --root; expected --root", word);
	if (id)
		return installed_read_container(subject_root(), id, canon, s);
	return read_file(word, options, canon, s);
}

int subject_read(const char *word, const struct subject_options *options,
		 const struct profile_facts *facts, struct canon *canon, struct subject *ret)
{
	*ret = (struct subject){ .name = word, .thread = options->thread, .facts = *facts };
	int r = read_word(word, options, canon, ret);

	if (r >= 0 && ret->warning)
		fprintf(stderr, "tamis seccomp: %s: %s\n", ret->name, ret->warning);
	return r;
}

int subject_again(const struct subject *s, const struct profile_facts *facts, struct canon *canon,
		  struct subject *ret)
{
	*ret = *s;
	ret->facts = *facts;
	if (!s->profile)
		return 0;
	return s->document ? decide_document(canon, ret) : decide_builtin(canon, ret);
}

/* The capabilities that a document of Docker's format names in any string. */
static uint64_t caps_named(const struct json *v)
{
	uint64_t caps = 0;

	if (v->type == JSON_STRING && strncmp(v->text, "CAP_", 4) == 0) {
		int cap = caps_find(v->text);

		return cap >= 0 ? UINT64_C(1) << cap : 0;
	}
	json_each (child, v)
		caps |= caps_named(child);
	return caps;
}

uint64_t subject_caps(const struct subject *s)
{
	if (!s->profile)
		return 0;
	if (!s->document)
		return UINT64_MAX;
	return s->document->form == FORM_OCI ? caps_named(s->document->json) : 0;
}
