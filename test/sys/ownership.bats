# SPDX-License-Identifier: Apache-2.0
# Cgroups, pids, state directories and keyrings with an expected name may belong to another
# container or program.
load ../lib

# two: makes containers A (stopped) and B (running) with one cgroupsPath; sets A, B, PID_B.
two()
{
  A=$ID B=$ID-b
  script 'sleep 100'
  create
  start
  rt kill "$A" KILL
  wait_status stopped
  bundle_at "$T/other"
  use "$T/other" "$B"
  config '.linux.cgroupsPath = $p' --arg p "$CGROUP_PARENT/$A"
  script 'sleep 100'
  create
  start
  PID_B=$PID
}

lives()
{
  kill -0 "$1" && equals "$(state_of "$B")" running "state of the other"
}

# bats test_tags=ci
@test "a stopped container whose cgroup path another one uses: kill, ps, delete leave it alone" {
  unlike runc "faulty: see the control"
  unlike crun "not tried"
  requires cgroupfs
  two
  rt kill --all "$A" TERM || true
  rt kill --all "$A" KILL || true
  lives "$PID_B"
  equals "$(rt ps --format json "$A")" "[]" "processes of the stopped one"
  rt delete "$A"
  lives "$PID_B"
  [ -n "$(cgroup_dirs "$A")" ] # of the running container
  rt delete --force "$B"
  [ -z "$(cgroup_dirs "$A")" ]
}

# bats test_tags=all
@test "control: runc 1.1.5 kills the other container together with the stopped one" {
  control runc 1.1.5
  two
  rt kill --all "$A" KILL
  until_true 5 test ! -e "/proc/$PID_B"
}

@test "a record from before a reboot stands for no process and no cgroup" {
  requires tamis
  requires cgroupfs
  script 'sleep 100'
  create
  start
  sed -i 's/"bootId": "[0-9a-f]*/"bootId": "00000000/' "$ROOT/$ID/record"
  grep -q '"bootId": "00000000' "$ROOT/$ID/record"
  equals "$(state_of)" stopped state
  run rt kill "$ID" KILL
  expect_output "not running"
  run rt start "$ID"
  [ "$status" != 0 ]
  rt kill --all "$ID" KILL
  equals "$(rt ps --format json "$ID")" "[]" processes
  rt delete --force "$ID"
  kill -0 "$PID"
  [ -n "$(cgroup_dirs "$ID")" ]
  kill -9 "$PID"
  local dir
  for dir in $(cgroup_dirs "$ID"); do until_true 5 rmdir "$dir"; done
}

@test "a copied state directory stands for no process and no cgroup" {
  requires tamis
  script 'sleep 100'
  create
  start
  cp -a "$ROOT/$ID" "$ROOT/$ID-copy"
  equals "$(state_of)" running state
  for cmd in state kill ps start delete; do
    run rt $cmd "$ID-copy"
    [ "$status" != 0 ]
    expect_output "record cannot be read"
  done
  rt delete --force "$ID-copy"
  [ ! -e "$ROOT/$ID-copy" ]
  equals "$(state_of)" running "state of the original"
  kill -0 "$PID"
}

@test "a renamed state directory is found by its new name, and its processes are killed" {
  requires tamis
  requires cgroupfs
  script 'sleep 100'
  create
  start
  mv "$ROOT/$ID" "$ROOT/$ID-moved"
  run rt state "$ID-moved"
  expect_output "record cannot be read"
  rt delete --force "$ID-moved"
  until_true 5 test ! -e "/proc/$PID"
  nothing_left || { leftovers; false; }
}

# bats test_tags=ci
@test "both versions of the record damaged: only cgroups with its claim are removed" {
  requires tamis
  requires cgroupfs
  script 'sleep 100'
  create
  start
  truncate -s 20 "$ROOT/$ID/record" "$ROOT/$ID/record.old"
  rt delete --force "$ID"
  until_true 5 test ! -e "/proc/$PID"
  two
  truncate -s 20 "$ROOT/$A/record" "$ROOT/$A/record.old"
  rt delete --force "$A"
  lives "$PID_B"
}

# creates N: runs N creates at once, with different ids and the same path. Sets WON.
creates()
{
  local i pids=()
  WON=0
  for i in $(seq "$1"); do
    TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" create --bundle "$BUNDLE" "$ID-$i" \
      </dev/null >/dev/null 2>"$T/err$i" 3>&- &
    pids+=($!)
    IDS+=("$ID-$i")
  done
  for i in "${!pids[@]}"; do
    ! wait "${pids[i]}" || WON=$((WON + 1))
  done
  for i in $(seq "$1"); do
    rt delete --force "$ID-$i"
  done
}

# bats test_tags=all
@test "eight creates with one cgroup path and eight ids: one succeeds, in every round" {
  unlike runc "faulty: see the control"
  unlike crun "not tried"
  requires cgroupfs
  local round rounds none=0 several=0 there
  rounds=$(many 1 50)
  for there in no yes; do
    for round in $(seq $rounds); do
      [ $there = no ] || for dir in "${HIERARCHIES[@]}"; do mkdir -p "$dir$CGROUP"; done
      creates 8
      [ $WON -ge 1 ] || none=$((none + 1))
      [ $WON -le 1 ] || several=$((several + 1))
    done
  done
  echo "# $((2 * rounds)) rounds of 8: $none without a winner, $several with several" >&3
  equals "$none $several" "0 0" "rounds without a winner, and with several"
}

# bats test_tags=all
@test "control: with runc 1.1.5 several succeed" {
  control runc 1.1.5
  local round several=0
  for round in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
    creates 8
    [ $WON -le 1 ] || { several=$round; break; }
  done
  echo "# runc: several winners in round $several" >&3
  [ $several != 0 ]
}

@test "a cgroup that an engine made before is used with its settings" {
  requires cgroupfs
  local file
  file=$(controller_file pids pids.max) || skip "no cgroup controller pids"
  mkdir -p "${file%/*}"
  echo 77 >"$file"
  args /bin/payload pause
  create
  equals "$(cat "$file")" 77 "its limit"
  grep -qx "$PID" "${file%/*}/cgroup.procs"
}

# claim set VALUE|remove NAME: changes the claim on each cgroup of that name, as the container
# could.
claim()
{
  requires program python3
  local dir
  for dir in $(cgroup_dirs "${!#}"); do
    python3 -c 'import os, sys
if sys.argv[2] == "set": os.setxattr(sys.argv[1], "user.tamis.owner", sys.argv[3].encode())
else: os.removexattr(sys.argv[1], "user.tamis.owner")' "$dir" "$@"
  done
}

# other_of A: gives B's bundle the path of A.
other_of()
{
  A=$1 B=$1-b
  bundle_at "$T/other"
  use "$T/other" "$B"
  config '.linux.cgroupsPath = $p' --arg p "$CGROUP_PARENT/$A"
  script 'sleep 100'
}

# bats test_tags=all
@test "a container writes a claim of a running process on its cgroup: the path stays usable" {
  requires tamis
  requires cgroupfs
  local start who what
  start=$(cut -d' ' -f22 "/proc/$$/stat")
  mkdir "$T/locked"
  printf '{"id": "x"}' >"$T/locked/record"
  background lock flock -F "$T/locked" sleep 1000
  who=${HELPERS[-1]}
  until_true 5 grep -q "FLOCK.* $who .*:$(stat -c %i "$T/locked") " /proc/locks
  for what in "1:1 $$ $start x" \
    "$(stat -c %d:%i "$T/locked") $who $(cut -d' ' -f22 "/proc/$who/stat") x"; do
    use "$T/b" "$ID"
    script 'sleep 100'
    create
    rt kill "$ID" KILL
    wait_status stopped
    claim set "$what" "$ID"
    other_of "$ID"
    create
    rt delete "$A"
    equals "$(state_of "$B")" created "state of the other"
    rt delete --force "$B"
    rm -rf "$T/other"
    ID=$A
  done
}

# bats test_tags=all
@test "a stopped container's cgroup without a claim is made again for another container" {
  requires tamis
  requires cgroupfs
  script 'sleep 100'
  create
  start
  claim remove "$ID"
  other_of "$ID"
  run rt create --bundle "$BUNDLE" "$B"
  expect_output "is not empty"
  rt kill "$A" KILL
  until_true 5 is_stopped "$A"
  create
  start
  PID_B=$PID
  rt kill --all "$A" KILL
  lives "$PID_B"
  rt delete --force "$A"
  lives "$PID_B"
}

is_stopped()
{
  [ "$(state_of "$1")" = stopped ]
}

# without_cgroups COMMAND...: runs it in a mount namespace without mounted hierarchies.
without_cgroups()
{
  TAMIS_TEST_MARK=$MARK unshare --mount sh -c 'umount -R /sys/fs/cgroup && exec "$@"' sh "$RUNTIME" --root "$ROOT" "$@"
}

# bats test_tags=all
@test "a hierarchy that is not mounted any more: no command treats its cgroup as removed" {
  requires tamis
  script 'sleep 100'
  create
  start
  local cmd
  for cmd in "delete --force" "kill --all $ID KILL" "ps $ID" "pause $ID" \
    "update --pids-limit 50 $ID" "events --stats $ID" "exec $ID /bin/true"; do
    [[ $cmd == *"$ID"* ]] || cmd="$cmd $ID"
    # shellcheck disable=SC2086
    run without_cgroups $cmd
    [ "$status" != 0 ]
    [[ $output == *"its hierarchy is not mounted at /sys/fs/cgroup"* ||
      ($cmd == update* && $output == *"this host has no cgroup controller"*) ]] || {
      echo "$cmd: $output"
      false
    }
    case $cmd in delete*) until_true 5 test ! -e "/proc/$PID"; rt delete --force "$ID"; create; start ;; esac
  done
  equals "$(state_of)" running state
}

# stopped_pid_is WHAT: gives the pid of a container that has ended to another process.
stopped_pid_is()
{
  script 'sleep 100'
  create
  start
  rt kill "$ID" KILL
  wait_status stopped
  until_true 5 test ! -e "/proc/$PID"
  background reuse "$SYS/reuse" "$1" "$PID"
  until_true 10 grep -q ready "$T/reuse"
}

# bats test_tags=all
@test "a pid that belongs to another process or is a thread of one: the container has stopped" {
  [ -e /proc/sys/kernel/ns_last_pid ] || skip "the kernel has no ns_last_pid"
  unlike runc "1.1.5 believes the thread"
  unlike crun "not tried"
  local what
  for what in thread process; do
    stopped_pid_is $what
    equals "$(state_of)" stopped "state with a $what"
    run rt kill "$ID" KILL
    [ "$status" != 0 ]
    expect_output "not running"
    run rt ps --format json "$ID"
    equals "$output" "[]" "processes with a $what"
    rt list | grep -q "^$ID .*stopped"
    if [ $what = thread ]; then rt delete "$ID"; else rt delete --force "$ID"; fi
    kill -0 "${HELPERS[-1]}"
    kill -9 "${HELPERS[-1]}"
  done
}

@test "a process that procfs does not show: delete --force kills it all the same" {
  requires tamis
  requires cgroupfs
  script 'sleep 100'
  create
  start
  # with the procfs of another PID namespace it cannot be determined which process has the number
  printf '#!/bin/sh\nunshare --pid --fork mount -t proc proc /proc\nexec "$@"\n' >"$T/blind"
  chmod 755 "$T/blind"
  run unshare --mount "$T/blind" "$RUNTIME" --root "$ROOT" state "$ID"
  expect_output '"status": "running"'
  run timeout 20 unshare --mount "$T/blind" "$RUNTIME" --root "$ROOT" delete --force "$ID"
  expect_status 0
  until_true 5 test ! -e "/proc/$PID"
  nothing_left || { leftovers; false; }
}

@test "a keyring with the container's name that an ordinary user made does not prevent create" {
  unlike runc "joins it"
  unlike crun "joins it"
  background attacker setpriv --reuid 1000 --clear-groups "$SYS/payload" keyring "_ses.$ID"
  until_true 5 grep -q ready "$T/attacker"
  args /bin/sh -c 'payload syscall keyctl 0 -3 0; exec payload pause'
  create
  start
  until_true 5 grep -q keyctl "$T/out"
  # exec joins the container's keyring
  run rt exec "$ID" /bin/payload syscall keyctl 0 -3 0
  expect_line "$(cat "$T/out")"
}

# A process of the container can revoke its keyring and send the name to a process outside.
# bats test_tags=all
@test "a session keyring that another user made with the container's name is not joined" {
  requires tamis
  args /bin/sh -c 'payload syscall keyctl 3 -3; echo revoked; exec payload pause'
  create
  start
  until_true 5 grep -q revoked "$T/out"
  background attacker setpriv --reuid 1000 --clear-groups "$SYS/payload" keyring \
    "$(jq -r .sessionKeyring "$ROOT/$ID/record")"
  until_true 5 grep -q ready "$T/attacker"
  run rt exec "$ID" /bin/true
  expect_status 255
  expect_output "found one of another user"
}

@test "a shared PID namespace, init ended, children left: SIGKILL reaches them, as with runc" {
  unlike runc "1.1.5 reports not running; 1.2 and later like tamis"
  unlike crun "not tried"
  script '(setsid sleep 100 >/dev/null 2>&1 &) ; echo ready; exec sleep 100'
  config 'del(.linux.namespaces[] | select(.type == "pid"))'
  create
  start
  until_true 5 grep -q ready "$T/out"
  kill -9 "$PID"
  wait_status stopped
  run rt kill "$ID" TERM
  [ "$status" != 0 ]
  expect_output "not running"
  [ "$(rt ps --format json "$ID")" != "[]" ]
  equals "$(state_of)" stopped state
  rt kill "$ID" KILL
  until_true 5 no_process
  rt kill "$ID" KILL
  rt delete "$ID"
  nothing_left || { leftovers; false; }
}

no_process()
{
  [ "$(rt ps --format json "$ID")" = "[]" ]
}

# decoy DIR INODE: mounts a file system at DIR with a file of that inode number; sets DECOY.
decoy()
{
  local i
  for ((i = 1; i <= $2 + 1; i++)); do
    DECOY=$1/$i
    : >"$DECOY"
    [ "$(stat -c %i "$DECOY")" != "$2" ] || return 0
    rm "$DECOY"
  done
  skip "this kernel does not count inode numbers separately for each tmpfs"
}

# bats test_tags=all
@test "a lock on another file with the same inode number is not the state directory's lock" {
  requires root
  requires tamis
  requires program taskset
  mkdir "$ROOT" "$T/decoy"
  mount -t tmpfs none "$ROOT"
  UNMOUNT+=("$ROOT")
  mount -t tmpfs none "$T/decoy"
  UNMOUNT+=("$T/decoy")
  config '.hooks = {poststart: [{path: "/bin/sh", args: ["sh", "-c", "touch $0; sleep 1000", $t]}]}' --arg t "$T/hook"
  args /bin/payload pause
  create
  decoy "$T/decoy" "$(stat -c %i "$ROOT/$ID")"
  local cpu innocent starter
  cpu=$(taskset -cp $$ | sed 's/.*: *\([0-9]*\).*/\1/')
  background start env TAMIS_TEST_MARK="$MARK" taskset -c "$cpu" "$RUNTIME" --root "$ROOT" start "$ID"
  starter=${HELPERS[-1]}
  until_true 10 test -e "$T/hook"
  background innocent taskset -c "$cpu" flock -F "$DECOY" sleep 1000 9<"$ROOT/$ID"
  innocent=${HELPERS[-1]}
  until_true 5 grep -q " $innocent .*:$(stat -c %i "$DECOY") " /proc/locks
  run rt start "$ID"
  expect_output "another command holds its lock (process $starter)"
  run rt delete --force "$ID"
  expect_status 0
  kill -0 "$innocent"
}

# bats test_tags=all
@test "a claim that a container wrote on its own cgroup, with text for an engine, is ignored" {
  requires tamis
  requires cgroupfs
  requires program python3
  script 'sleep 100'
  create
  rt kill "$ID" KILL
  wait_status stopped
  local dir
  for dir in $(cgroup_dirs "$ID"); do
    python3 -c 'import os, sys
os.setxattr(sys.argv[1], "user.tamis.owner", b"x 1 %s x: No such file or directory" % sys.argv[2].encode())' \
      "$dir" "$(cut -d" " -f22 /proc/1/stat)"
  done
  bundle_at "$T/other"
  use "$T/other" "$ID-b"
  config '.linux.cgroupsPath = $p' --arg p "$CGROUP_PARENT/${ID%-b}"
  script 'sleep 100'
  run create
  expect_no_output "No such file"
  expect_status 0
}

# bats test_tags=all
@test "many locks of an ordinary user do not hide the holder of a container's lock" {
  requires tamis
  requires program python3
  config '.hooks = {poststart: [{path: "/bin/sh", args: ["sh", "-c", "touch $0; sleep 1000", $t]}]}' --arg t "$T/hook"
  args /bin/payload pause
  create
  background start env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" start "$ID"
  local starter=${HELPERS[-1]}
  until_true 10 test -e "$T/hook"
  # 320000 lines of /proc/locks, 18 MB
  background locker python3 -uc 'import fcntl, os, resource, signal, tempfile
resource.setrlimit(resource.RLIMIT_NOFILE, (4096, 4096))
os.setgid(1000)
os.setuid(1000)
files = [tempfile.TemporaryFile() for i in range(3200)]
for f in files:
    for i in range(100): fcntl.lockf(f, fcntl.LOCK_EX, 1, 2 * (100 - i))
print("ready")
signal.pause()'
  until_true 60 grep -q ready "$T/locker"
  run rt start "$ID"
  expect_output "another command holds its lock (process $starter)"
  run rt delete --force "$ID"
  expect_status 0
}
