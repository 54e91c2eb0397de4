# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# containerd called by ctr, as an engine of ctr.bats and of `same`: E, which calls it with the
# runtime $WITH (default: the suite's), and the words of tables in ctr's way.
load containerd
: "${WITH:=$KIND}"

E()
{
	case "$1 ${2:-}" in
	run\ *) set -- run --runc-binary "$W/bin/$WITH" "${@:2}" ;;
	container\ create) set -- "$1" "$2" --runc-binary "$W/bin/$WITH" "${@:3}" ;;
	esac
	timeout --foreground 60 ctr --address "$W/containerd.sock" "$@" 3>&-
}

# options WORD... -- WORD...: what precedes the first "--" into OPTIONS, the rest into COMMAND.
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

# R OPTION... -- COMMAND...: `ctr run --rm` as r1, D NAME ...: as NAME, in the background.
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

# state NAME [-]: RUNNING, STOPPED, PAUSED or nothing.
state()
{
	E task ls | awk -v name="$1" '$1 == name { print $3 }'
}

has_status()
{
	[ "$(state "$1")" = "$2" ]
}

# The words of runtimes, numbers of layers.
WORDS=(-e 's/(OCI runtime [a-z]+ failed: ).*(: unknown)/\1CAUSE\2/' -e 's#/snapshots/[0-9]+/#/snapshots/N/#g')
# Debian's crun has other words and, on this kernel, other bounds: runc alone is compared.
OTHERS=(runc)
TABLES=(ctr)
