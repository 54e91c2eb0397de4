/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the process of a plan: arguments, environment, ids, capabilities, limits, terminal and
 * labels. What must hold: capability sets never contain more than the config says (CVE-2022-29162:
 * inheritable was filled by default). A label that this host cannot apply is an error; the program
 * does not run unconfined.
 */
#include "base/arena.h"
#include "base/caps.h"
#include "base/log.h"
#include "base/names.h"
#include "base/num.h"
#include "oci/json.h"
#include "oci/words.h"
#include "plan/make.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* --- environment ------------------------------------------------------------------------ */

static bool same_variable(const char *a, const char *b)
{
	size_t n = strcspn(a, "=");

	return strncmp(a, b, n) == 0 && (b[n] == '=' || !b[n]);
}

static const char *value_of(char *const *envp, const char *name)
{
	for (; *envp; envp++)
		if (same_variable(name, *envp))
			return strchr(*envp, '=') + 1;
	return NULL;
}

struct variable {
	char *text;
	size_t name; /* its length */
	size_t at;   /* index in the list */
};

static int by_name(const void *a, const void *b)
{
	const struct variable *x = a, *y = b;
	int r = memcmp(x->text, y->text, x->name < y->name ? x->name : y->name);

	if (r == 0)
		r = (x->name > y->name) - (x->name < y->name);
	return r ? r : (x->at > y->at) - (x->at < y->at);
}

/*
 * If a variable is given several times the last value counts, at the place of the first. An empty
 * HOME counts as unset, because shells would take it for "/". The list is sorted to find
 * duplicates, because it may have many thousand entries.
 */
static void make_env(const struct process_spec *spec, struct plan_process *ret)
{
	struct variable *sorted = arena_array(spec->env.n + 1, sizeof(*sorted));
	char **v = arena_array(spec->env.n + 1, sizeof(*v));
	size_t n = 0;

	for (size_t i = 0; i < spec->env.n; i++)
		sorted[i] = (struct variable){ spec->env.v[i], strcspn(spec->env.v[i], "="), i };
	if (spec->env.n)
		qsort(sorted, spec->env.n, sizeof(*sorted), by_name);
	for (size_t i = 0, first = 0; i < spec->env.n; i++) {
		if (!same_variable(sorted[first].text, sorted[i].text))
			first = i;
		v[sorted[first].at] = sorted[i].text;
	}
	for (size_t i = 0; i < spec->env.n; i++)
		if (v[i] && strcmp(v[i], "HOME=") != 0)
			v[n++] = v[i];
	v[n] = NULL;
	ret->envp = v;
	ret->add_home = !value_of(v, "HOME");
	ret->path_env = value_of(v, "PATH") ? value_of(v, "PATH") : "";
}

/* --- capabilities ----------------------------------------------------------------------- */

enum { CAP_WORD_MAX = 80, CAP_WORDS_MAX = 1024 };

static const char *cap_words(uint64_t caps)
{
	const char *words = "";

	for (unsigned int i = 0; i < CAPS_MAX; i++)
		if (caps >> i & 1) {
			const char *name = caps_name(i);

			words = arena_printf("%s%s%s", words, *words ? " " : "", name ? name : "?");
		}
	return words;
}

/* Appends names of the config's set that are unknown, up to a limit. */
static const char *add_unknown(const struct json *set, const char *words)
{
	json_each (e, set) {
		if (strlen(words) > CAP_WORDS_MAX)
			break;
		if (caps_find(e->text) < 0 && !strstr(words, e->text))
			words = arena_printf("%s%s%.*s", words, *words ? " " : "", CAP_WORD_MAX,
					     e->text);
	}
	return words;
}

/*
 * Warns about capabilities that the host cannot give. They are ignored, as the specification
 * requires; fewer capabilities are safe.
 */
static void warn_caps(const struct capabilities_spec *c, uint64_t available)
{
	static const char *const sets[] = { "bounding", "permitted", "inheritable", "effective",
					    "ambient" };
	uint64_t all =
		c->bounding.v | c->permitted.v | c->inheritable.v | c->effective.v | c->ambient.v;
	const char *words = cap_words(all & ~available);

	for (size_t i = 0; c->at && i < ARRAY_LEN(sets); i++) {
		const struct json *set = json_member(c->at, sets[i]);

		if (set && set->type == JSON_ARRAY)
			words = add_unknown(set, words);
	}
	if (*words)
		log_warning("process.capabilities: unknown or not available here, left out: %s",
			    words);
}

static int make_caps(const struct process_spec *spec, const struct host *host, bool in_userns,
		     struct plan_caps *ret)
{
	const struct capabilities_spec *c = &spec->capabilities;
	/* A new user namespace gives all capabilities, whatever this process has. */
	uint64_t bounding = in_userns ? host->caps_known : host->caps_bounding;
	uint64_t permitted = in_userns ? host->caps_known : host->caps_permitted;

	ret->bounding = c->bounding.v & bounding;
	ret->permitted = c->permitted.v & permitted;
	ret->inheritable = c->inheritable.v & bounding & permitted;
	ret->effective = c->effective.v & permitted;
	ret->ambient = c->ambient.v & ret->permitted & ret->inheritable;
	warn_caps(c, bounding & permitted);
	if (ret->effective & ~ret->permitted)
		return json_fail_member(c->at, "effective",
					"expected only what is in permitted, found %s",
					cap_words(ret->effective & ~ret->permitted));
	if (ret->inheritable & ~ret->bounding)
		return json_fail_member(c->at, "inheritable",
					"expected only what is in bounding, found %s",
					cap_words(ret->inheritable & ~ret->bounding));
	return 0;
}

/* --- the rest --------------------------------------------------------------------------- */

static void make_rlimits(const struct process_spec *spec, struct plan_process *ret)
{
	struct plan_rlimit *v = arena_array(spec->rlimits.n + 1, sizeof(*v));

	for (size_t i = 0; i < spec->rlimits.n; i++) {
		const struct rlimit_spec *l = &spec->rlimits.v[i];

		v[i] = (struct plan_rlimit){ (int)l->type, l->soft, l->hard,
					     names_of(words_rlimits, l->type) };
	}
	ret->n_rlimits = spec->rlimits.n;
	ret->rlimits = v;
}

/*
 * Checks who takes the master of the terminal: a socket of the engine if the runtime detaches, else
 * the runtime itself.
 */
static int make_terminal(const struct process_spec *spec, const struct plan_options *options,
			 struct plan_process *ret)
{
	const struct json *at = spec->at;

	if (spec->terminal && options->detached && !options->console_socket)
		return json_fail_member(at, "terminal",
					"expected --console-socket: nobody would hold the terminal "
					"when the runtime detaches");
	if (options->console_socket && !spec->terminal)
		return json_fail_member(
			at, "terminal",
			"expected true, because --console-socket was given, found false");
	if (options->console_socket && !options->detached)
		return json_fail_member(at, "terminal",
					"expected no --console-socket: the runtime does not detach "
					"and holds the terminal itself");
	ret->terminal = spec->terminal;
	if (spec->terminal) {
		ret->rows = (uint16_t)spec->console_size.height;
		ret->columns = (uint16_t)spec->console_size.width;
	}
	return 0;
}

static int make_labels(const struct process_spec *spec, const struct host *host,
		       struct plan_process *ret)
{
	const char *apparmor = spec->apparmor_profile, *selinux = spec->selinux_label;

	if (apparmor && *apparmor) {
		if (host->apparmor)
			ret->apparmor = apparmor;
		else if (strcmp(apparmor, "unconfined") != 0)
			return json_fail_member(spec->at, "apparmorProfile",
						"expected none, because this host runs without "
						"AppArmor, found \"%s\"",
						apparmor);
	}
	if (selinux && *selinux) {
		if (!host->selinux)
			return json_fail_member(spec->at, "selinuxLabel",
						"expected none, because this host runs without "
						"SELinux, found \"%s\"",
						selinux);
		ret->selinux = selinux;
	}
	return 0;
}

/* Converts "0-3,7" to a mask. */
static int parse_cpus(const char *list, struct plan_cpus *ret)
{
	const unsigned int width = 8 * sizeof(*ret->v);
	uint64_t first, last;

	for (const char *p = list;; p++) {
		int r = num_scan_u64(p, &p, &first);

		last = first;
		if (r == 0 && *p == '-')
			r = num_scan_u64(p + 1, &p, &last);
		if (r < 0 || (*p && *p != ',') || first > last || last / width >= ARRAY_LEN(ret->v))
			return -EINVAL;
		for (; first <= last; first++)
			ret->v[first / width] |= 1UL << first % width;
		if (!*p)
			return 0;
	}
}

static int make_cpus(const struct exec_affinity_spec *spec, const char *key, const char *list,
		     const struct plan_cpus **ret)
{
	struct plan_cpus *cpus;

	if (!list || !*list)
		return 0;
	cpus = arena_alloc(sizeof(*cpus));
	if (parse_cpus(list, cpus) < 0)
		return json_fail_member(spec->at, key,
					"expected a list of CPUs like \"0-3,7\", found \"%.80s\"",
					list);
	*ret = cpus;
	return 0;
}

void plan_process_make_common(const struct config *config, struct plan_process *ret)
{
	ret->set_personality = config->linux_.personality.at;
	ret->personality = config->linux_.personality.domain;
}

int plan_process_make(const struct process_spec *spec, const struct host *host,
		      const struct plan_options *options, bool in_userns, struct plan_process *ret)
{
	int r;

	*ret = (struct plan_process){
		.argv = spec->args.v,
		.cwd = spec->cwd,
		.uid = spec->user.uid,
		.gid = spec->user.gid,
		.n_groups = spec->user.additional_gids.n,
		.groups = spec->user.additional_gids.v,
		.set_umask = spec->user.umask.set,
		.umask = spec->user.umask.v,
		.no_new_privs = spec->no_new_privileges,
		.set_oom_score_adj = spec->oom_score_adj.set,
		.oom_score_adj = (int)spec->oom_score_adj.v,
	};
	make_env(spec, ret);
	make_rlimits(spec, ret);
	if ((r = make_caps(spec, host, in_userns, &ret->caps)) < 0 ||
	    (r = make_terminal(spec, options, ret)) < 0 ||
	    (r = make_cpus(&spec->exec_affinity, "initial", spec->exec_affinity.initial,
			   &ret->affinity_initial)) < 0 ||
	    (r = make_cpus(&spec->exec_affinity, "final", spec->exec_affinity.final,
			   &ret->affinity_final)) < 0)
		return r;
	return make_labels(spec, host, ret);
}
