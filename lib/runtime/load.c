/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns reading a bundle and deciding everything, so that what can be refused is refused before the
 * first side effect. What must hold: the config is read once. The plan, the container and every
 * later command use these bytes.
 */
#include "runtime/load.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/input.h"
#include "base/num.h"
#include "base/path.h"
#include "cgroup/cgroup.h"
#include "cgroup/scope.h"
#include "cgroup/settle.h"
#include "oci/annotations.h"
#include "oci/parse.h"
#include "oci/validate.h"
#include "runtime/container.h"
#include "runtime/denials.h"
#include "runtime/profile.h"
#include "runtime/recorded.h"
#include "runtime/sdnotify.h"
#include "runtime/statedir.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LISTEN_FDS_MAX = 1024 };

int load_text(int dir, const char *name, struct text *ret)
{
	int r = input_read(dir, name, JSON_TEXT_MAX, ret);

	if (r == -EISDIR)
		return fail(0, "%s: found a directory, expected a file", name);
	if (r == -EFBIG)
		return fail(0, "%s: found a file of more than %d MiB, expected a smaller one", name,
			    JSON_TEXT_MAX >> 20);
	return r < 0 ? fail(-r, "%s: cannot be read", name) : 0;
}

int load_config(int dir, const char *name, struct text *ret_text, struct config *ret)
{
	int r = load_text(dir, name, ret_text);

	return r < 0 ? r : parse_config(name, ret_text, ret);
}

static int absolute(const char *path, const char **ret)
{
	char here[PATH_MAX];

	if (path[0] == '/') {
		*ret = path_clean(path);
		return 0;
	}
	if (!getcwd(here, sizeof(here)))
		return fail(errno, "read the path of the working directory");
	*ret = path_join(here, path);
	return 0;
}

/* Takes the sockets that systemd passes to a service: sd_listen_fds(3). */
static int take_sockets(struct plan_options *po)
{
	const char *pid = getenv("LISTEN_PID"), *n = getenv("LISTEN_FDS");
	uint32_t who;

	if (!pid || !n || num_parse_u32(pid, &who) < 0 || who != (uint32_t)getpid())
		return 0; /* meant for another process */
	if (num_parse_u32(n, &po->listen_fds) < 0 || po->listen_fds > LISTEN_FDS_MAX)
		return fail(0, "LISTEN_FDS: expected a number of at most %d, found '%s'",
			    LISTEN_FDS_MAX, n);
	po->listen_names = getenv("LISTEN_FDNAMES");
	return 0;
}

/*
 * Gives the session keyring a name with a random part. Otherwise another user could make a keyring
 * of that name first, which the kernel would join.
 */
static int name_keyring(struct plan_options *po)
{
	uint64_t n[2];

	if (getrandom(n, sizeof(n), 0) != sizeof(n))
		return fail(errno, "make a random name for the session keyring");
	po->keyring =
		arena_printf("_ses.%s.%016jx%016jx", po->id, (uintmax_t)n[0], (uintmax_t)n[1]);
	return 0;
}

static int make_plan(const struct create_options *options, struct loaded *ret)
{
	struct plan_options po = {
		.id = options->id,
		.bundle = ret->bundle,
		.cgroup_manager = options->cgroup_manager,
		.preserve_fds = options->preserve_fds,
		.detached = options->detached,
		.console_socket = options->console_socket,
		.compat_runc = options->seccomp_compat_runc,
		.sdnotify = sdnotify_host(),
		.allowed_annotations = &options->allowed_annotations,
		.settle = cgroup_settle,
	};
	const char *root = options->root ? options->root : statedir_default_root();
	int r = take_sockets(&po);

	if (ret->denials_log && root)
		po.agent = denials_socket(root, options->id);

	if (r >= 0 && !options->no_new_keyring)
		r = name_keyring(&po);
	if (r >= 0)
		r = profile_option(options, ret, &po);
	if (r >= 0)
		r = plan_make(&ret->config, &ret->host, &po, &ret->plan);
	return r >= 0 && ret->plan->cgroup.scope.unit ? scope_check(NULL) : r;
}

static int check_recording(struct loaded *ret)
{
	int r = absolute(ret->record_file, &ret->record_file);

	return r < 0 ? r : recorded_check(ret);
}

int load_bundle(const struct create_options *options, struct loaded *ret)
{
	int r = statedir_check_id(options->id);

	ret->agent = ret->log = ret->recorder = -1;
	ret->self = options->self;
	ret->compat_runc = options->seccomp_compat_runc;
	if (r >= 0 && options->no_pivot)
		r = fail(0, "--no-pivot is not offered: without pivot_root the host's files stay "
			    "within reach of the container");
	if (r >= 0)
		r = absolute(options->bundle ? options->bundle : ".", &ret->bundle);
	if (r < 0)
		return r;
	autofd dir = open(ret->bundle, O_PATH | O_DIRECTORY | O_CLOEXEC);

	if (dir < 0)
		return fail(errno, "--bundle %s: cannot be opened", ret->bundle);
	r = load_config(dir, "config.json", &ret->text, &ret->config);
	if (r >= 0)
		r = validate_config(&ret->config);
	ret->denials_log = options->explain_denials;
	if (r >= 0 && !ret->denials_log)
		ret->denials_log = annotations_text(&ret->config, ANNOTATION_EXPLAIN);
	ret->record_file = options->record;
	if (r >= 0 && !ret->record_file)
		ret->record_file = annotations_text(&ret->config, ANNOTATION_RECORD);
	if (r >= 0)
		r = host_read(&ret->host);
	if (r >= 0)
		r = make_plan(options, ret);
	if (r >= 0 && ret->plan->profile && *ret->denials_log)
		r = absolute(ret->denials_log, &ret->denials_log);
	if (r >= 0 && ret->plan->profile)
		r = denials_check(ret);
	if (r >= 0 && ret->record_file)
		r = check_recording(ret);
	if (r < 0)
		load_close(ret);
	return r;
}

void load_close(struct loaded *in)
{
	fd_close(&in->agent);
	fd_close(&in->recorder);
	fd_close(&in->log);
}
