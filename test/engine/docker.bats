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
# bats test_tags=all
@test "docker: exit code 125 for engine errors" { expect_exit 125 R --nosuchoption -- true; }
@test "docker: errors are one line of text" { errors_are_text; }
@test "docker: default filter" { default_filter; }
@test "docker: a custom profile" { custom_profile; }
# bats test_tags=all
@test "docker: unconfined" { unconfined; }
# bats test_tags=ci
@test "docker: stop, exit code of a handler, rm" { stop_and_remove; }
# bats test_tags=ci
@test "docker: kill, start again, rm -f" { kill_and_force; }
# bats test_tags=ci
@test "docker: capabilities" { capabilities; }
# bats test_tags=all
@test "docker: user, groups, no-new-privileges" { users; }
# bats test_tags=all
@test "docker: read-only root, tmpfs" { read_only; }
# bats test_tags=all
@test "docker: volumes" { volumes; }
# bats test_tags=all
@test "docker: --init" { init_program; }
# bats test_tags=ci
@test "docker: -t through a terminal" { terminal; }
# bats test_tags=ci
@test "docker: stdin, stdout, stderr" { standard_streams; }
@test "docker: exec" { further_programs; }
# bats test_tags=ci
@test "docker: limits of memory, pids, cpu" { limits; }

# bats test_tags=all
@test "docker: broken profile" { broken_profile; }
# bats test_tags=all
@test "docker: stop kills after the time limit" { stop_kills; }
# bats test_tags=all
@test "docker: create, then start" { create_then_start; }
# bats test_tags=all
@test "docker: out of memory" { out_of_memory; }
# bats test_tags=all
@test "docker: host name, directory, environment, ulimit" { environment; }
# bats test_tags=all
@test "docker: devices" { devices; }
# bats test_tags=all
@test "docker: sysctl, size of /dev/shm" { sysctls; }
# bats test_tags=all
@test "docker: masked and read-only paths" { masked; }
# bats test_tags=all
@test "docker: privileged" { privileged; }
# bats test_tags=all
@test "docker: joined namespaces, and those of the host" { shared_namespaces; }
# bats test_tags=all
@test "docker: --pid host ends with all its processes" { host_pids_are_ended; }
# bats test_tags=all
@test "docker: six at once" { many; }

# bats test_tags=ci
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
