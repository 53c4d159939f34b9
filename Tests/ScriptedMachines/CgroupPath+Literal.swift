// SPDX-License-Identifier: Apache-2.0

@testable import CgroupKit

extension CgroupPath: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) { self.init(text) }
}
