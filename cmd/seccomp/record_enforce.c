/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the way from a profile to a command that runs under it and whose denials are explained. What
 * the log gets is what `why` tells and `generate` takes as evidence.
 */
#include "cmd/seccomp/record_enforce.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/fd.h"
#include "base/lines.h"
#include "cmd/seccomp/subject.h"
#include "observe/denial.h"
#include "observe/enforce.h"
#include "seccomp/filter.h"
#include "seccomp/notifying.h"
#include "seccomp/syscall.h"

#include <unistd.h>

static int check_execve(const struct subject *s, const struct canon *canon)
{
	const struct arch_abi *abi = arch_abi(s->facts.native);
	int id = syscall_id("execve");
	uint32_t nr = syscall_nr(s->facts.native, (unsigned int)id), action;

	if (!canon_is_leaf(canon, verdicts_at(&s->verdicts, abi->audit, nr | abi->nr_bit),
			   &action) ||
	    !decision_action_lets_through(action))
		return fail(0, "%s: does not allow execve, so that nothing can be run under it",
			    s->name);
	return 0;
}

static int read_profile(const char *word, struct denial_profile *ret, const struct filter **filter)
{
	const struct subject_options options = { 0 };
	struct filter_options o = { .kernel_flags = UINT64_MAX };
	const struct filter *plain;
	struct subject s;
	struct canon canon;
	int r;

	canon_init(&canon);
	r = subject_facts(&options, &ret->facts);
	if (r >= 0)
		r = subject_read(word, &options, &ret->facts, &canon, &s);
	if (r < 0)
		return r;
	if (!s.profile)
		return fail(0, "%s: is a %s, expected a profile, whose rules explain denials",
			    s.name, s.form);
	r = check_execve(&s, &canon);
	if (r < 0)
		return r;
	o.machine = arch_abi(ret->facts.native)->machine;
	r = filter_compile(s.profile, &o, &plain);
	if (r >= 0)
		r = notifying_make(plain, UINT64_MAX, s.name, filter);
	if (r < 0)
		return r;
	ret->program = (struct bpf_program){ plain->code, plain->len };
	ret->profile = *s.profile;
	ret->policy = s.policy;
	return 0;
}

static int open_log(const char *path, int *ret)
{
	struct text text;
	int r = lines_open(path, LINES_LINK_FOLLOWED, RECORDING_TEXT_MAX, ret, &text);

	if (r >= 0 && text.len && !recording_denials_is(&text))
		r = fail(0, "%s: is no log of denials, so that nothing is appended to it", path);
	return r < 0 ? r : lines_cut(*ret, path, &text);
}

int record_enforce(struct recorder *r, const char *word, const char *log, bool quiet)
{
	struct denial_profile *profile = arena_alloc(sizeof(*profile));
	struct bpf_program program;
	const struct filter *filter = NULL;
	struct enforce e = { .profile = profile,
			     .filter = &program,
			     .name = r->argv[0],
			     .log = -1,
			     .text = quiet ? -1 : STDERR_FILENO };
	int ret = read_profile(word, profile, &filter);

	if (ret >= 0)
		ret = open_log(log, &e.log);
	if (ret >= 0 && filter) {
		program = (struct bpf_program){ filter->code, filter->len };
		ret = enforce_record(r, &e);
	}
	fd_close(&e.log);
	return ret;
}
