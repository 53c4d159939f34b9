// SPDX-License-Identifier: Apache-2.0

/// What a thread hands to the one that joins it; joining puts the one access before the other.
final class Box<Value>: @unchecked Sendable {
    var value: Value?
}
