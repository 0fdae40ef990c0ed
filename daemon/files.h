/* files.h - the file effects, carried out in order on libuv's thread pool so that the loop never
 * waits for a disk. One runs at a time: an append that was asked for later never lands earlier. */
#pragma once

#include <uv.h>

#include "inbox.h"

#define FILES_READ_MAX ((size_t)64 << 20)

struct files;

/* directory_fd: the state directory, lent; -1: there is none (reads there are -ENOENT). With
 * read_only every write is answered -EROFS and nothing is touched: --observe changes no file.
 * Answers go to inbox, never before files_start() has returned. */
struct files *files_new(uv_loop_t *loop, struct inbox *inbox, int directory_fd, bool read_only);
/* Only when the loop has ended: by then all that was started has been carried out. */
bool files_idle(const struct files *files); /* nothing is under way */
struct files *files_free(struct files *files);

/* Starts an EFFECT_READ_FILE, _APPEND_FILE or _REPLACE_FILE; copies what it needs. Writes are for
 * names without '/', others are answered -EPERM. */
void files_start(struct files *files, const struct effect *effect);
