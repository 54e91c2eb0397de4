# SPDX-License-Identifier: Apache-2.0
# Tests containerd by CRI calls like those of the kubelet (RuntimeDefault, Localhost, Unconfined).
load lib
load features
load cri

setup_file()
{
	[ -z "$(engine_missing)" ] || return 0
	engine_start "$KIND=$RUNTIME"
	until_true 10 image_known
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
	CONTAINER_CGROUPS='[0-9a-f]*' # not those of pods: the kubelet makes and removes them
	nothing_more
}

teardown()
{
	[ -n "$W" ] || return 0
	pods_end
	until_true 5 no_cgroups || {
		left_cgroups
		return 1
	}
	equals "$(find "$W/state/io.containerd.runtime.v2.task" -mindepth 2 -maxdepth 2)" '' 'tasks left'
}

DENIED='grep Seccomp: /proc/self/status; payload syscall personality 0x40000
	payload syscall fchmodat -100 s:/tmp 0755; payload syscall mkdirat -100 s:/tmp/x 0755'
LOOP='trap "exit 7" TERM; echo up; while :; do sleep 0.05; done'

# bats test_tags=ci
@test "cri: an id whose bytes could be a protobuf message is printed as text" {
	local id=b971a9a91c7c67719fb33c729765ada7428170a5ddc23ffb233b1661c3ce36e3
	run "$TAMIS_BUILDDIR/test/engine/cri" - <<<$'\n@'"$id"$'\x12\x02\x08'
	expect_line "1=$id"
	expect_line 2.1:10
}

@test "cri: the runtime answers" {
	run cri Version
	expect_line '2=containerd'
	run cri NoSuchCall
	expect_status 1
}

@test "cri: a pod with RuntimeDefault" {
	pod default
	inside a 0 -- sh -c "$DENIED; cat /sys/fs/cgroup/memory/memory.limit_in_bytes \
		/sys/fs/cgroup/memory.max 2>/dev/null; hostname"
	expect_line 'Seccomp:.2'
	expect_line 'personality: EPERM'
	expect_line 'fchmodat: 0'
	expect_line 67108864
}

@test "cri: a pod with a Localhost profile" {
	echo '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["fchmodat", "chmod"],
		"action": "SCMP_ACT_ERRNO", "errnoRet": 95}]}' >"$W/local.json"
	pod local
	inside b 2 "$W/local.json" -- sh -c "$DENIED"
	expect_line 'Seccomp:.2'
	expect_line 'personality: [0-9]+'
	expect_line 'fchmodat: EOPNOTSUPP'
	expect_line 'mkdirat: 0'
}

# bats test_tags=ci
@test "cri: the handler and the profile of dist/, as its pod uses them" {
	local dist=$TAMIS_SRCDIR/dist
	HANDLER=$(sed -n 's/^handler: //p' "$dist/kubernetes/runtimeclass.yaml")
	pod handler
	# capabilities: drop ALL; run_as_user; no_new_privs
	SECURITY=('1{' 2=ALL '}' '5{' 1:65534 '}' 11:1)
	inside h 2 "$dist/kubernetes/profile-small.json" -- \
		sh -c "$(sed -n 's/.*command: \["sh", "-c", "\(.*\)"\]/\1/p' "$dist/kubernetes/pod-localhost.yaml")"
	expect_line 'Seccomp:.2'
	expect_output 'Operation not permitted'
	run cri PodSandboxStatus "1=$POD"
	expect_output "=$HANDLER"
}

@test "cri: a pod that is Unconfined" {
	pod unconfined 1
	inside c 1 -- sh -c "$DENIED"
	expect_line 'Seccomp:.0'
	expect_line 'personality: [0-9]+'
}

# bats test_tags=ci
@test "cri: members of a pod share what a pod shares" {
	local a
	pod shared
	inside one 0 -- sh -c 'for i in ipc net uts; do readlink /proc/self/ns/$i; done; readlink /proc/self/ns/pid'
	a=$output
	inside two 0 -- sh -c 'for i in ipc net uts; do readlink /proc/self/ns/$i; done; readlink /proc/self/ns/pid'
	equals "$(head -n 3 <<<"$output")" "$(head -n 3 <<<"$a")" 'ipc, net, uts of two members'
	[ "$(sed -n 4p <<<"$output")" != "$(readlink /proc/self/ns/pid)" ]
}

# bats test_tags=ci
@test "cri: stop with a handler, exit code, remove" {
	pod stop
	container s 0 -- sh -c 'trap "exit 7" TERM; echo up; while :; do sleep 0.05; done'
	run cri ContainerStatus "1=$CONTAINER"
	expect_no_output 1.3: # 0, created
	cri StartContainer "1=$CONTAINER" >/dev/null
	until_true 5 grep -q up "$W/pods/s.log"
	run cri ContainerStatus "1=$CONTAINER"
	expect_line 1.3:1
	cri StopContainer "1=$CONTAINER" 2:5
	run cri ContainerStatus "1=$CONTAINER"
	expect_line 1.3:2
	expect_line 1.7:7
	cri RemoveContainer "1=$CONTAINER"
	run cri ContainerStatus "1=$CONTAINER"
	expect_status 1
	cri StopPodSandbox "1=$POD"
	cri RemovePodSandbox "1=$POD"
	run cri ListPodSandbox
	expect_no_output uid-stop
	PODS=()
}

@test "cri: a missing program" {
	pod absent
	container n 0 -- /nosuch
	run cri StartContainer "1=$CONTAINER"
	expect_status 1
	grep -q 'exec: \\*"/nosuch\\*": stat /nosuch: no such file' "$W/containerd.log"
	cri RemoveContainer "1=$CONTAINER"
}

# bats test_tags=ci
@test "cri: ExecSync: streams, exit codes, filter, time limit" {
	local start
	pod exec
	runs e 0 -- sleep 1000
	exec_sync 5 sh -c "$DENIED; echo out; echo err >&2; exit 3"
	expect_status 3
	expect_line 'Seccomp:.2'
	expect_line 'personality: EPERM'
	expect_line out
	expect_line err
	exec_sync 5 true
	expect_status 0
	exec_sync 5 sh -c 'kill -9 $$'
	expect_status 137
	exec_sync 5 sh -c 'cat /proc/self/cgroup >/tmp/a; cmp /tmp/a /proc/1/cgroup; ls -A /proc/self/fd | wc -l'
	expect_line 4
	exec_sync 5 /nosuch
	expect_status failed
	grep -q 'exec: \\*"/nosuch\\*": stat /nosuch: no such file' "$W/containerd.log"
	start=$SECONDS
	exec_sync 1 sh -c 'trap "" TERM; echo $$ >/tmp/pid; while :; do sleep 0.1; done'
	expect_status failed
	[ $((SECONDS - start)) -lt 8 ]
	# the process that took too long was killed
	exec_sync 5 sh -c 'kill -0 $(cat /tmp/pid)'
	expect_status 1
	exec_sync 5 sh -c 'head -c 50000 /dev/zero | tr "\0" x'
	expect_status 0
	equals "${#output}" 50000 'bytes of output'
}

# ExecRequest: 2 a word, 3 tty, 4 stdin, 5 stdout, 6 stderr; AttachRequest: 2 to 5.
# bats test_tags=ci
@test "cri: Exec and Attach through their streams, with a terminal" {
	pod stream
	runs e 0 -- sleep 1000
	stream Exec -- 2=sh 2=-c '2=echo out; echo err >&2; payload syscall personality 0x40000; exit 3' 5:1 6:1
	expect_line out
	expect_line err
	expect_line 'personality: EPERM'
	expect_output '"reason":"ExitCode","message":"3"'
	stream Exec $'0given\n' -- 2=sh 2=-c '2=read x; echo got $x' 4:1 5:1 6:1
	expect_line 'got given.*'
	expect_output '"status":"Success"'
	stream Exec '4{"Width":99,"Height":33}' $'0given\n' -- 2=sh 2=-c \
		'2=until stty size 2>/dev/null | grep "33 99"; do usleep 9999; done; tty; read x; echo got $x; exit 4' 3:1 4:1 5:1
	expect_line '33 99'
	expect_line '/dev/pts/[0-9]+'
	expect_line 'got given'
	expect_output '"message":"4"'
	stream Exec -- 2=/nosuch 5:1 6:1
	expect_output 'no such file or directory'
	MORE=(12:1 14:1) # stdin, tty
	runs t 0 -- sh -c 'read x; echo got $x; sleep 0.3; exit 5'
	stream Attach $'0given\n' -- 2:1 4:1 3:1
	expect_line 'got given.*'
	until_true 5 exited "$CONTAINER"
	run cri ContainerStatus "1=$CONTAINER"
	expect_line 1.7:5
}

# bats test_tags=ci
@test "cri: a pod's PID namespace, shared: each container ends alone" {
	local one
	pod pids
	runs one 0 -- sh -c "$LOOP"
	one=$CONTAINER
	runs two 0 -- sh -c 'sleep 5432 & setsid sleep 5433 & exec sleep 5434'
	exec_sync 5 ps
	expect_output 'sleep 5432'
	expect_output 'trap "exit 7"'
	exec_sync 5 sh -c 'readlink /proc/self/ns/pid; readlink /proc/1/ns/pid'
	equals "$(sort -u <<<"$output" | wc -l)" 1 'PID namespaces'
	cri StopContainer "1=$CONTAINER" 2:1
	until_true 5 exited "$CONTAINER"
	CONTAINER=$one
	exec_sync 5 ps
	expect_status 0
	expect_no_output 'sleep 543'
	expect_output 'trap "exit 7"'
	cri StopContainer "1=$one" 2:5
	run cri ContainerStatus "1=$one"
	expect_line 1.7:7
}

# bats test_tags=all
@test "cri: a container whose child process outlives it in the pod's PID namespace" {
	pod orphan
	runs o 0 -- sh -c 'setsid sleep 5435 & exit 4'
	until_true 5 exited "$CONTAINER"
	run cri ContainerStatus "1=$CONTAINER"
	expect_line 1.7:4
	runs p 0 -- sleep 1000
	exec_sync 5 ps
	expect_no_output 'sleep 5435'
}

# bats test_tags=ci
@test "cri: a PID namespace of its own, or another container's (TARGET)" {
	local one
	pod target
	SECURITY=('3{' 1:2 2:1 '}')
	runs one 0 -- sleep 1000
	one=$CONTAINER
	exec_sync 5 sh -c 'cat /proc/1/comm; echo processes: $(ls -d /proc/[0-9]* | wc -l)'
	expect_line sleep
	SECURITY=('3{' 1:2 2:3 "4=$one" '}')
	runs two 0 -- sleep 1001
	exec_sync 5 sh -c 'cat /proc/1/comm; tr "\0" " " </proc/1/cmdline; echo'
	expect_line sleep
	expect_output 'sleep 1000'
	exec_sync 5 ps
	expect_output 'sleep 1001'
	cri StopContainer "1=$CONTAINER" 2:0
	CONTAINER=$one
	exec_sync 5 ps
	expect_output 'sleep 1000'
	expect_no_output 'sleep 1001'
}

# bats test_tags=all
@test "cri: the host's namespaces" {
	POD_SPACES=(1:2 2:2 3:2)
	pod host
	SECURITY=('3{' 1:2 2:2 3:2 '}')
	inside h 0 -- sh -c 'for i in pid ipc; do readlink /proc/self/ns/$i; done; readlink /proc/self/ns/uts'
	equals "$(head -n 2 <<<"$output")" "$(readlink /proc/self/ns/pid /proc/self/ns/ipc)" 'pid, ipc'
	runs i 0 -- sh -c 'sleep 5436 & echo up; exec sleep 5437'
	until_true 5 grep -q up "$W/pods/i.log"
	cri StopContainer "1=$CONTAINER" 2:0
	run sh -c 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\0" " "'
	expect_no_output 'sleep 543'
}

# bats test_tags=ci
@test "cri: ids, groups, capabilities, no new privileges" {
	pod ids
	SECURITY=('5{' 1:1000 '}' '12{' 1:1001 '}' 8:7 8:8
		'1{' 1=NET_ADMIN 2=CHOWN '}' 11:1)
	inside a 0 -- sh -c 'id -u; id -g; id -G; grep -E "Cap|NoNew|Seccomp:" /proc/self/status'
	expect_line 1000
	expect_line 1001
	expect_line '1001 7 8'
	expect_line 'CapEff:.0*'
	expect_line 'CapBnd:.0*a80435fa'
	expect_line 'NoNewPrivs:.1'
	expect_line 'Seccomp:.2'
	SECURITY=('1{' 2=ALL 1=NET_BIND_SERVICE '}')
	inside b 0 -- grep -E 'Cap|NoNew' /proc/self/status
	expect_line 'CapEff:.0*400'
	expect_line 'CapBnd:.0*400'
	expect_line 'NoNewPrivs:.0'
	SECURITY=('6=root')
	inside c 0 -- id -u
	expect_line 0
}

# bats test_tags=ci
@test "cri: read-only root, masked and read-only paths, mounts, devices" {
	local here=$BATS_TEST_TMPDIR/v
	mkdir "$here"
	echo host >"$here/a"
	pod paths
	SECURITY=(7:1 13=/proc/keys 13=/proc/acpi 14=/proc/sys 14=/proc/irq)
	MORE=('7{' 1=/v "2=$here" '}' '7{' 1=/r "2=$here" 3:1 '}' 5=/v '6{' 1=NAME 2=value '}'
		'8{' 1=/dev/full 2=/dev/full 3=rw '}')
	inside a 0 -- sh -c 'touch /x; cat /v/a; echo box >/v/b; touch /r/c; pwd; echo $NAME
		wc -c </proc/keys; ls /proc/acpi | wc -l; echo 1 >/proc/sys/kernel/hostname; echo y >/dev/full'
	expect_output '/x: Read-only file system'
	expect_line host
	expect_line /v
	expect_line value
	expect_output '/r/c: Read-only file system'
	expect_output 'hostname: Read-only file system'
	expect_output 'No space left'
	expect_line 0
	equals "$(cat "$here/b")" box 'what the container wrote'
}

# bats test_tags=all
@test "cri: privileged" {
	POD_SECURITY=(6:1)
	pod privileged
	SECURITY=(2:1)
	inside p 0 -- sh -c 'grep -E "Seccomp:|CapEff" /proc/self/status; mount -t tmpfs t /tmp && echo mounted
		ls /dev | wc -l'
	expect_line 'Seccomp:.0'
	expect_line mounted
	(((0x$(field CapEff) >> 21) & 1))
}

# bats test_tags=ci
@test "cri: resources, and an update of them while it runs" {
	local limit=memory/memory.limit_in_bytes quota=cpu/cpu.cfs_quota_us shares=cpu/cpu.shares
	[ "$(stat -fc %T /sys/fs/cgroup)" != cgroup2fs ] || skip 'the test uses names of v1'
	pod update
	RESOURCES=(1:100000 2:50000 3:512 4:67108864 5:500 6=0)
	runs u 0 -- sleep 1000
	exec_sync 5 sh -c "cd /sys/fs/cgroup; cat $limit $quota $shares cpuset/cpuset.cpus /proc/1/oom_score_adj"
	expect_line 67108864
	expect_line 50000
	expect_line 512
	exec_sync 5 sh -c "cat /sys/fs/cgroup/cpuset/cpuset.cpus"
	expect_line 0
	cri UpdateContainerResources "1=$CONTAINER" '2{' 1:100000 2:25000 3:256 4:134217728 '}'
	exec_sync 5 sh -c "cd /sys/fs/cgroup; cat $limit $quota $shares cpuset/cpuset.cpus"
	equals "$(tr '\n' ' ' <<<"$output")" '134217728 25000 256 0 ' 'limits after the update'
	run cri UpdateContainerResources "1=$CONTAINER" '2{' 6=99 '}'
	expect_status 1
	exec_sync 5 sh -c "cd /sys/fs/cgroup; cat $limit cpuset/cpuset.cpus"
	equals "$(tr '\n' ' ' <<<"$output")" '134217728 0 ' 'limits after a refused update'
	# a container that is not started yet
	container v 0 -- cat /sys/fs/cgroup/$limit
	cri UpdateContainerResources "1=$CONTAINER" '2{' 4:33554432 '}'
	begin
	until_true 5 exited "$CONTAINER"
	equals "$(cut -d' ' -f4- "$W/pods/v.log")" 33554432 'limit of a created container'
}

# bats test_tags=all
@test "cri: out of memory" {
	pod oom
	RESOURCES=(4:16777216)
	runs m 0 -- sh -c 'x=0123456789abcdef; while :; do x=$x$x; done'
	until_true 30 exited "$CONTAINER"
	run cri ContainerStatus "1=$CONTAINER"
	expect_line 1.7:137
	expect_line 1.10=OOMKilled
}

# bats test_tags=all
@test "cri: statistics" {
	pod stats
	runs s 0 -- sh -c 'while :; do :; done'
	exec_sync 5 sleep 0.2
	run cri ContainerStats "1=$CONTAINER"
	expect_line "1.1.1=$CONTAINER"
	(($(sed -n 's/^1\.2\.2\.1://p' <<<"$output") > 10000000)) # nanoseconds
	(($(sed -n 's/^1\.3\.2\.1://p' <<<"$output") > 10000)) # bytes
	run cri ListContainerStats
	expect_line "1.1.1=$CONTAINER"
	run cri PodSandboxStats "1=$POD"
	expect_status 0
}

# bats test_tags=all
@test "cri: the log has the kubelet's format; it is reopened" {
	local line
	pod log
	runs l 0 -- sh -c 'echo out; echo err >&2; printf partial; while [ ! -e /tmp/go ]; do sleep 0.05; done; echo; echo after'
	until_true 5 grep -q err "$W/pods/l.log"
	while read -r line; do
		[[ $line =~ ^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]+(Z|[+-][0-9:]+)\ (stdout|stderr)\ [FP]\  ]]
	done <"$W/pods/l.log"
	grep -q ' stdout F out$' "$W/pods/l.log"
	grep -q ' stderr F err$' "$W/pods/l.log"
	mv "$W/pods/l.log" "$W/pods/l.log.1"
	cri ReopenContainerLog "1=$CONTAINER"
	exec_sync 5 touch /tmp/go
	until_true 5 grep -q ' stdout F after$' "$W/pods/l.log"
	until_true 5 exited "$CONTAINER"
}

# bats test_tags=all
@test "cri: stop kills after the time limit; a stopped container stays stopped" {
	pod late
	runs k 0 -- sh -c 'trap "" TERM; echo up; while :; do sleep 0.05; done'
	until_true 5 grep -q up "$W/pods/k.log"
	cri StopContainer "1=$CONTAINER" 2:1
	run cri ContainerStatus "1=$CONTAINER"
	expect_line 1.3:2
	expect_line 1.7:137
	cri StopContainer "1=$CONTAINER" 2:1
	run cri StartContainer "1=$CONTAINER"
	expect_status 1
	exec_sync 5 true
	expect_status failed
	# a container that was never started
	container n 0 -- sleep 1000
	cri RemoveContainer "1=$CONTAINER"
	# removal of a running container
	runs r 0 -- sleep 1000
	cri RemoveContainer "1=$CONTAINER"
}

# bats test_tags=all
@test "cri: stopping a pod stops all its containers; its sysctls" {
	POD_LINUX=('3{' 1=kernel.msgmax 2=4242 '}')
	pod whole
	runs one 0 -- sh -c "$LOOP"
	exec_sync 5 cat /proc/sys/kernel/msgmax
	expect_line 4242
	runs two 0 -- sleep 1000
	run cri PodSandboxStatus "1=$POD"
	expect_no_output 1.3:
	cri StopPodSandbox "1=$POD"
	run cri PodSandboxStatus "1=$POD"
	expect_line 1.3:1
	until_true 5 exited "$CONTAINER"
	cri StopPodSandbox "1=$POD"
	cri RemovePodSandbox "1=$POD"
	run cri ContainerStatus "1=$CONTAINER"
	expect_status 1
	PODS=()
}

# bats test_tags=all
@test "cri: pods run on when the daemon is killed, and the next daemon manages them" {
	local pid one daemon
	pod again
	runs a 0 -- sh -c 'trap "exit 7" TERM; echo up; while :; do sleep 0.05; [ ! -e /tmp/say ] || { echo said; rm /tmp/say; }; done'
	one=$CONTAINER
	until_true 5 grep -q up "$W/pods/a.log"
	runs b 0 -- sh -c 'while [ ! -e /tmp/end ]; do sleep 0.05; done; exit 5'
	pid=$(pid_of "$CONTAINER")
	daemon=$(cat "$W/daemon")
	kill -9 "$daemon"
	until_true 5 gone "$daemon"
	touch "/proc/$pid/root/tmp/end" # ends while no daemon runs
	daemon_start
	until_true 10 cri Version
	until_true 5 exited "$CONTAINER"
	run cri ContainerStatus "1=$CONTAINER"
	expect_line 1.7:5
	CONTAINER=$one
	exec_sync 5 sh -c "touch /tmp/say; $DENIED; exit 3"
	expect_status 3
	expect_line 'personality: EPERM'
	until_true 5 grep -q said "$W/pods/a.log"
	runs c 0 -- sleep 1000
	cri StopContainer "1=$one" 2:5
	run cri ContainerStatus "1=$one"
	expect_line 1.7:7
}

# bats test_tags=all
@test "cri: many containers of a pod at once" {
	local i ids=()
	pod many
	for i in 1 2 3 4 5 6; do
		container "m$i" 0 -- sleep 1000
		ids+=("$CONTAINER")
	done
	for i in "${ids[@]}"; do
		cri StartContainer "1=$i" >/dev/null &
	done
	wait
	for i in "${ids[@]}"; do
		cri ContainerStatus "1=$i" | grep -qx 1.3:1
	done
}

# bats test_tags=all
@test "cri: user namespaces (containerd 1.7)" {
	run containerd --version
	[[ $output =~ \ v?2\.|\ v?1\.7 ]] || skip "no user namespaces in this containerd: $output"
	POD_SPACES=(1:0 2:0 '5{' 1:0 '2{' 1:100000 2:0 3:65536 '}' '3{' 1:100000 2:0 3:65536 '}' '}')
	pod users
	SECURITY=('3{' "${POD_SPACES[@]}" '}')
	inside u 0 -- cat /proc/self/uid_map
	expect_line ' *0 +100000 +65536'
}
