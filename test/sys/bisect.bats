# SPDX-License-Identifier: Apache-2.0
# tamis seccomp bisect: the smallest profile under which a command succeeds, and what is left of the trials.
load ../lib

setup()
{
  requires tamis
  T=$BATS_TEST_TMPDIR IDS=() UNMOUNT=() HELPERS=() ROOT=$T MARK=bisect-$$-$BATS_TEST_NUMBER
  MOUNTS_BEFORE=$(host_mounts)
  cd "$T"
  # what programs may need, some things that they do not, and conditions
  cat >p.json <<'END'
{
  "defaultAction": "SCMP_ACT_ERRNO", "defaultErrnoRet": 1,
  "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_AARCH64"],
  "syscalls": [
    { "names": ["access", "arch_prctl", "brk", "clock_gettime", "clone", "close", "dup", "dup2", "execve",
        "exit", "exit_group", "faccessat", "faccessat2", "fcntl", "fstat", "futex", "getcwd", "getegid",
        "geteuid", "getgid", "getpid", "getppid", "getrandom", "getuid", "ioctl", "lseek", "mkdir", "mkdirat",
        "mmap", "mprotect", "munmap", "newfstatat", "open", "openat", "pipe", "pipe2", "poll", "ppoll",
        "pread64", "prctl", "prlimit64", "read", "readlink", "readlinkat", "rmdir", "rseq", "rt_sigaction",
        "rt_sigprocmask", "rt_sigreturn", "rt_sigsuspend", "set_robust_list", "set_tid_address", "setsid",
        "stat", "statx", "uname", "unlink", "unlinkat", "vfork", "wait4", "write",
        "mount", "ptrace", "reboot"], "action": "SCMP_ACT_ALLOW" },
    { "names": ["socket"], "action": "SCMP_ACT_ALLOW", "args": [{ "index": 0, "value": 3, "op": "SCMP_CMP_LE" }] }
  ]
}
END
}

# bisect ARG...: rc, output, err
bisect()
{
  rc=0
  output=$(TAMIS_TEST_MARK=$MARK "$RUNTIME" seccomp bisect "$@" 2>err 3>&-) || rc=$?
  err=$(<err)
}

needed()
{
  jq -r '.needed[].call' <<<"$output" | xargs
}

# bats test_tags=ci
@test "bisect: what is needed stays, with its conditions; nothing else" {
  bisect --json -o q.json p.json -- busybox ifconfig lo
  equals "$rc $err" "0 " "exit code"
  equals "$(jq -r '.schema, .profile, .written' <<<"$output" | xargs)" "tamis-seccomp-bisect/1 p.json q.json" JSON
  [[ " $(needed) " == *" execve "*" socket "* ]] || { echo "$output"; return 1; }
  [[ " $(needed) " != *" mkdir "* && " $(needed) " != *" ptrace "* ]]
  equals "$(jq -c '[.syscalls[] | select(.names | index("socket")).args[0].value]' q.json)" "[3]" "conditions"
  equals "$("$RUNTIME" seccomp diff --within q.json p.json)" yes "allows no more"
  "$RUNTIME" seccomp show --as bpf q.json >q.bpf
  "$SYS/under" q.bpf busybox ifconfig lo >said
  # with less it does not
  local call
  for call in $(needed); do
    [ "$call" != execve ] || continue
    "$RUNTIME" seccomp edit --inexact --deny "$call" -o r.json q.json 2>said
    "$RUNTIME" seccomp show --as bpf r.json >r.bpf
    ! "$SYS/under" r.bpf busybox ifconfig lo >said 2>&1 || { echo "$call is not needed"; return 1; }
  done
}

@test "bisect: --errno chooses what denied calls get" {
  bisect --errno ENOSYS -o q.json p.json busybox ifconfig lo
  equals "$rc $err" "0 " "exit code"
  expect_output "p.json allows "
  equals "$("$RUNTIME" seccomp explain --arch x86_64 q.json ptrace | sed -nE 's/.* on x86_64[^:]*: //p')" \
    "ERRNO(ENOSYS)" "denied"
  bisect --errno EWHAT p.json true
  equals "$rc $err" "2 tamis seccomp: --errno: expected the name of an error such as ENOSYS, found 'EWHAT'" "no error"
}

@test "bisect: a command that fails under the profile itself is refused at once" {
  bisect -o q.json p.json -- sh -c 'echo said; echo why >&2; exit 3'
  equals "$rc $output" "1 " "exit code"
  equals "$err" $'why\ntamis seccomp: sh: fails under p.json itself: exit code 3' "reason"
  [ ! -e q.json ]
  bisect p.json -- no-such-command
  equals "$rc $err" "2 tamis seccomp: no-such-command: there is no such command" "no command"
  sed 's/"execve",//' p.json >none.json
  bisect none.json -- true
  equals "$rc $err" "2 tamis seccomp: none.json: denies execve, so that nothing can be run under it" "no execve"
  bisect p.json --
  equals "$rc" 2 "nothing"
}

# A command that counts its runs and ends with the code in a file.
counting()
{
  printf '#!/bin/sh\necho run >>"%s/count" || exit 9\nread code <"%s/code" && exit $code\n' "$T" "$T" >counting
  chmod 755 counting
  echo 0 >code
}

# bats test_tags=ci
@test "bisect: the log lets an interrupted bisect go on" {
  counting
  bisect --log log p.json -- ./counting
  equals "$rc $err" "0 " "exit code"
  local said=$output trials
  trials=$(jq -s 'map(select(.trial)) | length' log)
  equals "$(jq -r 'select(.schema) | .schema, (.command | last)' log | xargs)" "tamis-bisect/1 ./counting" head
  [ "$(wc -l <count)" -gt 3 ]

  rm count
  bisect --log log p.json -- ./counting
  equals "$rc $output" "0 $said" "all from the log"
  equals "$(wc -l <count)" 3 "runs"

  # as a crash leaves it
  head -n 8 log >cut
  printf '{"trial":8,"de' >>cut
  bisect --log cut p.json -- ./counting
  equals "$rc $output" "0 $said" "from the eighth trial on"
  equals "$(jq -s 'map(select(.trial)) | length' cut)" "$trials" "trials"

  bisect --log log p.json -- ./counting more
  equals "$rc $err" "2 tamis seccomp: log: is no log of this bisect: profile, command and options must be the same" "other"
  echo precious >other
  bisect --log other p.json -- ./counting
  equals "$rc $(<other)" "2 precious" "no log"
  sed '3s/"deny":\["[^"]*"/"deny":["mount"/' log >wrong
  bisect --log wrong p.json -- ./counting
  equals "$rc" 2 "another trial"
  [[ $err == *"wrong:3: "*"is not the trial that follows from the lines before" ]] || { echo "$err"; return 1; }
}

# bats test_tags=ci
@test "bisect: a command that does not behave alike each time is noticed" {
  counting
  bisect --log log p.json -- ./counting
  equals "$rc" 0 "exit code"
  echo 1 >code # the trials are in the log, so only the last runs are made
  bisect --log log -o q.json p.json -- ./counting
  equals "$rc $output" "1 " "exit code"
  [[ $(xargs <<<"$err") == *"./counting does not behave alike each time: of 3 runs 3 failed under the smallest profile, and 3 under p.json itself."* ]] ||
    { echo "$err"; return 1; }
  [ ! -e q.json ]
}

# leaving LAST: a command that leaves processes behind which no signal of a terminal reaches. They
# write their pids.
leaving()
{
  mkfifo fifo
  exec 8<>fifo
  printf '#!/bin/sh\nfor i in 1 2 3; do (setsid sh -c "echo \\$\\$ >>%s/pids; trap : TERM; while :; do read x; done" <%s/fifo >/dev/null 2>&1 &); done\n%s\n' \
    "$T" "$T" "$1" >leaving
  chmod 755 leaving
}

# bats test_tags=ci
@test "bisect: what a trial leaves behind is ended" {
  leaving "until [ -s $T/pids ]; do :; done"
  sed 's/"mount", /"mount", "getpgrp", "getpgid", /' p.json >q.json
  bisect --timeout 20 q.json -- ./leaving
  equals "$rc" 0 "exit code: $err"
  [ -s pids ]
  equals "$(marked_processes)" "" "processes"
}

@test "bisect: a signal ends the trial and all of its processes; so does the death of bisect" {
  local signal want
  leaving "until [ -s $T/pids ]; do :; done; echo >>$T/begun; read x <$T/fifo"
  for signal in TERM KILL; do
    rm -f begun pids
    TAMIS_TEST_MARK=$MARK "$RUNTIME" seccomp bisect --log "log" p.json -- ./leaving >out 2>err 3>&- 8>&- &
    HELPERS+=($!)
    until_true 20 test -s begun
    kill -$signal $!
    rc=0
    wait $! || rc=$?
    [ $signal = KILL ] || {
      equals "$rc $(<err)" \
        "130 tamis seccomp: interrupted after 0 trials; the same command goes on from there" "$signal"
      equals "$(marked_processes)" "" "$signal: processes"
    }
    until_true 20 eval '[ -z "$(marked_processes)" ]'
  done
}

# bats test_tags=all
@test "bisect: a trial that takes too long has failed" {
  printf '#!/bin/sh\necho x >"%s/f" || while :; do :; done\n' "$T" >waiting
  chmod 755 waiting
  bisect --json --timeout 2 --log log p.json -- ./waiting
  equals "$rc" 0 "exit code: $err"
  [[ " $(needed) " == *" openat "* ]]
  jq -se 'map(select(.end == "timeout" and .passed == false)) | length > 1' log >said
}
