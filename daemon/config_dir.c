#include "config_dir.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>

#include "descriptor.h"
#include "vpc_reconciled/json.h"

struct file {
    const char *path; /* in the result's arena: errors name it */
    struct buf text;
    bool is_main;
};

struct loader {
    struct arena *arena;
    struct config_errors *errors;
    struct file files[CONFIG_FILES_MAX + 1];
    size_t n_files;
};

PRINTF_LIKE(3, 4)
static void fail(struct loader *loader, const char *file, const char *format, ...)
{
    struct config_error *error;
    char message[256];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    if (loader->errors->list.n == CONFIG_ERRORS_MAX) {
        loader->errors->more = true;
        return;
    }
    error = VEC_ADD(loader->arena, &loader->errors->list);
    error->file = file;
    error->message = arena_strdup(loader->arena, message);
}

static const char *reason(int r)
{
    if (r == -EINVAL)
        return "not a regular file";
    return strerror(-r);
}

/* One byte more than the parser takes is enough for it to say that the file is too long. */
static void read_file(struct loader *loader, const char *path, bool is_main)
{
    struct file *file = &loader->files[loader->n_files];
    int r;

    *file = (struct file){.path = path, .is_main = is_main};
    r = descriptor_read_file(AT_FDCWD, path, JSON_SIZE_MAX + 1, true, &file->text);
    if (r == -ENOENT && is_main)
        return; /* every key of it is optional */
    if (r < 0) {
        buf_free(&file->text);
        fail(loader, path, "cannot be read: %s", reason(r));
        return;
    }
    loader->n_files++;
}

/* ".orders.json.swp" and "orders.json~" are an editor's, not the operator's. */
static int is_config_file(const struct dirent *entry)
{
    size_t n = strlen(entry->d_name);

    return n > 5 && entry->d_name[0] != '.' && strcmp(entry->d_name + n - 5, ".json") == 0;
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static void read_vpc_files(struct loader *loader, const char *directory)
{
    struct dirent **entries = NULL;
    int n = scandir(directory, &entries, is_config_file, by_name);

    if (n < 0) {
        if (errno != ENOENT)
            fail(loader, directory, "cannot be read: %s", strerror(errno));
        return;
    }
    if (n > CONFIG_FILES_MAX)
        fail(loader, directory, "%d files; at most %d are read", n, CONFIG_FILES_MAX);
    for (int i = 0; i < n; i++) {
        if (i < CONFIG_FILES_MAX)
            read_file(loader, arena_printf(loader->arena, "%s/%s", directory, entries[i]->d_name),
                      false);
        free(entries[i]);
    }
    free(entries);
}

static void loader_free(struct loader **loader)
{
    for (size_t i = 0; i < (*loader)->n_files; i++)
        buf_free(&(*loader)->files[i].text);
    free(*loader);
}

/* Files that could not be read come first; the parser's errors follow. */
static int parse(struct loader *loader, struct config **ret_config)
{
    struct config_file files[CONFIG_FILES_MAX + 1];
    struct config_errors errors = {0};
    struct config *config = NULL;
    int r;

    for (size_t i = 0; i < loader->n_files; i++)
        files[i] = (struct config_file){.path = loader->files[i].path,
                                        .text = buf_string(&loader->files[i].text),
                                        .n = loader->files[i].text.n,
                                        .is_main = loader->files[i].is_main};
    r = config_parse(loader->arena, files, loader->n_files, &config, &errors);
    VEC_EACH (error, &errors.list) {
        if (loader->errors->list.n == CONFIG_ERRORS_MAX)
            loader->errors->more = true;
        else
            *VEC_ADD(loader->arena, &loader->errors->list) = *error;
    }
    loader->errors->more |= errors.more;
    if (r < 0)
        return r;
    if (loader->errors->list.n)
        return -EINVAL;
    *ret_config = config;
    return 0;
}

int config_dir_load(struct arena *arena, const char *path, struct config **ret_config,
                    struct config_errors *ret_errors)
{
    CLEANUP(loader_free)
    struct loader *loader = calloc(1, sizeof(*loader));
    const char *name = arena_strdup(arena, path);
    DIR *directory = opendir(path);

    if (!loader)
        abort();
    *ret_errors = (struct config_errors){0};
    loader->arena = arena;
    loader->errors = ret_errors;
    if (!directory) {
        fail(loader, name, "the config directory cannot be read: %s", strerror(errno));
        return -EINVAL;
    }
    closedir(directory);
    read_file(loader, arena_printf(arena, "%s/vpc-reconciled.json", path), true);
    read_vpc_files(loader, arena_printf(arena, "%s/vpcs.d", path));
    return parse(loader, ret_config);
}
