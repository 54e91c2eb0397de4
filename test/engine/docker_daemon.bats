# SPDX-License-Identifier: Apache-2.0
# Tests features that depend on the options of Docker's daemon: each test starts a daemon. All are
# slow.
# bats file_tags=all
load lib
load features
load docker

setup_file()
{
	[ -z "$(engine_missing)" ] || return 0
	engine_start "$KIND=$RUNTIME"
	stop_daemon "$DAEMON"
	chmod 711 "$W" # for root of another user namespace
	mkdir -p "$W/bin"
	ln -s "$RUNTIME" "$W/bin/runc"
}

teardown_file()
{
	DAEMON='' engine_stop
}

setup()
{
	local reason
	reason=$(engine_missing | head -n1)
	[ -z "$reason" ] || skip "$reason"
	CONTAINER_CGROUPS='????????????????*' # BuildKit has one cgroup for all its containers
	RUNTIMES=(--add-runtime "$KIND-test=$RUNTIME" --default-runtime "$KIND-test")
}

teardown()
{
	[ -n "$W" ] && [ -n "${DAEMON:-}" ] || return 0
	gone "$DAEMON" || engine_clean
	stop_daemon "$DAEMON"
	until_true 5 no_cgroups || {
		left_cgroups
		return 1
	}
}

# Simulates a crash of the daemon: its containerd dies with it, the shims continue.
crash()
{
	kill -9 "$DAEMON"
	until_true 5 gone "$DAEMON"
	until_true 5 no_containerd
}

no_containerd()
{
	! grep -lsz "^$W/exec/containerd/containerd.toml" /proc/[0-9]*/cmdline
}

# bats test_tags=ci
@test "docker: dist/docker/daemon.json, merged with an existing file" {
	sed "s#/usr/bin/tamis#$RUNTIME#" "$TAMIS_SRCDIR/dist/docker/daemon.json" |
		jq -s '{"log-level": "warn", runtimes: {other: {path: "/bin/false"}}} * .[0]' >"$W/config/daemon.json"
	RUNTIMES=(--config-file "$W/config/daemon.json")
	daemon_start
	run E info --format '{{json .Runtimes}}'
	equals "$(jq -c '[.tamis.path, .other.path]' <<<"$output")" "[\"$RUNTIME\",\"/bin/false\"]" runtimes
	run E run --rm --network none --runtime tamis $IMAGE grep Seccomp: /proc/self/status
	expect_status 0
	expect_line 'Seccomp:.2'
}

# bats test_tags=ci
@test "docker: the daemon is killed; with live-restore the next one manages its containers" {
	local pid
	daemon_start --live-restore
	started l1 -- sh -c 'trap "exit 7" TERM; echo up; while :; do sleep 0.05; [ ! -e /tmp/say ] || { echo said; rm /tmp/say; }; done'
	started l2 -- sh -c 'while [ ! -e /tmp/end ]; do sleep 0.05; done; exit 5'
	started l3 --memory 64m -- sleep 1000
	E pause l3
	until_true 5 logged l1 up
	pid=$(state l1 Pid)
	crash
	touch "/proc/$(state_pid l2)/root/tmp/end" # ends while no daemon runs
	daemon_start --live-restore
	equals "$(state l1 Status) $(state l1 Pid)" "running $pid" 'status and pid'
	expect_exit 3 E exec l1 sh -c 'touch /tmp/say; exit 3'
	until_true 5 logged l1 said
	run E top l1
	expect_output 'trap "exit 7"'
	until_true 5 has_status l2 exited
	equals "$(state l2 ExitCode)" 5 'code of what ended meanwhile'
	equals "$(state l3 Status)" paused 'status of the paused'
	E unpause l3
	E update --memory 48m --memory-swap 96m l3
	expect_exit 0 E exec l3 true
	E stop -t 5 l1
	equals "$(state l1 ExitCode)" 7 'exit code'
	E start l1
	equals "$(state l1 Status)" running status
}

# Prints the pid of a container's script while no daemon answers. The script waits for /tmp/end.
state_pid()
{
	grep -lsz 'while \[ ! -e /tmp/end' /proc/[0-9]*/cmdline | head -n1 | cut -d/ -f3
}

# bats test_tags=ci
@test "docker: the daemon is stopped; with live-restore its containers run on" {
	local pid
	daemon_start --live-restore
	started l1 -- sleep 1000
	pid=$(state l1 Pid)
	stop_daemon "$DAEMON"
	kill -0 "$pid"
	daemon_start --live-restore
	equals "$(state l1 Status) $(state l1 Pid)" "running $pid" 'status and pid'
	E rm -f l1
	until_true 5 gone "$pid"
}

# bats test_tags=ci
@test "docker: the daemon is killed; without live-restore the next one ends its containers" {
	local pid
	daemon_start
	started l1 -- sleep 1000
	started l2 --restart always -- sleep 1000
	pid=$(state l1 Pid)
	crash
	kill -0 "$pid"
	daemon_start
	equals "$(state l1 Status)" exited status
	until_true 5 gone "$pid"
	until_true 10 has_status l2 running
	expect_exit 0 E exec l2 true
}

# bats test_tags=ci
@test "docker: the daemon is stopped; without live-restore it stops its containers" {
	daemon_start
	started l1 -- sh -c 'trap "exit 7" TERM; echo up; while :; do sleep 0.05; done'
	until_true 5 logged l1 up
	stop_daemon "$DAEMON"
	until_true 5 no_cgroups
	daemon_start
	equals "$(state l1 Status) $(state l1 ExitCode)" 'exited 7' 'status and code'
}

# bats test_tags=ci
@test "docker: a profile for all containers" {
	profile_without fchmodat
	daemon_start --seccomp-profile "$W/profile.json"
	run R -- sh -c 'grep Seccomp: /proc/self/status; payload syscall fchmodat -100 s:/tmp 0755
		payload syscall mkdirat -100 s:/tmp/x 0755'
	expect_line 'Seccomp:.2'
	expect_line 'fchmodat: E(PERM|NOSYS)'
	expect_line 'mkdirat: 0'
	run R --security-opt seccomp=unconfined -- \
		sh -c 'grep Seccomp: /proc/self/status; payload syscall fchmodat -100 s:/tmp 0755'
	expect_line 'Seccomp:.0'
	expect_line 'fchmodat: 0'
}

# bats test_tags=ci
@test "docker: settings of the daemon for all containers" {
	daemon_start --no-new-privileges --init --default-ulimit nofile=77:88 \
		--default-shm-size 1m --default-cgroupns-mode private --default-ipc-mode shareable
	run R -- sh -c 'grep NoNew /proc/self/status; ulimit -n; ulimit -Hn; cat /proc/1/comm
		df -k /dev/shm | sed -n "\$p"; cut -d: -f2- /proc/self/cgroup'
	expect_line 'NoNewPrivs:.1'
	expect_line 77
	expect_line 88
	expect_line '(docker-init|tini|catatonit)'
	expect_output ' 1024 '
	expect_line '(pids)?:/'
	expect_no_output "$CGROUP_PARENT"
}

# bats test_tags=ci
@test "docker: not the default runtime; runtimeArgs" {
	RUNTIMES=()
	jq -n --arg p "$RUNTIME" --arg r "$W/elsewhere" '{runtimes: {more: {path: $p,
		runtimeArgs: ["--debug", "--root", $r, "--log-format", "text"]}}}' >"$W/config/daemon.json"
	daemon_start --config-file "$W/config/daemon.json" --add-runtime "one=$RUNTIME"
	expect_exit 3 R --runtime one -- sh -c 'exit 3'
	expect_exit 3 R --runtime more -- sh -c 'exit 3'
	expect_exit 127 R --runtime more -- /nosuch
	expect_output 'exec: "/nosuch": stat /nosuch: no such file'
	started m1 --runtime more -- sleep 1000
	equals "$(E inspect --format '{{.HostConfig.Runtime}}' m1)" more runtime
	expect_exit 4 E exec m1 sh -c 'exit 4'
	E stop -t 0 m1
}

# bats test_tags=ci
@test "docker: info shows what the runtime can do (Docker 25)" {
	daemon_start
	run E version --format '{{.Server.Version}}'
	[ "${output%%.*}" -ge 25 ] || skip "Docker $output does not ask; later ones do"
	run E info --format '{{json .Runtimes}}'
	expect_output org.opencontainers.runtime-spec.features
	jq -e --arg n "$KIND-test" '.[$n].status["org.opencontainers.runtime-spec.features"] |
		fromjson | .linux.seccomp.enabled' <<<"$output"
}

# bats test_tags=ci
@test "docker: build with BuildKit, which calls runc by its name" {
	local dir=$BATS_TEST_TMPDIR/build
	mkdir -p "$dir"
	PATH=$W/bin:$PATH daemon_start
	cat >"$dir/Dockerfile" <<-END
		FROM $IMAGE AS one
		ENV A=b
		RUN chmod 1777 /tmp
		RUN echo \$A >/a && grep -E '(Seccomp|CapEff):' /proc/self/status >>/a && id >>/a
		USER 1000:1001
		WORKDIR /tmp/w
		RUN id -u >/tmp/u; id -g >>/tmp/u; pwd >>/tmp/u; payload syscall personality 0x40000 >>/tmp/u; true
		FROM $IMAGE
		COPY --from=one /a /tmp/u /
		COPY file /file
		CMD cat /a /u /file
	END
	echo copied >"$dir/file"
	BUILDKIT=1 E build --progress plain --network none -t made "$dir"
	run R2 made
	expect_line b
	expect_line 'Seccomp:.2'
	expect_line 'CapEff:.0*a80425fb'
	expect_line 'uid=0.*'
	expect_line 1001
	expect_line '/tmp/w'
	expect_line 'personality: EPERM'
	expect_line copied
	printf 'FROM %s\nRUN echo heard; exit 42\n' $IMAGE >"$dir/Dockerfile"
	run env BUILDKIT=1 bash -c "$(declare -f E); E build --progress plain --network none $dir"
	[ "$status" != 0 ]
	expect_output heard
	expect_output 'exit code: 42'
	printf 'FROM %s\nRUN ["/nosuch"]\n' $IMAGE >"$dir/Dockerfile"
	run env BUILDKIT=1 bash -c "$(declare -f E); E build --progress plain --network none $dir"
	[ "$status" != 0 ]
	expect_output '/nosuch'
	E rmi made
}

R2()
{
	E run --rm --network none --cgroup-parent "$CGROUP_PARENT" "$@"
}

# bats test_tags=ci
@test "docker: all containers in a user namespace (userns-remap)" {
	local volume=$BATS_TEST_TMPDIR/v
	echo 'daemon:100000:65536' | tee /etc/subuid >/etc/subgid
	daemon_start --userns-remap daemon
	E import "$W/image.tar" tamis-test:latest >/dev/null
	mkdir "$volume"
	chmod 777 "$volume"
	run R -v "$volume:/v" -- sh -c 'id -u; cat /proc/self/uid_map; grep -E "Seccomp:|CapEff" /proc/self/status
		touch /v/mine; payload syscall personality 0x40000; echo x >/dev/full; echo 1 >/proc/sys/kernel/hostname
		stat -c "%u %n" /etc/passwd /dev/null /proc/1; mount -t tmpfs t /tmp'
	expect_line 0
	expect_line ' *0 +100000 +65536'
	expect_line 'Seccomp:.2'
	expect_line 'CapEff:.0*a80425fb'
	expect_line 'personality: EPERM'
	expect_output 'No space left'
	expect_output 'Read-only file system'
	expect_line '0 /etc/passwd'
	expect_line '0 /proc/1'
	equals "$(stat -c %u "$volume/mine")" 100000 'owner outside'
	started u1 --memory 64m --user 5 -- sleep 1000
	expect_exit 0 E exec u1 sh -c 'id -u; cat /proc/self/uid_map; grep -E "Seccomp:|CapEff" /proc/self/status'
	expect_line 5
	expect_line ' *0 +100000 +65536'
	expect_line 'Seccomp:.2'
	expect_line 'CapEff:.0*'
	equals "$(stat -c %u "/proc/$(state u1 Pid)")" 100005 'user outside'
	E stop -t 0 u1
	run R --userns host -- cat /proc/self/uid_map
	expect_line ' *0 +0 +4294967295'
	expect_exit 0 R --read-only --tmpfs /t:size=64k --device /dev/full --init -- \
		sh -c 'touch /t/x && ! echo x >/dev/full && ! touch /x'
	expect_exit 127 R -- /nosuch
}
