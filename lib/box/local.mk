noinst_LIBRARIES += lib/box/libbox.a
lib_box_libbox_a_SOURCES = \
	lib/box/bind.c \
	lib/box/box.h \
	lib/box/cgroupmnt.c \
	lib/box/copyup.c \
	lib/box/cwd.c \
	lib/box/dev.c \
	lib/box/fsctx.c \
	lib/box/handles.c \
	lib/box/hooks.h \
	lib/box/hostname.c \
	lib/box/idmap.c \
	lib/box/inner.h \
	lib/box/mask.c \
	lib/box/mount.h \
	lib/box/mounts.c \
	lib/box/pivot.c \
	lib/box/pivot.h \
	lib/box/procfs.c \
	lib/box/procfs.h \
	lib/box/rootfs.c \
	lib/box/start.h \
	lib/box/stdio.c \
	lib/box/sysctl.c \
	lib/box/tty.c
