// SPDX-License-Identifier: Apache-2.0

import CDoorman
import Doorman

let input = Input(limit: Doorman.largestState)
if input.isWhole, Doorman(look: look).answer(to: input.bytes) == .noneOfOurs { cdoorman_end(0) }
handOver(input)
