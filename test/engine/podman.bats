# SPDX-License-Identifier: Apache-2.0
# Tests Podman and conmon.
load lib
load features
load podman

setup_file()
{
	[ -n "$(engine_missing)" ] || engine_start "$KIND=$RUNTIME"
}

teardown_file()
{
	engine_stop
}

setup()
{
	requires root
	requires program podman
	requires program conmon
}

teardown()
{
	[ -n "$W" ] || return 0
	engine_clean
	until_true 5 no_cgroups || {
		left_cgroups
		return 1
	}
}

# bats test_tags=ci
@test "podman: exit codes 0, 3, 126, 127, 137" { exit_codes; }
# bats test_tags=all
@test "podman: errors are one line of text" { errors_are_text; }
@test "podman: default filter" { default_filter; }
@test "podman: a custom profile" { custom_profile; }
# bats test_tags=all
@test "podman: unconfined" { unconfined; }
# bats test_tags=ci
@test "podman: stop, exit code of a handler, rm" { stop_and_remove; }
# bats test_tags=ci
@test "podman: capabilities" { capabilities; }
# bats test_tags=ci
@test "podman: user, groups, no-new-privileges" { users; }
# bats test_tags=all
@test "podman: read-only root, tmpfs" { read_only; }
# bats test_tags=ci
@test "podman: volumes" { volumes; }
# bats test_tags=all
@test "podman: --init" { init_program; }
# bats test_tags=ci
@test "podman: -t through a terminal" { terminal; }
# bats test_tags=ci
@test "podman: stdin, stdout, stderr" { standard_streams; }
@test "podman: exec" { further_programs; }
# bats test_tags=ci
@test "podman: limits of memory, pids, cpu" { limits; }

# bats test_tags=ci
@test "podman: a pod shares network, ipc and host name" {
	local a b script='hostname; for i in net ipc uts; do readlink /proc/self/ns/$i; done
		grep Seccomp: /proc/self/status'
	E pod create --name p1 --network none --cgroup-parent "$PARENT" \
		--infra-image $IMAGE --infra-command '/bin/sleep 1000'
	E run -d --pod p1 --name pa $IMAGE sleep 1000
	a=$(E run --rm --pod p1 $IMAGE sh -c "$script")
	b=$(E run --rm --pod p1 $IMAGE sh -c "$script")
	equals "$a" "$b" 'what two members of a pod see'
	equals "$(head -n1 <<<"$a")" p1 'host name'
	grep -q 'Seccomp:.2' <<<"$a"
	[ "$(sed -n 2p <<<"$a")" != "$(readlink /proc/self/ns/net)" ]
	[ "$(sed -n 3p <<<"$a")" != "$(readlink /proc/self/ns/ipc)" ]
	E pod stop -t 1 p1
	E pod rm -f p1
	run E ps -aq
	equals "$output" '' 'containers that are left'
}

# P WORD...: runs podman for a user who has installed dist/podman/50-tamis.conf as it says.
P()
{
	env -u CONTAINERS_CONF XDG_RUNTIME_DIR= timeout --foreground 60 env -C "$W" podman --root "$W/root" \
		--runroot "$W/runroot" --tmpdir "$W/tmp" --cgroup-manager "$DRIVER" --events-backend file "$@" 3>&-
}

# bats test_tags=all
@test "podman: each setting of dist/podman/50-tamis.conf does what it says" {
	requires tamis
	local dir=/etc/containers/containers.conf.d
	mkdir -p $dir
	printf '[containers]\ndefault_ulimits = ["nofile=20000:20000", "nproc=10000:10000"]\n' >$dir/10-host.conf
	sed -e "s#/usr/bin/tamis#$RUNTIME#" -e 's/^# runtime = /runtime = /' \
		"$TAMIS_SRCDIR/dist/podman/50-tamis.conf" >$dir/50-tamis.conf
	# runtime, engine.runtimes
	run P info --format '{{.Host.OCIRuntime.Name}} {{.Host.OCIRuntime.Path}}'
	expect_line "tamis $RUNTIME"
	P run -d --network none --name t1 $IMAGE sleep 1000
	run P inspect --format '{{.OCIRuntime}}' t1
	equals "$output" tamis 'runtime of a container'
	P rm -f -t 0 t1
	# runtime_supports_nocgroup
	run P run --rm --network none --cgroups=disabled $IMAGE sh -c 'echo ran; cat /proc/self/cgroup'
	expect_status 0
	expect_line ran
	expect_no_output libpod
	# runtime_supports_json: only the cause is printed, not the line with the program's name
	run P run --rm --network none $IMAGE /nosuch
	expect_status 127
	expect_no_output "$RUNTIME"
	expect_output 'no such file or directory'
	rm $dir/10-host.conf $dir/50-tamis.conf
}

# bats test_tags=all
@test "podman: broken profile" { broken_profile; }
# bats test_tags=all
@test "podman: stop kills after the time limit" { stop_kills; }
# bats test_tags=all
@test "podman: kill, start again, rm -f" { kill_and_force; }
# bats test_tags=all
@test "podman: create, then start" { create_then_start; }
# bats test_tags=all
@test "podman: out of memory" { out_of_memory; }
# bats test_tags=all
@test "podman: host name, directory, environment, ulimit" { environment; }
# bats test_tags=all
@test "podman: devices" { devices; }
# bats test_tags=all
@test "podman: sysctl, size of /dev/shm" { sysctls; }
# bats test_tags=all
@test "podman: masked and read-only paths" { masked; }
# bats test_tags=all
@test "podman: privileged" { privileged; }
# bats test_tags=all
@test "podman: joined namespaces, and those of the host" { shared_namespaces; }
# bats test_tags=all
@test "podman: --pid host ends with all its processes" { host_pids_are_ended; }
# bats test_tags=all
@test "podman: six at once" { many; }

# bats test_tags=all
@test "podman: an OOM kill, pause, update" {
	local dir
	requires v2
	requires controller memory
	# not init, because its end would remove the cgroup before the test can read it
	started l1 --memory 32m -- sh -c '(x=0123456789abcdef; while :; do x=$x$x; done)
		echo $?; sleep 5; exit 9'
	until_true 30 logged l1 137
	# the path where conmon looks for the event
	dir=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$(state l1 Pid)/cgroup")
	grep -qx 'oom_kill [1-9]' "$dir/memory.events"
	until_true 30 has_status l1 exited
	equals "$(state l1 ExitCode)" 9 'exit code'
	# Podman 4.3.1 with conmon 2.1.6 reports false, with runc and crun, too
	[ "$(state l1 OOMKilled)" = true ] || echo "# OOMKilled: not reported by this Podman" >&3
	started l2 --memory 64m -- sh -c 'while :; do usleep 100000; done'
	dir=/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$(state l2 Pid)/cgroup")
	E pause l2
	equals "$(state l2 Status)" paused status
	equals "$(sed -n 's/^frozen //p' "$dir/cgroup.events")" 1 frozen
	E unpause l2
	equals "$(sed -n 's/^frozen //p' "$dir/cgroup.events")" 0 frozen
	E update --memory 48m --cpus 0.25 --pids-limit 17 l2 || E update --memory 48m --cpus 0.25 l2
	equals "$(cat "$dir/memory.max")" 50331648 memory.max
	equals "$(cat "$dir/cpu.max")" '25000 100000' cpu.max
	[ "$DRIVER" != systemd ] ||
		equals "$(systemctl show --property MemoryMax --value "${dir##*/}")" 50331648 MemoryMax
	E "${REMOVE[@]}" l1 l2
}

# bats test_tags=all
@test "podman: user namespace" {
	run R --uidmap 0:100000:5000 --gidmap 0:100000:5000 -- sh -c 'id -u; cat /proc/self/uid_map
		grep Seccomp: /proc/self/status; touch /x && stat -c "%u of /x" /x'
	expect_line 0
	expect_line ' *0 +100000 +5000'
	expect_line 'Seccomp:.2'
	expect_line '0 of /x'
}

# bats test_tags=ci
@test "podman: explained denials, by an annotation that is allowed" {
	requires tamis
	profile_without fchmodat
	run E --runtime-flag allow-annotation=io.tamis.explain-denials run --rm \
		--annotation "io.tamis.explain-denials=$W/denials.jsonl" \
		--security-opt "seccomp=$W/profile.json" $IMAGE payload syscall fchmodat -100 s:/tmp 0755
	expect_output 'fchmodat: E'
	equals "$(jq -rs '[.[] | select(.schema == "tamis-denial/1") | .call, .args[1].text] | join(" ")' \
		"$W/denials.jsonl")" 'fchmodat "/tmp"' 'logged'
}
