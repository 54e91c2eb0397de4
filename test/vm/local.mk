EXTRA_DIST += test/vm/guest test/vm/init test/vm/packages test/vm/run
