noinst_LIBRARIES += lib/runtime/libruntime.a
lib_runtime_libruntime_a_SOURCES = \
	lib/runtime/connect.c lib/runtime/connect.h \
	lib/runtime/container.h \
	lib/runtime/create.c \
	lib/runtime/delete.c \
	lib/runtime/describe.c lib/runtime/describe.h \
	lib/runtime/exec.c lib/runtime/exec.h \
	lib/runtime/exec_cgroup.c lib/runtime/exec_cgroup.h \
	lib/runtime/exec_process.c lib/runtime/exec_process.h \
	lib/runtime/doctor.c lib/runtime/doctor.h \
	lib/runtime/doctor_engines.c \
	lib/runtime/doctor_host.c \
	lib/runtime/doctor_security.c \
	lib/runtime/events.c lib/runtime/events.h \
	lib/runtime/holder.c lib/runtime/holder.h \
	lib/runtime/kill.c \
	lib/runtime/lifecycle.h \
	lib/runtime/list.c lib/runtime/list.h \
	lib/runtime/load.c lib/runtime/load.h \
	lib/runtime/pause.c \
	lib/runtime/profile.c lib/runtime/profile.h \
	lib/runtime/ps.c lib/runtime/ps.h \
	lib/runtime/record.c lib/runtime/record.h \
	lib/runtime/relay.c lib/runtime/relay.h \
	lib/runtime/room.c lib/runtime/room.h \
	lib/runtime/run.c lib/runtime/run.h \
	lib/runtime/signals.c lib/runtime/signals.h \
	lib/runtime/start.c \
	lib/runtime/sdnotify.c lib/runtime/sdnotify.h \
	lib/runtime/statedir.c lib/runtime/statedir.h \
	lib/runtime/status.c \
	lib/runtime/update.c lib/runtime/update.h
