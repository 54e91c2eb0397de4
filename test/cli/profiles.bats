# SPDX-License-Identifier: Apache-2.0
# The commands of doc/profiles.md and the examples of tamis-seccomp(8), as they are written.
load ../lib
load tutorial

# bats test_tags=ci
@test "the tutorial: its commands print what it says" {
  tutorial profiles.md 15
}

# bats test_tags=ci
@test "tamis-seccomp(8): its examples run" {
  local line lines n=0
  cd "$T"
  mkdir -p bundle/rootfs/bin
  cp "$(command -v busybox)" bundle/rootfs/bin/sh
  tamis spec --bundle bundle
  sed -i 's/"terminal": true/"terminal": false/' bundle/config.json
  IDS=(web)
  tamis create --bundle bundle web </dev/null >out 2>&1 || { cat out; return 1; }
  cp bundle/config.json .
  tamis seccomp show --as oci docker >docker.json
  tamis seccomp edit --deny ptrace -o profile.json docker.json >out 2>&1
  tamis seccomp show --as bpf default >filter.bpf
  echo 'mkdir: allow' >web.expect
  printf 'check:\n\ttrue\n' >Makefile
  cat >deployment.yaml <<'EOF'
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  template:
    spec:
      securityContext: { seccompProfile: { type: RuntimeDefault } }
      containers: [{ name: web, image: web }]
EOF
  mapfile -t lines < <(sed -n '/^\.Sh EXAMPLES/,/^\.Sh SEE/s/^\.Dl //p' "$TAMIS_SRCDIR/doc/tamis-seccomp.8")
  for line in "${lines[@]}"; do
    eval "$line" >out 2>&1 || [ $? = 1 ] || { echo "$line:"; cat out; return 1; }
    [ -s out ] || [[ $line == *" -o "* ]] || { echo "$line: prints nothing"; return 1; }
    n=$((n + 1))
  done
  [ $n -ge 10 ]
}
