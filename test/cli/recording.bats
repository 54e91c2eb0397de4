# SPDX-License-Identifier: Apache-2.0
# The commands of doc/recording.md, as they are written.
load ../lib
load tutorial

# bats test_tags=ci
@test "recording.md: its commands print what it says" {
  tutorial recording.md 25
}
