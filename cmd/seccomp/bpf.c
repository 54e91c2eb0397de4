/* SPDX-License-Identifier: Apache-2.0 */
/*
 * tamis seccomp bpf: the instructions of a filter, and what they answer to one call. The filter is
 * run by the interpreter that the proofs use; nothing is loaded into the kernel.
 */
#include "seccomp/bpf.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/num.h"
#include "cmd/cmd.h"
#include "cmd/seccomp/as.h"
#include "cmd/seccomp/listing.h"
#include "cmd/seccomp/path.h"
#include "cmd/seccomp/question.h"
#include "cmd/seccomp/say.h"
#include "cmd/seccomp/subject.h"
#include "cmd/seccomp/verbs.h"
#include "oci/jsonw.h"
#include "seccomp/syscall.h"

#include <stdio.h>
#include <string.h>

static struct bpf_options {
	struct subject_options subject;
	const char *run, *abi, *ip;
	bool json, verbose;
} values;

static const struct opt options[] = {
	SUBJECT_OPTIONS(struct bpf_options, subject),
	{ "run", 0, OPT_STRING, offsetof(struct bpf_options, run), "CALL",
	  "run the filter for this call, by name or number; arguments that are not given are 0" },
	{ "abi", 0, OPT_STRING, offsetof(struct bpf_options, abi), "ABI",
	  "by which --run makes the call, such as i386 or x32 (the native one)" },
	{ "ip", 0, OPT_STRING, offsetof(struct bpf_options, ip), "ADDRESS",
	  "the instruction pointer for --run (0)" },
	{ "verbose", 'v', OPT_BOOL, offsetof(struct bpf_options, verbose), NULL,
	  "print each instruction that is run" },
	{ "json", 0, OPT_BOOL, offsetof(struct bpf_options, json), NULL, "print JSON" },
	OPT_END,
};

static int read_abi(enum abi native, enum abi *ret)
{
	*ret = native;
	if (!values.abi)
		return 0;
	*ret = say_find_abi(values.abi);
	if (*ret < ABI_COUNT)
		return 0;
	return fail(0, "--abi: unknown architecture '%s'; expected one such as i386", values.abi);
}

static int read_call(int argc, char **argv, enum abi abi, struct seccomp_data *data,
		     struct question *q)
{
	unsigned int at = 0;
	bool negative = false;
	uint64_t ip = 0;
	int r = question_parse_call(values.run, abi, q);

	for (int i = 0; r >= 0 && i < argc; i++)
		r = question_parse_arg(argv[i], abi, &at, q);
	if (r < 0)
		return r;
	if (values.ip && (num_parse_c(values.ip, &ip, &negative) < 0 || negative))
		return fail(0, "--ip: expected an address, found '%s'", values.ip);
	*data = (struct seccomp_data){ .nr = (int)question_nr(q, abi),
				       .arch = arch_abi(abi)->audit,
				       .instruction_pointer = ip };
	if (question_nr(q, abi) == SYSCALL_NONE)
		return fail(0, "%s has no system call %s", arch_name(abi), q->call);
	for (unsigned int i = 0; i < 6; i++)
		data->args[i] = q->value[i];
	return 0;
}

static void write_result(const struct subject *s, const struct bpf_program *p,
			 const struct seccomp_data *data, const struct path *path)
{
	struct jsonw *w = jsonw_new(JSONW_PRETTY);

	jsonw_object(w);
	jsonw_member_string(w, "schema", "tamis-seccomp-bpf/1");
	jsonw_member_string(w, "profile", s->name);
	jsonw_member_u64(w, "instructions", p->len);
	if (path) {
		jsonw_member_u64(w, "number", (uint32_t)data->nr);
		jsonw_member_u64(w, "arch", data->arch);
		jsonw_member_array(w, "args");
		for (size_t i = 0; i < ARRAY_LEN(data->args); i++)
			jsonw_u64(w, data->args[i]);
		jsonw_end(w);
		jsonw_member_string(w, "action", say_action(path->action));
		path_write(w, p, path);
	} else {
		listing_write(w, p);
	}
	jsonw_end(w);
	fputs(jsonw_finish(w).data, stdout);
}

static int run_call(const struct subject *s, const struct bpf_program *p, int argc, char **argv)
{
	struct seccomp_data data;
	struct question q;
	struct path path;
	enum abi abi;
	int r = read_abi(s->facts.native, &abi);

	if (r >= 0)
		r = read_call(argc, argv, abi, &data, &q);
	if (r < 0)
		return r;
	path_follow(p, &data, &path);
	if (values.json) {
		write_result(s, p, &data, &path);
		return EXIT_YES;
	}
	if (values.verbose)
		path_print(p, &path);
	printf("%s on %s: %s after %zu instructions\n", question_say(&q, abi), arch_name(abi),
	       say_action(path.action), path.n);
	return EXIT_YES;
}

static int bpf(const struct global *g not_used, int argc, char **argv)
{
	struct profile_facts facts;
	struct bpf_program p;
	struct canon canon;
	struct subject s;
	int r = subject_facts(&values.subject, &facts);

	canon_init(&canon);
	if (r >= 0)
		r = subject_read(argv[0], &values.subject, &facts, &canon, &s);
	if (r >= 0)
		r = as_program(&s, &p);
	if (r < 0)
		return r;
	if (values.run)
		return run_call(&s, &p, argc - 1, argv + 1);
	if (argc > 1 || values.abi || values.ip)
		return fail(0, "bpf: arguments, --abi and --ip need --run CALL");
	if (values.json)
		write_result(&s, &p, NULL, NULL);
	else
		listing_print(&p);
	return EXIT_YES;
}

const struct command seccomp_bpf = {
	.name = "bpf",
	.arguments = "PROFILE [[PARAMETER=]VALUE...]",
	.summary = "print the instructions of a filter, or run them for one call",
	.options = options,
	.values = &values,
	.min_args = 1,
	.max_args = 7,
	.run = bpf,
};
