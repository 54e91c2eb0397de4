/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the reading of containerProcessState. Unknown members are for other agents and are ignored;
 * what is used must have the form of the specification.
 */
#include "observe/process_state.h"

#include "base/err.h"
#include "oci/json.h"
#include "oci/rules.h"

#include <string.h>

static const char policy_key[] = "io.tamis.agent.policy";

/* *ret is NULL if there is no such member. */
static int get_string(const struct json *v, const char *key, const char **ret)
{
	const struct json *m = json_member(v, key);

	*ret = m && m->type == JSON_STRING ? m->text : NULL;
	if (m && m->type != JSON_STRING)
		return json_fail(m, "expected a string, found %s", json_found(m));
	return 0;
}

static int get_listener(const struct json *root, struct process_state *ret)
{
	const struct json *fds = json_member(root, "fds");
	bool found = false;

	if (!fds || fds->type != JSON_ARRAY)
		return json_fail_member(root, "fds", "expected an array");
	json_each (name, fds) {
		if (name->type != JSON_STRING || strcmp(name->text, "seccompFd") != 0)
			continue;
		if (found)
			return json_fail(fds, "expected one \"seccompFd\", found several");
		found = true;
		ret->listener = name->index;
	}
	ret->n_fds = fds->n;
	if (!found || fds->n > PROCESS_STATE_FDS_MAX)
		return json_fail(fds, "expected at most %d names with \"seccompFd\"",
				 PROCESS_STATE_FDS_MAX);
	return 0;
}

int process_state_parse(const struct text *text, struct process_state *ret)
{
	const struct json *root;

	*ret = (struct process_state){ .container = NULL };
	int r = json_parse("containerProcessState", text, &root);

	if (r < 0)
		return r;
	if (root->type != JSON_OBJECT)
		return json_fail(root, "expected an object");
	const struct json *state = json_member(root, "state");

	r = get_listener(root, ret);
	if (r >= 0)
		r = get_string(root, "metadata", &ret->metadata);
	if (r >= 0)
		r = get_string(state, "id", &ret->container);
	if (r >= 0)
		r = get_string(json_member(state, "annotations"), policy_key, &ret->policy);
	if (r < 0)
		return r;
	if (!ret->container || !rules_container_id.holds(ret->container))
		return json_fail_member(root, "state", "expected a container with an id of %s",
					rules_container_id.expected);
	return 0;
}
