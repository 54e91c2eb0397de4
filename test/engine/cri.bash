# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# CRI calls like those of the kubelet, for cri.bats.
load containerd

# cri METHOD WORD...: calls a method of the RuntimeService; see cri.c for the words.
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

# said METHOD: prints the daemon's error for this method.
said()
{
	grep -E "$1.*(fail|error)" "$W/containerd.log" | tail -n 2
}

# Settings of a pod and its containers beside their profile, as words of cri.c: POD_SECURITY of
# LinuxSandboxSecurityContext, POD_LINUX of LinuxPodSandboxConfig, SECURITY of
# LinuxContainerSecurityContext, RESOURCES of LinuxContainerResources, MORE of ContainerConfig.
nothing_more()
{
	HANDLER=''
	PODS=() POD_SECURITY=() POD_LINUX=() SECURITY=() RESOURCES=(4:67108864) MORE=()
	rm -f "$W"/pods/*.log
	POD_SPACES=(1:2 2:0) # network of the host, one PID namespace for the pod
}

# pod NAME [PROFILE]: runs a sandbox with the handler $HANDLER and stores its words in CONFIG and
# its id in POD. PROFILE is the profile_type of SecurityProfile: 0 RuntimeDefault, 1 Unconfined, 2
# Localhost.
pod()
{
	CONFIG=('1{' "1=$1" "2=uid-$1" 3=default 4:0 '}' "3=$W/pods"
		'8{' "1=$CGROUP_PARENT/pod-$1" '2{' '1{' "${POD_SPACES[@]}" '}' "${POD_SECURITY[@]}"
		'9{' "1:${2:-0}" '}' '}' "${POD_LINUX[@]}" '}')
	POD=$(cri RunPodSandbox '1{' "${CONFIG[@]}" '}' ${HANDLER:+"2=$HANDLER"} | sed -n 's/^1=//p')
	[ -n "$POD" ] || {
		said RunPodSandbox
		return 1
	}
	PODS+=("$POD")
}

# container NAME PROFILE [PATH] -- COMMAND...: creates a container in the last pod; its id is in
# CONTAINER.
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
		'2{' '1{' "1=$name" 2:0 '}' '2{' "1=$IMAGE" '}' "${command[@]}" "11=$name.log" "${MORE[@]}" \
		'15{' '1{' "${RESOURCES[@]}" '}' '2{' "${SECURITY[@]}" '15{' "${profile[@]}" '}' '}' '}' '}' \
		'3{' "${CONFIG[@]}" '}' | sed -n 's/^1=//p')
	[ -n "$CONTAINER" ] || {
		said CreateContainer
		return 1
	}
}

begin()
{
	cri StartContainer "1=$CONTAINER" >/dev/null || {
		said StartContainer
		return 1
	}
}

# inside NAME PROFILE [PATH] -- COMMAND...: runs a container to its end and prints its output.
inside()
{
	container "$@"
	begin
	until_true 10 exited "$CONTAINER"
	# the kubelet's format: time, stream, F, text
	output=$(cut -d' ' -f4- "$W/pods/$1.log")
	cri RemoveContainer "1=$CONTAINER"
}

# runs NAME PROFILE [PATH] -- COMMAND...: runs a container in the background.
runs()
{
	container "$@"
	begin
}

# ContainerStatusResponse.status.state: 1 running, 2 exited
exited()
{
	cri ContainerStatus "1=$1" | grep -qx 1.3:2
}

# exec_sync SECONDS COMMAND...: runs a command in the last container. Like `run` it sets $output (of
# both streams) and $status (the exit code, or "failed").
exec_sync()
{
	local words=() word
	for word in "${@:2}"; do words+=("2=$word"); done
	status=failed
	output=$(CRI_TEXT='1 2' cri ExecSync "1=$CONTAINER" "${words[@]}" "3:$1") || return 0
	status=$(sed -n 's/^3://p' <<<"$output")
	status=${status:-0}
	output=$(sed -e '/^3:[0-9]*$/d' -e 's/^[12]=//' -e '/^$/d' <<<"$output")
}

# stream CALL [NTEXT]... -- WORD...: Exec or Attach with the words of its request, and texts for
# channels (see stream.c). Sets $output and $status like `run`. The streaming server is in the
# network namespace of the daemon.
stream()
{
	local call=$1 texts=() url
	shift
	while [ "$1" != -- ]; do
		texts+=("$1")
		shift
	done
	shift
	url=$(cri "$call" "1=$CONTAINER" "$@" | sed -n 's#^1=http://[^:]*:##p')
	[ -n "$url" ] || return 1
	run nsenter --net -t "$(cat "$W/daemon")" "$TAMIS_BUILDDIR/test/engine/stream" "${url%%/*}" "/${url#*/}" \
		"${texts[@]}" 3>&-
	output=${output//$'\r'/}
}

pid_of()
{
	C --namespace k8s.io task ls | awk -v id="$1" '$1 == id { print $2 }'
}

# pods_end: removes all pods that tests left.
pods_end()
{
	local pod
	for pod in "${PODS[@]}"; do
		cri StopPodSandbox "1=$pod" >/dev/null || true
		cri RemovePodSandbox "1=$pod" >/dev/null || true
	done
}
