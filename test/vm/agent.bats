# SPDX-License-Identifier: Apache-2.0
# The units of tamis-agent under systemd as PID 1: activation by a container, restarts while calls
# wait, the sandbox. `make install` has installed them among the examples.
load ../lib

UNIT=tamis-agent.service
SOCK=/run/tamis-agent.sock
LOG=/var/log/tamis/denials.jsonl
METRICS=/run/tamis-agent/metrics.prom

setup()
{
  [ "$DRIVER" = systemd ] || skip "needs systemd as PID 1"
  bundle
  local file dir=/etc/systemd/system
  # this machine has no targets to depend on, and no journal
  for file in /usr/local/share/doc/tamis/examples/systemd/tamis-agent.*; do
    sed 's/^\[Unit\]/&\nDefaultDependencies=no/' "$file" >"$dir/${file##*/}"
  done
  mkdir -p $dir/$UNIT.d
  printf '[Service]\nStandardError=append:%s\n' "$T/journal" >$dir/$UNIT.d/test.conf
  rm -f $LOG
  : >"$T/journal"
  systemctl daemon-reload
  systemctl reset-failed $UNIT 2>/dev/null || true
  systemctl start tamis-agent.socket
}

teardown()
{
  [ "$DRIVER" = systemd ] || return 0
  systemctl stop tamis-agent.socket $UNIT 2>&1 | grep -v 'can still be activated' || true
  clean
}

# of NAME: a property of the service
of()
{
  systemctl show --property "$1" --value $UNIT
}

# stored N: the manager has N descriptors in its store
stored()
{
  [ "$(of NFileDescriptorStore)" = "$1" ]
}

main_pid_is_new()
{
  local pid
  pid=$(of MainPID)
  [ "$pid" != 0 ] && [ "$pid" != "$1" ] && [ "$(of SubState)" = running ]
}

# linux.seccomp with a NOTIFY rule for sethostname
notify()
{
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerPath: $s,
    syscalls: [{names: ["sethostname"], action: "SCMP_ACT_NOTIFY"}]}' --arg s $SOCK
}

logged()
{
  jq -rc "select(.schema == \"tamis-denial/1\") | $1" $LOG
}

silent()
{
  [ ! -s "$T/journal" ] || {
    cat "$T/journal"
    return 1
  }
}

# What every runtime's containers get.
activated()
{
  equals "$(of ActiveState)" inactive "before"
  notify
  view 'payload syscall sethostname s:x 1'
  expect_line 'sethostname: EPERM'
  equals "$(of ActiveState) $(of NRestarts)" 'active 0' "after"
  equals "$(stat -c '%a %U' ${LOG%/*} $LOG ${METRICS%/*} | xargs)" '700 root 600 root 755 root' files
  equals "$(logged '[.container, .call, .errno, .program] | join(" ")')" "$ID sethostname EPERM /bin/payload" log
  until_true 20 grep -qx 'tamis_agent_containers_total 1' $METRICS
  until_true 20 stored 0
  silent
}

@test "units of tamis-agent: a container of tamis starts it; log, metrics, nothing else is said" {
  requires tamis
  activated
}

@test "units of tamis-agent: a container of runc starts it" {
  RUNTIME=$(command -v runc) KIND=runc
  [ -n "$RUNTIME" ] || skip "no runc"
  activated
}

@test "units of tamis-agent: denials of a profile that tamis-precreate has changed are explained" {
  requires tamis
  config '.root.readonly = false | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
    syscalls: [{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 13}]}'
  /usr/local/libexec/tamis/tamis-precreate --explain $SOCK <"$BUNDLE/config.json" >"$T/new.json"
  mv "$T/new.json" "$BUNDLE/config.json"
  view 'mkdir /tmp/new; exit 5'
  expect_status 5
  expect_output 'Permission denied'
  equals "$(logged '[.call, .errno, .reason, .program, .args[0].text] | join(" ")')" \
    'mkdir EACCES rule /bin/busybox "/tmp/new"' log
  silent
}

@test "units of tamis-agent: restart and SIGKILL lose no listener and no call" {
  requires tamis
  notify
  script 'while :; do payload syscall sethostname s:x 1; done'
  create
  start
  local pid kind n
  until_true 20 grep -q sethostname "$T/out"
  until_true 20 stored 2
  for kind in restart kill restart kill; do
    pid=$(of MainPID)
    if [ $kind = restart ]; then systemctl restart $UNIT; else kill -9 "$pid"; fi
    until_true 30 main_pid_is_new "$pid"
    n=$(wc -l <"$T/out")
    until_true 30 eval '[ "$(wc -l <"$T/out")" -gt $((n + 1)) ]'
    equals "$(of NFileDescriptorStore)" 2 "descriptors in the store after $kind"
  done
  # a container that connects just before the agent gets SIGTERM, and whose call waits meanwhile
  pid=$(of MainPID)
  kill -STOP "$pid"
  background waiting "$RUNTIME" --root "$ROOT" exec "$ID" /bin/payload syscall sethostname s:x 1
  systemctl restart $UNIT
  until_true 60 grep -qx 'sethostname: EPERM' "$T/waiting"
  equals "$(sort -u "$T/out")" 'sethostname: EPERM' "what the container got"
  rt delete --force "$ID"
  until_true 20 stored 0
  silent
}

@test "units of tamis-agent: after stop calls get ENOSYS, and the next container starts it again" {
  requires tamis
  notify
  script 'while :; do payload syscall sethostname s:x 1; usleep 50000; done'
  create
  start
  until_true 20 grep -qx 'sethostname: EPERM' "$T/out"
  systemctl stop $UNIT
  equals "$(of Result) $(of ActiveState)" 'success inactive' "after stop"
  until_true 20 grep -qx 'sethostname: ENOSYS' "$T/out"
  rt delete --force "$ID"
  view 'payload syscall sethostname s:x 1'
  expect_line 'sethostname: EPERM'
  silent
}

@test "units of tamis-agent: reload opens the log again" {
  systemctl start $UNIT
  mv $LOG $LOG.1
  systemctl reload $UNIT
  until_true 20 test -e $LOG
  silent
}

@test "units of tamis-agent: the sandbox" {
  systemctl start $UNIT
  # of 0 to 10; here without what systemd does not judge in an early phase of the boot
  run systemd-analyze security --no-pager --threshold=35 $UNIT
  expect_status 0
  local pid file
  for pid in $(cat "/sys/fs/cgroup$(of ControlGroup)/cgroup.procs"); do
    equals "$(awk '/^Cap(Inh|Prm|Eff|Bnd|Amb)|^NoNewPrivs|^Seccomp:/ { print $2 }' "/proc/$pid/status" | xargs)" \
      '0000000000000000 0000000000080020 0000000000080020 0000000000080020 0000000000000000 1 2' "$pid: status"
    # what it may write to
    equals "$(awk '$6 ~ /^rw/ && $5 ~ "^/(var/log|run/tamis-agent|etc|usr|home|root)" { print $5 }' "/proc/$pid/mountinfo" |
      sort -u | xargs)" '/run/tamis-agent /var/log/tamis' "$pid: mounts"
  done
  if [ $KIND = tamis ]; then
    for file in execve mount socket ptrace; do
      run rt seccomp explain "pid:$(of MainPID)" $file
      [[ ${lines[0]} == "$file() on "*": ERRNO(EPERM)" ]]
    done
  fi
  silent
}
