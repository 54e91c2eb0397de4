/* SPDX-License-Identifier: Apache-2.0 */
/* Rules about single strings of the config, independent of other values. */
#ifndef OCI_RULES_H
#define OCI_RULES_H

#include "oci/decode.h"

extern const struct text_rule rules_not_empty;
extern const struct text_rule rules_container_id;
extern const struct text_rule rules_path; /* not empty, shorter than PATH_MAX */
extern const struct text_rule rules_absolute_path;
extern const struct text_rule rules_absolute_or_empty; /* "" means absent */
extern const struct text_rule rules_assignment;	       /* NAME=VALUE */
extern const struct text_rule rules_option;	       /* a mount option: at most 4095 bytes */
extern const struct text_rule rules_host_name;	       /* at most 64 bytes, the kernel's limit */
extern const struct text_rule rules_cpu_list;	       /* "0-3,7", or "" */
extern const struct text_rule rules_page_size;	       /* "2MB" */
extern const struct text_rule rules_interface;	       /* name of a network device */
extern const struct text_rule rules_device_type;       /* type in linux.devices */
extern const struct text_rule rules_device_rule_type;  /* type in linux.resources.devices */
extern const struct text_rule rules_device_access;

#endif
