/* The store's folder and names, shared by files.c, files_read.c and files_collect.c. Private to src/data. */
#pragma once
#include "data/files_crypt.h"

/* RFC 4648 base32, in lower case. */
#define FILE_NAME_ALPHABET "abcdefghijklmnopqrstuvwxyz234567"
enum { FILE_NAME_CHARS = 52, FILE_PATH_BYTES = 64 };

struct files {
	int fd; /* of the folder */
};

bool file_name_is_valid(struct str name);
/* Below the folder: "ab/abcd…". The name must be valid. */
void file_path(struct str name, char path[static FILE_PATH_BYTES]);
