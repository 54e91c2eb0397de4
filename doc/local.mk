# Manual pages, mdoc; one a command.
EXTRA_DIST += doc/denials.md doc/engines.md doc/profiles.md doc/recording.md doc/switching.md
dist_man_MANS += \
	doc/tamis.8 \
	doc/tamis-agent.8 \
	doc/tamis-completion.8 \
	doc/tamis-create.8 \
	doc/tamis-delete.8 \
	doc/tamis-doctor.8 \
	doc/tamis-events.8 \
	doc/tamis-exec.8 \
	doc/tamis-features.8 \
	doc/tamis-kill.8 \
	doc/tamis-list.8 \
	doc/tamis-pause.8 \
	doc/tamis-precreate.8 \
	doc/tamis-ps.8 \
	doc/tamis-record.8 \
	doc/tamis-resume.8 \
	doc/tamis-run.8 \
	doc/tamis-seccomp-check.7 \
	doc/tamis-seccomp.7 \
	doc/tamis-seccomp.8 \
	doc/tamis-spec.8 \
	doc/tamis-start.8 \
	doc/tamis-state.8 \
	doc/tamis-update.8
