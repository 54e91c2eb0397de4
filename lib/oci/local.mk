noinst_LIBRARIES += lib/oci/liboci.a
lib_oci_liboci_a_SOURCES = \
	lib/oci/annotations.c \
	lib/oci/annotations.h \
	lib/oci/config.c \
	lib/oci/config.h \
	lib/oci/decode.c \
	lib/oci/decode.h \
	lib/oci/encode.c lib/oci/encode.h \
	lib/oci/features.c \
	lib/oci/features.h \
	lib/oci/json.h \
	lib/oci/json_doc.h \
	lib/oci/json_edit.c lib/oci/json_edit.h \
	lib/oci/patches.c lib/oci/patches.h \
	lib/oci/json_layout.c lib/oci/json_layout.h \
	lib/oci/json_lines.c lib/oci/json_lines.h \
	lib/oci/json.c \
	lib/oci/json_parse.c \
	lib/oci/json_tree.c lib/oci/json_tree.h \
	lib/oci/jsonw.c \
	lib/oci/jsonw.h \
	lib/oci/parse.c lib/oci/parse.h \
	lib/oci/rules.c \
	lib/oci/rules.h \
	lib/oci/spec.c \
	lib/oci/spec.h \
	lib/oci/state.c \
	lib/oci/state.h \
	lib/oci/validate.c \
	lib/oci/validate.h \
	lib/oci/validate_linux.c \
	lib/oci/validate_process.c \
	lib/oci/validate_resources.c \
	lib/oci/words.c lib/oci/words.h \
	lib/oci/yajl_memory.c \
	lib/oci/yajl_memory.h
