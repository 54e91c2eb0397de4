noinst_LIBRARIES += lib/box/libbox.a
lib_box_libbox_a_SOURCES = \
	lib/box/box.h \
	lib/box/hooks.h \
	lib/box/inner.h \
	lib/box/procfs.h \
	lib/box/start.h
