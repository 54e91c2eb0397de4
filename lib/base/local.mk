noinst_LIBRARIES += lib/base/libbase.a
lib_base_libbase_a_SOURCES = \
	lib/base/arena.c lib/base/arena.h lib/base/base.h \
	lib/base/base64.c \
	lib/base/base64.h \
	lib/base/buffer.c lib/base/buffer.h \
	lib/base/caps.c lib/base/caps.h \
	lib/base/err.c lib/base/err.h lib/base/words.h \
	lib/base/fault.h \
	lib/base/fd.c lib/base/fd.h \
	lib/base/identity.c lib/base/identity.h \
	lib/base/interrupt.c lib/base/interrupt.h \
	lib/base/input.c lib/base/input.h \
	lib/base/io.c lib/base/io.h \
	lib/base/lines.c lib/base/lines.h \
	lib/base/log.c lib/base/log.h \
	lib/base/msg.c lib/base/msg.h \
	lib/base/names.c lib/base/names.h \
	lib/base/num.c lib/base/num.h \
	lib/base/path.c lib/base/path.h \
	lib/base/printable.c lib/base/printable.h \
	lib/base/steps.c lib/base/steps.h \
	lib/base/sys.c lib/base/sys.h \
	lib/base/utc.c lib/base/utc.h \
	lib/base/utf8.c lib/base/utf8.h
if FAULT_INJECTION
lib_base_libbase_a_SOURCES += lib/base/fault.c
else
lib_base_libbase_a_SOURCES += lib/base/fault_none.c
endif
EXTRA_DIST += lib/base/fault.c lib/base/fault_none.c
