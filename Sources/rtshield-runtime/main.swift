// SPDX-License-Identifier: Apache-2.0

import Linux
import OCIRuntime

// Else a file that is opened here could get the number of a stream that the caller closed; whatever is opened for that is
// closed again for the real runtime.
try? StandardStreams.occupy()
CurrentProcess.exit(Wrapper(.current).run(Array(CommandLine.arguments.dropFirst())))
