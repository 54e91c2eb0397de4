# SPDX-License-Identifier: Apache-2.0
# User namespaces with maps, made by root.
load ../lib

setup()
{
  requires root
  bundle
  chmod 755 "$T" "$T/.." "$BATS_RUN_TMPDIR" "$T/b"
  config '.linux.namespaces += [{"type": "user"}] |
    .linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 65536}] |
    .linux.gidMappings = [{"containerID": 0, "hostID": 200000, "size": 65536}] |
    .mounts = [.mounts[] | if .type == "devpts" then .options -= ["gid=5"] else . end]'
  # Engines change the owners of images by the map; this is a copy, so that other links keep their
  # owner.
  rm -rf "$ROOTFS"
  cp -a "$BATS_RUN_TMPDIR/image" "$ROOTFS"
  chown -R 100000:200000 "$ROOTFS"
}

@test "maps and ids" {
  view 'cat /proc/self/uid_map /proc/self/gid_map; payload uids'
  expect_status 0
  expect_line ' +0 +100000 +65536'
  expect_line ' +0 +200000 +65536'
  expect_line 'uid 0 0 0 gid 0 0 0'
}

@test "another user, groups and capabilities inside" {
  config '.process.user = {"uid": 1000, "gid": 1000, "additionalGids": [7, 65535]}'
  view 'payload uids; id -G; grep CapPrm /proc/self/status; touch /tmp/x 2>&1'
  expect_line 'uid 1000 1000 1000 gid 1000 1000 1000'
  expect_line '1000 7 65535'
  unlike crun "shows other groups"
}

@test "on the host the process has the mapped user" {
  script 'sleep 100'
  create
  start
  equals "$(stat -c %u:%g "/proc/$PID")" 100000:200000 owner
}

@test "several maps" {
  config '.linux.uidMappings = [{"containerID": 0, "hostID": 100000, "size": 1},
    {"containerID": 1, "hostID": 100001, "size": 9}, {"containerID": 1000, "hostID": 5000, "size": 1}]'
  view 'cat /proc/self/uid_map'
  expect_line ' +1000 +5000 +1'
  expect_line ' +1 +100001 +9'
}

# The kernel sorts groups by their numbers on the host and keeps duplicates.
# bats test_tags=ci
@test "groups with unordered maps: several ranges, duplicates, the primary one, overflow" {
  config '.linux.gidMappings = [{"containerID": 0, "hostID": 200000, "size": 10},
      {"containerID": 10, "hostID": 150000, "size": 10},
      {"containerID": 20, "hostID": 250000, "size": 1000},
      {"containerID": 65534, "hostID": 100000, "size": 1}] |
    .process.user = {"uid": 0, "gid": 15, "additionalGids": [3, 12, 25, 12, 15, 65534, 0]}'
  view 'sed -n "s/^Groups:.//p" /proc/self/status | tr " " "\n" | grep . | sort -un | tr "\n" " "'
  expect_status 0
  expect_line '0 3 12 15 25 65534 '
  script 'sleep 100'
  create
  start
  run rt exec --user 0:12 --additional-gids 25 --additional-gids 3 --additional-gids 12 "$ID" \
    sh -c 'id -g; id -G | tr " " "\n" | sort -un | tr "\n" " "'
  expect_status 0
  expect_line 12
  expect_line '0 3 12 15 25 65534 '
}

# The maps of rootless Podman for `--userns=keep-id -u 0`: 0 lies above 1 on the host.
# bats test_tags=ci
@test "groups with the maps of Podman's keep-id" {
  config '.linux.uidMappings = [{"containerID": 0, "hostID": 100001, "size": 1000},
      {"containerID": 1000, "hostID": 100000, "size": 1},
      {"containerID": 1001, "hostID": 101001, "size": 64535}] |
    .linux.gidMappings = .linux.uidMappings |
    .process.user = {"uid": 0, "gid": 0, "additionalGids": [0, 1, 10, 1000]}'
  chown -R 100001:100001 "$ROOTFS"
  view 'id -G | tr " " "\n" | sort -un | tr "\n" " "'
  expect_status 0
  expect_line '0 1 10 1000 '
}

# bats test_tags=ci
@test "devices are binds of the host's nodes and work" {
  view 'echo x >/dev/null && head -c4 /dev/zero | wc -c; grep " /dev/null " /proc/self/mountinfo'
  expect_status 0
  expect_line 4
  expect_output "/dev/null"
}

# bats test_tags=ci
@test "sysfs, mqueue, devpts, masks, read-only paths" {
  view 'grep -c . /proc/self/mountinfo; echo x >/proc/sys/kernel/domainname || echo ro
    test -r /proc/kcore && cat /proc/kcore | head -c1 | wc -c; test -c /dev/pts/ptmx && echo ptmx'
  expect_line ro
  expect_line ptmx
}

@test "no privileges on the host: only resources of the mapped user" {
  view 'echo 1 >/proc/sysrq-trigger; echo rc $?; payload syscall settimeofday b:16 0'
  expect_line 'rc 1'
  expect_line 'settimeofday: EPERM'
}

# bats test_tags=ci
@test "a root file system in a directory that the mapped root cannot enter" {
  unlike runc "1.1.5 cannot"
  unlike crun "1.8.1 cannot"
  chmod 700 "$T/b"
  view 'echo in'
  expect_line in
}

# bats test_tags=ci
@test "a root file system in a directory that root can enter only by CAP_DAC_OVERRIDE" {
  unlike runc "1.1.5 cannot"
  unlike crun "1.8.1 cannot"
  chown 4321:4321 "$T/b"
  chmod 700 "$T/b"
  view 'echo in'
  expect_line in
}

# bats test_tags=ci
@test "refused: overlapping, overflowing, missing and too many maps" {
  cp "$BUNDLE/config.json" "$T/saved"
  for f in '.linux.uidMappings += [{"containerID": 5, "hostID": 300000, "size": 1}]' \
    '.linux.uidMappings = [{"containerID": 4294967295, "hostID": 1, "size": 2}]' \
    '.linux.uidMappings = [{"containerID": 0, "hostID": 1, "size": 0}]' \
    'del(.linux.uidMappings)'; do
    config "$f"
    refused || { echo "$f"; false; }
    cp "$T/saved" "$BUNDLE/config.json"
  done
}

@test "refused: maps without a user namespace" {
  config '.linux.namespaces -= [{"type": "user"}]'
  unlike crun "ignores them"
  unlike runc "1.1.5 ignores them"
  refused
}

@test "refused: a user that is not mapped" {
  config '.process.user.uid = 70000'
  refused
}

@test "the filter is loaded in it, with and without noNewPrivileges" {
  for nnp in true false; do
    config ".process.noNewPrivileges = $nnp | .linux.seccomp = {
      \"defaultAction\": \"SCMP_ACT_ALLOW\", \"syscalls\": [{\"names\": [\"mkdirat\", \"mkdir\"],
      \"action\": \"SCMP_ACT_ERRNO\", \"errnoRet\": 95}]}"
    view 'payload syscall mkdirat -100 s:/tmp/x 0755; grep -E "Seccomp:|NoNewPrivs" /proc/self/status'
    expect_line 'mkdirat: EOPNOTSUPP'
    expect_line 'Seccomp:.2'
  done
}
