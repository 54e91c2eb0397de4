# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Docker as an engine of docker*.bats and of `same`: engine_missing, engine_start, engine_clean,
# engine_stop, and E, which calls it with the runtime $WITH (default: the daemon's default). dockerd
# starts its own containerd, whose shim calls the runtime.
IMAGE=tamis-test:latest
export DENIED=EPERM REMOVE=(rm -f)

E()
{
	local docker=/usr/bin/docker # from the daemon's package; PATH may have another one
	[ -x $docker ] || docker=docker
	case "${WITH:-} $1" in
	?*\ run | ?*\ create) set -- "$1" --runtime "$WITH-test" "${@:2}" ;;
	?*\ build) default_runtime "$WITH-test" ;;
	esac
	DOCKER_CONFIG=$W/config DOCKER_BUILDKIT=${BUILDKIT:-0} timeout --foreground 60 $docker \
		-H "unix://$W/docker.sock" "$@" 3>&-
}

# default_runtime NAME: sets the runtime of `build`, which has no option for it.
default_runtime()
{
	jq --arg r "$1" '."default-runtime" = $r' "$W/config/daemon.json" >"$W/config/new.json"
	mv "$W/config/new.json" "$W/config/daemon.json"
	kill -HUP "$DAEMON"
	until_true 5 eval "[ \"\$(E info --format '{{.DefaultRuntime}}')\" = $1 ]"
}

# engine_missing: prints the reason why Docker cannot run on this host, or nothing.
engine_missing()
{
	local name
	[ "$(id -u)" = 0 ] || echo 'needs root'
	for name in dockerd containerd docker jq; do
		command -v $name >/dev/null || echo "$name is not installed"
	done
}

# engine_start [NAME=PATH]...: starts Docker with these runtimes; the first is its default.
engine_start()
{
	local word
	world
	for word; do
		jq -n --arg n "${word%%=*}-test" --arg p "${word#*=}" '{($n): {path: $p}}'
	done | jq -s --arg d "${1%%=*}-test" '{runtimes: add, "default-runtime": $d}' \
		>"$W/config/daemon.json"
	RUNTIMES=(--config-file "$W/config/daemon.json")
	daemon_start && E import "$W/image.tar" tamis-test:latest >/dev/null
}

# daemon_start OPTION...: starts dockerd with RUNTIMES and the options; DAEMON is its pid.
daemon_start()
{
	alone dockerd --iptables=false --ip6tables=false --bridge=none --data-root "$W/data" \
		--exec-root "$W/exec" --pidfile "$W/pid" -H "unix://$W/docker.sock" \
		--cgroup-parent "$CGROUP_PARENT" "${RUNTIMES[@]}" "$@" \
		>>"$W/dockerd.log" 2>&1 3>&- </dev/null &
	export DAEMON=$!
	until_true 20 E version || {
		tail -n 5 "$W/dockerd.log"
		return 1
	}
}

engine_clean()
{
	local all
	all=$(E ps -aq)
	# shellcheck disable=SC2086
	[ -z "$all" ] || E rm -f $all >/dev/null 2>&1
}

engine_stop()
{
	[ -n "$W" ] || return 0
	engine_clean
	[ -z "${TAMIS_TEST_KEEP:-}" ] || cp "$W/dockerd.log" "$TAMIS_TEST_KEEP/"
	stop_daemon "${DAEMON:-}"
	world_end
}

# Docker's classes of errors, which its exit codes show, are compared, but not the runtime's
# messages.
WORDS=(-e 's/(OCI runtime [a-z]+ failed: ).*(: unknown(\.|$))/\1CAUSE\2/'
	# output that varies by chance: a race in the client, the order of a map, names of layers
	-e '/error waiting for container: context canceled/d' -e '/failed to resize tty/d'
	-e 's/(network endpoints: ).*/\1.../' -e 's#/l/[A-Z0-9]{26}#/l/LAYER#g')

# Debian's crun has messages that Docker does not recognize, and cannot update memory limits on this
# kernel, so only runc is compared.
OTHERS=(runc)
# Docker requests capabilities that root of this host may lack, which runc then refuses.
ASKS_FOR_ALL=1

# The members of `inspect` that `same` compares, without those that differ in every container (jq).
TABLES=(common docker)
VIEW='.[] | del(.Created, .ResolvConfPath, .HostnamePath, .HostsPath, .LogPath, .GraphDriver,
	.NetworkSettings, .State.Pid, .State.StartedAt, .State.FinishedAt)'
