# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Podman as an engine of podman.bats and of `same`: engine_missing, engine_start, engine_clean,
# engine_stop, and E, which calls it with the runtime $WITH (default: $NAME).
IMAGE=localhost/tamis-test:latest
CONTAINER_CGROUPS=libpod-*
export DENIED=ENOSYS REMOVE=(rm -f -t 0)

# Runs in its own directory, because conmon makes a file "oom" there when memory runs out.
E()
{
	CONTAINERS_CONF=$W/config/containers.conf XDG_RUNTIME_DIR='' timeout --foreground 60 env -C "$W" podman \
		--root "$W/root" --runroot "$W/runroot" --tmpdir "$W/tmp" --cgroup-manager "$DRIVER" \
		--events-backend file --runtime "${WITH:-$NAME}" "$@" 3>&-
}

# engine_missing: prints the reason why Podman cannot run on this host, or nothing.
engine_missing()
{
	local name
	[ "$(id -u)" = 0 ] || echo 'needs root'
	for name in podman conmon; do
		command -v $name >/dev/null || echo "$name is not installed"
	done
}

# engine_start [NAME=PATH]...: configures these runtimes; the first is the default.
engine_start()
{
	local word
	world
	{
		# explicit limits: the defaults need CAP_SYS_RESOURCE, which root may lack. Soft and
		# hard limits are equal, because kube play confuses them.
		cat <<-END
			[containers]
			default_ulimits = ["nofile=20000:20000", "nproc=10000:10000"]
			init_path = "$(command -v docker-init tini-static catatonit | head -n1)"
			log_driver = "k8s-file"
			[engine]
			runtime_supports_json = [$(printf '"%s",' "${@%%=*}")]
			runtime_supports_nocgroup = ["crun", "tamis"]
			hooks_dir = ["$W/hooks.d"]
			infra_image = "localhost/infra:latest"
			[engine.runtimes]
		END
		for word; do
			echo "${word%%=*} = [\"${word#*=}\"]"
		done
	} >"$W/config/containers.conf"
	mkdir "$W/hooks.d"
	E import "$W/image.tar" "${IMAGE#*/}" >/dev/null 2>&1
	# the pause image of Podman's pods needs catatonit
	E import --change 'ENTRYPOINT ["/bin/sleep", "1000"]' "$W/image.tar" infra:latest >/dev/null 2>&1
}

# A container is removed after those that depend on it.
engine_clean()
{
	local i
	for i in 1 2 3; do
		E pod rm -fa -t 0 >/dev/null 2>&1
		E rm -fa -t 0 >/dev/null 2>&1 && return
	done
}

engine_stop()
{
	[ -n "$W" ] || return 0
	engine_clean
	world_end
}

# Podman's classes of errors are compared, but not the runtime's messages.
WORDS=(-E
	-e 's/^(! )?Error: (RUNTIME: )?(.*RUNTIME.*|container set-up: .*|program: .*): (OCI [^:]*)$/\1Error: CAUSE: \4/'
	-e 's/^! Error: OCI runtime error: RUNTIME: .*/! Error: OCI runtime error: CAUSE/'
	-e '/Failed to remove cgroup \(will retry\)/d' # runc, while processes still exit
	-e 's#/var/tmp/podman[0-9]+#TEMPORARY#'
	-e 's#^container_uuid=.*#container_uuid=UUID#')

# The members of `inspect` that `same` compares, without those that differ in every container (jq).
TABLES=(common podman)
VIEW='.[] | del(.Created, .ResolvConfPath, .HostnamePath, .HostsPath, .StaticDir, .OCIConfigPath,
	.PidFile, .ConmonPidFile, .GraphDriver, .NetworkSettings, .State.Pid, .State.ConmonPid,
	.State.StartedAt, .State.FinishedAt, .State.PidFile, .State.CheckpointedAt,
	.State.RestoredAt, .Config.CreateCommand, .LockNumber)'
