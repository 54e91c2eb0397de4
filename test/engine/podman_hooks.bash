# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What podman_hooks.bats and podman_record.bats share: hooks under tamis and Debian's runc and crun.

# hooks_start: Podman with the three runtimes.
hooks_start()
{
	# crun 1.8.1 refuses a unified hierarchy beside v1
	if mountpoint -q /sys/fs/cgroup/unified; then
		umount /sys/fs/cgroup/unified
	fi
	engine_start "$KIND=$RUNTIME" runc="$(command -v runc)" crun="$(command -v crun)"
}

# hooks_wanted: whether the tests of the file will run.
hooks_wanted()
{
	[ -n "${TAMIS_TEST_ALL:-}" ] && [ -z "$(engine_missing)" ]
}

teardown_file()
{
	[ -z "$W" ] || engine_stop
}

setup()
{
	requires root
	requires tamis
	requires v1
	requires program podman
	requires program conmon
	requires program crun
	requires program runc
	HELPERS=()
}

teardown()
{
	[ -n "$W" ] || return 0
	local pid
	for pid in "${HELPERS[@]}"; do
		kill "$pid" 2>/dev/null || true
	done
	engine_clean
}

# each COMMAND...: runs it with WITH as each of the runtimes. Not in a list such as "|| echo", in
# which a command of a function that fails would not fail the test.
each()
{
	for WITH in tamis runc crun; do
		echo "under $WITH:"
		"$@"
	done
}
