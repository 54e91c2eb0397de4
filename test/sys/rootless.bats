# SPDX-License-Identifier: Apache-2.0
# An ordinary user: maps by newuidmap(1) and newgidmap(1), with and without a cgroup of one's
# own. The user is one of this mount namespace: what is in /etc is copied and covered.
load ../lib

USERID=5555 FIRST=300000

setup_file()
{
  [ "$(id -u)" = 0 ] || return 0
  local file
  for file in passwd group subuid subgid; do
    cp "/etc/$file" "$BATS_FILE_TMPDIR/$file" 2>/dev/null || : >"$BATS_FILE_TMPDIR/$file"
    chmod 644 "$BATS_FILE_TMPDIR/$file"
  done
  echo "ordinary:x:$USERID:$USERID::/nonexistent:/bin/sh" >>"$BATS_FILE_TMPDIR/passwd"
  echo "ordinary:x:$USERID:" >>"$BATS_FILE_TMPDIR/group"
  echo "ordinary:$FIRST:65536" | tee -a "$BATS_FILE_TMPDIR/subgid" >>"$BATS_FILE_TMPDIR/subuid"
  for file in passwd group subuid subgid; do
    [ -e "/etc/$file" ] || skip "this machine has no /etc/$file"
    mount --bind "$BATS_FILE_TMPDIR/$file" "/etc/$file"
  done
}

teardown_file()
{
  [ "$(id -u)" = 0 ] || return 0
  umount /etc/passwd /etc/group /etc/subuid /etc/subgid
}

# From here on $RUNTIME is run by the user.
setup()
{
  requires root
  requires program newuidmap
  requires program setpriv
  bundle
  chmod 755 "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR" "$BATS_FILE_TMPDIR/.." "$T/.." "$T"
  cat >"$T/as-user" <<END
#!/bin/sh
exec setpriv --reuid $USERID --regid $USERID --init-groups env -i PATH=/usr/bin:/bin \
  TAMIS_TEST_MARK=$MARK XDG_RUNTIME_DIR=$T/run "\$@"
END
  printf '#!/bin/sh\nexec "%s/as-user" "%s" "$@"\n' "$T" "$RUNTIME" >"$T/rt"
  chmod 755 "$T/as-user" "$T/rt"
  RUNTIME=$T/rt
  mkdir -p "$T/run" "$ROOT"
  rm -rf "$ROOTFS"
  cp -a "$BATS_RUN_TMPDIR/image" "$ROOTFS"
  config 'del(.linux.cgroupsPath) | .linux.namespaces += [{"type": "user"}, {"type": "cgroup"}]'
  chown -R $USERID:$USERID "$T/b" "$T/run" "$ROOT"
  chown $USERID "$T"
  maps '0 5555 1, 1 300000 65535' '0 5555 1, 1 300000 65535'
}

teardown()
{
  clean
}

# maps UIDS GIDS: "CONTAINER HOST SIZE, ..."
maps()
{
  config 'def list: split(", ") | map(split(" ") | map(tonumber) |
      {containerID: .[0], hostID: .[1], size: .[2]});
    .linux.uidMappings = ($u | list) | .linux.gidMappings = ($g | list)' --arg u "$1" --arg g "$2"
}

# The own id and nothing else.
one_id()
{
  maps '0 5555 1' '0 5555 1'
  config '.mounts |= map(if .options then .options -= ["gid=5"] else . end)'
}

@test "several ranges, by newuidmap and newgidmap" {
  view 'cat /proc/self/uid_map /proc/self/gid_map /proc/self/setgroups; id -u; touch /tmp/x 2>&1
    grep -E "Seccomp|NoNew" /proc/self/status'
  expect_status 0
  equals "$(grep -cE '^ +0 +5555 +1$' <<<"$output")" 2 'own id'
  equals "$(grep -cE '^ +1 +300000 +65535$' <<<"$output")" 2 'range'
  expect_line allow
  expect_line 0
}

@test "another user, groups" {
  config '.process.user = {"uid": 1000, "gid": 1000, "additionalGids": [7, 100]}'
  view 'payload uids; id -G'
  expect_status 0
  expect_line 'uid 1000 1000 1000 gid 1000 1000 1000'
  expect_line '1000 7 100'
}

@test "one id: without newuidmap, setgroups denied" {
  one_id
  view 'cat /proc/self/uid_map /proc/self/setgroups; id -u'
  expect_status 0
  expect_line ' +0 +5555 +1'
  expect_line deny
}

@test "create, start, state, exec, pause, kill, delete" {
  script 'sleep 100'
  create
  equals "$(stat -c %u "/proc/$PID")" $USERID owner
  equals "$(state_of)" created status
  start
  run rt exec "$ID" /bin/sh -c 'id -u; cat /proc/self/uid_map'
  expect_status 0
  expect_line ' +1 +300000 +65535'
  run rt exec --user 1000:1000 "$ID" /bin/sh -c 'payload uids; exit 3'
  expect_status 3
  expect_line 'uid 1000 1000 1000 gid 1000 1000 1000'
  run rt ps "$ID"
  expect_status 0
  run rt pause "$ID"
  echo "$output"
  rt kill "$ID" KILL
  wait_status stopped
  rt delete "$ID"
}

