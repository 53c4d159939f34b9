// SPDX-License-Identifier: Apache-2.0
//
// The system calls of the filter, `rtshield-hook`: all of them, since Embedded Swift has no Glibc module. A call that
// can fail returns a value of 0 or more, or the error number negated.
//
// Paths are bytes that end with a NUL, as Swift makes them without its strings.
//
// No header is included that defines more than integers, so that a build with and one without the Glibc module agree.

#ifndef CHOOKFILTER_H
#define CHOOKFILTER_H

#include <stddef.h>
#include <stdint.h>

/// What is returned where there is no file.
enum { CHOOKFILTER_NO_FILE = -2 };

/// Whether something is at `path`: 1 or 0, and less than 0 when that cannot be told.
int chookfilter_exists(const uint8_t *_Nonnull path);

/// Opens a regular file to read it, without waiting for anything; the last name of `path` may be a link only if `follow`
/// is not 0. What is no regular file is -EINVAL.
int chookfilter_open(const uint8_t *_Nonnull path, int follow);

/// Closes a descriptor.
void chookfilter_close(int file);

/// Reads once, and again when a signal interrupted it; 0 at the end.
ptrdiff_t chookfilter_read(int file, void *_Nonnull bytes, size_t size);

/// Writes all of `bytes`.
int chookfilter_write(int file, const void *_Nonnull bytes, size_t size);

/// Makes a file in memory that programs started later have too, and that cannot be run.
int chookfilter_memory_file(void);

/// Puts a file, from its beginning, in the place of standard input.
int chookfilter_take_as_input(int file);

/// Fills `path` with where this program lies, without a NUL byte, and returns the length.
ptrdiff_t chookfilter_own_path(uint8_t *_Nonnull path, size_t size);

/// Becomes `program hook`, with the arguments that this program has behind that, and with its environment; returns only
/// when it cannot.
///
/// In C also because Embedded Swift has no `CommandLine`.
int chookfilter_become(const uint8_t *_Nonnull program);

/// What an error number, negated or not, is called.
const uint8_t *_Nonnull chookfilter_reason(int error);

/// Ends the process without more ado.
_Noreturn void chookfilter_end(int status);

#endif
