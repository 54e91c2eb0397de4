# SPDX-License-Identifier: Apache-2.0
# /dev: nodes, links, the config's devices; masked and read-only paths.
load ../lib

# bats test_tags=ci
@test "/dev: device nodes with their numbers, links" {
  view 'for n in null zero full random urandom tty; do stat -c "%n %F %a %t:%T" /dev/$n; done
    for l in fd stdin stdout stderr ptmx; do echo $l $(readlink /dev/$l); done'
  expect_line '/dev/null character special file 666 1:3'
  expect_line '/dev/zero character special file 666 1:5'
  expect_line '/dev/full character special file 666 1:7'
  expect_line '/dev/random character special file 666 1:8'
  expect_line '/dev/urandom character special file 666 1:9'
  expect_line '/dev/tty character special file 666 5:0'
  expect_line 'fd /proc/self/fd'
  expect_line 'stdin /proc/self/fd/0'
  expect_line 'stdout /proc/self/fd/1'
  expect_line 'stderr /proc/self/fd/2'
  expect_line 'ptmx (/dev/)?pts/ptmx'
}

@test "/dev: null, zero, full and urandom work" {
  view 'echo x >/dev/null && head -c3 /dev/zero | wc -c && head -c3 /dev/urandom | wc -c
    echo x >/dev/full'
  expect_output "No space left"
  equals "$(grep -cx 3 <<<"$output")" 2 reads
}

@test "linux.devices: types, mode, owner; in a new directory" {
  config '.linux.devices = [{"path": "/dev/made", "type": "c", "major": 1, "minor": 3,
    "fileMode": 416, "uid": 5, "gid": 6},
    {"path": "/dev/dir/pipe", "type": "p", "fileMode": 384},
    {"path": "/dev/block", "type": "b", "major": 7, "minor": 0}]'
  view 'stat -c "%n %F %a %u:%g %t:%T" /dev/made /dev/dir/pipe /dev/block'
  expect_line '/dev/made character special file 640 5:6 1:3'
  expect_line '/dev/dir/pipe fifo 600 .*'
  expect_line '/dev/block block special file .* 7:0'
}

@test "linux.devices: a standard node may be given again, an unknown type is refused" {
  unlike runc "1.1.5 then denies it"
  config '.linux.devices = [{"path": "/dev/null", "type": "c", "major": 1, "minor": 3,
    "fileMode": 438}]'
  view 'stat -c "%t:%T" /dev/null'
  expect_line 1:3
  config '.linux.devices = [{"path": "/dev/x", "type": "q", "major": 1, "minor": 3}]'
  refused
}

# bats test_tags=ci
@test "devices cgroup: denied devices cannot be opened or made" {
  requires controller devices
  config '.process.capabilities |= map_values(. + ["CAP_MKNOD"]) | .root.readonly = false'
  view 'payload syscall mknodat -100 s:/tmp/null 0020666 0x0103; : </dev/null && echo null ok
    mknod /tmp/loop b 7 77 && dd if=/tmp/loop of=/dev/null count=1'
  expect_line 'null ok'
  expect_line 'mknodat: 0'
  expect_output "Operation not permitted"
  config '.linux.resources.devices += [{"allow": true, "type": "b", "major": 7, "minor": 77,
    "access": "m"}]'
  view 'mknod /tmp/loop2 b 7 77 && echo made; dd if=/tmp/loop2 of=/dev/null count=1'
  expect_line made
  expect_output "Operation not permitted"
}

# These devices are implemented in the kernel, so the node need not exist on this machine: open(2)
# of a denied device is EPERM, of an allowed one without a driver ENXIO or ENODEV.
# bats test_tags=ci
@test "devices cgroup: only the standard devices are always allowed" {
  unlike crun "1.8.1 leaves tun out, and has console"
  config '.process.capabilities |= map_values(. + ["CAP_MKNOD"]) | .mounts += [
    {"destination": "/nodes", "type": "tmpfs", "source": "tmpfs"}]'
  mkdir "$ROOTFS/nodes"
  script 'for d in "c 1 3" "c 1 5" "c 1 7" "c 1 8" "c 1 9" "c 5 0" "c 5 1" "c 5 2" "c 136 0" "c 10 200" \
      "c 1 1" "c 10 229" "c 10 201" "c 11 200" "b 10 200" "b 7 0"; do
      mknod /nodes/n $d || echo "$d: cannot be made"
      (: </nodes/n) 2>&1 | grep -q "Operation not permitted" && echo "$d: denied" || echo "$d: allowed"
      rm /nodes/n
    done'
  view
  local d
  for d in 'c 1 3' 'c 1 5' 'c 1 7' 'c 1 8' 'c 1 9' 'c 5 0' 'c 5 2' 'c 136 0' 'c 10 200'; do
    expect_line "$d: allowed"
  done
  for d in 'c 5 1' 'c 1 1' 'c 10 229' 'c 10 201' 'c 11 200' 'b 10 200' 'b 7 0'; do
    expect_line "$d: denied"
  done
}

@test "maskedPaths: files are empty, directories empty and read-only; missing paths are ignored" {
  mkdir "$ROOTFS/secret"
  echo s >"$ROOTFS/secret/f"
  echo s >"$ROOTFS/etc/secret"
  config '.linux.maskedPaths += ["/secret", "/etc/secret", "/not/there"]'
  view 'ls -A /secret; cat /etc/secret; echo x >/secret/x; head -c1 /proc/kcore | wc -c'
  expect_no_line s
  expect_no_line f
  expect_output "Read-only"
  expect_line 0
}

@test "readonlyPaths: read-only; missing paths are ignored" {
  config '.root.readonly = false | .linux.readonlyPaths += ["/etc", "/not/there"]'
  view 'echo x >/etc/x; echo x >/proc/sys/kernel/domainname; echo end'
  equals "$(grep -c 'Read-only' <<<"$output")" 2 refusals
  expect_line end
}

@test "the container cannot undo masks and read-only paths by umount or remount" {
  view 'umount /proc/kcore 2>&1; mount -o remount,rw,bind /proc/sys 2>&1
    head -c1 /proc/kcore | wc -c; echo x >/proc/sys/kernel/domainname'
  expect_line 0
  expect_output "Read-only"
}

@test "ptmx makes terminals in the container's devpts" {
  view ': </dev/ptmx && echo opened; ls /dev/pts'
  expect_line opened
  expect_line ptmx
}
