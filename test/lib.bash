# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Shared by the suites: creates bundles, edits configs, calls the runtime, and checks after each
# test that nothing is left behind. Use: load ../lib; setup() { bundle; }.
#
# Variables of a test: T (its directory), BUNDLE, ROOTFS, ROOT (state directory), ID, CGROUP
# (cgroupsPath). RUNTIME is a program with runc's command line; KIND is runc, crun or tamis.

bats_require_minimum_version 1.5.0 # options of "run"
SYS=${TAMIS_BUILDDIR:?run by test/run}/test/sys
CGROUP_PARENT=/tamis-test-${TAMIS_TEST_INSIDE:-$$}
# TAMIS_TEST_DRIVER=systemd: use scopes in a slice; systemd must be PID 1 (test/vm/systemd)
export DRIVER=${TAMIS_TEST_DRIVER:-cgroupfs}
[ "$DRIVER" != systemd ] || CGROUP_PARENT=/tamistest.slice
: "${RUNTIME:?run by test/run}"
# cgroup2fs: cgroup v2 only. test/run sets CGROUPFS once, because starting programs takes most of
# the time of these tests.
CGROUPFS=${TAMIS_TEST_CGROUPFS:-$(stat -fc %T /sys/fs/cgroup)}
case ${RUNTIME##*/} in
runc*) KIND=runc ;;
crun* | v1-crun) KIND=crun ;;
*) KIND=tamis ;;
esac

# Tests start jq about a thousand times. jq 1.6 starts in 30 ms, gojq in 7 ms.
if JQ=$(type -P gojq); then
  jq()
  {
    "$JQ" "$@"
  }
fi

# --- conditions under which a test is skipped ----------------------------------------------

# requires root|tamis|v1|v2|cgroupfs|controller NAME|program NAME|abi i386|abi x32
requires()
{
  case $1 in
  root) [ "$EUID" = 0 ] || skip "needs root" ;;
  tamis) [ $KIND = tamis ] || skip "$KIND behaves differently" ;;
  v2) [ "$CGROUPFS" = cgroup2fs ] || skip "needs cgroup v2 only" ;;
  v1) [ "$CGROUPFS" = tmpfs ] || skip "needs cgroup v1" ;;
  cgroupfs) [ "$DRIVER" = cgroupfs ] || skip "systemd does not accept this path" ;;
  controller) controller_file "$2" . >/dev/null || skip "no cgroup controller $2 on this host" ;;
  abi) has_abi "$2" || lacks_abi "this kernel has no calls of $2" ;;
  program) command -v "$2" >/dev/null || skip "$2 is not installed" ;;
  *) echo "requires $1?" >&2; return 1 ;;
  esac
}

has_abi()
{
  local kind=int80 rc=0
  [ "$1" = i386 ] || kind=is_x32
  "$SYS/oldcall" $kind 2>/dev/null || rc=$?
  [ $rc = 0 ]
}

# lacks_abi REASON: skips the test; it fails where TAMIS_TEST_ABIS is set (test/vm/systemd-guest).
lacks_abi()
{
  [ -z "${TAMIS_TEST_ABIS:-}" ] || { echo "$1"; return 1; }
  skip "$1"
}

# compile OPTION OUTPUT SOURCE...: by gcc, for another ABI of x86_64: -m32 or -mx32; statically if
# STATIC is not set
compile()
{
  # shellcheck disable=SC2086
  gcc "$1" -D_GNU_SOURCE -O1 ${STATIC--static} -pthread -o "${@:2}" 2>"$T/gcc" || {
    cat "$T/gcc"
    lacks_abi "gcc $1 has no C library here"
  }
}

# many N ALL: prints the number of rounds: N, or ALL with --all.
many()
{
  [ -z "${TAMIS_TEST_ALL:-}" ] && echo "$1" || echo "$2"
}

# unlike KIND REASON: skips the test for a runtime that is known to behave differently.
unlike()
{
  [ "$KIND" != "$1" ] || skip "$1: $2"
}

# control runc 1.1.5 | control crun 1.8.1: makes that program RUNTIME. Its test has the tag all,
# because a program of that version does not change. crun refuses a unified hierarchy beside v1, so
# it runs in a mount namespace without one.
control()
{
  local program
  program=$(command -v "$1") || skip "no $1 here"
  [[ $("$program" --version | head -n1) == *" $2"* ]] || skip "$1 on this host is not version $2"
  if [ "$1" = crun ] && mountpoint -q /sys/fs/cgroup/unified; then
    printf '#!/bin/sh\nexec unshare -m sh -c '\''umount /sys/fs/cgroup/unified && exec %s "$@"'\'' sh "$@"\n' \
      "$program" >"$T/v1-crun"
    chmod 755 "$T/v1-crun"
    program=$T/v1-crun
  fi
  [ "$1" != crun ] || requires v1 # on v2 crun 1.8.1 needs CAP_SYS_RESOURCE
  RUNTIME=$program
  KIND=$1
  [ "$1" != crun ] || config 'del(.process.rlimits)'
}

# --- the bundle ----------------------------------------------------------------------------

# make_image DIR: an image with busybox and the test programs.
make_image()
{
  local busybox
  busybox=$(command -v busybox) || return 1
  mkdir -p "$1"/{bin,dev,proc,sys,etc,tmp,root,var,run}
  cp "$busybox" "$SYS/payload" "$SYS/tiny" "$1/bin/"
  # a single process makes all links: the shell of busybox
  # shellcheck disable=SC2016
  "$busybox" sh -c 'cd "$1" && shift && for name; do ln -s busybox "$name" || exit 1; done' sh \
    "$1/bin" sh cat ls id env echo grep sed stat mkdir touch rm ln sleep true false hostname \
    mount umount mknod readlink sort head tail cut wc kill ps pwd test dd ip chmod \
    chown find tr ulimit tty awk sync usleep setsid ifconfig od seq nproc df || return 1
  echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
}

# The image of this run is on the file system of the bundles, so that hard links replace copies. It
# is cached in the build directory.
image()
{
  local base=${BATS_RUN_TMPDIR:-/tmp}/image kept=$SYS/image
  [ ! -d "$base" ] || return 0
  if ! [ -d "$kept" ] || [ "$SYS/payload" -nt "$kept" ] || [ "$SYS/tiny" -nt "$kept" ]; then
    make_image "$kept.$$" || return 1
    rm -rf "$kept.old.$$"
    mv -T "$kept" "$kept.old.$$" 2>/dev/null || true
    mv -T "$kept.$$" "$kept" 2>/dev/null || true # unless another run did so first
    rm -rf "$kept.$$" "$kept.old.$$"
  fi
  cp -a "$kept" "$base.$$"
  mv -T "$base.$$" "$base" 2>/dev/null || rm -rf "$base.$$"
}

# Sets the variables of a test that makes no bundle.
prepare()
{
  # The trap of bats before each command takes a third of a test's time. It stays in the test itself,
  # whose line bats prints after a failure, but the functions here do not inherit it from now on.
  set +T
  T=$BATS_TEST_TMPDIR
  ROOT=$T
  MARK=none
  IDS=()
  UNMOUNT=()
  HELPERS=()
  MOUNTS_BEFORE=$(host_mounts)
}

# Makes a new bundle in $T with the config of `spec`, without a terminal.
bundle()
{
  prepare
  image
  ROOT=$T/state
  ID=t${TAMIS_TEST_INSIDE:-$$}-$BATS_SUITE_TEST_NUMBER
  MARK=$ID.mark
  bundle_at "$T/b"
  use "$T/b" "$ID"
}

# bundle_at DIR: makes an image and a config in DIR.
bundle_at()
{
  mkdir -p "$1"
  cp -al "${BATS_RUN_TMPDIR:-/tmp}/image" "$1/rootfs"
  local text
  text=$(<"$TAMIS_SRCDIR/test/sys/config.json")
  printf '%s\n' "${text//@MARK@/$MARK}" >"$1/config.json"
}

# use BUNDLE ID: selects the container that the functions below operate on.
use()
{
  BUNDLE=$1 ROOTFS=$1/rootfs ID=$2 CGROUP=$CGROUP_PARENT/$2
  local path=$CGROUP
  [ "$DRIVER" != systemd ] || CGROUP=$CGROUP_PARENT/t-$2.scope path=${CGROUP_PARENT#/}:t:$2
  IDS+=("$2")
  local text
  text=$(<"$1/config.json")
  if [[ $text == *@CGROUP@* ]]; then # not edited yet
    printf '%s\n' "${text/@CGROUP@/$path}" >"$1/config.json"
  else
    config '.linux.cgroupsPath = $p' --arg p "$path"
  fi
}

# config FILTER [JQ-OPTION]...: edits config.json.
config()
{
  local filter=$1 text
  shift
  text=$(jq "$@" "$filter" "$BUNDLE/config.json") || return 1
  printf '%s\n' "$text" >"$BUNDLE/config.json"
}

# args PROGRAM [ARG]...: process.args.
args()
{
  local all
  printf -v all '%s\001' "$@"
  config '.process.args = ($all | split("\u0001")[:-1])' --arg all "$all"
}

# script TEXT: sets process.args to a shell that runs TEXT.
script()
{
  args /bin/sh -c "$1"
}

# --- calls ---------------------------------------------------------------------------------

# rt ARG...: runs the runtime with our state directory and marks its processes for leftovers(). A
# process that outlives the call must not hold the caller's pipe, because bats would wait for its
# end: create and run --detach write to $T/out and $T/err, which are printed afterwards.
rt()
{
  local rc=0
  case "$DRIVER $* " in # other commands must not need the option
  "systemd create "* | "systemd run "*) set -- --systemd-cgroup "$@" ;;
  esac
  case " $* " in
  *" create "* | *" --detach "*)
    TAMIS_TEST_MARK=$MARK "$SYS/within" "${RT_TIMEOUT:-30}" \
      "$RUNTIME" --root "$ROOT" "$@" \
      3>&- </dev/null >"$T/out" 2>"$T/err" || rc=$?
    show "$T/out"
    show "$T/err"
    ;;
  *)
    TAMIS_TEST_MARK=$MARK "$SYS/within" "${RT_TIMEOUT:-30}" \
      "$RUNTIME" --root "$ROOT" "$@" \
      3>&- </dev/null || rc=$?
    ;;
  esac
  return $rc
}

# show FILE: like cat(1), without starting a process; NUL bytes are dropped.
show()
{
  local lines
  mapfile lines <"$1"
  [ ${#lines[@]} = 0 ] || printf '%s' "${lines[@]}"
}

# view [SCRIPT]: runs the container in the foreground and sets $status, $output and $lines.
view()
{
  [ $# = 0 ] || script "$1"
  run rt run --bundle "$BUNDLE" "$ID"
}

# create [OPTION]...: creates the container without starting it. Sets PID.
create()
{
  rt create --bundle "$BUNDLE" --pid-file "$T/pid" "$@" "$ID" || return $?
  read -r PID <"$T/pid" || [ -n "$PID" ] # there is no newline
}

start()
{
  rt start "$ID"
}

# refused [WORDS]: create must fail, print WORDS, and leave nothing behind.
refused()
{
  run create
  [ "$status" != 0 ] || {
    echo "create succeeded, expected an error with: $*"
    return 1
  }
  [ $# = 0 ] || expect_output "$1" || return 1
  [ ! -e "$ROOT/$ID" ] || {
    echo "the state directory was left behind: $ROOT/$ID"
    return 1
  }
}

state_of()
{
  local text
  text=$(rt state "${1:-$ID}") || return 1
  [[ $text =~ \"status\":\ *\"([a-z]+)\" ]] && echo "${BASH_REMATCH[1]}"
}

# until SECONDS COMMAND...: polls until the command succeeds.
until_true()
{
  local end=$((SECONDS + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ $SECONDS -lt $end ] || {
      echo "timed out waiting for: $*"
      return 1
    }
    pause 0.02
  done
}

# pause SECONDS: like sleep(1), without starting a process: no process writes to that FIFO.
pause()
{
  if [ -p "${TAMIS_TEST_SILENCE:-}" ]; then
    read -rt "$1" <>"$TAMIS_TEST_SILENCE" || true
  else
    sleep "$1"
  fi
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

# expect_output TEXT: the output contains TEXT literally.
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

# pasted FILE TEXT: prints the block of commands in FILE (in the source) that contains TEXT.
pasted()
{
  awk -v text="$2" '
    /^    / { block = block substr($0, 5) "\n"; next }
    function show() { if (index(block, text)) printf "%s", block; block = "" }
    { show() }
    END { show() }' "$TAMIS_SRCDIR/$1"
}

# bpf_program CODE:JT:JF:K...: prints instructions, written in hexadecimal, in binary form (little endian).
bpf_program()
{
  local f code jt jf k
  for f; do
    IFS=: read -r code jt jf k <<<"$f"
    printf '%b' "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x\\x%02x' $((16#$code & 255)) \
      $((16#$code >> 8)) "$jt" "$jf" $((16#$k & 255)) $((16#$k >> 8 & 255)) $((16#$k >> 16 & 255)) $((16#$k >> 24 & 255)))"
  done
}

# expect_line REGEX: REGEX matches a whole line of the output.
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

# equals ACTUAL EXPECTED WHAT
equals()
{
  [ "$1" = "$2" ] || {
    echo "$3: got '$1', want '$2'"
    return 1
  }
}

# field NAME: prints the value of a field in the output of /proc/PID/status (or limits).
field()
{
  sed -n "s/^$1:[[:space:]]*//p" <<<"$output"
}

# --- cgroups -------------------------------------------------------------------------------

# controller_file CONTROLLER FILE: prints the path of the file for our container; fails if this host
# has no such controller.
controller_file()
{
  local dir
  if [ "$CGROUPFS" = cgroup2fs ]; then
    grep -qw "$1" /sys/fs/cgroup/cgroup.controllers || return 1
    echo "/sys/fs/cgroup$CGROUP/$2"
    return 0
  fi
  dir=$(findmnt -nt cgroup -o TARGET -O "$1" | head -n1)
  [ -n "$dir" ] || return 1
  echo "$dir$CGROUP/$2"
}

# Prints each directory of our container in each hierarchy, but not plain directories.
HIERARCHIES=()
while read -r _ _ _ _ path rest; do
  case $rest in
  *' - cgroup '* | *' - cgroup2 '*) HIERARCHIES+=("$path") ;;
  esac
done </proc/self/mountinfo
cgroup_dirs()
{
  local dir leaf=$1
  [ "$DRIVER" != systemd ] || leaf=t-$1.scope
  for dir in "${HIERARCHIES[@]/%/$CGROUP_PARENT/$leaf}"; do
    [ ! -d "$dir" ] || echo "$dir"
  done
  return 0
}

# --- checks for leftovers ------------------------------------------------------------------

# units NAME: prints the units of systemd with that name.
units()
{
  systemctl list-units --all --plain --no-legend --full "$1" | sed 's/^/unit /'
}

# Prints the mounts of the host except those that tests make.
host_mounts()
{
  local lines
  mapfile -t lines </proc/self/mountinfo
  printf '%s\n' "${lines[@]#* * * }"
}

# Finds processes by a variable of their environment. A waiting init has cleared its environment and
# is found by its command line.
marked_processes()
{
  local file pid
  for file in $(grep -lsaF -e "TAMIS_TEST_MARK=$MARK" -e "$ROOT" /proc/[0-9]*/{environ,cmdline}); do
    pid=${file#/proc/}
    pid=${pid%/*}
    case $file in
    */environ) grep -qsaF "TAMIS_TEST_MARK=$MARK" "$file" || continue ;;
    */cmdline) [[ $(cat "/proc/$pid/comm" 2>/dev/null) == 'runc:[2:INIT]' ]] || continue ;;
    esac
    echo "process $pid: $(tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null)"
  done
  return 0
}

leftovers()
{
  local id lines mounts
  for id in "${IDS[@]}"; do
    cgroup_dirs "$id"
    [ "$DRIVER" != systemd ] || units "t-$id.scope"
    [ ! -e "$ROOT/$id" ] || echo "state $ROOT/$id"
  done
  mapfile -t lines </proc/self/mountinfo # like host_mounts, without a process
  printf -v mounts '%s\n' "${lines[@]#* * * }"
  [ "$mounts" = "$MOUNTS_BEFORE"$'\n' ] ||
    diff <(echo "$MOUNTS_BEFORE") <(printf %s "$mounts") | grep '^[<>]' | sed 's/^/mount /'
  marked_processes
}

nothing_left()
{
  leftovers >"$T/left"
  [ ! -s "$T/left" ]
}

# mounted_here PATH: registers a mount to be unmounted after the test.
unmount_later()
{
  UNMOUNT+=("$1")
}

# background NAME COMMAND...: starts a process that is killed after the test. Output: $T/NAME.
background()
{
  local name=$1
  shift
  "$@" >"$T/$name" 2>"$T/$name.err" 3>&- </dev/null &
  HELPERS+=($!)
}

# Removes what the test made, then fails if the runtime left anything behind.
clean()
{
  local id pid path rc=0
  [ -n "${T:-}" ] || return 0
  for id in "${IDS[@]}"; do
    [ -e "$ROOT/$id" ] || continue
    TAMIS_TEST_MARK=$MARK "$SYS/within" 20 "$RUNTIME" --root "$ROOT" delete --force "$id" \
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
