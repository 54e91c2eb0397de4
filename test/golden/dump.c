/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints a plan as text: one fact in each line; absent members are not printed. The same plan
 * always gives the same text. Every member of the plan that lib/fs, lib/process or lib/cgroup uses
 * is in it, so that a golden test notices each change.
 */
#include "golden/dump.h"
#include "oci/words.h"
#include "plan/plan.h"

#include "base/arena.h"
#include "base/base.h"
#include "base/caps.h"
#include "base/names.h"
#include "oci/config.h"
#include "seccomp/filter.h"

#include <linux/mount.h>
#include <string.h>
#include <sys/mount.h>

#ifndef MOUNT_ATTR_NOSYMFOLLOW
#define MOUNT_ATTR_NOSYMFOLLOW 0x00200000 /* 5.14 */
#endif

struct out {
	char *text;
	size_t len, room;
};

static void line(struct out *o, const char *fmt, ...) printf_like(2, 3);
static void line(struct out *o, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	const char *s = arena_vprintf(fmt, ap);

	va_end(ap);
	size_t n = strlen(s);

	if (o->len + n + 2 > o->room) {
		o->room = 2 * (o->room + n) + 4096;
		char *text = arena_alloc(o->room);

		if (o->len)
			memcpy(text, o->text, o->len);
		o->text = text;
	}
	memcpy(o->text + o->len, s, n);
	o->len += n;
	o->text[o->len++] = '\n';
}

static void line_if(struct out *o, const char *name, const char *value)
{
	if (value)
		line(o, "%s %s", name, value);
}

/* The names of the bits of value, each after a blank; bits without a name in hexadecimal. */
static const char *bits(const struct name *table, uint64_t value)
{
	const char *words = "";

	for (; table->name; table++)
		if (value & (uint64_t)table->value) {
			words = arena_printf("%s %s", words, table->name);
			value &= ~(uint64_t)table->value;
		}
	return value ? arena_printf("%s %#jx", words, (uintmax_t)value) : words;
}

/* --- namespaces ------------------------------------------------------------------------- */

static void put_maps(struct out *o, const char *name, const struct plan_id_maps *maps)
{
	for (size_t i = 0; i < maps->n; i++)
		line(o, "%s %u %u %u", name, maps->v[i].container, maps->v[i].host,
		     maps->v[i].size);
}

static const char *const map_ways[] = {
	[PLAN_MAP_WRITE] = NULL,
	[PLAN_MAP_OWN] = "own id",
	[PLAN_MAP_NEWIDMAP] = "newidmap",
};

static void put_namespaces(struct out *o, const struct plan_namespaces *ns)
{
	line(o, "namespaces made%s", bits(words_namespaces, ns->made));
	if (ns->joined)
		line(o, "namespaces joined%s", bits(words_namespaces, ns->joined));
	for (size_t i = 0; i < ns->n_joins; i++)
		line(o, "join%s %s (%s)", bits(words_namespaces, ns->joins[i].flag),
		     ns->joins[i].path, ns->joins[i].place);
	put_maps(o, "uid-map", &ns->uid_maps);
	line_if(o, "uid-map by", map_ways[ns->uid_way]);
	put_maps(o, "gid-map", &ns->gid_maps);
	line_if(o, "gid-map by", map_ways[ns->gid_way]);
	for (size_t i = 0; i < ns->n_offsets; i++)
		line(o, "time-offset %s %jd.%09u", ns->offsets[i].clock,
		     (intmax_t)ns->offsets[i].secs, ns->offsets[i].nanosecs);
}

/* --- the file system -------------------------------------------------------------------- */

static const struct name attr_names[] = {
	{ "ro", MOUNT_ATTR_RDONLY },
	{ "nosuid", MOUNT_ATTR_NOSUID },
	{ "nodev", MOUNT_ATTR_NODEV },
	{ "noexec", MOUNT_ATTR_NOEXEC },
	{ "noatime", MOUNT_ATTR_NOATIME },
	{ "strictatime", MOUNT_ATTR_STRICTATIME },
	{ "nodiratime", MOUNT_ATTR_NODIRATIME },
	{ "nosymfollow", MOUNT_ATTR_NOSYMFOLLOW },
	{ NULL, 0 },
};

static const struct name sharing_names[] = { { "shared", MS_SHARED },
					     { "slave", MS_SLAVE },
					     { "private", MS_PRIVATE },
					     { "unbindable", MS_UNBINDABLE },
					     { NULL, 0 } };

static void put_attrs(struct out *o, const char *what, uint64_t attrs)
{
	const char *atime = "";

	if (!attrs)
		return;
	if ((attrs & MOUNT_ATTR__ATIME) == MOUNT_ATTR__ATIME) { /* the whole field: cleared */
		atime = " atime-field";
		attrs &= ~(uint64_t)MOUNT_ATTR__ATIME;
	}
	line(o, "  %s%s%s", what, bits(attr_names, attrs), atime);
}

static void put_propagation(struct out *o, const char *indent, uint64_t flag, bool recursive)
{
	if (flag)
		line(o, "%spropagation%s%s", indent, bits(sharing_names, flag),
		     recursive ? " recursive" : "");
}

static void put_mount(struct out *o, const struct plan_mount *m)
{
	static const char *const kinds[] = { "fs", "bind", "cgroup" };
	static const char *const idmaps[] = { "", "top", "recursive" };

	line(o, "mount %s (%s)", m->destination, m->place);
	line(o, "  kind %s%s%s%s%s%s%s%s", kinds[m->kind], m->kind == PLAN_MOUNT_FS ? " " : "",
	     m->kind == PLAN_MOUNT_FS ? m->fstype : "", m->recursive ? " recursive" : "",
	     m->copy_up ? " copy-up" : "", m->strict_target ? " strict-target" : "",
	     m->proc_source ? " proc-source" : "", m->copy_link ? " copy-link" : "");
	line_if(o, "  source", m->source);
	if (m->optional)
		line(o, "  optional");
	if (m->sdnotify)
		line(o, "  gets the socket of NOTIFY_SOCKET");
	put_attrs(o, "set", m->attr_set);
	put_attrs(o, "clear", m->attr_clear);
	put_attrs(o, "set-recursive", m->rec_set);
	put_attrs(o, "clear-recursive", m->rec_clear);
	put_attrs(o, "undo", m->attr_undo);
	for (size_t i = 0; i < m->n_propagations; i++)
		put_propagation(o, "  ", m->propagations[i].type, m->propagations[i].recursive);
	if (m->idmap)
		line(o, "  idmap %s", idmaps[m->idmap]);
	put_maps(o, "  uid-map", &m->uid_maps);
	put_maps(o, "  gid-map", &m->gid_maps);
	for (size_t i = 0; i < m->n_options; i++)
		line(o, "  option %s%s%s", m->options[i].key, m->options[i].value ? "=" : "",
		     m->options[i].value ? m->options[i].value : "");
}

static void put_files(struct out *o, const struct plan *plan)
{
	line(o, "root %s%s", plan->root.path, plan->root.readonly ? " readonly" : "");
	put_propagation(o, "root ", plan->root.propagation, plan->root.propagation_recursive);
	for (size_t i = 0; i < plan->n_mounts; i++)
		put_mount(o, &plan->mounts[i]);
	if (plan->mount_label)
		line(o, "mount-label %s=%s", plan->mount_label_kind, plan->mount_label);
	if (plan->bind_nodes)
		line(o, "nodes are bound");
	for (size_t i = 0; i < plan->n_nodes; i++) {
		const struct plan_node *n = &plan->nodes[i];

		line(o, "node %s %06o %u:%u owner %u:%u%s", n->path, n->mode, n->major, n->minor,
		     n->uid, n->gid, n->standard ? " standard" : "");
	}
	for (size_t i = 0; i < plan->n_links; i++)
		line(o, "link %s -> %s", plan->links[i].path, plan->links[i].target);
	for (size_t i = 0; i < plan->n_masked; i++)
		line(o, "masked %s", plan->masked[i]);
	for (size_t i = 0; i < plan->n_readonly; i++)
		line(o, "readonly %s", plan->readonly[i]);
	for (size_t i = 0; i < plan->n_sysctls; i++)
		line(o, "sysctl %s=%s", plan->sysctls[i].path, plan->sysctls[i].value);
}

/* --- the process ------------------------------------------------------------------------ */

static void put_list(struct out *o, const char *name, char *const *v)
{
	for (; v && *v; v++)
		line(o, "%s %s", name, *v);
}

static const char *limit(uint64_t n)
{
	return n == UINT64_MAX ? "unlimited" : arena_printf("%ju", (uintmax_t)n);
}

static const char *caps(uint64_t set)
{
	char *s = arena_printf("%s", "");

	for (unsigned int cap = 0; cap < CAPS_MAX; cap++)
		if (set >> cap & 1)
			s = arena_printf("%s %s", s, caps_name(cap));
	return s;
}

static void put_caps(struct out *o, const struct plan_caps *c)
{
	const struct {
		const char *name;
		uint64_t v;
	} rows[] = { { "bounding", c->bounding },
		     { "effective", c->effective },
		     { "inheritable", c->inheritable },
		     { "permitted", c->permitted },
		     { "ambient", c->ambient } };

	for (size_t i = 0; i < ARRAY_LEN(rows); i++)
		line(o, "caps %s %010jx%s", rows[i].name, (uintmax_t)rows[i].v, caps(rows[i].v));
}

static void put_process(struct out *o, const struct plan_process *p)
{
	put_list(o, "arg", p->argv);
	put_list(o, "env", p->envp);
	line(o, "path \"%s\"%s", p->path_env, p->add_home ? ", HOME by passwd" : "");
	line(o, "cwd %s", p->cwd);
	line(o, "user %u:%u", p->uid, p->gid);
	for (size_t i = 0; i < p->n_groups; i++)
		line(o, "group %u", p->groups[i]);
	if (p->keep_groups)
		line(o, "groups of the caller");
	if (p->set_umask)
		line(o, "umask %04o", p->umask);
	put_caps(o, &p->caps);
	if (p->no_new_privs)
		line(o, "no-new-privs");
	for (size_t i = 0; i < p->n_rlimits; i++)
		line(o, "rlimit %s %s %s", p->rlimits[i].name, limit(p->rlimits[i].soft),
		     limit(p->rlimits[i].hard));
	if (p->set_oom_score_adj)
		line(o, "oom-score-adj %d", p->oom_score_adj);
	if (p->terminal)
		line(o, "terminal %ux%u", p->columns, p->rows);
	line_if(o, "apparmor", p->apparmor);
	line_if(o, "selinux", p->selinux);
	if (p->set_personality)
		line(o, "personality %#x", p->personality);
}

static void put_filter(struct out *o, const struct plan *plan)
{
	if (!plan->filter) {
		line(o, "filter none");
		return;
	}
	line(o, "filter flags %#x%s", plan->filter->flags,
	     plan->filter->user_notif ? " notify" : "");
	line_if(o, "listener", plan->listener_path);
	line_if(o, "listener-metadata", plan->listener_metadata);
}

static void put_hooks(struct out *o, const struct plan_hooks *hooks)
{
	for (size_t i = 0; i < hooks->n; i++) {
		const struct plan_hook *h = &hooks->v[i];

		line(o, "hook %s %s", h->place, h->path);
		put_list(o, "  arg", h->argv);
		if (h->envp)
			put_list(o, "  env", h->envp);
		else
			line(o, "  env by default");
		if (h->timeout)
			line(o, "  timeout %u", h->timeout);
	}
}

/* --- cgroups ---------------------------------------------------------------------------- */

static const char *number(int64_t n)
{
	return n < 0 ? "*" : arena_printf("%jd", (intmax_t)n);
}

static void put_cgroup(struct out *o, const struct plan_cgroup *c)
{
	if (c->disabled) {
		line(o, "cgroup disabled");
		return;
	}
	if (c->delegated)
		line(o, "cgroup %sas far as delegated", c->named ? "named, " : "");
	if (c->scope.unit)
		line(o, "scope %s in %s%s", c->scope.unit, c->slice,
		     c->scope.user ? " of the user" : "");
	for (size_t i = 0; i < c->n_properties; i++)
		line(o, "property %s %s %s", c->properties[i].name, c->properties[i].type,
		     c->properties[i].value);
	for (size_t i = 0; i < c->n; i++)
		line(o, "cgroup %s%s %s at %s", c->v[i].name, c->v[i].v2 ? " v2" : "", c->v[i].path,
		     c->v[i].mountpoint);
	for (size_t i = 0; i < c->n_values; i++) {
		const struct plan_cgroup_value *v = &c->values[i];

		line(o, "value %s: %s %s=%s%s%s%s%s%s", v->place,
		     v->controller ? v->controller : "-", v->file, v->value,
		     v->else_file ? " else " : "", v->else_file ? v->else_file : "",
		     v->else_file ? "=" : "", v->else_value ? v->else_value : "",
		     v->optional ? " optional" : "");
	}
	for (size_t i = 0; i < c->n_rules && c->set_devices; i++) {
		const struct plan_device_rule *r = &c->rules[i];

		line(o, "device %s %c %s:%s %s%s%s", r->allow ? "allow" : "deny", r->type,
		     number(r->major), number(r->minor), r->read ? "r" : "", r->write ? "w" : "",
		     r->mknod ? "m" : "");
	}
}

char *dump_plan(const struct plan *plan)
{
	struct out o = { 0 };

	line(&o, "id %s", plan->id);
	line(&o, "bundle %s", plan->bundle);
	line_if(&o, "oci-version", plan->oci_version);
	put_namespaces(&o, &plan->ns);
	line_if(&o, "hostname", plan->hostname);
	line_if(&o, "domainname", plan->domainname);
	put_files(&o, plan);
	put_process(&o, &plan->process);
	put_filter(&o, plan);
	for (size_t kind = 0; kind < HOOK_KINDS; kind++)
		put_hooks(&o, &plan->hooks[kind]);
	put_cgroup(&o, &plan->cgroup);
	line_if(&o, "keyring", plan->keyring);
	if (plan->preserve_fds)
		line(&o, "preserve-fds %u", plan->preserve_fds);
	return o.text;
}
