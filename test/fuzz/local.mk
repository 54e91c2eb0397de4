# Fuzz targets: a file fuzz_NAME.c and a corpus. Built for libFuzzer by configure
# Built with --enable-fuzzing CC=clang; otherwise `make check` replays the targets' corpora.
EXTRA_DIST += test/fuzz/corpus
if FUZZING
noinst_PROGRAMS += test/fuzz/fuzz_check test/fuzz/fuzz_config test/fuzz/fuzz_formats test/fuzz/fuzz_json test/fuzz/fuzz_lines test/fuzz/fuzz_profile test/fuzz/fuzz_yaml
test_fuzz_fuzz_check_SOURCES = test/fuzz/fuzz_check.c test/fuzz/fuzz.h
test_fuzz_fuzz_check_LDADD = $(LIB_SECCOMP)
test_fuzz_fuzz_check_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
noinst_PROGRAMS += test/fuzz/fuzz_bpf test/fuzz/fuzz_config test/fuzz/fuzz_formats test/fuzz/fuzz_json test/fuzz/fuzz_lines test/fuzz/fuzz_profile test/fuzz/fuzz_yaml
test_fuzz_fuzz_bpf_SOURCES = test/fuzz/fuzz_bpf.c test/fuzz/fuzz.h
test_fuzz_fuzz_bpf_LDADD = $(LIB_SECCOMP)
test_fuzz_fuzz_bpf_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
test_fuzz_fuzz_config_SOURCES = test/fuzz/fuzz_config.c test/fuzz/fuzz.h
test_fuzz_fuzz_config_LDADD = $(LIB_OCI)
test_fuzz_fuzz_config_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
test_fuzz_fuzz_formats_SOURCES = test/fuzz/fuzz_formats.c test/fuzz/fuzz.h
test_fuzz_fuzz_formats_LDADD = $(LIB_SECCOMP)
test_fuzz_fuzz_formats_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
test_fuzz_fuzz_json_SOURCES = test/fuzz/fuzz_json.c test/fuzz/fuzz.h
test_fuzz_fuzz_json_LDADD = $(LIB_OCI)
test_fuzz_fuzz_json_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
test_fuzz_fuzz_lines_SOURCES = test/fuzz/fuzz_lines.c test/fuzz/fuzz.h
test_fuzz_fuzz_lines_LDADD = $(LIB_SECCOMP)
test_fuzz_fuzz_lines_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
test_fuzz_fuzz_profile_SOURCES = test/fuzz/fuzz_profile.c test/fuzz/fuzz.h
test_fuzz_fuzz_profile_LDADD = $(LIB_SECCOMP)
test_fuzz_fuzz_profile_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
test_fuzz_fuzz_yaml_SOURCES = test/fuzz/fuzz_yaml.c test/fuzz/fuzz.h $(YAML_SOURCES)
test_fuzz_fuzz_yaml_CPPFLAGS = $(AM_CPPFLAGS) $(YAML_CFLAGS)
test_fuzz_fuzz_yaml_LDADD = $(LIB_OCI) $(YAML_LIBS)
test_fuzz_fuzz_yaml_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
noinst_PROGRAMS += test/fuzz/fuzz_elf
test_fuzz_fuzz_elf_SOURCES = test/fuzz/fuzz_elf.c test/fuzz/fuzz.h
test_fuzz_fuzz_elf_LDADD = $(LIB_OBSERVE)
test_fuzz_fuzz_elf_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
noinst_PROGRAMS += test/fuzz/fuzz_audit
test_fuzz_fuzz_audit_SOURCES = test/fuzz/fuzz_audit.c test/fuzz/fuzz.h
test_fuzz_fuzz_audit_LDADD = $(LIB_OBSERVE)
test_fuzz_fuzz_audit_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
noinst_PROGRAMS += test/fuzz/fuzz_denials
test_fuzz_fuzz_denials_SOURCES = test/fuzz/fuzz_denials.c test/fuzz/fuzz.h
test_fuzz_fuzz_denials_LDADD = $(LIB_OBSERVE)
test_fuzz_fuzz_denials_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
noinst_PROGRAMS += test/fuzz/fuzz_recording
test_fuzz_fuzz_recording_SOURCES = test/fuzz/fuzz_recording.c test/fuzz/fuzz.h
test_fuzz_fuzz_recording_LDADD = $(LIB_OBSERVE)
test_fuzz_fuzz_recording_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
else
check_PROGRAMS += test/fuzz/replay_check test/fuzz/replay_config test/fuzz/replay_formats test/fuzz/replay_json test/fuzz/replay_lines test/fuzz/replay_profile test/fuzz/replay_yaml
test_fuzz_replay_check_SOURCES = test/fuzz/replay.c test/fuzz/fuzz_check.c test/fuzz/fuzz.h
test_fuzz_replay_check_LDADD = $(LIB_SECCOMP)
check_PROGRAMS += test/fuzz/replay_bpf test/fuzz/replay_config test/fuzz/replay_formats test/fuzz/replay_json test/fuzz/replay_lines test/fuzz/replay_profile test/fuzz/replay_yaml
test_fuzz_replay_bpf_SOURCES = test/fuzz/replay.c test/fuzz/fuzz_bpf.c test/fuzz/fuzz.h
test_fuzz_replay_bpf_LDADD = $(LIB_SECCOMP)
test_fuzz_replay_config_SOURCES = test/fuzz/replay.c test/fuzz/fuzz_config.c test/fuzz/fuzz.h
test_fuzz_replay_config_LDADD = $(LIB_OCI)
test_fuzz_replay_formats_SOURCES = test/fuzz/replay.c test/fuzz/fuzz_formats.c test/fuzz/fuzz.h
test_fuzz_replay_formats_LDADD = $(LIB_SECCOMP)
test_fuzz_replay_json_SOURCES = test/fuzz/replay.c test/fuzz/fuzz_json.c test/fuzz/fuzz.h
test_fuzz_replay_json_LDADD = $(LIB_OCI)
test_fuzz_replay_lines_SOURCES = test/fuzz/replay.c test/fuzz/fuzz_lines.c test/fuzz/fuzz.h
test_fuzz_replay_lines_LDADD = $(LIB_SECCOMP)
test_fuzz_replay_profile_SOURCES = test/fuzz/replay.c test/fuzz/fuzz_profile.c test/fuzz/fuzz.h
test_fuzz_replay_profile_LDADD = $(LIB_SECCOMP)
test_fuzz_replay_yaml_SOURCES = test/fuzz/replay.c test/fuzz/fuzz_yaml.c test/fuzz/fuzz.h $(YAML_SOURCES)
test_fuzz_replay_yaml_CPPFLAGS = $(AM_CPPFLAGS) $(YAML_CFLAGS)
test_fuzz_replay_yaml_LDADD = $(LIB_OCI) $(YAML_LIBS)
check_PROGRAMS += test/fuzz/replay_elf
test_fuzz_replay_elf_SOURCES = test/fuzz/replay.c test/fuzz/fuzz_elf.c test/fuzz/fuzz.h
test_fuzz_replay_elf_LDADD = $(LIB_OBSERVE)
check_PROGRAMS += test/fuzz/replay_audit
test_fuzz_replay_audit_SOURCES = test/fuzz/replay.c test/fuzz/fuzz_audit.c test/fuzz/fuzz.h
test_fuzz_replay_audit_LDADD = $(LIB_OBSERVE)
check_PROGRAMS += test/fuzz/replay_denials
test_fuzz_replay_denials_SOURCES = test/fuzz/replay.c test/fuzz/fuzz_denials.c test/fuzz/fuzz.h
test_fuzz_replay_denials_LDADD = $(LIB_OBSERVE)
check_PROGRAMS += test/fuzz/replay_recording
test_fuzz_replay_recording_SOURCES = test/fuzz/replay.c test/fuzz/fuzz_recording.c test/fuzz/fuzz.h
test_fuzz_replay_recording_LDADD = $(LIB_OBSERVE)
endif
