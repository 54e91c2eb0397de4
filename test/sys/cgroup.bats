# SPDX-License-Identifier: Apache-2.0
# Cgroups: the cgroup of init, limits as read back from the files, freeze, kill, removal.
load ../lib

# limit_is CONTROLLER V1-FILE V1-VALUE V2-FILE V2-VALUE
limit_is()
{
  local file want=$3
  if [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
    file=$(controller_file "$1" "$4")
    want=$5
  else
    file=$(controller_file "$1" "$2")
  fi
  equals "$(cat "$file")" "$want" "$file"
}

# bats test_tags=ci
@test "before create returns, init is in the named cgroup of every hierarchy, not in a sub-cgroup" {
  create
  local dir n=0
  for dir in $(cgroup_dirs "$ID"); do
    grep -qx "$PID" "$dir/cgroup.procs"
    equals "$(find "$dir" -mindepth 1 -type d | wc -l)" 0 "cgroups below $dir"
    n=$((n + 1))
  done
  unlike runc "1.1.5 leaves the unified one alone"
  equals $n ${#HIERARCHIES[@]} "hierarchies"
}

@test "children are in the same cgroup; delete removes it in each hierarchy and keeps the parents" {
  script 'sleep 100 & echo ready; wait'
  create
  start
  until_true 5 grep -q ready "$T/out"
  local dir
  dir=$(cgroup_dirs "$ID" | head -n1)
  equals "$(wc -l <"$dir/cgroup.procs")" 2 processes
  rt delete --force "$ID"
  equals "$(cgroup_dirs "$ID")" "" "cgroups after delete"
  [ -d "${dir%/*}" ]
}

@test "a relative path; no path" {
  unlike runc "1.1.5 takes it from the caller's cgroup"
  requires cgroupfs
  config '.linux.cgroupsPath = $p' --arg p "${CGROUP#/}"
  create
  grep -q "${CGROUP#/}\$" "/proc/$PID/cgroup"
  rt delete --force "$ID"
  config 'del(.linux.cgroupsPath)'
  create
  grep -q "$ID\$" "/proc/$PID/cgroup"
  rt delete --force "$ID"
  equals "$(find /sys/fs/cgroup -name "$ID" -type d)" "" "cgroups of the ID"
}

@test "refused: .. in the path" {
  unlike runc "1.1.5 cleans it silently"
  unlike crun "does not look"
  config '.linux.cgroupsPath = "/tamis-test/../escape"'
  refused cgroupsPath
}

@test "refused: a cgroup with processes" {
  requires tamis
  requires cgroupfs
  local dir
  create
  dir=$CGROUP
  use "$BUNDLE" "$ID-two"
  config '.linux.cgroupsPath = $p' --arg p "$dir"
  refused
}

@test "pids.limit takes effect" {
  requires controller pids
  config '.linux.resources.pids.limit = 5'
  create
  limit_is pids pids.max 5 pids.max 5
  rt delete --force "$ID"
  view 'i=0; while [ $i -lt 8 ]; do sleep 5 & i=$((i+1)); done; echo end'
  expect_output "fork"
}

@test "pids.limit -1 is no limit" {
  requires controller pids
  config '.linux.resources.pids.limit = -1'
  create
  limit_is pids pids.max max pids.max max
}

# bats test_tags=ci
@test "memory: limit, reservation, swap" {
  requires controller memory
  config '.linux.resources.memory = {"limit": 33554432, "reservation": 16777216}'
  create
  limit_is memory memory.limit_in_bytes 33554432 memory.max 33554432
  limit_is memory memory.soft_limit_in_bytes 16777216 memory.low 16777216
}

@test "memory: swappiness and swap, if the kernel has them" {
  requires controller memory
  requires v1
  [ -e "$(controller_file memory ../../memory.swappiness)" ] || skip "no memory.swappiness"
  config '.linux.resources.memory = {"swappiness": 11}'
  create
  limit_is memory memory.swappiness 11 - -
  rt delete --force "$ID"
  [ -e "$(controller_file memory ../../memory.memsw.limit_in_bytes)" ] || skip "no swap accounting"
  config '.linux.resources.memory = {"limit": 33554432, "swap": 67108864}'
  create
  limit_is memory memory.memsw.limit_in_bytes 67108864 memory.swap.max 33554432
}

# bats test_tags=ci
@test "memory: a program that exceeds the limit is killed" {
  requires controller memory
  config '.linux.resources.memory = {"limit": 16777216}'
  view 'x=$(head -c 64000000 /dev/zero | tr "\0" x); echo survived'
  expect_no_line survived
  [ "$status" != 0 ]
}

@test "cpu: shares, quota, period" {
  requires controller cpu
  config '.linux.resources.cpu = {"shares": 512}'
  create
  # the curve for which 1024 shares give 100; runc before 1.3.2 used a straight line, which gives 20
  limit_is cpu cpu.shares 512 cpu.weight "$([ $KIND = tamis ] && echo 59 || echo 20)"
  rt delete --force "$ID"
  [ -e "$(controller_file cpu ../../cpu.cfs_quota_us)" ] || requires v2
  config '.linux.resources.cpu = {"quota": 50000, "period": 200000}'
  create
  limit_is cpu cpu.cfs_quota_us 50000 cpu.max "50000 200000"
  limit_is cpu cpu.cfs_period_us 200000 cpu.max "50000 200000"
}

# bats test_tags=ci
@test "cpuset: cpus and mems" {
  requires controller cpuset
  config '.linux.resources.cpu = {"cpus": "0", "mems": "0"}'
  create
  limit_is cpuset cpuset.cpus 0 cpuset.cpus 0
  limit_is cpuset cpuset.mems 0 cpuset.mems 0
  grep -q 'Cpus_allowed_list:.0$' "/proc/$PID/status"
}

# bats test_tags=ci
@test "devices: denied by default; the standard devices and the rules of the config are allowed" {
  requires controller devices
  requires v1
  config '.linux.resources.devices += [{"allow": true, "type": "b", "major": 7, "access": "rm"}]'
  create
  run cat "$(controller_file devices devices.list)"
  expect_no_line 'a \*:\* rwm'
  expect_line 'c 1:3 rwm'
  expect_line 'c 1:5 rwm'
  expect_line 'c 5:2 rwm'
  expect_line 'c 136:\* rwm'
  expect_line 'b 7:\* rm'
}

@test "devices: a denial that cgroup v1 cannot express is refused, not ignored" {
  requires tamis
  requires controller devices
  requires v1
  config '.linux.resources.devices += [{"allow": true, "type": "b", "major": 7, "access": "rm"},
    {"allow": false, "type": "b", "major": 7, "minor": 9, "access": "rwm"}]'
  refused linux.resources.devices
}

@test "devices: a rule that allows all devices" {
  requires controller devices
  requires v1
  config '.linux.resources.devices = [{"allow": true, "access": "rwm"}]'
  create
  run cat "$(controller_file devices devices.list)"
  expect_line 'a \*:\* rwm'
}

@test "refused: a value that the kernel rejects; the error names its place" {
  requires tamis
  requires controller cpuset
  config '.linux.resources.cpu = {"cpus": "9999"}'
  refused linux.resources.cpu.cpus
  nothing_left || {
    leftovers
    false
  }
}

@test "unified: refused on v1 only, otherwise set" {
  requires v2
  config '.linux.resources.unified = {"cgroup.max.depth": "7"}'
  create
  equals "$(cat "/sys/fs/cgroup$CGROUP/cgroup.max.depth")" 7 cgroup.max.depth
}

# bats test_tags=ci
@test "freeze: state is paused; kill and delete --force end the container in time" {
  local file
  if file=$(controller_file freezer freezer.state); then
    set -- FROZEN
  elif [ "$(stat -fc %T /sys/fs/cgroup)" = cgroup2fs ]; then
    file=/sys/fs/cgroup$CGROUP/cgroup.freeze
    set -- 1
  else
    skip "no cgroup freezer"
  fi
  script 'sleep 100'
  create
  start
  echo "$1" >"$file"
  wait_status paused
  rt kill "$ID" KILL
  rt delete --force "$ID"
  nothing_left || {
    leftovers
    false
  }
}

@test "a cgroup that the container made below its own is removed, too" {
  config '.process.capabilities |= map_values(. + ["CAP_SYS_ADMIN"]) |
    .linux.namespaces += [{"type": "cgroup"}]'
  config '.mounts += [{"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
    "options": ["rw"]}]'
  script 'mkdir -p /sys/fs/cgroup/deep/er /sys/fs/cgroup/pids/deep/er 2>/dev/null; echo made; sleep 100'
  create
  start
  until_true 5 grep -q made "$T/out"
  rt delete --force "$ID"
  equals "$(cgroup_dirs "$ID")" "" "cgroups after delete"
}

@test "a fork bomb at its limit can be killed" {
  requires controller pids
  config '.linux.resources.pids.limit = 20'
  args /bin/payload tree 40
  create
  start
  until_true 5 grep -q ready "$T/out"
  local before=$SECONDS
  rt delete --force "$ID"
  [ $((SECONDS - before)) -lt 5 ]
}

@test "a memory limit that is too low for init: the error says so" {
  requires tamis
  requires controller memory
  config '.linux.resources.memory.limit = 4096'
  refused "out of memory in the container's cgroup"
}

# --- seen from inside ----------------------------------------------------------------------

cgroup_mount()
{
  config '.mounts += [{"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
    "options": ["ro", "nosuid", "noexec", "nodev"]}]'
}

# "agree": if /proc/self/cgroup shows a v2 cgroup, the process is in that cgroup.
SEE='own=/sys/fs/cgroup$(sed -n "s/^0:://p" /proc/self/cgroup)
  grep -qx $$ $own/cgroup.procs && echo agree
  mkdir $own/below && echo writable && rmdir $own/below
  [ -e /sys/fs/cgroup/cgroup.events ] || echo top'

@test "v2 without a cgroup namespace: the whole hierarchy is mounted" {
  requires v2
  cgroup_mount
  view "$SEE"
  expect_line agree
  expect_line top
  expect_no_line writable
  config '.mounts |= map(if .type == "cgroup" then .options -= ["ro"] else . end)'
  view "$SEE"
  expect_line agree
  expect_line writable
}

@test "v2 without a cgroup namespace, in a user namespace: the whole hierarchy is mounted" {
  requires v2
  chmod 755 "$T" "$T/.." "$BATS_RUN_TMPDIR" "$T/b"
  cgroup_mount
  config '.linux.namespaces += [{"type": "user"}] |
    .linux.uidMappings = [{"containerID": 0, "hostID": 0, "size": 65536}] |
    .linux.gidMappings = .linux.uidMappings'
  view "$SEE"
  expect_line agree
  expect_line top
  expect_no_line writable
}

@test "v2 with a cgroup namespace: the container's cgroup is mounted" {
  requires v2
  cgroup_mount
  config '.linux.namespaces += [{"type": "cgroup"}]'
  view "$SEE"
  expect_line agree
  expect_no_line top
  expect_no_line writable
}

@test "v2, a joined cgroup namespace of another user namespace: the container's cgroup" {
  requires v2
  requires tamis # runc 1.1.5 does not bind it
  chmod 755 "$T" "$T/.." "$BATS_RUN_TMPDIR" "$T/b"
  cgroup_mount
  config '.linux.namespaces += [{"type": "user"}, {"type": "cgroup", "path": "/proc/1/ns/cgroup"}] |
    .linux.uidMappings = [{"containerID": 0, "hostID": 0, "size": 65536}] |
    .linux.gidMappings = .linux.uidMappings'
  view 'grep -x $$ /sys/fs/cgroup/cgroup.procs && echo own'
  expect_line own
}

@test "a hybrid host: only v1 is mounted, limits are set in both" {
  mountpoint -q /sys/fs/cgroup/unified || skip "the host is not hybrid"
  cgroup_mount
  view 'ls /sys/fs/cgroup; grep -c cgroup2 /proc/self/mountinfo'
  expect_line pids
  expect_line 0
  expect_no_line unified
  unlike runc "1.1.5 uses v1 alone"
  config '.linux.resources.unified = {"cgroup.max.depth": "7"}'
  create
  equals "$(cat "/sys/fs/cgroup/unified$CGROUP/cgroup.max.depth")" 7 cgroup.max.depth
}
