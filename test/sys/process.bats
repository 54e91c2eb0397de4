# SPDX-License-Identifier: Apache-2.0
# The process: working directory, environment, ids, capabilities, limits.
load ../lib

# bats test_tags=ci
@test "cwd" {
  config '.process.cwd = "/etc"'
  view 'pwd; payload syscall getcwd b:100 100'
  expect_line /etc
  expect_line 'getcwd: 5'
}

@test "cwd: a missing directory is made; a relative path and a file are refused" {
  config '.root.readonly = false | .process.cwd = "/made/here"'
  view pwd
  equals "$output" /made/here cwd
  config '.process.cwd = "etc"'
  refused
  config '.process.cwd = "/etc/passwd"'
  refused
}

@test "env: exactly the config's, plus HOME; none of the caller's" {
  config '.process.env += ["A=1", "B=two words", "EMPTY="]'
  args /bin/env
  export TAMIS_CALLER_LEAK=1
  view
  expect_line 'A=1'
  expect_line 'B=two words'
  expect_line 'EMPTY='
  expect_no_output TAMIS_CALLER_LEAK
  expect_line 'HOME=/root'
  expect_line 'PATH=/bin'
}

# bats test_tags=ci
@test "env: HOME from the image's passwd; / for an unknown uid; the config's HOME has precedence" {
  rm "$ROOTFS/etc/passwd"
  printf 'root:x:0:0::/root:/bin/sh\nu:x:1000:1000::/var/u:/bin/sh\n' >"$ROOTFS/etc/passwd"
  config '.process.user.uid = 1000'
  args /bin/env
  view
  expect_line HOME=/var/u
  config '.process.user.uid = 1001'
  view
  expect_line HOME=/
  config '.process.env += ["HOME=/mine"]'
  view
  expect_line HOME=/mine
}

@test "args: the program is searched in the container's PATH, arguments are passed unchanged" {
  args echo "a  b" '' '$x' $'line\nbreak'
  view
  equals "$output" $'a  b  $x line\nbreak' output
}

@test "uid, gid, additional groups, umask" {
  config '.process.user = {"uid": 1234, "gid": 5678, "additionalGids": [10, 20], "umask": 63}'
  view 'payload uids; umask; grep Groups /proc/self/status'
  expect_line 'uid 1234 1234 1234 gid 5678 5678 5678'
  expect_line 'Groups:.10 20 ?'
  expect_line 0077
}

@test "additional groups of the caller are not inherited" {
  view 'grep Groups /proc/self/status'
  expect_line 'Groups:[[:space:]]*'
}

@test "umask is 0022 by default" {
  umask 0007
  view umask
  equals "$output" 0022 umask
}

# bats test_tags=ci
@test "refused: ids with a special meaning for the kernel" {
  unlike crun "1.8.1 runs them as root"
  cp "$BUNDLE/config.json" "$T/saved"
  for f in 4294967295 -1 '"5"' 4294967296 1.5; do
    [ "$KIND-$f" != runc-4294967295 ] || continue
    config ".process.user.uid = $f"
    refused || {
      echo "uid: $f"
      false
    }
    cp "$T/saved" "$BUNDLE/config.json"
  done
}

@test "refused: a user without uid; null is no user" {
  unlike runc "takes root"
  unlike crun "takes root"
  for f in '{"uid": null, "gid": 0}' '{"gid": 5}' '{}'; do
    config ".process.user = $f"
    refused "process.user"
  done
}

@test "capabilities: exactly the five sets, uid 0" {
  config '.process.capabilities = {"bounding": ["CAP_CHOWN", "CAP_KILL", "CAP_SYS_CHROOT"],
    "permitted": ["CAP_CHOWN", "CAP_KILL"], "effective": ["CAP_CHOWN"],
    "inheritable": ["CAP_KILL"], "ambient": ["CAP_KILL"]}'
  args /bin/cat /proc/self/status
  view
  equals "$(field CapBnd)" 0000000000040021 bounding
  equals "$(field CapInh)" 0000000000000020 inheritable
  # execve as uid 0 would give inheritable + bounding, but with no_new_privs it adds none
  equals "$(field CapPrm)" 0000000000000021 permitted
  config '.process.noNewPrivileges = false'
  view
  equals "$(field CapPrm)" 0000000000040021 permitted
}

# bats test_tags=ci
@test "capabilities: uid 1000 has only its ambient ones, with and without noNewPrivileges" {
  config '.process.user.uid = 1000 | .process.capabilities = {
    "bounding": ["CAP_CHOWN", "CAP_KILL"], "permitted": ["CAP_CHOWN", "CAP_KILL"],
    "effective": ["CAP_CHOWN", "CAP_KILL"], "inheritable": ["CAP_KILL"],
    "ambient": ["CAP_KILL"]}'
  args /bin/cat /proc/self/status
  for nnp in true false; do
    config ".process.noNewPrivileges = $nnp"
    view
    equals "$(field CapBnd)" 0000000000000021 bounding
    equals "$(field CapInh)" 0000000000000020 inheritable
    equals "$(field CapPrm)" 0000000000000020 permitted
    equals "$(field CapEff)" 0000000000000020 effective
    equals "$(field CapAmb)" 0000000000000020 ambient
  done
}

# bats test_tags=ci
@test "capabilities: none at all" {
  config '.process.capabilities = {} | .process.noNewPrivileges = false'
  args /bin/cat /proc/self/status
  view
  for s in CapBnd CapInh CapPrm CapEff CapAmb; do
    equals "$(field $s)" 0000000000000000 $s
  done
}

# bats test_tags=ci
@test "capabilities: the same sets with a filter and without noNewPrivileges" {
  local uid want
  for uid in 0 1000; do
    config ".process.user.uid = $uid | .process.noNewPrivileges = false |
      del(.linux.seccomp)"
    args /bin/cat /proc/self/status
    view
    want=$(grep Cap <<<"$output")
    config '.linux.seccomp = {"defaultAction": "SCMP_ACT_ALLOW",
      "syscalls": [{"names": ["swapoff"], "action": "SCMP_ACT_ERRNO"}]}'
    view
    equals "$(grep Cap <<<"$output")" "$want" "sets of uid $uid"
    equals "$(field Seccomp)" 2 Seccomp
  done
}

@test "capabilities: unknown ones are skipped, as the specification requires" {
  config '.process.capabilities.bounding += ["CAP_OF_THE_FUTURE"]'
  args /bin/cat /proc/self/status
  view
  expect_status 0
}

@test "noNewPrivileges both ways; absent is false" {
  args /bin/cat /proc/self/status
  view
  equals "$(field NoNewPrivs)" 1 true
  config '.process.noNewPrivileges = false'
  view
  equals "$(field NoNewPrivs)" 0 false
  config 'del(.process.noNewPrivileges)'
  view
  equals "$(field NoNewPrivs)" 0 absent
}

@test "rlimits: are set; an unknown name is refused" {
  config '.process.rlimits = [{"type": "RLIMIT_NOFILE", "soft": 100, "hard": 200},
    {"type": "RLIMIT_CORE", "soft": 0, "hard": 0},
    {"type": "RLIMIT_CPU", "soft": 10, "hard": 20}]'
  args /bin/cat /proc/self/limits
  view
  expect_line 'Max open files +100 +200 +files *'
  expect_line 'Max core file size +0 +0 +bytes *'
  expect_line 'Max cpu time +10 +20 +seconds *'
  config '.process.rlimits = [{"type": "RLIMIT_SILLY", "soft": 1, "hard": 1}]'
  refused
}

# bats test_tags=ci
@test "rlimits: the smallest limits do not hinder the runtime, and apply to hooks" {
  unlike runc "1.1.5 fails"
  unlike crun "1.8.1 fails"
  local limit
  for limit in FSIZE:0 NOFILE:3 NPROC:0; do
    config '.process.rlimits = [{"type": ("RLIMIT_" + $l), "soft": $n, "hard": $n}] |
      .process.user = {"uid": 1000, "gid": 1000} |
      .hooks.startContainer = [{"path": "/bin/sh", "args": ["sh", "-c", ":"]}]' \
      --arg l "${limit%:*}" --argjson n "${limit#*:}"
    view 'ulimit -a'
    expect_status 0
  done
  config '.process.rlimits = [{"type": "RLIMIT_NOFILE", "soft": 20, "hard": 21}] |
    .hooks.startContainer[0].args[2] = "[ $(ulimit -Hn) = 21 ]"'
  view 'ulimit -Sn'
  expect_status 0
  equals "$output" 20 "soft limit"
}

@test "rlimits: a limit given twice and soft above hard are refused" {
  unlike crun "reports it differently or not at all"
  unlike runc "1.1.5 leaves it to the kernel"
  config '.process.rlimits = [{"type": "RLIMIT_CORE", "soft": 1, "hard": 1},
    {"type": "RLIMIT_CORE", "soft": 1, "hard": 1}]'
  refused
  config '.process.rlimits = [{"type": "RLIMIT_NOFILE", "soft": 5, "hard": 1}]'
  refused
}

@test "oomScoreAdj; absent is untouched; out of range is refused" {
  config '.process.oomScoreAdj = 333'
  view 'cat /proc/self/oom_score_adj'
  equals "$output" 333 oom_score_adj
  config 'del(.process.oomScoreAdj)'
  view 'cat /proc/self/oom_score_adj'
  equals "$output" "$(cat /proc/self/oom_score_adj)" oom_score_adj
  config '.process.oomScoreAdj = 1001'
  refused
}

@test "sysctl: of namespaces that the container owns" {
  config '.linux.sysctl = {"net.ipv4.ip_forward": "1", "kernel.shmmax": "12345678",
    "kernel.msgmax": "4321"}'
  view 'cat /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shmmax /proc/sys/kernel/msgmax'
  equals "$output" $'1\n12345678\n4321' values
}

@test "sysctl: those of the host are refused" {
  local s before
  before=$(cat /proc/sys/kernel/core_pattern)
  for s in kernel.core_pattern vm.swappiness net/../kernel/core_pattern; do
    config '.linux.sysctl = {($s): "1"}' --arg s $s
    refused || {
      echo $s
      false
    }
  done
  equals "$(cat /proc/sys/kernel/core_pattern)" "$before" core_pattern
  unlike crun "allows it"
  config '.linux.sysctl = {"net.ipv4.ip_forward": "1"} |
    .linux.namespaces -= [{"type": "network"}] |
    .mounts = [.mounts[] | select(.type != "sysfs")]'
  refused
}

@test "a new session; no signals ignored or blocked, with any caller" {
  unlike runc "go ignores SIGPIPE"
  unlike crun "keeps what is ignored"
  args /bin/cat /proc/self/status
  trap '' PIPE USR1
  view
  trap - PIPE USR1
  expect_line 'SigBlk:.0000000000000000'
  expect_line 'SigIgn:.0000000000000000'
  expect_line 'NSsid:.*1'
}

@test "the user can open standard output again" {
  config '.process.user = {"uid": 1000, "gid": 1000}'
  view 'echo out >/dev/stdout; echo err >/dev/stderr'
  expect_status 0
  expect_line out
  expect_line err
}

@test "fields that are not implemented are refused by name" {
  requires tamis
  cp "$BUNDLE/config.json" "$T/saved"
  local f n=0
  for f in 'scheduler:.process.scheduler = {"policy": "SCHED_BATCH"}' \
    'intelRdt:.linux.intelRdt = {"closID": "x"}' \
    'memoryPolicy:.linux.memoryPolicy = {"mode": "MPOL_BIND", "nodes": "0"}' \
    'netDevices:.linux.netDevices = {"eth9": {"name": "x"}}'; do
    config "${f#*:}"
    refused "${f%%:*}" || {
      echo "$f"
      n=1
    }
    cp "$T/saved" "$BUNDLE/config.json"
  done
  equals $n 0 "fields that were not refused by name"
}

# bats test_tags=ci
@test "refused: values of a wrong type, with their place" {
  requires tamis
  cp "$BUNDLE/config.json" "$T/saved"
  local f
  for f in 'linux.seccomp:.linux.seccomp = "deny"' 'linux.namespaces:.linux.namespaces = "none"' \
    'linux.resources.memory.limit:.linux.resources.memory.limit = "10G"' \
    'process.args:.process.args = "sh"' 'root.readonly:.root.readonly = "yes"'; do
    config "${f#*:}"
    refused "${f%%:*}" || {
      echo "$f"
      false
    }
    [[ $output =~ config\.json:[0-9]+: ]]
    cp "$T/saved" "$BUNDLE/config.json"
  done
}

@test "the caller's terminal does not become the container's" {
  config '.process.user.uid = 1000'
  run timeout 20 script -qec "stat -c 'owner %u' \$(tty)
    TAMIS_TEST_MARK=$MARK $RUNTIME --root $ROOT run --bundle $BUNDLE $ID
    stat -c 'now %u' \$(tty)" /dev/null 3>&-
  expect_output "owner 0"
  expect_output "now 0"
}
