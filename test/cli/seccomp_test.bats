# SPDX-License-Identifier: Apache-2.0
# tamis seccomp test: files of expectations about a profile.
load ../lib

setup()
{
  requires tamis
  prepare
  facts=(--arch x86_64 --kernel 6.1)
}

ask()
{
  rc=0
  output=$("$RUNTIME" seccomp test "${facts[@]}" "$@" 2>&1) || rc=$?
}

@test "test: expectations that hold, of all kinds" {
  cat >"$T/a.expect" <<'END'
# Docker's default
mkdir, rmdir: allow              # two calls
socket family=AF_VSOCK: errno EPERM
clone 'flags&CLONE_NEWUSER': ERRNO(EPERM)
[x86_64] clone3: errno ENOSYS
@module: denied
caps: SYS_ADMIN
clone flags&CLONE_NEWUSER: allowed
arch: aarch64
clone3: allow
caps:
kexec_load: errno
END
  sed -i "s/'//g" "$T/a.expect"
  ask default "$T/a.expect"
  equals "$rc" 0 "$output"
  expect_line '1\.\.8'
  expect_line "ok 1 - $T/a.expect:2: mkdir, rmdir: allow"
}

@test "test: what fails says what was found, and where" {
  printf 'mkdir: errno ENOSYS\nsocket: allow\n@module: allow\narm_fadvise64_64: denied\n' >"$T/a.expect"
  ask default "$T/a.expect"
  equals "$rc" 1 "exit code"
  expect_line "not ok 1 - $T/a.expect:1: mkdir: errno ENOSYS"
  expect_line '# found ALLOW: mkdir\(\) on x86_64'
  expect_line '# found ERRNO\(EPERM\): socket\(\) on x86_64 if family == AF_(ALG|VSOCK)'
  expect_line '# and [0-9]+ more'
  expect_line '# none of the architectures has the call'
}

@test "test: a way by another architecture is seen" {
  printf '{ "defaultAction": "SCMP_ACT_ALLOW", "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86"], "syscalls":
    [{ "names": ["llistxattr", "umount2"], "action": "SCMP_ACT_ERRNO" }] }' >"$T/p.json"
  printf 'umount2: denied\numount: denied\n' >"$T/a.expect"
  ask "$T/p.json" "$T/a.expect"
  equals "$rc" 1 "exit code"
  expect_line 'ok 1 .*'
  expect_line '# found ALLOW: umount\(\) on i386'
}

# bats test_tags=ci
@test "test: mistakes in a file have exit code 2 and its line" {
  for line in 'mkdir' 'mkdir allow' 'mkdri: allow' 'mkdir: alow' 'mkdir: errno EFOO' ': allow' 'socket colour=1: allow' \
    '@modul: denied' '[vax] mkdir: allow' '[x86_64 mkdir: allow' 'mkdir: allow 3' 'caps: CAP_X'; do
    printf '# one\n%s\nread: allow\n' "$line" >"$T/a.expect"
    rc=0
    output=$("$RUNTIME" seccomp test "${facts[@]}" default "$T/a.expect" 2>&1 >/dev/null) || rc=$?
    equals "$rc $(wc -l <<<"$output")" "2 1" "$line: $output"
    [[ $output == *"a.expect:2: "* || ($line == caps* && $output == *"a.expect:3: "*) ]] || { echo "$line: $output"; false; }
  done
}
