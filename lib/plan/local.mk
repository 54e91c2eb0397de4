noinst_LIBRARIES += lib/plan/libplan.a
lib_plan_libplan_a_SOURCES = lib/plan/host.h lib/plan/plan.h 
