/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the choice of the filter. What must hold: a profile that is given is compiled or is an
 * error. A profile under which no program could start is refused here, not when everything else is
 * done.
 */
#include "base/arena.h"
#include "base/base64.h"
#include "oci/annotations.h"
#include "oci/json.h"
#include "plan/make.h"
#include "seccomp/arch.h"
#include "seccomp/filter.h"
#include "seccomp/notifying.h"
#include "seccomp/oci.h"
#include "seccomp/syscall.h"

#include <linux/seccomp.h>
#include <sys/syscall.h>

/* Returns "ERRNO(1)", in the words of profiles; NULL if the call passes. */
static const char *refusal(uint32_t answer)
{
	uint32_t action = answer & SECCOMP_RET_ACTION_FULL, data = answer & SECCOMP_RET_DATA;

	switch (action) {
	case SECCOMP_RET_ERRNO:
		return arena_printf("ERRNO(%u)", data);
	case SECCOMP_RET_TRAP:
		return "TRAP";
	case SECCOMP_RET_KILL_THREAD:
		return "KILL_THREAD";
	case SECCOMP_RET_KILL_PROCESS:
		return "KILL_PROCESS";
	default:
		return NULL;
	}
}

/*
 * Returns the number on the host's architecture, which tests choose. For an architecture without
 * tables it is that of this build.
 */
static int execve_number(const char *machine)
{
	enum abi abi = arch_by_machine(machine);
	int id = syscall_id("execve");

	return abi < ABI_OWN && id >= 0 ? (int)syscall_nr(abi, (unsigned int)id) : SYS_execve;
}

/* Adds the filter of an annotation, which may deny what the config's filter allows. */
static int restrict_filter(const struct plan_input *in, const struct filter_options *options,
			   const struct filter **filter)
{
	const char *data = annotations_text(in->config, ANNOTATION_BPF);
	struct text bytes;

	if (!data)
		return 0;
	if (base64_decode(data, &bytes) < 0)
		return annotations_fail(in->config, ANNOTATION_BPF, "base64");
	return filter_restrict(*filter, annotations_keys[ANNOTATION_BPF], &bytes, options, filter);
}

/* Replaces the filter by one that notifies tamis-agent of what the profile denies. */
static int explain_denials(const struct plan_input *in, struct plan *plan)
{
	plan->profile = plan->filter;
	plan->listener_path = in->options->agent;
	return notifying_make(plan->profile, in->host->seccomp_flags,
			      in->options->filter ? "--seccomp" : "linux.seccomp", &plan->filter);
}

int plan_seccomp_make(const struct plan_input *in, struct plan *plan)
{
	const struct seccomp_spec *spec = &in->config->linux_.seccomp;
	const struct filter_options options = {
		.compat_runc = in->options->compat_runc,
		.kernel_flags = in->host->seccomp_flags,
		.machine = in->host->machine,
		.receiver = annotations_text(in->config, ANNOTATION_RECEIVER),
		.fail_unknown = annotations_have(in->config, ANNOTATION_FAIL_UNKNOWN),
	};

	int r = 0;

	if (in->options->unconfined)
		return 0;
	plan->filter = in->options->filter;
	if (!plan->filter && spec->at)
		r = oci_filter(spec, &options, &plan->filter);
	if (r >= 0)
		r = restrict_filter(in, &options, &plan->filter);
	if (r < 0 || !plan->filter)
		return r;
	const char *machine = in->host->machine;
	const char *refused = refusal(filter_answer(plan->filter, execve_number(machine), machine));

	if (refused)
		return json_fail(in->options->filter ? NULL : spec->at,
				 "%sexecve is answered with %s, so no program could be started",
				 in->options->filter ? "--seccomp: " : "", refused);
	plan->listener_path = plan->filter->listener_path;
	plan->listener_metadata = plan->filter->listener_metadata;
	return in->options->agent ? explain_denials(in, plan) : 0;
}
