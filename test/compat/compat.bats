# SPDX-License-Identifier: Apache-2.0
# Runs the same bundle under the distribution's runc and under tamis: the view from inside, the
# limits outside and the exit codes must be equal. `intended` lists the intended differences, each
# as a pattern and a reason.
load ../lib

setup()
{
  requires root
  [ $KIND = tamis ] || skip "compares tamis with runc"
  THEIRS=$(command -v runc) || skip "runc is not installed"
  bundle
  OURS=$RUNTIME
  config '.process.capabilities |= map_values(. + ["CAP_CHOWN", "CAP_SETUID"])'
}

# Removes what differs in every run.
normal()
{
  sed -E -e "s#$ID#ID#g" -e 's/^[0-9]+:[0-9]+ //' \
    -e 's/(master|shared):[0-9]+/\1:N/g'
}

# both SCRIPT: compares its output and exit code under both runtimes after normalising, except for
# the differences in `intended`.
both()
{
  local r unexplained
  script "$1"
  for r in theirs ours; do
    RUNTIME=$THEIRS
    [ $r = theirs ] || RUNTIME=$OURS
    view
    {
      echo "exit code $status"
      echo "$output"
    } | normal >"$T/$r"
  done
  RUNTIME=$OURS
  compare
}

compare()
{
  unexplained=$(diff "$T/theirs" "$T/ours" | grep '^[<>]' | while IFS= read -r line; do
    explained "${line:2}" || echo "$line"
  done)
  [ -z "$unexplained" ] || {
    echo "runc (<) and tamis (>) differ:"
    echo "$unexplained"
    return 1
  }
}

explained()
{
  local pattern
  while IFS= read -r pattern; do
    case $pattern in "" | "#"*) continue ;; esac
    [[ ! $1 =~ ^($pattern)$ ]] || return 0
  done < <(sed 's/[[:space:]]*##.*//' "$TAMIS_SRCDIR/test/compat/intended")
  return 1
}

# outside: compares files of the container's cgroups after create.
outside()
{
  local r dir f
  for r in theirs ours; do
    RUNTIME=$THEIRS
    [ $r = theirs ] || RUNTIME=$OURS
    create
    for dir in $(cgroup_dirs "$ID"); do
      for f in "$dir"/*; do
        case ${f##*/} in
        *stat* | *usage* | *procs | tasks | *current* | *.events* | *peak* | \
          *pressure* | *.failcnt | *throttle* | *service* | *sectors* | \
          *.numa* | cgroup.event_control | *kill) continue ;;
        esac
        [ -f "$f" ] && [ -r "$f" ] || continue
        sed "s#^#$f #" "$f" 2>/dev/null
      done
    done | normal | sort >"$T/$r"
    rt delete --force "$ID"
  done
  RUNTIME=$OURS
  compare
}

# Sorted, because the kernel lists mounts by age, and tamis clones the sources of binds before the
# first mount.
@test "mounts: sources, types, options" {
  both 'cut -d" " -f3- /proc/self/mountinfo | sort -k3'
}

@test "mounts: as Docker has them: cgroup, binds, tmpfs, shared volume" {
  mkdir "$T/vol"
  echo x >"$T/file"
  config '.mounts += [
    {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup",
     "options": ["ro", "nosuid", "noexec", "nodev"]},
    {"destination": "/etc/hostname", "type": "bind", "source": ($t + "/file"),
     "options": ["rbind", "rprivate"]},
    {"destination": "/vol", "type": "bind", "source": ($t + "/vol"), "options": ["rbind", "ro"]},
    {"destination": "/run", "type": "tmpfs", "source": "tmpfs",
     "options": ["nosuid", "nodev", "mode=755", "size=64k"]}] |
    .root.readonly = false | .linux.rootfsPropagation = "slave"' --arg t "$T"
  both 'cut -d" " -f3- /proc/self/mountinfo | sort -k3; stat -c "%n %a %u %g" /vol /run /etc/hostname'
}

@test "/proc/self/status" {
  both 'grep -vE "^(Pid|PPid|Tgid|NSpid|NSpgid|NStgid|NSsid|Vm|Rss|voluntary|nonvoluntary|Cpus|Mems|SigQ|FDSize|Speculation|untag|x86|Hugetlb)" /proc/self/status'
}

@test "/proc/self/status of another user, without noNewPrivileges, with a filter" {
  config '.process.user = {"uid": 1000, "gid": 100, "additionalGids": [5, 6]} |
    .process.noNewPrivileges = false | .linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW",
    "syscalls": [{"names": ["swapoff"], "action": "SCMP_ACT_ERRNO"}]}'
  both 'grep -E "^(Uid|Gid|Groups|Cap|NoNew|Seccomp)" /proc/self/status'
}

@test "limits, environment, cwd, umask, ids" {
  config '.process.env += ["A=b", "TERM=xterm"] | .process.cwd = "/tmp" |
    .process.rlimits += [{"type": "RLIMIT_CORE", "soft": 1, "hard": 2}]'
  both 'cat /proc/self/limits; env | sort; pwd; umask; id; cat /proc/self/oom_score_adj'
}

@test "devices: nodes, links, owners" {
  config '.linux.devices = [{"path": "/dev/fuse", "type": "c", "major": 10, "minor": 229,
    "fileMode": 438, "uid": 1, "gid": 2}]'
  both 'cd /dev; for f in $(find . -mindepth 1 | grep -v "pts/[0-9]" | sort); do
    stat -c "%n %F %a %u:%g %t:%T" $f; readlink $f; done'
}

@test "masked and read-only paths" {
  both 'for f in /proc/acpi /proc/kcore /proc/keys /proc/timer_list /proc/scsi /sys/firmware; do
    ls -A $f 2>&1 | head -n2; head -c1 $f 2>&1 | wc -c; done
    for f in /proc/bus /proc/fs /proc/irq /proc/sys /proc/sysrq-trigger; do
    grep -c " $f ro" /proc/self/mountinfo; done'
}

@test "namespaces and cgroups as seen from inside" {
  config '.linux.namespaces += [{"type": "cgroup"}]'
  both 'cut -d: -f2- /proc/self/cgroup | sort; hostname; ls -A /sys/class/net; ip link | head -n2; echo $$'
}

# bats test_tags=ci
@test "exit codes" {
  for code in 0 1 77 255; do
    both "exit $code"
  done
  both 'kill -9 $$; payload crash'
  args /bin/payload crash
}

# bats test_tags=ci
@test "cgroup values: none given" {
  outside
}

# bats test_tags=ci
@test "cgroup values: pids, memory, cpu, cpuset, devices" {
  config '.linux.resources.pids.limit = 100 | .linux.resources.memory = {"limit": 67108864,
    "reservation": 33554432} | .linux.resources.cpu = {"shares": 256, "cpus": "0"} |
    .linux.resources.devices += [{"allow": true, "type": "c", "major": 10, "minor": 229,
    "access": "rwm"}, {"allow": true, "type": "b", "access": "m"}]'
  outside
}

@test "the error for a missing program has the words that engines expect" {
  args /bin/not-there
  for r in "$THEIRS" "$OURS"; do
    RUNTIME=$r
    run create
    [ "$status" != 0 ]
    expect_output "no such file or directory"
  done
  RUNTIME=$OURS
}

# bats test_tags=ci
@test "a filter like Docker's default gives the same answers" {
  config '.linux.seccomp = {"defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1,
    "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"], "syscalls": [
    {"names": $n, "action": "SCMP_ACT_ALLOW"},
    {"names": ["personality"], "action": "SCMP_ACT_ALLOW",
     "args": [{"index": 0, "value": 8, "op": "SCMP_CMP_EQ"}]},
    {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}' --argjson n "$(allowed)"
  both 'for c in "unshare 0" "mount 0 0 0 0 0" "personality 8" "personality 0xffffffff" "clone3 0 0" \
    "bpf 0 0 0" "keyctl 0" "setns 0 0" "init_module 0 0" "swapoff 0" "uname b:400" "999" \
    "io_uring_setup 0 0"; do payload syscall $c; done'
}

# The calls of Docker's list that are always allowed; runc itself and a shell need them.
allowed()
{
  jq -c '[.syscalls[] | select(.action == "SCMP_ACT_ALLOW" and ((.args // []) | length == 0)) |
    .names[]]' \
    "$TAMIS_BUILDDIR/test/profiles/made/docker-2026.oci.json"
}
