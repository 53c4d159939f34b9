// SPDX-License-Identifier: Apache-2.0

internal import CLibyajl
internal import Text

/// Makes a tree of what libyajl finds in a text, and stops it where a bound is passed.
///
/// Safe to hold: libyajl is given the text and this object only while ``root()`` runs.
@safe final class Composer {
    /// An array or object whose end has not come yet.
    private struct Frame {
        var start: Int
        var items: [Node] = []
        /// Nil for an array.
        var members: [Node.Member]?
        /// The keys of an object with many; empty for others.
        var keys: Set<String> = []
        var key = ""

        /// Takes in the key of the next member.
        ///
        /// A few keys are compared with each other, which takes less than to hash them; of many that would take the square of
        /// their number, and strangers write them.
        ///
        /// - Returns: Whether the object does not have it yet.
        mutating func enter(_ key: String) -> Bool {
            self.key = key
            guard let members, members.count >= Self.manyKeys else { return !hasMember(key) }
            if keys.isEmpty { keys = Set(members.map(\.key)) }
            return keys.insert(key).inserted
        }

        private func hasMember(_ key: String) -> Bool { members?.contains { $0.key == key } ?? false }

        private static let manyKeys = 16
    }

    private let text: [UInt8]
    private var frames: [Frame] = []
    private var tree: Node?
    private var count = 0
    /// Where the last token ended.
    private var end = 0
    private var refusal: JSONError?
    private var parser: yajl_handle?

    init(_ text: [UInt8]) { self.text = text }

    /// Reads the whole text.
    func root() throws(JSONError) -> Node {
        try refuseOtherEncodings()
        let problem = parse()
        if let problem = refusal ?? problem { throw problem }
        guard let tree else { throw JSONError("the text is empty", at: .start) }
        return tree
    }

    /// Refuses bytes that are no UTF-8, of which libyajl lets some pass: overlong ones, and halves of surrogates.
    private func refuseOtherEncodings() throws(JSONError) {
        let text = text
        do throws(UTF8.ValidationError) {
            _ = try UTF8Span(validating: text.span)
        } catch {
            let place = Place(ofByte: error.byteOffsets.lowerBound, in: text)
            throw JSONError("these bytes are no UTF-8", at: place)
        }
    }

    private func parse() -> JSONError? {
        var callbacks = Composer.callbacks
        return unsafe withUnsafePointer(to: &callbacks) { callbacks in
            let handle = unsafe yajl_alloc(callbacks, nil, Unmanaged.passUnretained(self).toOpaque())
            unsafe parser = handle
            defer {
                unsafe parser = nil
                unsafe yajl_free(handle)
            }
            return unsafe parse(handle)
        }
    }

    private func parse(_ handle: yajl_handle?) -> JSONError? {
        let status = unsafe text.withUnsafeBufferPointer { unsafe yajl_parse(handle, $0.baseAddress, $0.count) }
        if status == yajl_status_client_canceled { return nil }
        if status == yajl_status_error { return unsafe problem(of: handle, at: yajl_get_bytes_consumed(handle)) }
        guard unsafe yajl_complete_parse(handle) != yajl_status_ok else { return nil }
        return JSONError(
            text.isEmpty ? "the text is empty" : "the text ends too early", at: Place(ofByte: text.count, in: text))
    }

    private func problem(of handle: yajl_handle?, at offset: Int) -> JSONError {
        guard let message = unsafe yajl_get_error(handle, 0, nil, 0) else {
            return JSONError("this is no JSON", at: Place(ofByte: offset, in: text))
        }
        defer { unsafe yajl_free_error(handle, message) }
        // Such as `lexical error: invalid char in json text.` and a line's end.
        let line = unsafe String(cString: message).utf8
        let kind = line.prefix { $0 != UInt8(ascii: ":") }
        let rest = line.dropFirst(kind.count).drop { ": ".utf8.contains($0) }
        let reason = rest.prefix { $0 != UInt8(ascii: "\n") }
        // libyajl stops at the start of a token that it does not want, and behind a character that it cannot use.
        let start = start(from: end)
        let mistake = kind.elementsEqual("parse error".utf8) ? start : max(start, offset - 1)
        let sentence = reason.last == UInt8(ascii: ".") ? reason.dropLast() : reason
        return JSONError(String(Substring(sentence)), at: Place(ofByte: mistake, in: text))
    }
}

// MARK: - Tokens

extension Composer {
    /// Where a token begins whose predecessor ended at `offset`: only blanks, commas and colons lie between.
    private func start(from offset: Int) -> Int {
        var index = offset
        while index < text.count, text[index].isBetweenTokens { index += 1 }
        return index
    }

    /// The bytes of the token that libyajl has just read.
    private func token() -> Range<Int> {
        let begin = start(from: end)
        end = max(begin, unsafe yajl_get_bytes_consumed(parser))
        return begin..<end
    }

    private func refuse(_ message: String, at offset: Int) -> Int32 {
        refusal = JSONError(message, at: Place(ofByte: offset, in: text))
        return 0
    }

    fileprivate func scalar(_ content: Node.Content) -> Int32 { add(Node(content, in: token())) }

    fileprivate func open(isObject: Bool) -> Int32 {
        let start = token().lowerBound
        guard frames.count < Node.deepestNesting else {
            return refuse("more than \(Node.deepestNesting) levels lie inside each other", at: start)
        }
        frames.append(Frame(start: start, members: isObject ? [] : nil))
        return 1
    }

    fileprivate func key(_ key: String) -> Int32 {
        let start = token().lowerBound
        if frames[frames.count - 1].enter(key) { return 1 }
        return refuse("key \(quoted(key)) is here a second time", at: start)
    }

    fileprivate func close() -> Int32 {
        let end = token().upperBound
        // libyajl closes only what it opened.
        guard let frame = frames.popLast() else { return 0 }
        let content = frame.members.map(Node.Content.object) ?? .array(frame.items)
        return add(Node(content, in: frame.start..<end))
    }

    private func add(_ node: Node) -> Int32 {
        count += 1
        guard count <= Node.mostValues else {
            return refuse("the text holds more than \(Node.mostValues) values", at: node.range.lowerBound)
        }
        guard !frames.isEmpty else {
            tree = node
            return 1
        }
        let top = frames.count - 1
        if frames[top].members != nil {
            let member = Node.Member(key: frames[top].key, value: node)
            frames[top].members?.append(member)
        } else {
            frames[top].items.append(node)
        }
        return 1
    }
}

extension UInt8 {
    fileprivate var isBetweenTokens: Bool {
        switch self {
        case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), UInt8(ascii: "\n"), UInt8(ascii: ","),
            UInt8(ascii: ":"):
            true
        default: false
        }
    }
}

// MARK: - Callbacks

extension Composer {
    /// What libyajl calls; each gets the composer as its context.
    private static var callbacks: yajl_callbacks {
        unsafe yajl_callbacks(
            yajl_null: { unsafe composer($0).scalar(.null) },
            yajl_boolean: { unsafe composer($0).scalar(.boolean($1 != 0)) },
            yajl_integer: nil, yajl_double: nil,
            yajl_number: { context, bytes, count in
                let bytes = unsafe UnsafeRawBufferPointer(start: bytes, count: count)
                return unsafe composer(context).scalar(.number(String(decoding: bytes, as: UTF8.self)))
            },
            yajl_string: { context, bytes, count in
                unsafe composer(context).scalar(.string(copied(bytes, count)))
            },
            yajl_start_map: { unsafe composer($0).open(isObject: true) },
            yajl_map_key: { unsafe composer($0).key(copied($1, $2)) },
            yajl_end_map: { unsafe composer($0).close() },
            yajl_start_array: { unsafe composer($0).open(isObject: false) },
            yajl_end_array: { unsafe composer($0).close() })
    }
}

/// The composer behind a context, which ``Composer/root()`` keeps alive.
@unsafe private func composer(_ context: UnsafeMutableRawPointer?) -> Composer {
    guard let context = unsafe context else { preconditionFailure("libyajl lost its context") }
    return unsafe Unmanaged<Composer>.fromOpaque(context).takeUnretainedValue()
}

@unsafe private func copied(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> String {
    unsafe String(decoding: UnsafeBufferPointer(start: bytes, count: count), as: UTF8.self)
}
