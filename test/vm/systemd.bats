# SPDX-License-Identifier: Apache-2.0
# Tests of systemd as the cgroup manager. Run by test/vm/systemd-guest, where systemd is PID 1.
load ../lib

setup()
{
  [ "$DRIVER" = systemd ] || skip "needs systemd as PID 1"
  bundle
  UNIT=t-$ID.scope
}

# property NAME [UNIT]: the value of a property of the container's unit.
property()
{
  systemctl show --property "$1" --value "${2:-$UNIT}"
}

# v2 V2 V1: prints V2 or V1 according to how the cgroups are mounted.
v2()
{
  [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ] && echo "$1" || echo "$2"
}

# cg CONTROLLER V1-FILE V2-FILE: prints the contents of a file in our container's cgroup.
cg()
{
  cat "$(controller_file "$1" "$(v2 "$3" "$2")")"
}

# bare COMMAND...: runs the runtime with an empty environment, as engines call `delete`.
bare()
{
  env -i TAMIS_TEST_MARK="$MARK" "$RUNTIME" --root "$ROOT" "$@"
}

# Allows the container to read a disk whose reads can be limited; $DISK is its number.
disk()
{
  [ -b /dev/vda ] || skip "no disk /dev/vda"
  DISK=$((0x$(stat -c %t /dev/vda))):$((0x$(stat -c %T /dev/vda)))
  echo 3 >/proc/sys/vm/drop_caches
  config '.linux.devices = [{"path": "/dev/disk", "type": "b", "major": $a, "minor": $b}] |
    .linux.resources.devices += [{"allow": true, "type": "b", "major": $a, "minor": $b,
    "access": "r"}]' --argjson a "${DISK%:*}" --argjson b "${DISK#*:}"
}

# --- the scope -----------------------------------------------------------------------------------

@test "create: makes a scope in its slice, with init as the only process" {
  create
  equals "$(property ActiveState)" active state
  equals "$(property Slice)" tamistest.slice slice
  equals "$(property ControlGroup)" "$CGROUP" cgroup
  equals "$(property Delegate)" yes delegation
  [[ $(property Description) == "tamis container $ID ("* ]]
  local dir n=0
  for dir in $(cgroup_dirs "$ID"); do
    equals "$(cat "$dir/cgroup.procs")" "$PID" "who is in $dir"
    n=$((n + 1))
  done
  equals $n ${#HIERARCHIES[@]} hierarchies
  run pgrep -x tamis-systemd
  equals "$output" '' 'processes that hold the scope'
}

@test "delete, kill, state, exec, ps, update, pause find the manager in the record" {
  script 'sleep 100'
  create
  bare start "$ID"
  equals "$(bare state "$ID" | jq -r .status)" running status
  bare exec "$ID" true
  equals "$(bare ps --format json "$ID" | jq length)" 1 processes
  bare update --pids-limit 33 "$ID"
  equals "$(property TasksMax)" 33 TasksMax
  bare pause "$ID"
  equals "$(bare state "$ID" | jq -r .status)" paused status
  bare resume "$ID"
  bare kill "$ID" KILL
  wait_status stopped
  bare delete "$ID"
  equals "$(units "$UNIT")" '' units
}

@test "delete --force ends a running container; its scope's name can be used again at once" {
  script 'sleep 100 & sleep 100'
  local i
  for i in 1 2 3; do
    create
    start
    bare delete --force "$ID"
    equals "$(units "$UNIT")" '' units
    equals "$(cgroup_dirs "$ID")" '' cgroups
  done
}

@test "run in the foreground: exit code, nothing left behind" {
  view 'exit 7'
  expect_status 7
  nothing_left || {
    leftovers
    false
  }
}

@test "the caller is in another PID namespace" {
  args cat /proc/self/cgroup
  local output
  output=$(unshare --mount --pid --fork --kill-child --mount-proc "$RUNTIME" --root "$ROOT" \
    --systemd-cgroup run --bundle "$BUNDLE" "$ID" </dev/null 3>&-)
  grep -q "^0::.*$CGROUP\$\|^0::/\$" <<<"$output"
}

@test "nested slices; system.slice without a slice in the path and without a path" {
  config '.linux.cgroupsPath = $p' --arg p "tamistest-a-b.slice:x:$ID"
  create
  grep -q "/tamistest.slice/tamistest-a.slice/tamistest-a-b.slice/x-$ID.scope\$" "/proc/$PID/cgroup"
  rt delete --force "$ID"
  config '.linux.cgroupsPath = $p' --arg p ":x:$ID"
  create
  grep -q "/system.slice/x-$ID.scope\$" "/proc/$PID/cgroup"
  rt delete --force "$ID"
  config 'del(.linux.cgroupsPath)'
  create
  grep -q "/system.slice/tamis-$ID.scope\$" "/proc/$PID/cgroup"
  rt delete --force "$ID"
  equals "$(units "*$ID*")" '' units
}

@test "six containers at once" {
  local i pids=()
  for i in 1 2 3 4 5 6; do
    bundle_at "$T/$i"
    use "$T/$i" "$ID-$i"
    rt run --bundle "$T/$i" "$ID" </dev/null >"$T/$i.out" 2>&1 3>&- &
    pids+=($!)
    ID=${ID%-"$i"}
  done
  for i in "${pids[@]}"; do
    wait "$i" || { cat "$T"/*.out && false; }
  done
}

# --- names of other units ----------------------------------------------------------------------

@test "refused: a running unit of the same name, which is not changed" {
  systemd-run --scope --quiet --unit "$UNIT" sleep 100 3>&- </dev/null &
  HELPERS+=($!)
  until_true 10 systemctl is-active "$UNIT"
  run create
  [ "$status" != 0 ]
  expect_output "found a unit $UNIT that is"
  bare delete --force "$ID"
  equals "$(property ActiveState)" active 'state of the other'
  kill -0 "${HELPERS[0]}"
  systemctl stop "$UNIT"
}

@test "a failed unit of the same name is replaced" {
  systemd-run --scope --quiet --unit "$UNIT" -p RuntimeMaxSec=200ms sleep 100 3>&- </dev/null ||
    [ $? != 0 ] # the end by the time limit is a failure
  until_true 10 systemctl is-failed "$UNIT"
  create
  equals "$(property ActiveState)" active state
}

@test "a stopped container does not change another unit that took its name" {
  create
  kill -9 "$PID"
  wait_status stopped
  until_true 10 sh -c "! systemctl is-active $UNIT"
  systemd-run --scope --quiet --unit "$UNIT" sleep 100 3>&- </dev/null &
  HELPERS+=($!)
  until_true 10 systemctl is-active "$UNIT"
  run bare update --pids-limit 5 "$ID"
  [ "$status" != 0 ]
  run systemctl show --property TasksMax --value "$UNIT"
  [ "$output" != 5 ]
  systemctl stop "$UNIT"
}

# --- limits --------------------------------------------------------------------------------------

@test "limits are set as properties and in files, also after systemd has written them again" {
  config '.linux.resources += {"memory": {"limit": 67108864}, "pids": {"limit": 44},
    "cpu": {"quota": 12345, "period": 50000, "shares": 512, "cpus": "0"}}'
  create
  equals "$(cg cpu cpu.cfs_quota_us cpu.max)" "$(v2 '12345 50000' 12345)" quota
  equals "$(property "$(v2 MemoryMax MemoryLimit)")" 67108864 memory
  equals "$(property TasksMax)" 44 tasks
  equals "$(property CPUQuotaPerSecUSec)" 250ms quota
  equals "$(property "$(v2 CPUWeight CPUShares)")" "$(v2 59 512)" weight
  [ "$(v2 y n)" = n ] || equals "$(property AllowedCPUs)" 0 cpus
  # systemd stores the quota in hundredths of a CPU
  rt update --cpu-quota 12500 "$ID"
  local pass
  for pass in '' daemon-reload; do
    [ -z "$pass" ] || systemctl daemon-reload
    equals "$(cg memory memory.limit_in_bytes memory.max)" 67108864 "memory $pass"
    equals "$(cg pids pids.max pids.max)" 44 "pids $pass"
    equals "$(cg cpu cpu.cfs_quota_us cpu.max)" "$(v2 '12500 50000' 12500)" "quota $pass"
    equals "$(cg cpuset cpuset.cpus cpuset.cpus)" 0 "cpus $pass"
  done
}

@test "memory.limit holds: the kill is counted, systemd does not stop the other processes" {
  config '.linux.resources.memory = {"limit": 33554432}'
  script '(x=0123456789abcdef; while :; do x=$x$x; done); echo died of $?; sleep 100'
  create
  start
  until_true 30 grep -q 'died of 137' "$T/out"
  equals "$(state_of)" running status
  equals "$(property ActiveState)" active 'state of the unit'
  [ "$(cg memory memory.oom_control memory.events | sed -n 's/^oom_kill //p')" -ge 1 ]
}

@test "pids.limit holds, also if it is 1" {
  config '.linux.resources.pids.limit = 5'
  view 'i=0; while [ $i -lt 8 ]; do sleep 5 & i=$((i+1)); done; echo end'
  expect_output fork
  config '.linux.resources.pids.limit = 1'
  create
  equals "$(cg pids pids.max pids.max)" 1 pids.max
  equals "$(property TasksMax)" 1 TasksMax
}

@test "cpu.quota holds: the process is throttled" {
  config '.linux.resources.cpu = {"quota": 10000, "period": 100000}'
  script 'while :; do :; done'
  create
  start
  throttled() { [ "$(cg cpu cpu.stat cpu.stat | sed -n 's/^nr_throttled //p')" -ge 5 ]; }
  until_true 20 throttled
  local before after
  used() { awk '{ print $14 + $15 }' "/proc/$PID/stat"; }
  before=$(used)
  sleep 2
  after=$(used)
  # a tenth of two seconds is 20 ticks
  [ $((after - before)) -le 60 ] || {
    echo "$((after - before)) ticks in 2 s"
    false
  }
}

@test "cpuset holds" {
  [ "$(nproc)" -gt 1 ] || skip "one CPU"
  config '.linux.resources.cpu = {"cpus": "1", "mems": "0"}'
  view 'grep _allowed_list /proc/self/status'
  expect_line 'Cpus_allowed_list:.1'
  expect_line 'Mems_allowed_list:.0'
}

@test "blockIO: reads are throttled; a device that no rule names cannot be opened" {
  disk
  config '.linux.resources.blockIO = {"throttleReadBpsDevice": [{"major": $a, "minor": $b,
    "rate": 1048576}]}' --argjson a "${DISK%:*}" --argjson b "${DISK#*:}"
  script 'dd if=/dev/disk of=/dev/null bs=64k count=64 && echo read; true >/dev/disk'
  local before=$SECONDS
  run rt run --bundle "$BUNDLE" "$ID"
  expect_line read
  expect_output 'Operation not permitted'
  [ $((SECONDS - before)) -ge 3 ]
}

@test "devices: a denied device stays denied when systemd writes its rules again" {
  disk
  config '.linux.resources.devices = .linux.resources.devices[:-1]'
  script 'while :; do echo at; cat /dev/disk >/dev/null; echo x >/dev/full; cat /dev/null &&
    echo null; usleep 200000; done'
  create
  start
  local pass
  for pass in '' daemon-reload update; do
    [ "$pass" != daemon-reload ] || systemctl daemon-reload
    [ "$pass" != update ] || rt update --memory 64m "$ID"
    : >"$T/out"
    : >"$T/err"
    until_true 10 sh -c "[ \$(grep -c null '$T/out') -ge 3 ]"
    grep -q "open '/dev/disk': Operation not permitted" "$T/err"
    grep -q 'No space left' "$T/err"
  done
}

# --- update --------------------------------------------------------------------------------------

@test "update: changes properties and files; a period that is not given is kept" {
  config '.linux.resources.cpu = {"quota": 20000, "period": 50000}'
  script 'sleep 100'
  create
  start
  bare update --memory 64m --pids-limit 21 --cpu-quota 10000 --cpu-share 300 --cpuset-cpus 0 "$ID"
  systemctl daemon-reload
  equals "$(property "$(v2 MemoryMax MemoryLimit)")" 67108864 memory
  equals "$(cg memory memory.limit_in_bytes memory.max)" 67108864 memory
  equals "$(cg pids pids.max pids.max)" 21 pids
  equals "$(cg cpu cpu.cfs_quota_us cpu.max)" "$(v2 '10000 50000' 10000)" quota
  [ "$(v2 y n)" = y ] || equals "$(cg cpu cpu.cfs_period_us -)" 50000 period
  equals "$(property CPUQuotaPerSecUSec)" 200ms quota
  equals "$(cg cpuset cpuset.cpus cpuset.cpus)" 0 cpus
  equals "$(property ControlGroup)" "$CGROUP" cgroup
}

@test "update: all or nothing, including properties" {
  create
  bare update --memory 64m --pids-limit 21 "$ID"
  run bare update --memory 32m --pids-limit 22 --cpuset-cpus 4000 "$ID"
  [ "$status" != 0 ]
  # without a connection to systemd the files are restored
  run env DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nowhere "$RUNTIME" --root "$ROOT" update \
    --memory 32m --pids-limit 22 "$ID"
  [ "$status" != 0 ]
  expect_output 'systemd: cannot be reached'
  equals "$(property TasksMax)" 21 TasksMax
  equals "$(cg pids pids.max pids.max)" 21 pids
  equals "$(cg memory memory.limit_in_bytes memory.max)" 67108864 memory
}

# --- annotations ---------------------------------------------------------------------------------

@test "annotations: properties of the scope; refused if they affect more than the scope" {
  config '.annotations = {"org.systemd.property.TimeoutStopSec": "12.5",
    "org.systemd.property.After": "['\''basic.target'\'', '\''a.service'\'']",
    "org.systemd.property.SendSIGHUP": "true", "org.systemd.property.KillSignal": "int32 10"}'
  create
  [[ $(property TimeoutStopUSec) =~ ^12\.50*s$ ]]
  [[ $(property After) == *a.service* ]]
  equals "$(property SendSIGHUP)" yes SendSIGHUP
  equals "$(property KillSignal)" 10 KillSignal
  rt delete --force "$ID"
  config '.annotations = {"org.systemd.property.Requires": "['\''poweroff.target'\'']"}'
  refused 'found a property that an annotation may not set'
  config '.annotations = {"org.systemd.property.SendSIGKILL": "false"}'
  refused allow-annotation
  config '.annotations = {"org.systemd.property.KillSignal": "int32 9999"}'
  refused systemd:
  equals "$(units "$UNIT")" '' units
}

# --- errors --------------------------------------------------------------------------------------

@test "systemd cannot be reached: create fails and leaves nothing behind; delete succeeds" {
  create
  run env DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nowhere "$RUNTIME" --root "$ROOT" delete --force "$ID"
  expect_status 0
  if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
    until_true 10 nothing_left
  else
    systemctl stop "$UNIT" # on v1 systemd may not notice the removal of a cgroup
  fi
  DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nowhere refused 'systemd: cannot be reached on the system bus'
  nothing_left
}

@test "refused: tamis-systemd is not installed" {
  local program=/usr/local/libexec/tamis-systemd
  mv $program $program.away
  run create
  mv $program.away $program
  [ "$status" != 0 ]
  expect_output "$program is not installed"
  nothing_left
}

@test "a create that fails after making its scope removes it" {
  config '.linux.resources.cpu = {"cpus": "4000"}'
  refused linux.resources.cpu.cpus
  nothing_left
  config 'del(.linux.resources.cpu) | .hooks.createRuntime = [{"path": "/bin/false"}]'
  refused createRuntime
  nothing_left
}

@test "SIGKILL of create at any time: systemd and delete --force leave nothing behind" {
  local i
  for i in 0.05 0.1 0.15 0.2 0.25 0.3 0.4 0.5; do
    TAMIS_TEST_MARK=$MARK "$RUNTIME" --root "$ROOT" --systemd-cgroup create --bundle "$BUNDLE" \
      "$ID" </dev/null >/dev/null 2>&1 3>&- &
    HELPERS=($!)
    sleep $i
    kill -9 "${HELPERS[0]}" 2>/dev/null || true
    wait "${HELPERS[0]}" || true
    bare delete --force "$ID"
    until_true 10 nothing_left || {
      echo "killed after $i s:"
      leftovers
      false
    }
  done
}

@test "features, doctor" {
  rt features | jq -e '.linux.cgroup.systemd and .linux.cgroup.systemdUser and
    (.potentiallyUnsafeConfigAnnotations | index("org.systemd.property."))'
  rt doctor --json | jq -e '.checks[] | select(.name == "systemd") | .mark == "ok" and
    (.found | test("^runs.*/usr/local/libexec/tamis-systemd"))'
}

# --- the user manager of an ordinary user ---------------------------------------------------------

# as_user COMMAND...: runs it in a service of the user, with an environment like Podman's.
as_user()
{
  setpriv --reuid 4242 --regid 4242 --clear-groups env -i PATH="$PATH" XDG_RUNTIME_DIR=/run/user/4242 \
    systemd-run --user --quiet --pipe --wait --collect -E XDG_RUNTIME_DIR=/run/user/4242 "$@" 3>&-
}

user_bundle()
{
  [ -S /run/user/4242/bus ] || skip 'the user has no bus'
  R=$T/r
  mkdir -p "$R"
  cp -r "$ROOTFS" "$R/rootfs"
  chmod 755 "$T" "${T%/*}" "${BATS_RUN_TMPDIR}" "$BATS_TEST_TMPDIR"
  chown -R 4242:4242 "$R"
  setpriv --reuid 4242 --regid 4242 --clear-groups "$RUNTIME" spec --rootless --bundle "$R"
  BUNDLE=$R
  config '.process.terminal = false | .root.readonly = false | .linux.cgroupsPath = $p |
    .process.args = ["/bin/sh", "-c", "sleep 100"]' --arg p "user.slice:t:$ID"
  chown -R 4242:4242 "$R"
}

user_unit()
{
  setpriv --reuid 4242 --regid 4242 --clear-groups env XDG_RUNTIME_DIR=/run/user/4242 \
    systemctl --user "$@"
}

@test "rootless: a scope of the user manager, its limits, exec, update, delete" {
  requires v2
  user_bundle
  config '.linux.resources = {"memory": {"limit": 67108864}, "pids": {"limit": 30},
    "cpu": {"quota": 20000, "period": 100000}}'
  local rt=("$RUNTIME" --root "$R/state") dir
  as_user "${rt[@]}" --systemd-cgroup create --bundle "$R" --pid-file "$R/pid" "$ID" >"$T/o" 2>&1 || {
    cat "$T/o"
    false
  }
  dir=/sys/fs/cgroup/user.slice/user-4242.slice/user@4242.service/user.slice/t-$ID.scope
  equals "$(sed -n 's/^0:://p' "/proc/$(cat "$R/pid")/cgroup")" "${dir#/sys/fs/cgroup}" cgroup
  equals "$(cat "$dir/memory.max" "$dir/pids.max" "$dir/cpu.max" | xargs)" \
    '67108864 30 20000 100000' limits
  equals "$(user_unit show --property TasksMax --value "t-$ID.scope")" 30 TasksMax
  as_user "${rt[@]}" start "$ID"
  run as_user "${rt[@]}" exec "$ID" cat /proc/self/cgroup
  expect_line '0::.*'
  as_user "${rt[@]}" update --pids-limit 31 "$ID"
  equals "$(cat "$dir/pids.max")" 31 pids
  equals "$(user_unit show --property TasksMax --value "t-$ID.scope")" 31 TasksMax
  as_user "${rt[@]}" pause "$ID"
  as_user "${rt[@]}" resume "$ID"
  as_user "${rt[@]}" delete --force "$ID"
  [ ! -e "$dir" ]
  equals "$(user_unit list-units --all --plain --no-legend "t-$ID.scope")" '' units
}
