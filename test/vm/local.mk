EXTRA_DIST += test/vm/agent.bats test/vm/first.bats test/vm/guest test/vm/host-init test/vm/init test/vm/packages test/vm/run \
	test/vm/systemd test/vm/systemd-guest test/vm/systemd.bats
