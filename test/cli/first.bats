# SPDX-License-Identifier: Apache-2.0
# First use: script/setup with a package manager that only records its calls, and the commands of
# README and dist/README.md on copies of configuration files.
load ../lib

setup()
{
  requires tamis
  bundle
}

# stub NAME: makes a program in the only directory of PATH, with its text from standard input.
stub()
{
  cat >"$T/bin/$1"
  chmod 755 "$T/bin/$1"
}

# machine [PROGRAM]...: a Debian machine with only these PROGRAMs, and the packages in $T/installed.
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

# on_terminal ANSWER WORD...: runs script/setup on a terminal, where ANSWER is typed.
on_terminal()
{
  local program
  program=$(type -P script) || skip 'script(1) is not installed' # there is a function with that name, too
  run env -i PATH="$T/bin" TERM=dumb "$program" -qec \
    "$TAMIS_SRCDIR/script/setup ${*:2}" /dev/null <<<"$1"
}

# bats test_tags=all
@test "setup: lists and installs only what the build needs; removes nothing" {
  machine
  packages
  expect_status 0
  expect_output 'These packages and their dependencies will be installed'
  grep -qx libyajl-dev "$T/installed"
  run grep -xE 'bats|docker.io|qemu-system-x86' "$T/installed"
  equals "$output" '' 'packages that only tests use'
  run grep '^install' "$T/calls"
  equals "$(wc -l <<<"$output")" 1 'calls of apt-get install'
  expect_output --no-remove
  packages # a second time
  expect_status 0
  equals "$output" '' 'output if everything is installed'
}

# bats test_tags=all
@test "setup --tests: installs engines that are not installed from any source" {
  machine
  packages --tests
  expect_status 0
  expect_output docker.io
  expect_output 'starts the daemons of Docker and containerd'
  for name in bats jq docker.io containerd runc crun podman conmon; do grep -qx $name "$T/installed"; done
  rm -r "${T:?}/bin"
  machine docker containerd runc
  packages --tests
  expect_status 0
  run grep -xE 'docker.io|containerd|runc' "$T/installed"
  equals "$output" '' 'packages that would take the place of others'
  for name in crun podman conmon; do grep -qx $name "$T/installed"; done
}

# bats test_tags=all
@test "setup: names a package that is not available; if the build needs it, this is an error" {
  machine
  packages lacks
  expect_status 0
  expect_output 'lacks was not installed: E: no lacks here'
  stub apt-get <<<'exit 100'
  : >"$T/installed"
  packages
  expect_status 1
  expect_output 'autoconf is needed by the build and could not be installed'
}

# bats test_tags=all
@test "setup: asks on a terminal, but not with -y; an ordinary user installs nothing" {
  machine
  on_terminal n
  expect_output 'nothing was installed'
  equals "$(cat "$T/calls")" '' 'calls of apt-get'
  on_terminal y
  grep -qx gcc "$T/installed"
  : >"$T/installed"
  on_terminal '' -y
  expect_no_output 'Continue'
  grep -qx gcc "$T/installed"
  : >"$T/installed"
  : >"$T/calls"
  stub id <<<'echo 1000'
  packages --tests
  expect_status 1
  expect_output 'only root can install packages: sudo script/setup --tests'
  equals "$(cat "$T/calls")" '' 'calls of apt-get'
}

# --- commands to be pasted ------------------------------------------------------------------------

# paste FILE TEXT: runs these commands, with $T/etc for the engine's directory.
paste()
{
  mkdir -p "$T/bin"
  stub sudo <<<'exec "$@"'
  stub systemctl <<<"echo \$* >>$T/calls"
  stub docker <<<"echo docker \$* >>$T/calls"
  pasted "$@" | sed -e "s#/etc/\(docker\|containerd\)#$T/etc#g" \
    -e "s#/usr/\(local/\)*share/doc/tamis/examples#$TAMIS_SRCDIR/dist#" >"$T/command"
  [ -s "$T/command" ]
  rm -f "$T/calls"
  run env PATH="$T/bin:$PATH" sh "$T/command"
}

# added OTHERS: daemon.json contains tamis and all of OTHERS.
added()
{
  expect_status 0
  equals "$(jq -cS . "$T/etc/daemon.json")" \
    "$(jq -cS '.runtimes.tamis.path = "/usr/bin/tamis"' <<<"$1")" daemon.json
  equals "$(head -n1 "$T/calls")" 'reload-or-restart docker' 'what is done first'
  grep -q '^docker run .*--runtime tamis' "$T/calls"
}

@test "Docker: the commands of README and dist/README.md are equal" {
  equals "$(pasted README daemon.json)" \
    "$(pasted dist/README.md daemon.json | sed 's#/usr/share#/usr/local/share#')" command
}

# bats test_tags=ci
@test "Docker: daemon.json is made, or tamis is added and everything else is kept" {
  local others='{"log-opts": {"tag": "a\tb\\n\"%s\""}, "live-restore": true,
    "runtimes": {"other": {"path": "/o", "runtimeArgs": ["--x"]}, "tamis": {"runtimeArgs": ["--debug"]}}}'
  paste README daemon.json # without the directory
  added '{}'
  rm "$T/etc/daemon.json" # without the file
  paste README daemon.json
  added '{}'
  : >"$T/etc/daemon.json"
  paste README daemon.json
  added '{}'
  # a symbolic link and a file mode are kept
  mkdir "$T/elsewhere"
  echo "$others" >"$T/elsewhere/d"
  chmod 640 "$T/elsewhere/d"
  ln -sf ../elsewhere/d "$T/etc/daemon.json"
  paste README daemon.json
  added "$others"
  equals "$(stat -c %a "$T/elsewhere/d")" 640 mode
  equals "$(cat "$T/etc/daemon.json.old")" "$others" 'the file as it was'
  paste README daemon.json # a second time
  added "$others"
}

# bats test_tags=all
@test "Docker: invalid JSON, or no jq: nothing is changed, the daemon is not reloaded" {
  mkdir "$T/etc"
  local content
  for content in '{"runtimes": {}' '[]' '5' '{"a": 1}, {' '# comment' ' '; do
    echo "$content" >"$T/etc/daemon.json"
    paste README daemon.json
    [ "$status" != 0 ]
    equals "$(cat "$T/etc/daemon.json")" "$content" daemon.json
    [ ! -e "$T/calls" ]
  done
  echo '{"a": 1}' >"$T/etc/daemon.json"
  mkdir -p "$T/bin"
  stub jq <<<'exit 3'
  paste README daemon.json
  expect_status 3
  equals "$(cat "$T/etc/daemon.json")" '{"a": 1}' daemon.json
  [ ! -e "$T/calls" ]
}

# bats test_tags=ci
@test "containerd: tamis is added to config.toml once, and everything else is kept" {
  requires program containerd
  local text
  case $(containerd --version) in
  *" 1."* | *" v1."*) text=1.x-config ;;
  *) text=2.x-tamis ;;
  esac
  paste dist/README.md $text # without the file
  expect_status 0
  equals "$(cat "$T/calls")" 'restart containerd' 'what is done'
  containerd config default | sed '/^\[metrics\]/,/^$/d' >"$T/etc/config.toml"
  printf '[metrics]\n  address = "127.0.0.1:1338"' >>"$T/etc/config.toml" # without a final newline
  paste dist/README.md $text
  expect_status 0
  run containerd --config "$T/etc/config.toml" config dump
  expect_output '127.0.0.1:1338'
  expect_output 'runtimes.runc]'
  expect_output 'runtimes.tamis]'
  expect_output /usr/bin/tamis
  cp "$T/etc/config.toml" "$T/before"
  paste dist/README.md $text # a second time: refused, or without a change
  cmp "$T/before" "$T/etc/config.toml"
  echo 'disabled_plugins = ["cri"]' >"$T/etc/config.toml" # version 1, as Docker installs it
  paste dist/README.md $text
  [ "$status" != 0 ]
  equals "$(cat "$T/etc/config.toml")" 'disabled_plugins = ["cri"]' config.toml
  [ ! -e "$T/calls" ]
}
