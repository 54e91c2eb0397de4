# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# containerd called by ctr, as an engine of ctr.bats and of `same`: E, which calls it with the
# runtime $WITH (default: the runtime under test), and the commands of tables in ctr's syntax.
load containerd
: "${WITH:=$KIND}"

E()
{
	case "$1 ${2:-}" in
	run\ *) set -- run --runc-binary "$W/bin/$WITH" "${@:2}" ;;
	# without that option: the runc that the shim finds
	container\ create) ln -sfn "$W/bin/$WITH" "$W/path/runc" ;;
	esac
	timeout --foreground --kill-after=5 60 ctr --address "$W/containerd.sock" "$@" 3>&-
}

# options WORD... -- WORD...: stores the words before the first "--" in OPTIONS, the rest in
# COMMAND.
options()
{
	OPTIONS=()
	while [ "$1" != -- ]; do
		OPTIONS+=("$1")
		shift
	done
	shift
	COMMAND=("$@")
}

# R OPTION... -- COMMAND...: `ctr run --rm` with the name r1. D NAME ...: in the background, with
# that name.
R()
{
	options "$@"
	E run --rm --cgroup "$CGROUP_PARENT/r1" "${OPTIONS[@]}" $IMAGE r1 "${COMMAND[@]}"
}

started()
{
	local name=$1
	shift
	options "$@"
	E run --detach --null-io --cgroup "$CGROUP_PARENT/$name" "${OPTIONS[@]}" $IMAGE "$name" \
		"${COMMAND[@]}"
}

# own NAME TERMINAL COMMAND...: only creates a container, which has its own root file system.
own()
{
	local words
	[ -d "$W/own" ] || cp -a "$BATS_RUN_TMPDIR/image" "$W/own"
	printf '%s\001' "${@:3}" >"$W/words"
	words=$(tr '\001' '\n' <"$W/words" | jq -Rn '[inputs]')
	jq --arg r "$W/own" --arg c "$CGROUP_PARENT/$1" --argjson t "$2" --argjson w "$words" \
		'.root.path = $r | .linux.cgroupsPath = $c | .process.terminal = $t | .process.args = $w' \
		"$TAMIS_SRCDIR/test/sys/config.json" >"$W/own.json"
	E container create --config "$W/own.json" "$1"
}

# state NAME [-]: prints RUNNING, STOPPED, PAUSED or nothing.
state()
{
	E task ls | awk -v name="$1" '$1 == name { print $3 }'
}

has_status()
{
	[ "$(state "$1")" = "$2" ]
}

# Replaces messages of runtimes and the numbers of layers.
WORDS=(-e 's/(OCI runtime [a-z]+ failed: ).*(: unknown)/\1CAUSE\2/' -e 's#/snapshots/[0-9]+/#/snapshots/N/#g')
# Debian's crun has other messages and, on this kernel, other limits, so only runc is compared.
OTHERS=(runc)
TABLES=(ctr)
