# SPDX-License-Identifier: Apache-2.0
# Namespaces: new, of the host, joined by path; all eight kinds.
load ../lib

ns_of()
{
  readlink "/proc/$1/ns/$2"
}

# type in the config -> file in /proc/PID/ns
nsfile()
{
  case $1 in
  mount) echo mnt ;;
  network) echo net ;;
  *) echo "$1" ;;
  esac
}

@test "new: pid, network, ipc, uts, mount, cgroup" {
  config '.linux.namespaces += [{"type": "cgroup"}]'
  create
  for n in pid net ipc uts mnt cgroup; do
    [ "$(ns_of "$PID" $n)" != "$(ns_of self $n)" ] || { echo "$n is the host's"; false; }
  done
  for n in user time; do
    equals "$(ns_of "$PID" $n)" "$(ns_of self $n)" $n
  done
}

@test "new: time, with offsets" {
  unlike runc "1.1.5 has none"
  unlike crun "1.8.1: spec 1.0"
  [ -e /proc/self/ns/time ] || skip "kernel without time namespaces"
  config '.linux.namespaces += [{"type": "time"}] |
    .linux.timeOffsets = {"boottime": {"secs": 1000000, "nanosecs": 5}, "monotonic": {"secs": 70}}'
  view 'cat /proc/self/timens_offsets; cut -d. -f1 /proc/uptime'
  expect_status 0
  expect_line 'boottime +1000000 +5'
  expect_line 'monotonic +70 +0'
  [ "${lines[-1]}" -gt 1000000 ]
}

@test "not listed: the host's" {
  config '.linux.namespaces = [{"type": "mount"}, {"type": "pid"}] | del(.hostname) |
    .mounts = [.mounts[] | select(.type != "sysfs" and .type != "mqueue")]'
  create
  for n in net ipc uts cgroup user time; do
    equals "$(ns_of "$PID" $n)" "$(ns_of self $n)" $n
  done
}

@test "pid 1 inside a new pid namespace" {
  view 'echo $$'
  equals "$output" 1 pid
}

@test "the cgroup namespace is rooted at the container's cgroup" {
  config '.linux.namespaces += [{"type": "cgroup"}]'
  view 'cut -d: -f3 /proc/self/cgroup | sort -u'
  equals "$output" / "cgroup as seen inside"
}

@test "joined by path: network, ipc, uts, pid, mount, cgroup, time, user of a holder" {
  local kinds=(network ipc uts pid cgroup) k
  unshare --net --ipc --uts --pid --cgroup --fork --kill-child sleep 60 3>&- &
  HELPERS+=($!)
  until_true 5 pgrep -P $!
  local holder
  holder=$(pgrep -P $!)
  until_true 5 sh -c "test \$(readlink /proc/$holder/ns/net) != $(ns_of self net)"
  for k in "${kinds[@]}"; do
    config '.linux.namespaces = [.linux.namespaces[] | select(.type != $k)] +
      [{"type": $k, "path": $p}]' --arg k $k --arg p "/proc/$holder/ns/$(nsfile $k)"
  done
  config 'del(.hostname)'
  script 'sleep 100'
  create
  for k in "${kinds[@]}"; do
    equals "$(ns_of "$PID" "$(nsfile $k)")" "$(ns_of "$holder" "$(nsfile $k)")" $k
  done
  start
  equals "$(state_of)" running state
}

@test "joined by path: the host's own is no place for sysctls and names" {
  unlike runc "writes them"
  unlike crun "writes them"
  local kind value
  cp "$BUNDLE/config.json" "$T/saved"
  while read -r kind edit value; do
    cp "$T/saved" "$BUNDLE/config.json"
    config "del(.hostname) | .linux.namespaces = [.linux.namespaces[] | select(.type != \$k)] +
      [{\"type\": \$k, \"path\": \$p}] | $edit = \$v" --arg k "$kind" --arg v "$value" \
      --arg p "/proc/$$/ns/$(nsfile "$kind")"
    refused "is the host's"
  done <<-EOF
	network .linux.sysctl."net.ipv4.ip_default_ttl" $(cat /proc/sys/net/ipv4/ip_default_ttl)
	ipc .linux.sysctl."kernel.shmmni" $(cat /proc/sys/kernel/shmmni)
	uts .hostname $(hostname)
	EOF
  # without them it may be joined, as Docker does for --network host
  config 'del(.hostname)'
  create
}

@test "joined by path: a pod: network, ipc, uts of a first container, pid file and parent as usual" {
  bundle_at "$T/sandbox"
  local member=$BUNDLE member_id=$ID sandbox
  use "$T/sandbox" "$ID-sandbox"
  script 'sleep 100'
  create
  start
  sandbox=$PID
  use "$member" "$member_id"
  config '.linux.namespaces = [{"type": "pid"}, {"type": "mount"},
    {"type": "network", "path": ("/proc/" + $p + "/ns/net")},
    {"type": "ipc", "path": ("/proc/" + $p + "/ns/ipc")},
    {"type": "uts", "path": ("/proc/" + $p + "/ns/uts")}] | del(.hostname)' --arg p "$sandbox"
  script 'hostname; sleep 100'
  create
  equals "$(sed -n 's/^PPid:\t//p' "/proc/$PID/status")" 1 "parent of init"
  for k in net ipc uts; do
    equals "$(ns_of "$PID" $k)" "$(ns_of "$sandbox" $k)" $k
  done
  start
  until_true 5 grep -qx box "$T/out"
  rt kill "$ID" 9
  wait_status stopped
  rt delete "$ID"
  use "$T/sandbox" "$member_id-sandbox"
  equals "$(state_of)" running "the sandbox"
}

@test "joined by path: pid namespace of another container; delete does not end the other" {
  bundle_at "$T/sandbox"
  local member=$BUNDLE member_id=$ID sandbox
  use "$T/sandbox" "$ID-sandbox"
  script 'sleep 100'
  create
  start
  sandbox=$PID
  use "$member" "$member_id"
  config '.linux.namespaces = [.linux.namespaces[] | select(.type != "pid")] +
    [{"type": "pid", "path": ("/proc/" + $p + "/ns/pid")}]' --arg p "$sandbox"
  script 'echo pid $$; exec sleep 100'
  create
  equals "$(ns_of "$PID" pid)" "$(ns_of "$sandbox" pid)" pid
  start
  until_true 5 grep -qxE 'pid [0-9]+' "$T/out"
  rt delete --force "$ID"
  kill -0 "$sandbox"
}

@test "joined by path: user namespace, before all others" {
  unshare --user --map-root-user --net sleep 60 3>&- &
  local holder=$!
  HELPERS+=($holder)
  until_true 5 sh -c "test \$(readlink /proc/$holder/ns/net) != $(ns_of self net)"
  until_true 5 grep -q . "/proc/$holder/uid_map"
  config '.linux.namespaces = [.linux.namespaces[] | select(.type != "network")] +
    [{"type": "user", "path": ("/proc/" + $p + "/ns/user")},
     {"type": "network", "path": ("/proc/" + $p + "/ns/net")}] |
    .mounts = [.mounts[] | select(.type == "proc" or .type == "tmpfs")]' --arg p "$holder"
  unlike crun "1.8.1 fails here"
  unlike runc "1.1.5 wants mappings"
  chmod 755 "$T" "$T/.." "$BATS_RUN_TMPDIR"
  view 'id -u; cat /proc/self/uid_map'
  expect_status 0
  expect_line 0
  expect_line ' +0 +0 +1'
}

@test "joined by path: a mount namespace is refused, before anything is done" {
  unlike crun "1.8.1 fails in the middle"
  unlike runc "1.1.5 fails in the middle"
  config '.linux.namespaces = [.linux.namespaces[] | select(.type != "mount")] +
    [{"type": "mount", "path": "/proc/self/ns/mnt"}]'
  refused 'mount namespace cannot be joined'
}

@test "joined by path: time namespace" {
  unlike crun "1.8.1: spec 1.0"
  unlike runc "1.1.5 has none"
  unshare --time --boottime 5000 --fork --kill-child sleep 60 3>&- &
  HELPERS+=($!)
  until_true 5 pgrep -P $!
  local holder
  holder=$(pgrep -P $!)
  config '.linux.namespaces += [{"type": "time", "path": ("/proc/" + $p + "/ns/time")}]' \
    --arg p "$holder"
  create
  equals "$(ns_of "$PID" time)" "$(ns_of "$holder" time)" time
}

@test "refused: a path of another kind, a file that is none, a kind twice, an unknown kind" {
  cp "$BUNDLE/config.json" "$T/saved"
  for f in '.linux.namespaces[1].path = "/proc/self/ns/uts"' \
    '.linux.namespaces[1].path = "/etc/passwd"' \
    '.linux.namespaces += [{"type": "galaxy"}]' \
    '.linux.namespaces[1].path = "relative/path"'; do
    config "$f"
    refused || { echo "$f"; false; }
    cp "$T/saved" "$BUNDLE/config.json"
  done
  unlike crun "1.8.1 takes duplicates"
  config '.linux.namespaces += [{"type": "pid"}]'
  refused
}

@test "refused: no mount namespace" {
  requires tamis
  config '.linux.namespaces = [.linux.namespaces[] | select(.type != "mount")]'
  refused mount
}

@test "hostname and domainname need their own uts namespace" {
  unlike crun "1.8.1 sets the host's"
  config '.linux.namespaces = [.linux.namespaces[] | select(.type != "uts")]'
  local before
  before=$(hostname)
  refused
  equals "$(hostname)" "$before" "the host's name"
}

@test "hostname, domainname" {
  unlike runc "1.1.5 has no domainname"
  unlike crun "1.8.1 has no domainname"
  config '.domainname = "example.org"'
  view 'hostname; cat /proc/sys/kernel/domainname'
  equals "$output" $'box\nexample.org' names
}

@test "loopback is up in a new network namespace" {
  view 'ip link show lo'
  expect_output ",UP"
}
