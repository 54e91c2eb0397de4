# SPDX-License-Identifier: Apache-2.0
# tamis completion: each script has every command and option of --help, and bash can use it.
load ../lib

setup()
{
  requires tamis
  prepare
}

commands_of_help()
{
  "$RUNTIME" --help | sed -n '/^commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'
}

options_of_help()
{
  "$RUNTIME" "$@" --help | sed -n '/^options:/,$s/^ .*--\([a-z-]*\).*/\1/p'
}

# complete WORD...: prints what bash proposes for the last word.
complete_words()
{
  (
    PATH=${RUNTIME%/*}:$PATH
    eval "$("$RUNTIME" completion bash)"
    COMP_WORDS=(tamis "$@") COMP_CWORD=$#
    _tamis
    printf '%s\n' "${COMPREPLY[@]}"
  )
}

# bats test_tags=ci
@test "completion: each script names each command and each option" {
  local shell command option
  declare -A script
  for shell in bash zsh fish; do
    script[$shell]=$'\n'$("$RUNTIME" completion $shell)
  done
  [ "$(commands_of_help | wc -l)" -ge 8 ]
  for command in '' $(commands_of_help); do
    # shellcheck disable=SC2086
    for option in $(options_of_help $command); do
      [[ ${script[bash]} =~ $'\n'[[:space:]]${command:-tamis}')'\ echo\ '"'[^$'\n']*--$option[\ '"'] ]] &&
        [[ ${script[zsh]} =~ "'"'*'?--$option=?'[' ]] &&
        [[ ${script[fish]} =~ (from ${command:-x}|use_subcommand)"'"[^$'\n']*' -l '$option' ' ]] || {
        echo "tamis $command --$option is missing in a script"
        false
      }
    done
    for shell in bash zsh fish; do
      [[ ${script[$shell]} == *"$command"* ]] || { echo "$shell: no $command"; false; }
    done
  done
}

@test "completion: bash accepts its script" {
  bash -n <("$RUNTIME" completion bash)
}

@test "completion: zsh accepts its script" {
  requires program zsh
  zsh -n <("$RUNTIME" completion zsh)
}

# Reads lines, gives each to an interactive zsh with a tab behind it, and prints what it becomes.
zsh_lines()
{
  mkdir "$T/functions" "$T/bin"
  "$RUNTIME" completion zsh >"$T/functions/_tamis"
  ln -s "$(realpath "$RUNTIME")" "$T/bin/tamis"
  cat >"$T/session" <<'END'
zmodload zsh/zpty
zpty shell "PATH=$1/bin:$PATH TERM=dumb zsh -f -i"
zpty -w shell "PS1= PS2= RPS1=; fpath=($1/functions \$fpath); autoload -Uz compinit; compinit -u -D
  setopt nobeep; show() { print -rn -- \"<<<\$BUFFER>>>\"; BUFFER=; }; zle -N show
  bindkey '^X' show; bindkey '^I' complete-word; print READY''NOW"
zpty -r shell out '*READYNOW*'
while read -r line; do
  zpty -wn shell "$line"$'\t\x18'
  zpty -r shell out '*>>>'
  out=${out##*<<<}
  print -r -- "${out%%>>>*}"
done
zpty -d shell
END
  timeout 60 zsh -f "$T/session" "$T"
}

# bats test_tags=all
@test "completion: zsh proposes commands, options, verbs of seccomp and calls" {
  requires program zsh
  zsh -fc 'zmodload zsh/zpty' || skip "zsh has no module zpty"
  run zsh_lines <<'END'
tamis exe
tamis create --pid-f
tamis --log-format js
tamis seccomp expl
tamis seccomp diff --with
tamis seccomp explain default finit_m
END
  # a blank is behind what is complete
  equals "${output// $'\n'/$'\n'}" 'tamis exec
tamis create --pid-file=
tamis --log-format json
tamis seccomp explain
tamis seccomp diff --within
tamis seccomp explain default finit_module ' lines
}

@test "completion: fish accepts its script" {
  requires program fish
  "$RUNTIME" completion fish >"$T/tamis.fish"
  HOME=$T fish -n "$T/tamis.fish"
}

@test "completion: fish proposes commands and options" {
  requires program fish
  "$RUNTIME" completion fish >"$T/tamis.fish"
  run env HOME="$T" fish -c "source $T/tamis.fish; complete -C 'tamis cr'"
  expect_output create
  run env HOME="$T" fish -c "source $T/tamis.fish; complete -C 'tamis create --pid'"
  expect_output --pid-file
}

# bats test_tags=ci
@test "completion: bash proposes commands, options, values and files" {
  run complete_words cre
  equals "$output" create "cre"
  run complete_words create --pid-
  equals "$output" --pid-file "create --pid-"
  run complete_words --log-format js
  equals "$output" json "--log-format js"
  run complete_words --log-format = js
  equals "$output" json "--log-format=js"
  run complete_words run --bundle /us
  equals "$output" /usr "run --bundle /us"
  run complete_words --root /tmp --debug ru
  equals "$output" run "a command behind options and their values"
  run complete_words exec x --no-n
  equals "$output" "" "behind the id is data"
  run complete_words update x --pids-
  equals "$output" --pids-limit "behind the id of other commands are options"
  run complete_words create x --bundle /us
  equals "$output" /usr "and their values"
  run complete_words completion z
  equals "$output" zsh "completion z"
}

# bats test_tags=ci
@test "completion: bash proposes verbs of seccomp, their options, calls, groups, constants and files" {
  cd "$T"
  touch my.json
  run complete_words --debug seccomp expl
  equals "$output" explain "a verb"
  run complete_words seccomp diff --with
  equals "$output" --within "an option"
  run complete_words seccomp show d
  equals "$output" "default
docker" "a built-in profile"
  run complete_words seccomp show my
  equals "$output" my.json "a file"
  run complete_words seccomp explain my.json --caps all finit
  equals "$output" finit_module "a call, behind an option and its value"
  run complete_words seccomp explain my.json clone fl
  equals "$output" flags= "a parameter"
  run complete_words seccomp explain my.json clone flags = "CLONE_NEWNS|CLONE_NEWUS"
  equals "$output" "CLONE_NEWNS|CLONE_NEWUSER" "a constant"
  run complete_words seccomp edit my.json --deny bpf,@modu
  equals "$output" bpf,@module "a group behind a comma"
  run complete_words seccomp edit my.json -o my
  equals "$output" my.json "the value of an option"
  run complete_words seccomp nothing x
  equals "$output" "" "no verb"
}

@test "completion: fish proposes verbs of seccomp" {
  requires program fish
  "$RUNTIME" completion fish >"$T/tamis.fish"
  run env HOME="$T" PATH="${RUNTIME%/*}:$PATH" fish -c "source $T/tamis.fish; complete -C 'tamis seccomp expl'"
  expect_output explain
}

@test "completion: bash proposes the ids of existing containers" {
  requires root
  "$RUNTIME" list --help >/dev/null 2>&1 || skip "the runtime has no list command"
  bundle
  create
  run complete_words --root "$ROOT" kill "${ID:0:3}"
  expect_line "$ID"
  run complete_words --root "$ROOT" create "${ID:0:3}"
  expect_no_line "$ID"
}

@test "completion: an unknown shell is refused and named" {
  run "$RUNTIME" completion tcsh
  expect_status 1
  expect_output tcsh
}

# bats test_tags=ci
@test "completion: the runtime accepts each proposed value of an option" {
  local option word
  for option in --log-format --cgroup-manager; do
    for word in $(complete_words $option ""); do
      "$RUNTIME" --root "$ROOT" $option "$word" list || { echo "$option $word"; false; }
    done
  done
  [[ $(complete_words --cgroup-manager "") == *systemd* ]]
  for word in $(complete_words list --format ""); do
    "$RUNTIME" --root "$ROOT" list --format "$word"
  done
  for word in $(complete_words completion ""); do
    "$RUNTIME" completion "$word" >/dev/null
  done
}
