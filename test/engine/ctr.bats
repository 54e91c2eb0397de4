# SPDX-License-Identifier: Apache-2.0
# containerd called by ctr.
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

@test "ctr: a profile of its own, for exec too" {
	echo '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["fchmodat", "chmod"],
		"action": "SCMP_ACT_ERRNO", "errnoRet": 95}]}' >"$W/own.json"
	started p1 --seccomp --seccomp-profile "$W/own.json" -- sleep 1000
	run E task exec --exec-id x1 p1 sh -c 'grep Seccomp: /proc/self/status
		payload syscall fchmodat -100 s:/tmp 0755; payload syscall mkdirat -100 s:/tmp/x 0755'
	expect_line 'Seccomp:.2'
	expect_line 'fchmodat: EOPNOTSUPP'
	expect_line 'mkdirat: 0'
}

@test "ctr: read-only root, terminal" {
	requires program script
	run R --read-only -- touch /etc/x
	expect_output 'Read-only file system'
	mkfifo "$BATS_TEST_TMPDIR/keys"
	run timeout 30 script -qec "ctr --address $W/containerd.sock run --rm -t --runc-binary $RUNTIME \
		--cgroup $CGROUP_PARENT/e1 $IMAGE e1 tty" /dev/null <>"$BATS_TEST_TMPDIR/keys"
	expect_output /dev/pts/0
}

@test "ctr: detached with a limit, killed, deleted" {
	local file=memory.max
	[ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ] || file=memory.limit_in_bytes
	CGROUP=$CGROUP_PARENT/d1
	started d1 --memory-limit 67108864 -- sleep 100
	equals "$(cat "$(controller_file memory $file)")" 67108864 'memory limit'
	equals "$(state d1)" RUNNING state
	E task kill --signal KILL d1
	until_true 5 has_status d1 STOPPED
	E task rm d1 || true # its code is the task's
	E container rm d1
	run E container ls -q
	expect_no_line d1
}
