// SPDX-License-Identifier: Apache-2.0

import CHookFilter

/// Returns what a call returned, or ends with one line if that is an error.
@discardableResult
func insist(_ result: Int32, _ what: String) -> Int32 {
    if result < 0 { fail(Array(what.utf8), result) }
    return result
}

/// Ends with one line, of which a runtime shows the container's owner all.
func fail(_ what: [UInt8], _ error: Int32 = 0) -> Never {
    var line = "rtshield-hook: ".utf8 + what
    if error < 0 {
        line += ": ".utf8
        var reason = unsafe chookfilter_reason(error)
        while unsafe reason.pointee != 0 {
            unsafe line.append(reason.pointee)
            unsafe reason += 1
        }
    }
    line.append(UInt8(ascii: "\n"))
    _ = unsafe chookfilter_write(2, line, line.count)
    chookfilter_end(1)
}
