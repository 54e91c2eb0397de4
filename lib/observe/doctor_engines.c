/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns what `doctor` reports about container engines: which are installed, and whether one of their
 * configuration files mentions tamis. What must hold: nothing is executed and no daemon is asked.
 * The files are in three languages, so they are read as text: a line that is not a comment and
 * contains the word counts. This cannot tell the name of a runtime from another use of the word; it
 * is a hint.
 */
#include "base/arena.h"
#include "observe/doctor.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum naming { ABSENT, UNREADABLE, SILENT, NAMES };

struct engine {
	const char *name;
	const char *programs[3]; /* the first one found is shown */
	const char *files[4];	 /* a path that ends in "/" is a directory of *.conf and *.toml */
	const char *example;	 /* among the examples that are installed with tamis */
};

static const struct engine engines[] = {
	{ "Docker", { "dockerd", "docker" }, { "/etc/docker/daemon.json" }, "docker/daemon.json" },
	{ "containerd",
	  { "containerd" },
	  { "/etc/containerd/config.toml", "/etc/containerd/conf.d/" },
	  "containerd/" },
	{ "Podman",
	  { "podman" },
	  { "/usr/share/containers/containers.conf", "/etc/containers/containers.conf",
	    "/etc/containers/containers.conf.d/" },
	  "podman/50-tamis.conf" },
	{ "CRI-O",
	  { "crio" },
	  { "/etc/crio/crio.conf", "/etc/crio/crio.conf.d/" },
	  "crio/50-tamis.conf" },
};

static bool names_tamis(const char *text)
{
	char *copy = arena_strdup(text);

	for (char *line; (line = strsep(&copy, "\n"));) {
		line[strcspn(line, "#")] = 0;
		if (strstr(line, "tamis"))
			return true;
	}
	return false;
}

static enum naming look_at(const char *path)
{
	const char *text = doctor_read_text(path);

	if (!text)
		return errno == ENOENT || errno == ENOTDIR ? ABSENT : UNREADABLE;
	return names_tamis(text) ? NAMES : SILENT;
}

static enum naming look_in(const char *path, const char **ret_where)
{
	enum naming best = ABSENT;
	DIR *dir = opendir(path);

	if (!dir)
		return errno == ENOENT || errno == ENOTDIR ? ABSENT : UNREADABLE;
	for (const struct dirent *e; best != NAMES && (e = readdir(dir));) {
		const char *dot = strrchr(e->d_name, '.');

		if (!dot || (strcmp(dot, ".conf") != 0 && strcmp(dot, ".toml") != 0))
			continue;
		*ret_where = arena_printf("%s%s", path, e->d_name);
		best = look_at(*ret_where);
	}
	closedir(dir);
	return best;
}

/* Returns the best result of all files of an engine, and its file. */
static enum naming look(const struct engine *e, const char **ret_where)
{
	enum naming best = ABSENT;

	for (size_t i = 0; i < ARRAY_LEN(e->files) && e->files[i]; i++) {
		const char *path = e->files[i], *where = path;
		enum naming found =
			path[strlen(path) - 1] == '/' ? look_in(path, &where) : look_at(path);

		if (found > best) {
			best = found;
			*ret_where = where;
		}
	}
	return best;
}

/* Checks Podman's file of this user. */
static bool user_config_names(void)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	const char *dir = config && *config ? config
			  : home && *home   ? arena_printf("%s/.config", home)
					    : NULL;

	return dir && look_at(arena_printf("%s/containers/containers.conf", dir)) == NAMES;
}

static void check_engine(struct doctor *d, const struct engine *e, const char *program)
{
	const char *where = "";
	const char *advice = arena_printf("add %s of the examples to its files", e->example);
	enum naming naming = look(e, &where);

	if (naming != NAMES && strcmp(e->name, "Podman") == 0 && user_config_names())
		naming = NAMES, where = "containers.conf of this user";
	switch (naming) {
	case NAMES:
		doctor_report_add(d, "engines", e->name, DOCTOR_OK, NULL, "%s; %s names tamis",
				  program, where);
		return;
	case UNREADABLE:
		doctor_report_add(d, "engines", e->name, DOCTOR_WARN, "run doctor as root",
				  "%s; %s cannot be read", program, where);
		return;
	case ABSENT:
	case SILENT:
		break;
	}
	doctor_report_add(d, "engines", e->name, DOCTOR_WARN, advice, "%s does not know tamis",
			  program);
}

void doctor_engines(struct doctor *d)
{
	bool any = false;

	for (size_t i = 0; i < ARRAY_LEN(engines); i++) {
		const char *program = NULL;

		for (size_t k = 0; k < ARRAY_LEN(engines[i].programs) && !program; k++)
			if (engines[i].programs[k])
				program = doctor_read_path(engines[i].programs[k]);
		if (program)
			check_engine(d, &engines[i], program);
		any = any || program;
	}
	if (!any)
		doctor_report_add(d, "engines", "any", DOCTOR_OK, NULL,
				  "none found; none is needed");
}
