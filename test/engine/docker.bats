# SPDX-License-Identifier: Apache-2.0
# Docker: dockerd, which starts a containerd of its own, whose shim calls the runtime.
load lib
load features

E()
{
	local docker=/usr/bin/docker # of the daemon's package; others may stand before it in PATH
	[ -x $docker ] || docker=docker
	DOCKER_CONFIG=$W/config timeout --foreground 60 $docker -H "unix://$W/docker.sock" "$@" 3>&-
}

setup_file()
{
	command -v dockerd && command -v containerd && command -v docker &&
		[ "$(id -u)" = 0 ] || return 0
	world
	alone dockerd --iptables=false --ip6tables=false --bridge=none --data-root "$W/data" \
		--exec-root "$W/exec" --pidfile "$W/pid" -H "unix://$W/docker.sock" \
		--add-runtime "$NAME-test=$RUNTIME" --default-runtime "$NAME-test" \
		--cgroup-parent "$CGROUP_PARENT" >"$W/dockerd.log" 2>&1 3>&- </dev/null &
	export DAEMON=$!
	until_true 20 E version
	E import "$W/image.tar" tamis-test:latest >/dev/null
}

teardown_file()
{
	[ -z "${TAMIS_TEST_KEEP:-}" ] || cp "$W/dockerd.log" "$TAMIS_TEST_KEEP/"
	stop_daemon "${DAEMON:-}"
	world_end
}

setup()
{
	requires root
	requires program dockerd
	requires program containerd
	requires program docker
	IMAGE=tamis-test:latest
	DENIED=EPERM
	REMOVE=(rm -f)
}

teardown()
{
	[ -n "$W" ] || return 0
	local all
	all=$(E ps -aq)
	# shellcheck disable=SC2086
	[ -z "$all" ] || E rm -f $all >/dev/null 2>&1
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
@test "docker: exit code 125 is the engine's" { expect_exit 125 R --nosuchoption -- true; }
@test "docker: errors are one line of text" { errors_are_text; }
@test "docker: default filter" { default_filter; }
@test "docker: a profile with a call taken out" { custom_profile; }
@test "docker: unconfined" { unconfined; }
@test "docker: stop, exit code of a handler, rm" { stop_and_remove; }
@test "docker: kill, start again, rm -f" { kill_and_force; }
@test "docker: capabilities" { capabilities; }
@test "docker: user, groups, no-new-privileges" { users; }
@test "docker: read-only root, tmpfs" { read_only; }
@test "docker: volumes" { volumes; }
@test "docker: --init" { init_program; }
@test "docker: -t through a terminal" { terminal; }
@test "docker: stdin, stdout, stderr" { standard_streams; }
@test "docker: exec" { further_programs; }
@test "docker: limits of memory, pids, cpu" { limits; }

@test "docker: broken profile" { slow; broken_profile; }
@test "docker: stop kills after the time" { slow; stop_kills; }
@test "docker: create, then start" { slow; create_then_start; }
@test "docker: out of memory" { slow; out_of_memory; }
@test "docker: host name, directory, environment, ulimit" { slow; environment; }
@test "docker: devices" { slow; devices; }
@test "docker: sysctl, size of /dev/shm" { slow; sysctls; }
@test "docker: masked and read-only paths" { slow; masked; }
@test "docker: privileged" { slow; privileged; }
@test "docker: namespaces of others and of the host" { slow; shared_namespaces; }
@test "docker: --pid host ends with all its processes" { slow; host_pids_are_ended; }
@test "docker: six at once" { slow; many; }
