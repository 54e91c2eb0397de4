# SPDX-License-Identifier: Apache-2.0
# The commands of doc/denials.md, as they are written.
load ../lib
load tutorial

# bats test_tags=ci
@test "denials.md: its commands print what it says" {
  # shellcheck disable=SC2016 # the page's own $
  tamis seccomp why --json --since 1h 2>&1 | grep -q '"read": true' ||
    skip "this kernel's log cannot be read"
  tutorial denials.md 14
}
