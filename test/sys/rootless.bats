# SPDX-License-Identifier: Apache-2.0
# An ordinary user: maps by newuidmap(1) and newgidmap(1), with and without a delegated cgroup. The
# user exists only in this mount namespace: the files of /etc are replaced by copies.
load ../lib

USERID=5555 FIRST=300000

setup_file()
{
  [ "$(id -u)" = 0 ] || return 0
  local file
  for file in passwd group subuid subgid; do
    cp "/etc/$file" "$BATS_FILE_TMPDIR/$file" 2>/dev/null || : >"$BATS_FILE_TMPDIR/$file"
    chmod 644 "$BATS_FILE_TMPDIR/$file"
  done
  echo "ordinary:x:$USERID:$USERID::/nonexistent:/bin/sh" >>"$BATS_FILE_TMPDIR/passwd"
  echo "ordinary:x:$USERID:" >>"$BATS_FILE_TMPDIR/group"
  echo "ordinary:$FIRST:65536" | tee -a "$BATS_FILE_TMPDIR/subgid" >>"$BATS_FILE_TMPDIR/subuid"
  for file in passwd group subuid subgid; do
    [ -e "/etc/$file" ] || skip "this machine has no /etc/$file"
    mount --bind "$BATS_FILE_TMPDIR/$file" "/etc/$file"
  done
}

teardown_file()
{
  [ "$(id -u)" = 0 ] || return 0
  umount /etc/passwd /etc/group /etc/subuid /etc/subgid
}

# From here on $RUNTIME is run by that user.
setup()
{
  requires root
  requires program newuidmap
  requires program setpriv
  bundle
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_FILE_TMPDIR/.." "$T/.." "$T"
  cat >"$T/as-user" <<-END
	#!/bin/sh
	exec setpriv --reuid $USERID --regid $USERID --init-groups env -i PATH=/usr/bin:/bin \
	  TAMIS_TEST_MARK=$MARK XDG_RUNTIME_DIR=$T/run "\$@"
	END
  # in the cgroup that $T/cgroup names, if that file exists
  RUNTIME_PROGRAM=$RUNTIME
  cat >"$T/rt" <<-END
	#!/bin/sh
	[ ! -e "$T/cgroup" ] || echo \$\$ >"\$(cat "$T/cgroup")/cgroup.procs"
	exec "$T/as-user" "$RUNTIME" "\$@"
	END
  chmod 755 "$T/as-user" "$T/rt"
  RUNTIME=$T/rt
  mkdir -p "$T/run" "$ROOT"
  rm -rf "$ROOTFS"
  cp -a "$BATS_RUN_TMPDIR/image" "$ROOTFS"
  config 'del(.linux.cgroupsPath) | .linux.namespaces += [{"type": "user"}, {"type": "cgroup"}]'
  chown -R $USERID:$USERID "$T/b" "$T/run" "$ROOT"
  chown $USERID "$T"
  maps '0 5555 1, 1 300000 65535' '0 5555 1, 1 300000 65535'
}

teardown()
{
  clean
}

# maps UIDS GIDS: "CONTAINER HOST SIZE, ..."
maps()
{
  config 'def list: split(", ") | map(split(" ") | map(tonumber) |
      {containerID: .[0], hostID: .[1], size: .[2]});
    .linux.uidMappings = ($u | list) | .linux.gidMappings = ($g | list)' --arg u "$1" --arg g "$2"
}

# Makes a cgroup that the user owns, and in it the cgroup of the caller. The container's cgroup is
# beside that one, because the config names none.
delegated()
{
  DELEGATED=$(findmnt -nt cgroup2 -o TARGET | tail -n1)$CGROUP_PARENT/user
  [ "$DELEGATED" != "$CGROUP_PARENT/user" ] || skip 'no cgroup2 is mounted'
  mkdir -p "$DELEGATED/session"
  chown -R $USERID "$DELEGATED"
  echo "$DELEGATED/session" >"$T/cgroup"
}

# Sets a limit whose controller this machine has; LIMIT is its place.
some_limit()
{
  if controller_file pids . >/dev/null; then
    LIMIT='linux.resources.pids.limit'
    config '.linux.resources.pids.limit = 10'
  elif controller_file hugetlb . >/dev/null; then
    LIMIT='linux.resources.hugepageLimits[0].limit'
    config '.linux.resources.hugepageLimits = [{pageSize: "2MB", limit: 0}]'
  else
    skip 'no cgroup controller pids or hugetlb'
  fi
}

has_processes()
{
  [ "$(rt ps --format json "$ID" | jq length)" = "$1" ]
}

# From here on the runtime is called as Podman does: as root of a user namespace of that user, which
# has 65536 ids, and in its mount namespace.
inside()
{
  background namespace "$T/as-user" unshare --user --map-root-user --map-auto --mount \
    sh -c 'echo $$; exec sleep 1000'
  until_true 5 test -s "$T/namespace"
  HOLDER=$(cat "$T/namespace")
  cat >"$T/rt" <<-END
	#!/bin/sh
	[ ! -e "$T/cgroup" ] || echo \$\$ >"\$(cat "$T/cgroup")/cgroup.procs"
	exec "$T/as-user" nsenter --user --mount --target $HOLDER $RUNTIME_PROGRAM "\$@"
	END
  config '.linux.namespaces -= [{"type": "user"}] | del(.linux.uidMappings, .linux.gidMappings)'
}

# A map of the user's own id only.
one_id()
{
  maps '0 5555 1' '0 5555 1'
  config '.mounts |= map(if .options then .options -= ["gid=5"] else . end)'
}

@test "several ranges, by newuidmap and newgidmap" {
  view 'cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups; id -u; touch /tmp/x 2>&1
    grep -E "Seccomp|NoNew" /proc/self/status'
  expect_status 0
  equals "$(grep -cE '^ +0 +5555 +1$' <<<"$output")" 2 'own id'
  equals "$(grep -cE '^ +1 +300000 +65535$' <<<"$output")" 2 'range'
  expect_line allow
  expect_line 0
}

@test "another user in the container, groups" {
  config '.process.user = {"uid": 1000, "gid": 1000, "additionalGids": [7, 100]}'
  view 'payload uids; id -G'
  expect_status 0
  expect_line 'uid 1000 1000 1000 gid 1000 1000 1000'
  expect_line '1000 7 100'
}

@test "one id: without newuidmap, setgroups is denied" {
  one_id
  view 'cat /proc/self/uid_map /proc/self/setgroups; id -u'
  expect_status 0
  expect_line ' +0 +5555 +1'
  expect_line deny
}

@test "create, start, state, exec, kill, delete" {
  script 'sleep 100'
  create
  equals "$(stat -c %u "/proc/$PID")" $USERID owner
  equals "$(state_of)" created status
  run rt exec "$ID" /bin/sh -c 'echo in a created one'
  expect_line 'in a created one'
  start
  run rt exec "$ID" /bin/sh -c 'id -u; cat /proc/self/uid_map'
  expect_status 0
  expect_line ' +1 +300000 +65535'
  run rt exec --user 1000:1000 "$ID" /bin/sh -c 'payload uids; exit 3'
  expect_status 3
  expect_line 'uid 1000 1000 1000 gid 1000 1000 1000'
  rt kill "$ID" KILL
  wait_status stopped
  rt delete "$ID"
}

@test "the default state directory is below XDG_RUNTIME_DIR" {
  script 'sleep 100'
  "$RUNTIME" create --bundle "$BUNDLE" "$ID" >"$T/out" 2>&1 3>&- </dev/null
  [ -e "$T/run/tamis/$ID/record" ]
  equals "$(stat -c %u:%a "$T/run/tamis/$ID")" $USERID:700 'state directory'
  "$RUNTIME" delete --force "$ID"
}

@test "terminal" {
  config '.process.terminal = true | .process.user = {"uid": 1000, "gid": 1000}'
  background tty setpriv --reuid $USERID --regid $USERID --clear-groups \
    "$SYS/recvtty" "$T/console.sock" "$T/ready"
  until_true 5 test -e "$T/ready"
  script 'stat -c "owner %u" $(readlink /proc/self/fd/0); : </dev/tty && echo controlling'
  create --console-socket "$T/console.sock"
  start
  until_true 5 grep -q controlling "$T/tty"
  grep -q 'owner 1000' "$T/tty"
}

@test "explained denials" {
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW",
    syscalls: [{names: ["sync"], action: "SCMP_ACT_KILL_PROCESS"}]}'
  cp "$SYS/denied" "$ROOTFS/bin/denied"
  args /bin/denied once 162
  run rt run --explain-denials="$T/run/denials.jsonl" --bundle "$BUNDLE" "$ID"
  expect_status 159
  grep -q '"program":"/bin/denied".*"call":"sync"' "$T/run/denials.jsonl"
}

@test "a seccomp agent" {
  background agent setpriv --reuid $USERID --regid $USERID --clear-groups \
    "$SYS/agent" "$T/agent.sock" "$T/agent.ready" "$T/agent.state"
  until_true 5 test -e "$T/agent.ready"
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerPath: $p,
    syscalls: [{names: ["execve", "write", "close"], action: "SCMP_ACT_NOTIFY"}]}' \
    --arg p "$T/agent.sock"
  view 'echo through'
  expect_status 0
  expect_line through
  grep -q execve <(tr , '\n' <"$T/agent.state") || grep -q seccompFd "$T/agent.state"
}

# bats test_tags=ci
@test "namespaces of the host: network with sysfs; a new proc without a PID namespace is refused" {
  config '.linux.namespaces -= [{"type": "network"}]'
  view 'readlink /proc/self/ns/net; grep -c " /sys " /proc/self/mountinfo; touch /sys/x 2>&1
    ls /sys/class/net'
  expect_status 0
  expect_line "$(readlink /proc/self/ns/net | sed 's/[][]/\\&/g')"
  expect_output 'Read-only file system'
  config '.linux.namespaces -= [{"type": "pid"}]'
  refused 'expected a bind of the host'
}

# bats test_tags=ci
@test "masks, read-only paths, tmpcopyup, sysctl" {
  config '.linux.sysctl = {"net.ipv4.ip_forward": "1"}'
  view 'cat /proc/sys/net/ipv4/ip_forward; echo x >/proc/sys/kernel/domainname || echo ro
    head -c1 /proc/kcore | wc -c; test -c /dev/null && echo x >/dev/null && echo null'
  expect_line 1
  expect_line ro
  expect_line 0
  expect_line null
}

# bats test_tags=ci
@test "volumes: a read-only bind; flags that the host locked are kept" {
  mkdir "$T/volume" "$T/nosuid"
  mount -t tmpfs -o nosuid,nodev,noexec tmpfs "$T/nosuid"
  unmount_later "$T/nosuid"
  mkdir "$T/nosuid/x"
  chown $USERID:$USERID "$T/volume" "$T/nosuid/x"
  config '.mounts += [
    {destination: "/v", type: "bind", source: ($t + "/volume"), options: ["bind", "ro"]},
    {destination: "/n", type: "bind", source: ($t + "/nosuid/x"), options: ["rbind", "rw"]},
    {destination: "/m", type: "bind", source: ($t + "/nosuid"), options: ["rbind", "rprivate"]}]' --arg t "$T"
  view 'touch /v/x; touch /n/x && echo written; grep -E " /[vnm] " /proc/self/mountinfo'
  expect_status 0
  expect_output 'Read-only file system'
  expect_line written
  expect_line '.* /n rw,nosuid,nodev,noexec,relatime .*'
}

# bats test_tags=ci
@test "refused: limits without a delegated cgroup; a cgroupsPath without one" {
  some_limit
  refused "$LIMIT: uid 5555 may not make cgroup"
  expect_output 'Delegate=yes'
  config 'del(.linux.resources) | .linux.cgroupsPath = "/tamis-test/x"'
  refused 'linux.cgroupsPath: uid 5555 may not make cgroup'
}

# bats test_tags=ci
@test "newuidmap: from fixed directories, never from PATH, and only if root owns it" {
  mkdir "$T/evil"
  printf '#!/bin/sh\ntouch %s/taken\n' "$T" | tee "$T/evil/newuidmap" >"$T/evil/newgidmap"
  chmod 755 "$T"/evil/*
  sed -i "s|PATH=/usr/bin:/bin|PATH=$T/evil:/usr/bin:/bin|" "$T/as-user"
  view 'echo in'
  expect_line in
  [ ! -e "$T/taken" ]
  cp /usr/bin/newuidmap "$T/map"
  mount --bind "$T/map" /usr/bin/newuidmap
  unmount_later /usr/bin/newuidmap
  chmod 755 "$T/map"
  refused 'has neither the set-user-ID bit nor a file capability'
  chmod 4775 "$T/map"
  refused 'can be written by users other than root'
  chmod 4755 "$T/map"
  view 'echo in'
  expect_line in
  chown $USERID "$T/map"
  chmod 4755 "$T/map"
  refused 'linux.uidMappings: uid 5555 needs newuidmap for more than its own uid: /usr/bin/newuidmap is not owned by root'
}

# bats test_tags=ci
@test "newuidmap: is an error under no_new_privs, which removes its privilege" {
  sed -i 's/exec setpriv/exec setpriv --no-new-privs/' "$T/as-user"
  refused 'no_new_privs'
  one_id
  view 'echo in'
  expect_line in
}

# bats test_tags=ci
@test "refused: ids that are not in the user's ranges" {
  maps '0 5555 1, 1 400000 100' '0 5555 1'
  refused 'linux.uidMappings /usr/bin/newuidmap: exited with 1'
  expect_output '/etc/subuid'
  maps '0 5555 1' '0 5555 1, 1 400000 100'
  refused 'linux.gidMappings /usr/bin/newgidmap: exited with 1'
  expect_output '/etc/subgid'
  maps '0 0 1' '0 0 1'
  refused 'linux.gidMappings'
}

# bats test_tags=ci
@test "refused: a devpts whose group is not mapped" {
  maps '0 5555 1' '0 5555 1'
  refused 'option gid=5'
  expect_output 'mapped'
}

# bats test_tags=ci
@test "refused: a raised limit, a lowered oom_score_adj" {
  config '.process.rlimits = [{type: "RLIMIT_NOFILE", hard: 4000, soft: 100}]'
  (ulimit -n 2000 && refused 'process.rlimits: raise RLIMIT_NOFILE to 4000')
  config '.process.rlimits = [] | .process.oomScoreAdj = -500'
  refused 'process.oomScoreAdj: write -500'
}

# bats test_tags=ci
@test "refused: no user namespace in the config" {
  config 'del(.linux.uidMappings, .linux.gidMappings) | .linux.namespaces -= [{"type": "user"}]'
  refused 'expected a user namespace'
}

# bats test_tags=ci
@test "delegated: the cgroup is made and removed; exec, ps, pause, kill --all" {
  delegated
  script 'sleep 100 & sleep 101 & sleep 102 & exec sleep 103'
  create
  [ -d "$DELEGATED/$ID" ]
  grep -q "/$ID\$" "/proc/$PID/cgroup"
  start
  until_true 5 has_processes 4
  run rt exec "$ID" cat /proc/self/cgroup
  expect_line '0::/'
  rt pause "$ID"
  equals "$(state_of)" paused status
  rt resume "$ID"
  rt kill --all "$ID" KILL
  wait_status stopped
  rt delete "$ID"
  [ ! -e "$DELEGATED/$ID" ]
}

# bats test_tags=ci
@test "delegated: a relative cgroupsPath is beside the caller's cgroup, an absolute one at the root" {
  delegated
  config '.linux.cgroupsPath = "a/b"'
  create
  [ -d "$DELEGATED/a/b" ]
  rt delete --force "$ID"
  rmdir "$DELEGATED/a"
  config '.linux.cgroupsPath = $p' --arg p "$CGROUP_PARENT/user/c"
  create
  [ -d "$DELEGATED/c" ]
  rt delete --force "$ID"
  [ ! -e "$DELEGATED/c" ]
  config '.linux.cgroupsPath = "/tamis-test-foreign/c"'
  refused 'linux.cgroupsPath: uid 5555 may not make cgroup /tamis-test-foreign/c'
}

# bats test_tags=ci
@test "delegated: limits of the delegated controllers" {
  delegated
  local name=hugetlb mount=${DELEGATED%"$CGROUP_PARENT/user"} size
  grep -qw $name "$mount/cgroup.controllers" || skip "no controller $name in v2"
  size=$(basename "$(ls -d /sys/kernel/mm/hugepages/hugepages-2048kB)") || skip 'no huge pages of 2 MB'
  config '.linux.resources.hugepageLimits = [{pageSize: "2MB", limit: 4194304}]'
  echo +$name >"$mount/cgroup.subtree_control"
  echo +$name >"$mount$CGROUP_PARENT/cgroup.subtree_control"
  create
  equals "$(cat "$DELEGATED/$ID/hugetlb.2MB.max")" 4194304 "$size"
  rt delete --force "$ID"
  echo -$name >"$DELEGATED/cgroup.subtree_control"
  echo -$name >"$mount$CGROUP_PARENT/cgroup.subtree_control"
  refused 'linux.resources.hugepageLimits[0].limit: cgroup controller "hugetlb" is not available'
}

# bats test_tags=ci
@test "delegated: a caller outside of it cannot move a container there" {
  delegated
  rm "$T/cgroup"
  config '.linux.cgroupsPath = $p' --arg p "$CGROUP_PARENT/user/c"
  refused 'Delegate=yes'
  [ ! -e "$DELEGATED/c" ]
}

@test "CVE-2023-25809: without a cgroup namespace the caller's cgroup is visible but not writable" {
  delegated
  config '.mounts += [{destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup",
    options: ["rw", "nosuid", "nodev", "noexec"]}]'
  script 'cd /sys/fs/cgroup; mkdir x; ls -d cgroup.procs; echo end'
  run rt --cgroup-manager=disabled run --bundle "$BUNDLE" "$ID"
  expect_line end
  [ ! -e "$DELEGATED/session/x" ]
  requires v2
  expect_line cgroup.procs
  expect_output 'Read-only file system'
}

# bats test_tags=ci
@test "root of a user namespace: the whole life of a container" {
  inside
  config '.process.user = {"uid": 1000, "gid": 1000, "additionalGids": [7]}'
  script 'payload uids; id -G; exec sleep 100'
  create
  equals "$(stat -c %u "/proc/$PID")" 300999 owner
  start
  until_true 5 grep -q '1000 7' "$T/out"
  run rt exec --user 0 "$ID" /bin/sh -c 'id -u; echo x >/dev/null && echo null; touch /sys/x'
  expect_line 0
  expect_line null
  expect_output 'Read-only file system'
  rt kill "$ID" KILL
  wait_status stopped
  rt delete "$ID"
}

# bats test_tags=ci
@test "root of a user namespace, v1: systemd's hierarchy below a read-only tmpfs" {
  requires v1
  [ -d /sys/fs/cgroup/systemd ] || skip "no mount of systemd's hierarchy"
  inside
  config '.linux.namespaces |= map(select(.type != "cgroup")) |
    .linux.maskedPaths += ["/sys/fs/cgroup/systemd/release_agent"] |
    .mounts += [{destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup",
        options: ["rprivate", "nosuid", "noexec", "nodev", "relatime", "ro"]},
      {destination: "/sys/fs/cgroup/systemd", type: "bind", source: "/sys/fs/cgroup/systemd",
        options: ["bind", "rprivate"]}]'
  view 'cd /sys/fs/cgroup; ls -d systemd/cgroup.procs; wc -c <systemd/release_agent; mkdir new; echo end'
  expect_line systemd/cgroup.procs
  expect_line 0
  expect_line end
  expect_output "can't create directory 'new': Read-only file system"
}

# bats test_tags=ci
@test "root of a user namespace: state below XDG_RUNTIME_DIR, or in /run without it" {
  inside
  script 'sleep 100'
  "$RUNTIME" create --bundle "$BUNDLE" "$ID" >"$T/out" 2>&1 3>&- </dev/null
  [ -e "$T/run/tamis/$ID/record" ]
  "$RUNTIME" delete --force "$ID"
  run env -i nsenter --user --mount --target "$HOLDER" "$RUNTIME_PROGRAM" create --bundle "$BUNDLE" "$ID"
  expect_output '/run/tamis'
}

# bats test_tags=ci
@test "root of a user namespace: the host's network with sysfs" {
  inside
  config '.linux.namespaces -= [{"type": "network"}]'
  view 'readlink /proc/self/ns/net; touch /sys/x; ls /sys/class/net; grep -c " /sys/" /proc/self/mountinfo'
  expect_status 0
  expect_line "$(readlink /proc/self/ns/net | sed 's/[][]/\\&/g')"
  expect_output 'Read-only file system'
}

@test "root of a user namespace: a second user namespace in it" {
  inside
  config '.linux.namespaces += [{"type": "user"}] |
    .linux.uidMappings = [{containerID: 0, hostID: 1000, size: 1000}] |
    .linux.gidMappings = [{containerID: 0, hostID: 2000, size: 1000}]'
  chmod -R a+rX "$T/b"
  view 'cat /proc/self/uid_map /proc/self/gid_map; payload uids'
  expect_status 0
  expect_line ' +0 +1000 +1000'
  expect_line ' +0 +2000 +1000'
}

@test "root of a user namespace: a map across two of its ranges is refused" {
  inside
  config '.linux.namespaces += [{"type": "user"}] |
    .linux.uidMappings = [{containerID: 0, hostID: 1, size: 1000}] |
    .linux.gidMappings = [{containerID: 0, hostID: 0, size: 1000}]'
  refused 'each range has to lie in one range'
}

# bats test_tags=ci
@test "root of a user namespace: limits without a cgroup and a lower oom_score_adj are refused" {
  inside
  some_limit
  refused "$LIMIT: uid 0 may not make cgroup"
  config 'del(.linux.resources) | .process.oomScoreAdj = -500'
  refused 'process.oomScoreAdj: write -500'
}

# bats test_tags=ci
@test "root of a user namespace: a delegated cgroup" {
  delegated
  inside
  script 'sleep 100'
  create
  grep -q "/$ID\$" "/proc/$PID/cgroup"
  start
  rt pause "$ID"
  equals "$(state_of)" paused status
  rt resume "$ID"
  rt delete --force "$ID"
  [ ! -e "$DELEGATED/$ID" ]
}

# bats test_tags=ci
@test "root of a user namespace: a masked /proc is an error that names it" {
  inside
  nsenter --user --mount --target "$HOLDER" mount -t tmpfs none /proc/fs
  config '.linux.namespaces += [{"type": "user"}] |
    .linux.uidMappings = [{containerID: 0, hostID: 1000, size: 1000}] |
    .linux.gidMappings = [{containerID: 0, hostID: 1000, size: 1000}]'
  chmod -R a+rX "$T/b"
  refused 'parts of /proc are masked'
  expect_output 'unmask=ALL'
}
