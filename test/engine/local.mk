# Clients of CRI and its streams for test/engine/cri.bats, so that crictl is not needed.
test_engine_cri_SOURCES = test/engine/cri.c
test_engine_cri_CFLAGS = $(PAYLOAD_CFLAGS)
test_engine_cri_LDADD =
test_engine_stream_SOURCES = test/engine/stream.c
test_engine_stream_CFLAGS = $(PAYLOAD_CFLAGS)
test_engine_stream_LDADD =
EXTRA_DIST += test/engine/common.table \
	test/engine/containerd.bash \
	test/engine/cri.bash \
	test/engine/cri.bats \
	test/engine/ctr.bash \
	test/engine/ctr.bats \
	test/engine/ctr.intended \
	test/engine/ctr.table \
	test/engine/docker.bash \
	test/engine/docker.bats \
	test/engine/docker.intended \
	test/engine/docker.table \
	test/engine/docker_daemon.bats \
	test/engine/features.bash \
	test/engine/lib.bash \
	test/engine/matrix \
	test/engine/podman.bash \
	test/engine/podman_hooks.bash \
	test/engine/podman.bats \
	test/engine/podman_hooks.bats \
	test/engine/podman_record.bats \
	test/engine/podman.intended \
	test/engine/podman.intended-crun \
	test/engine/podman.table \
	test/engine/podman_rootless.bats \
	test/engine/same
