/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the forms in which subjects are written, and that nothing is printed unless it says the
 * same. A text is read back by the reader of its form, and the answers of what was read are
 * compared with the subject's.
 */
#include "cmd/seccomp/as.h"

#include "base/arena.h"
#include "base/err.h"
#include "cmd/seccomp/losses.h"
#include "cmd/seccomp/lossy.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/verbs.h"
#include "cmd/seccomp/yaml.h"
#include "oci/json.h"
#include "oci/jsonw.h"
#include "seccomp/c_source.h"
#include "seccomp/compose.h"
#include "seccomp/filter.h"
#include "seccomp/pfc.h"
#include "seccomp/seccompiler.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { AS_OCI, AS_DOCKER, AS_SPO, AS_SECCOMPILER, AS_BPF, AS_C, AS_PFC };

const struct name as_forms[] = {
	{ "bpf", AS_BPF }, { "c", AS_C },     { "docker", AS_DOCKER },
	{ "oci", AS_OCI }, { "pfc", AS_PFC }, { "seccompiler", AS_SECCOMPILER },
	{ "spo", AS_SPO }, { NULL, 0 },
};

int as_check(const struct as_options *options)
{
	const char *words = "";

	if (options->lossy && !options->form)
		return fail(0, "--lossy: expected --as beside it");
	if (!options->form || names_find(as_forms, options->form))
		return 0;
	for (const struct name *n = as_forms; n->name; n++)
		words = arena_printf("%s%s%s", words, n == as_forms ? "" : ", ", n->name);
	return fail(0, "--as: expected one of %s, found '%s'", words, options->form);
}

/* What is written, on the way. */
struct writing {
	const struct as_options *options;
	const struct subject *s;
	struct canon *canon;
	int form;
	const struct profile *profile;
	struct verdicts verdicts; /* of profile */
};

static int answers_of(const struct profile *profile, enum abi native, bool compat_runc,
		      struct canon *canon, struct verdicts *ret)
{
	const struct policy *policy;
	int r = policy_make(profile, native, compat_runc, &policy);

	if (r == 0)
		verdicts_of_policy(policy, canon, ret);
	return r;
}

static int refuse(const struct writing *w, const char *why, const char *next)
{
	return fail(0, "%s: cannot be said in the form %s: %s%s; --lossy writes it nevertheless",
		    w->s->name, w->options->form, why, next);
}

/* Whether a runtime that decides as runc with libseccomp gives the subject's answers. */
static bool is_equal_in_runc(const struct writing *w)
{
	const char *before = err_message();
	struct verdicts verdicts;

	if (answers_of(w->profile, w->s->facts.native, true, w->canon, &verdicts) < 0) {
		err_restore(before);
		return false;
	}
	return verdicts_equal(&w->s->verdicts, &verdicts);
}

/* The profile that the subject is, or one with its answers. */
static int take_profile(struct writing *w)
{
	struct composed composed;
	int r;

	w->profile = w->s->profile;
	w->verdicts = w->s->verdicts;
	/* what a plain profile leaves to its default, runtimes answer otherwise: rules must say it
	 */
	if (w->profile && (!w->profile->is_plain || w->form == AS_SECCOMPILER))
		return 0;
	r = compose_profile(w->s->name, &w->s->verdicts, w->canon, w->s->facts.native, &composed);
	if (r < 0)
		return r;
	w->profile = composed.profile;
	w->verdicts = composed.verdicts;
	if (composed.equal || w->options->lossy)
		return 0;
	return refuse(w, losses_first(w->canon, &w->s->verdicts, &w->verdicts),
		      is_equal_in_runc(w)
			      ? "; nothing is lost if the runtime decides as libseccomp does "
				"(--seccomp-compat=runc)"
			      : "");
}

static int write_json(const struct writing *w, struct text *ret)
{
	const struct form_document *d = w->s->document;
	const struct json *root = d && d->form == FORM_OCI ? d->json : NULL;
	const struct json *inside = json_member(json_member(root, "linux"), "seccomp");
	struct jsonw *out = jsonw_new(JSONW_PRETTY);

	/* Docker's form has the conditions that a profile in memory has lost. */
	if (w->form == AS_DOCKER && root)
		jsonw_json(out, inside ? inside : root);
	else
		profile_write(out, w->profile);
	*ret = jsonw_finish(out);
	return 0;
}

/* The file's name without folder and ending, as a name of a resource. */
static const char *resource_name(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	char *copy = arena_memdup(name, strcspn(name, "."));

	for (char *p = copy; *p; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p |= 0x20;
		else if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", *p))
			*p = '-';
	copy[strcspn(copy, "-") == 0 ? 0 : strlen(copy)] = 0;
	return *copy && copy[strlen(copy) - 1] != '-' ? copy : "profile";
}

static int write_text(const struct writing *w, const struct profile *profile, struct text *ret)
{
	const char *thread = w->s->thread ? w->s->thread : "main";

	if (w->form == AS_SPO)
		return spo_write(profile, resource_name(w->s->name), ret);
	if (w->form == AS_SECCOMPILER)
		return seccompiler_profile_write(profile, thread, w->s->facts.native, ret);
	return write_json(w, ret);
}

/* The form cannot have all of the profile: what remains without it. */
static int write_less(struct writing *w, struct text *ret)
{
	struct lossy_form form = {
		.native = w->s->facts.native,
		.thread = w->s->thread ? w->s->thread : "main",
		.resource = resource_name(w->s->name),
		.seccompiler = w->form == AS_SECCOMPILER,
	};

	w->profile = lossy_reduce(w->profile, &form);
	return write_text(w, w->profile, ret);
}

/* What a reader of the form understands. */
static int read_back(struct writing *w, const struct text *text)
{
	struct form_document *document = arena_alloc(sizeof(*document));
	struct profile *profile = arena_alloc(sizeof(*profile));
	int r;

	if (w->form == AS_SPO && !yaml_is_built())
		return answers_of(w->profile, w->s->facts.native, false, w->canon, &w->verdicts);
	r = form_read(w->options->form, text, document);
	if (r == 0)
		r = form_decode(document, NULL, &w->s->facts, profile);
	if (r == 0)
		r = answers_of(profile, w->s->facts.native, false, w->canon, &w->verdicts);
	return r < 0 ? wrap(r, "%s: what was written cannot be read back", w->s->name) : 0;
}

/* The message that is recorded, and what may be done. */
static int suggest_lossy(void)
{
	const char *why = err_message();

	err_clear();
	return fail(0, "%s; --lossy writes it nevertheless", why);
}

/* Another profile with the same answers may be one that the form can say. */
static int write_composed(struct writing *w, struct text *ret)
{
	const char *why = err_message();
	struct composed composed;
	int r = -EINVAL;

	err_clear();
	if (w->s->profile &&
	    compose_profile(w->s->name, &w->s->verdicts, w->canon, w->s->facts.native, &composed) ==
		    0 &&
	    composed.equal && !w->s->profile->listener_path && !w->s->profile->set_flags)
		r = write_text(w, composed.profile, ret);
	if (r < 0)
		err_restore(why);
	return r;
}

static int write_profile(struct writing *w)
{
	struct text text;
	int r = take_profile(w);

	if (r < 0)
		return r;
	r = write_text(w, w->profile, &text);
	if (r < 0)
		r = write_composed(w, &text);
	if (r < 0 && !w->options->lossy)
		return suggest_lossy();
	if (r < 0) {
		say_print_to(stderr, 2, arena_printf("lost: %s", err_message()));
		err_clear();
		r = write_less(w, &text);
	}
	if (r >= 0)
		r = read_back(w, &text);
	if (r < 0)
		return r;
	if (w->canon->overflow)
		return fail(0, "%s: the conditions are too complex to be compared", w->s->name);
	const char *loss = losses_first(w->canon, &w->s->verdicts, &w->verdicts);

	if (loss && !w->options->lossy)
		return refuse(w, loss, "");
	if (loss)
		losses_print(w->canon, &w->s->verdicts, &w->verdicts);
	fputs(text.data, stdout);
	return EXIT_YES;
}

/* The filter that `run` and `create` would load. */
int as_program(const struct subject *s, struct bpf_program *ret)
{
	const struct filter_options o = { .kernel_flags = UINT64_MAX,
					  .machine = arch_abi(s->facts.native)->machine };
	const struct filter *filter;

	if (s->program) {
		*ret = *s->program;
		return 0;
	}
	if (!s->profile)
		return fail(0,
			    "%s: %zu filters are installed, which one program cannot say; --as oci "
			    "says what they do together",
			    s->name, s->n_programs);
	int r = filter_compile(s->profile, &o, &filter);

	if (r == 0)
		*ret = (struct bpf_program){ filter->code, filter->len };
	return r;
}

static int write_program(const struct writing *w)
{
	struct bpf_program p = { 0 };
	int r = as_program(w->s, &p);

	if (r < 0)
		return r;
	if (w->form == AS_C)
		fputs(c_source_write(w->s->name, &p).data, stdout);
	else
		fwrite(p.code, sizeof(*p.code), p.len, stdout);
	return EXIT_YES;
}

static int write_pfc(const struct writing *w)
{
	struct text text;
	int r = pfc_write(w->s->name, &w->s->verdicts, w->canon, &text);

	if (r < 0)
		return r;
	fputs(text.data, stdout);
	return EXIT_YES;
}

int as_write(const struct as_options *options, const struct subject *s, struct canon *canon)
{
	struct writing w = { .options = options,
			     .s = s,
			     .canon = canon,
			     .form = (int)names_find(as_forms, options->form)->value };

	switch (w.form) {
	case AS_BPF:
	case AS_C:
		return write_program(&w);
	case AS_PFC:
		return write_pfc(&w);
	default:
		return write_profile(&w);
	}
}
