# SPDX-License-Identifier: Apache-2.0
# Tests Docker.
load lib
load features
load docker

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
	local reason
	reason=$(engine_missing | head -n1)
	[ -z "$reason" ] || skip "$reason"
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

@test "docker: knows the runtime" {
	run E info --format '{{.DefaultRuntime}} {{json .Runtimes}}'
	expect_output "$NAME-test"
}

@test "docker: exit codes 0, 3, 126, 127, 137" { exit_codes; }
@test "docker: exit code 125 for engine errors" { slow; expect_exit 125 R --nosuchoption -- true; }
@test "docker: errors are one line of text" { errors_are_text; }
@test "docker: default filter" { default_filter; }
@test "docker: a custom profile" { custom_profile; }
@test "docker: unconfined" { slow; unconfined; }
@test "docker: stop, exit code of a handler, rm" { stop_and_remove; }
@test "docker: kill, start again, rm -f" { kill_and_force; }
@test "docker: capabilities" { capabilities; }
@test "docker: user, groups, no-new-privileges" { slow; users; }
@test "docker: read-only root, tmpfs" { slow; read_only; }
@test "docker: volumes" { slow; volumes; }
@test "docker: --init" { slow; init_program; }
@test "docker: -t through a terminal" { terminal; }
@test "docker: stdin, stdout, stderr" { standard_streams; }
@test "docker: exec" { further_programs; }
@test "docker: limits of memory, pids, cpu" { limits; }

@test "docker: broken profile" { slow; broken_profile; }
@test "docker: stop kills after the time limit" { slow; stop_kills; }
@test "docker: create, then start" { slow; create_then_start; }
@test "docker: out of memory" { slow; out_of_memory; }
@test "docker: host name, directory, environment, ulimit" { slow; environment; }
@test "docker: devices" { slow; devices; }
@test "docker: sysctl, size of /dev/shm" { slow; sysctls; }
@test "docker: masked and read-only paths" { slow; masked; }
@test "docker: privileged" { slow; privileged; }
@test "docker: joined namespaces, and those of the host" { slow; shared_namespaces; }
@test "docker: --pid host ends with all its processes" { slow; host_pids_are_ended; }
@test "docker: six at once" { slow; many; }

@test "docker: explained denials, by the arguments of a runtime" {
	requires tamis
	mkdir "$W/denials"
	jq --arg p "$RUNTIME" --arg a "--explain-denials=$W/denials" \
		'.runtimes.explained = {path: $p, runtimeArgs: [$a]}' "$W/config/daemon.json" >"$W/new.json"
	mv "$W/new.json" "$W/config/daemon.json"
	kill -HUP "$DAEMON"
	until_true 5 eval 'E info --format "{{json .Runtimes}}" | grep -q explained'
	profile_without fchmodat
	run E run --runtime explained --network none --security-opt "seccomp=$W/profile.json" $IMAGE \
		payload syscall fchmodat -100 s:/tmp 0755
	expect_output 'fchmodat: E'
	equals "$(jq -rs '[.[] | select(.schema == "tamis-denial/1") | .call, .args[1].text] | join(" ")' \
		"$W"/denials/*.jsonl)" 'fchmodat "/tmp"' 'logged'
}
