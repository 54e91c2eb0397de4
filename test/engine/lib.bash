# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Shared by the suites of engines. The engines are Debian's, unmodified. Each runs in a separate
# environment: directories below $W, tmpfs on /run and /dev/shm, an overlay on /etc, cgroups below
# $CGROUP_PARENT, daemons in a network namespace without devices. test/run makes the PID and mount
# namespace, whose end kills everything.
#
# A suite can run with any runtime (RUNTIME=/usr/sbin/runc). A test that fails with runc, too, is
# not an error of tamis: see test/suite/50-engine.
load ../lib
: "${W:=}"
# the engines' option --cgroup-parent
PARENT=$CGROUP_PARENT
[ "$DRIVER" != systemd ] || PARENT=${CGROUP_PARENT#/}

# world: makes the environment; called first in setup_file.
world()
{
	# a short path, because the path of a socket has at most 107 bytes
	W=$(mktemp -d /tmp/te.XXXXXX) || return 1
	export W NAME=$KIND
	if [ "$DRIVER" = systemd ]; then # systemd is in /run, and the machine's root is an overlay
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
	# cgroups that engines made
	for dir in "${HIERARCHIES[@]}"; do
		find "$dir$CGROUP_PARENT" -depth -type d -exec rmdir {} + 2>/dev/null
	done
	return 0
}

# alone COMMAND...: runs a daemon in a new network namespace without the descriptors of bats. A
# process that the daemon leaves behind would keep these pipes open, and the suite would wait for
# their end.
alone()
{
	local fd
	for fd in "/proc/$BASHPID/fd/"*; do
		fd=${fd##*/}
		[ "$fd" -le 2 ] || eval "exec $fd>&-"
	done
	exec unshare --net sh -c 'busybox ip link set lo up; exec "$@"' sh "$@"
}

# stop_daemon PID: sends SIGTERM, and SIGKILL after 10 s.
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

# expect_exit CODE COMMAND...
expect_exit()
{
	local want=$1
	shift
	status=0
	output=$("$@" 2>&1) || status=$?
	expect_status "$want"
}

# Prints the directories of containers below our parent, in every hierarchy. Podman makes other
# directories beside them for conmon and for pods; CONTAINER_CGROUPS is a pattern for those of
# containers.
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

# profile_without NAME...: Debian's profile in the engines' format, without these calls.
profile_without()
{
	local file=/usr/share/containers/seccomp.json names
	[ -f "$file" ] || skip "$file is missing (golang-github-containers-common)"
	printf -v names '"%s",' "$@"
	jq ".syscalls |= map(.names -= [${names%,}])" "$file" >"$W/profile.json"
}
