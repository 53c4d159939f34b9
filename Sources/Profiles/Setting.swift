// SPDX-License-Identifier: Apache-2.0

/// A setting of something else than the kernel's command line, explained.
package struct Setting: Hashable, Sendable {
    /// What its owner calls it.
    package var name: String
    /// What it is to be; nil where it is best left alone.
    package var value: String?
    /// What it does.
    package var does: String
    /// Why it is to be that, and who does it otherwise.
    package var why: String
    /// The documentation that this rests on.
    package var link: String
}
