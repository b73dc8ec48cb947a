/*
 * The sink that streams uploaded files into the file store: encrypted, hashed and durable when the body is
 * in. Each ends as a `struct upload` of the form, with its first 4 KiB to tell the type by content.
 */
#pragma once
#include "data/files.h"
#include "web/multipart.h"

enum { UPLOAD_HEAD_BYTES = 4096 };

struct upload_sink;

/* `max_bytes` a file: one that passes it comes as an upload marked `is_too_large`, with nothing stored. Made
 * in `begin`: x->body.sink = &upload_sink_table and x->body.sink_state = upload_sink_new(…). It blocks
 * (disk): the server runs it on its pool. */
struct upload_sink *upload_sink_new(struct arena *a, struct files *files, int64_t max_bytes);
extern const struct multipart_sink upload_sink_table;
