# SPDX-License-Identifier: Apache-2.0
# The hooks of dist/podman with Podman, under tamis and under Debian's runc and crun.
# bats file_tags=all
load lib
load podman

setup_file()
{
	[ -n "${TAMIS_TEST_ALL:-}" ] && [ -z "$(engine_missing)" ] || return 0
	# crun 1.8.1 refuses a unified hierarchy beside v1
	if mountpoint -q /sys/fs/cgroup/unified; then
		umount /sys/fs/cgroup/unified
	fi
	engine_start "$KIND=$RUNTIME" runc="$(command -v runc)" crun="$(command -v crun)"
	"$RUNTIME" seccomp show --as oci podman >"$W/podman.json"
	sed 's/"mkdir",*//' "$W/podman.json" >"$W/base.json"
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

# hook FILE SED-SCRIPT: installs the example alone, with the paths of this build.
hook()
{
	rm -f "$W/hooks.d/"*
	sed -e "s#/usr/libexec/tamis/#$TAMIS_BUILDDIR/#; s#/var/log/#$W/#" -e "$2" \
		"$TAMIS_SRCDIR/dist/podman/$1" >"$W/hooks.d/$1"
}

# each COMMAND...: runs it with WITH as each of the runtimes.
each()
{
	for WITH in tamis runc crun; do
		"$@" || {
			echo "under $WITH"
			return 1
		}
	done
}

is_limited()
{
	run E run --rm --network none "$@" $IMAGE sh -c 'mkdir /tmp/x; echo $?; ls -d /proc'
	expect_status 0
	expect_line 1
	expect_line /proc
}

is_not_limited()
{
	run E run --rm --network none "$@" $IMAGE sh -c 'mkdir /tmp/x; echo $?'
	expect_status 0
	expect_line 0
}

@test "podman: a baseline for all containers but privileged ones" {
	hook 60-tamis-baseline.json "s#\"podman\"#\"$W/base.json\"#"
	each is_limited
	each is_limited --security-opt seccomp=unconfined
	each is_not_limited --privileged
	rm "$W/hooks.d/"*
	each is_not_limited
}

is_refused()
{
	: >"$W/tamis-precreate.log"
	run E run --rm --network none --security-opt seccomp="$W/bad.json" $IMAGE true
	[ "$status" != 0 ]
	grep -q '\[missing-execve\]$' "$W/tamis-precreate.log"
	run E ps -aq
	equals "$output" '' 'containers that are left'
}

@test "podman: a profile with a mistake is refused, and the log says why" {
	hook 60-tamis-baseline.json ''
	echo '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["read","exit_group"],"action":"SCMP_ACT_ALLOW"}]}' \
		>"$W/bad.json"
	each is_refused
}

is_explained()
{
	local agent=$W/agent.$WITH
	"$SYS/agent" "$W/agent.sock" "$agent.ready" "$agent.state" 165=errno:13 >"$agent" 3>&- &
	HELPERS+=($!)
	until_true 5 test -e "$agent.ready"
	run E run --rm --network none --annotation io.tamis.explain=1 $IMAGE \
		sh -c 'mount -t tmpfs x /mnt; ls -d /proc'
	expect_status 0
	expect_output 'ermission denied'
	expect_line /proc
	grep -qx 'notified: 165' "$agent"
	rm "$W/agent.sock"
}

is_not_explained()
{
	run E run --rm --network none --annotation io.tamis.explain=1 $IMAGE true
	expect_status 0
	grep -q 'denials are not explained: no agent' "$W/tamis-precreate.log"
}

@test "podman: denials of containers with an annotation notify an agent" {
	hook 70-tamis-explain.json "s#/run/tamis-agent.sock#$W/agent.sock#"
	each is_explained
	each is_not_explained
}
