/* Uploads into the file store: one file at a time, each ended by its fsync before the next begins. */
#include "web/upload.h"

struct upload_sink {
	struct arena *arena;
	struct files *files;
	int64_t max_bytes;
	struct form *form;
	struct upload *upload; /* the one being received */
	struct file_writer *writer;
	struct buf head;
};

struct upload_sink *upload_sink_new(struct arena *a, struct files *files, int64_t max_bytes)
{
	struct upload_sink *s = ARENA_NEW(a, struct upload_sink);
	*s = (struct upload_sink){ .arena = a, .files = files, .max_bytes = max_bytes };
	return s;
}

static struct err *sink_begin(void *state, struct form *form, struct str field, struct str file_name)
{
	struct upload_sink *s = state;
	s->form = form;
	s->upload = ARENA_NEW(s->arena, struct upload);
	s->upload->field = field;
	s->upload->file_name = file_name;
	s->head = buf_new(s->arena, UPLOAD_HEAD_BYTES);
	return file_create(s->files, s->arena, s->max_bytes, &s->writer);
}

static struct err *sink_bytes(void *state, struct str bytes)
{
	struct upload_sink *s = state;
	size_t room = UPLOAD_HEAD_BYTES - s->head.n;
	buf_add(&s->head, str_slice(bytes, 0, room));
	if (s->upload->is_too_large) return NULL;
	struct err *e = file_write(s->writer, bytes);
	if (!e || e->code != ERR_TOO_LARGE) return e;
	/* The rest of the form is worth keeping: the handler says which file was too large. */
	s->upload->is_too_large = true;
	file_abandon(s->writer);
	s->writer = NULL;
	return NULL;
}

static struct err *sink_end(void *state)
{
	struct upload_sink *s = state;
	struct upload **end = &s->form->uploads;
	struct file_writer *writer = s->writer;
	s->writer = NULL;
	if (writer) TRY(file_finish(writer, &s->upload->facts));
	s->upload->head = buf_str(&s->head);
	while (*end)
		end = &(*end)->next;
	*end = s->upload;
	return NULL;
}

static void sink_abandon(void *state)
{
	struct upload_sink *s = state;
	if (s->writer) file_abandon(s->writer);
	s->writer = NULL;
}

const struct multipart_sink upload_sink_table = { sink_begin, sink_bytes, sink_end, sink_abandon };
