# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# containerd, for ctr.bats, cri.bats and `same`: engine_missing, engine_start, engine_stop, and C,
# which calls it by ctr. The daemon has a network namespace without devices. Pods use that namespace
# as the host's, so that no CNI plugin is needed.
IMAGE=localhost/tamis-test:latest

C()
{
	timeout --foreground --kill-after=5 60 ctr --address "$W/containerd.sock" "$@" 3>&-
}

# Makes an image in the format of `docker save`.
archive()
{
	local digest
	mkdir -p "$W/archive"
	mv "$W/image.tar" "$W/archive/layer.tar"
	digest=$(sha256sum "$W/archive/layer.tar" | cut -d' ' -f1)
	jq -n --arg d "sha256:$digest" --arg a "$(dpkg --print-architecture)" \
		'{architecture: $a, os: "linux", config: {Cmd: ["/bin/sleep", "1000"]},
		rootfs: {type: "layers", diff_ids: [$d]}}' >"$W/archive/config.json"
	jq -n --arg i $IMAGE '[{Config: "config.json", RepoTags: [$i], Layers: ["layer.tar"]}]' \
		>"$W/archive/manifest.json"
	tar -C "$W/archive" -cf "$W/image.tar" manifest.json config.json layer.tar
}

# engine_missing: prints the reason why containerd cannot run on this host, or nothing.
engine_missing()
{
	local name
	[ "$(id -u)" = 0 ] || echo 'needs root'
	for name in containerd ctr jq; do
		command -v $name >/dev/null || echo "$name is not installed"
	done
}

# handler_config PATH: the configuration in dist/ for this version of containerd, with that path of
# the program: appended to config.toml for containerd 1.x, as an imported file for 2.x.
handler_config()
{
	local file=2.x-tamis.toml systemd=false
	[ "$DRIVER" != systemd ] || systemd=true
	case $(containerd --version) in
	*' 1.'* | *' v1.'*) file=1.x-config.toml ;;
	esac
	sed -e "s#/usr/bin/tamis#$1#" -e "s#SystemdCgroup = true#SystemdCgroup = $systemd#" \
		"$TAMIS_SRCDIR/dist/containerd/$file" >"$W/config/tamis.toml"
	if [ $file = 1.x-config.toml ]; then
		grep -v '^version' "$W/config/tamis.toml" >>"$W/config/containerd.toml"
	else # containerd ignores the settings if the versions of both files differ
		containerd --config "$W/config/containerd.toml" config migrate >"$W/config/new.toml"
		mv "$W/config/new.toml" "$W/config/containerd.toml"
		sed -i -e '/^imports/d' "$W/config/containerd.toml"
		sed -i "1i imports = ['$W/config/tamis.toml']" "$W/config/containerd.toml"
	fi
}

# engine_start [NAME=PATH]...: starts containerd with these runtimes; the first is CRI's default.
engine_start()
{
	local word
	world
	archive
	mkdir "$W"/{bin,path}
	chmod 711 "$W" # for root of another user namespace
	ln -s "${1#*=}" "$W/path/runc"
	for word; do
		ln -s "${word#*=}" "$W/bin/${word%%=*}"
	done
	cat >"$W/config/containerd.toml" <<-END
		version = 2
		root = "$W/root"
		state = "$W/state"
		[grpc]
		address = "$W/containerd.sock"
		[plugins."io.containerd.grpc.v1.cri"]
		sandbox_image = "$IMAGE"
		restrict_oom_score_adj = true
		disable_apparmor = true
		[plugins."io.containerd.grpc.v1.cri".containerd]
		default_runtime_name = "test"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.test]
		runtime_type = "io.containerd.runc.v2"
		[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.test.options]
		BinaryName = "${1#*=}"
	END
	handler_config "${1#*=}"
	daemon_start &&
		C --namespace default image import "$W/image.tar" &&
		C --namespace k8s.io image import "$W/image.tar"
}

# daemon_start: starts the daemon; its pid is in $W/daemon.
daemon_start()
{
	PATH=$W/path:$PATH alone containerd --config "$W/config/containerd.toml" >>"$W/containerd.log" 2>&1 3>&- \
		</dev/null &
	echo $! >"$W/daemon"
	until_true 20 C version
}

engine_stop()
{
	[ -n "$W" ] || return 0
	engine_clean
	[ -z "${TAMIS_TEST_KEEP:-}" ] || cp "$W/containerd.log" "$TAMIS_TEST_KEEP/"
	stop_daemon "$(cat "$W/daemon")"
	world_end
}

# engine_clean: removes tasks and containers that ctr made.
engine_clean()
{
	local name
	for name in $(C task ls -q); do
		C task rm -f "$name"
	done
	for name in $(C container ls -q); do
		C container rm "$name"
	done
} >/dev/null 2>&1
