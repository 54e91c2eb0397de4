noinst_LIBRARIES += lib/fs/libfs.a
lib_fs_libfs_a_SOURCES = \
	lib/fs/bind.c \
	lib/fs/bind.h \
	lib/fs/cgroupmnt.c \
	lib/fs/cgroupmnt.h \
	lib/fs/console.c \
	lib/fs/console.h \
	lib/fs/copyup.c \
	lib/fs/copyup.h \
	lib/fs/dev.c \
	lib/fs/dev.h \
	lib/fs/fsctx.c \
	lib/fs/fsctx.h \
	lib/fs/fsopt.c \
	lib/fs/fsopt.h \
	lib/fs/idmap.c \
	lib/fs/idmap.h \
	lib/fs/mask.c \
	lib/fs/mask.h \
	lib/fs/mount.c \
	lib/fs/mount.h \
	lib/fs/mounts.c \
	lib/fs/mounts.h \
	lib/fs/notifysock.c \
	lib/fs/notifysock.h \
	lib/fs/overlay.c \
	lib/fs/overlay.h \
	lib/fs/pivot.c \
	lib/fs/pivot.h \
	lib/fs/rootfs.c \
	lib/fs/rootfs.h \
	lib/fs/source.c \
	lib/fs/source.h
