/* SPDX-License-Identifier: Apache-2.0 */
/* For tests: finds and reads profiles, and compares them name by name. */
#ifndef TEST_UNIT_SECCOMP_RULES_H
#define TEST_UNIT_SECCOMP_RULES_H

#include "base/arena.h"
#include "base/err.h"
#include "base/io.h"
#include "seccomp/docker.h"
#include "unit/tap.h"

#include <fcntl.h>
#include <unistd.h>

/* Docker's 14 capabilities: those of a container by default. */
#define DOCKER_CAPS UINT64_C(0xa80425fb)

/* A profile of test/profiles/profiles.table, as make.awk has written it: "docker-2026.json". */
__attribute__((unused)) static const char *made_path(const char *name)
{
	const char *build = getenv("TAMIS_BUILDDIR");

	return arena_printf("%s/test/profiles/made/%s", build ? build : ".", name);
}

/* A file in the directory "shared" beside the source tree, or NULL if it does not exist. */
__attribute__((unused)) static const char *shared_path(const char *name)
{
	const char *dir = getenv("TAMIS_SHARED"), *src = getenv("TAMIS_SRCDIR");
	const char *path = dir ? arena_printf("%s/profiles/%s", dir, name)
			       : arena_printf("%s/../shared/profiles/%s", src ? src : ".", name);

	return access(path, R_OK) == 0 ? path : NULL;
}

/* The path of each profile of the table, then of those in "shared" that exist; NULL after the
 * last. */
__attribute__((unused)) static const char *profile_nth(unsigned int n)
{
	static const char *const shared[] = {
		"bpfhook-block-mkdir.json",
		"containers-common-2026.json",
		"containers-common-debian12.json",
		"containers-common-fixture-example.json",
		"containers-golang-2020.json",
		"jessfraz-chrome.json",
		"k8s-docs-audit.json",
		"k8s-docs-violation.json",
		"moby-default-2026.json",
		"moby-fixture-conditional_include.json",
		"moby-fixture-default-old-format.json",
		"runc-seccomp_syscall_test1.json",
		"runc-seccomp_syscall_test2.json",
		"youki-experiment-default.json",
		"youki-experiment-default_x86_64.json",
		"youki-fixture-config.json",
	};
	char name[64];
	FILE *names = fopen(made_path("names"), "re");
	const char *found = NULL;

	while (names && !found && fgets(name, sizeof(name), names)) {
		name[strcspn(name, "\n")] = '\0';
		if (n-- == 0)
			found = made_path(arena_printf("%s.json", name));
	}
	if (names)
		fclose(names);
	for (size_t i = 0; i < ARRAY_LEN(shared) && !found; i++) {
		const char *path = shared_path(shared[i]);

		if (path && n-- == 0)
			found = path;
	}
	return found;
}

/* Reads a profile. Returns false, with a failed test point, on an error. */
__attribute__((unused)) static bool profile_read(const char *path,
						 const struct profile_facts *facts,
						 struct profile *ret)
{
	const char *name = strrchr(path, '/') ? strrchr(path, '/') + 1 : path;
	struct text text;

	err_clear();
	if (io_read_file(AT_FDCWD, path, 1 << 20, &text) < 0 ||
	    docker_profile_parse(name, &text, facts, ret) < 0) {
		ok(false, "%s: %s", path, err_message() ? err_message() : "cannot be read");
		return false;
	}
	return true;
}

/* The rules of a profile for one call, as text: "7fff0000; 7fff0000 0<26". */
__attribute__((unused)) static const char *rules_of(const struct profile *profile, const char *name)
{
	static const char *const ops[] = { "", "!=", "<", "<=", "==", ">=", ">", "&" };
	const char *text = "";

	for (size_t i = 0; i < profile->n_rules; i++) {
		const struct rule *rule = &profile->rules[i];

		for (size_t j = 0; j < rule->n_names; j++) {
			if (strcmp(rule->names[j], name) != 0)
				continue;
			text = arena_printf("%s%s%x", text, *text ? "; " : "", rule->action);
			for (size_t k = 0; k < rule->n_conditions; k++) {
				const struct condition *c = &rule->conditions[k];

				text = arena_printf("%s %u%s%" PRIx64, text, c->index, ops[c->op],
						    c->value);
				if (c->op == SECCOMP_OP_MASKED_EQ)
					text = arena_printf("%s==%" PRIx64, text, c->value_two);
			}
		}
	}
	return text;
}

#endif
