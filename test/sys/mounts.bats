# SPDX-License-Identifier: Apache-2.0
# The file system as seen from inside: root, mounts of all types and options.
load ../lib

# mount_line DESTINATION: prints its (last) line of the mountinfo in $output.
mount_line()
{
  awk -v d="$1" '$5 == d' <<<"$output" | tail -n1
}

# has_options DESTINATION WORD...: checks the options of the mount or its superblock.
has_options()
{
  local line word
  line=$(mount_line "$1")
  [ -n "$line" ] || {
    echo "no mount at $1"
    return 1
  }
  shift
  for word in "$@"; do
    [[ ",$(awk '{print $6}' <<<"$line"),${line##* }," == *",$word,"* ]] || {
      echo "no option $word in: $line"
      return 1
    }
  done
}

add_mount()
{
  config '.mounts += [$m]' --argjson m "$1"
}

@test "root: read-only" {
  view 'touch /x 2>&1; cat /proc/self/mountinfo'
  expect_output "Read-only file system"
  has_options / ro
}

@test "root: writable" {
  config '.root.readonly = false'
  view 'echo data >/x && cat /x'
  expect_line data
  [ -s "$ROOTFS/x" ]
}

@test "root: the old root is unmounted, there is only one mount at /" {
  view 'cat /proc/self/mountinfo'
  equals "$(awk '$5 == "/"' <<<"$output" | wc -l)" 1 "mounts at /"
  expect_no_output "/sys/fs/cgroup/pids"
}

@test "root: an absolute path, a relative one, a symbolic link" {
  config '.root.path = $r' --arg r "$ROOTFS"
  view 'echo in'
  expect_line in
  unlike runc "1.1.5 refuses a symbolic link"
  ln -s rootfs "$BUNDLE/link"
  config '.root.path = "link"'
  view 'echo in'
  expect_line in
}

@test "root: a missing path and a file are refused" {
  config '.root.path = "nowhere"'
  refused
  touch "$BUNDLE/file"
  config '.root.path = "file"'
  refused
}

# bats test_tags=ci
@test "root propagation: private, slave, shared, unbindable" {
  local p line
  unlike runc "1.1.5 applies it to the parent of the root"
  for p in private slave shared unbindable; do
    config '.linux.rootfsPropagation = $p' --arg p $p
    view 'cat /proc/self/mountinfo'
    expect_status 0
    line=$(mount_line /)
    case $p in
    private) [[ $line != *shared:* && $line != *unbindable* ]] ;;
    shared) [[ $line == *shared:* ]] ;;
    unbindable) [[ $line == *unbindable* ]] ;;
    esac || {
      echo "$p: $line"
      false
    }
  done
}

@test "the host's mounts and their propagation are not changed" {
  local before
  before=$(cat /proc/self/mountinfo)
  view 'mount -t tmpfs x /tmp; true'
  equals "$(cat /proc/self/mountinfo)" "$before" "the host's mountinfo"
}

# bats test_tags=ci
@test "default mounts: proc, tmpfs, devpts, shm, mqueue, sysfs with their options" {
  view 'cat /proc/self/mountinfo'
  has_options /dev nosuid mode=755 size=65536k
  has_options /dev/pts nosuid noexec gid=5 mode=620 ptmxmode=666
  has_options /dev/shm nosuid noexec nodev size=65536k
  has_options /dev/mqueue nosuid noexec nodev
  has_options /sys nosuid noexec nodev ro
  [[ $(mount_line /proc) == *" - proc proc "* ]]
}

@test "mounts are in the order of the config" {
  add_mount '{"destination": "/tmp", "type": "tmpfs", "source": "one"}'
  add_mount '{"destination": "/tmp/a", "type": "tmpfs", "source": "two"}'
  config '.linux.maskedPaths = [] | .linux.readonlyPaths = []'
  view 'cat /proc/self/mountinfo'
  equals "$(awk '$5 != "/" {print $5}' <<<"$output" | tr '\n' ' ')" \
    "/proc /dev /dev/pts /dev/shm /dev/mqueue /sys /tmp /tmp/a " order
}

@test "bind: a file and a directory; missing mount points are made" {
  config '.root.readonly = false'
  mkdir "$T/dir"
  echo file >"$T/file"
  echo inside >"$T/dir/f"
  add_mount "{\"destination\": \"/new/deep/dir\", \"type\": \"bind\", \"source\": \"$T/dir\",
    \"options\": [\"bind\"]}"
  add_mount "{\"destination\": \"/new/file\", \"type\": \"bind\", \"source\": \"$T/file\",
    \"options\": [\"rbind\", \"ro\"]}"
  view 'cat /new/file /new/deep/dir/f; echo x >/new/file; echo y >/new/deep/dir/g'
  expect_line file
  expect_line inside
  equals "$(cat "$T/file")" file "the source"
  [ -e "$T/dir/g" ]
}

@test "bind: an entry without a type or with type none is a bind by its options" {
  echo file >"$T/file"
  add_mount "{\"destination\": \"/etc/passwd\", \"source\": \"$T/file\", \"options\": [\"rbind\"]}"
  view 'cat /etc/passwd'
  expect_line file
  config '.mounts[-1].type = "none"'
  view 'cat /etc/passwd'
  expect_line file
}

@test "bind: a relative source is below the bundle" {
  mkdir "$BUNDLE/here"
  echo near >"$BUNDLE/here/f"
  add_mount '{"destination": "/tmp", "type": "bind", "source": "here", "options": ["bind"]}'
  view 'cat /tmp/f'
  expect_line near
}

@test "bind: a missing source is refused with the message that engines expect" {
  add_mount '{"destination": "/tmp", "type": "bind", "source": "/nowhere/at/all",
    "options": ["bind"]}'
  refused "no such file or directory"
}

# bats test_tags=ci
@test "bind options: ro, nosuid, nodev, noexec, noatime and their opposites; the last one wins" {
  mkdir "$T/dir"
  add_mount "{\"destination\": \"/tmp\", \"type\": \"bind\", \"source\": \"$T/dir\",
    \"options\": [\"bind\", \"ro\", \"nosuid\", \"nodev\", \"noexec\", \"noatime\"]}"
  view 'cat /proc/self/mountinfo; touch /tmp/x 2>&1'
  has_options /tmp ro nosuid nodev noexec noatime
  expect_output "Read-only"
  config '.mounts[-1].options = ["bind", "ro", "rw", "noexec", "exec", "nodev", "dev"]'
  view 'cat /proc/self/mountinfo'
  has_options /tmp rw
  [[ $(mount_line /tmp) != *noexec* ]]
}

@test "rbind includes the mounts below, bind does not" {
  mkdir -p "$T/dir/sub"
  mount -t tmpfs sub "$T/dir/sub"
  unmount_later "$T/dir/sub"
  touch "$T/dir/sub/there"
  add_mount "{\"destination\": \"/tmp\", \"type\": \"bind\", \"source\": \"$T/dir\",
    \"options\": [\"rbind\"]}"
  view 'ls /tmp/sub'
  expect_line there
  config '.mounts[-1].options = ["bind"]'
  view 'ls /tmp/sub'
  equals "$output" "" "below a plain bind"
}

@test "rro makes the whole tree read-only, ro only the top" {
  mkdir -p "$T/dir/sub"
  mount -t tmpfs sub "$T/dir/sub"
  unmount_later "$T/dir/sub"
  add_mount "{\"destination\": \"/tmp\", \"type\": \"bind\", \"source\": \"$T/dir\",
    \"options\": [\"rbind\", \"ro\"]}"
  view 'touch /tmp/x; touch /tmp/sub/x; echo end'
  equals "$(grep -c 'Read-only' <<<"$output")" 1 "refusals with ro"
  config '.mounts[-1].options = ["rbind", "rro"]'
  view 'touch /tmp/x; touch /tmp/sub/x; echo end'
  equals "$(grep -c 'Read-only' <<<"$output")" 2 "refusals with rro"
}

# bats test_tags=ci
@test "propagation of a mount: private, slave, shared, unbindable and their recursive forms" {
  local p
  mkdir "$T/dir"
  add_mount "{\"destination\": \"/tmp\", \"type\": \"bind\", \"source\": \"$T/dir\"}"
  for p in rprivate private rslave slave rshared shared unbindable runbindable; do
    config '.mounts[-1].options = ["rbind", $p]' --arg p $p
    view 'cat /proc/self/mountinfo'
    expect_status 0
    case $p in
    *shared) [[ $(mount_line /tmp) == *shared:* ]] ;;
    *unbindable) [[ $(mount_line /tmp) == *unbindable* ]] ;;
    *private) [[ $(mount_line /tmp) != *shared:* ]] ;;
    esac || {
      echo "$p: $(mount_line /tmp)"
      false
    }
  done
}

@test "rslave: later mounts of the host appear inside" {
  mkdir "$T/dir"
  mount --bind "$T/dir" "$T/dir"
  mount --make-shared "$T/dir"
  mkdir "$T/dir/sub"
  unmount_later "$T/dir"
  add_mount "{\"destination\": \"/tmp\", \"type\": \"bind\", \"source\": \"$T/dir\",
    \"options\": [\"rbind\", \"rslave\"]}"
  config '.linux.rootfsPropagation = "slave"'
  script 'until test -e /tmp/sub/late; do sleep 0.05; done; echo seen'
  create
  start
  mount -t tmpfs late "$T/dir/sub"
  touch "$T/dir/sub/late"
  until_true 5 grep -q seen "$T/out"
  umount "$T/dir/sub"
}

# bats test_tags=ci
@test "tmpfs: size, mode, uid; tmpcopyup copies the image's files" {
  config '.root.readonly = false'
  mkdir "$ROOTFS/data"
  echo kept >"$ROOTFS/data/f"
  add_mount '{"destination": "/data", "type": "tmpfs", "source": "tmpfs",
    "options": ["size=1m", "mode=1770", "uid=5", "noexec", "nosuid", "nodev"]}'
  view 'stat -c "%a %u" /data; ls /data; cat /proc/self/mountinfo'
  [ $KIND = runc ] || expect_line '1770 5' # 1.1.5 applies the image's mode
  has_options /data size=1024k noexec nosuid nodev
  expect_no_line f
  config '.mounts[-1].options += ["tmpcopyup"]'
  view 'cat /data/f; echo changed >/data/f'
  expect_line kept
  equals "$(cat "$ROOTFS/data/f")" kept "the image's file"
}

# bats test_tags=ci
@test "tmpcopyup: a file with an unmapped owner loses its set-id bits and capabilities" {
  requires tamis
  requires program setcap
  local n size caps
  mkdir "$ROOTFS/data"
  for n in ours foreign group; do
    cp "$ROOTFS/bin/tiny" "$ROOTFS/data/$n"
  done
  chown 1000:1000 "$ROOTFS/data/ours"
  chown 200000:200000 "$ROOTFS/data/foreign"
  chown 1000:200000 "$ROOTFS/data/group"
  chmod 6755 "$ROOTFS/data"/*
  for n in ours foreign; do
    cp "$ROOTFS/bin/tiny" "$ROOTFS/data/caps-$n"
    chown --reference "$ROOTFS/data/$n" "$ROOTFS/data/caps-$n"
    setcap cap_net_raw+ep "$ROOTFS/data/caps-$n"
  done
  add_mount '{"destination": "/data", "type": "tmpfs", "source": "tmpfs", "options": ["tmpcopyup"]}'
  for size in 10000 100000; do # the second one maps the overflow id
    config '.linux.namespaces += [{"type": "user"}] | .linux.namespaces |= unique |
      .linux.uidMappings = [{"containerID": 0, "hostID": 0, "size": $s}] |
      .linux.gidMappings = .linux.uidMappings' --argjson s $size
    view 'stat -c "%n %a" /data/ours /data/foreign /data/group'
    expect_line "/data/ours 6755"
    expect_line "/data/foreign 755"
    expect_line "/data/group 755"
    args /bin/payload pause
    create
    caps=$(cd "/proc/$PID/root/data" && getcap caps-ours caps-foreign)
    equals "$caps" "caps-ours cap_net_raw=ep" capabilities
    rt delete --force "$ID"
  done
}

# bats test_tags=ci
@test "tmpfs on a directory: has its mode and owner, unless options set them" {
  local m='"type": "tmpfs", "source": "t"'
  mkdir "$ROOTFS/private" "$ROOTFS/sticky"
  echo in >"$ROOTFS/private/f"
  chown 1000:1001 "$ROOTFS/private"
  chmod 2750 "$ROOTFS/private"
  chmod 1777 "$ROOTFS/sticky"
  config '.root.readonly = false'
  add_mount "{\"destination\": \"/private\", $m}"
  add_mount "{\"destination\": \"/sticky\", $m, \"options\": [\"uid=7\"]}"
  add_mount "{\"destination\": \"/made/here\", $m}"
  view 'stat -c "%n %a %u %g" /private /sticky /made /made/here'
  expect_line "/private 2750 $([ $KIND = tamis ] && echo 1000 1001 || echo 0 0)"
  expect_line "/sticky 1777 7 0"
  expect_line "/made 755 0 0"
  [ $KIND = crun ] || expect_line "/made/here 1777 0 0" # crun: mode of the new mount point
  unlike runc "1.1.5 gives the image's mode in any case"
  config '.mounts[-3].options = ["mode=711", "uid=5", "tmpcopyup"]'
  view 'stat -c "%n %a %u %g" /private /private/f'
  expect_line "/private 711 5 0"
  expect_line "/private/f 644 0 0"
}

@test "tmpfs read-only" {
  add_mount '{"destination": "/tmp", "type": "tmpfs", "source": "tmpfs", "options": ["ro"]}'
  view 'touch /tmp/x 2>&1'
  expect_output "Read-only"
}

@test "an unknown mount option and an unknown type are refused" {
  add_mount '{"destination": "/tmp", "type": "tmpfs", "source": "t", "options": ["frobnicate"]}'
  refused
  config '.mounts[-1] = {"destination": "/tmp", "type": "nosuchfs", "source": "x"}'
  refused
}

@test "overlay with options" {
  mkdir "$T/lower" "$T/upper" "$T/work" "$T/ov"
  mount -t overlay -o "lowerdir=$T/lower,upperdir=$T/upper,workdir=$T/work" o "$T/ov" ||
    skip "this file system cannot be used by overlay"
  umount "$T/ov"
  echo low >"$T/lower/f"
  add_mount "{\"destination\": \"/tmp\", \"type\": \"overlay\", \"source\": \"overlay\",
    \"options\": [\"lowerdir=$T/lower\", \"upperdir=$T/upper\", \"workdir=$T/work\"]}"
  view 'cat /tmp/f; echo up >/tmp/g'
  expect_line low
  [ -s "$T/upper/g" ]
}

# bats test_tags=ci
@test "overlay: layers with paths longer than 255 bytes and with separators in their names" {
  local deep
  deep=$T/$(printf 'd%.0s' {1..120})/$(printf 'e%.0s' {1..120})
  mkdir -p "$deep"/{a,b:x,data,up,scratch}
  echo a >"$deep/a/f-a"
  echo b >"$deep/b:x/f-b"
  mkdir "$T/ov"
  mount -t overlay -o "lowerdir=$T/ov,upperdir=$deep/up,workdir=$deep/scratch" o "$T/ov" ||
    skip "this file system cannot be used by overlay"
  umount "$T/ov"
  rm -rf "$deep/scratch/work"
  config '.mounts += [{"destination": "/tmp", "type": "overlay", "source": "overlay", "options":
    ["lowerdir=\($d)/a:\($d)/b\\:x", "upperdir=\($d)/up", "workdir=\($d)/scratch"]}]' --arg d "$deep"
  view 'cat /tmp/f-a /tmp/f-b; echo up >/tmp/g; cat /tmp/g'
  equals "$output" $'a\nb\nup' "what the layers have"
  [ -s "$deep/up/g" ]
  config '.mounts[-1].options[0] = "lowerdir=\($d)/a:\($d)/nowhere"' --arg d "$deep"
  refused
  [ $KIND = tamis ] || return 0
  expect_output "overlay: lowerdir+ $deep/nowhere"
  add_mount "{\"destination\": \"/tmp\", \"type\": \"tmpfs\", \"source\": \"$deep\"}"
  config 'del(.mounts[-2])'
  refused "found option source of ${#deep} bytes, expected at most 255"
}

# bats test_tags=ci
@test "proc with options" {
  config '(.mounts[] | select(.type == "proc")).options = ["nosuid", "noexec", "nodev"]'
  view 'cat /proc/self/mountinfo'
  has_options /proc nosuid noexec nodev
}

# bats test_tags=ci
@test "cgroup: read-only, shows the limits of the container" {
  requires controller pids
  config '.linux.resources.pids.limit = 77'
  add_mount '{"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
    "options": ["nosuid", "noexec", "nodev", "relatime", "ro"]}'
  view 'own=$(sed -n "s/^0:://p" /proc/self/cgroup)
    cat /sys/fs/cgroup/pids/pids.max "/sys/fs/cgroup$own/pids.max" 2>/dev/null
    mkdir /sys/fs/cgroup/pids/x "/sys/fs/cgroup$own/x" 2>&1; cat /proc/self/mountinfo'
  expect_line 77
  expect_output "Read-only"
  unlike runc "1.1.5 leaves the tmpfs above writable"
  has_options /sys/fs/cgroup ro nosuid noexec nodev
}

# bats test_tags=ci
@test "cgroup: a missing mount point below the read-only tmpfs is made" {
  requires v1
  mkdir "$T/dir"
  echo in >"$T/dir/f"
  add_mount '{"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
    "options": ["nosuid", "noexec", "nodev", "relatime", "ro"]}'
  add_mount "{\"destination\": \"/sys/fs/cgroup/new/volume\", \"type\": \"bind\",
    \"source\": \"$T/dir\", \"options\": [\"bind\"]}"
  view 'cat /sys/fs/cgroup/new/volume/f; mkdir /sys/fs/cgroup/x 2>&1'
  expect_line in
  unlike runc "1.1.5 leaves the tmpfs writable"
  expect_output "Read-only"
}

# bats test_tags=ci
@test "cgroup with a cgroup namespace" {
  requires controller pids
  config '.linux.resources.pids.limit = 78 | .linux.namespaces += [{"type": "cgroup"}]'
  add_mount '{"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
    "options": ["ro"]}'
  view 'cat /sys/fs/cgroup/pids/pids.max /sys/fs/cgroup/pids.max 2>/dev/null'
  expect_line 78
}

@test "cgroup2 on a host with only cgroup v2" {
  requires v2
  config '.linux.namespaces += [{"type": "cgroup"}]'
  add_mount '{"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
    "options": ["ro", "nosuid"]}'
  view 'cat /sys/fs/cgroup/cgroup.procs; cat /proc/self/mountinfo; mkdir /sys/fs/cgroup/x 2>&1'
  expect_line 1
  [[ $(mount_line /sys/fs/cgroup) == *" - cgroup2 "* ]]
  expect_output "Read-only"
}

# bats test_tags=ci
@test "id-mapped bind" {
  unlike runc "1.1.5 cannot"
  unlike crun "1.8.1 has another syntax"
  mkdir "$T/dir"
  touch "$T/dir/f"
  chown 1000:1000 "$T/dir/f"
  config '.linux.namespaces += [{"type": "user"}] |
    .linux.uidMappings = [{"containerID": 0, "hostID": 0, "size": 10000}] |
    .linux.gidMappings = [{"containerID": 0, "hostID": 0, "size": 10000}]'
  add_mount "{\"destination\": \"/tmp\", \"type\": \"bind\", \"source\": \"$T/dir\",
    \"options\": [\"bind\", \"idmap\"],
    \"uidMappings\": [{\"containerID\": 1000, \"hostID\": 5000, \"size\": 1}],
    \"gidMappings\": [{\"containerID\": 1000, \"hostID\": 5000, \"size\": 1}]}"
  view 'stat -c %u:%g /tmp/f'
  equals "$output" 5000:5000 owner
}

# bats test_tags=ci
@test "a symbolic link of the image cannot lead out of the image" {
  mkdir -p "$ROOTFS/target"
  ln -s /target "$ROOTFS/link"
  add_mount '{"destination": "/link", "type": "tmpfs", "source": "tmpfs"}'
  view 'cat /proc/self/mountinfo'
  has_options /target rw
}

# bats test_tags=ci
@test "a path that leads to the root: no mount there, no mask, but it is made read-only" {
  unlike runc "1.1.5 mounts where nobody sees it"
  unlike crun "1.8.1 mounts where nobody sees it"
  ln -s / "$ROOTFS/link"
  config '.root.readonly = false | .linux.readonlyPaths += ["/link/."]'
  view 'touch /x 2>&1; touch /dev/x && echo below'
  expect_output "Read-only"
  expect_line below
  config '.linux.readonlyPaths = ["/"]'
  view 'touch /x 2>&1'
  expect_output "Read-only"
  config 'del(.linux.readonlyPaths) | .linux.maskedPaths += ["/link"]'
  refused "/link: found the container's root"
  config '.linux.maskedPaths = ["/x/.."]'
  refused "linux.maskedPaths[0]: expected a place below the root"
  config 'del(.linux.maskedPaths)'
  add_mount '{"destination": "/link", "type": "tmpfs", "source": "t"}'
  refused "/link: found the container's root"
  ln -sfn /proc "$ROOTFS/link" # nothing is copied from there
  config '.mounts[-1].options = ["tmpcopyup"]'
  refused "/link: found a procfs at the destination"
}

@test "cd .. does not lead out of the root" {
  view 'cd /../../..; ls -d etc bin; pwd'
  expect_line etc
  expect_line /
}

# The mounts below hide the config's, as in a directory that was prepared for chroot.
# bats test_tags=ci
@test "a root file system with mounts at /proc, /sys and /dev" {
  local dir config
  mount -t proc proc "$ROOTFS/proc"
  mount -t sysfs sysfs "$ROOTFS/sys"
  mount --bind /dev "$ROOTFS/dev"
  for dir in proc sys dev; do unmount_later "$ROOTFS/$dir"; done
  view 'echo pid $$; ls -d /proc/[1-9]* | wc -l; head -c1 /proc/kcore | wc -c
    echo x >/proc/sys/kernel/domainname; ls /dev | grep -c vda'
  expect_line 'pid 1'
  [ "${lines[1]}" -lt 5 ]
  expect_output "Read-only"
  expect_line 0
  # a mount on top of another one, and a bind instead of a new procfs
  for config in '.mounts += [.mounts[0]]' \
    '.mounts[0] = {"destination": "/proc", "type": "bind", "source": "/proc", "options": ["rbind"]}'; do
    config "$config"
    view 'echo pid $$; echo x >/proc/sys/kernel/domainname'
    expect_line 'pid 1'
    expect_output "Read-only"
  done
}
