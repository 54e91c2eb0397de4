# Questions about profiles: a program of its own, which `tamis seccomp` runs.
pkglibexec_PROGRAMS = tamis-seccomp
tamis_seccomp_SOURCES = \
	cmd/cmd.h \
	cmd/dispatch.c cmd/dispatch.h \
	cmd/opt.c cmd/opt.h \
	cmd/seccomp/alternatives.c cmd/seccomp/alternatives.h \
	cmd/seccomp/amend.c cmd/seccomp/amend.h \
	cmd/seccomp/as.c cmd/seccomp/as.h \
	cmd/seccomp/bisect.c \
	cmd/seccomp/bisect_log.c cmd/seccomp/bisect_log.h \
	cmd/seccomp/bpf.c \
	cmd/seccomp/changes.c cmd/seccomp/changes.h \
	cmd/seccomp/changes_text.c cmd/seccomp/changes_text.h \
	cmd/seccomp/check.c \
	cmd/seccomp/check_fix.c cmd/seccomp/check_fix.h \
	cmd/seccomp/check_report.c cmd/seccomp/check_report.h \
	cmd/seccomp/combine.c cmd/seccomp/combine.h \
	cmd/seccomp/complete.c cmd/seccomp/complete.h \
	cmd/seccomp/diff.c \
	cmd/seccomp/edit.c \
	cmd/seccomp/explain.c \
	cmd/seccomp/form.c cmd/seccomp/form.h \
	cmd/seccomp/generate.c \
	cmd/seccomp/groups.c \
	cmd/seccomp/installed.c cmd/seccomp/installed.h \
	cmd/seccomp/intersect.c \
	cmd/seccomp/libseccomp.c cmd/seccomp/libseccomp.h \
	cmd/seccomp/kubernetes.c cmd/seccomp/kubernetes.h \
	cmd/seccomp/listing.c cmd/seccomp/listing.h \
	cmd/seccomp/losses.c cmd/seccomp/losses.h \
	cmd/seccomp/lossy.c cmd/seccomp/lossy.h \
	cmd/seccomp/main.c \
	cmd/seccomp/needs_args.c cmd/seccomp/needs_args.h \
	cmd/seccomp/lookup.c cmd/seccomp/lookup.h \
	cmd/seccomp/narrow.c cmd/seccomp/narrow.h \
	cmd/seccomp/needs_profile.c cmd/seccomp/needs_profile.h \
	cmd/seccomp/needs_read.c cmd/seccomp/needs_read.h \
	cmd/seccomp/output.c cmd/seccomp/output.h \
	cmd/seccomp/path.c cmd/seccomp/path.h \
	cmd/seccomp/question.c cmd/seccomp/question.h \
	cmd/seccomp/record.c \
	cmd/seccomp/record_enforce.c cmd/seccomp/record_enforce.h \
	cmd/seccomp/record_attach.c cmd/seccomp/record_attach.h \
	cmd/seccomp/resolve.c \
	cmd/seccomp/say.c cmd/seccomp/say.h \
	cmd/seccomp/screen.c cmd/seccomp/screen.h \
	cmd/seccomp/show.c \
	cmd/seccomp/subject.c cmd/seccomp/subject.h \
	cmd/seccomp/tally.c cmd/seccomp/tally.h \
	cmd/seccomp/test.c \
	cmd/seccomp/trim.c \
	cmd/seccomp/union.c \
	cmd/seccomp/variants.c cmd/seccomp/variants.h \
	cmd/seccomp/verbs.h \
	cmd/seccomp/wanted.c cmd/seccomp/wanted.h \
	cmd/seccomp/why.c \
	cmd/seccomp/why_kernel.c cmd/seccomp/why_kernel.h \
	cmd/seccomp/why_log.c cmd/seccomp/why_log.h \
	$(YAML_SOURCES)
tamis_seccomp_LDADD = $(LIB_OBSERVE) $(YAML_LIBS)
# dynamic: no container is near it, and libyaml is to be that of the distribution
tamis_seccomp_LDFLAGS = $(AM_LDFLAGS) -pie
