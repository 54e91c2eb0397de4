noinst_LIBRARIES += lib/channel/libchannel.a
lib_channel_libchannel_a_SOURCES = \
	lib/channel/box.c \
	lib/channel/box.h \
	lib/channel/child.c \
	lib/channel/child.h \
	lib/channel/fetch.c \
	lib/channel/fetch.h \
	lib/channel/handles.c \
	lib/channel/handles.h \
	lib/channel/procfs.c \
	lib/channel/procfs.h \
	lib/channel/start.c \
	lib/channel/start.h \
	lib/channel/sync.c \
	lib/channel/sync.h
