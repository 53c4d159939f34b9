// SPDX-License-Identifier: Apache-2.0

/// Changes a JSON text, and nothing else of it: every byte stays that no change asks for.
///
/// Numbers keep their spelling, keys their order and strings their escapes. What is added is laid out as its neighbours
/// are. All changes name nodes of the text as it was read; what lies in something that is replaced or removed goes with
/// it.
package struct Editor: Sendable {
    /// The text as it was read.
    package let original: [UInt8]
    /// The tree of the text as it was read.
    package let root: Node

    private let layout: Layout
    /// What takes the place of nodes, by their first byte.
    private var replacements: [Int: Replacement] = [:]
    /// What changes in arrays and objects, by their first byte.
    private var changes: [Int: Change] = [:]

    /// Takes a text to change.
    ///
    /// - Parameters:
    ///   - text: The bytes of the text.
    ///   - limit: The most bytes to accept.
    /// - Throws: ``JSONError`` with the first thing that is wrong.
    package init(_ text: [UInt8], limit: Int) throws(JSONError) {
        original = text
        root = try Node(parsing: text, limit: limit)
        layout = Layout(of: root, in: text)
    }

    /// Whether anything is to change.
    package var hasChanges: Bool { !replacements.isEmpty || !changes.isEmpty }
}

// MARK: - Changes

extension Editor {
    /// Puts another value in the place of a node.
    package mutating func replace(_ node: Node, with value: Value) {
        replacements[node.range.lowerBound] = Replacement(range: node.range, value: value)
    }

    /// Gives a key of an object a value; one that is not there comes last.
    package mutating func set(_ key: String, in object: Node, to value: Value) {
        guard case .object(let members) = object.content else { preconditionFailure("a key is set in no object") }
        let index = members.firstIndex { $0.key == key }
        if let index, !isRemoved(index, from: object) {
            replace(members[index].value, with: value)
        } else {
            change(object) { change in
                change.last.removeAll { $0.key == key }
                change.last.append(Addition(key: key, value: value))
            }
        }
    }

    /// Puts a value behind all others of an array.
    package mutating func append(_ value: Value, to array: Node) {
        change(array) { $0.last.append(Addition(value: value)) }
    }

    /// Puts a value before all others of an array.
    package mutating func prepend(_ value: Value, to array: Node) {
        change(array) { $0.first.insert(Addition(value: value), at: 0) }
    }

    /// Takes a key and its value out of an object; one that is not there is no mistake.
    package mutating func remove(_ key: String, from object: Node) {
        guard case .object(let members) = object.content else { return }
        let index = members.firstIndex { $0.key == key }
        guard index != nil || changes[object.range.lowerBound] != nil else { return }
        change(object) { change in
            change.last.removeAll { $0.key == key }
            if let index { change.removed.insert(index) }
        }
    }

    /// Takes an item out of an array, by its place in the text as it was read.
    package mutating func remove(at index: Int, from array: Node) {
        change(array) { $0.removed.insert(index) }
    }

    private func isRemoved(_ index: Int, from container: Node) -> Bool {
        changes[container.range.lowerBound]?.removed.contains(index) ?? false
    }

    private mutating func change(_ container: Node, _ body: (inout Change) -> Void) {
        body(&changes[container.range.lowerBound, default: Change(container, in: original)])
    }
}

// MARK: - The new text

extension Editor {
    /// The text with all changes made.
    package var text: [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(original.count + 4096)
        var position = 0
        for patch in patches {
            text += original[position..<patch.range.lowerBound]
            text += patch.bytes
            position = patch.range.upperBound
        }
        return text + original[position...]
    }

    /// What takes the place of which bytes, in their order; none overlaps another.
    private var patches: [Patch] {
        let removed = changes.values.flatMap { $0.removedSpans }
        let replaced = replacements.values.map { $0.range }
        func isGone(_ range: Range<Int>, with others: [Range<Int>]) -> Bool {
            others.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
        }
        var patches: [Patch] = []
        for replacement in replacements.values where !isGone(replacement.range, with: removed) {
            if isGone(replacement.range, with: replaced.filter { $0 != replacement.range }) { continue }
            patches.append(replacement.patch(of: original, layout))
        }
        for change in changes.values where !isGone(change.range, with: removed + replaced) {
            patches += change.patches(of: original, layout)
        }
        return patches.sorted {
            ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
        }
    }
}

/// Bytes that take the place of others.
struct Patch {
    let range: Range<Int>
    let bytes: [UInt8]
}

/// A value that takes the place of a node.
private struct Replacement {
    let range: Range<Int>
    let value: Value

    func patch(of text: [UInt8], _ layout: Layout) -> Patch {
        var writer = Writer(layout)
        let isSpread = layout.indentation != nil
        writer.write(value, indentation: isSpread ? text.indentation(ofLineWith: range.lowerBound) : nil)
        return Patch(range: range, bytes: writer.bytes)
    }
}

extension [UInt8] {
    /// The blanks that the line starts with which holds a byte.
    func indentation(ofLineWith offset: Int) -> [UInt8] {
        let start = self[..<offset].lineBreak?.upperBound ?? 0
        return [UInt8](self[start..<offset].blanks)
    }
}
