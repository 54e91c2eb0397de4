# SPDX-License-Identifier: Apache-2.0
# tamis seccomp generate and trim: from recordings to profiles.
load ../lib

setup()
{
  requires tamis
  prepare
  cd "$T"
  cat >x.rec <<'END'
{"schema":"tamis-recording/1","time":"2026-11-26T20:00:00Z","engine":"notify","exact":false,"kernel":"6.1","machine":"x86_64","image":null,"command":["x"]}
{"call":"read","architecture":"SCMP_ARCH_X86_64","number":0,"program":"","count":0,"assumed":true,"first":0}
{"call":"openat","architecture":"SCMP_ARCH_X86_64","number":257,"program":"/bin/x","count":5,"first":0}
{"call":"openat","architecture":"SCMP_ARCH_X86_64","number":257,"program":"/bin/y","count":5,"first":0}
{"call":"socket","architecture":"SCMP_ARCH_X86_64","number":41,"program":"/bin/x","count":3,"first":1,"args":[{"index":0,"values":[1,2]},{"index":1,"values":[1,524289]},{"index":2,"values":[0]}]}
{"call":"ioctl","architecture":"SCMP_ARCH_X86_64","number":16,"program":"/bin/x","count":9,"first":1,"args":[{"index":1,"values":[21505],"many":true}]}
{"exit":{"program":"/bin/x","code":0}}
{"end":{"time":"2026-11-26T20:00:01Z","lost":0,"dropped":0,"uncertain":[]}}
END
}

ask()
{
  rc=0
  output=$("$RUNTIME" seccomp "$@" 2>err) || rc=$?
  err=$(<err)
}

# explains PROFILE ANSWER CALL...: what the profile answers on x86_64.
explains()
{
  local answer
  answer=$("$RUNTIME" seccomp explain --arch x86_64 "$1" "${@:3}" | sed -nE 's/.* on x86_64[^:]*: //p')
  equals "$answer" "$2" "${*:3}"
}

# bats test_tags=ci
@test "generate: what was recorded is allowed, what every program needs, and nothing else" {
  ask generate --as docker x.rec
  equals "$rc $err" "0 " "exit code"
  printf '%s\n' "$output" >p.json
  equals "$(jq -r '.defaultAction, .defaultErrnoRet' p.json | xargs)" "SCMP_ACT_ERRNO 38" default
  explains p.json ALLOW openat
  explains p.json ALLOW socket
  explains p.json ALLOW read
  explains p.json ALLOW rt_sigreturn
  explains p.json ALLOW restart_syscall
  explains p.json ALLOW execve
  explains p.json ALLOW clock_gettime
  explains p.json "ERRNO(ENOSYS)" mkdir
  explains p.json "ERRNO(ENOSYS)" open
  equals "$(jq -r '.syscalls[] | select(.names | index("openat")).comment' p.json)" \
    "made by /bin/x, /bin/y" "who needed it"
  equals "$(jq -r '.syscalls[] | select(.names | index("read")).comment' p.json)" \
    "assumed: they were let through unseen while it was recorded" "what was not seen"
  equals "$(jq '[.syscalls[] | select(.comment == null)] | length' p.json)" 0 "rules without a reason"
  "$RUNTIME" seccomp check p.json
}

@test "generate: --args allows the arguments that were recorded alone" {
  ask generate --args socket,ioctl -o p.json x.rec
  equals "$rc" 0 "exit code"
  equals "$err" "tamis seccomp: ioctl is allowed with all arguments: too many, or not all, are known" note
  explains p.json ALLOW socket AF_INET SOCK_STREAM\|SOCK_NONBLOCK 0
  explains p.json ALLOW socket AF_UNIX SOCK_STREAM 0
  explains p.json "ERRNO(ENOSYS)" socket AF_INET SOCK_DGRAM 0
  explains p.json "ERRNO(ENOSYS)" socket AF_NETLINK SOCK_STREAM 0
  explains p.json ALLOW ioctl
  [[ $(jq -r '.syscalls[].comment' p.json) == *"made by /bin/x: family == AF_INET and type & 0xf == SOCK_STREAM and protocol == 0"* ]]
  ask generate --args read x.rec
  equals "$rc" 2 "no arguments"
  [[ $err == *"--args: expected calls whose arguments are recorded, such as socket, ioctl or prctl, found 'read'" ]]
}

@test "generate: --portable adds what other C libraries and architectures use" {
  ask generate --portable -o p.json x.rec
  equals "$rc" 0 "exit code"
  explains p.json ALLOW open
  explains p.json "ERRNO(ENOSYS)" mkdir
  equals "$(jq '.architectures | index("SCMP_ARCH_AARCH64") != null' p.json)" true "architectures"
  equals "$(jq -r '.syscalls[] | select(.names | index("open")).comment' p.json)" \
    "in place of others with another C library or architecture" "why"
}

@test "generate: --for adds what a runtime does under the filter itself" {
  ask generate --for runc -o p.json x.rec
  explains p.json ALLOW epoll_ctl
  equals "$(jq -r '.syscalls[] | select(.names | index("epoll_ctl")).comment' p.json)" \
    "made by the container runtime between its seccomp(2) and the program" "why"
  ask generate --for crun -o p.json x.rec
  explains p.json ALLOW setresuid
  explains p.json "ERRNO(ENOSYS)" epoll_ctl
  ask generate --for any --base docker -o p.json x.rec
  equals "$("$RUNTIME" seccomp diff --equal docker p.json)" yes "the base has them"
  ask generate --for youki x.rec
  equals "$rc ${err##*--for}" "2 : expected runc, crun, tamis or any, found 'youki'" "unknown runtime"
}

@test "generate: --base adds to a profile what it lacks, and opens nothing that it has" {
  ask generate --base docker -o p.json x.rec
  equals "$rc" 0 "exit code"
  equals "$("$RUNTIME" seccomp diff --equal docker p.json)" yes "nothing is lacking"
  "$RUNTIME" seccomp edit --deny openat -o less.json p.json 2>/dev/null
  ask generate --base less.json --as oci x.rec
  equals "$rc" 0 "exit code"
  printf '%s\n' "$output" >q.json
  equals "$("$RUNTIME" seccomp diff --equal docker q.json)" yes "openat is added"
}

@test "generate: --as spo gives the same answers" {
  ask generate --as oci --args socket -o p.json x.rec
  ask generate --as spo --args socket --name web x.rec
  equals "$rc" 0 "exit code"
  printf '%s\n' "$output" >p.yaml
  grep -q 'name: "\?web"\?$' p.yaml
  if "$RUNTIME" seccomp show p.yaml >show 2>&1; then
    explains p.yaml ALLOW openat
    explains p.yaml "ERRNO(ENOSYS)" mkdir
    explains p.yaml ALLOW socket AF_INET SOCK_STREAM 0
  else
    grep -q libyaml show
  fi
  ask generate --as json x.rec
  equals "$rc $err" "2 tamis seccomp: --as: expected docker, oci or spo, found 'json'" "another form"
}

# bats test_tags=ci
@test "generate: several recordings, also of strace and of the audit system; what is missing is said" {
  printf '%s\n' '100 execve("/bin/z", ["z"], 0x1 /* 2 vars */) = 0' '100 mkdir("/x", 0777) = 0' >z.strace
  printf '%s\n' 'audit: type=1326 audit(1732650000.123:89): auid=0 uid=0 gid=0 ses=2 pid=4 comm="a" exe="/bin/a" sig=0 arch=c000003e syscall=84 compat=0 ip=0x7f code=0x7ffc0000' >a.log
  grep -v '"end"' x.rec >cut.rec
  ask generate -o p.json z.strace a.log cut.rec
  equals "$rc" 0 "exit code"
  [[ $err == *"the run of 2026-11-26T20:00:00Z was not ended"* ]]
  explains p.json ALLOW mkdir
  explains p.json ALLOW rmdir
  explains p.json ALLOW openat
  equals "$(jq -r '.syscalls[] | select(.names | index("mkdir")).comment' p.json)" "made by /bin/z" "strace"
  equals "$("$RUNTIME" seccomp generate - <x.rec | "$RUNTIME" seccomp explain - openat | sed -nE 's/.* on x86_64[^:]*: //p')" \
    ALLOW "standard input"
  echo hello >no.rec
  ask generate no.rec
  equals "$rc" 2 "no recording"
  [[ $err == *"no.rec: expected a recording, a log of denials, a profile that was recorded, what strace -f prints, or audit records"* ]]
  sed -i '3s/257/256/' x.rec
  ask generate x.rec
  equals "$rc $err" "2 tamis seccomp: x.rec:3: number: 256 is not openat on SCMP_ARCH_X86_64" "a wrong number"
}

@test "generate: a log of denials is evidence: what was denied is allowed, with the comment to whom" {
  cat >denials.jsonl <<'END'
{"schema":"tamis-denial/1","id":1,"time":"2026-11-26T20:00:00Z","container":"web","pid":9,"tid":9,"program":"/bin/z","thread":"z","architecture":"SCMP_ARCH_X86_64","number":83,"call":"mkdir","args":[],"answer":"SCMP_ACT_ERRNO","errno":"EPERM","reason":"default","caller":{"address":"0x1"},"allow":{"rule":{"names":["mkdir"],"action":"SCMP_ACT_ALLOW"},"opens":"files"}}
{"schema":"tamis-denial/1","id":2,"time":"2026-11-26T20:00:00Z","container":"web","pid":9,"tid":9,"program":"/bin/z","thread":"z","architecture":"SCMP_ARCH_X86_64","number":41,"call":"socket","args":[{"name":"family","value":"0x10","text":"AF_NETLINK"},{"name":"type","value":"0x3","text":"SOCK_RAW"},{"name":"protocol","value":"0","text":"0"}],"answer":"SCMP_ACT_ERRNO","errno":"EPERM","reason":"default","caller":{"address":"0x2"},"allow":{"rule":{"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":16,"op":"SCMP_CMP_EQ"}]},"opens":"network"}}
{"schema":"tamis-denial-counts/1","time":"2026-11-26T20:00:01Z","container":"web","counts":[{"id":1,"count":5,"lived":true}],"unlogged":0,"ended":true}
END
  ask generate -o p.json x.rec denials.jsonl
  equals "$rc $err" "0 " "exit code"
  explains p.json ALLOW mkdir
  explains p.json ALLOW openat
  equals "$(jq -r '.syscalls[] | select(.names | index("mkdir")).comment' p.json)" "denied to /bin/z" "why"
  equals "$(jq -r '.syscalls[] | select(.names | index("socket")).comment' p.json)" \
    "made by /bin/x; denied to /bin/z" "both"
  # of a denied call only the arguments that decided are known
  ask generate --args socket -o q.json denials.jsonl
  [[ $err == *"socket is allowed with all arguments"* ]]
  ask generate --as oci denials.jsonl
  [[ $(jq -r '[.syscalls[].names[]] | index("openat")' <<<"$output") == null ]]
  head -n 1 denials.jsonl | sed 's/"reason":"default"/"reason":"unknown"/' >newer.jsonl
  ask generate newer.jsonl
  equals "$rc $err" "2 tamis seccomp: newer.jsonl: no system call is in it" "a newer call"
  ask generate x.rec newer.jsonl
  equals "$rc" 0 "nothing was denied"
}

@test "generate: profiles that others recorded are evidence, with the file as comment" {
  # as oci-seccomp-bpf-hook writes them
  cat >hook.json <<'END'
{"defaultAction":"SCMP_ACT_ERRNO","architectures":["SCMP_ARCH_X86_64"],"syscalls":[{"names":["mkdir","no_such_call"],"action":"SCMP_ACT_ALLOW","args":[],"comment":"","includes":{},"excludes":{}},{"names":["socket"],"action":"SCMP_ACT_ALLOW","args":[{"index":0,"value":16,"valueTwo":0,"op":"SCMP_CMP_EQ"}],"comment":"","includes":{},"excludes":{}},{"names":["ptrace"],"action":"SCMP_ACT_ERRNO","args":[]}]}
END
  ask generate -o p.json hook.json x.rec
  equals "$rc" 0 "exit code"
  [[ $err == *"hook.json:1: syscalls[0].names[1] has no name here"* ]] || { echo "$err"; return 1; }
  explains p.json ALLOW mkdir
  explains p.json ALLOW openat
  explains p.json "ERRNO(ENOSYS)" ptrace
  equals "$(jq -r '.syscalls[] | select(.names | index("mkdir")).comment' p.json)" "allowed by hook.json" "why"
  equals "$(jq -r '.syscalls[] | select(.names | index("socket")).comment' p.json)" \
    "made by /bin/x; allowed by hook.json" "both"
  # as the security-profiles-operator does
  cat >spo.yaml <<'END'
# recorded
apiVersion: security-profiles-operator.x-k8s.io/v1beta1
kind: SeccompProfile
metadata:
  name: web
spec:
  architectures: [SCMP_ARCH_X86_64]
  defaultAction: SCMP_ACT_LOG
  syscalls:
  - action: SCMP_ACT_ALLOW
    names: [rmdir, read]
END
  ask generate -o p.json spo.yaml hook.json
  if [ $rc = 2 ] && [[ $err == *libyaml* ]]; then return 0; fi
  equals "$rc" 0 "exit code: $err"
  explains p.json ALLOW rmdir
  explains p.json "ERRNO(ENOSYS)" openat
  equals "$(jq -r '.syscalls[] | select(.names | index("rmdir")).comment' p.json)" "allowed by spo.yaml" "why"
  ask trim --json docker spo.yaml
  equals "$(jq '.unused | map(.call) | index("mkdir") != null and index("rmdir") == null' <<<"$output")" true trim
}

# bats test_tags=ci
@test "trim: what a profile allows and nobody used, and the profile without it" {
  ask trim docker x.rec
  equals "$rc" 0 "exit code"
  [[ $output == *"docker allows "*" calls; "*" of them were not used:"* ]]
  [[ $output == *" mkdir, "* ]]
  [[ $output != *" openat,"* ]]
  ask trim --json -o p.json docker x.rec
  equals "$rc" 0 "exit code"
  equals "$(jq -r '.schema, .written' <<<"$output" | xargs)" "tamis-seccomp-trim/1 p.json" JSON
  equals "$(jq -r '.unused[] | select(.call == "mkdir").category' <<<"$output")" files category
  explains p.json ALLOW openat
  explains p.json ALLOW execve
  explains p.json "ERRNO(EPERM)" mkdir
  equals "$("$RUNTIME" seccomp diff --within p.json docker)" yes "it allows no more"
  ask trim p.json x.rec
  [[ $output == *"; 0 of them were not used:"* ]]
  equals "$("$RUNTIME" seccomp explain p.json socketcall SYS_SEND | head -n1)" "socketcall(call=SYS_SEND) on i386: ERRNO(EPERM)" \
    "a call that exists in the multiplexed form only"
  # what a 32-bit program did by socketcall stays allowed
  sed '/"call":"socket"/s/.*/{"call":"socketcall","architecture":"SCMP_ARCH_X86","number":102,"program":"","count":1,"args":[{"index":0,"values":[1]}]}/' \
    x.rec >i386.rec
  ask trim -o q.json docker i386.rec
  equals "$rc" 0 "exit code"
  equals "$("$RUNTIME" seccomp explain q.json socketcall SYS_SOCKET | head -n1)" "socketcall(call=SYS_SOCKET) on i386: ALLOW" "i386"
  ask trim --portable docker x.rec
  [[ $output != *" open, "* ]]
}
