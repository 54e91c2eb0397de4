# SPDX-License-Identifier: Apache-2.0
# dist/: the programs that read the examples accept them, and the examples agree.
load ../lib

setup()
{
  requires tamis
  D=$TAMIS_SRCDIR/dist
  bundle
}

# parsed EXPRESSION FILE: prints the expression in Python, with the parsed file as d.
parsed()
{
  python3 -c '
import sys
name = sys.argv[2]
if name.endswith(".yaml"):
    import yaml
    d = yaml.safe_load(open(name))
else:
    try:
        import tomllib
    except ImportError:
        import tomli as tomllib
    d = tomllib.load(open(name, "rb"))
print(eval(sys.argv[1]))' "$1" "$2"
}

has_python()
{
  python3 -c "import $1" 2>/dev/null || skip "python3 has no module $1"
}

# bats test_tags=ci
@test "examples: dist/README.md, EXTRA_DIST and the directory list the same files" {
  local file
  while read -r file; do
    grep -qF "\`$file\`" "$D/README.md" || { echo "dist/README.md does not list $file"; false; }
    grep -qF "	$file" "$D/local.mk" || { echo "local.mk does not install $file"; false; }
  done < <(cd "$D" && find containerd crio docker kubernetes podman systemd -type f)
  while read -r file; do
    [ -f "$D/$file" ] || { echo "dist/README.md lists $file, which does not exist"; false; }
  done < <(sed -n 's/^| `\([^`]*\)`.*/\1/p' "$D/README.md")
}

@test "examples: JSON is valid, and Docker's names only the program" {
  local file
  for file in "$D"/*/*.json; do jq -e . "$file" >/dev/null; done
  equals "$(jq -c . "$D/docker/daemon.json")" '{"runtimes":{"tamis":{"path":"/usr/bin/tamis"}}}' \
    daemon.json
}

# bats test_tags=ci
@test "examples: containerd 1.x and 2.x are valid TOML" {
  has_python tomllib
  run parsed 'd["version"], d["plugins"]["io.containerd.grpc.v1.cri"]["containerd"]["runtimes"]["tamis"]["options"]["BinaryName"]' \
    "$D/containerd/1.x-config.toml"
  equals "$output" "(2, '/usr/bin/tamis')" 1.x
  run parsed 'd["version"], d["plugins"]["io.containerd.cri.v1.runtime"]["containerd"]["runtimes"]["tamis"]["options"]["BinaryName"]' \
    "$D/containerd/2.x-tamis.toml"
  equals "$output" "(3, '/usr/bin/tamis')" 2.x
}

# bats test_tags=all
@test "examples: containerd accepts the file of its version" {
  requires program containerd
  local file
  case $(containerd --version) in
  *" 1."* | *" v1."*) file=1.x-config.toml ;;
  *) file=2.x-tamis.toml ;;
  esac
  run containerd --config "$D/containerd/$file" config dump
  expect_status 0
  expect_output 'runtimes.tamis'
  expect_output 'BinaryName = "/usr/bin/tamis"'
}

# bats test_tags=ci
@test "examples: CRI-O's and Podman's are valid TOML" {
  has_python tomllib
  run parsed 'd["crio"]["runtime"]["runtimes"]["tamis"]["runtime_path"]' \
    "$D/crio/50-tamis.conf"
  equals "$output" "/usr/bin/tamis" crio
  run parsed '"tamis" in d["engine"]["runtime_supports_json"], "tamis" in d["engine"]["runtime_supports_nocgroup"], d["engine"]["runtimes"]["tamis"][0]' \
    "$D/podman/50-tamis.conf"
  equals "$output" "(True, True, '/usr/bin/tamis')" podman
}

# bats test_tags=all
@test "examples: Podman accepts its file and finds tamis; the default runtime is unchanged" {
  requires root
  requires program podman
  local P=(podman --cgroup-manager cgroupfs --root "$T/root" --runroot "$T/run" --storage-driver vfs)
  local info='{{.Host.OCIRuntime.Name}} {{.Host.OCIRuntime.Path}}'
  sed "s#/usr/bin/tamis#$RUNTIME#" "$D/podman/50-tamis.conf" >"$T/containers.conf"
  grep -qF "$RUNTIME" "$T/containers.conf"
  run env CONTAINERS_CONF="$T/containers.conf" "${P[@]}" --runtime tamis info --format "$info"
  expect_line "tamis $RUNTIME"
  run env CONTAINERS_CONF="$T/containers.conf" "${P[@]}" info --format "$info"
  equals "$output" "$(env CONTAINERS_CONF=/dev/null "${P[@]}" info --format "$info")" default
}

# bats test_tags=ci
@test "examples: the pods' RuntimeClass and its handler agree with those of the engines" {
  has_python yaml
  run parsed 'd["kind"], d["apiVersion"], d["metadata"]["name"], d["handler"]' \
    "$D/kubernetes/runtimeclass.yaml"
  equals "$output" "('RuntimeClass', 'node.k8s.io/v1', 'tamis', 'tamis')" RuntimeClass
  run parsed 'd["spec"]["runtimeClassName"], d["spec"]["securityContext"]["seccompProfile"]' \
    "$D/kubernetes/pod-runtimedefault.yaml"
  equals "$output" "('tamis', {'type': 'RuntimeDefault'})" RuntimeDefault
  run parsed 'd["spec"]["runtimeClassName"], d["spec"]["securityContext"]["seccompProfile"]["type"], d["spec"]["securityContext"]["seccompProfile"]["localhostProfile"]' \
    "$D/kubernetes/pod-localhost.yaml"
  equals "$output" "('tamis', 'Localhost', 'profiles/profile-small.json')" Localhost
}

@test "examples: the small profile allows the pod's command and denies mkdir" {
  requires root
  config '.linux.seccomp = $p[0] | .process.noNewPrivileges = true' \
    --slurpfile p "$D/kubernetes/profile-small.json"
  script "$(sed -n 's/.*command: \["sh", "-c", "\(.*\)"\]/\1/p' "$D/kubernetes/pod-localhost.yaml")"
  run rt run --bundle "$BUNDLE" "$ID"
  expect_status 0
  expect_line 'Seccomp:	2'
  expect_output 'Operation not permitted'
}

# bats test_tags=all
@test "examples: make install installs all files and replaces the paths in them" {
  requires program make
  run make -s -C "$TAMIS_BUILDDIR" install DESTDIR="$T/dest"
  expect_status 0
  local prefix file systemd
  prefix=$(sed -n 's/^prefix = //p' "$TAMIS_BUILDDIR/Makefile")
  systemd=$(sed -n 's/^SYSTEMD_PROGRAM = //p' "$TAMIS_BUILDDIR/Makefile")
  for file in bin/tamis ${systemd:+libexec/tamis-systemd} share/man/man8/tamis.8 \
    share/man/man7/tamis-seccomp.7 share/bash-completion/completions/tamis \
    share/zsh/site-functions/_tamis share/fish/vendor_completions.d/tamis.fish \
    share/doc/tamis/examples/docker/daemon.json share/doc/tamis/examples/README.md; do
    [ -s "$T/dest$prefix/$file" ] || { echo "$file is missing"; false; }
  done
  equals "$("$T/dest$prefix/bin/tamis" --version)" "$("$RUNTIME" --version)" version
  equals "$(jq -r .runtimes.tamis.path "$T/dest$prefix/share/doc/tamis/examples/docker/daemon.json")" \
    "$prefix/bin/tamis" daemon.json
  [ "$prefix" = /usr ] || {
    run grep -rnE '/usr/(bin/tamis|share/doc)' "$T/dest$prefix/share/doc/tamis/examples"
    equals "$output" '' 'places of the package'
  }
}

@test "examples: the units of tamis-agent are valid, and use the socket that the others name" {
  requires program systemd-analyze
  sed "s#/usr/libexec/tamis/tamis-agent#$TAMIS_BUILDDIR/tamis-agent#; /^Documentation=/d" \
    "$D/systemd/tamis-agent.service" >"$T/tamis-agent.service"
  sed '/^Documentation=/d' "$D/systemd/tamis-agent.socket" >"$T/tamis-agent.socket"
  run systemd-analyze verify "$T/tamis-agent.service" "$T/tamis-agent.socket"
  equals "$output" "" "what systemd-analyze says"
  local socket
  socket=$(sed -n 's/^ListenStream=//p' "$D/systemd/tamis-agent.socket")
  grep -q "\"$socket\"" "$D/podman/70-tamis-explain.json"
  "$TAMIS_BUILDDIR/tamis-agent" --help | grep -q -- --metrics
}
