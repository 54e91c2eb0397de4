# SPDX-License-Identifier: Apache-2.0
# Runs the commands of README on a host with systemd as PID 1 and a running engine with existing
# settings and containers. tamis is installed by `make install`.
load ../lib

setup()
{
  [ "$DRIVER" = systemd ] || skip "needs systemd as PID 1"
  requires v2
  bundle
  mkdir "$T/bin"
  printf '#!/bin/sh\nexec "$@"\n' >"$T/bin/sudo"
  chmod 755 "$T/bin/sudo"
  export PATH=$T/bin:$PATH
}

@test "README: Docker's steps, with an existing runtime and a running container of runc" {
  requires program dockerd
  # settings for this machine, which has no iptables and no file system for overlays
  mkdir -p /etc/docker
  echo '{"iptables": false, "ip6tables": false, "bridge": "none", "storage-driver": "vfs",
    "data-root": "/tmp/docker", "runtimes": {"other": {"path": "/usr/sbin/runc"}}}' >/etc/docker/daemon.json
  sed -e 's/^\[Unit\]/&\nDefaultDependencies=no/' -e '/^\(After\|Wants\|Requires\)=/d' \
    -e "s#^ExecStart=.*#ExecStart=/usr/sbin/dockerd\\nStandardError=append:$T/log#" \
    /lib/systemd/system/docker.service >/etc/systemd/system/docker.service
  systemctl daemon-reload
  systemctl start docker || {
    tail -n 20 "$T/log"
    return 1
  }
  tar -C "$ROOTFS" -c . | docker import - alpine
  docker run -d --name before alpine sleep 1000
  pasted README daemon.json >"$T/command"
  run sh "$T/command"
  expect_status 0
  expect_line 'Seccomp:.2'
  equals "$(docker info --format '{{.CgroupDriver}} {{.CgroupVersion}} {{.DefaultRuntime}}')" 'systemd 2 runc' info
  run docker inspect --format '{{.State.Status}} {{.HostConfig.Runtime}}' before
  equals "$output" 'running runc' 'the container that ran'
  run docker run --rm --runtime other alpine echo 'the other runtime'
  expect_line 'the other runtime'
  run docker run --rm --runtime tamis --memory 64m alpine cat /sys/fs/cgroup/memory.max
  expect_line 67108864
  docker rm -f before
  systemctl stop docker
}

@test "README: Podman's steps, with the program's path and with its name" {
  requires program podman
  mkdir -p /etc/containers/containers.conf.d
  printf '[containers]\nnetns = "none"\n' >/etc/containers/containers.conf.d/10-host.conf
  printf '[storage]\ndriver = "vfs"\ngraphroot = "/tmp/podman"\nrunroot = "/run/podman-test"\n' >"$T/storage.conf"
  export CONTAINERS_STORAGE_CONF=$T/storage.conf
  tar -C "$ROOTFS" -c . | podman import - docker.io/library/alpine
  pasted README 'podman --runtime' >"$T/command"
  run sh -e "$T/command"
  expect_status 0
  expect_line 'Seccomp:.2'
  expect_output 'uid=0'
  pasted README containers.conf.d >"$T/command"
  sh -e "$T/command"
  equals "$(podman info --format '{{.Host.CgroupsVersion}} {{.Host.CgroupManager}}')" 'v2 systemd' cgroups
  run podman --runtime tamis run --rm --memory 64m docker.io/library/alpine cat /sys/fs/cgroup/memory.max
  expect_status 0
  expect_line 67108864
  run podman info --format '{{.Host.OCIRuntime.Name}}'
  expect_no_line tamis
}
