# SPDX-License-Identifier: Apache-2.0
# tamis seccomp record: what is recorded is what strace sees, and the command does not notice.
load ../lib

setup()
{
  requires tamis
  prepare
  chmod 777 "$T"
}

# traced [exec] COMMAND...: in a mount namespace that has tracefs, which the engine perf needs.
traced()
{
  local exec=
  if [ "$1" = exec ]; then
    shift
    exec=exec
  fi
  $exec unshare -m sh -c 'mount -t tracefs tracefs /sys/kernel/tracing && exec "$@"' sh "$@"
}

# record ENGINE FILE COMMAND...: rc, output
record()
{
  rc=0
  output=$(traced "$RUNTIME" seccomp record -q --exact --engine "$1" -o "$T/$2" -- "${@:3}" 2>&1) || rc=$?
}

# calls FILE [ARCH]: the names of what was seen.
calls()
{
  jq -r --arg arch "SCMP_ARCH_${2:-X86_64}" \
    'select(.number != null and .assumed != true and .architecture == $arch) | .call' "$T/$1" |
    sort -u
}

# as_strace NAME COMMAND...: both engines record what strace -f sees behind the first execve.
as_strace()
{
  local name=$1 engine
  shift
  strace -qq -f -o "$T/$name.strace" -- "$@" >/dev/null 2>&1 </dev/null
  sed -nE 's/^[0-9]+ +([a-z_0-9]+)\(.*/\1/p' "$T/$name.strace" | sed 1d | sort -u >"$T/$name.want"
  [ "$(wc -l <"$T/$name.want")" -gt 5 ]
  for engine in perf notify; do
    traced "$RUNTIME" seccomp record -q --exact --engine $engine -o "$T/$name.$engine" -- "$@" \
      >/dev/null 2>&1 </dev/null
    run diff "$T/$name.want" <(calls "$name.$engine")
    equals "$output" "" "$name: strace (<) and $engine (>)"
    equals "$(jq -r 'select(.end).end | .lost, .dropped' "$T/$name.$engine" | xargs)" "0 0" losses
  done
}

# bats test_tags=ci
@test "record: both engines see what strace sees: a shell, and busybox" {
  requires root
  requires program strace
  as_strace shell sh -c 'for i in 1 2; do ls /etc | cat; done; read -r x </etc/passwd; exec env'
  as_strace busybox busybox sh -c 'ls -l / | grep x; df /; kill -0 $$'
}

# A program of the i386 ABI: getpid, then exit with 7.
make_i386()
{
  printf '\x7fELF\1\1\1\0\0\0\0\0\0\0\0\0\2\0\3\0\1\0\0\0\x54\x80\x04\x08\x34\0\0\0\0\0\0\0\0\0\0\0\x34\0\x20\0\1\0\0\0\0\0\0\0' >"$1"
  printf '\1\0\0\0\0\0\0\0\0\x80\x04\x08\0\x80\x04\x08\x65\0\0\0\x65\0\0\0\5\0\0\0\0\x10\0\0' >>"$1"
  printf '\xb8\x14\0\0\0\xcd\x80\xb8\1\0\0\0\xbb\7\0\0\0\xcd\x80' >>"$1"
  chmod 755 "$1"
}

@test "record: calls of 32-bit programs are told apart, and those of 64-bit programs by int 0x80" {
  requires root
  [ "$(uname -m)" = x86_64 ] || skip "needs x86_64"
  make_i386 "$T/i386"
  rc=0
  "$T/i386" || rc=$?
  [ $rc = 7 ] || skip "this kernel runs no 32-bit programs"
  local engine
  for engine in perf notify; do
    record $engine "$engine" "$T/i386"
    equals "$rc" 7 "$engine: exit code"
    equals "$(calls "$engine" X86 | xargs)" "exit getpid" "$engine: calls of i386"
    equals "$(calls "$engine" | xargs)" "" "$engine: native calls"
    equals "$(jq -r 'select(.call == "getpid").program' "$T/$engine")" "$T/i386" "$engine: program"
    record $engine "$engine.80" "$SYS/oldcall" int80
    equals "$rc" 0 "$engine: exit code"
    equals "$(calls "$engine.80" X86 | xargs)" "getuid32" "$engine: int 0x80"
  done
}

# bats test_tags=ci
@test "record: calls of x32 are told apart" {
  requires root
  [ "$(uname -m)" = x86_64 ] || skip "needs x86_64"
  local engine
  for engine in perf notify; do
    record $engine "$engine" "$SYS/oldcall" x32
    equals "$rc" 0 "$engine: exit code"
    equals "$(calls "$engine" X32 | xargs)" "getppid" "$engine: x32"
    calls "$engine" | grep -qx exit_group
    # nothing of the recorder's own, and not the execve that begins the program
    equals "$(calls "$engine" | grep -xE 'execve|write|read|prctl|futex|rt_sigprocmask|seccomp')" "" "$engine: others"
  done
}

@test "record: arguments that rules are about, the program, how often, and how it ended" {
  requires root
  local engine line='[.program, .count, (.args[] | .index, .values[])] | join(" ")'
  for engine in perf notify; do
    record $engine "$engine" "$SYS/oldcall" sockets
    equals "$rc" 0 "$engine: exit code"
    # AF_UNIX and AF_INET; SOCK_STREAM, with SOCK_CLOEXEC, and SOCK_DGRAM; 0
    equals "$(jq -r "select(.call == \"socket\") | $line" "$T/$engine")" \
      "$SYS/oldcall 3 0 1 2 1 1 524289 2 2 0" "$engine: socket"
    equals "$(jq -c 'select(.exit).exit | .code' "$T/$engine")" 0 "$engine: exit"
    equals "$(jq -r 'select(.schema) | .schema, .engine, (.command | last)' "$T/$engine" | xargs)" \
      "tamis-recording/1 $engine sockets" "$engine: head"
  done
}

# is_stopped PID
is_stopped()
{
  grep -q '^State:.[tT]' "/proc/$1/status"
}

# bats test_tags=ci
@test "record: Ctrl-Z before the command is executed stops the recorder, too" {
  requires root
  requires program strace
  local recorder command
  # getppid(2) is the last but one call of the command's process
  background traced traced exec strace -f -qq -o "$T/strace" -e trace=getppid -e inject=getppid:signal=SIGTSTP \
    -- "$RUNTIME" seccomp record -q --engine perf -o "$T/r" -- true
  until_true 20 pgrep -P "${HELPERS[-1]}" -f '^tamis-seccomp '
  recorder=$(pgrep -P "${HELPERS[-1]}" -f '^tamis-seccomp ')
  until_true 20 pgrep -P "$recorder"
  command=$(pgrep -P "$recorder")
  until_true 20 is_stopped "$command"
  kill -TSTP "$recorder"
  until_true 5 is_stopped "$recorder"
  kill -CONT "$recorder" "$command"
  wait "${HELPERS[-1]}"
  equals "$(jq -c 'select(.exit).exit.code' "$T/r")" 0 "exit code"
}

@test "record: the exit status is the command's, 128 and the signal, or 125 to 127" {
  cd "$T"
  record notify a sh -c 'exit 3'
  equals "$rc" 3 "exit code"
  record notify a sh -c 'kill -9 $$'
  equals "$rc" 137 "signal"
  equals "$(jq -r 'select(.exit) | .exit | .code, .signal' a | xargs)" "3 null null 9" "both runs"
  record notify b no-such-command
  equals "$rc $output" "127 tamis seccomp: no-such-command: there is no such command" "no command"
  [ ! -e b ]
  echo 'no program' >text
  chmod 755 text
  record notify b ./text
  equals "$rc" 126 "no program"
  [[ $output == *"./text: cannot be executed"* ]]
  rc=0
  output=$("$RUNTIME" seccomp record true 2>&1) || rc=$?
  equals "$rc $output" "125 tamis seccomp: record: expected -o FILE" "no file"
  record other b true
  equals "$rc $output" "125 tamis seccomp: --engine: expected perf, notify or auto, found 'other'" "engine"
  echo precious >c
  record notify c true
  equals "$rc $(<c)" "125 precious" "a file that is no recording"
  [[ $output == *"c: is no recording"* ]]
}

@test "record: the command has the descriptors, signals and umask that it has without a recorder" {
  requires root
  local engine
  umask 027
  trap '' PIPE
  local script='umask; ls -l /proc/$$/fd | sed "s/.* \([0-9]* ->\)/\1/"; ulimit -a; exec grep -E "^Sig(Blk|Ign|Cgt)" /proc/self/status'
  traced bash -c "$script" </dev/null >"$T/want"
  for engine in perf notify; do
    traced "$RUNTIME" seccomp record -q --engine $engine -o "$T/r" -- bash -c "$script" \
      </dev/null >"$T/want.$engine"
    run diff <(sed 's/pipe:.*//; s/want.*//' "$T/want") <(sed 's/pipe:.*//; s/want.*//' "$T/want.$engine")
    equals "$output" "" "$engine: without (<) and with (>)"
  done
}

@test "record: an unprivileged user records by notify, and is told why" {
  requires root
  requires program setpriv
  chmod 755 "$BATS_RUN_TMPDIR" "$T/../.." "$T/.."
  local user=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  rc=0
  output=$("${user[@]}" "$RUNTIME" seccomp record -o "$T/r" -- sh -c 'mkdir "$0/d"' "$T" 2>&1) || rc=$?
  equals "$rc" 0 "exit code"
  expect_line 'tamis seccomp: engine notify, because perf is not there: it needs root or CAP_PERFMON'
  expect_line "tamis seccomp: [0-9]+ calls recorded in $T/r, and [0-9]+ assumed .*"
  calls r | grep -qx mkdir
  jq -e 'select(.call == "read" and .assumed)' "$T/r" >"$T/read"
  rc=0
  output=$("${user[@]}" "$RUNTIME" seccomp record --engine perf -o "$T/s" -- true 2>&1) || rc=$?
  equals "$rc $output" "125 tamis seccomp: --engine perf: it needs root or CAP_PERFMON" "perf"
}

@test "record: a set-user-id program that perf does not see is told of" {
  requires root
  requires program setpriv
  cp "$TAMIS_BUILDDIR/test/sys/payload" "$T/suid"
  chmod 4755 "$T/suid"
  record perf suid.rec setpriv --reuid=1000 --regid=1000 --clear-groups "$T/suid" fds
  equals "$rc" 0 "$output"
  equals "$(tail -n1 "$T/suid.rec" | jq -r '.end.uncertain[]')" \
    "calls of a set-user-id program, which perf does not see, executed by $(command -v setpriv)" uncertain
}

@test "record: a call in which a process waits confirms what was let through" {
  mkfifo "$T/fifo"
  "$RUNTIME" seccomp record -q --engine notify -o "$T/r" -- cat "$T/fifo" >"$T/out" 3>&- &
  HELPERS+=($!)
  exec 8>"$T/fifo"
  until_true 20 eval '[ -n "$(jq "select(.call == \"read\" and .assumed != true)" "$T/r")" ]'
  exec 8>&-
  wait $!
  [ -z "$(calls r | grep -x lseek)" ]
}

@test "record: a later run lets through what the file has, and merges" {
  record notify r sh -c 'umask 022; cd /'
  rc=0
  output=$("$RUNTIME" seccomp record --engine notify -o "$T/r" -- sh -c 'umask 022; echo *' 2>&1) || rc=$?
  equals "$rc" 0 "exit code"
  equals "$(jq -s 'map(select(.schema)) | length' "$T/r")" 2 runs
  # the second run did not see umask, and need not: the first one has it
  equals "$(jq -s 'map(select(.call == "umask" and .assumed != true)) | length' "$T/r")" 1 "umask"
}

@test "record: beside another listener it is refused by name" {
  rc=0
  output=$("$RUNTIME" seccomp record -q --engine notify -o "$T/r" -- \
    "$RUNTIME" seccomp record -q --engine notify -o "$T/s" -- true 2>&1) || rc=$?
  equals "$rc" 125 "exit code"
  [[ $output == *"this process is under a filter that notifies an agent already"* ]]
}

# bats test_tags=all
@test "record: SIGTERM goes to the command; what it leaves behind is recorded, until a second signal" {
  mkfifo "$T/fifo"
  "$RUNTIME" seccomp record -q --engine notify -o "$T/r" -- \
    sh -c 'trap "echo got >$0; exit 5" TERM; echo ready; read x <"$1"' "$T/got" "$T/fifo" >"$T/out" 3>&- &
  HELPERS+=($!)
  exec 8<>"$T/fifo"
  until_true 20 grep -q ready "$T/out"
  kill -TERM $!
  rc=0
  wait $! || rc=$?
  equals "$rc $(<"$T/got")" "5 got" "exit code"

  # the shell in the background is recorded after the command has ended, and lives on after the recorder
  "$RUNTIME" seccomp record -q --exact --engine notify -o "$T/s" -- \
    sh -c '(read x <"$0"; mkdir "$1"; read x <"$0"; rmdir "$1"; echo end >"$2") &' "$T/fifo" "$T/d" "$T/end" 3>&- &
  HELPERS+=($!)
  until_true 20 grep -q '"exit"\|fork\|clone' "$T/s"
  echo go >&8
  until_true 20 grep -q '"mkdir"' "$T/s"
  kill -INT $!
  rc=0
  wait $! || rc=$?
  equals "$rc" 0 "exit code"
  echo go >&8
  until_true 20 test -s "$T/end"
  [ ! -e "$T/d" ]
  equals "$(tail -n1 "$T/s" | jq -c '.end.lost')" 0 "the end"
}

# bats test_tags=ci
@test "record: a killed recorder leaves what it has seen" {
  requires root
  mkfifo "$T/fifo"
  exec 8<>"$T/fifo"
  (traced exec "$RUNTIME" seccomp record -q --engine perf -o "$T/r" -- \
    sh -c 'umask 022; exec cat "$0"' "$T/fifo") >"$T/out" 3>&- &
  HELPERS+=($!)
  until_true 20 grep -q '"umask"' "$T/r"
  kill -KILL $!
  wait $! || true
  jq -es 'length > 5 and (map(select(.end)) | length == 0)' "$T/r" >"$T/whole"
  exec 8>&-
  printf '{"call":"cut' >>"$T/r"
  record notify r true
  equals "$rc $output" "0 " "a further run"
  equals "$(jq -s 'map(select(.schema)) | length' "$T/r")" 2 runs
}

# watch PROFILE LOG COMMAND...: rc, output
watch()
{
  rc=0
  output=$("$RUNTIME" seccomp record --enforce-and-watch "$1" -o "$2" -- "${@:3}" 2>&1 3>&-) || rc=$?
}

# bats test_tags=ci
@test "record: --enforce-and-watch names what a profile denies, and generate heals it" {
  cd "$T"
  local script='mkdir d$$ && rmdir d$$' round
  record notify r busybox sh -c 'ls / >/dev/null'
  "$RUNTIME" seccomp generate -o p.json r
  watch p.json log busybox sh -c "$script"
  [ $rc != 0 ]
  expect_line 'busybox: busybox.*gets ENOSYS, denied by the default action; to allow it, allow .*'
  expect_line 'busybox: [0-9]+ calls? denied, of [0-9]+ kinds?'
  jq -se 'map(select(.schema == "tamis-denial/1")) | length > 0 and all(.container == "busybox")' log >said
  for ((round = 0; round < 8 && rc; round++)); do
    "$RUNTIME" seccomp generate -o p.json r log 2>said
    watch p.json log busybox sh -c "$script"
  done
  equals "$rc $output" "0 " "healed"
  [ $round -gt 0 ]
  equals "$(jq -r '.syscalls[] | select(.names | index("mkdir")).comment' p.json)" "denied to $(readlink -f "$(type -P busybox)")" why
}

@test "record: --enforce-and-watch gives the answers of the profile, and the exit status of the command" {
  cd "$T"
  watch default log sh -c 'exit 3'
  equals "$rc $output" "3 " "exit code"
  "$RUNTIME" seccomp show --as oci default >all.json
  jq '.syscalls = [{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_KILL_PROCESS"}] + .syscalls' all.json >kill.json
  watch kill.json log busybox mkdir d
  equals "$rc" 159 "SIGSYS"
  [[ $output == *"gets the end of the process (KILL_PROCESS)"* ]]
  # a program that cannot be executed, under a profile by which no process can end
  echo 'no program' >text
  chmod 755 text
  echo '{"defaultAction":"SCMP_ACT_ERRNO","syscalls":[{"names":["execve"],"action":"SCMP_ACT_ALLOW"}]}' >least.json
  watch least.json log ./text
  equals "$rc" 126 "no program"
  [[ $output == *"./text: cannot be executed"* ]]
  watch no-such-file log true
  equals "$rc" 125 "no profile"
  sed 's/execve/read/' least.json >none.json
  watch none.json log true
  equals "$rc $output" "125 tamis seccomp: none.json: does not allow execve, so that nothing can be run under it" "no execve"
  echo precious >other
  watch default other true
  equals "$rc $(<other)" "125 precious" "a file that is no log"
}

# Calls that are made often one after the other, and one at the end.
cat_often()
{
  cat >"$T/often.pl" <<'END'
for (1..30000) { getppid } select undef, undef, undef, 0.3;
for (1..30000) { kill 0, $$ } select undef, undef, undef, 0.3;
for (1..30000) { -e "/" } select undef, undef, undef, 0.3;
umask 022;
END
}

# bats test_tags=ci
@test "record: calls that are made very often are passed over, more than one kind of them" {
  requires root
  requires program perl
  cat_often
  record perf r perl "$T/often.pl"
  equals "$rc $output" "0 " "exit code"
  calls r | grep -qx umask
  calls r | grep -qx kill
  # the first kind was passed over, and is not counted to its end
  [ "$(jq -s 'map(select(.call == "getppid")) | last.atLeast' "$T/r")" = true ]
}

@test "record: calls for which the buffer had no room are told of, also if they are the last" {
  requires root
  traced exec "$RUNTIME" seccomp record -q --engine perf -o "$T/r" -- "$SYS/oldcall" burst 3>&- &
  local recorder=$!
  HELPERS+=($recorder)
  # it has ended while the recorder is stopped
  until_true 20 eval 'grep -q "State:.T" /proc/$recorder/status && grep -q "State:.Z" "/proc/$(pgrep -P $recorder)/status"'
  kill -CONT $recorder
  wait $recorder
  [ -z "$(calls r | grep -x umask)" ]
  equals "$(tail -n1 "$T/r" | jq -r '.end.uncertain[]')" "the last calls, for which a buffer had no room" uncertain
  run "$RUNTIME" seccomp generate -o "$T/p.json" "$T/r"
  expect_line ' *which a buffer had no room: record it once more'
}

@test "record: more kinds of calls than the kernel can pass over do not end the recording" {
  requires root
  record perf r "$SYS/oldcall" numbers
  equals "$rc $output" "0 " "exit code"
  calls r | grep -qx umask
}

# bats test_tags=all
@test "record: a recording that cannot be written for a time is complete at the end; it has whole lines" {
  requires root
  requires program prlimit
  # shellcheck disable=SC2016
  local engine again='umask 022; sleep 1.5; prlimit --pid $PPID --fsize=unlimited; mkdir "$0"'
  for engine in perf notify; do
    (
      ulimit -S -f 2
      record $engine $engine sh -c "$again" "$T/d.$engine"
      equals "$rc $output" "0 " "$engine: exit code"
      record $engine $engine.full bash -c 'ulimit -f; umask 022; ls / | cat >/dev/null'
      equals "$rc" 125 "$engine: exit code"
      expect_line 2
      expect_line "tamis seccomp: the recording cannot be written: .*"
    )
    [ -d "$T/d.$engine" ]
    calls $engine | grep -qx umask
    calls $engine | grep -qx mkdir
    equals "$(tail -n1 "$T/$engine" | jq -r '.end.lost')" 0 "$engine: the end"
    jq . "$T/$engine.full" >"$T/whole"
    equals "$(tail -c1 "$T/$engine.full" | wc -l)" 1 "$engine: the last line is whole"
  done
}

# bats test_tags=ci
@test "record: a file that is removed before it is locked is made anew" {
  requires program strace
  # what another recorder does that finds nothing to record
  strace -o "$T/strace" -e trace=flock -e inject=flock:delay_enter=500000:when=1 \
    "$RUNTIME" seccomp record -q --engine notify -o "$T/r" -- true 3>&- &
  HELPERS+=($!)
  until_true 20 test -e "$T/r"
  rm "$T/r"
  wait $!
  equals "$(grep -c flock "$T/strace")" 2 "locks"
  equals "$(tail -n1 "$T/r" | jq -r '.end.lost')" 0 "the end"
}

@test "record: --attach to a process that the recorder descends from does not record the recorder" {
  requires root
  # shellcheck disable=SC2016
  traced sh -c '"$0" seccomp record -q --attach pid:$$ -o "$1" & p=$!
    until [ -s "$1" ]; do kill -0 $p; done; mkdir "$2"; until grep -q \"mkdir\" "$1"; do kill -0 $p; done
    kill -INT $p; wait $p' "$RUNTIME" "$T/r" "$T/d" 3>&-
  equals "$(jq -r 'select(.program) | .program' "$T/r" | grep -c tamis)" 0 "programs"
  calls r | grep -qx mkdir
}

@test "record: what answers for processes that are left holds no pipe of the recorder" {
  mkfifo "$T/fifo"
  exec 8<>"$T/fifo"
  # shellcheck disable=SC2016
  "$RUNTIME" seccomp record -q --engine notify -o "$T/r" -- \
    sh -c '(exec >"$1" 2>&1; echo; read x <"$0"; mkdir "$2"; echo >"$3") &' \
    "$T/fifo" "$T/own" "$T/d" "$T/end" 2>&1 3>&- 8>&- | cat >"$T/out" 3>&- 8>&- &
  HELPERS+=($!)
  until_true 20 test -s "$T/own"
  local recorder
  recorder=$(pgrep -f "^tamis-seccomp .* -o $T/r ")
  until_true 20 eval '! pgrep -P '"$recorder"
  kill -INT "$recorder"
  # cat ends when nobody has its pipe open for writing
  wait $!
  [ ! -e "$T/d" ]
  echo go >&8
  until_true 20 test -s "$T/end"
  [ -d "$T/d" ]
}

@test "record: a program whose path the kernel cannot tell is not taken for the one that executed it" {
  requires root
  requires program perl
  # 20 directories of 250 characters
  cat >"$T/deep.pl" <<'END'
chdir $ARGV[0] or die; my $name = "d" x 250;
for (1..20) { mkdir $name or die; chdir $name or die }
system("cp", $ARGV[1], "./sync") == 0 or die; exec "./sync" or die;
END
  record perf r perl "$T/deep.pl" "$T" "$(type -P busybox)"
  equals "$rc $output" "0 " "exit code"
  equals "$(jq -r 'select(.call == "sync") | "program: " + .program' "$T/r")" "program: " "of sync"
  equals "$(tail -n1 "$T/r" | jq -r '.end.uncertain | length')" 0 "uncertain"
}

# passes NAME CALL COMMAND...: under the profile that is generated from a recording of it the command
# succeeds; with CALL, which it needs, taken out it does not.
passes()
{
  local name=$1 call=$2 engine
  shift 2
  for engine in perf notify; do
    traced "$RUNTIME" seccomp record -q --engine $engine -o "$T/$name.$engine" -- "$@" >/dev/null 2>&1 </dev/null
    "$RUNTIME" seccomp generate -o "$T/$name.json" "$T/$name.$engine" >"$T/said" 2>&1
    "$RUNTIME" seccomp show --as bpf "$T/$name.json" >"$T/$name.bpf"
    rc=0
    output=$("$SYS/under" "$T/$name.bpf" "$@" 2>&1 </dev/null) || rc=$?
    equals "$rc" 0 "$name, $engine: $output"
    "$RUNTIME" seccomp edit --deny "$call" -o "$T/$name.less" "$T/$name.json" >"$T/said" 2>&1
    "$RUNTIME" seccomp show --as bpf "$T/$name.less" >"$T/$name.bpf"
    rc=0
    output=$("$SYS/under" "$T/$name.bpf" "$@" 2>&1 </dev/null) || rc=$?
    [ $rc != 0 ] || {
      echo "$name, $engine: passes without $call"
      return 1
    }
  done
}

# bats test_tags=ci
@test "generate: a program passes under its profile, and fails with one needed call taken out" {
  requires root
  cd "$T"
  passes shell mkdir sh -ec 'mkdir d; rmdir d; ls /etc | cat'
  passes busybox symlink busybox sh -ec 'ln -s a b; rm b'
}

# bats test_tags=all
@test "generate: more programs pass under their profiles" {
  requires root
  cd "$T"
  echo 'int main(void) { return 0; }' >x.c
  passes bash pipe2,pipe bash -ec 'for i in 1 2; do (exit 0) & done; wait; [ "$(echo x)" = x ]'
  if type perl; then passes perl getdents64 perl -e 'opendir D, "/" or die; readdir D or die'; fi
  if type gcc; then passes gcc vfork,clone,clone3 gcc -O2 -o x x.c; fi
  if type git; then passes git mkdir sh -ec 'rm -rf g; git init -q g; cd g; git -c user.name=a -c user.email=b commit -q --allow-empty -m x; git log >/dev/null'; fi
  if type sqlite3; then passes sqlite fcntl sh -ec 'rm -f x.db; sqlite3 x.db "create table a(b); insert into a values(1); select * from a"'; fi
  [ ! -x /usr/bin/python3 ] || passes python socketpair /usr/bin/python3 -c 'import socket, subprocess, threading
t = threading.Thread(target=lambda: None); t.start(); t.join()
subprocess.run(["true"], check=True); socket.socketpair()'
}

# bats test_tags=all
@test "generate: a container runs under the profile of what was recorded outside" {
  requires root
  bundle
  record perf r "$ROOTFS/bin/busybox" sh -c 'ls / >/dev/null; mkdir "$0/d"; rmdir "$0/d"' "$T"
  equals "$rc" 0 "recorded"
  "$RUNTIME" seccomp generate -o "$T/p.json" "$T/r"
  args sh -c 'ls / >/dev/null && mkdir /dev/shm/d && echo made; ln -s a /dev/shm/l || echo denied'
  run rt run --seccomp="$T/p.json" --bundle "$BUNDLE" "$ID"
  [[ $output == *made*denied* ]] || { echo "$output"; return 1; }
}
