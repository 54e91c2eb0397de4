# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2154 # status, output: bats
# Tests of features that Podman and Docker offer with the same options. Each suite calls them by
# name. E is its engine, REMOVE its `rm --force` without a delay, IMAGE the image, DENIED the errno
# of a call that its default profile denies.

# options WORD... -- WORD...: stores the words before the first "--" in OPTIONS, the rest in
# COMMAND.
options()
{
	OPTIONS=(--network none --cgroup-parent "$PARENT")
	while [ "$1" != -- ]; do
		OPTIONS+=("$1")
		shift
	done
	shift
	COMMAND=("$@")
}

# R OPTION... -- COMMAND...: `run --rm` without a network.
R()
{
	options "$@"
	E run --rm "${OPTIONS[@]}" "$IMAGE" "${COMMAND[@]}"
}

# started NAME OPTION... -- COMMAND...: `run --detach`.
started()
{
	local name=$1
	shift
	options "$@"
	E run --detach --name "$name" "${OPTIONS[@]}" "$IMAGE" "${COMMAND[@]}"
}

state()
{
	E inspect --format "{{.State.$2}}" "$1"
}

has_status()
{
	[ "$(state "$1" Status)" = "$2" ]
}

logged()
{
	E logs "$1" 2>&1 | grep -qx "$2"
}

exit_codes()
{
	expect_exit 0 R -- true
	expect_exit 3 R -- sh -c 'exit 3'
	expect_exit 126 R -- /etc
	expect_exit 126 R -- /etc/passwd
	expect_exit 127 R -- /nosuch
	expect_output /nosuch
	expect_exit 127 R -- nosuch
	expect_output 'executable file not found'
	expect_exit 137 R --init -- sh -c 'kill -9 $$'
}

# An error is one line of text: no log record, no JSON; the cause occurs once.
errors_are_text()
{
	expect_exit 127 R -- /nosuch
	# docker(1) sometimes also logs that it was waiting
	output=$(grep -v 'msg="error waiting for container' <<<"$output")
	expect_no_output '{'
	expect_no_output level=
	equals "$(grep -o 'exec: "/nosuch": stat' <<<"$output" | wc -l)" 1 'times the cause is said'
}

default_filter()
{
	run R -- sh -c 'grep Seccomp: /proc/self/status; payload syscall personality 0x40000
		payload syscall 999; payload syscall fchmodat -100 s:/tmp 0755'
	expect_line 'Seccomp:.2'
	expect_line "personality: $DENIED"
	expect_line '999: ENOSYS'
	expect_line 'fchmodat: 0'
	run R --cap-add SYS_ADMIN -- payload syscall unshare 0x4000000
	expect_line 'unshare: 0'
}

custom_profile()
{
	profile_without fchmodat
	run R --security-opt "seccomp=$W/profile.json" -- \
		sh -c 'grep Seccomp: /proc/self/status; payload syscall fchmodat -100 s:/tmp 0755
		payload syscall mkdirat -100 s:/tmp/x 0755'
	expect_line 'Seccomp:.2'
	expect_line 'fchmodat: E(PERM|NOSYS)'
	expect_line 'mkdirat: 0'
}

broken_profile()
{
	echo '{"defaultAction": "SCMP_ACT_DENY"}' >"$W/broken.json"
	run R --security-opt "seccomp=$W/broken.json" -- true
	[ "$status" != 0 ]
	run E ps -aq
	equals "$output" '' 'containers that are left'
}

unconfined()
{
	run R --security-opt seccomp=unconfined -- \
		sh -c 'grep Seccomp: /proc/self/status; payload syscall personality 0x40000'
	expect_line 'Seccomp:.0'
	expect_line 'personality: [0-9]+'
}

stop_and_remove()
{
	started s1 -- sh -c 'trap "exit 7" TERM; echo up; while :; do sleep 0.05; done'
	until_true 5 logged s1 up
	equals "$(state s1 Status)" running status
	E stop -t 8 s1
	equals "$(state s1 Status)" exited status
	equals "$(state s1 ExitCode)" 7 'exit code'
	until_true 5 no_cgroups
	E rm s1
	run E inspect s1
	[ "$status" != 0 ]
}

stop_kills()
{
	started s2 -- sh -c 'trap "" TERM; echo up; while :; do sleep 0.05; done'
	until_true 5 logged s2 up
	E stop -t 1 s2
	equals "$(state s2 ExitCode)" 137 'exit code'
	E rm s2
}

kill_and_force()
{
	started k1 -- sh -c 'trap "echo hup" HUP; echo up; while :; do sleep 0.05; done'
	until_true 5 logged k1 up
	E kill -s HUP k1
	until_true 5 logged k1 hup
	E kill k1
	until_true 5 has_status k1 exited
	equals "$(state k1 ExitCode)" 137 'exit code'
	E start k1
	until_true 5 has_status k1 running
	E "${REMOVE[@]}" k1
	run E inspect k1
	[ "$status" != 0 ]
	until_true 5 no_cgroups
}

create_then_start()
{
	options -- sh -c 'exit 9'
	E create --name c1 "${OPTIONS[@]}" "$IMAGE" "${COMMAND[@]}"
	E start c1
	equals "$(E wait c1)" 9 'exit code'
	E rm c1
}

capabilities()
{
	run R -- grep Cap /proc/self/status
	expect_line 'CapEff:.0*(a8|80)0[4-5]*25fb'
	run R --cap-drop ALL --cap-add NET_BIND_SERVICE -- grep Cap /proc/self/status
	expect_line 'CapEff:.0*400'
	expect_line 'CapBnd:.0*400'
	expect_line 'CapAmb:.0*'
	run R --cap-add NET_ADMIN --cap-drop CHOWN -- \
		sh -c 'grep CapEff /proc/self/status; chown 1:1 /tmp || echo refused'
	expect_line 'refused'
	(((0x$(field CapEff) >> 12) & 1))
}

users()
{
	run R --user 1000:1001 --group-add 7 -- \
		sh -c 'id -u; id -g; id -G; grep CapEff /proc/self/status'
	expect_line 1000
	expect_line 1001
	expect_line '1001 7'
	expect_line 'CapEff:.0*'
	run R --user 1000 --security-opt no-new-privileges -- \
		grep -E 'NoNew|Seccomp:' /proc/self/status
	expect_line 'NoNewPrivs:.1'
	expect_line 'Seccomp:.2'
}

read_only()
{
	run R --read-only -- touch /etc/x
	[ "$status" != 0 ]
	expect_output 'Read-only file system'
	run R --read-only --tmpfs /scratch:size=64k -- sh -c 'exec 2>&1; echo here >/scratch/x
		cat /scratch/x; dd if=/dev/zero of=/scratch/y bs=1k count=99'
	expect_line here
	expect_output 'No space left'
}

volumes()
{
	mkdir -p "$W/v"
	echo host >"$W/v/a"
	run R -v "$W/v:/v" -- sh -c 'cat /v/a; echo box >/v/b'
	expect_line host
	equals "$(cat "$W/v/b")" box 'what the container wrote'
	run R -v "$W/v:/v:ro" -- sh -c 'exec 2>&1; cat /v/b; echo no >/v/c'
	expect_line box
	expect_output 'Read-only file system'
	[ ! -e "$W/v/c" ]
	run R -v "$W/v/a:/etc/a" -- cat /etc/a
	expect_line host
	E volume create tv
	expect_exit 0 R -v tv:/d -- sh -c 'echo kept >/d/x'
	run R -v tv:/d -- cat /d/x
	expect_line kept
	E volume rm tv
}

init_program()
{
	run R --init -- sh -c 'cat /proc/1/comm; echo pid $$'
	expect_line '(podman-init|docker-init|tini|catatonit)'
	expect_no_line 'pid 1'
}

# script(1) gives the engine a terminal; -t makes one in the container.
terminal()
{
	requires program script
	options -t -i -- sh -c 'tty; test -t 0 && echo yes; exit 5'
	printf '%q ' run --rm "${OPTIONS[@]}" "$IMAGE" "${COMMAND[@]}" >"$W/words"
	{
		declare -f E
		declare -p W NAME RUNTIME
		echo "E $(cat "$W/words")"
	} >"$W/script"
	# the input never ends: script(1) would type ^D at its end, and Podman then exits at once
	[ -p "$W/keys" ] || mkfifo "$W/keys"
	run timeout 30 script -qec "bash $W/script" /dev/null <>"$W/keys"
	output=${output//$'\r'/}
	expect_line '/dev/pts/0|/dev/console'
	expect_line yes
	expect_status 5
	run R -- sh -c 'test -t 0 || echo no terminal'
	expect_line 'no terminal'
}

# `exec`: exit codes, ids, working directory, the filter of the container, background.
further_programs()
{
	started e1 -- sleep 1000
	expect_exit 0 E exec e1 sh -c 'grep Seccomp: /proc/self/status; payload syscall personality 0x40000
		cat /proc/self/cgroup; echo from 1:; cat /proc/1/cgroup'
	expect_line 'Seccomp:.2'
	expect_line "personality: $DENIED"
	equals "${output%from 1:*}" "Seccomp:	2
personality: $DENIED
${output#*from 1:
}
" 'cgroups of both'
	expect_exit 7 E exec e1 sh -c 'exit 7'
	run E exec e1 /nosuch # Docker changes the code to 126, with any runtime
	[ "$status" = 127 ] || [ "$status" = 126 ]
	expect_output 'no such file or directory'
	expect_exit 126 E exec e1 /etc/passwd
	expect_exit 0 E exec --user 1000:1001 --workdir /tmp --env A=b e1 sh -c 'id -u; id -g; pwd; echo $A'
	equals "$(tr '\n' ' ' <<<"$output")" '1000 1001 /tmp b ' 'ids, place, environment'
	equals "$(echo given | E exec -i e1 cat)" given 'standard input'
	E exec --detach e1 touch /tmp/done
	until_true 5 E exec e1 test -e /tmp/done
	exec_terminal
	E pause e1
	run E exec e1 true
	[ "$status" != 0 ]
	E unpause e1
	expect_exit 0 E exec e1 true
	E "${REMOVE[@]}" e1
}

exec_terminal()
{
	{
		declare -f E
		declare -p W NAME RUNTIME
		echo "E exec -it e1 sh -c 'tty; until stty size 2>/dev/null | grep .; do usleep 9999; done; exit 5'"
	} >"$W/script"
	[ -p "$W/keys" ] || mkfifo "$W/keys"
	run timeout 30 script -qec "stty rows 33 cols 99; bash $W/script" /dev/null <>"$W/keys"
	output=${output//$'\r'/}
	expect_status 5
	expect_line '/dev/pts/[0-9]'
	expect_line '33 99'
}

standard_streams()
{
	output=$(echo given | R -i -- cat)
	equals "$output" given 'standard input'
	output=$(R -- sh -c 'echo out; echo err >&2' 2>"$W/err")
	equals "$output" out 'standard output'
	grep -qx err "$W/err"
	# any user can open its standard streams again
	run R --user 1000 -- sh -c 'echo again >/dev/stdout'
	expect_line again
}

limits()
{
	run R --memory 64m --pids-limit 50 --cpus 0.5 -- sh -c 'cd /sys/fs/cgroup
		cat memory/memory.limit_in_bytes memory.max pids/pids.max pids.max \
			cpu/cpu.cfs_quota_us cpu.max 2>/dev/null'
	expect_line 67108864
	expect_line 50
	expect_line '50000( 100000)?'
	run R --pids-limit 8 -- sh -c 'for i in 1 2 3 4 5 6 7 8 9; do sleep 1 & done'
	expect_output "can't fork"
}

out_of_memory()
{
	started o1 --memory 16m -- sh -c 'x=0123456789abcdef; while :; do x=$x$x; done'
	until_true 30 has_status o1 exited
	equals "$(state o1 ExitCode)" 137 'exit code'
	E rm o1
}

environment()
{
	run R --hostname box1 -w /tmp -e A=b -e B='c d' --ulimit nofile=77:88 \
		--ulimit nproc=1024:10000 -- \
		sh -c 'hostname; pwd; echo "$A,$B"; ulimit -Sn; ulimit -Hn'
	expect_line box1
	expect_line /tmp
	expect_line 'b,c d'
	expect_line 77
	expect_line 88
}

devices()
{
	# a device without a driver: an access that the cgroup allows fails with another error
	[ -e "$W/node" ] || mknod "$W/node" c 60 1
	run R --device /dev/full:/dev/xfull --device "$W/node:/dev/node:r" -- sh -c '
		echo x >/dev/xfull; true </dev/node; true >/dev/node; mknod /tmp/sda b 8 0 && cat /tmp/sda'
	expect_output 'No space left'
	expect_line '.*open /dev/node: No such device or address'
	expect_line '.*create /dev/node: Operation not permitted'
	expect_line '.*/tmp/sda.: Operation not permitted'
}

sysctls()
{
	run R --sysctl kernel.msgmax=4242 --shm-size 1m -- \
		sh -c 'cat /proc/sys/kernel/msgmax; df -k /dev/shm | sed -n "\$p"'
	expect_line 4242
	expect_output ' 1024 '
}

masked()
{
	run R -- sh -c 'exec 2>&1; cat /proc/kcore | wc -c; cat /proc/keys | wc -c
		echo 1 >/proc/sys/kernel/hostname; echo in firmware: $(ls /sys/firmware)'
	expect_line 0
	expect_no_line '[1-9][0-9]*'
	expect_output 'Read-only file system'
	expect_line 'in firmware:'
}

privileged()
{
	run R --privileged -- sh -c 'grep -E "Seccomp:|CapEff" /proc/self/status
		mount -t tmpfs t /tmp && echo mounted'
	expect_line 'Seccomp:.0'
	expect_line mounted
	(((0x$(field CapEff) >> 21) & 1))
}

shared_namespaces()
{
	local a b
	started n1 --ipc shareable -- sleep 100
	a=$(R --pid container:n1 --ipc container:n1 -- \
		sh -c 'readlink /proc/self/ns/pid; readlink /proc/self/ns/ipc; cat /proc/1/comm')
	grep -qx sleep <<<"$a"
	b=$(R --pid host --ipc host -- sh -c 'readlink /proc/self/ns/pid; readlink /proc/self/ns/ipc')
	equals "$b" "$(readlink /proc/self/ns/pid /proc/self/ns/ipc)" 'namespaces of the host'
	[ "$(sed -n 2p <<<"$a")" != "$(sed -n 2p <<<"$b")" ]
	E "${REMOVE[@]}" n1
}

# With the host's PID namespace no process reaps the others: the engine calls kill --all.
host_pids_are_ended()
{
	started h1 --pid host -- sh -c 'sleep 4321 & echo up; exec sleep 4322'
	until_true 5 logged h1 up
	E "${REMOVE[@]}" h1
	until_true 5 no_cgroups
	run sh -c 'cat /proc/[0-9]*/cmdline 2>/dev/null | tr "\0" " "'
	expect_no_output 'sleep 432'
}

many()
{
	local i
	for i in 1 2 3 4 5 6; do
		started m$i -- sleep 100 >/dev/null 2>&1 3>&- &
	done
	wait
	equals "$(E ps -q | wc -l)" 6 'containers that run'
	E "${REMOVE[@]}" m1 m2 m3 m4 m5 m6 >/dev/null
	until_true 5 no_cgroups
}
