# SPDX-License-Identifier: Apache-2.0
# Compares the table of the kernel's constants with the headers of this machine (script/constants).
load ../lib

# bats test_tags=all
@test "constants: equal to those in the headers of this machine" {
  command -v "${CC:-cc}" >/dev/null || skip "no compiler"
  [ -f /usr/include/linux/sched.h ] || skip "the kernel's headers are not installed (linux-libc-dev)"
  local abi
  case $(uname -m) in
  x86_64) abi=X86_64 ;;
  aarch64) abi=AARCH64 ;;
  armv*) abi=ARM ;;
  riscv64) abi=RISCV64 ;;
  ppc64le) abi=PPC64LE ;;
  s390x) abi=S390X ;;
  *) skip "$(uname -m) has no column in the table" ;;
  esac
  run "$TAMIS_SRCDIR/script/constants" "$abi" "${CC:-cc}"
  echo "$output"
  [ "$status" -eq 0 ]
  [[ $output =~ ([0-9]+)" names compared" ]]
  [ "${BASH_REMATCH[1]}" -gt 2000 ]
}
