# SPDX-License-Identifier: Apache-2.0
# Podman run by an ordinary user: it makes a user namespace and calls the runtime as root of it. At
# /sys/fs/cgroup there is only cgroup v2, without controllers if these are in use by v1; limits are
# tested in test/vm. "delegated": the user has a cgroup, as below systemd's user manager.
load lib
load features

USERID=5555

E()
{
	# in the cgroup that $W/cgroup names, if that file exists
	timeout --foreground 60 sh -c 'test ! -e "$0" || echo $$ >"$(cat "$0")/cgroup.procs"
		exec "$@"' "$W/cgroup" setpriv --reuid 5555 --regid 5555 --init-groups \
		env -i --chdir="$W/user" HOME="$W/user" XDG_RUNTIME_DIR="$W/user/run" TERM=dumb \
		PATH=/usr/bin:/bin:/usr/sbin:/sbin CONTAINERS_CONF="$W/config/containers.conf" \
		podman --storage-driver vfs --cgroup-manager cgroupfs --events-backend file \
		--runtime "$NAME" "$@" 3>&-
}

# As in features.bash, but this user does not own the parent cgroup.
options()
{
	OPTIONS=(--network none)
	while [ "$1" != -- ]; do
		OPTIONS+=("$1")
		shift
	done
	shift
	COMMAND=("$@")
}

setup_file()
{
	[ "$(id -u)" = 0 ] && command -v podman && command -v conmon && command -v newuidmap || return 0
	world
	# in the mount namespace that test/run made for this file
	[ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ] ||
		{ umount -R /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup; }
	chmod 755 "$W" "$W/config"
	chmod 644 "$W/image.tar"
	chmod 1777 /dev/shm
	mkdir -p -m 700 "$W/user/run"
	mkdir "$W/v"
	chown -R $USERID:$USERID "$W/user" "$W/v"
	echo "ordinary:x:$USERID:$USERID::$W/user:/bin/sh" >>/etc/passwd
	echo "ordinary:x:$USERID:" >>/etc/group
	echo 'ordinary:300000:65536' | tee /etc/subuid >/etc/subgid
	cat >"$W/config/containers.conf" <<-END
		[containers]
		default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
		init_path = "$(command -v docker-init tini-static catatonit | head -n1)"
		log_driver = "k8s-file"
		[engine]
		runtime_supports_json = ["$NAME"]
		[engine.runtimes]
		$NAME = ["$RUNTIME"]
	END
	E import "$W/image.tar" tamis-test:latest >/dev/null 2>&1
}

teardown_file()
{
	[ -n "$W" ] || return 0
	E rm -fa -t 0 >/dev/null 2>&1
	E system migrate >/dev/null 2>&1 # ends the process that keeps the user namespace
	world_end
}

setup()
{
	requires root
	requires program podman
	requires program conmon
	requires program newuidmap
	requires program setpriv
	IMAGE=localhost/tamis-test:latest
	DENIED=ENOSYS
	REMOVE=(rm -f -t 0)
	CONTAINER_CGROUPS=?????????????????????????????????*
}

teardown()
{
	[ -n "$W" ] || return 0
	E pod rm -fa -t 0 >/dev/null 2>&1
	E rm -fa -t 0 >/dev/null 2>&1
	rm -f "$W/cgroup"
	until_true 5 no_cgroups || {
		left_cgroups
		return 1
	}
}

# A cgroup that the user owns, and in it the one in which Podman is started.
delegated()
{
	local dir=/sys/fs/cgroup$CGROUP_PARENT/user
	mkdir -p "$dir/session"
	chown -R $USERID "$dir"
	echo "$dir/session" >"$W/cgroup"
}

ids_and_filter()
{
	run R -- sh -c 'id -u; cat /proc/self/uid_map; grep Seccomp: /proc/self/status
		payload syscall personality 0x40000; payload syscall 999; touch /x; stat -c "%u of x" /x'
	expect_line 0
	expect_line ' +0 +5555 +1'
	expect_line ' +1 +300000 +65536'
	expect_line 'Seccomp:.2'
	expect_line "personality: $DENIED"
	expect_line '999: ENOSYS'
	expect_line '0 of x'
}

further_programs_only()
{
	started e1 -- sleep 1000
	expect_exit 0 E exec e1 grep Seccomp: /proc/self/status
	expect_line 'Seccomp:.2'
	expect_exit 7 E exec --user 1000:1001 --workdir /tmp e1 sh -c 'id -u; id -g; pwd; exit 7'
	equals "$(tr '\n' ' ' <<<"$output")" '1000 1001 /tmp ' 'ids and place'
	expect_exit 127 E exec e1 /nosuch
	equals "$(echo given | E exec -i e1 cat)" given 'standard input'
	exec_terminal
	run E top e1
	expect_line 'root .* sleep 1000 *'
	E "${REMOVE[@]}" e1
}

id_maps()
{
	run R --uidmap 0:100:5000 --gidmap 0:100:5000 -- \
		sh -c 'id -u; cat /proc/self/uid_map; touch /x && stat -c "%u of x" /x; echo >/dev/null && echo null'
	expect_line 0
	expect_line ' +0 +100 +5000'
	expect_line '0 of x'
	expect_line null
	run R --userns keep-id -- sh -c 'id -u; cat /proc/self/uid_map'
	expect_line $USERID
}

joined_namespaces()
{
	started n1 --ipc shareable -- sleep 100
	run R --pid container:n1 --ipc container:n1 -- sh -c 'cat /proc/1/comm; ps'
	expect_line sleep
	expect_output 'sleep 100'
	run R --pid host -- readlink /proc/self/ns/pid
	expect_line "$(readlink /proc/self/ns/pid | sed 's/[][]/\\&/g')"
	E "${REMOVE[@]}" n1
}

networks()
{
	run E run --rm --network host $IMAGE sh -c 'readlink /proc/self/ns/net; touch /sys/x; ls /sys/class/net'
	expect_line "$(readlink /proc/self/ns/net | sed 's/[][]/\\&/g')"
	expect_output 'Read-only file system'
}

pod_pids()
{
	local script='readlink /proc/self/ns/pid; ps'
	E pod create --name p1 --network none --share pid,ipc,uts,net \
		--infra-image $IMAGE --infra-command '/bin/sleep 1000'
	E run -d --pod p1 --name pa $IMAGE sleep 1001
	run E run --rm --pod p1 $IMAGE sh -c "$script"
	expect_output 'sleep 1000'
	expect_output 'sleep 1001'
	E pod stop -t 1 p1
	E pod rm -f p1
}

limits_are_errors()
{
	run R --memory 64m -- true
	[ "$status" != 0 ] || skip 'this Podman removes limits itself'
	expect_output 'linux.resources.memory'
}

paused()
{
	started z1 -- sh -c 'while :; do echo x; usleep 50000; done'
	E pause z1
	equals "$(state z1 Status)" paused status
	E unpause z1
	E kill z1
	until_true 5 has_status z1 exited
	E rm z1
}

# bats test_tags=ci
@test "podman rootless: ids and filter" { ids_and_filter; }
# bats test_tags=ci
@test "podman rootless: exec, top" { further_programs_only; }
# bats test_tags=ci
@test "podman rootless: delegated: pause, kill" { delegated; paused; }

# bats test_tags=all
@test "podman rootless: exit codes 0, 3, 126, 127, 137" { exit_codes; }
# bats test_tags=all
@test "podman rootless: errors are one line of text" { errors_are_text; }
# bats test_tags=all
@test "podman rootless: a custom profile" { custom_profile; }
# bats test_tags=all
@test "podman rootless: unconfined" { unconfined; }
# bats test_tags=all
@test "podman rootless: broken profile" { broken_profile; }
# bats test_tags=all
@test "podman rootless: stop, exit code of a handler, rm" { stop_and_remove; }
# bats test_tags=all
@test "podman rootless: stop kills after the time limit" { stop_kills; }
# bats test_tags=all
@test "podman rootless: kill, start again, rm -f" { kill_and_force; }
# bats test_tags=all
@test "podman rootless: create, then start" { create_then_start; }
# bats test_tags=all
@test "podman rootless: capabilities" { capabilities; }
# bats test_tags=all
@test "podman rootless: user, groups, no-new-privileges" { users; }
# bats test_tags=all
@test "podman rootless: read-only root, tmpfs" { read_only; }
# bats test_tags=all
@test "podman rootless: volumes" { volumes; }
# bats test_tags=all
@test "podman rootless: --init" { init_program; }
# bats test_tags=all
@test "podman rootless: -t through a terminal" { terminal; }
# bats test_tags=all
@test "podman rootless: stdin, stdout, stderr" { standard_streams; }
# bats test_tags=all
@test "podman rootless: host name, directory, environment, ulimit" { environment; }
# bats test_tags=all
@test "podman rootless: sysctl, size of /dev/shm" { sysctls; }
# bats test_tags=all
@test "podman rootless: masked and read-only paths" { masked; }
# bats test_tags=all
@test "podman rootless: privileged" { privileged; }
# bats test_tags=all
@test "podman rootless: joined namespaces, and those of the host" { joined_namespaces; }
# bats test_tags=all
@test "podman rootless: id maps" { id_maps; }
# bats test_tags=all
@test "podman rootless: the host's network" { networks; }
# bats test_tags=all
@test "podman rootless: a pod shares its PID namespace" { pod_pids; }
# bats test_tags=all
@test "podman rootless: limits without a delegated controller" { limits_are_errors; }
# bats test_tags=all
@test "podman rootless: delegated: exec" { delegated; further_programs; }
# bats test_tags=all
@test "podman rootless: delegated: six at once" { delegated; many; }
