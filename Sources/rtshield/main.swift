// SPDX-License-Identifier: Apache-2.0

import Linux

CurrentProcess.exit(Program.run(Array(CommandLine.arguments.dropFirst())))
