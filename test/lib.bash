# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# What the suites share: a bundle, edits of its config, calls of the runtime, and after each
# test the question whether anything is left behind. Use: load ../lib; setup() { bundle; }.
#
# Variables of a test: T (its directory), BUNDLE, ROOTFS, ROOT (state directory), ID, CGROUP
# (cgroupsPath). RUNTIME is any program with runc's command line; KIND is runc, crun or tamis.

bats_require_minimum_version 1.5.0 # "run" with options
SYS=${TAMIS_BUILDDIR:?run by test/run}/test/sys
CGROUP_PARENT=/tamis-test-${TAMIS_TEST_INSIDE:-$$}
# TAMIS_TEST_DRIVER=systemd: scopes in a slice, for which systemd must be PID 1 (test/vm/systemd)
export DRIVER=${TAMIS_TEST_DRIVER:-cgroupfs}
[ "$DRIVER" != systemd ] || CGROUP_PARENT=/tamistest.slice
: "${RUNTIME:?run by test/run}"
case ${RUNTIME##*/} in
runc*) KIND=runc ;;
crun* | v1-crun) KIND=crun ;;
*) KIND=tamis ;;
esac

# --- when a test makes no sense here -------------------------------------------------------

# requires root|tamis|v1|v2|all|cgroupfs|controller NAME|program NAME
requires()
{
  case $1 in
  root) [ "$(id -u)" = 0 ] || skip "needs root" ;;
  tamis) [ $KIND = tamis ] || skip "$KIND does otherwise" ;;
  v2) [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ] || skip "needs cgroup v2 alone" ;;
  v1) [ "$(stat -fc %T /sys/fs/cgroup)" = tmpfs ] || skip "needs cgroup v1" ;;
  cgroupfs) [ "$DRIVER" = cgroupfs ] || skip "a path that systemd does not take" ;;
  all) [ -n "${TAMIS_TEST_ALL:-}" ] || skip "slow: --all" ;;
  controller) controller_file "$2" . >/dev/null || skip "no cgroup controller $2 here" ;;
  program) command -v "$2" >/dev/null || skip "$2 is not installed" ;;
  *) echo "requires $1?" >&2; return 1 ;;
  esac
}

# many N ALL: how many rounds: N, or ALL with --all.
many()
{
  [ -z "${TAMIS_TEST_ALL:-}" ] && echo "$1" || echo "$2"
}

# unlike KIND REASON: the other runtime is known to do otherwise.
unlike()
{
  [ "$KIND" != "$1" ] || skip "$1: $2"
}

# control runc 1.1.5 | control crun 1.8.1: makes RUNTIME that program. crun wants no unified
# hierarchy beside v1: it gets a mount namespace without.
control()
{
  local program
  program=$(command -v "$1") || skip "no $1 here"
  [[ $("$program" --version | head -n1) == *" $2"* ]] || skip "$1 here is not $2"
  if [ "$1" = crun ] && mountpoint -q /sys/fs/cgroup/unified; then
    printf '#!/bin/sh\nexec unshare -m sh -c '\''umount /sys/fs/cgroup/unified && exec %s "$@"'\'' sh "$@"\n' \
      "$program" >"$T/v1-crun"
    chmod 755 "$T/v1-crun"
    program=$T/v1-crun
  fi
  [ "$1" != crun ] || requires v1 # on v2 crun 1.8.1 wants CAP_SYS_RESOURCE
  RUNTIME=$program
  KIND=$1
  [ "$1" != crun ] || config 'del(.process.rlimits)'
}

# --- the bundle ----------------------------------------------------------------------------

# Image of busybox and our payloads; hard links, so that a bundle costs no copy.
image()
{
  local base=${BATS_RUN_TMPDIR:-/tmp}/image busybox
  [ ! -d "$base" ] || return 0
  busybox=$(command -v busybox) || return 1
  mkdir -p "$base.$$"/{bin,dev,proc,sys,etc,tmp,root,var,run}
  cp "$busybox" "$SYS/payload" "$SYS/tiny" "$base.$$/bin/"
  # one process makes all links: the shell of busybox
  # shellcheck disable=SC2016
  "$busybox" sh -c 'cd "$1" && shift && for name; do ln -s busybox "$name" || exit 1; done' sh \
    "$base.$$/bin" sh cat ls id env echo grep sed stat mkdir touch rm ln sleep true false hostname \
    mount umount mknod readlink sort head tail cut wc kill ps pwd test dd ip chmod \
    chown find tr ulimit tty awk sync usleep setsid ifconfig od seq nproc df || return 1
  echo 'root:x:0:0:root:/root:/bin/sh' >"$base.$$/etc/passwd"
  mv "$base.$$" "$base" 2>/dev/null || rm -rf "$base.$$"
}

# A fresh bundle in $T with a config like that of `spec`, without terminal.
bundle()
{
  image
  T=$BATS_TEST_TMPDIR
  ROOT=$T/state
  IDS=()
  UNMOUNT=()
  HELPERS=()
  ID=t${TAMIS_TEST_INSIDE:-$$}-$BATS_SUITE_TEST_NUMBER
  MARK=$ID.mark
  bundle_at "$T/b"
  use "$T/b" "$ID"
  MOUNTS_BEFORE=$(host_mounts)
}

# bundle_at DIR: an image and a config in DIR.
bundle_at()
{
  mkdir -p "$1"
  cp -al "${BATS_RUN_TMPDIR:-/tmp}/image" "$1/rootfs"
  sed "s/@MARK@/$MARK/" "$TAMIS_SRCDIR/test/sys/config.json" >"$1/config.json"
}

# use BUNDLE ID: the container that the functions below mean.
use()
{
  BUNDLE=$1 ROOTFS=$1/rootfs ID=$2 CGROUP=$CGROUP_PARENT/$(leaf "$2")
  local path=$CGROUP
  [ "$DRIVER" != systemd ] || path=${CGROUP_PARENT#/}:t:$2
  IDS+=("$2")
  config '.linux.cgroupsPath = $p' --arg p "$path"
}

# leaf ID: the last part of its cgroup.
leaf()
{
  [ "$DRIVER" = systemd ] && echo "t-$1.scope" || echo "$1"
}

# config FILTER [JQ-OPTION]...: edits config.json.
config()
{
  local filter=$1
  shift
  jq "$@" "$filter" "$BUNDLE/config.json" >"$BUNDLE/config.new" || return 1
  mv "$BUNDLE/config.new" "$BUNDLE/config.json"
}

# args PROGRAM [ARG]...: process.args.
args()
{
  local all
  printf -v all '%s\001' "$@"
  config '.process.args = ($all | split("\u0001")[:-1])' --arg all "$all"
}

# script TEXT: process.args runs a shell with it.
script()
{
  args /bin/sh -c "$1"
}

# --- calls ---------------------------------------------------------------------------------

# rt ARG...: the runtime with our state directory. Marks its processes for leftovers(). What
# outlives the call must not hold the caller's pipe (bats would wait for its end): create and
# run --detach write to $T/out and $T/err, which is then shown.
rt()
{
  local rc=0
  case "$DRIVER $* " in # no other command is to depend on it
  "systemd create "* | "systemd run "*) set -- --systemd-cgroup "$@" ;;
  esac
  case " $* " in
  *" create "* | *" --detach "*)
    TAMIS_TEST_MARK=$MARK timeout --foreground --kill-after=5 "${RT_TIMEOUT:-30}" \
      "$RUNTIME" --root "$ROOT" "$@" \
      3>&- </dev/null >"$T/out" 2>"$T/err" || rc=$?
    cat "$T/out" "$T/err"
    ;;
  *)
    TAMIS_TEST_MARK=$MARK timeout --foreground --kill-after=5 "${RT_TIMEOUT:-30}" \
      "$RUNTIME" --root "$ROOT" "$@" \
      3>&- </dev/null || rc=$?
    ;;
  esac
  return $rc
}

# view [SCRIPT]: runs the container in the foreground; $status, $output, $lines are its.
view()
{
  [ $# = 0 ] || script "$1"
  run rt run --bundle "$BUNDLE" "$ID"
}

# create [OPTION]...: made but not started. Sets PID.
create()
{
  rt create --bundle "$BUNDLE" --pid-file "$T/pid" "$@" "$ID" || return $?
  PID=$(cat "$T/pid")
}

start()
{
  rt start "$ID"
}

# refused [WORDS]: create must fail, say WORDS, and leave nothing.
refused()
{
  run create
  [ "$status" != 0 ] || {
    echo "was accepted, expected to hear of: $*"
    return 1
  }
  [ $# = 0 ] || expect_output "$1" || return 1
  [ ! -e "$ROOT/$ID" ] || {
    echo "state is left: $ROOT/$ID"
    return 1
  }
}

state_of()
{
  rt state "${1:-$ID}" | jq -r .status
}

# until SECONDS COMMAND...: polls until the command succeeds.
until_true()
{
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || {
      echo "waited in vain for: $*"
      return 1
    }
    sleep 0.02
  done
}

wait_status()
{
  until_true 10 is_status "$1"
}

is_status()
{
  [ "$(state_of)" = "$1" ]
}

# --- assertions ----------------------------------------------------------------------------

expect_status()
{
  [ "$status" = "$1" ] || {
    echo "status $status, expected $1; output:"
    echo "$output"
    return 1
  }
}

# expect_output TEXT: somewhere in the output, literally.
expect_output()
{
  [[ $output == *"$1"* ]] || {
    echo "expected to find: $1"
    echo "in: $output"
    return 1
  }
}

expect_no_output()
{
  [[ $output != *"$1"* ]] || {
    echo "expected not to find: $1"
    echo "in: $output"
    return 1
  }
}

# pasted FILE TEXT: the lines of commands in FILE (below the source) among which TEXT is.
pasted()
{
  awk -v text="$2" '
    /^    / { block = block substr($0, 5) "\n"; next }
    function show() { if (index(block, text)) printf "%s", block; block = "" }
    { show() }
    END { show() }' "$TAMIS_SRCDIR/$1"
}

# expect_line REGEX: a line of the output matches it wholly.
expect_line()
{
  grep -qxE -- "$1" <<<"$output" || {
    echo "expected a line: $1"
    echo "in: $output"
    return 1
  }
}

expect_no_line()
{
  ! grep -qxE -- "$1" <<<"$output" || {
    echo "expected no line: $1"
    echo "in: $output"
    return 1
  }
}

# equals GOT WANT WHAT
equals()
{
  [ "$1" = "$2" ] || {
    echo "$3: got '$1', want '$2'"
    return 1
  }
}

# field NAME: the value in the output of /proc/PID/status (or limits).
field()
{
  sed -n "s/^$1:[[:space:]]*//p" <<<"$output"
}

# --- cgroups -------------------------------------------------------------------------------

# controller_file CONTROLLER FILE: where it is for our container; fails if there is no such
# controller here.
controller_file()
{
  local dir
  if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
    grep -qw "$1" /sys/fs/cgroup/cgroup.controllers || return 1
    echo "/sys/fs/cgroup$CGROUP/$2"
    return 0
  fi
  dir=$(findmnt -nt cgroup -o TARGET -O "$1" | head -n1)
  [ -n "$dir" ] || return 1
  echo "$dir$CGROUP/$2"
}

# Every directory of our container in every hierarchy (plain directories do not count).
mapfile -t HIERARCHIES < <(findmnt -nt cgroup,cgroup2 -o TARGET)
cgroup_dirs()
{
  local dir
  for dir in "${HIERARCHIES[@]}"; do
    [ ! -d "$dir$CGROUP_PARENT/$(leaf "$1")" ] || echo "$dir$CGROUP_PARENT/$(leaf "$1")"
  done
  return 0
}

# --- nothing may be left -------------------------------------------------------------------

# units NAME: what systemd has under that name.
units()
{
  systemctl list-units --all --plain --no-legend --full "$1" | sed 's/^/unit /'
}

# Mounts of the host but for those that tests make themselves.
host_mounts()
{
  cut -d' ' -f4- /proc/self/mountinfo
}

# By the environment; an init that waits has wiped its own, and is known by its command line.
marked_processes()
{
  local file pid
  for file in $(grep -lsa "TAMIS_TEST_MARK=$MARK" /proc/[0-9]*/environ
    grep -lsaF "$ROOT" /proc/[0-9]*/cmdline); do
    pid=${file#/proc/}
    pid=${pid%/*}
    [[ $file != */cmdline || $(cat "/proc/$pid/comm" 2>/dev/null) == 'runc:[2:INIT]' ]] || continue
    echo "process $pid: $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)"
  done
  return 0
}

leftovers()
{
  local id mounts
  for id in "${IDS[@]}"; do
    cgroup_dirs "$id"
    [ "$DRIVER" != systemd ] || units "t-$id.scope"
    [ ! -e "$ROOT/$id" ] || echo "state $ROOT/$id"
  done
  mounts=$(host_mounts)
  [ "$mounts" = "$MOUNTS_BEFORE" ] ||
    diff <(echo "$MOUNTS_BEFORE") <(echo "$mounts") | grep '^[<>]' | sed 's/^/mount /'
  marked_processes
}

nothing_left()
{
  [ -z "$(leftovers)" ]
}

# mounted_here PATH: to be unmounted after the test.
unmount_later()
{
  UNMOUNT+=("$1")
}

# background NAME COMMAND...: a process beside the test; ended after it. Output: $T/NAME.
background()
{
  local name=$1
  shift
  "$@" >"$T/$name" 2>"$T/$name.err" 3>&- </dev/null &
  HELPERS+=($!)
}

# Ends what the test made, then fails if the runtime left anything behind.
clean()
{
  local id pid path rc=0
  [ -n "${T:-}" ] || return 0
  for id in "${IDS[@]}"; do
    timeout 20 env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" delete --force "$id" \
      >"$T/delete" 2>&1 3>&- </dev/null || {
      echo "delete --force $id: rc $?: $(cat "$T/delete")"
      rc=1
    }
  done
  for pid in "${HELPERS[@]}"; do
    kill -9 "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  for path in "${UNMOUNT[@]}"; do
    umount -R "$path" || rc=1
  done
  until_true 3 nothing_left >/dev/null || {
    echo "left behind:"
    leftovers
    for pid in $(marked_processes | sed -n 's/^process \([0-9]*\):.*/\1/p'); do
      kill -9 "$pid"
    done
    for path in $(for id in "${IDS[@]}"; do cgroup_dirs "$id"; done); do
      find "$path" -depth -type d -exec rmdir {} + 2>/dev/null
    done
    rc=1
  }
  return $rc
}

setup()
{
  requires root
  bundle
}

teardown()
{
  clean
}
