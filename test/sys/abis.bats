# SPDX-License-Identifier: Apache-2.0
# Calls of i386 and x32 on x86_64, by 32-bit programs and by others: denials are explained, and calls
# recorded, as native ones are. The virtual machines of the tests have a kernel that runs them all.
load ../lib
load ../record

setup()
{
  [ "$(uname -m)" = x86_64 ] || skip "needs x86_64"
  requires root
  requires tamis
  requires program gcc
}

# profile [NAMES ACTION]...: linux.seccomp for all three ABIs that allows everything else
profile()
{
  config '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [],
    architectures: ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"]}'
  while [ $# -gt 0 ]; do
    config '.linux.seccomp.syscalls += [{names: ($n | split(",")), action: $a}]' --arg n "$1" --arg a "$2"
    shift 2
  done
}

# logged FILTER: values of the denials in the log
logged()
{
  jq -r "select(.schema == \"tamis-denial/1\") | $1" "$T/log"
}

# explained PROGRAM ARG...: without explanation and with it the container shows the same: $status and
# $output. $text: the lines for people
explained()
{
  args "$@"
  view
  local plain=$status:$output
  rm -f "$T/log"
  run rt run --explain-denials="$T/log" --bundle "$BUNDLE" "$ID"
  text=$(sed -n "/^$ID: /p" <<<"$output")
  output=$(sed "/^$ID: /d" <<<"$output")
  equals "$status:$output" "$plain" "$*: with explanation and without"
}

# answers ARCHITECTURE NUMBER PROGRAM ARG...: the answers to three calls, of which that to sysinfo, with
# that number, is SIGSYS with the data of the call
answers()
{
  local arch=0xc000003e
  explained "${@:3}"
  expect_output 'sync, default: signal 31'
  # siginfo(3): si_code SYS_SECCOMP; si_arch is 0xc000003e for x32, too
  [ "$1" != X86 ] || arch=0x40000003
  expect_line "signal 31 code 1 syscall $2 arch $arch errno 0 address right result $2"
  equals "$(logged '[.architecture, .call] | join(" ")' | sort | xargs)" \
    "SCMP_ARCH_$1 getpgid SCMP_ARCH_$1 sync SCMP_ARCH_$1 sysinfo" "$1: log"
}

# bats test_tags=ci
@test "abis: denials of i386, also by int 0x80: the answers are those of the profile" {
  requires abi i386
  bundle
  profile sync SCMP_ACT_KILL_PROCESS getpgid SCMP_ACT_KILL_THREAD sysinfo SCMP_ACT_TRAP
  cp "$SYS/denied" "$ROOTFS/bin/"
  compile -m32 "$ROOTFS/bin/denied32" "$TAMIS_SRCDIR/test/sys/denied.c"
  answers X86 116 /bin/denied answers80
  answers X86 116 /bin/denied32 answers
}

# bats test_tags=ci
@test "abis: denials of x32: the answers are those of the profile" {
  requires abi x32
  bundle
  profile sync SCMP_ACT_KILL_PROCESS getpgid SCMP_ACT_KILL_THREAD sysinfo SCMP_ACT_TRAP
  compile -mx32 "$ROOTFS/bin/denied" "$TAMIS_SRCDIR/test/sys/denied.c"
  answers X32 $((0x40000000 + 99)) /bin/denied answers
}

# Calls with the data that are decoded: a path, words, a negative number. %s: the call
# shellcheck disable=SC2016
calls='#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#ifdef __i386__
#define CALL(n, a, b, c, d) ({ long r_; __asm__ volatile("int $0x80" : "=a"(r_) \
  : "a"((long)n), "b"((long)a), "c"((long)b), "d"((long)c), "S"((long)d) : "memory"); r_; })
#else
#define CALL(n, a, b, c, d) syscall(n, a, b, c, d)
#endif
int main(void)
{
  CALL(SYS_mkdir, "/tmp/new", 0755, 0, 0);
  CALL(SYS_openat, AT_FDCWD, "/etc/passwd", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  CALL(SYS_clone, CLONE_NEWUSER | 17, 0, 0, 0);
#ifdef __i386__
  CALL(SYS_socketcall, 1, 0, 0, 0);
  CALL(SYS_mmap2, 0, 4096, PROT_EXEC, MAP_PRIVATE);
#endif
  return 0;
}'

# bats test_tags=ci
@test "abis: denials of i386 and x32 are explained: names, arguments, program, what would allow them" {
  requires abi i386
  requires abi x32
  bundle
  profile mkdir,openat,clone,socketcall,mmap2 SCMP_ACT_ERRNO
  echo "$calls" >"$T/calls.c"
  local option abi
  for option in -m32 -mx32; do
    compile $option "$ROOTFS/bin/calls" "$T/calls.c"
    explained /bin/calls
    abi=i386
    [ $option = -m32 ] || abi=x32
    output=$text
    expect_output "mkdir(\"/tmp/new\", 0755) of $abi in "
    expect_output "openat(AT_FDCWD, \"/etc/passwd\", O_WRONLY|O_CREAT|O_CLOEXEC, 0600) of $abi in "
    expect_output "clone(SIGCHLD|CLONE_NEWUSER, 0, "
    [ $abi = x32 ] || expect_output 'socketcall(SYS_SOCKET, 0) of i386'
    [ $abi = x32 ] || expect_output 'mmap2(0, 4096, PROT_EXEC, MAP_PRIVATE, '
    equals "$(logged '.program' | sort -u)" /bin/calls program
    equals "$(logged 'select(.call == "mkdir") | .allow.remove')" mkdir remedy
    run rt seccomp why "$T/log"
    expect_output "mkdir(pathname=\"/tmp/new\", mode=0755) of $abi: EPERM"
  done
}

# bats test_tags=ci
@test "abis: denials of an ABI that the profile does not list: the reason is named" {
  requires abi i386
  bundle
  profile sync SCMP_ACT_ERRNO
  config '.linux.seccomp.architectures = ["SCMP_ARCH_X86_64"]'
  cp "$SYS/oldcall" "$ROOTFS/bin/"
  explained /bin/oldcall int80
  equals "$status" 159 "exit code"
  equals "$(logged '[.architecture, .call, .reason, .answer] | join(" ")')" \
    "SCMP_ARCH_X86 getuid32 architecture SCMP_ACT_KILL_PROCESS" log
}

# What a program of a C library does: files, sockets, processes, threads, signals
works='#include <arpa/inet.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
static void on(int s) { (void)s; }
static void *thread(void *p) { usleep(1000); return p; }
int main(int argc, char **argv)
{
  struct stat st;
  char b[4];
  int fd, status;
  pthread_t t;
  FILE *f;
  if (argc > 1)
    return 0;
  sprintf(b, "d");
  if (mkdir(b, 0755) || rmdir(b))
    return 1;
  f = fopen("f", "w+");
  if (!f || fputs("abc", f) < 0 || fflush(f) || fseek(f, 1, SEEK_SET) || fgetc(f) == EOF || fclose(f))
    return 2;
  if (stat("f", &st) || truncate("f", 2) || unlink("f"))
    return 3;
  fd = socket(AF_INET, SOCK_DGRAM, 0);
  if (fd < 0 || bind(fd, (struct sockaddr *)&(struct sockaddr_in){ .sin_family = AF_INET }, sizeof(struct sockaddr_in)))
    return 4;
  signal(SIGUSR1, on);
  raise(SIGUSR1);
  if (pthread_create(&t, NULL, thread, NULL) || pthread_join(t, NULL))
    return 5;
  if (fork() == 0) {
    execl(argv[0], argv[0], "x", NULL);
    _exit(1);
  }
  return wait(&status) < 0 || status ? 6 : getuid() == 4711;
}'

# works OPTION ARCHITECTURE: see program() in record.bash
works()
{
  local engine
  prepare_recording
  echo "$works" >works.c
  compile "$1" works works.c
  program mkdir <<<./works
  for engine in perf notify; do
    equals "$(jq -r 'select(.call and .assumed != true and .program == "'"$T"'/works").architecture' $engine.rec | sort -u)" \
      "SCMP_ARCH_$2" "$engine: architectures"
  done
}

# bats test_tags=ci
@test "abis: a static program of i386: recorded as strace sees it, and its profile" {
  requires program strace
  requires abi i386
  works -m32 X86
}

# bats test_tags=ci
@test "abis: a dynamic program of i386: recorded as strace sees it, and its profile" {
  requires abi i386
  [ -e /lib/ld-linux.so.2 ] || skip "no dynamic linker of i386"
  STATIC='' works -m32 X86
}

# bats test_tags=ci
@test "abis: a program of x32: recorded as strace sees it, and its profile" {
  requires abi x32
  works -mx32 X32
}
