# SPDX-License-Identifier: Apache-2.0
# A test for each class of vulnerabilities that runc, crun, youki and others had, named by its CVE.
# The "control" tests run the same bundle with an old runtime of the distribution and expect the
# fault, which shows that the test can fail. They are skipped if that version is not installed.
load ../lib

no_dev()
{
  config '.mounts = [.mounts[] | select(.destination | startswith("/dev") | not)]'
  rm -rf "$ROOTFS/dev"
  mkdir "$ROOTFS/dev"
}

# --- ids ------------------------------------------------------------------------------------

# bats test_tags=ci
@test "CVE-2016-3697: a numeric uid is not looked up as a user name of the image" {
  rm "$ROOTFS/etc/passwd"
  printf '1000:x:0:0:root:/root:/bin/sh\n' >"$ROOTFS/etc/passwd"
  config '.process.user.uid = 1000'
  view 'payload uids'
  expect_line 'uid 1000 1000 1000 .*'
}

minus_one()
{
  config '.process.user.uid = 4294967295'
  view 'payload uids'
}

@test "uid 4294967295, which means "no change" to the kernel, is refused" {
  minus_one
  [ "$status" != 0 ]
  expect_no_output "uid 0"
}

# bats test_tags=all
@test "control: crun 1.8.1 runs uid 4294967295 as root" {
  control crun 1.8.1
  minus_one
  expect_output "uid 0 0 0"
}

@test "uid \"5\" is refused" {
  config '.process.user.uid = "5"'
  view 'payload uids'
  [ "$status" != 0 ]
}

# bats test_tags=all
@test "control: crun 1.8.1 runs uid \"5\" as root" {
  control crun 1.8.1
  config '.process.user.uid = "5"'
  view 'payload uids'
  expect_output "uid 0 0 0"
}

duplicates()
{
  sed -i 's/"noNewPrivileges": true/"noNewPrivileges": true, "NONEWPRIVILEGES": false/' \
    "$BUNDLE/config.json"
}

# bats test_tags=ci
@test "a config has one meaning: keys are case-sensitive, duplicate keys are refused" {
  unlike runc "faulty: see the control"
  args /bin/cat /proc/self/status
  duplicates
  view
  [ "$status" != 0 ] || equals "$(field NoNewPrivs)" 1 NoNewPrivs
  sed -i 's/NONEWPRIVILEGES/noNewPrivileges/' "$BUNDLE/config.json"
  unlike crun "the first one wins"
  refused
}

# bats test_tags=all
@test "control: runc 1.1.5 accepts a key that differs in case" {
  control runc 1.1.5
  args /bin/cat /proc/self/status
  duplicates
  view
  equals "$(field NoNewPrivs)" 0 NoNewPrivs
}

# --- what the processes of create and exec expose --------------------------------------------

# bats test_tags=ci
@test "CVE-2016-9962: init has no descriptor of the host, not even while it is created" {
  create
  local fd target
  for fd in /proc/"$PID"/fd/*; do
    target=$(readlink "$fd") || continue
    case $target in
    /dev/null | "$T"/* | pipe:* | socket:* | anon_inode:* | /memfd:* | *"(deleted)") ;;
    /proc/*/fd | /) ;;
    *)
      unlike runc "1.1.5 holds its fifo"
      echo "descriptor ${fd##*/}: $target"
      false
      ;;
    esac
    [ ! -d "$fd" ] || {
      echo "a directory of the host is open: $target"
      false
    }
  done
}

@test "CVE-2017-5226: TIOCSTI does not reach the caller's terminal" {
  config '.process.terminal = false'
  args /bin/payload tty-inject "touch $T/injected"
  run timeout 20 script -qec "TAMIS_TEST_MARK=$MARK $RUNTIME --root $ROOT run --bundle $BUNDLE $ID" \
    /dev/null </dev/null 3>&-
  expect_output "tiocsti: E"
  [ ! -e "$T/injected" ]
}

# bats test_tags=ci
@test "CVE-2019-5736: /proc/self/exe as the program and as the interpreter" {
  local before
  before=$(sha256sum "$RUNTIME")
  args /proc/self/exe --version # only the sealed copy can run, like a program of the image
  view
  printf '#!/proc/self/exe\n' >"$ROOTFS/script"
  chmod 755 "$ROOTFS/script"
  args /script
  view
  equals "$(sha256sum "$RUNTIME")" "$before" "the runtime's file"
}

# bats test_tags=ci
@test "CVE-2019-5736: the container cannot write to the runtime's file in any way" {
  local before
  before=$(stat -c '%Y %s' "$RUNTIME")
  config '.process.capabilities |= map_values(. + ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_SYS_ADMIN"])'
  bundle_at "$T/attacker"
  use "$T/attacker" "$ID-attacker"
  config '.process.capabilities |= map_values(. + ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_SYS_ADMIN"])'
  args /bin/payload attack-exe 3
  create
  local attacker=$PID
  start
  use "$T/b" "${ID%-attacker}"
  config '.linux.namespaces = [.linux.namespaces[] | select(.type != "pid")] +
    [{"type": "pid", "path": ("/proc/" + $p + "/ns/pid")}]' --arg p "$attacker"
  local end=$((SECONDS + 3))
  while [ $SECONDS -lt $end ]; do
    rt run --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 || true
  done
  equals "$(stat -c '%Y %s' "$RUNTIME")" "$before" "the runtime's file"
}

# bats test_tags=ci
@test "CVE-2024-21626: no descriptor leads to the host by cwd; the program has 0, 1, 2" {
  local n
  for n in 3 4 5 6 7 8 9 10 11 12; do
    config ".process.cwd = \"/proc/self/fd/$n\""
    view 'pwd; ls -d bin etc ../../../etc/shadow'
    [ "$status" != 0 ] || {
      equals "${lines[0]:0:1}" / "cwd reachable"
      expect_no_output shadow
    }
  done
  ln -s /proc/self/fd/7 "$ROOTFS/leak"
  config '.process.cwd = "/leak"'
  view 'ls ../../../../../etc/shadow'
  [ "$status" != 0 ]
}

# bats test_tags=ci
@test "CVE-2020-15257: no socket in the abstract namespace" {
  config '.linux.namespaces -= [{"type": "network"}] |
    .mounts = [.mounts[] | select(.type != "sysfs")]'
  create
  local inode
  # other programs of the host have such sockets, too; only init's count
  for inode in $(find "/proc/$PID/fd" -lname 'socket:*' -printf '%l\n' | tr -dc '0-9\n'); do
    run ! grep -E " $inode @" /proc/net/unix
  done
  run ! grep -i ' @.*tamis' /proc/net/unix
}

@test "CVE-2022-29162, CVE-2022-27650, CVE-2022-24769: inheritable capabilities are as configured" {
  args /bin/cat /proc/self/status
  view
  equals "$(field CapInh)" 0000000000000000 CapInh
}

# --- paths of the image ---------------------------------------------------------------------

resolv_link()
{
  mkdir "$T/host"
  ln -s "$T/host/made" "$ROOTFS/etc/resolv.conf"
  echo source >"$T/source"
  config '.root.readonly = false | .mounts += [{"destination": "/etc/resolv.conf",
    "type": "bind", "source": $s, "options": ["bind"]}]' --arg s "$T/source"
  view 'true'
}

# bats test_tags=ci
@test "CVE-2019-18837, CVE-2024-45310: a mount point behind a link is made inside or refused" {
  resolv_link
  [ "$status" = 0 ] || expect_output /etc/resolv.conf
  equals "$(ls -A "$T/host")" "" "made on the host"
}

@test "CVE-2019-19921, CVE-2023-27561: a symbolic link at /proc is refused" {
  mkdir "$ROOTFS/evil"
  rm -rf "$ROOTFS/proc"
  ln -s /evil "$ROOTFS/proc"
  run rt run --bundle "$BUNDLE" "$ID"
  [ "$status" != 0 ]
}

@test "CVE-2019-19921: a symbolic link at /sys is refused" {
  mkdir "$ROOTFS/evil"
  rm -rf "$ROOTFS/sys"
  ln -s /evil "$ROOTFS/sys"
  run rt run --bundle "$BUNDLE" "$ID"
  [ "$status" != 0 ]
}

@test "CVE-2019-16884: a bind at /proc must be the root of a procfs" {
  unlike runc "takes a part of it"
  unlike crun "takes a part of it"
  config '(.mounts[] | select(.destination == "/proc")) |=
    {"destination": "/proc", "type": "bind", "source": "/proc/sys", "options": ["rbind"]}'
  refused "expected the root of a procfs"
}

@test "CVE-2019-16884, CVE-2023-28642: a mount at or below /proc is refused unless it is a procfs" {
  config '.mounts += [{"destination": "/proc", "type": "tmpfs", "source": "tmpfs"}]'
  refused
  config '.mounts[-1].destination = "/proc/self"'
  refused
  mkdir "$T/fake"
  config '.mounts[-1] = {"destination": "/proc", "type": "bind", "source": $s,
    "options": ["rbind"]}' --arg s "$T/fake"
  refused
}

@test "CVE-2025-52881: writes to sysctls cannot be redirected" {
  local before
  before=$(cat /proc/sys/kernel/core_pattern)
  mkdir -p "$T/sys/net"
  config '.linux.sysctl = {"net.ipv4.ip_forward": "1"} |
    .mounts += [{"destination": "/proc/sys/net", "type": "bind", "source": $s,
      "options": ["rbind"]}]' --arg s "$T/sys/net"
  run create
  equals "$(cat /proc/sys/kernel/core_pattern)" "$before" core_pattern
  equals "$(find "$T/sys" -type f)" "" "files written on the host"
}

# race SECONDS: a container exchanges names in a shared volume while others are created.
race()
{
  local creates=0 end
  mkdir -p "$T/vol/x" "$T/canary"
  mkdir "$T/vol/x/y"
  ln -s ../../../../../../../../../../../"$T/canary" "$T/vol/link"
  "$SYS/payload" swap "$T/vol/x" "$T/vol/link" "$1" 3>&- &
  HELPERS+=($!)
  config '.mounts += [{"destination": "/vol", "type": "bind", "source": $v, "options": ["rbind"]},
    {"destination": "/vol/x/y", "type": "tmpfs", "source": "raced"}]' --arg v "$T/vol"
  end=$((SECONDS + $1))
  while [ $SECONDS -lt $end ]; do
    rt run --bundle "$BUNDLE" "$ID" >/dev/null 2>&1 || true
    creates=$((creates + 1))
    equals "$(ls -A "$T/canary")" "" "made on the host"
  done
  echo "$creates creates"
}

# bats test_tags=ci
@test "CVE-2021-30465: an exchanged mount point does not lead out of the root" {
  unlike runc "shown by race"
  race "${TAMIS_TEST_ALL:+30}${TAMIS_TEST_ALL:-3}"
  run grep raced /proc/self/mountinfo
  equals "$output" "" "mounts on the host"
}

fake_null()
{
  no_dev
  echo "secret of the host" >"$T/secret"
  chmod 600 "$T/secret"
  mkdir "$ROOTFS/vol"
  : >"$ROOTFS/vol/f"
  ln -s /vol/f "$ROOTFS/dev/null"
  config '.root.readonly = false | .linux.maskedPaths = ["/proc/version"] |
    .mounts += [{"destination": "/vol/f", "type": "bind", "source": $s, "options": ["bind"]}]' \
    --arg s "$T/secret"
  view 'cat /proc/version; echo written >/proc/version; true'
}

@test "CVE-2025-31133, CVE-2025-62161: masks do not use the image's /dev/null" {
  unlike runc "faulty: see the control"
  fake_null
  expect_no_output "secret of the host"
  equals "$(cat "$T/secret")" "secret of the host" "the host's file"
}

# bats test_tags=all
@test "control: runc 1.1.5 masks with the image's /dev/null" {
  control runc 1.1.5
  fake_null
  [[ $output == *secret* || $(cat "$T/secret") != "secret of the host" ]]
}

console_link()
{
  no_dev
  mkdir "$T/host"
  ln -s "$T/host/made" "$ROOTFS/dev/console"
  config '.process.terminal = true | .root.readonly = false | .mounts += [
    {"destination": "/dev/pts", "type": "devpts", "source": "devpts",
    "options": ["newinstance", "ptmxmode=0666"]}]'
  background tty "$SYS/recvtty" "$T/console.sock" "$T/ready"
  until_true 5 test -e "$T/ready"
  run create --console-socket "$T/console.sock"
}

@test "CVE-2025-52565, CVE-2026-88264: a symbolic link at /dev/console makes nothing on the host" {
  console_link
  equals "$(ls -A "$T/host")" "" "made on the host"
}

# bats test_tags=all
@test "control: crun 1.8.1 makes the file behind /dev/console on the host" {
  control crun 1.8.1
  console_link
  [ -e "$T/host/made" ]
}

dev_link()
{
  config '.mounts = [.mounts[] | select(.destination | startswith("/dev") | not)] |
    .root.readonly = false'
  mkdir "$T/host"
  echo marker >"$T/host/ptmx"
  rm -rf "$ROOTFS/dev"
  ln -s "$T/host" "$ROOTFS/dev"
  view true
}

@test "CVE-2026-41579, CVE-2026-47766: a symbolic link at /dev changes nothing on the host" {
  unlike runc "faulty: see the control"
  dev_link
  equals "$(ls -A "$T/host")" ptmx "on the host"
  echo "$status $output"
  equals "$(cat "$T/host/ptmx")" marker "the host's file"
}

# bats test_tags=all
@test "control: runc 1.1.5 changes the target of /dev" {
  control runc 1.1.5
  dev_link
  [ "$(ls -A "$T/host")" != ptmx ] || [ "$(cat "$T/host/ptmx")" != marker ]
}

# bats test_tags=all
@test "control: crun 1.8.1 changes the target of /dev" {
  control crun 1.8.1
  dev_link
  [ "$(ls -A "$T/host")" != ptmx ] || [ "$(cat "$T/host/ptmx" 2>/dev/null)" != marker ]
}

stdio_null()
{
  no_dev
  echo "of the host" >"$T/file"
  chmod 600 "$T/file"
  mkdir "$ROOTFS/vol"
  : >"$ROOTFS/vol/f"
  ln -s /vol/f "$ROOTFS/dev/null"
  config '.root.readonly = false | .process.user = {"uid": 33, "gid": 33} |
    .mounts += [{"destination": "/vol/f", "type": "bind", "source": $s, "options": ["bind"]}]' \
    --arg s "$T/file"
  script 'echo overwritten >&2; echo overwritten'
  if [ "$1" = pipe ]; then
    true | "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" 2>&1 3>&- | cat >/dev/null
  else
    "$RUNTIME" --root "$ROOT" run --bundle "$BUNDLE" "$ID" </dev/null >/dev/null 2>&1 3>&- ||
      true
  fi
}

stdio_is_safe()
{
  unlike runc "faulty: see the control"
  stdio_null "$1"
  equals "$(cat "$T/file")" "of the host" "the host's file"
  equals "$(stat -c '%u %a' "$T/file")" "0 600" "its owner and mode"
}

@test "CVE-2026-88265: standard descriptors (null) are not opened on the image's /dev/null" {
  stdio_is_safe null
}

@test "CVE-2026-88265: standard descriptors (pipes) do not change the image's /dev/null" {
  stdio_is_safe pipe
}

# bats test_tags=all
@test "control: crun 1.8.1 changes its owner or overwrites it" {
  control crun 1.8.1
  stdio_null pipe
  [ "$(cat "$T/file") $(stat -c %u "$T/file")" != "of the host 0" ]
}

# bats test_tags=all
@test "control: runc 1.1.5 overwrites it" {
  control runc 1.1.5
  stdio_null null
  [ "$(cat "$T/file") $(stat -c %u "$T/file")" != "of the host 0" ]
}

# bats test_tags=ci
@test "CVE-2026-115521: the read-only root is not set through the image's /proc/self/fd" {
  local n
  unlike runc "1.1.5 does not start there"
  config '.mounts = [] | .linux.maskedPaths = [] | .linux.readonlyPaths = []'
  for n in $(seq 3 40); do
    mkdir -p "$ROOTFS/proc/self/fd/$n"
  done
  mkdir -p "$ROOTFS/dev"
  view 'touch /w && echo written; echo ran'
  expect_line ran
  expect_no_line written
  [ ! -e "$ROOTFS/w" ]
}

# --- devices, cgroups, hooks ----------------------------------------------------------------

@test "GHSA-g54h-m393-cpwq: no device rules means deny, not allow" {
  requires controller devices
  config '.linux.resources.devices = [] | .root.readonly = false |
    .process.capabilities |= map_values(. + ["CAP_MKNOD"])'
  view 'mknod /tmp/disk b 8 0; mknod /tmp/vda b 254 0; head -c1 /tmp/vda | wc -c'
  expect_output "not permitted"
  expect_no_line 1
}

@test "CVE-2022-0492, CVE-2023-25809: the cgroup mount, including release_agent, is read-only" {
  config '.mounts += [{"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
    "options": ["ro"]}] | .process.capabilities |= map_values(. + ["CAP_DAC_OVERRIDE"])'
  view 'for d in /sys/fs/cgroup /sys/fs/cgroup/*; do test -d $d || continue
    mkdir $d/evil 2>/dev/null && echo "made in $d"
    echo /evil 2>/dev/null >$d/release_agent && echo "agent in $d"; done; true'
  expect_no_output "agent in /sys/fs/cgroup/"
  unlike runc "1.1.5 leaves the tmpfs writable"
  expect_no_output "made in"
}

hook_env()
{
  config '.process.env += ["LD_PRELOAD=./e.so"] | .hooks.createContainer = [{"path": "/bin/sh",
    "args": ["sh", "-c", ("/usr/bin/tr \"\\0\" \"\\n\" </proc/self/environ >" + $o)]}]' \
    --arg o "$T/seen"
  run create
}

@test "CVE-2024-0132, CVE-2025-23266: a hook on the host does not inherit the image's environment" {
  unlike runc "faulty: see the control"
  hook_env
  run cat "$T/seen"
  expect_output PATH=
  expect_no_output LD_PRELOAD
}

# bats test_tags=all
@test "control: runc 1.1.5 passes the image's environment to hooks" {
  control runc 1.1.5
  hook_env
  run cat "$T/seen"
  expect_output LD_PRELOAD=
}

@test "CVE-2024-3154: annotations set no properties of systemd units" {
  config '.annotations = {"org.systemd.property.ExecStopPost": "[(\"/bin/sh\", [\"sh\"], false)]"}'
  run rt --systemd-cgroup create --bundle "$BUNDLE" "$ID"
  [ "$status" != 0 ]
}

@test "CVE-2021-43784: no length is truncated: 70000 bytes of path, 5000 maps are refused" {
  local long
  long=/$(printf 'p%.0s' {1..70000})
  jq --rawfile p <(printf %s "$long") '.linux.namespaces += [{"type": "cgroup", "path": $p}]' \
    "$BUNDLE/config.json" >"$T/c" && cp "$T/c" "$BUNDLE/config.json"
  refused
  bundle_at "$T/two"
  use "$T/two" "$ID-two"
  config '.linux.namespaces += [{"type": "user"}] | .linux.gidMappings = [{"containerID": 0,
    "hostID": 100000, "size": 1}] | .linux.uidMappings = [range(5000) |
    {"containerID": ., "hostID": (100000 + .), "size": 1}]'
  refused
}

@test "runc 1.1.13: delete does not follow a symbolic link that replaces the state directory" {
  requires tamis
  create
  mkdir "$T/precious"
  echo x >"$T/precious/record"
  mv "$ROOT/$ID" "$T/moved"
  ln -s "$T/precious" "$ROOT/$ID"
  run rt delete --force "$ID"
  [ -s "$T/precious/record" ]
  rm -f "$ROOT/$ID"
  mv "$T/moved" "$ROOT/$ID"
}

# --- missing features -----------------------------------------------------------------------

@test "CVE-2025-24965, CVE-2026-84042: the program loads no code at run time" {
  requires program nm
  requires tamis
  run nm -D "$RUNTIME"
  expect_no_output dlopen
}

@test "CVE-2017-5985, CVE-2018-6556: no file of the package is setuid" {
  requires tamis
  equals "$(find "$RUNTIME" "$TAMIS_BUILDDIR/cmd" -perm /6000 2>/dev/null)" "" "setuid files"
}
