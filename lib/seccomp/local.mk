noinst_LIBRARIES += lib/seccomp/libseccomp_tamis.a
lib_seccomp_libseccomp_tamis_a_SOURCES = \
	lib/seccomp/annotate.c lib/seccomp/annotate.h \
	lib/seccomp/arch.c lib/seccomp/arch.h \
	lib/seccomp/arch_foreign.c lib/seccomp/arch_foreign.h \
	lib/seccomp/bitmap.c \
	lib/seccomp/bitmap.h \
	lib/seccomp/bpf.c lib/seccomp/bpf.h \
	lib/seccomp/c_source.c lib/seccomp/c_source.h \
	lib/seccomp/canon.c lib/seccomp/canon.h \
	lib/seccomp/categories.c lib/seccomp/categories.h \
	lib/seccomp/cases.c lib/seccomp/cases.h \
	lib/seccomp/check.c lib/seccomp/check.h \
	lib/seccomp/check_actions.c \
	lib/seccomp/check_age.c \
	lib/seccomp/check_all.c \
	lib/seccomp/check_allow.c \
	lib/seccomp/check_args.c \
	lib/seccomp/check_dangers.c \
	lib/seccomp/check_engines.c \
	lib/seccomp/check_essential.c \
	lib/seccomp/check_families.c \
	lib/seccomp/check_names.c \
	lib/seccomp/check_rules.c \
	lib/seccomp/clauses.c lib/seccomp/clauses.h \
	lib/seccomp/combine.c lib/seccomp/combine.h \
	lib/seccomp/compose.c lib/seccomp/compose.h \
	lib/seccomp/conjunction.c lib/seccomp/conjunction.h \
	lib/seccomp/constants.c lib/seccomp/constants.h \
	lib/seccomp/decision.c lib/seccomp/decision.h \
	lib/seccomp/default.c lib/seccomp/default.h \
	lib/seccomp/difference.c lib/seccomp/difference.h \
	lib/seccomp/docker.c lib/seccomp/docker.h \
	lib/seccomp/emit.c lib/seccomp/emit.h \
	lib/seccomp/engines.c lib/seccomp/engines.h \
	lib/seccomp/errno_names.c lib/seccomp/errno_names.h \
	lib/seccomp/families.c lib/seccomp/families.h \
	lib/seccomp/findings.c lib/seccomp/findings.h \
	lib/seccomp/expect.c \
	lib/seccomp/expect.h \
	lib/seccomp/filter.c lib/seccomp/filter.h \
	lib/seccomp/groups.c lib/seccomp/groups.h \
	lib/seccomp/lift.c lib/seccomp/lift.h \
	lib/seccomp/merge.c lib/seccomp/merge.h \
	lib/seccomp/minijail.c lib/seccomp/minijail.h \
	lib/seccomp/minijail_parse.c lib/seccomp/minijail_parse.h \
	lib/seccomp/naming.c lib/seccomp/naming.h \
	lib/seccomp/oci.c lib/seccomp/oci.h \
	lib/seccomp/params.c lib/seccomp/params.h \
	lib/seccomp/policy.c lib/seccomp/policy.h \
	lib/seccomp/profile.c lib/seccomp/profile.h \
	lib/seccomp/prove.c lib/seccomp/prove.h \
	lib/seccomp/resolve.c lib/seccomp/resolve.h \
	lib/seccomp/overlap.c lib/seccomp/overlap.h \
	lib/seccomp/notify_rules.c lib/seccomp/notify_rules.h \
	lib/seccomp/notifying.c lib/seccomp/notifying.h \
	lib/seccomp/pfc.c lib/seccomp/pfc.h \
	lib/seccomp/pod.c lib/seccomp/pod.h \
	lib/seccomp/rows.c lib/seccomp/rows.h \
	lib/seccomp/rules_edit.c \
	lib/seccomp/rules_edit.h \
	lib/seccomp/runtimes.c lib/seccomp/runtimes.h \
	lib/seccomp/seccompiler.c lib/seccomp/seccompiler.h \
	lib/seccomp/spo.c lib/seccomp/spo.h \
	lib/seccomp/spo_union.c lib/seccomp/spo_union.h \
	lib/seccomp/spo_write.c \
	lib/seccomp/strict.c lib/seccomp/strict.h \
	lib/seccomp/syscall.c \
	lib/seccomp/syscall.h \
	lib/seccomp/regions.c lib/seccomp/regions.h \
	lib/seccomp/systemd.c lib/seccomp/systemd.h \
	lib/seccomp/stack.c lib/seccomp/stack.h \
	lib/seccomp/tree.c lib/seccomp/tree.h \
	lib/seccomp/verdicts.c lib/seccomp/verdicts.h \
	lib/seccomp/wishes.c lib/seccomp/wishes.h
EXTRA_DIST += lib/seccomp/calls.inc lib/seccomp/categories.inc lib/seccomp/constants.inc \
	lib/seccomp/dangers.inc lib/seccomp/engines.inc lib/seccomp/families.inc \
	lib/seccomp/findings.inc lib/seccomp/params.inc lib/seccomp/releases.inc
