# SPDX-License-Identifier: Apache-2.0
# exec: the namespaces and cgroups of the new process, its confinement, the options.
load ../lib

# running: starts the container with a program that waits. Sets PID.
running()
{
  args /bin/payload pause
  create
  start
}

# x [OPTION]... PROGRAM...: runs exec in it; "--" ends the options.
x()
{
  local words=()
  while [ $# -gt 0 ] && [ "$1" != -- ]; do
    words+=("$1")
    shift
  done
  [ $# = 0 ] || shift
  rt exec "${words[@]}" "$ID" "$@"
}

# process FILTER [JQ-OPTION]...: writes $T/process.json, the container's process changed by jq.
process()
{
  local filter=$1
  shift
  jq "$@" ".process | $filter" "$BUNDLE/config.json" >"$T/process.json"
}

# freezer FROZEN|THAWED
freezer()
{
  local file
  file=$(controller_file freezer freezer.state) || file=
  if [ -n "$file" ]; then
    echo "$1" >"$file"
  else
    [ "$1" = FROZEN ] && echo 1 >"/sys/fs/cgroup$CGROUP/cgroup.freeze" ||
      echo 0 >"/sys/fs/cgroup$CGROUP/cgroup.freeze"
  fi
}

# --- exit codes and messages ----------------------------------------------------------------

@test "exit code of the program, 128+n for a signal, 255 if it cannot be run" {
  running
  run x -- /bin/sh -c 'echo out; exit 7'
  expect_status 7
  expect_line out
  run x -- /bin/sh -c 'kill -9 $$'
  expect_status 137
  unlike crun "1.8.1 says 1"
  run x -- /nosuch
  expect_status 255
  expect_output 'no such file or directory'
  run x -- nosuch
  expect_status 255
  expect_output 'executable file not found in $PATH'
  run x -- /etc/passwd
  expect_status 255
  expect_output 'permission denied'
}

# bats test_tags=all
@test "words after the ID belong to the program" {
  running
  run x -- /bin/echo --detach -d --process x
  expect_status 0
  expect_line '--detach -d --process x'
}

@test "errors: an unknown container, a stopped one, no program" {
  requires tamis
  run x -- /bin/true
  expect_status 255
  expect_output 'container does not exist'
  args /bin/true
  create
  start
  wait_status stopped
  run x -- /bin/true
  expect_status 255
  expect_output 'cannot exec in a stopped container: container not running'
  run rt exec "$ID"
  expect_status 255
  expect_output usage
}

@test "detached: the pid file has only the pid, an existing file is replaced" {
  running
  : >"$T/exec.pid"
  x --detach --pid-file "$T/exec.pid" -- /bin/payload pause
  local pid
  pid=$(cat "$T/exec.pid")
  equals "$(wc -c <"$T/exec.pid")" ${#pid} bytes
  equals "$(tr '\0' ' ' <"/proc/$pid/cmdline")" '/bin/payload pause ' program
}

# bats test_tags=ci
@test "no pid file and no process if the program cannot be run" {
  running
  local before
  before=$(cat /proc/"$PID"/task/"$PID"/children)
  for program in /nosuch /etc/passwd /dev/null; do
    run x --detach --pid-file "$T/exec.pid" -- $program
    [ "$status" != 0 ]
    [ ! -e "$T/exec.pid" ]
  done
  printf 'no program' >"$ROOTFS/bin/text"
  chmod 755 "$ROOTFS/bin/text"
  run x --detach --pid-file "$T/exec.pid" -- /bin/text
  [ "$status" != 0 ]
  [ ! -e "$T/exec.pid" ]
  unlike runc "1.1.5 runs before it knows"
  expect_output 'exec format error'
  equals "$(cat /proc/"$PID"/task/"$PID"/children)" "$before" "init's children"
}

@test "signals in the foreground are forwarded to the program" {
  running
  background fg env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" exec "$ID" /bin/sh -c \
    'trap "echo got it; exit 9" TERM; echo ready; while :; do usleep 10000; done'
  until_true 5 grep -q ready "$T/fg"
  kill -TERM "${HELPERS[-1]}"
  local rc=0
  wait "${HELPERS[-1]}" || rc=$?
  equals $rc 9 'exit code'
  grep -q 'got it' "$T/fg"
}

@test "in a created container, which can be started afterwards" {
  script 'echo started; exec payload pause'
  create
  run x -- /bin/echo inside
  expect_status 0
  expect_line inside
  is_status created
  start
  until_true 5 grep -q started "$T/out"
}

# --- namespaces and cgroups ------------------------------------------------------------------

same_as_init()
{
  local pid ns
  x --detach --pid-file "$T/exec.pid" -- /bin/payload pause
  pid=$(cat "$T/exec.pid")
  for ns in cgroup ipc mnt net pid time user uts; do
    equals "$(readlink "/proc/$pid/ns/$ns")" "$(readlink "/proc/$PID/ns/$ns")" $ns
  done
  equals "$(cat "/proc/$pid/cgroup")" "$(cat "/proc/$PID/cgroup")" cgroups
  equals "$(readlink "/proc/$pid/root")" / root
}

# bats test_tags=ci
@test "all namespaces and cgroups of init" {
  running
  same_as_init
}

# bats test_tags=ci
@test "user and time namespaces too" {
  config '.linux.namespaces += [{"type": "user"}, {"type": "time"}] |
    .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 65536}] |
    .linux.gidMappings = .linux.uidMappings | .linux.timeOffsets = {"boottime": {"secs": 1000}}'
  unlike runc "1.1.5 knows no time namespace"
  unlike crun "1.8.1 does not join it"
  chmod 755 "$T" "$T/b" "$ROOTFS"
  running
  same_as_init
  run x --user 7:8 -- /bin/cat /proc/self/status
  expect_status 0
  equals "$(field Uid)" $'7\t7\t7\t7' uid
  expect_line 'Groups:.*'
}

# bats test_tags=ci
@test "namespaces that init joined by path" {
  unshare --net --ipc sleep 1000 3>&- &
  local holder=$!
  HELPERS+=($holder)
  config '.linux.namespaces = [.linux.namespaces[] | select(.type != "network" and .type != "ipc")] +
    [{"type": "network", "path": ("/proc/" + $p + "/ns/net")},
    {"type": "ipc", "path": ("/proc/" + $p + "/ns/ipc")}]' --arg p "$holder"
  until_true 5 eval '[ "$(readlink /proc/self/ns/net)" != "$(readlink /proc/'$holder'/ns/net)" ]'
  running
  same_as_init
}

@test "the session keyring of the container" {
  args /bin/sh -c 'payload syscall keyctl 0 -3 0; exec payload pause'
  create
  start
  until_true 5 grep -q keyctl "$T/out"
  run x -- payload syscall keyctl 0 -3 0
  expect_line "$(cat "$T/out")"
}

# bats test_tags=ci
@test "--cgroup: only cgroups below the container's" {
  requires tamis
  local dir
  running
  for dir in $(cgroup_dirs "$ID"); do
    mkdir "$dir/sub"
  done
  # not all hierarchies on v1: a new cpuset has no processors and accepts no process
  local some=sub
  [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ] || some=pids,freezer:sub
  run x --cgroup $some --detach --pid-file "$T/exec.pid" -- /bin/payload pause
  expect_status 0
  grep -q "$CGROUP/sub$" "/proc/$(cat "$T/exec.pid")/cgroup"
  for dir in .. ../.. /../x sub/../.. pids:..; do
    run x --cgroup "$dir" -- /bin/true
    expect_status 255
  done
  run x --cgroup nosuch -- /bin/true
  expect_status 255
  run x --cgroup nosuch:sub -- /bin/true
  expect_status 255
}

# An init that manages its own cgroups (systemd) has moved out of the container's cgroup, which may
# then be unable to hold processes.
@test "cgroup v2: exec joins the cgroup that init has moved to" {
  requires tamis
  requires v2
  running
  mkdir "/sys/fs/cgroup$CGROUP/init.scope"
  echo "$PID" >"/sys/fs/cgroup$CGROUP/init.scope/cgroup.procs"
  x --detach --pid-file "$T/exec.pid" -- /bin/payload pause
  grep -qx "0::$CGROUP/init.scope" "/proc/$(cat "$T/exec.pid")/cgroup"
  mkdir "/sys/fs/cgroup$CGROUP/sub"
  x --cgroup sub --detach --pid-file "$T/exec.pid" -- /bin/payload pause
  grep -qx "0::$CGROUP/sub" "/proc/$(cat "$T/exec.pid")/cgroup"
}

# --- the process -----------------------------------------------------------------------------

@test "by default ids, capabilities, environment and directory of the container's process" {
  config '.process.user = {"uid": 5, "gid": 6, "additionalGids": [7]} | .process.cwd = "/tmp" |
    .process.env += ["FROM=config"]'
  running
  run x --env ADDED=1 --env FROM=option -g 8 -- /bin/sh -c 'id -u; id -g; id -G; pwd; echo $ADDED $FROM'
  expect_status 0
  equals "$(tr '\n' ' ' <<<"$output")" '5 6 6 7 8 /tmp 1 option ' process
}

# bats test_tags=ci
@test "--process: all members apply; the container's apply if it lacks them" {
  running
  process '.args = ["/bin/cat", "/proc/self/status", "/proc/self/limits", "/proc/self/oom_score_adj"] |
    .user = {"uid": 1000, "gid": 1001, "additionalGids": [5, 4], "umask": 63} | .oomScoreAdj = 77 |
    .rlimits = [{"type": "RLIMIT_CORE", "soft": 11, "hard": 12}] | .noNewPrivileges = false |
    .capabilities = {"bounding": ["CAP_KILL"]}'
  run x --process "$T/process.json"
  expect_status 0
  equals "$(field Uid)" $'1000\t1000\t1000\t1000' uid
  equals "$(field Gid)" $'1001\t1001\t1001\t1001' gid
  expect_line 'Groups:.*4 5 *'
  equals "$(field CapBnd)" 0000000000000020 bounding
  equals "$(field CapPrm)" 0000000000000000 permitted
  equals "$(field NoNewPrivs)" 0 NoNewPrivs
  equals "$(field Umask)" 0077 umask
  expect_line 'Max core file size +11 +12 .*'
  expect_line 77
  process '{args: ["/bin/cat", "/proc/self/status"], cwd: "/", env: [], user: {uid: 0, gid: 0}}'
  run x --process "$T/process.json"
  equals "$(field CapBnd)" "$(sed -n 's/^CapBnd:\t//p' "/proc/$PID/status")" "bounding of the container"
}

# bats test_tags=all
@test "--process: errors are reported with their place" {
  requires tamis
  running
  process '.user.uid = "5"'
  run x --process "$T/process.json"
  expect_status 255
  expect_output 'process.json:'
  expect_output 'user.uid'
  process '.scheduler = {"policy": "SCHED_FIFO"}'
  run x --process "$T/process.json"
  expect_status 255
  run x --process "$T/nosuch.json"
  expect_status 255
  expect_no_output 'no such file'
}

@test "--preserve-fds: only those descriptors" {
  running
  run bash -c "TAMIS_TEST_MARK=$MARK $RUNTIME --root $ROOT exec --preserve-fds 1 $ID \
    /bin/payload fds 3</etc/hostname 4</etc/hosts 5</etc </dev/null"
  expect_status 0
  expect_line '3 /etc/hostname'
  expect_no_line '[4-9] .*'
}

@test "--pidfd-socket: sends one descriptor" {
  requires tamis
  running
  background pidfd "$SYS/recvtty" "$T/pidfd.sock" "$T/ready"
  until_true 5 test -e "$T/ready"
  x --detach --pidfd-socket "$T/pidfd.sock" -- /bin/payload pause
  until_true 5 grep -qE 'message: 5 bytes, 1 fds' "$T/pidfd.err"
}

# bats test_tags=ci
@test "every option that describes the process, also by its letter" {
  config '.process.noNewPrivileges = false'
  running
  run x -u 7:8 -g 9 -g 10 -e A=1 -e A=2 --cwd /tmp --no-new-privs -c CAP_SYS_TIME -- /bin/sh -c \
    'id -u; id -g; id -G; echo $A; pwd; grep NoNewPrivs /proc/self/status; grep CapBnd /proc/self/status'
  expect_status 0
  equals "$(head -n5 <<<"$output" | tr '\n' ' ')" '7 8 8 9 10 2 /tmp ' process
  equals "$(field NoNewPrivs)" 1 NoNewPrivs
  [ $((0x$(field CapBnd) >> 25 & 1)) = 1 ]
  run x -- /bin/grep NoNewPrivs /proc/self/status
  equals "$(field NoNewPrivs)" 0 "NoNewPrivs of the config"
}

@test "--apparmor, --process-label: refused if the host has no such module" {
  requires tamis
  [ ! -e /sys/kernel/security/apparmor ] && [ ! -e /sys/fs/selinux/enforce ] || skip "the host has one"
  running
  run x --apparmor docker-default -- /bin/true
  expect_status 255
  expect_output AppArmor
  run x --process-label system_u:system_r:container_t:s0 -- /bin/true
  expect_status 255
  expect_output SELinux
  run x --apparmor unconfined -- /bin/true
  expect_status 0
}

# --- the filter -------------------------------------------------------------------------------

filtered()
{
  config '.linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
    {"names": ["sethostname"], "action": "SCMP_ACT_ERRNO", "errnoRet": 77}]}'
}

# bats test_tags=ci
@test "has the same filter as init, with and without no_new_privs, as any user" {
  local nnp user
  filtered
  running
  for nnp in true false; do
    for user in 0 1000; do
      process ".noNewPrivileges = $nnp | .user = {uid: $user, gid: $user} |
        .args = [\"/bin/sh\", \"-c\", \"payload syscall sethostname s:x 1; cat /proc/self/status\"]"
      run x --process "$T/process.json"
      expect_line 'sethostname: EBADFD'
      equals "$(field Seccomp)" 2 Seccomp
      equals "$(field Seccomp_filters)" 1 filters
    done
  done
}

@test "a filter that allows execve but no call of the runtime" {
  requires tamis
  config '.linux.seccomp = {"defaultAction": "SCMP_ACT_KILL_PROCESS", "syscalls": [
    {"names": ["execve", "write", "exit_group", "pause", "rt_sigaction", "rt_sigprocmask"],
    "action": "SCMP_ACT_ALLOW"}]}'
  args /bin/tiny
  create
  run x -- /bin/tiny
  expect_status 7
  expect_line 'tiny ran'
  # calls of the C library are denied: the program is killed, which is not an error of the runtime
  run x -- /bin/payload uids
  expect_status 159
}

# bats test_tags=ci
@test "without filter.bpf, or if it is truncated or too long, nothing runs" {
  requires tamis
  filtered
  running
  cp "$ROOT/$ID/filter.bpf" "$T/whole"
  for how in 'rm $F' ': >$F' 'head -c 16 $T/whole >$F' 'cat $T/whole $T/whole >$F'; do
    F=$ROOT/$ID/filter.bpf
    eval "$how"
    run x -- /bin/echo ran
    expect_status 255
    expect_no_output 'ran'
  done
  cp "$T/whole" "$F"
  run x -- /bin/echo ran
  expect_line ran
}

nr()
{
  printf '#include <sys/syscall.h>\nSYS_%s\n' "$1" | gcc -E -P - | tail -n1
}

# bats test_tags=all
@test "NOTIFY: the agent gets the process's state and answers its calls" {
  requires tamis
  requires program gcc
  config '.linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": $p, "syscalls": [
    {"names": ["sethostname"], "action": "SCMP_ACT_NOTIFY"}]}' --arg p "$T/agent.sock"
  background init "$SYS/agent" "$T/agent.sock" "$T/init.ready" "$T/init.state"
  until_true 5 test -e "$T/init.ready"
  running
  rm -f "$T/agent.sock"
  background agent "$SYS/agent" "$T/agent.sock" "$T/agent.ready" "$T/agent.state" \
    "$(nr sethostname)=value:77"
  until_true 5 test -e "$T/agent.ready"
  run x --pid-file "$T/exec.pid" -- /bin/payload syscall sethostname s:x 1
  expect_line 'sethostname: 77'
  jq -e --argjson init "$PID" --argjson pid "$(cat "$T/exec.pid")" '.pid == $pid and
    .state.pid == $init and .state.status == "running"' "$T/agent.state"
  rm -f "$T/agent.sock"
  run x -- /bin/echo ran
  expect_status 255
  expect_no_output 'ran'
}

# --- terminals --------------------------------------------------------------------------------

@test "a terminal by the console socket, detached" {
  running
  background tty "$SYS/recvtty" "$T/console.sock" "$T/ready"
  until_true 5 test -e "$T/ready"
  x --detach --tty --console-socket "$T/console.sock" -- /bin/sh -c \
    'tty; : </dev/tty && echo controlling; stat -c "owner %u" $(readlink /proc/self/fd/0)'
  until_true 5 grep -q 'owner 0' "$T/tty"
  grep -q controlling "$T/tty"
  grep -qE 'message: [1-9][0-9]* bytes, 1 fds' "$T/tty.err"
}

# bats test_tags=ci
@test "a terminal in the foreground without a console socket: relayed, with its size" {
  running
  process '.terminal = true | .args = ["/bin/sh", "-c", "tty; stty size; exit 5"]'
  ln -s busybox "$ROOTFS/bin/stty" 2>/dev/null || true
  run timeout 20 script -qec "stty rows 33 cols 99; TAMIS_TEST_MARK=$MARK \
    $RUNTIME --root $ROOT exec --process $T/process.json $ID" /dev/null 3>&-
  output=${output//$'\r'/}
  expect_status 5
  expect_output /dev/pts/
  expect_output '33 99'
}

@test "refused: a detached terminal without a console socket; a console socket without a terminal" {
  requires tamis
  running
  run x --detach --tty --pid-file "$T/exec.pid" -- /bin/true
  expect_status 255
  run x --detach --console-socket "$T/nosuch" -- /bin/true
  expect_status 255
  [ ! -e "$T/exec.pid" ]
}

# --- paused and ending containers -------------------------------------------------------------

# bats test_tags=ci
@test "a paused container is refused; --ignore-paused waits for it" {
  requires tamis
  running
  freezer FROZEN
  run x --pid-file "$T/exec.pid" -- /bin/true
  expect_status 255
  expect_output 'cannot exec in a paused container (use --ignore-paused to override)'
  [ ! -e "$T/exec.pid" ]
  background fg env TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" exec --ignore-paused "$ID" \
    /bin/echo thawed
  sleep 0.2
  [ ! -s "$T/fg" ]
  freezer THAWED
  until_true 5 grep -q thawed "$T/fg"
}

# bats test_tags=ci
@test "init ends during exec: an error, nothing left behind, no hang" {
  running
  local i
  for i in 1 2 3 4 5 6; do
    background "loop$i" env TAMIS_TEST_MARK="$MARK" bash -c 'for i in $(seq 20); do
      timeout 10 '"$RUNTIME --root $ROOT exec $ID /bin/true"' >/dev/null 2>&1
      [ $? != 124 ] || echo hangs; done'
  done
  sleep 0.1
  kill -9 "$PID"
  for i in 1 2 3 4 5 6; do
    wait "${HELPERS[-$i]}" || true
    [ ! -s "$T/loop$i" ]
  done
}

# --- vulnerabilities of other runtimes --------------------------------------------------------

# bats test_tags=ci
@test "CVE-2026-30892: --user accepts only numbers: N or N:M" {
  running
  local u
  for u in 0 1 65534 2147483648; do
    unlike crun "1.8.1: that is the fault"
    run x --user "$u" -- /bin/payload uids
    expect_line "uid $u $u $u gid 0 0 0"
    run x --user "$u:$u" -- /bin/payload uids
    expect_line "uid $u $u $u gid $u $u $u"
  done
  requires tamis
  for u in 1: 1:2:3 :1 -1 '1 ' ' 1' +1 0x1 1.0 4294967295 4294967296 1:-1 root '' :; do
    run x --user "$u" -- /bin/payload uids
    expect_status 255
    expect_output 'names are not looked up'
    expect_no_output 'uid 0'
    run x -g "$u" -- /bin/payload uids
    expect_status 255
  done
}

@test "CVE-2022-29162: no capability is inheritable, also with --cap" {
  running
  run x --cap CAP_SYS_PTRACE -- /bin/cat /proc/self/status
  expect_status 0
  equals "$(field CapInh)" 0000000000000000 inheritable
  equals "$(field CapAmb)" 0000000000000000 ambient
  [ $((0x$(field CapEff) >> 19 & 1)) = 1 ]
}

@test "--cap gives a user other than root that capability and no other" {
  unlike runc "to users other than root only what the config makes inheritable"
  unlike crun "takes the other sets of the container away"
  running
  run x --user 1000 --cap CAP_NET_RAW -- /bin/cat /proc/self/status
  local set
  for set in CapInh CapPrm CapEff CapAmb; do
    equals "$(field $set)" 0000000000002000 $set
  done
  run x --user 1000 -- /bin/cat /proc/self/status
  for set in CapInh CapPrm CapEff CapAmb; do
    equals "$(field $set)" 0000000000000000 "$set without --cap"
  done
}

@test "--cap: an unknown capability is skipped with a warning in the log" {
  running
  run rt --log "$T/log" --log-format json exec --cap CAP_NOSUCH --cap CAP_KILL "$ID" /bin/true
  equals "$output" "" "what is written"
  expect_status 0
  equals "$(wc -l <"$T/log")" 1 records
  jq -e '.level == "warning" and (.msg | contains("CAP_NOSUCH"))' "$T/log"
}

# bats test_tags=ci
@test "--process from a pipe, a FIFO, a process substitution" {
  running
  process '.args = ["/bin/echo", "it", "runs"]'
  mkfifo "$T/fifo"
  cat "$T/process.json" >"$T/fifo" &
  equals "$(x --process "$T/fifo")" "it runs" FIFO
  equals "$(x --process <(cat "$T/process.json"))" "it runs" substitution
  equals "$(sleep 0.1 | cat - "$T/process.json" | "$RUNTIME" --root "$ROOT" exec \
    --process /dev/stdin "$ID")" "it runs" "/dev/stdin on a pipe"
  equals "$("$RUNTIME" --root "$ROOT" exec --process /dev/stdin "$ID" <"$T/process.json")" \
    "it runs" "/dev/stdin on a file"
}

# bats test_tags=ci
@test "--process: an endless device and a directory are refused" {
  unlike runc "reads on for ever"
  unlike crun "reads on for ever"
  running
  run x --process /dev/zero
  expect_status 255
  expect_output 'found a file of more than'
  run x --process "$T"
  expect_status 255
  expect_output 'found a directory'
}

# holds PID FILE: whether the process has the file open.
holds()
{
  find "/proc/$1/fd" -lname "$2" | grep -q .
}

@test "--process: SIGTERM ends the wait for a FIFO without a writer" {
  running
  mkfifo "$T/fifo"
  TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" exec --process "$T/fifo" "$ID" 3>&- &
  until_true 5 holds $! "$T/fifo"
  kill -TERM $!
  status=0
  wait $! || status=$?
  expect_status 143
}

# bats test_tags=ci
@test "CVE-2024-21626: no descriptor leads out by the working directory" {
  running
  local fd
  ln -s /proc/self/fd/7 "$ROOTFS/out"
  for fd in $(seq 3 20); do
    run x --cwd "/proc/self/fd/$fd" -- /bin/sh -c 'pwd; ls ..'
    [ "$status" != 0 ] || {
      unlike runc "faulty"
      echo "entered $fd: $output"
      false
    }
  done
  run x --cwd /nosuch -- /bin/pwd
  expect_status 255
  expect_output 'no such file or directory' # Podman makes it 127
  run x --cwd /out -- /bin/pwd
  unlike runc "faulty"
  [ "$status" != 0 ]
  run x -- /bin/payload fds
  expect_no_line '([3-9]|..+) .*'
}

# observed [trace]: runs many execs while the container's program looks at processes that have not
# yet executed the user's program.
observed()
{
  args /bin/payload observe 120 "$@"
  create
  start
  until_true 5 grep -q up "$T/out"
  local i
  for i in $(seq "$(many 10 100)"); do
    rt exec "$ID" /bin/true >/dev/null 2>&1
  done
  rt kill "$ID" KILL
  run cat "$T/out"
}

# bats test_tags=ci
@test "CVE-2016-9962: root of the container cannot trace exec's process or see its descriptors" {
  observed trace
  expect_line 'saw .*'
  expect_no_line traced
  expect_no_line '(fd/.*|cwd|root) .*'
}

# CAP_SYS_PTRACE overrides non-dumpable: such a process must find nothing of use.
# bats test_tags=ci
@test "CVE-2016-9962: a process that may trace finds no descriptor and no directory of the host" {
  config '.process.capabilities |= with_entries(.value += ["CAP_SYS_PTRACE"])'
  observed
  expect_line 'saw .*'
  expect_line 'root /'
  unlike runc "1.1.5 shows its own"
  expect_no_line '(cwd|root) /.+'
  expect_no_line 'fd/[0-9]* ([^s/].*|/.*[^l])' # sockets and /dev/null
}

# bats test_tags=all
@test "CVE-2019-5736: /proc/PID/exe of many execs never leads to the runtime's file" {
  local before
  before=$(stat -c '%Y %s' "$RUNTIME")
  args /bin/payload attack-exe 4
  config '.process.capabilities |= with_entries(.value += ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE"])'
  create
  start
  for i in $(seq "$(many 5 50)"); do
    rt exec "$ID" /proc/self/exe >/dev/null 2>&1 || true
    rt exec "$ID" /bin/true >/dev/null 2>&1 || true
  done
  equals "$(stat -c '%Y %s' "$RUNTIME")" "$before" "the runtime's file"
}
