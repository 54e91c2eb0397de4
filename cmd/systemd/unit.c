/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the conversation with systemd. What must hold: a change is complete when its job has ended,
 * not when systemd has accepted the request. Every wait has a deadline. A unit with another
 * description is neither stopped nor changed.
 */
#include "cmd/systemd/unit.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "cgroup/systemd.h"
#include "runtime/state.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <time.h>

#define DESTINATION "org.freedesktop.systemd1"
#define MANAGER_PATH "/org/freedesktop/systemd1"
#define MANAGER "org.freedesktop.systemd1.Manager"
#define UNIT "org.freedesktop.systemd1.Unit"
#define SCOPE "org.freedesktop.systemd1.Scope"
#define NO_SUCH_UNIT "org.freedesktop.systemd1.NoSuchUnit"
#define UNIT_EXISTS "org.freedesktop.systemd1.UnitExists"

struct unit {
	const struct request *request;
	sd_bus *bus;
	uint64_t deadline;    /* CLOCK_MONOTONIC in microseconds */
	unsigned int version; /* of systemd */
	const char *job;      /* being waited for; NULL: none */
	const char *result;   /* of the job */
};

static uint64_t now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000 + (uint64_t)t.tv_nsec / 1000;
}

/* Records the error message of the bus, on one line. */
static int call_failed(const struct unit *u, const char *what, int r, sd_bus_error *e)
{
	if (e && e->message)
		r = fail(0, "systemd: %s %s: %s", what, u->request->unit, e->message);
	else
		r = fail(-r, "systemd: %s %s", what, u->request->unit);
	sd_bus_error_free(e);
	return r;
}

static bool is_error(const sd_bus_error *e, const char *name)
{
	return sd_bus_error_has_name(e, name);
}

/* --- jobs ----------------------------------------------------------------------------------- */

static int job_removed(sd_bus_message *m, void *data, sd_bus_error *e not_used)
{
	struct unit *u = data;
	const char *job, *unit, *result;
	uint32_t id;

	if (sd_bus_message_read(m, "uoss", &id, &job, &unit, &result) < 0)
		return 0;
	if (u->job && strcmp(job, u->job) == 0)
		u->result = arena_strdup(result);
	return 0;
}

/* Only wakes the wait. */
static int unit_removed(sd_bus_message *m not_used, void *data not_used, sd_bus_error *e not_used)
{
	return 0;
}

/* Processes bus messages until something has arrived, at most until the deadline. */
static int pump(struct unit *u)
{
	int r = sd_bus_process(u->bus, NULL);
	uint64_t now = now_us();

	if (r != 0)
		return r < 0 ? fail(-r, "systemd: the connection failed") : 0;
	if (now >= u->deadline)
		return fail(0, "systemd: %s: not done within %d s", u->request->unit,
			    SYSTEMD_DEADLINE_MS / 1000);
	r = sd_bus_wait(u->bus, u->deadline - now);
	return r < 0 && r != -EINTR ? fail(-r, "systemd: the connection failed") : 0;
}

/* Waits for the job in reply to end. */
static int await_job(struct unit *u, const char *what, sd_bus_message *reply)
{
	const char *job;
	int r = sd_bus_message_read(reply, "o", &job);

	if (r < 0)
		return fail(-r, "systemd: %s %s: read its job", what, u->request->unit);
	u->job = arena_strdup(job);
	while (r >= 0 && !u->result)
		r = pump(u);
	u->job = NULL;
	if (r < 0)
		return r;
	if (strcmp(u->result, "done") != 0)
		return fail(0, "systemd: %s %s: its job ended with \"%s\"", what, u->request->unit,
			    u->result);
	u->result = NULL;
	return 0;
}

/* --- connection ----------------------------------------------------------------------------- */

/* Parses "252 (252.38-1)" or "v257.1". */
static void read_version(struct unit *u)
{
	char *text = NULL;
	uint64_t n;

	if (sd_bus_get_property_string(u->bus, DESTINATION, MANAGER_PATH, MANAGER, "Version", NULL,
				       &text) < 0)
		return;
	const char *p = text + (*text == 'v');

	if (num_scan_u64(p, &p, &n) == 0 && n < UINT32_MAX)
		u->version = (unsigned int)n;
	free(text);
}

int unit_connect(const struct request *request, struct unit **ret)
{
	struct unit *u = arena_alloc(sizeof(*u));
	sd_bus_error e = SD_BUS_ERROR_NULL;

	u->request = request;
	u->deadline = now_us() + (uint64_t)SYSTEMD_DEADLINE_MS * 1000;
	int r = request->user ? sd_bus_open_user(&u->bus) : sd_bus_open_system(&u->bus);

	if (r >= 0)
		r = sd_bus_match_signal(u->bus, NULL, DESTINATION, MANAGER_PATH, MANAGER,
					"JobRemoved", job_removed, u);
	if (r >= 0)
		r = sd_bus_match_signal(u->bus, NULL, DESTINATION, MANAGER_PATH, MANAGER,
					"UnitRemoved", unit_removed, u);
	if (r >= 0) /* otherwise systemd sends no signals */
		r = sd_bus_call_method(u->bus, DESTINATION, MANAGER_PATH, MANAGER, "Subscribe", &e,
				       NULL, NULL);
	if (r < 0) {
		fail_note(e.message ? 0 : -r, "systemd: cannot be reached on the %s bus%s%s",
			  request->user ? "user's" : "system", e.message ? ": " : "",
			  e.message ? e.message : "");
		sd_bus_error_free(&e);
		return -ENOTCONN;
	}
	read_version(u);
	*ret = u;
	return 0;
}

/* --- properties ----------------------------------------------------------------------------- */

static int append_bytes(sd_bus_message *m, const char *hex)
{
	size_t n = strlen(hex) / 2;
	uint8_t *bytes = arena_alloc(n + 1);

	for (size_t i = 0; i < 2 * n; i++) {
		uint8_t digit = (uint8_t)(hex[i] <= '9' ? hex[i] - '0' : hex[i] - 'a' + 10);

		bytes[i / 2] = (uint8_t)(bytes[i / 2] << 4 | digit);
	}
	return sd_bus_message_append_array(m, 'y', bytes, n);
}

static int append_pair(sd_bus_message *m, const char *value)
{
	const char *space = strchr(value, ' ');

	if (!space)
		return -EINVAL;
	return sd_bus_message_append(m, "(ss)", arena_memdup(value, (size_t)(space - value)),
				     space + 1);
}

/* Appends one value, or one element of an array. */
static int append_value(sd_bus_message *m, const char *type, const char *value)
{
	uint64_t n;

	if (strcmp(type, "s") == 0)
		return sd_bus_message_append(m, "s", value);
	if (strcmp(type, "(ss)") == 0)
		return append_pair(m, value);
	if (num_parse_u64(value, &n) < 0)
		return -EINVAL;
	if (strcmp(type, "t") == 0)
		return sd_bus_message_append(m, "t", n);
	if (strcmp(type, "b") == 0)
		return sd_bus_message_append(m, "b", (int)(n != 0));
	if (strcmp(type, "i") == 0)
		return sd_bus_message_append(m, "i", (int32_t)n);
	return -EINVAL;
}

/* Appends all adjacent elements with the same name. */
static int append_array(sd_bus_message *m, const struct property *p, size_t n)
{
	const char *element = p->type + 1;
	int r = sd_bus_message_open_container(m, 'a', element);

	for (size_t i = 0; r >= 0 && i < n; i++)
		r = append_value(m, element, p[i].value);
	return r < 0 ? r : sd_bus_message_close_container(m);
}

static int append_property(sd_bus_message *m, const struct property *p, size_t n)
{
	int r = sd_bus_message_open_container(m, 'r', "sv");

	if (r >= 0)
		r = sd_bus_message_append(m, "s", p->name);
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'v', p->type);
	if (r >= 0 && strcmp(p->type, "ay") == 0)
		r = append_bytes(m, p->value);
	else if (r >= 0)
		r = *p->type == 'a' ? append_array(m, p, n) : append_value(m, p->type, p->value);
	if (r >= 0)
		r = sd_bus_message_close_container(m);
	return r < 0 ? r : sd_bus_message_close_container(m);
}

/* Appends the properties that this version of systemd has. The array is open. */
static int append_properties(const struct unit *u, sd_bus_message *m)
{
	const struct request *q = u->request;
	int r = 0;

	for (size_t i = 0, n; r >= 0 && i < q->n; i += n) {
		for (n = 1; i + n < q->n && *q->v[i].type == 'a' &&
			    strcmp(q->v[i].name, q->v[i + n].name) == 0;)
			n++;
		if (u->version >= q->v[i].since)
			r = append_property(m, &q->v[i], n);
	}
	return r;
}

/* --- start ---------------------------------------------------------------------------------- */

/*
 * DefaultDependencies=no, as in all runtimes: engines order the end of their containers themselves.
 * The pid 0 means the sender, whichever PID namespace it is in.
 */
static int append_scope(const struct unit *u, sd_bus_message *m)
{
	const struct request *q = u->request;
	int r = sd_bus_message_append(m, "ss", q->unit, "replace");

	if (r >= 0)
		r = sd_bus_message_open_container(m, 'a', "(sv)");
	if (r >= 0)
		r = sd_bus_message_append(m, "(sv)(sv)(sv)(sv)(sv)(sv)(sv)(sv)(sv)", "Description",
					  "s", q->description, "Slice", "s", q->slice,
					  "DefaultDependencies", "b", 0, "Delegate", "b", 1,
					  "MemoryAccounting", "b", 1, "CPUAccounting", "b", 1,
					  "TasksAccounting", "b", 1, "CollectMode", "s",
					  "inactive-or-failed", "PIDs", "au", 1, 0);
	if (r >= 0)
		r = append_properties(u, m);
	if (r >= 0)
		r = sd_bus_message_close_container(m);
	return r < 0 ? r : sd_bus_message_append(m, "a(sa(sv))", 0);
}

static int call_start(struct unit *u, sd_bus_error *e, sd_bus_message **ret)
{
	sd_bus_message *m = NULL;
	int r = sd_bus_message_new_method_call(u->bus, &m, DESTINATION, MANAGER_PATH, MANAGER,
					       "StartTransientUnit");

	if (r >= 0)
		r = append_scope(u, m);
	if (r >= 0)
		r = sd_bus_call(u->bus, m, 0, e, ret);
	sd_bus_message_unref(m);
	return r;
}

/* Reads a string property of the unit; NULL if there is no such unit. */
static int get_string(struct unit *u, const char *interface, const char *name, const char **ret)
{
	sd_bus_error e = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	const char *path;
	char *text = NULL;
	int r = sd_bus_call_method(u->bus, DESTINATION, MANAGER_PATH, MANAGER, "GetUnit", &e,
				   &reply, "s", u->request->unit);

	*ret = NULL;
	if (r >= 0)
		r = sd_bus_message_read(reply, "o", &path);
	if (r >= 0)
		r = sd_bus_get_property_string(u->bus, DESTINATION, path, interface, name, &e,
					       &text);
	if (r >= 0)
		*ret = arena_strdup(text);
	free(text);
	sd_bus_message_unref(reply);
	if (r < 0 && (is_error(&e, NO_SUCH_UNIT) ||
		      is_error(&e, "org.freedesktop.DBus.Error.UnknownObject"))) {
		sd_bus_error_free(&e);
		return 0;
	}
	if (r < 0)
		return call_failed(u, name, r, &e);
	return 0;
}

static void reset_failed(struct unit *u)
{
	(void)sd_bus_call_method(u->bus, DESTINATION, MANAGER_PATH, MANAGER, "ResetFailedUnit",
				 NULL, NULL, "s", u->request->unit);
}

/* Waits for an earlier unit of that name to disappear. An active one is an error. */
static int make_way(struct unit *u)
{
	const char *state;
	int r = get_string(u, UNIT, "ActiveState", &state);

	if (r < 0 || !state)
		return r;
	if (strcmp(state, "failed") == 0)
		reset_failed(u);
	else if (strcmp(state, "inactive") != 0 && strcmp(state, "deactivating") != 0)
		return fail(0, "systemd: found a unit %s that is %s, expected none",
			    u->request->unit, state);
	return pump(u);
}

int unit_start(struct unit *u, const char **ret)
{
	sd_bus_error e = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	int r;

	if (!u->request->slice)
		return fail(0, "request: expected a slice");
	while ((r = call_start(u, &e, &reply)) < 0 && is_error(&e, UNIT_EXISTS)) {
		sd_bus_error_free(&e);
		r = make_way(u);
		if (r < 0)
			return r;
	}
	if (r < 0)
		return call_failed(u, "start", r, &e);
	r = await_job(u, "start", reply);
	sd_bus_message_unref(reply);
	if (r >= 0)
		r = get_string(u, SCOPE, "ControlGroup", ret);
	if (r >= 0 && !*ret)
		return fail(0, "systemd: %s disappeared immediately after it was made",
			    u->request->unit);
	return r;
}

/* --- update, stop --------------------------------------------------------------------------- */

/* Returns 1 if the unit is the container's, 0 if there is no such unit. */
static int is_ours(struct unit *u)
{
	const char *description;
	int r = get_string(u, UNIT, "Description", &description);

	if (r < 0)
		return r;
	return description && strcmp(description, u->request->description) == 0;
}

int unit_update(struct unit *u)
{
	sd_bus_error e = SD_BUS_ERROR_NULL;
	sd_bus_message *m = NULL;
	int r = is_ours(u);

	if (r <= 0)
		return r < 0 ? r : fail(0, "systemd: %s is not the container's", u->request->unit);
	r = sd_bus_message_new_method_call(u->bus, &m, DESTINATION, MANAGER_PATH, MANAGER,
					   "SetUnitProperties");
	if (r >= 0)
		/* 1: until the next boot only */
		r = sd_bus_message_append(m, "sb", u->request->unit, 1);
	if (r >= 0)
		r = sd_bus_message_open_container(m, 'a', "(sv)");
	if (r >= 0)
		r = append_properties(u, m);
	if (r >= 0)
		r = sd_bus_message_close_container(m);
	if (r >= 0)
		r = sd_bus_call(u->bus, m, 0, &e, NULL);
	sd_bus_message_unref(m);
	return r < 0 ? call_failed(u, "update", r, &e) : 0;
}

int unit_stop(struct unit *u)
{
	sd_bus_error e = SD_BUS_ERROR_NULL;
	sd_bus_message *reply = NULL;
	int r = is_ours(u);

	if (r <= 0)
		return r;
	r = sd_bus_call_method(u->bus, DESTINATION, MANAGER_PATH, MANAGER, "StopUnit", &e, &reply,
			       "ss", u->request->unit, "replace");
	if (r < 0 && is_error(&e, NO_SUCH_UNIT)) {
		sd_bus_error_free(&e);
		return 0;
	}
	if (r < 0)
		return call_failed(u, "stop", r, &e);
	r = await_job(u, "stop", reply);
	sd_bus_message_unref(reply);
	if (r >= 0)
		reset_failed(u); /* it may have failed before, or because we killed it */
	return r;
}
