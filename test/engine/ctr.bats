# SPDX-License-Identifier: Apache-2.0
# Tests containerd by ctr.
load lib
load features
load ctr

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
	equals "$(find "$W/state/io.containerd.runtime.v2.task" -mindepth 2 -maxdepth 2)" '' 'tasks left'
}

@test "ctr: exit codes" {
	expect_exit 0 R -- true
	expect_exit 3 R -- sh -c 'exit 3'
	expect_exit 1 R -- nosuch
	expect_output 'executable file not found'
}

@test "ctr: with and without its filter" {
	run R -- sh -c 'grep Seccomp: /proc/self/status; payload syscall personality 0x40000'
	expect_line 'Seccomp:.0'
	expect_line 'personality: [0-9]+'
	run R --seccomp -- sh -c 'grep Seccomp: /proc/self/status; payload syscall personality 0x40000
		payload syscall fchmodat -100 s:/tmp 0755'
	expect_line 'Seccomp:.2'
	expect_line 'personality: EPERM'
	expect_line 'fchmodat: 0'
}

# bats test_tags=ci
@test "ctr: a custom profile, for exec too" {
	echo '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["fchmodat", "chmod"],
		"action": "SCMP_ACT_ERRNO", "errnoRet": 95}]}' >"$W/own.json"
	started p1 --seccomp --seccomp-profile "$W/own.json" -- sleep 1000
	run E task exec --exec-id x1 p1 sh -c 'grep Seccomp: /proc/self/status
		payload syscall fchmodat -100 s:/tmp 0755; payload syscall mkdirat -100 s:/tmp/x 0755'
	expect_line 'Seccomp:.2'
	expect_line 'fchmodat: EOPNOTSUPP'
	expect_line 'mkdirat: 0'
}

# bats test_tags=ci
@test "ctr: read-only root, terminal" {
	requires program script
	run R --read-only -- touch /etc/x
	expect_output 'Read-only file system'
	mkfifo "$BATS_TEST_TMPDIR/keys"
	run timeout 30 script -qec "ctr --address $W/containerd.sock run --rm -t --runc-binary $RUNTIME \
		--cgroup $CGROUP_PARENT/e1 $IMAGE e1 tty" /dev/null <>"$BATS_TEST_TMPDIR/keys"
	expect_output /dev/pts/0
}

# bats test_tags=ci
@test "ctr: detached with a limit, killed, deleted" {
	local file=memory.max
	[ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ] || file=memory.limit_in_bytes
	CGROUP=$CGROUP_PARENT/d1
	started d1 --memory-limit 67108864 -- sleep 100
	equals "$(cat "$(controller_file memory $file)")" 67108864 'memory limit'
	equals "$(state d1)" RUNNING state
	E task kill --signal KILL d1
	until_true 5 has_status d1 STOPPED
	E task rm d1 || true # exits with the code of the task
	E container rm d1
	run E container ls -q
	expect_no_line d1
}

# task CALL WORD...: calls containerd's service of tasks, for calls that ctr does not offer.
task()
{
	CRI_NAMESPACE=default "$TAMIS_BUILDDIR/test/engine/cri" "$W/containerd.sock" \
		"/containerd.services.tasks.v1.Tasks/$1" "${@:2}" 3>&-
}

# bats test_tags=all
@test "ctr: the terminal is resized before the start" {
	local reader
	mkdir "$W/r"
	mkfifo "$W/r/out"
	cat "$W/r/out" >"$W/r/read" 3>&- &
	reader=$!
	own z1 true sh -c 'stty size; sleep 0.3; exit 5'
	task Create 1=z1 "5=$W/r/out" 7:1
	task ResizePty 1=z1 3:99 4:33
	task Start 1=z1
	until_true 5 has_status z1 STOPPED
	wait "$reader"
	grep -q '^33 99' "$W/r/read"
	E task rm z1 || true
	E container rm z1
}

# bats test_tags=all
@test "ctr: checkpoint is not offered" {
	started k1 -- sleep 1000
	run E task checkpoint k1
	[ "$status" != 0 ]
	equals "$(state k1)" RUNNING state
	expect_exit 0 E task exec --exec-id x1 k1 true
}

# bats test_tags=all
@test "ctr: a user namespace, a root of its own, limits" {
	cp -a "$BATS_RUN_TMPDIR/image" "$W/rootfs"
	run E run --rm --env PATH=/bin --rootfs --cgroup "$CGROUP_PARENT/r1" "$W/rootfs" r1 sh -c 'echo made >/made; id -u'
	expect_line 0
	equals "$(cat "$W/rootfs/made")" made 'what the container wrote'
	run R --uidmap 0:100000:5000 --gidmap 0:100000:5000 -- cat /proc/self/uid_map
	expect_line ' *0 +100000 +5000'
	run R --memory-limit 16777216 -- sh -c 'x=0123456789abcdef; while :; do x=$x$x; done'
	expect_status 137
}

# bats test_tags=ci
@test "ctr: pause, metrics" {
	started m1 --memory-limit 67108864 -- sleep 1000
	E task pause m1
	equals "$(state m1)" PAUSED state
	run E task exec --exec-id x1 m1 true
	[ "$status" != 0 ]
	E task resume m1
	run E task metrics m1
	expect_output 67108864
	E task ps m1
}
