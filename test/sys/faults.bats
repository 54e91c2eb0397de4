# SPDX-License-Identifier: Apache-2.0
# Faults around a container: full or read-only state, few descriptors, little memory, signals to
# `run`, reused process numbers, a reboot. The result must be an error or a success, without
# leftovers and without a signal to another process.
load ../lib

# Mounts a tmpfs with these options on the state directory.
state_on_tmpfs()
{
  mkdir -p "$ROOT"
  mount -t tmpfs -o "mode=700,$1" state "$ROOT"
  unmount_later "$ROOT"
}

# bats test_tags=ci
@test "state: a full file system is an error, nothing is left behind" {
  requires tamis
  local pages
  for pages in 1 2 3 4; do
    state_on_tmpfs size=$((pages * 4096))
    run create
    [ "$status" != 0 ] || rt delete --force "$ID"
    equals "$(ls -A "$ROOT")" "" "state directory with $pages pages"
    equals "$(cgroup_dirs "$ID")" "" cgroups
    umount "$ROOT"
  done
  UNMOUNT=()
}

# bats test_tags=ci
@test "state: a file system without free inodes is an error, nothing is left behind" {
  requires tamis
  local n
  for n in 1 2 3 4 5; do
    state_on_tmpfs nr_inodes=$n
    run create
    [ "$status" != 0 ] || rt delete --force "$ID"
    equals "$(ls -A "$ROOT")" "" "state directory with $n inodes"
    equals "$(cgroup_dirs "$ID")" "" cgroups
    umount "$ROOT"
  done
  UNMOUNT=()
}

@test "state: a read-only file system is an error; commands that only read work" {
  requires tamis
  create
  mount --bind "$ROOT" "$ROOT"
  mount -o remount,bind,ro "$ROOT"
  unmount_later "$ROOT"
  equals "$(state_of)" created state
  run rt create --bundle "$BUNDLE" "$ID-two"
  [ "$status" != 0 ]
  umount "$ROOT"
  UNMOUNT=()
}

# bats test_tags=ci
@test "few descriptors: an error, or a container that works" {
  requires tamis
  config 'del(.process.rlimits)'
  local n
  script 'echo works'
  for n in 4 8 12 16 20 24 28 32 48 64; do
    run bash -c 'ulimit -n "$1"; shift; exec env TAMIS_TEST_MARK="$0" timeout 20 "$@"' \
      "$MARK" $n "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" </dev/null 3>&-
    [ "$status" != 124 ]
    [ "$status" = 0 ] && [ "$output" = works ] || {
      [ "$status" != 0 ] && [ -n "$output" ]
      echo "descriptors: $n: $output"
      rt delete --force "$ID"
    }
    until_true 3 nothing_left || {
      leftovers
      false
    }
  done
  equals "$output" works "with 64 descriptors"
}

# bats test_tags=ci
@test "little memory: an error that names it, or a container that works; nothing is left behind" {
  requires tamis
  requires controller memory
  local kib
  for kib in 4 64 128 256 512 1024 2048; do
    config '.linux.resources.memory.limit = $l' --argjson l $((kib * 1024))
    run timeout 30 env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" \
      "$ID" </dev/null 3>&-
    [ "$status" != 124 ]
    rt delete --force "$ID"
    until_true 3 nothing_left || {
      echo "with $kib KiB:"
      leftovers
      false
    }
  done
}

# bats test_tags=ci
@test "run: signals are forwarded to the program, its exit code is returned" {
  local pid s
  for s in TERM INT HUP USR1; do
    : >"$T/signals"
    script "trap 'exit 7' $s; echo ready; while :; do sleep 0.05; done"
    TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" \
      </dev/null >"$T/signals" 2>&1 3>&- &
    pid=$!
    until_true 5 grep -q ready "$T/signals"
    kill -$s $pid
    local rc=0
    wait $pid || rc=$?
    equals $rc 7 "exit code after SIG$s"
  done
}

# The tracer delays what `run` learns: the program has begun, and `run` does not know it yet.
# bats test_tags=ci
@test "run and exec: a signal that the program's first output causes is forwarded" {
  requires program strace
  local text="trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done" rc
  local -a words=(run --bundle "$BUNDLE" "$ID")
  script "$text"
  while :; do
    rm -f "$T/signals"
    TAMIS_TEST_MARK=$MARK strace -D -qqq -o /dev/null -e trace=ppoll \
      -e inject=ppoll:delay_exit=500000 "$RUNTIME" --root "$ROOT" "${words[@]}" \
      </dev/null >"$T/signals" 2>&1 3>&- &
    until_true 15 grep -qs ready "$T/signals"
    rc=0
    kill -TERM $!
    wait $! || rc=$?
    equals $rc 7 "exit code of ${words[0]}"
    [ "${words[0]}" = run ] || break
    words=(exec "$ID" /bin/sh -c "$text")
    script 'exec sleep 100'
    create
    start
  done
}

# bats test_tags=ci
@test "run --detach: a signal after the program has begun ends only the command" {
  requires program strace
  script 'echo ready; exec sleep 100'
  TAMIS_TEST_MARK=$MARK strace -D -qqq -o /dev/null -e trace=ppoll \
    -e inject=ppoll:delay_exit=500000 "$RUNTIME" --root "$ROOT" run --detach --bundle "$BUNDLE" "$ID" \
    </dev/null >"$T/signals" 2>&1 3>&- &
  until_true 15 grep -qs ready "$T/signals"
  kill -TERM $!
  local rc=0
  wait $! || rc=$?
  equals $rc 143 "exit code"
  equals "$(state_of)" running state
}

@test "run: after SIGKILL of run, delete --force removes the container" {
  local pid
  script 'echo ready; exec sleep 100'
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" \
    </dev/null >"$T/killed" 2>&1 3>&- &
  pid=$!
  until_true 5 grep -q ready "$T/killed"
  kill -9 $pid
  wait $pid || true
  rt delete --force "$ID"
  until_true 3 nothing_left || {
    leftovers
    false
  }
}

@test "a reused process number is not taken for init" {
  [ -w /proc/sys/kernel/ns_last_pid ] || skip "the kernel has no ns_last_pid"
  local victim i
  create
  kill -9 "$PID"
  until_true 5 sh -c "! kill -0 $PID"
  # start times are in ticks of 10 ms: within one tick both processes look the same
  local tick
  tick=$(cut -d' ' -f1 /proc/uptime)
  until_true 5 sh -c "test \$(cut -d' ' -f1 /proc/uptime) != $tick"
  tick=$(cut -d' ' -f1 /proc/uptime)
  until_true 5 sh -c "test \$(cut -d' ' -f1 /proc/uptime) != $tick"
  for i in $(seq 50); do
    echo $((PID - 1)) >/proc/sys/kernel/ns_last_pid
    sleep 30 3>&- &
    victim=$!
    HELPERS+=($victim)
    [ $victim = "$PID" ] && break
  done
  [ $victim = "$PID" ] || skip "could not reuse the process number"
  equals "$(state_of)" stopped state
  run rt kill "$ID" KILL
  run rt delete --force "$ID"
  expect_status 0
  kill -0 "$victim"
}

@test "the program does not inherit a thousand descriptors of the caller" {
  args /bin/payload fds
  run bash -c 'ulimit -n 2048; for i in $(seq 10 1000); do eval "exec $i</dev/null"; done
    exec env TAMIS_TEST_MARK="$0" "$@"' "$MARK" \
    "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" </dev/null 3>&-
  expect_status 0
  equals "$(cut -d' ' -f1 <<<"$output" | tr '\n' ' ')" "0 1 2 " descriptors
}

# bats test_tags=ci
@test "create, start, kill, state, delete on one ID at once: nothing left behind, no hang" {
  unlike runc "1.1.5 leaks"
  unlike crun "1.8.1 leaks"
  local i pids=()
  script 'exec sleep 100'
  for i in $(seq 24); do
    case $((i % 6)) in
      0 | 1) set -- create --bundle "$BUNDLE" "$ID" ;;
      2) set -- start "$ID" ;;
      3) set -- kill "$ID" KILL ;;
      4) set -- state "$ID" ;;
      5) set -- delete --force "$ID" ;;
    esac
    TAMIS_TEST_MARK=$MARK timeout 20 "$RUNTIME" --root "$ROOT" "$@" </dev/null >/dev/null 2>&1 3>&- &
    pids+=($!)
  done
  for i in "${pids[@]}"; do
    local rc=0
    wait "$i" || rc=$?
    [ $rc != 124 ]
  done
  run rt delete --force "$ID"
  expect_status 0
  until_true 3 nothing_left || {
    leftovers
    false
  }
}
