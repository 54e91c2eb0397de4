# SPDX-License-Identifier: Apache-2.0
# The runtime in a container: a privileged one, a usual one with CAP_SYS_ADMIN, and one with a user
# namespace.
load ../lib

setup()
{
  requires root
  requires tamis
  bundle
  chmod 755 "$BATS_RUN_TMPDIR" "$T/.." "$T" "$T/b"
  # a separate image, with the runtime and a bundle in it
  rm -rf "$ROOTFS"
  cp -a "$BATS_RUN_TMPDIR/image" "$ROOTFS"
  cp "$RUNTIME" "$ROOTFS/bin/tamis"
  mkdir -p "$ROOTFS/b"
  cp -a "$BATS_RUN_TMPDIR/image" "$ROOTFS/b/rootfs"
  jq --arg m "$MARK" '.process.env = ["PATH=/bin", "TAMIS_TEST_MARK=" + $m] |
    del(.linux.resources, .linux.cgroupsPath)' "$BUNDLE/config.json" >"$ROOTFS/b/config.json"
  inner '.process.args = ["/bin/sh", "-c", "id -u; cat /proc/1/comm; grep -c . /proc/self/mountinfo; exit 3"]'
  config '.root.readonly = false | .mounts += [{destination: "/run", type: "tmpfs", source: "tmpfs"}]'
  args /bin/tamis run --bundle /b inner
}

teardown()
{
  clean
}

inner()
{
  jq "$1" "$ROOTFS/b/config.json" >"$T/inner" && cp "$T/inner" "$ROOTFS/b/config.json"
}

ALL='["CAP_AUDIT_WRITE", "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_KILL", "CAP_MKNOD",
  "CAP_NET_ADMIN", "CAP_NET_BIND_SERVICE", "CAP_SETFCAP", "CAP_SETGID", "CAP_SETPCAP",
  "CAP_SETUID", "CAP_SYS_ADMIN", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE"]'

with_caps()
{
  config ".process.capabilities = {bounding: $ALL, effective: $ALL, permitted: $ALL}"
}

# Settings like those of the engines' option --privileged.
privileged()
{
  with_caps
  config 'del(.linux.maskedPaths, .linux.readonlyPaths) |
    .linux.resources.devices = [{allow: true, access: "rwm"}] |
    .linux.namespaces += [{type: "cgroup"}] |
    .mounts |= map(if .type == "sysfs" then .options -= ["ro"] else . end) |
    .mounts += [{destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["rw", "nosuid", "nodev", "noexec"]}]'
}

in_userns()
{
  config '.linux.namespaces += [{type: "user"}] |
    .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}] |
    .linux.gidMappings = [{containerID: 0, hostID: 200000, size: 65536}]'
  chown -R 100000:200000 "$ROOTFS"
}

inner_userns()
{
  inner '.linux.namespaces += [{type: "user"}] |
    .linux.uidMappings = [{containerID: 0, hostID: 0, size: 2000}] |
    .linux.gidMappings = [{containerID: 0, hostID: 0, size: 2000}]'
}

ran_inside()
{
  expect_status 3
  expect_line 0
  expect_line sh
}

# bats test_tags=ci
@test "in a privileged container, including cgroups" {
  privileged
  inner '.linux.cgroupsPath = "/inner" | .linux.resources.devices = [{allow: false, access: "rwm"}]'
  view
  ran_inside
}

# bats test_tags=ci
@test "in a usual container with CAP_SYS_ADMIN, without cgroups" {
  with_caps
  args /bin/tamis --cgroup-manager=disabled run --bundle /b inner
  view
  ran_inside
}

# bats test_tags=ci
@test "in a usual container: the error says what is missing" {
  args /bin/tamis --cgroup-manager=disabled run --bundle /b inner
  view
  expect_status 1
  expect_output 'has no CAP_SYS_ADMIN'
}

# bats test_tags=ci
@test "in a container with a user namespace, masked paths and read-only cgroups" {
  in_userns
  with_caps
  view
  ran_inside
  inner '.linux.resources.pids.limit = 10'
  view
  expect_status 1
  expect_output 'linux.resources.pids.limit'
}

# bats test_tags=ci
@test "two user namespaces: works with /proc unmasked; masked, the error says so" {
  in_userns
  with_caps
  inner_userns
  view
  expect_status 1
  expect_output 'parts of /proc are masked'
  config 'del(.linux.maskedPaths, .linux.readonlyPaths)'
  view
  ran_inside
}

# bats test_tags=ci
@test "a bind of the existing /proc replaces a new procfs" {
  in_userns
  with_caps
  inner_userns
  inner '.mounts |= map(if .type == "proc" or .type == "sysfs"
    then .options = ["rbind"] | .type = "bind" | .source = .destination else . end)'
  view
  expect_status 3
}
