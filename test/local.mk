include test/unit/local.mk
