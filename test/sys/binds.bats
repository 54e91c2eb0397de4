# SPDX-License-Identifier: Apache-2.0
# Bind mounts as seen from inside: the result of their options, compared with runc's; flags and
# propagation of the source; sources below the root.
load ../lib

# source_mount OPTIONS: mounts a shared tmpfs at $T/src and another at $T/src/sub, both with
# OPTIONS.
source_mount()
{
  mkdir -p "$T/src"
  mount -t tmpfs src "$T/src"
  unmount_later "$T/src"
  mount --make-shared "$T/src"
  mkdir "$T/src/sub"
  mount -t tmpfs sub "$T/src/sub"
  [ -z "$1" ] || {
    mount -o "remount,bind,$1" "$T/src"
    mount -o "remount,bind,$1" "$T/src/sub"
  }
}

# bind DESTINATION SOURCE [OPTION]...: adds an entry to mounts.
bind()
{
  local destination=$1 source=$2 words
  shift 2
  words=$(printf '%s\n' "$@" | jq -Rn '[inputs]')
  config '.mounts += [{"destination": $d, "source": $s, "type": "bind", "options": $o}]' \
    --arg d "$destination" --arg s "$source" --argjson o "$words"
}

# flags_of DESTINATION: prints the flags of its (last) mount in the mountinfo in $output.
flags_of()
{
  awk -v d="$1" '$5 == d { f = $6 } END { print f }' <<<"$output"
}

# sharing_of DESTINATION: prints "shared", "master", both or nothing, without the numbers.
sharing_of()
{
  awk -v d="$1" '$5 == d { s = ""; for (i = 7; $i != "-"; i++) { sub(/:.*/, "", $i); s = s " " $i } }
    END { sub(/^ /, "", s); print s }' <<<"$output"
}

# The options of runc's tables, without those that undo a recursive option: runc 1.1 drops them
# after the option that they undo, and runc 1.3 lets "rnorelatime" undo "noatime".
WORDS=(ro rw nosuid suid nodev dev noexec exec nodiratime diratime relatime norelatime noatime
  atime strictatime nostrictatime async rro rnosuid rnodev rnoexec rnodiratime rrelatime rnoatime)

random_mounts()
{
  local i k n words
  for ((i = 0; i < 40; i++)); do
    words=([$((RANDOM % 2))]=bind)
    [ $((RANDOM % 2)) = 0 ] || words=(rbind)
    for ((k = 0, n = RANDOM % 6; k < n; k++)); do
      words+=("${WORDS[RANDOM % ${#WORDS[@]}]}")
    done
    n=(private rprivate slave rslave shared rshared)
    [ $((RANDOM % 3)) != 0 ] || words+=("${n[RANDOM % 6]}")
    printf '%s\n' "${words[@]}" | jq -Rc --arg d "/tmp/$i" --arg s "$T/src" -n \
      '{destination: $d, source: $s, type: "bind", options: [inputs | select(. != "")]}'
  done | jq -cs .
}

# normal: prints place, flags and propagation (without numbers) of the mounts below /tmp.
normal()
{
  awk '$5 ~ "^/tmp/" { s = ""; for (i = 7; $i != "-"; i++) { sub(/:.*/, "", $i); s = s " " $i }
    print $5, $6, s }' | sort
}

# bats test_tags=ci
@test "options of binds: random combinations give the same result as with runc" {
  requires tamis
  requires program runc
  local seed=${TAMIS_TEST_SEED:-$RANDOM}
  RANDOM=$seed
  source_mount ""
  config '.mounts += $m' --argjson m "$(random_mounts)"
  args /bin/cat /proc/self/mountinfo
  rt run --bundle "$BUNDLE" "$ID" | normal >"$T/ours"
  runc --root "$T/runc" run --bundle "$BUNDLE" "$ID" </dev/null 3>&- | normal >"$T/theirs"
  [ -s "$T/ours" ]
  diff "$T/ours" "$T/theirs" || {
    echo "TAMIS_TEST_SEED=$seed"
    jq -c '.mounts[6:][] | [.destination, .options]' "$BUNDLE/config.json"
    false
  }
}

# Lines: options of the config; flags of the top mount if the source has no flags.
# bats test_tags=ci
@test "options of binds and tmpfs: an option that undoes changes only its own feature" {
  local words want i=0
  local -a wants=()
  mkdir "$T/dir"
  mount -t tmpfs dir "$T/dir"
  unmount_later "$T/dir"
  while read -r words want; do
    # shellcheck disable=SC2086
    bind "/tmp/b$i" "$T/dir" bind ${words//,/ }
    config '.mounts += [{"destination": $d, "source": "t", "type": "tmpfs", "options": $o}]' \
      --arg d "/tmp/t$i" --argjson o "$(jq -Rn '[inputs | split(",")[]]' <<<"$words")"
    wants+=("$words $want")
    i=$((i + 1))
  done <<'TABLE'
noatime,norelatime rw,noatime
noatime,nostrictatime rw,noatime
noatime,relatime rw,noatime
noatime,atime rw,relatime
noatime,diratime rw,noatime
nodiratime,atime rw,nodiratime,relatime
nodiratime,diratime rw,relatime
strictatime,norelatime rw
strictatime,atime rw
strictatime,nostrictatime rw,relatime
relatime,norelatime rw,relatime
ro,suid ro,relatime
nosuid,dev rw,nosuid,relatime
nosuid,nodev,exec rw,nosuid,nodev,relatime
noexec,rw rw,noexec,relatime
TABLE
  view 'cat /proc/self/mountinfo'
  expect_status 0
  for ((i = 0; i < ${#wants[@]}; i++)); do
    equals "$(flags_of "/tmp/b$i")" "${wants[i]#* }" "bind ${wants[i]% *}"
    equals "$(flags_of "/tmp/t$i")" "${wants[i]#* }" "tmpfs ${wants[i]% *}"
  done
}

# bats test_tags=ci
@test "flags of the source: kept at the top unless the config has options; kept below" {
  unlike runc "1.1.5 lets rw clear nothing"
  source_mount ro,nosuid,nodev,noexec,noatime
  bind /tmp/none "$T/src" rbind rprivate
  bind /tmp/rw "$T/src" rbind rw
  bind /tmp/ro "$T/src" rbind ro
  bind /tmp/exec "$T/src" bind exec
  bind /tmp/nodev "$T/src" bind nodev
  bind /tmp/atime "$T/src" bind atime
  bind /tmp/rexec "$T/src" rbind rexec
  view 'cat /proc/self/mountinfo'
  expect_status 0
  equals "$(flags_of /tmp/none)" ro,nosuid,nodev,noexec,noatime "no word"
  equals "$(flags_of /tmp/rw)" rw,noatime rw
  equals "$(flags_of /tmp/rw/sub)" ro,nosuid,nodev,noexec,noatime "below rw"
  equals "$(flags_of /tmp/ro)" ro,noatime ro
  equals "$(flags_of /tmp/exec)" rw,noatime exec
  equals "$(flags_of /tmp/nodev)" rw,nodev,noatime nodev
  [ $KIND = tamis ] || return 0 # runc always keeps the source's atime options
  equals "$(flags_of /tmp/atime)" rw,relatime atime
  equals "$(flags_of /tmp/rexec)" ro,nosuid,nodev,noatime rexec
  equals "$(flags_of /tmp/rexec/sub)" ro,nosuid,nodev,noatime "below rexec"
}

# bats test_tags=ci
@test "flags of the source with a user namespace: kept unless an option contradicts them" {
  requires tamis
  source_mount nosuid,nodev,noexec
  config '.linux.namespaces += [{"type": "user"}] |
    .linux.uidMappings = [{"containerID": 0, "hostID": 0, "size": 10000}] |
    .linux.gidMappings = .linux.uidMappings'
  bind /tmp/rw "$T/src" rbind rw
  bind /tmp/exec "$T/src" bind exec
  view 'cat /proc/self/mountinfo'
  expect_status 0
  equals "$(flags_of /tmp/rw)" rw,nosuid,nodev,noexec,relatime rw
  equals "$(flags_of /tmp/exec)" rw,nosuid,nodev,relatime exec
}

@test "locked flags: an option that contradicts one is refused, the other flags are kept" {
  requires tamis
  source_mount nosuid,nodev,noexec
  bind /tmp/rw "$T/src" rbind rw
  config '.process.args = ["/bin/cat", "/proc/self/mountinfo"] |
    .mounts |= map(select(.type != "devpts"))'
  cat >"$T/locked" <<'SCRIPT'
"$RUNTIME" --root "$1/inner" --cgroup-manager=disabled run --bundle "$2" inner
SCRIPT
  run unshare --user --map-root-user --mount-proc --pid --fork --propagation private \
    sh "$T/locked" "$T" "$BUNDLE" </dev/null
  expect_status 0
  equals "$(flags_of /tmp/rw)" rw,nosuid,nodev,noexec,relatime "in a user namespace"
  config '.mounts[-1].options += ["exec"]'
  run unshare --user --map-root-user --mount-proc --pid --fork --propagation private \
    sh "$T/locked" "$T" "$BUNDLE" </dev/null
  expect_status 1
  expect_output '/tmp/rw: option "exec" cannot be set, because the host has locked its opposite on the source'
}

@test "later mounts of the host do not appear in the root, unless the config requests it" {
  unlike runc "1.1.5 lets them in; 1.3 does not"
  mount --bind "$ROOTFS" "$ROOTFS"
  unmount_later "$ROOTFS"
  mount --make-shared "$ROOTFS"
  view 'cat /proc/self/mountinfo'
  equals "$(sharing_of /)" "" "without rootfsPropagation"
  config '.linux.rootfsPropagation = "shared"'
  view 'cat /proc/self/mountinfo'
  equals "$(sharing_of /)" shared shared
  [ $KIND = tamis ] || return 0
  config '.linux.rootfsPropagation = "rslave"'
  view 'cat /proc/self/mountinfo'
  equals "$(sharing_of /)" master rslave
}

@test "a shared bind propagates to the host only with a shared root" {
  unlike crun "1.8.1 makes it private"
  source_mount ""
  bind /tmp/s "$T/src" rbind rshared
  view 'cat /proc/self/mountinfo'
  equals "$(sharing_of /tmp/s)" "shared master" "without rootfsPropagation"
  config '.linux.rootfsPropagation = "rshared"'
  view 'cat /proc/self/mountinfo'
  equals "$(sharing_of /tmp/s)" shared "with a shared root"
  config 'del(.linux.rootfsPropagation) | .mounts[-1].options = ["rbind", "rslave", "private"]'
  view 'cat /proc/self/mountinfo'
  equals "$(sharing_of /tmp/s)/$(sharing_of /tmp/s/sub)" /master "several words, in their order"
}

# bats test_tags=ci
@test "a source below the root contains the earlier mounts" {
  mkdir -p "$ROOTFS/data/old" "$T/vol/sub"
  echo vol >"$T/vol/sub/f"
  bind /data "$T/vol" bind
  bind /tmp/a "$ROOTFS/data/sub" bind ro
  bind /tmp/b "$BUNDLE/./rootfs//data/sub/f" bind
  config '.mounts += [{"destination": "/var", "type": "bind", "source": "rootfs/tmp/a",
    "options": ["rbind"]}]'
  view 'cat /tmp/a/f /tmp/b /var/f; cat /proc/self/mountinfo'
  expect_status 0
  equals "$(grep -cx vol <<<"$output")" 3 "contents"
  [[ $(flags_of /tmp/a) == ro,* ]]
  [ $KIND = tamis ] || return 0
  # also by another path to the root
  ln -s rootfs "$BUNDLE/link"
  config '.root.path = "link" | .mounts[-1].source = "link/data/sub"'
  view 'cat /var/f'
  expect_line vol
}

@test "a source below the root: symbolic links in it lead to nothing of the host" {
  requires tamis
  echo secret >"$T/secret"
  ln -s "$T/secret" "$ROOTFS/link"
  ln -s ../../../../../../../../etc/passwd "$ROOTFS/up"
  bind /tmp/x "$ROOTFS/link" bind
  refused "bind source $ROOTFS/link: no such file or directory"
  config '.mounts[-1].source = $s' --arg s "$ROOTFS/up"
  view 'cat /tmp/x'
  equals "$output" root:x:0:0:root:/root:/bin/sh "the image's file"
  config '.mounts[-1].source = $s' --arg s "$ROOTFS/nowhere"
  refused "no such file or directory"
}

@test "options that engines leave on binds have no effect: z Z U copy nocopy, idmap without maps" {
  unlike crun "1.8.1 wants a user namespace for idmap"
  mkdir "$T/dir"
  echo in >"$T/dir/f"
  bind /tmp/a "$T/dir" rbind z Z U copy nocopy idmap ridmap ""
  view 'cat /tmp/a/f'
  expect_line in
}

# bats test_tags=ci
@test "copy-symlink: a source that is a symbolic link is copied, another one is bound" {
  unlike runc "knows no copy-symlink"
  mkdir "$T/dir"
  echo in >"$T/dir/f"
  ln -s ../usr/share/zoneinfo/Etc/UTC "$T/dir/localtime"
  config '.root.readonly = false'
  bind /etc/new/localtime "$T/dir/localtime" bind copy-symlink
  bind /tmp/f "$T/dir/f" bind copy-symlink
  view 'readlink /etc/new/localtime; cat /tmp/f'
  expect_line ../usr/share/zoneinfo/Etc/UTC
  expect_line in
  view 'readlink /etc/new/localtime' # the link exists already, with the same target
  expect_line ../usr/share/zoneinfo/Etc/UTC
  ln -sfn elsewhere "$ROOTFS/etc/new/localtime"
  refused
  [ $KIND = tamis ] || return 0
  expect_output "found another file, expected a link to ../usr/share/zoneinfo/Etc/UTC"
}
