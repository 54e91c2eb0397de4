/* SPDX-License-Identifier: Apache-2.0 */
/* Overlay layers whose paths are too long for fsconfig(2). */
#ifndef FS_OVERLAY_H
#define FS_OVERLAY_H

#include "base/base.h"

struct fsctx;
struct plan_option;

/* Whether the option names layers of an overlay. */
bool overlay_has_layers(const struct fsctx *ctx, const struct plan_option *o);
/* Sets the layers, whatever the length of their paths. Reporting. */
must_check int overlay_set_layers(const struct fsctx *ctx, int fs, const struct plan_option *o);

#endif
