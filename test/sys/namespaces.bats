# SPDX-License-Identifier: Apache-2.0
# Namespaces: new ones, the host's, joined by path; all eight types.
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

# holder PROGRAM...: starts a process in new namespaces; sets HOLDER.
holder()
{
  "$@" --fork --kill-child sleep 600 3>&- &
  HELPERS+=($!)
  until_true 5 pgrep -P $! -x sleep
  HOLDER=$(pgrep -P $! -x sleep)
}

# bats test_tags=ci
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
  [ -e /proc/self/ns/time ] || skip "the kernel has no time namespaces"
  config '.linux.namespaces += [{"type": "time"}] |
    .linux.timeOffsets = {"boottime": {"secs": 1000000, "nanosecs": 5}, "monotonic": {"secs": 70}}'
  view 'cat /proc/self/timens_offsets; cut -d. -f1 /proc/uptime'
  expect_status 0
  expect_line 'boottime +1000000 +5'
  expect_line 'monotonic +70 +0'
  [ "${lines[-1]}" -gt 1000000 ]
}

# bats test_tags=ci
@test "a type that is not listed: the host's namespace" {
  config '.linux.namespaces = [{"type": "mount"}, {"type": "pid"}] | del(.hostname) |
    .mounts = [.mounts[] | select(.type != "sysfs" and .type != "mqueue")]'
  create
  for n in net ipc uts cgroup user time; do
    equals "$(ns_of "$PID" $n)" "$(ns_of self $n)" $n
  done
}

@test "the program is pid 1 in a new PID namespace" {
  view 'echo $$'
  equals "$output" 1 pid
}

@test "the cgroup namespace has the container's cgroup as its root" {
  config '.linux.namespaces += [{"type": "cgroup"}]'
  view 'cut -d: -f3 /proc/self/cgroup | sort -u'
  equals "$output" / "cgroup as seen inside"
}

# bats test_tags=ci
@test "joined by path: network, ipc, uts, pid, mount, cgroup, time, user of another process" {
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

# bats test_tags=ci
@test "joined by path: the host's own namespace; sysctls and host names are refused" {
  unlike runc "writes them"
  unlike crun "writes them"
  local kind value
  cp "$BUNDLE/config.json" "$T/saved"
  while read -r kind edit value; do
    cp "$T/saved" "$BUNDLE/config.json"
    config "del(.hostname) | .linux.namespaces = [.linux.namespaces[] | select(.type != \$k)] +
      [{\"type\": \$k, \"path\": \$p}] | $edit = \$v" --arg k "$kind" --arg v "$value" \
      --arg p "/proc/$$/ns/$(nsfile "$kind")"
    refused "found the host's namespace"
  done <<-EOF
	network .linux.sysctl."net.ipv4.ip_default_ttl" $(cat /proc/sys/net/ipv4/ip_default_ttl)
	ipc .linux.sysctl."kernel.shmmni" $(cat /proc/sys/kernel/shmmni)
	uts .hostname $(hostname)
	EOF
  # without sysctls it may be joined, as Docker does for --network host
  config 'del(.hostname)'
  create
}

# bats test_tags=ci
@test "joined by path: a pod with network, ipc, uts of a first container; pid file and parent" {
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

# bats test_tags=ci
@test "joined by path: the PID namespace of a container, which delete does not end" {
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

@test "joined by path: the user namespace is joined first" {
  unshare --user --map-root-user --net sleep 60 3>&- &
  local holder=$!
  HELPERS+=($holder)
  until_true 5 sh -c "test \$(readlink /proc/$holder/ns/net) != $(ns_of self net)"
  until_true 5 grep -q . "/proc/$holder/uid_map"
  config '.linux.namespaces = [.linux.namespaces[] | select(.type != "network")] +
    [{"type": "user", "path": ("/proc/" + $p + "/ns/user")},
     {"type": "network", "path": ("/proc/" + $p + "/ns/net")}] |
    .mounts = [.mounts[] | select(.type == "proc" or .type == "tmpfs")]' --arg p "$holder"
  unlike crun "1.8.1 fails"
  unlike runc "1.1.5 wants mappings"
  chmod 755 "$T" "$T/.." "$BATS_RUN_TMPDIR"
  view 'id -u; cat /proc/self/uid_map'
  expect_status 0
  expect_line 0
  expect_line ' +0 +0 +1'
}

# runc 1.1.5 and crun 1.8.1 pivot to the container's root in that namespace, which changes the root
# of all processes in it.
@test "joined by path: a mount namespace is refused, and its processes keep their root" {
  requires tamis
  holder unshare --mount --propagation private
  config '.linux.namespaces = [.linux.namespaces[] | select(.type != "mount")] +
    [{"type": "mount", "path": ("/proc/" + $p + "/ns/mnt")}]' --arg p "$HOLDER"
  refused 'a mount namespace cannot be joined'
  [ -e "/proc/$HOLDER/root/$BUNDLE/config.json" ]
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

# --- combinations, as seen from inside ----------------------------------------------------

KINDS=(pid network ipc uts cgroup time)

# Makes a user namespace with other namespaces in it, and namespaces of the host's user namespace.
# The maps are the identity, so that files keep their owners. ABOVE and BELOW are pids.
holders()
{
  local all=(--pid --net --ipc --uts --cgroup --time)
  holder unshare "${all[@]}"
  ABOVE=$HOLDER
  holder unshare --user --setgroups allow "${all[@]}"
  BELOW=$HOLDER
  echo '0 0 65536' | tee "/proc/$BELOW/uid_map" >"/proc/$BELOW/gid_map"
  cp "$BUNDLE/config.json" "$T/saved"
}

# case_of USER KIND=WAY...: makes a config with the user namespace absent, new or joined; types that
# are not given are new. WAY: new, host, above (joined, owned by the host's user namespace), below
# (joined, owned by the joined user namespace).
case_of()
{
  local user=$1 kind
  shift
  declare -gA WAY=()
  for kind in "${KINDS[@]}"; do WAY[$kind]=new; done
  for kind; do WAY[${kind%=*}]=${kind#*=}; done
  WAY[user]=$user
  cp "$T/saved" "$BUNDLE/config.json"
  config '(($all | split(" ") | map(select(. != "") | split("=") | {(.[0]): .[1]}) | add)) as $way |
    {network: "net"} as $file |
    .linux.namespaces = [{"type": "mount"}] + [$way | to_entries[] |
      select(.value != "host" and .value != "absent") | {type: .key} +
      if .value == "above" then {path: "/proc/\($above)/ns/\($file[.key] // .key)"}
      elif .value == "below" then {path: "/proc/\($below)/ns/\($file[.key] // .key)"}
      else {} end] |
    if $way.user == "new" then .linux.uidMappings = [{containerID: 0, hostID: 0, size: 65536}] |
      .linux.gidMappings = .linux.uidMappings else . end |
    del(.hostname, .linux.maskedPaths, .linux.readonlyPaths) |
    .mounts = [{destination: "/proc", type: "bind", source: "/proc", options: ["rbind"]}]' \
    --arg all "$(for kind in user "${KINDS[@]}"; do echo -n "$kind=${WAY[$kind]} "; done)" \
    --arg above "$ABOVE" --arg below "$BELOW"
}

LOOK='for n in pid net ipc uts cgroup time user mnt; do readlink /proc/self/ns/$n; done'

# expect_namespaces: checks that the lines of $output match the case.
expect_namespaces()
{
  local kind file seen
  for kind in "${KINDS[@]}" user mount; do
    file=$(nsfile $kind)
    seen=$(grep "^$file:" <<<"$output") || { echo "$file: not seen in: $output"; return 1; }
    case ${WAY[$kind]:-new} in
    host | absent) equals "$seen" "$(ns_of self "$file")" "$file" ;;
    above) equals "$seen" "$(ns_of "$ABOVE" "$file")" "$file" ;;
    below) equals "$seen" "$(ns_of "$BELOW" "$file")" "$file" ;;
    new)
      ! grep -qxF "$seen" < <(ns_of self "$file"; ns_of "$ABOVE" "$file"; ns_of "$BELOW" "$file") ||
        { echo "$file: $seen is not new"; return 1; }
      ;;
    esac || return 1
  done
}

# try USER KIND=WAY...: checks the view from inside, or the refusal if the case is impossible.
try()
{
  case_of "$@"
  local words=
  if [ "${WAY[pid]}" = above ] && [ "$1" = new ]; then
    words='a PID namespace cannot be joined from a new user namespace'
  elif [ "${WAY[pid]}" = above ] && [ "$1" = below ]; then
    words='does not belong to the user namespace that is joined'
  fi
  if [ -n "$words" ]; then
    refused "$words" || { echo "case: $*"; return 1; }
    return 0
  fi
  view "$LOOK"
  { expect_status 0 && expect_namespaces; } || { echo "case: $*"; return 1; }
}

# bats test_tags=all
@test "each type alone: new, the host's, joined; without, in a new and in a joined user namespace" {
  requires tamis # runc 1.1.5 and crun 1.8.1 have no time namespaces and one fixed order
  holders
  local kind
  for kind in "${KINDS[@]}"; do
    try below $kind=above
    [ -n "${TAMIS_TEST_ALL:-}" ] || continue # the cases below include these
    try absent $kind=above
    try absent $kind=host
    try new $kind=above
    try new $kind=host
    try below $kind=below
    try below $kind=host
  done
}

# bats test_tags=all
@test "all types at once: joined from both sides of a user namespace, and what exec sees" {
  requires tamis
  holders
  local i=0 case
  while read -r -a case; do
    i=$((i + 1))
    use "$BUNDLE" "$ID.$i"
    cp "$BUNDLE/config.json" "$T/saved"
    case_of "${case[@]}"
    script 'sleep 100'
    create
    start
    run rt exec "$ID" sh -c "$LOOK"
    { expect_status 0 && expect_namespaces; } || { echo "case: ${case[*]}"; return 1; }
    rt delete --force "$ID"
  done <<-EOF
	absent pid=above network=above ipc=above uts=above cgroup=above time=above
	absent pid=host network=host ipc=host uts=host cgroup=host time=host
	absent pid=below network=below ipc=below uts=below cgroup=below time=below
	new
	new pid=host network=host ipc=host uts=host cgroup=host time=host
	new network=above ipc=above uts=above cgroup=above time=above
	below pid=host network=host ipc=host uts=host cgroup=host time=host
	below pid=below network=below ipc=below uts=below cgroup=below time=below
	below network=above ipc=above uts=above cgroup=above time=above
	below pid=below network=above ipc=below uts=above cgroup=below time=above
	EOF
}

# The kernel objects of a new IPC or network namespace belong to root of the user namespace at that
# time.
# bats test_tags=ci
@test "in a user namespace: the container's root owns the message queues and lo" {
  unlike crun "1.8.1: nobody's, too"
  unlike runc "1.1.5: the group of the message queues is nobody's"
  holders
  local user
  for user in new below; do
    case_of $user
    config '.mounts = ($saved[0].mounts | map(select(.type != "devpts")))' --slurpfile saved "$T/saved"
    view 'stat -c "%n %u:%g" /dev/mqueue /sys/class/net/lo/mtu /proc/net/dev /proc/sys/net/ipv4/ip_forward'
    expect_status 0
    [ "$(grep -c ' 0:0$' <<<"$output")" = 4 ] || { echo "$user: $output"; false; }
  done
}

# bats test_tags=ci
@test "in a joined user namespace: mounts of foreign network or IPC namespaces are refused" {
  requires tamis
  holders
  case_of below network=above
  config '.mounts += [{destination: "/sys", type: "sysfs", source: "sysfs"}]'
  refused 'mounts[1] /sys: expected a bind'
  case_of below ipc=above
  config '.mounts += [{destination: "/dev/mqueue", type: "mqueue", source: "mqueue"}]'
  refused 'mounts[1] /dev/mqueue: expected a bind'
  # with namespaces that the user namespace owns, the mounts are made
  case_of below network=below ipc=below
  config '.mounts += [{destination: "/sys", type: "sysfs", source: "sysfs"},
    {destination: "/dev/mqueue", type: "mqueue", source: "mqueue"}]'
  view 'ls /sys/class/net'
  expect_status 0
  expect_line lo
}

# bats test_tags=ci
@test "refused: a path of another type, a file that is no namespace, a duplicate or unknown type" {
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

@test "refused: a config without a mount namespace" {
  requires tamis
  config '.linux.namespaces = [.linux.namespaces[] | select(.type != "mount")]'
  refused mount
}

@test "hostname and domainname are refused without a new UTS namespace" {
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
