// SPDX-License-Identifier: Apache-2.0

/// What the words of a command that are no options look like.
package struct OperandShape: Hashable, Sendable {
    /// What stands for the operand in help, such as `DIR`.
    package let placeholder: String
    /// What the operand may be.
    package let completion: Completion
    /// Whether the command refuses to run without it.
    package let isRequired: Bool
    /// Words of which one stands before the operand, such as `check`; none for most commands.
    package var actions: [String] = []
    /// Whether everything from the first operand on, options too, belongs to another program.
    package var passesThrough = false

    /// How help shows it: `DIR`, `[DIR]`, `[--] COMMAND...`.
    var usage: String {
        let name = passesThrough ? "\(placeholder)..." : placeholder
        let words = isRequired ? name : "[\(name)]"
        if passesThrough { return "[--] \(words)" }
        return actions.isEmpty ? words : "\(actions.joined(separator: "|")) \(words)"
    }

    /// How many operands there may be.
    var limit: Int { actions.isEmpty ? 1 : 2 }

    /// What the first operand may be.
    var first: Completion { actions.isEmpty ? completion : .oneOf(actions) }
}

/// The operands a command takes, and the property of its arguments that they set.
package struct Operands<Arguments>: Sendable {
    let shape: OperandShape?
    let store: @Sendable ([String], inout Arguments) throws -> Void

    /// No operand at all.
    package static var none: Self { Self(shape: nil) { _, _ in } }

    /// A single operand, checked and converted by `parse`; the property keeps its value where it is not given.
    package static func one<Value>(
        _ placeholder: String, _ property: any WritableKeyPath<Arguments, Value> & Sendable,
        required: Bool = true, completion: Completion = .text,
        parse: @escaping @Sendable (String) throws -> Value
    ) -> Self {
        let shape = OperandShape(placeholder: placeholder, completion: completion, isRequired: required)
        return Self(shape: shape) { words, arguments in
            guard let word = words.first else { return }
            arguments[keyPath: property] = try parse(word)
        }
    }

    /// A single operand behind one of some words, as in `config check FILE`.
    package static func one<Value>(
        _ placeholder: String, after actions: [String], _ property: any WritableKeyPath<Arguments, Value> & Sendable,
        required: Bool = true, completion: Completion = .text,
        parse: @escaping @Sendable (String) throws -> Value
    ) -> Self {
        var shape = OperandShape(placeholder: placeholder, completion: completion, isRequired: required)
        shape.actions = actions
        return Self(shape: shape) { words, arguments in
            guard words.count > 1 else { return }
            arguments[keyPath: property] = try parse(words[1])
        }
    }

    /// Another program and its arguments, none of which is read as an option of this command.
    package static func passthrough(
        _ placeholder: String, _ property: any WritableKeyPath<Arguments, [String]> & Sendable, required: Bool = true
    ) -> Self {
        let shape = OperandShape(
            placeholder: placeholder, completion: .command, isRequired: required, passesThrough: true)
        return Self(shape: shape) { words, arguments in arguments[keyPath: property] = words }
    }
}
