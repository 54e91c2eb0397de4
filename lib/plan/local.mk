noinst_LIBRARIES += lib/plan/libplan.a
lib_plan_libplan_a_SOURCES = \
	lib/plan/host.c \
	lib/plan/host.h \
	lib/plan/host_cgroups.c \
	lib/plan/plan.h
