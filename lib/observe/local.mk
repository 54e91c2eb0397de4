noinst_LIBRARIES += lib/observe/libobserve.a
lib_observe_libobserve_a_SOURCES = \
	lib/observe/audit.c \
	lib/observe/audit.h \
	lib/observe/agent.c \
	lib/observe/agent.h \
	lib/observe/denial.c \
	lib/observe/denial.h \
	lib/observe/denial_table.c \
	lib/observe/denial_table.h \
	lib/observe/denial_write.c \
	lib/observe/denial_write.h \
	lib/observe/doctor.c \
	lib/observe/doctor.h \
	lib/observe/doctor_engines.c \
	lib/observe/doctor_host.c \
	lib/observe/doctor_read.c \
	lib/observe/doctor_report.c \
	lib/observe/doctor_security.c \
	lib/observe/elf_symbol.c \
	lib/observe/elf_symbol.h \
	lib/observe/events.c \
	lib/observe/events.h \
	lib/observe/filters.c \
	lib/observe/filters.h \
	lib/observe/list.c \
	lib/observe/list.h \
	lib/observe/look.c \
	lib/observe/look.h \
	lib/observe/notify_record.c \
	lib/observe/notify_record.h \
	lib/observe/perf.c \
	lib/observe/perf.h \
	lib/observe/perf_ring.c \
	lib/observe/perf_ring.h \
	lib/observe/ps.c \
	lib/observe/ps.h \
	lib/observe/reader.c \
	lib/observe/reader.h \
	lib/observe/recorder.c \
	lib/observe/recorder.h \
	lib/observe/recording.c \
	lib/observe/recording.h \
	lib/observe/recording_audit.c \
	lib/observe/recording_read.c \
	lib/observe/recording_strace.c \
	lib/observe/recording_write.c
	lib/observe/reader.h
	lib/observe/listener.c \
	lib/observe/listener.h \
	lib/observe/penalty.c \
	lib/observe/penalty.h \
	lib/observe/ps.c \
	lib/observe/ps.h \
	lib/observe/scene.c \
	lib/observe/scene.h
