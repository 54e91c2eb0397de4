# SPDX-License-Identifier: Apache-2.0
# First use: script/setup with a package manager that only writes down how it is called.
load ../lib

setup()
{
  requires tamis
  bundle
}

# stub NAME: a program in the only directory of the PATH, with its text from stdin.
stub()
{
  cat >"$T/bin/$1"
  chmod 755 "$T/bin/$1"
}

# machine [PROGRAM]...: a Debian on which only these PROGRAMs are, and the packages in $T/installed.
machine()
{
  local name
  mkdir -p "$T/bin"
  for name in sh grep sed fold mktemp rm cat "${@:2}"; do
    ln -s "$(command -v "$name")" "$T/bin/"
  done
  : >"$T/installed"
  : >"$T/calls"
  stub id <<<'echo 0'
  stub dpkg-query <<END
#!/bin/sh
for name; do :; done
! grep -qx "\$name" $T/installed || echo install ok installed
END
  stub apt-get <<END
#!/bin/sh
echo "\$*" >>$T/calls
case \$1 in install) ;; *) exit 0 ;; esac
for word; do
  case \$word in
  install | -*) ;;
  lacks) echo 'E: no lacks here'; exit 100 ;;
  *) echo "\$word" >>$T/installed ;;
  esac
done
END
  for name; do
    [ -e "$T/bin/$name" ] || stub "$name" <<<'exit 0'
  done
}

packages()
{
  run env -i PATH="$T/bin" HOME="$T" TERM=dumb "$TAMIS_SRCDIR/script/setup" "$@"
}

# on_terminal ANSWER WORD...: script/setup on a terminal, where ANSWER is typed.
on_terminal()
{
  local program
  program=$(type -P script) || skip 'script(1) is not installed' # it is a function as well
  run env -i PATH="$T/bin" TERM=dumb "$program" -qec \
    "$TAMIS_SRCDIR/script/setup ${*:2}" /dev/null <<<"$1"
}

@test "setup: what the build needs and no more, told before it is installed; nothing is removed" {
  machine
  packages
  expect_status 0
  expect_output 'These packages, and what they depend on, will be installed'
  grep -qx libyajl-dev "$T/installed"
  run grep -xE 'bats|docker.io|qemu-system-x86' "$T/installed"
  equals "$output" '' 'packages that only tests use'
  run grep '^install' "$T/calls"
  equals "$(wc -l <<<"$output")" 1 'calls of apt-get install'
  expect_output --no-remove
  packages # a second time
  expect_status 0
  equals "$output" '' 'what it says when all is there'
}

@test "setup --tests: engines, unless they are there from whatever source" {
  machine
  packages --tests
  expect_status 0
  expect_output docker.io
  expect_output 'daemons of Docker and containerd are started'
  for name in bats jq docker.io containerd runc crun podman conmon; do grep -qx $name "$T/installed"; done
  rm -r "$T/bin"
  machine docker containerd runc
  packages --tests
  expect_status 0
  run grep -xE 'docker.io|containerd|runc' "$T/installed"
  equals "$output" '' 'packages that would take the place of others'
  for name in crun podman conmon; do grep -qx $name "$T/installed"; done
}

@test "setup: a package that is not to be had is named; one that the build needs is an error" {
  machine
  packages lacks
  expect_status 0
  expect_output 'lacks was not installed: E: no lacks here'
  stub apt-get <<<'exit 100'
  : >"$T/installed"
  packages
  expect_status 1
  expect_output 'autoconf could not be installed, and the build needs it'
}

@test "setup: asks on a terminal; with -y it does not; an ordinary user installs nothing" {
  machine
  on_terminal n
  expect_output 'nothing was installed'
  equals "$(cat "$T/calls")" '' 'calls of apt-get'
  on_terminal y
  grep -qx gcc "$T/installed"
  : >"$T/installed"
  on_terminal '' -y
  expect_no_output 'Go on'
  grep -qx gcc "$T/installed"
  : >"$T/installed"
  : >"$T/calls"
  stub id <<<'echo 1000'
  packages --tests
  expect_status 1
  expect_output 'only root can install them: sudo script/setup --tests'
  equals "$(cat "$T/calls")" '' 'calls of apt-get'
}
