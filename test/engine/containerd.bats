# SPDX-License-Identifier: Apache-2.0
# containerd: `ctr run`, and CRI as the kubelet speaks it (RuntimeDefault, Localhost,
# Unconfined). Pods use the host's network, so that no CNI plugin is needed; host means the
# daemon's own network namespace here.
load lib

IMAGE=localhost/tamis-test:latest

# An image as `docker save` writes it.
archive()
{
	local digest
	mkdir -p "$W/archive"
	mv "$W/image.tar" "$W/archive/layer.tar"
	digest=$(sha256sum "$W/archive/layer.tar" | cut -d' ' -f1)
	jq -n --arg d "sha256:$digest" --arg a "$(dpkg --print-architecture)" \
		'{architecture: $a, os: "linux", config: {Cmd: ["/bin/sleep", "1000"]},
		rootfs: {type: "layers", diff_ids: [$d]}}' >"$W/archive/config.json"
	jq -n --arg i $IMAGE '[{Config: "config.json", RepoTags: [$i], Layers: ["layer.tar"]}]' \
		>"$W/archive/manifest.json"
	tar -C "$W/archive" -cf "$W/image.tar" manifest.json config.json layer.tar
}

C()
{
	timeout --foreground 60 ctr --address "$W/containerd.sock" "$@" 3>&-
}

setup_file()
{
	command -v containerd && command -v ctr && command -v jq && [ "$(id -u)" = 0 ] || return 0
	world
	archive
	cat >"$W/config/containerd.toml" <<-END
		version = 2
		root = "$W/root"
		state = "$W/state"
		[grpc]
		address = "$W/containerd.sock"
		[plugins."io.containerd.grpc.v1.cri"]
		sandbox_image = "$IMAGE"
		restrict_oom_score_adj = true
		disable_apparmor = true
		[plugins."io.containerd.grpc.v1.cri".containerd]
		default_runtime_name = "test"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.test]
		runtime_type = "io.containerd.runc.v2"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.test.options]
		BinaryName = "$RUNTIME"
	END
	alone containerd --config "$W/config/containerd.toml" >"$W/containerd.log" 2>&1 3>&- \
		</dev/null &
	export DAEMON=$!
	until_true 20 C version
	C --namespace default image import "$W/image.tar"
	C --namespace k8s.io image import "$W/image.tar"
	until_true 10 image_known
}

teardown_file()
{
	[ -z "${TAMIS_TEST_KEEP:-}" ] || cp "$W/containerd.log" "$TAMIS_TEST_KEEP/"
	stop_daemon "${DAEMON:-}"
	world_end
}

setup()
{
	requires root
	requires program containerd
	requires program ctr
	requires program jq
	PODS=()
	CONTAINER_CGROUPS='[0-9a-f]*' # not those of pods, which the kubelet makes and removes
}

teardown()
{
	[ -n "$W" ] || return 0
	local pod
	for pod in "${PODS[@]}"; do
		cri StopPodSandbox "1=$pod" >/dev/null || true
		cri RemovePodSandbox "1=$pod" >/dev/null || true
	done
	until_true 5 no_cgroups || {
		left_cgroups
		return 1
	}
	equals "$(find "$W/state/io.containerd.runtime.v2.task" -mindepth 2 -maxdepth 2)" '' 'tasks left'
}

# --- ctr -----------------------------------------------------------------------------------

# K OPTION... -- COMMAND...: `ctr run --rm`.
K()
{
	local options=()
	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	C run --rm --runc-binary "$RUNTIME" --cgroup "$CGROUP_PARENT/c$BATS_TEST_NUMBER" \
		"${options[@]}" $IMAGE "c$BATS_TEST_NUMBER" "$@"
}

@test "ctr: exit codes" {
	expect_exit 0 K -- true
	expect_exit 3 K -- sh -c 'exit 3'
	expect_exit 1 K -- nosuch
	expect_output 'executable file not found'
}

@test "ctr: with and without its filter" {
	run K -- sh -c 'grep Seccomp: /proc/self/status; payload syscall personality 0x40000'
	expect_line 'Seccomp:.0'
	expect_line 'personality: [0-9]+'
	run K --seccomp -- sh -c 'grep Seccomp: /proc/self/status; payload syscall personality 0x40000
		payload syscall fchmodat -100 s:/tmp 0755'
	expect_line 'Seccomp:.2'
	expect_line 'personality: EPERM'
	expect_line 'fchmodat: 0'
}

@test "ctr: read-only root, terminal" {
	requires program script
	run K --read-only -- touch /etc/x
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
	C run --detach --runc-binary "$RUNTIME" --cgroup "$CGROUP" --memory-limit 67108864 \
		$IMAGE d1 sleep 100
	equals "$(cat "$(controller_file memory $file)")" 67108864 'memory limit'
	run C task ls
	expect_line 'd1 .*RUNNING *'
	C task kill --signal KILL d1
	until_true 5 stopped d1
	C task rm d1 || true # its code is the task's
	C container rm d1
	run C container ls -q
	expect_no_line d1
}

stopped()
{
	C task ls | grep -q "^$1 .*STOPPED"
}

# --- CRI -----------------------------------------------------------------------------------

# cri METHOD WORD...: a call of the RuntimeService; see cri.c for the words.
cri()
{
	local method=$1
	shift
	"$TAMIS_BUILDDIR/test/engine/cri" "$W/containerd.sock" \
		"/runtime.v1.RuntimeService/$method" "$@" 3>&-
}

image_known()
{
	"$TAMIS_BUILDDIR/test/engine/cri" "$W/containerd.sock" /runtime.v1.ImageService/ListImages |
		grep -q "tamis-test"
}

# pod NAME [PROFILE]: runs a sandbox and remembers its words; POD is its id. PROFILE is the
# profile_type of SecurityProfile: 0 RuntimeDefault, 1 Unconfined, 2 Localhost.
pod()
{
	CONFIG=('1{' "1=$1" "2=uid-$1" 3=default 4:0 '}' "3=$W/pods"
		'8{' "1=$CGROUP_PARENT/pod-$1" '2{' '1{' 1:2 2:0 '}' '9{' "1:${2:-0}" '}' '}' '}')
	POD=$(cri RunPodSandbox '1{' "${CONFIG[@]}" '}' | sed -n 's/^1=//p')
	[ -n "$POD" ] || {
		grep -E 'RunPodSandbox.*(fail|error)' "$W/containerd.log" | tail -n 2
		return 1
	}
	PODS+=("$POD")
}

# container NAME PROFILE [PATH] -- COMMAND...: in the last pod; its id is CONTAINER.
container()
{
	local name=$1 profile=("1:$2") command=() word
	shift 2
	[ "$1" = -- ] || {
		profile+=("2=$1")
		shift
	}
	shift
	for word; do command+=("3=$word"); done
	CONTAINER=$(cri CreateContainer "1=$POD" \
		'2{' '1{' "1=$name" 2:0 '}' '2{' "1=$IMAGE" '}' "${command[@]}" "11=$name.log" \
		'15{' '1{' 4:67108864 '}' '2{' '15{' "${profile[@]}" '}' '}' '}' '}' \
		'3{' "${CONFIG[@]}" '}' | sed -n 's/^1=//p')
	[ -n "$CONTAINER" ] || {
		grep -E 'CreateContainer.*(fail|error)' "$W/containerd.log" | tail -n 2
		return 1
	}
}

# inside NAME PROFILE [PATH] -- COMMAND...: the whole life of a container; its output.
inside()
{
	container "$@"
	cri StartContainer "1=$CONTAINER" >/dev/null || {
		grep -E 'StartContainer.*(fail|error)' "$W/containerd.log" | tail -n 2
		return 1
	}
	until_true 10 exited "$CONTAINER"
	# the kubelet's format: time, stream, F, text
	output=$(cut -d' ' -f4- "$W/pods/$1.log")
	cri RemoveContainer "1=$CONTAINER"
}

# ContainerStatusResponse.status.state: 1 running, 2 exited
exited()
{
	cri ContainerStatus "1=$1" | grep -qx 1.3:2
}

DENIED='grep Seccomp: /proc/self/status; payload syscall personality 0x40000
	payload syscall fchmodat -100 s:/tmp 0755; payload syscall mkdirat -100 s:/tmp/x 0755'

@test "cri: an id that could be a message is text" {
	local id=b971a9a91c7c67719fb33c729765ada7428170a5ddc23ffb233b1661c3ce36e3
	run "$TAMIS_BUILDDIR/test/engine/cri" - <<<$'\n@'"$id"$'\x12\x02\x08'
	expect_line "1=$id"
	expect_line 2.1:10
}

@test "cri: answers" {
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

@test "cri: a pod that is Unconfined" {
	pod unconfined 1
	inside c 1 -- sh -c "$DENIED"
	expect_line 'Seccomp:.0'
	expect_line 'personality: [0-9]+'
}

@test "cri: members of a pod share what a pod shares" {
	local a
	pod shared
	inside one 0 -- sh -c 'for i in ipc net uts; do readlink /proc/self/ns/$i; done; readlink /proc/self/ns/pid'
	a=$output
	inside two 0 -- sh -c 'for i in ipc net uts; do readlink /proc/self/ns/$i; done; readlink /proc/self/ns/pid'
	equals "$(head -n 3 <<<"$output")" "$(head -n 3 <<<"$a")" 'ipc, net, uts of two members'
	[ "$(sed -n 4p <<<"$output")" != "$(readlink /proc/self/ns/pid)" ]
}

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

@test "cri: a program that is not there" {
	pod absent
	container n 0 -- /nosuch
	run cri StartContainer "1=$CONTAINER"
	expect_status 1
	grep -q 'exec: \\*"/nosuch\\*": stat /nosuch: no such file' "$W/containerd.log"
	cri RemoveContainer "1=$CONTAINER"
}
