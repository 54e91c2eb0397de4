# Programs that the system tests run, inside containers or beside them. Built by `make check`;
# they are no tests themselves. Static: an image of one file is enough. Never sanitized.
PAYLOAD_CFLAGS = -std=gnu11 -O2 -Wall -Wextra -Wshadow
TEST_TOOLS = \
	test/engine/cri \
	test/engine/stream \
	test/golden/growth \
	test/steps/failer \
	test/steps/stepper \
	test/steps/watcher \
	test/sys/agent \
	test/sys/cgtree \
	test/sys/denied \
	test/sys/fallbacks \
	test/sys/filtered \
	test/sys/kill_at \
	test/sys/manager \
	test/sys/neighbour \
	test/sys/notifier \
	test/sys/oldcall \
	test/sys/payload \
	test/sys/recvtty \
	test/sys/reuse \
	test/sys/tiny \
	test/sys/under \
	test/sys/within
EXTRA_PROGRAMS += $(TEST_TOOLS)
check_DATA += $(TEST_TOOLS)
CLEANFILES += $(EXTRA_PROGRAMS)
test-programs: $(TEST_TOOLS) test/profiles/made/names
.PHONY: test-programs
test_sys_payload_SOURCES = test/sys/payload.c
test_sys_payload_CFLAGS = $(PAYLOAD_CFLAGS)
test_sys_payload_LDFLAGS = -static
test_sys_payload_LDADD =
test_sys_tiny_SOURCES = test/sys/tiny.c
test_sys_tiny_CFLAGS = $(PAYLOAD_CFLAGS) -ffreestanding -fno-stack-protector -fcf-protection=none
test_sys_tiny_LDFLAGS = -static -nostdlib
test_sys_tiny_LDADD =
test_sys_recvtty_SOURCES = test/sys/recvtty.c test/sys/serve.h
test_sys_recvtty_CFLAGS = $(PAYLOAD_CFLAGS)
test_sys_recvtty_LDADD =
test_sys_agent_SOURCES = test/sys/agent.c test/sys/serve.h
test_sys_agent_CFLAGS = $(PAYLOAD_CFLAGS)
test_sys_agent_LDADD =
test_sys_manager_SOURCES = test/sys/manager.c test/sys/serve.h
test_sys_manager_CFLAGS = $(PAYLOAD_CFLAGS)
test_sys_manager_LDADD =
test_sys_notifier_SOURCES = test/sys/notifier.c test/sys/serve.h
test_sys_notifier_CFLAGS = $(PAYLOAD_CFLAGS) -D_GNU_SOURCE
test_sys_notifier_LDADD =
test_sys_neighbour_SOURCES = test/sys/neighbour.c
test_sys_neighbour_CFLAGS = $(PAYLOAD_CFLAGS)
test_sys_neighbour_LDFLAGS = -static
test_sys_neighbour_LDADD =
test_sys_kill_at_SOURCES = test/sys/kill_at.c
test_sys_kill_at_CFLAGS = $(PAYLOAD_CFLAGS)
test_sys_kill_at_LDADD =
test_sys_filtered_SOURCES = test/sys/filtered.c
test_sys_filtered_CFLAGS = $(PAYLOAD_CFLAGS)
test_sys_filtered_LDFLAGS = -static -pthread
test_sys_filtered_LDADD =
test_sys_under_SOURCES = test/sys/under.c
test_sys_under_CFLAGS = $(PAYLOAD_CFLAGS)
test_sys_under_LDFLAGS = -static
test_sys_under_LDADD =
test_sys_oldcall_SOURCES = test/sys/oldcall.c
test_sys_oldcall_CFLAGS = $(PAYLOAD_CFLAGS)
# an executable stack, which the kernel maps before the file
test_sys_oldcall_LDFLAGS = -static -Wl,-z,execstack
test_sys_oldcall_LDADD =
test_sys_fallbacks_SOURCES = test/sys/fallbacks.c
test_sys_fallbacks_CFLAGS = $(PAYLOAD_CFLAGS) -pthread
test_sys_fallbacks_LDFLAGS = -static
test_sys_fallbacks_LDADD =
test_sys_cgtree_SOURCES = test/sys/cgtree.c
test_sys_cgtree_CFLAGS = $(PAYLOAD_CFLAGS)
test_sys_cgtree_LDFLAGS = -static
test_sys_cgtree_LDADD =
test_sys_within_SOURCES = test/sys/within.c
test_sys_within_CFLAGS = $(PAYLOAD_CFLAGS)
test_sys_within_LDFLAGS = -static
test_sys_within_LDADD =
test_sys_reuse_SOURCES = test/sys/reuse.c
test_sys_reuse_CFLAGS = $(PAYLOAD_CFLAGS) -pthread
test_sys_reuse_LDADD =
test_steps_stepper_SOURCES = test/steps/stepper.c test/steps/left.c test/steps/left.h \
	test/steps/trace.c test/steps/trace.h
test_steps_stepper_CFLAGS = $(PAYLOAD_CFLAGS)
test_steps_stepper_LDADD =
test_steps_watcher_SOURCES = test/steps/watcher.c
test_steps_watcher_CFLAGS = $(PAYLOAD_CFLAGS)
test_steps_watcher_LDADD =
test_steps_failer_SOURCES = test/steps/failer.c test/steps/left.c test/steps/left.h \
	test/steps/trace.c test/steps/trace.h
test_steps_failer_CFLAGS = $(PAYLOAD_CFLAGS)
test_steps_failer_LDADD =
EXTRA_DIST += \
	test/cli/calls.bats \
	test/cli/completion.bats \
	test/cli/constants.bats \
	test/cli/context.bats \
	test/cli/contract.bats \
	test/cli/denials.bats \
	test/cli/doctor.bats \
	test/cli/engine.bats \
	test/cli/examples.bats \
	test/cli/first.bats \
	test/cli/global.bats \
	test/cli/growth.bats \
	test/cli/log.bats \
	test/cli/manual.bats \
	test/cli/profiles.bats \
	test/cli/recording.bats \
	test/cli/seccomp.bats \
	test/cli/seccomp_bpf.bats \
	test/cli/seccomp_check.bats \
	test/cli/seccomp_diff.bats \
	test/cli/seccomp_edit.bats \
	test/cli/seccomp_explain.bats \
	test/cli/seccomp_generate.bats \
	test/cli/seccomp_groups.bats \
	test/cli/seccomp_inputs.bats \
	test/cli/precreate.bats \
	test/cli/seccomp_intersect.bats \
	test/cli/seccomp_show.bats \
	test/cli/seccomp_test.bats \
	test/cli/seccomp_why.bats \
	test/cli/tutorial.bash \
	test/cli/usage.bats \
	test/cli/waits.bats \
	test/cli/words.bats \
	test/compat/compat.bats \
	test/compat/intended \
	test/contract.index \
	test/lib.bash \
	test/record.bash \
	test/run \
	test/steps/run \
	test/steps/view \
	test/suite/20-cli \
	test/suite/30-sys \
	test/suite/35-sys-cgroup2 \
	test/suite/40-compat \
	test/suite/45-steps \
	test/suite/75-named-steps-all \
	test/sys/abis.bats \
	test/sys/agent.bats \
	test/sys/annotations.bats \
	test/sys/attributes.bats \
	test/sys/binds.bats \
	test/sys/bisect.bats \
	test/sys/cgroup.bats \
	test/sys/cgtree.bats \
	test/sys/config.json \
	test/sys/cve.bats \
	test/sys/denials.bash \
	test/sys/denials.bats \
	test/sys/denials_agent.bats \
	test/sys/devices.bats \
	test/sys/events.bats \
	test/sys/exec.bats \
	test/sys/faults.bats \
	test/sys/hooks.bats \
	test/sys/lifecycle.bats \
	test/sys/list.bats \
	test/sys/mounts.bats \
	test/sys/namespaces.bats \
	test/sys/neighbours.bats \
	test/sys/nested.bats \
	test/sys/notify.bats \
	test/sys/ownership.bats \
	test/sys/pause.bats \
	test/sys/pids.bats \
	test/sys/precreate.bats \
	test/sys/process.bats \
	test/sys/ps.bats \
	test/sys/record.bats \
	test/sys/record_container.bats \
	test/sys/record_programs.bats \
	test/sys/rootless.bats \
	test/sys/run.bats \
	test/sys/seccomp.bats \
	test/sys/seccomp_installed.bats \
	test/sys/serve.h \
	test/sys/service.bats \
	test/sys/terminal.bats \
	test/sys/update.bats \
	test/sys/userns.bats \
	test/sys/waits.bats \
	test/waits.index
test_sys_denied_SOURCES = test/sys/denied.c
test_sys_denied_CFLAGS = $(PAYLOAD_CFLAGS)
test_sys_denied_LDFLAGS = -static -pthread
test_sys_denied_LDADD =
