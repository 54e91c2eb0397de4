# SPDX-License-Identifier: Apache-2.0
# The hooks of dist/podman with Podman, under tamis and under Debian's runc and crun.
# bats file_tags=all
load lib
load podman
load podman_hooks

setup_file()
{
	hooks_wanted || return 0
	hooks_start
	"$RUNTIME" seccomp show --as oci podman >"$W/podman.json"
	sed 's/"mkdir",*//' "$W/podman.json" >"$W/base.json"
}

# hook FILE SED-SCRIPT: installs the example alone, with the paths of this build.
hook()
{
	rm -f "$W/hooks.d/"*
	sed -e "s#/usr/libexec/tamis/#$TAMIS_BUILDDIR/#; s#/var/log/#$W/#" -e "$2" \
		"$TAMIS_SRCDIR/dist/podman/$1" >"$W/hooks.d/$1"
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
	"$SYS/agent" "$W/agent.sock" "$agent.ready" "$agent.state" 170=errno:13 >"$agent" 3>&- &
	HELPERS+=($!)
	until_true 5 test -e "$agent.ready"
	run E run --rm --network none --annotation io.tamis.explain=1 $IMAGE \
		sh -c 'hostname x; ls -d /proc'
	expect_status 0
	expect_output 'ermission denied'
	expect_line /proc
	grep -qx 'notified: 170' "$agent"
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
