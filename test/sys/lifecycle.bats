# SPDX-License-Identifier: Apache-2.0
# The states of a container and their transitions; init while it waits for start.
load ../lib

@test "run prints the program's output and returns its exit code" {
  view 'echo hello; exit 42'
  expect_status 42
  equals "$output" hello output
}

# bats test_tags=ci
@test "the states created, running, stopped, deleted" {
  script 'read x </proc/self/stat; exec sleep 100'
  create
  equals "$(state_of)" created "after create"
  start
  equals "$(state_of)" running "after start"
  rt kill "$ID" KILL
  wait_status stopped
  rt delete "$ID"
  run rt state "$ID"
  expect_output "does not exist"
}

@test "the program does not run before start" {
  script 'echo ran'
  create
  equals "$(cat "$T/out")" "" "output before start"
  start
  until_true 5 grep -q ran "$T/out"
}

@test "a second start is an error" {
  script 'sleep 100'
  create
  start
  run start
  [ "$status" != 0 ]
  equals "$(state_of)" running state
}

@test "start of a stopped container is an error" {
  create
  kill -9 "$PID"
  wait_status stopped
  run start
  [ "$status" != 0 ]
  [ "$status" != 124 ]
}

@test "start continues an init that was stopped by SIGSTOP, and does not hang" {
  unlike runc "1.1.5 hangs"
  create
  kill -STOP "$PID"
  local before=$SECONDS
  run timeout 25 env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" start "$ID" 3>&-
  [ "$status" != 124 ]
  [ $((SECONDS - before)) -lt 20 ]
  expect_status 0
  unlike crun "1.8.1 reports success"
  [ "$(sed -n 's/^State:.//p' "/proc/$PID/status" | cut -c1)" != T ]
}

@test "of four starts at once, one succeeds" {
  script 'sleep 100'
  create
  local n=0 pids=()
  for _ in 1 2 3 4; do
    start >/dev/null 2>&1 &
    pids+=($!)
  done
  for p in "${pids[@]}"; do
    ! wait "$p" || n=$((n + 1))
  done
  equals $n 1 "starts that succeeded"
}

@test "of eight creates of one ID at once, one succeeds and the others leave nothing" {
  local n=0 pids=()
  for i in 1 2 3 4 5 6 7 8; do
    TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID" \
      </dev/null >/dev/null 2>"$T/err$i" 3>&- &
    pids+=($!)
  done
  for p in "${pids[@]}"; do
    ! wait "$p" || n=$((n + 1))
  done
  equals $n 1 "creates that succeeded"
  equals "$(state_of)" created state
}

@test "start returns the errno of an execve that fails" {
  requires tamis
  # create cannot detect these: an interpreter that does not exist, a text without a format
  printf '#!/nowhere/interpreter\n' >"$ROOTFS/script"
  printf 'not a program' >"$ROOTFS/text"
  chmod 755 "$ROOTFS/script" "$ROOTFS/text"
  args /script
  create
  run start
  [ "$status" != 0 ]
  expect_output "no such file or directory"
  wait_status stopped
  rt delete "$ID"
  args /text
  create
  run start
  [ "$status" != 0 ]
  expect_output "exec format error"
  rt delete --force "$ID"
}

@test "start returns the errno if the program was removed after create" {
  unlike runc "1.1.5 does not"
  unlike crun "1.8.1 does not"
  cp "$ROOTFS/bin/busybox" "$ROOTFS/bin/gone"
  args /bin/gone
  create
  rm "$ROOTFS/bin/gone"
  run start
  [ "$status" != 0 ]
  expect_output "no such file or directory"
}

@test "/proc/PID/exe of a created container is not the runtime's file" {
  unlike runc "1.1.5 binds its own file read-only"
  create
  local exe own
  exe=$(stat -Lc %d:%i "/proc/$PID/exe")
  own=$(stat -Lc %d:%i "$(command -v "$RUNTIME")")
  [ "$exe" != "$own" ]
  # ... and cannot be written: it is sealed, or on a read-only superblock
  run sh -c "echo x >>/proc/$PID/exe"
  [ "$status" != 0 ]
  run mount -o remount,rw "/proc/$PID/exe"
  [ "$status" != 0 ]
}

@test "init of a created container has no descriptor of the host's files" {
  create
  run ls -l "/proc/$PID/fd"
  expect_no_output "$T/b"
  for fd in /proc/"$PID"/fd/*; do
    case ${fd##*/} in 0 | 1 | 2) continue ;; esac
    [ ! -d "$fd/" ] || { readlink "$fd"; false; }
  done
}

@test "init of a created container is not dumpable: processes inside cannot trace it" {
  create
  equals "$(stat -c %u "/proc/$PID/environ")" 0 owner
  unlike runc "1.1.5 is otherwise"
  [ "$(cat /proc/sys/fs/suid_dumpable)" != 1 ] || skip "suid_dumpable is 1"
  requires tamis
  script 'exec sleep 100'
  run setpriv --reuid 65534 --clear-groups sh -c "readlink /proc/$PID/exe"
  [ "$status" != 0 ]
}

@test "init ends before start: the state is stopped, kill reports it, delete removes everything" {
  create
  kill -9 "$PID"
  wait_status stopped
  run rt delete "$ID"
  expect_status 0
  nothing_left || { leftovers; false; }
}

@test "kill works on a created container" {
  create
  rt kill "$ID" KILL
  wait_status stopped
}

# bats test_tags=ci
@test "created: the signals that end a process end init, in any PID namespace" {
  unlike crun "1.8.1 ignores all but KILL"
  local sig shared n=0
  for shared in '' shared; do
    [ -z "$shared" ] || config '.linux.namespaces |= map(select(.type != "pid"))'
    for sig in HUP INT QUIT ABRT TERM; do
      use "$BUNDLE" "$ID$((++n))"
      create
      rt kill "$ID" $sig
      wait_status stopped || { echo "after $sig $shared"; false; }
      rt delete "$ID"
    done
    use "$BUNDLE" "$ID$((++n))"
    create
    rt kill "$ID" WINCH
    rt kill "$ID" CONT
    equals "$(state_of)" created "after WINCH and CONT"
    rt kill "$ID" KILL
  done
}

@test "the program starts with no signal handled, blocked or ignored" {
  args cat /proc/self/status
  run rt run --bundle "$BUNDLE" "$ID"
  local set
  for set in SigBlk SigIgn SigCgt; do
    equals "$(field $set)" 0000000000000000 $set
  done
}

@test "kill 0 checks whether the container runs" {
  unlike crun "1.8.1 knows no signal 0"
  create
  rt kill "$ID" 0
  script 'exec sleep 100'
  rt kill "$ID" 0 --all
  equals "$(state_of)" created "after signal 0"
  rt kill "$ID" KILL
  wait_status stopped
  run rt kill "$ID" 0
  expect_status 1
  expect_output "container not running"
  rt kill --all "$ID" 0
}

# bats test_tags=ci
@test "delete --force in each state" {
  local id n=0
  for what in created running stopped paused; do
    use "$BUNDLE" "$ID$((++n))"
    script 'sleep 100'
    create
    [ $what = created ] || start
    [ $what != stopped ] || { rt kill "$ID" 9; wait_status stopped; }
    if [ $what = paused ] && file=$(controller_file freezer freezer.state); then
      echo FROZEN >"$file"
      wait_status paused
    fi
    run timeout 20 env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" delete --force "$ID"
    expect_status 0
    equals "$output" "" "output in $what"
    run rt state "$ID"
    expect_output "does not exist"
  done
}

@test "delete --force kills the processes that are left in the cgroup" {
  script '(setsid sleep 100 >/dev/null 2>&1 &) ; echo ready; exec sleep 100'
  config 'del(.linux.namespaces[] | select(.type == "pid"))'
  create
  start
  until_true 5 grep -q ready "$T/out"
  rt kill "$ID" KILL
  wait_status stopped
  rt delete --force "$ID"
  nothing_left || { leftovers; false; }
}

# bats test_tags=ci
@test "delete --force removes the container of a killed create" {
  unlike runc "leaks"
  unlike crun "leaks"
  local i
  for i in 1 2 3 4 5 6; do
    TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID" \
      </dev/null >/dev/null 2>&1 3>&- &
    sleep 0.00$i
    kill -9 $! || true
    wait $! 2>/dev/null || true
    run rt delete --force "$ID"
    expect_status 0
    until_true 3 nothing_left || { leftovers; false; }
  done
}

@test "a symbolic link in the state directory is not followed" {
  requires tamis
  mkdir "$T/precious" "$ROOT" -p
  chmod 700 "$ROOT"
  echo x >"$T/precious/record"
  ln -s "$T/precious" "$ROOT/$ID"
  run rt delete --force "$ID"
  [ -s "$T/precious/record" ]
  rm -f "$ROOT/$ID"
}

@test "the state directory has mode 0700 and no state.json" {
  create
  requires tamis
  equals "$(stat -c %a "$ROOT/$ID")" 700 mode
  [ ! -e "$ROOT/$ID/state.json" ]
  cmp "$ROOT/$ID/config.json" "$BUNDLE/config.json"
}

@test "a change of the config after create has no effect" {
  script 'echo first'
  create
  script 'echo second'
  start
  until_true 5 grep -q . "$T/out"
  equals "$(cat "$T/out")" first output
}

# bats test_tags=all
@test "a lock that another process keeps is waited for only a while, with any signal mask" {
  requires tamis
  create
  background holder flock --no-fork "$ROOT/$ID" sleep 100
  until_true 5 is_locked
  local before=$SECONDS
  run timeout 30 env --block-signal=ALRM TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" \
    delete "$ID" 3>&-
  expect_status 1
  expect_output "is busy"
  [ $((SECONDS - before)) -lt 20 ]
  kill "${HELPERS[0]}"
}

is_locked()
{
  ! flock --nonblock "$ROOT/$ID" true
}

# bats test_tags=ci
@test "refused: annotations that are too large for the record" {
  requires tamis
  head -c 5000000 /dev/zero | tr '\0' x >"$T/much"
  config '.annotations.much = $much' --rawfile much "$T/much"
  refused "annotations"
}

@test "the state of another user is not trusted" {
  requires tamis
  create
  chown 1000 "$ROOT/$ID"
  run rt delete --force "$ID"
  expect_status 1
  expect_output "belongs to uid 1000"
  run rt state "$ID"
  expect_status 1
  run rt list --quiet
  equals "$output" "" list
  kill -0 "$PID"
  chown 0 "$ROOT/$ID"
}

@test "a damaged record of a container without a cgroup: its processes are found all the same" {
  requires tamis
  script 'sleep 100'
  config 'del(.linux.resources)'
  rt --cgroup-manager disabled create --bundle "$BUNDLE" --pid-file "$T/pid" "$ID"
  start
  truncate -s 20 "$ROOT/$ID/record"
  rt delete --force "$ID"
  [ ! -e "/proc/$(cat "$T/pid")" ]
}

# bats test_tags=all
@test "state, list: at no moment of create and delete is an intact container reported as damaged" {
  requires tamis
  mkdir -p "$ROOT" # exists before create, so that the root is always found
  watched() # output to a file, because a waiting init keeps a pipe open
  {
    local rc=0
    timeout 60 env TAMIS_TEST_MARK="$MARK" "$TAMIS_BUILDDIR/test/steps/watcher" "$RUNTIME" "$ROOT" "$ID" "$@" \
      3>&- </dev/null >"$T/watched" 2>&1 || rc=$?
    cat "$T/watched"
    return $rc
  }
  args /bin/payload pause
  run watched create --bundle "$BUNDLE" "$ID"
  expect_status 0
  equals "$(sed 's/ [0-9]*$//' <<<"$output")" $'absent\ncreating\ncreated' "create: $output"
  start
  run watched delete --force "$ID"
  expect_status 0
  equals "$(sed 's/ [0-9]*$//' <<<"$output")" $'running\nstopped\nabsent' "delete --force: $output"
  create
  rt kill "$ID" KILL
  wait_status stopped
  run watched delete "$ID"
  expect_status 0
  equals "$(sed 's/ [0-9]*$//' <<<"$output")" $'stopped\nabsent' "delete: $output"
  config '.hooks.createRuntime = [{"path": "/bin/false"}]'
  run watched create --bundle "$BUNDLE" "$ID"
  [ "$status" != 0 ]
  equals "$(grep -vxE 'tamis: .*' <<<"$output" | sed 's/ [0-9]*$//')" $'absent\ncreating\nabsent' "failing create: $output"
}

@test "create uses a state directory without a record, which a killed command left behind" {
  requires tamis
  mkdir -p -m 700 "$ROOT/$ID"
  touch "$ROOT/$ID/config.json" "$ROOT/$ID/.record.4711"
  run rt state "$ID"
  expect_output "does not exist"
  run rt list -q
  equals "$output" "" list
  create
  rt delete --force "$ID"
  mkdir -m 700 "$ROOT/$ID"
  touch "$ROOT/$ID/state.json" # of another runtime
  run create
  [ "$status" != 0 ]
  expect_output "already exists"
  rm -r "${ROOT:?}/$ID"
  mkdir -m 700 "$ROOT/$ID"
  rt delete --force "$ID"
  [ ! -e "$ROOT/$ID" ]
}

@test "a container that keeps the start channel open is started and reported as running" {
  unlike runc "1.1.5 waits for ever"
  config '.root.readonly = false | .process.capabilities |= with_entries(.value += ["CAP_SYS_PTRACE"])'
  args /bin/sleep 100
  create
  rt exec --detach "$ID" /bin/sh -c 'for f in /proc/1/fd/*; do
    case $(readlink $f) in *.fifo) exec 9>>$f; touch /held; exec sleep 100;; esac; done'
  until_true 5 test -e "$ROOTFS/held"
  run start
  expect_status 0
  equals "$(state_of)" running status
}

# Closing a copied descriptor can wait for a file system that the container serves.
@test "start and exec copy no descriptor from the container's program" {
  requires tamis
  requires program strace
  args /bin/sleep 100
  create
  local real=$RUNTIME
  printf '#!/bin/sh\nexec strace -o %s -A -e trace=pidfd_getfd %s "$@"\n' "$T/calls" "$real" >"$T/traced"
  chmod 755 "$T/traced"
  RUNTIME=$T/traced
  start
  rt exec "$ID" /bin/true
  RUNTIME=$real
  grep -c 'exited with 0' "$T/calls"
  equals "$(grep -c pidfd_getfd "$T/calls")" 0 "descriptors taken of the program"
}
