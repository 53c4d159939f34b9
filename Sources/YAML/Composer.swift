// SPDX-License-Identifier: Apache-2.0

internal import Text

/// Makes a tree of events, and refuses those that no tree here has.
struct Composer: ~Copyable {
    private var events: EventStream

    init(_ text: [UInt8]) { events = EventStream(text) }

    /// Reads all of the text; the result is nil when there is no document in it.
    mutating func document() throws(YAMLError) -> Node? {
        _ = try events.next()
        guard try events.next().kind == .documentStart else { return nil }
        let root = try node(at: try events.next(), depth: 0)
        _ = try events.next()
        let after = try events.next()
        guard after.kind == .streamEnd else {
            throw YAMLError(
                "a second document starts here", at: after.mark, hint: "keep one document, and no other '---'")
        }
        return root
    }

    /// Reads the value that an event starts.
    private mutating func node(at event: Event, depth: Int) throws(YAMLError) -> Node {
        try Composer.refuseExtras(event)
        if case .scalar(let text) = event.kind { return Node(.scalar(text), at: event.mark, isQuoted: event.isQuoted) }
        guard depth < Node.deepestNesting else {
            throw YAMLError("more than \(Node.deepestNesting) levels lie inside each other", at: event.mark)
        }
        return switch event.kind {
        case .sequenceStart: Node(.sequence(try items(depth: depth + 1)), at: event.mark)
        case .mappingStart: Node(.mapping(try entries(depth: depth + 1)), at: event.mark)
        default: preconditionFailure("libyaml yields an event out of order: \(event.kind)")
        }
    }

    private mutating func items(depth: Int) throws(YAMLError) -> [Node] {
        var items: [Node] = []
        while true {
            let event = try events.next()
            if event.kind == .sequenceEnd { return items }
            items.append(try node(at: event, depth: depth))
        }
    }

    private mutating func entries(depth: Int) throws(YAMLError) -> [Node.Entry] {
        var entries: [Node.Entry] = []
        var marks: [String: Mark] = [:]
        while true {
            let event = try events.next()
            if event.kind == .mappingEnd { return entries }
            let key = try Composer.key(event)
            if let first = marks.updateValue(event.mark, forKey: key) {
                throw YAMLError(
                    "key \(quoted(key)) is here a second time", at: event.mark,
                    hint: "keep this one or that in line \(first.line)")
            }
            let value = try node(at: try events.next(), depth: depth)
            entries.append(Node.Entry(key: key, mark: event.mark, value: value))
        }
    }

    private static func key(_ event: Event) throws(YAMLError) -> String {
        try refuseExtras(event)
        guard case .scalar(let text) = event.kind else {
            throw YAMLError("a list or a mapping cannot be a key", at: event.mark, hint: "give a word as the key")
        }
        return text
    }

    private static func refuseExtras(_ event: Event) throws(YAMLError) {
        if event.kind == .alias {
            throw YAMLError(
                "aliases are not read", at: event.mark,
                hint: "write the value out, or quote it if it is a text that starts with '*'")
        }
        if event.hasAnchor {
            throw YAMLError(
                "anchors are not read", at: event.mark, hint: "leave it out, or quote a text that starts with '&'")
        }
        if event.hasTag {
            throw YAMLError(
                "tags are not read", at: event.mark, hint: "leave it out, or quote a text that starts with '!'")
        }
    }
}
