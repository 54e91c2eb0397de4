# SPDX-License-Identifier: Apache-2.0
# A PID namespace that several containers share (linux.namespaces: pid with a path;
# shareProcessNamespace of Kubernetes, --pid container:X): what a process of another container can
# get from the runtime's processes, and what is seen inside. "Neighbours" are the processes of the
# other container.
load ../lib

# sandbox PROGRAM...: starts a first container with that program and CAP_SYS_PTRACE, and selects
# (`use`) the second container, which joins its PID namespace. SANDBOX is the first one's pid.
sandbox()
{
  local member=$BUNDLE member_id=$ID
  bundle_at "$T/sandbox"
  use "$T/sandbox" "$ID-sandbox"
  cp "$SYS/neighbour" "$ROOTFS/bin/"
  config '.process.capabilities |= with_entries(.value += ["CAP_SYS_PTRACE"])'
  args "$@"
  create
  start
  SANDBOX=$PID
  mv "$T/out" "$T/sandbox.out"
  use "$member" "$member_id"
  config '.linux.namespaces = [.linux.namespaces[] | select(.type != "pid")] +
    [{"type": "pid", "path": ("/proc/" + $p + "/ns/pid")}]' --arg p "$SANDBOX"
}

end_sandbox()
{
  rt kill "$ID-sandbox" KILL
  output=$(cat "$T/sandbox.out")
}

# attacked N: runs N creates while a neighbour attaches to every new process.
attacked()
{
  local i
  echo secret >"$T/secret"
  export TAMIS_TEST_CALLER=secret
  sandbox /bin/neighbour 3600 "$T/secret"
  until_true 5 grep -q up "$T/sandbox.out"
  for i in $(seq "$1"); do
    create >/dev/null 2>&1 || true # the neighbour may have killed the process
    rt delete --force "$ID" >/dev/null 2>&1
  done
  end_sandbox
  sed 's/[0-9][0-9]*/N/g' "$T/sandbox.out" | sort | uniq -c
}

# bats test_tags=all
@test "CVE-2016-9962: a neighbour that traces the processes of create gets nothing of the host" {
  unlike runc "see the control"
  attacked 60
  expect_line held
  expect_no_line 'host by .*'
  expect_no_line 'admin unfiltered'
  expect_no_line acted
  expect_no_line wrote
  expect_no_line environment
  expect_no_line "ex $RUNTIME"
  # allowed: sockets, the container's streams, a context of procfs
  output=$(sed -E '/^fd (socket:.*|pipe:.*|anon_inode:.fscontext.|\/dev\/null|.*\/(out|err|start.fifo))$/d' \
    "$T/sandbox.out")
  expect_no_line 'fd .*'
}

# bats test_tags=all
@test "control: runc 1.1.5 gives the neighbour access to the host's root" {
  local program
  program=$(command -v runc) || skip "runc is not installed"
  [[ $("$program" --version | head -n1) == *" 1.1.5"* ]] || skip "runc is not version 1.1.5"
  RUNTIME=$program KIND=runc
  attacked 20
  expect_line held
  expect_line 'host by .*'
}

@test "the environment of the runtime's caller is not visible in a created container" {
  config '.process.capabilities |= with_entries(.value += ["CAP_SYS_PTRACE"])'
  export TAMIS_TEST_CALLER=secret
  create
  run rt exec "$ID" /bin/sh -c 'cat /proc/1/environ && echo read'
  expect_status 0
  expect_output read
  expect_no_output secret
}

# bats test_tags=all
@test "/proc shows the joined PID namespace and the container's own process in it" {
  sandbox /bin/sleep 100
  script 'echo self $(readlink /proc/self) pid $$; ls /proc/1/ns >/dev/null && echo 1 is
    tr "\0" " " </proc/1/cmdline; echo; grep NSpid /proc/self/status'
  view
  expect_status 0
  expect_line '/bin/sleep 100 '
  expect_line '1 is'
  expect_line 'NSpid:[[:space:]]+[0-9]+'
  expect_no_line 'self pid 1'
}

# bats test_tags=all
@test "two mounts of procfs, with options" {
  sandbox /bin/sleep 100
  config '.mounts += [{"destination": "/mnt", "type": "proc", "source": "proc",
    "options": ["nosuid", "ro", "hidepid=2"]}]'
  view 'grep " /mnt " /proc/self/mountinfo; tr "\0" " " </mnt/1/cmdline'
  expect_status 0
  expect_output hidepid=invisible
  expect_output "sleep 100"
}

# bats test_tags=all
@test "hooks before the pivot are in every namespace but that one; the pid in their state is final" {
  unlike runc "1.1.5 runs poststart in create"
  sandbox /bin/sleep 100
  local kind
  for kind in prestart createRuntime createContainer poststart poststop; do
    config '.hooks[$k] = [{"path": "/bin/sh", "args": ["sh", "-c", $t],
      "env": ["PATH=/usr/bin:/bin"]}]' --arg k $kind --arg t "
      pid=\$(jq .pid); readlink /proc/\$pid/ns/net /proc/\$pid/ns/mnt >$T/$kind
      grep -c . /proc/\$pid/cgroup >>$T/$kind; echo \$pid >>$T/$kind
      readlink /proc/self/ns/pid >$T/$kind.self"
  done
  script 'exec sleep 100'
  create
  start
  for kind in prestart createRuntime createContainer poststart; do
    equals "$(sed -n 1p "$T/$kind")" "$(readlink "/proc/$PID/ns/net")" "$kind: network"
    equals "$(sed -n 2p "$T/$kind")" "$(readlink "/proc/$PID/ns/mnt")" "$kind: mounts"
    # a hook visible to neighbours would give them access to the host
    equals "$(cat "$T/$kind.self")" "$(readlink /proc/self/ns/pid)" "$kind: where it runs itself"
  done
  equals "$(sed -n 4p "$T/poststart")" "$PID" "poststart's pid"
  equals "$(rt state "$ID" | jq .pid)" "$PID" "the state's pid"
  equals "$(readlink "/proc/$PID/ns/pid")" "$(readlink "/proc/$SANDBOX/ns/pid")" "PID namespace"
}

# bats test_tags=all
@test "the process is a child of the caller, leads a session, has its limits and oom score" {
  sandbox /bin/sleep 100
  config '.process.oomScoreAdj = 321 |
    .process.rlimits = [{"type": "RLIMIT_NOFILE", "soft": 77, "hard": 88}]'
  script 'exec sleep 100'
  create
  equals "$(sed -n 's/^PPid:\t//p' "/proc/$PID/status")" 1 "parent of init"
  equals "$(cut -d' ' -f6 "/proc/$PID/stat")" "$PID" session
  equals "$(cat "/proc/$PID/oom_score_adj")" 321 oom_score_adj
  start
  until_true 5 grep -q 'Max open files *77 *88' "/proc/$PID/limits"
  equals "$(cut -d: -f3 "/proc/$PID/cgroup" | sort -u | grep -c "$CGROUP")" 1 cgroup
}

# bats test_tags=all
@test "a terminal in a shared PID namespace" {
  sandbox /bin/sleep 100
  config '.process.terminal = true'
  background tty "$SYS/recvtty" "$T/console.sock" "$T/ready"
  until_true 5 test -e "$T/ready"
  script 'tty; echo x >/dev/tty && echo controlling; ps -o pid,tty | grep -c pts'
  create --console-socket "$T/console.sock"
  start
  until_true 5 grep -q controlling "$T/tty"
}

# bats test_tags=ci
@test "run in the foreground: exit code; the end of init does not end the neighbours" {
  sandbox /bin/sleep 100
  script 'sleep 50 & exit 7'
  view
  expect_status 7
  kill -0 "$SANDBOX"
  nothing_of "$ID"
}

# nothing_of ID: no cgroup of it is left behind.
nothing_of()
{
  until_true 3 sh -c "test -z '$(cgroup_dirs "$1")'"
}

# bats test_tags=all
@test "kill: SIGKILL ends all processes of the container, whose init is not pid 1" {
  sandbox /bin/sleep 100
  script 'sleep 1000 & echo child $!; exec sleep 1000'
  create
  start
  until_true 5 grep -q child "$T/out"
  rt kill "$ID" KILL
  wait_status stopped
  local leaf
  leaf=$(cgroup_dirs "$ID" | head -n1)
  until_true 5 sh -c "! grep -q . $leaf/cgroup.procs"
  rt delete "$ID"
  kill -0 "$SANDBOX"
}

# bats test_tags=all
@test "a PID namespace whose init has ended is an error, nothing is left behind" {
  unlike runc "has another message"
  sandbox /bin/sleep 100
  touch "$T/pidns"
  mount --bind "/proc/$SANDBOX/ns/pid" "$T/pidns"
  unmount_later "$T/pidns"
  MOUNTS_BEFORE=$(host_mounts)
  config '(.linux.namespaces[] | select(.type == "pid")).path = $p' --arg p "$T/pidns"
  rt delete --force "$ID-sandbox"
  refused "the init of the joined PID namespace has ended"
  config '.mounts = [.mounts[] | select(.type != "proc")] |
    del(.linux.maskedPaths, .linux.readonlyPaths)'
  refused "PID namespace"
  umount "$T/pidns"
  UNMOUNT=()
  MOUNTS_BEFORE=$(host_mounts)
}

# bats test_tags=all
@test "a user namespace is joined, too" {
  unlike runc "1.1.5 wants mappings"
  chmod 755 "$T" "$T/.." "$BATS_RUN_TMPDIR" "$T/b"
  unshare --user --map-root-user --pid --fork --kill-child sleep 60 3>&- &
  HELPERS+=($!)
  until_true 5 pgrep -P $!
  local holder
  holder=$(pgrep -P $!)
  config '.linux.namespaces = [.linux.namespaces[] | select(.type != "pid")] +
    [{"type": "user", "path": ("/proc/" + $p + "/ns/user")},
     {"type": "pid", "path": ("/proc/" + $p + "/ns/pid")}] |
    .mounts = [.mounts[] | select(.type == "proc" or .type == "tmpfs")]' --arg p "$holder"
  view 'id -u; tr "\0" " " </proc/1/cmdline; echo
    cat /proc/self/uid_map'
  expect_status 0
  expect_line 0
  expect_line 'sleep 60 .*'
  expect_line ' +0 +0 +1'
}

# bats test_tags=all
@test "exec, ps, pause and state in a shared PID namespace" {
  sandbox /bin/sleep 100
  script 'exec sleep 100'
  create
  start
  run rt exec "$ID" /bin/sh -c 'readlink /proc/self/ns/pid'
  equals "$output" "$(readlink "/proc/$SANDBOX/ns/pid")" "exec's PID namespace"
  run rt ps "$ID"
  expect_output "$PID"
  equals "$(state_of)" running state
}

# strict CALL...: a filter that kills at every call except these and those of a program that pauses;
# without no_new_privs, so that loading it needs CAP_SYS_ADMIN.
strict()
{
  config '.process.noNewPrivileges = false | .linux.seccomp = {"defaultAction": "SCMP_ACT_KILL_PROCESS",
    "syscalls": [{"action": "SCMP_ACT_ALLOW", "names": (($calls | split(" ")) + ["execve", "brk",
    "arch_prctl", "set_tid_address", "set_robust_list", "rseq", "prlimit64", "readlinkat", "readlink",
    "getrandom", "mprotect", "pause", "ppoll", "uname", "exit_group"])}]}' --arg calls "$(echo $*)"
  args /bin/payload pause
}

# All calls between the first filter and execve: final_calls() of lib/process/final.c.
TO_COME="capset clone setsid sendto recvfrom futex"

has_admin()
{
  local caps
  caps=$(sed -n 's/^CapPrm:\t//p' "/proc/$1/status")
  [ $((16#$caps >> 21 & 1)) = 1 ]
}

# bats test_tags=ci
@test "a filter that allows the last steps is loaded before neighbours see CAP_SYS_ADMIN" {
  requires tamis
  sandbox /bin/sleep 100
  # shellcheck disable=SC2086
  strict $TO_COME
  create
  grep -qx 'Seccomp:.2' "/proc/$PID/status"
  equals "$(has_admin "$PID" && echo kept)" '' CAP_SYS_ADMIN
  start
  until_true 5 sh -c "grep -qx payload /proc/$PID/comm"
  until_true 5 sh -c "grep -q 'S (sleeping)' /proc/$PID/status"
  equals "$(grep -c '^Seccomp_filters:.1$' "/proc/$PID/status")" 1 "filters"
  rt exec --detach --pid-file "$T/exec.pid" "$ID" /bin/payload pause
  equals "$(state_of)" running state
  grep -qx 'Seccomp:.2' "/proc/$(cat "$T/exec.pid")/status"
}

# bats test_tags=ci
@test "a filter that denies them is loaded last; a first filter allows exactly these calls" {
  requires tamis
  sandbox /bin/sleep 100
  local call
  # shellcheck disable=SC2086
  for call in setsid recvfrom clone; do
    strict ${TO_COME/ $call / }
    create
    grep -qx 'Seccomp:.2' "/proc/$PID/status"
    has_admin "$PID"
    start
    until_true 5 sh -c "grep -qx payload /proc/$PID/comm"
    equals "$(grep -c '^Seccomp_filters:.2$' "/proc/$PID/status")" 1 "filters"
    rt exec --detach "$ID" /bin/payload pause
    equals "$(state_of)" running state
    rt delete --force "$ID"
  done
}

# bats test_tags=all
@test "under Docker's filter a neighbour finds no capability that the program would not have" {
  requires tamis
  config '.process.noNewPrivileges = false | .linux.seccomp = $s[0].linux.seccomp' \
    --slurpfile s "$TAMIS_SRCDIR/test/golden/cases/docker-default/config.json"
  attacked 30
  expect_line held
  expect_no_line 'admin unfiltered'
  expect_no_line 'host by .*'
}

# --- visible processes are confined: what a tracer in the container gets -------------------------

# confined NNP: a profile that denies unshare, setsid and the calls of the runtime's last steps.
confined()
{
  config '.process.noNewPrivileges = $nnp | .linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [{"action": "SCMP_ACT_ERRNO", "names": ["unshare", "setsid", "recvfrom"]}]} |
    .process.capabilities |= with_entries(.value += ["CAP_SYS_PTRACE"])' --argjson nnp "$1"
}

# found: prints the neighbour's findings, with a count for each kind.
found()
{
  sed 's/[0-9][0-9]*/N/g' "$1" | grep -E '^(held|unfiltered|admin.*|unshared|acted|filtered)$' |
    sort | uniq -c
}

# traced_execs N: runs N execs in a container whose program attaches to every new process.
traced_execs()
{
  local i
  echo secret >"$T/secret"
  cp "$SYS/neighbour" "$ROOTFS/bin/"
  args /bin/neighbour 3600 "$T/secret"
  create
  start
  until_true 5 grep -q up "$T/out"
  for i in $(seq "$1"); do
    rt exec "$ID" /bin/true >/dev/null 2>&1 || true
  done
  rt kill "$ID" KILL
  found "$T/out"
  output=$(cat "$T/out")
}

# bats test_tags=ci
@test "exec with no_new_privs: a tracer finds only filtered processes, none with more capabilities" {
  requires tamis
  confined true
  traced_execs "$(many 6 1000)"
  expect_line held
  expect_no_line unfiltered
  expect_no_line unshared
  expect_no_line 'admin.*'
}

# bats test_tags=ci
@test "exec without it, a profile that denies the last calls: no process without a filter" {
  requires tamis
  confined false
  traced_execs "$(many 6 1000)"
  expect_line held
  expect_no_line unfiltered
  expect_no_line 'admin unfiltered'
  expect_no_line unshared
}

# bats test_tags=ci
@test "create and start in a shared PID namespace: no process without a filter" {
  requires tamis
  local nnp
  for nnp in true false; do
    confined $nnp
    attacked "$(many 4 1000)"
    found "$T/sandbox.out"
    expect_line held
    expect_no_line 'admin unfiltered'
    expect_no_line unshared
    rt delete --force "$ID-sandbox"
    rm -rf "$T/sandbox"
  done
}

# bats test_tags=all
@test "startContainer hooks: a remaining process of one finds init and the next hook confined" {
  requires tamis
  local nnp
  for nnp in true false; do
    confined $nnp
    cp "$SYS/neighbour" "$ROOTFS/bin/"
    config '.root.readonly = false | .hooks.startContainer = [{"path": "/bin/sh", "args": ["sh", "-c",
      "/bin/neighbour 30 /nowhere >/found 2>&1 & while ! read -r up </found; do :; done"]},
      {"path": "/bin/true"}, {"path": "/bin/true"}]'
    args /bin/sleep 100
    create
    "$RUNTIME" --root "$ROOT" start "$ID" 3>&- || true
    rt delete --force "$ID"
    found "$ROOTFS/found"
    output=$(cat "$ROOTFS/found")
    expect_line held
    expect_no_line unfiltered
    expect_no_line 'admin unfiltered'
    expect_no_line unshared
    rm "$ROOTFS/found"
  done
}

# stopped_execs N: runs N execs in a container whose program stops every new process; prints how
# many did not return within 8 s.
stopped_execs()
{
  local i hung=0 rc
  cp "$SYS/neighbour" "$ROOTFS/bin/"
  args /bin/neighbour 3600 stop
  create
  start
  until_true 5 grep -q up "$T/out"
  for i in $(seq "$1"); do
    rc=0
    timeout -k 1 8 "$RUNTIME" --root "$ROOT" exec --detach "$ID" /bin/true >/dev/null 2>&1 || rc=$?
    [ $rc != 124 ] && [ $rc != 137 ] || hung=$((hung + 1))
  done
  rt kill "$ID" KILL
  equals "$(grep -c stopped "$T/out" | sed 's/^[1-9][0-9]*$/some/')" some "stopped processes"
  echo "$hung of $1 hung"
}

# bats test_tags=ci
@test "exec: a process that root of the container stops is continued" {
  requires tamis
  output=$(stopped_execs "$(many 5 1000)")
  expect_line '0 of .* hung'
}

# bats test_tags=all
@test "control: execs of runc 1.1.5 hang if their processes are stopped" {
  local program
  program=$(command -v runc) || skip "runc is not installed"
  [[ $("$program" --version | head -n1) == *" 1.1.5"* ]] || skip "runc is not version 1.1.5"
  RUNTIME=$program KIND=runc
  output=$(stopped_execs 10)
  expect_line '[1-9].* hung'
}

# bats test_tags=ci
@test "create in a shared PID namespace: a process that a neighbour stops is continued" {
  requires tamis
  local i hung=0 rc
  cp "$SYS/neighbour" "$ROOTFS/bin/"
  sandbox /bin/neighbour 3600 stop
  until_true 5 grep -q up "$T/sandbox.out"
  args /bin/sleep 100
  for i in $(seq "$(many 3 1000)"); do
    rc=0
    timeout -k 1 10 "$RUNTIME" --root "$ROOT" run --detach --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 3>&- || rc=$?
    [ $rc = 0 ] || hung=$((hung + 1))
    rt delete --force "$ID"
  done
  end_sandbox
  expect_line stopped
  equals "$hung" 0 "creates that failed"
}

# bats test_tags=all
@test "control: runc 1.1.5 shows unfiltered processes to the tracer" {
  local program
  program=$(command -v runc) || skip "runc is not installed"
  [[ $("$program" --version | head -n1) == *" 1.1.5"* ]] || skip "runc is not version 1.1.5"
  RUNTIME=$program KIND=runc RT_TIMEOUT=3 # a traced process may hang
  confined true
  traced_execs 30
  expect_line held
  expect_line unfiltered
}
