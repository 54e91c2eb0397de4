# SPDX-License-Identifier: Apache-2.0
# The hook of dist/podman that records, under tamis and under Debian's runc and crun.
# bats file_tags=all
load lib
load podman
load podman_hooks

setup_file()
{
	hooks_wanted || return 0
	mountpoint -q /sys/kernel/tracing || mount -t tracefs tracefs /sys/kernel/tracing
	hooks_start
	sed -e "s#/usr/libexec/tamis/#$TAMIS_BUILDDIR/#" \
		"$TAMIS_SRCDIR/dist/podman/80-tamis-record.json" >"$W/hooks.d/80-tamis-record.json"
}

allows()
{
	"$RUNTIME" seccomp explain "$1" "$2" | grep -q ': ALLOW'
}

is_profiled()
{
	local profile=$W/$WITH.json
	run E run --rm --network none --annotation "io.containers.trace-syscall=of:$profile" $IMAGE \
		sh -c 'mkdir /tmp/x && echo made'
	expect_status 0
	expect_line made
	until_true 10 test -s "$profile"
	allows "$profile" mkdir
	run ! allows "$profile" rmdir
	run ! allows "$profile" pivot_root
	run E run --rm --network none --security-opt seccomp="$profile" $IMAGE sh -c 'mkdir /tmp/x && echo made'
	expect_status 0
	expect_line made
	run E run --rm --network none --security-opt seccomp="$profile" $IMAGE sh -c 'mkdir /tmp/x && rmdir /tmp/x'
	[ "$status" != 0 ]
}

@test "podman: a container runs under the profile that the hook has made of it" {
	each is_profiled
}

is_extended()
{
	local profile=$W/$WITH.more.json
	echo '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["rmdir"],"action":"SCMP_ACT_ALLOW"}]}' >"$W/if.json"
	run E run -d --name x --network none \
		--annotation "io.containers.trace-syscall=if:$W/if.json;of:$profile;for:$WITH" $IMAGE sleep 100
	expect_status 0
	[ ! -e "$profile" ]
	E rm -f -t 0 x
	until_true 10 test -s "$profile"
	allows "$profile" rmdir
	allows "$profile" clock_nanosleep || allows "$profile" nanosleep
	[ "$WITH" != tamis ] || run ! allows "$profile" capset
}

@test "podman: if:, of: and for:, of a container that is removed by force" {
	each is_extended
}

is_refused()
{
	run ! E run --rm --network none --annotation "io.containers.trace-syscall=of:$W/absent/x.json" $IMAGE true
	run E ps -aq
	equals "$output" '' 'containers that are left'
}

@test "podman: what cannot be recorded is not started" {
	each is_refused
}

@test "podman: tamis records by its own annotation, with the programs of exec" {
	local recording=$W/own.rec
	WITH=tamis
	run E run --rm --network none --annotation "io.tamis.record=$recording" $IMAGE true
	[ "$status" != 0 ]
	expect_output allow-annotation=io.tamis.record
	E --runtime-flag allow-annotation=io.tamis.record run -d --name x --network none \
		--annotation "io.tamis.record=$recording" $IMAGE sleep 100
	E exec x mkdir /tmp/x
	E rm -f -t 0 x
	equals "$(jq -r 'select(.call == "mkdir").program' "$recording")" /bin/busybox 'program of mkdir'
	equals "$(tail -n1 "$recording" | jq '.end.lost')" 0 'losses'
}
