# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the suites of engines share. Engines are Debian's, unmodified; each gets a world of its
# own: directories below $W, tmpfs on /run and /dev/shm, an overlay on /etc, cgroups below
# $CGROUP_PARENT, daemons in a network namespace without devices. test/run gives the PID and
# mount namespace, with which everything dies.
#
# A suite runs with any runtime (RUNTIME=/usr/sbin/runc): what fails with runc too is no fault
# of ours, see test/suite/50-engine.
load ../lib
: "${W:=}"
# what engines are given as --cgroup-parent
PARENT=$CGROUP_PARENT
[ "$DRIVER" != systemd ] || PARENT=${CGROUP_PARENT#/}

# world: what setup_file makes first.
world()
{
	# short: a path of a socket holds 107 bytes
	W=$(mktemp -d /tmp/te.XXXXXX) || return 1
	export W NAME=$KIND
	if [ "$DRIVER" = systemd ]; then # it is in /run, and the machine's root is an overlay
		mount -t tmpfs tmpfs "$W"
	else
		mount -t tmpfs tmpfs /run
	fi
	mkdir -p "$W"/{etc.up,etc.work,config}
	mount -t tmpfs tmpfs /dev/shm
	mount -t overlay -o "lowerdir=/etc,upperdir=$W/etc.up,workdir=$W/etc.work" overlay /etc
	image
	tar -C "$BATS_RUN_TMPDIR/image" -cf "$W/image.tar" .
}

world_end()
{
	[ -n "$W" ] || return 0
	local dir
	cut -d' ' -f5 /proc/self/mountinfo | grep -E "^$W(/|\$)" | sort -r | while read -r dir; do
		umount -l "$dir"
	done
	umount -l /etc /dev/shm
	[ "$DRIVER" = systemd ] || umount -l /run
	rm -rf "$W"
	# what engines made for themselves
	for dir in "${HIERARCHIES[@]}"; do
		find "$dir$CGROUP_PARENT" -depth -type d -exec rmdir {} + 2>/dev/null
	done
	return 0
}

# alone COMMAND...: a daemon in a network namespace of its own, without the descriptors of bats:
# what a daemon leaves behind would hold its pipes, and the suite would wait for their end.
alone()
{
	local fd
	for fd in "/proc/$BASHPID/fd/"*; do
		fd=${fd##*/}
		[ "$fd" -le 2 ] || eval "exec $fd>&-"
	done
	exec unshare --net sh -c 'busybox ip link set lo up; exec "$@"' sh "$@"
}

# stop_daemon PID: SIGTERM, and SIGKILL if it takes longer than 10 s.
stop_daemon()
{
	[ -n "$1" ] || return 0
	kill "$1" 2>/dev/null || return 0
	until_true 10 gone "$1" || kill -9 "$1"
}

gone()
{
	! kill -0 "$1" 2>/dev/null || grep -q '^State:.Z' "/proc/$1/status"
}

# The smoke part must be short.
slow()
{
	requires all
}

# expect_exit CODE COMMAND...
expect_exit()
{
	local want=$1
	shift
	status=0
	output=$("$@" 2>&1) || status=$?
	expect_status "$want"
}

# Directories of containers below our parent, in every hierarchy. Podman makes others beside
# them, for conmon and for pods, which are its own: CONTAINER_CGROUPS tells.
left_cgroups()
{
	local dir
	for dir in "${HIERARCHIES[@]}"; do
		find "$dir$CGROUP_PARENT" -mindepth 1 -type d -name "${CONTAINER_CGROUPS:-*}" 2>/dev/null
	done
	return 0
}

no_cgroups()
{
	[ -z "$(left_cgroups)" ]
}

# profile_without NAME...: Debian's profile in the engines' own format, without these calls.
profile_without()
{
	local file=/usr/share/containers/seccomp.json names
	[ -f "$file" ] || skip "$file is missing (golang-github-containers-common)"
	printf -v names '"%s",' "$@"
	jq ".syscalls |= map(.names -= [${names%,}])" "$file" >"$W/profile.json"
}
