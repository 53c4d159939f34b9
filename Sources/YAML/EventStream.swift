// SPDX-License-Identifier: Apache-2.0

internal import CLibyaml

/// The events of a text, as libyaml finds them.
///
/// Safe to hold: the parser and the text that it points into live exactly as long as the value.
@safe struct EventStream: ~Copyable {
    private let parser: UnsafeMutablePointer<yaml_parser_t>
    private let memory: UnsafeMutableBufferPointer<UInt8>
    private let text: ArraySlice<UInt8>

    /// Starts to read a text in UTF-8, with or without a byte order mark.
    init(_ text: [UInt8]) {
        // libyaml would count the mark as a column.
        self.text = text.starts(with: [0xEF, 0xBB, 0xBF]) ? text.dropFirst(3) : text[...]
        unsafe memory = .allocate(capacity: self.text.count)
        _ = unsafe memory.initialize(from: self.text)
        unsafe parser = .allocate(capacity: 1)
        let isReady = unsafe yaml_parser_initialize(parser) == 1
        precondition(isReady, "out of memory")
        unsafe yaml_parser_set_input_string(parser, memory.baseAddress, memory.count)
        unsafe yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    }

    deinit {
        unsafe yaml_parser_delete(parser)
        unsafe parser.deallocate()
        unsafe memory.deallocate()
    }

    /// Reads the next event.
    ///
    /// - Throws: ``YAMLError`` where the text is no YAML; there is nothing to read after it.
    ///
    /// The corresponding C function is `yaml_parser_parse`.
    mutating func next() throws(YAMLError) -> Event {
        var event = unsafe yaml_event_t()
        guard unsafe yaml_parser_parse(parser, &event) == 1 else { throw failure() }
        defer { unsafe yaml_event_delete(&event) }
        return unsafe Event(event)
    }

    /// Why libyaml stopped.
    private func failure() -> YAMLError {
        let problem = unsafe String(orEmpty: parser.pointee.problem)
        if unsafe parser.pointee.error == YAML_READER_ERROR {
            let mark = unsafe Mark(ofByte: parser.pointee.problem_offset, in: text)
            return YAMLError(problem, at: mark, hint: "save the text as UTF-8 without control characters")
        }
        let context = unsafe String(orEmpty: parser.pointee.context)
        let mark = unsafe parser.pointee.problem_mark
        guard let next = text.byte(ofScalar: Int(mark.index)) else {
            // libyaml puts the end of a text into a line of its own.
            let end = Mark(ofByte: text.count, in: text)
            return SyntaxProblem(problem: problem, context: context).error(at: end)
        }
        return SyntaxProblem(problem: problem, context: context, next: next).error(at: Mark(mark))
    }
}

extension String {
    /// Copies a C text, which may be missing.
    @unsafe fileprivate init(orEmpty text: UnsafePointer<CChar>?) {
        self = unsafe text.map { unsafe String(cString: $0) } ?? ""
    }
}

/// One step of libyaml through a text.
struct Event: Hashable {
    enum Kind: Hashable {
        case streamStart, streamEnd
        case documentStart, documentEnd
        case alias
        case scalar(String)
        case sequenceStart, sequenceEnd
        case mappingStart, mappingEnd
    }

    var kind: Kind
    var mark: Mark
    /// Whether `&name` stands before the value.
    var hasAnchor = false
    /// Whether `!name` stands before the value.
    var hasTag = false
    /// Whether a scalar stands in quotes or in a block.
    var isQuoted = false
}

extension Event {
    /// Copies what libyaml holds until the event is deleted.
    @unsafe init(_ event: yaml_event_t) {
        unsafe self.init(kind: Kind(event), mark: Mark(event.start_mark))
        switch kind {
        case .scalar:
            hasAnchor = unsafe event.data.scalar.anchor != nil
            hasTag = unsafe event.data.scalar.tag != nil
            isQuoted = unsafe event.data.scalar.style != YAML_PLAIN_SCALAR_STYLE
        case .sequenceStart:
            hasAnchor = unsafe event.data.sequence_start.anchor != nil
            hasTag = unsafe event.data.sequence_start.tag != nil
        case .mappingStart:
            hasAnchor = unsafe event.data.mapping_start.anchor != nil
            hasTag = unsafe event.data.mapping_start.tag != nil
        default: break
        }
    }
}

extension Event.Kind {
    @unsafe fileprivate init(_ event: yaml_event_t) {
        switch unsafe event.type {
        case YAML_STREAM_START_EVENT: self = .streamStart
        case YAML_DOCUMENT_START_EVENT: self = .documentStart
        case YAML_DOCUMENT_END_EVENT: self = .documentEnd
        case YAML_ALIAS_EVENT: self = .alias
        case YAML_SEQUENCE_START_EVENT: self = .sequenceStart
        case YAML_SEQUENCE_END_EVENT: self = .sequenceEnd
        case YAML_MAPPING_START_EVENT: self = .mappingStart
        case YAML_MAPPING_END_EVENT: self = .mappingEnd
        case YAML_SCALAR_EVENT:
            // A quoted scalar may hold NUL bytes, so its length counts.
            let bytes = unsafe UnsafeBufferPointer(start: event.data.scalar.value, count: event.data.scalar.length)
            self = unsafe .scalar(String(decoding: bytes, as: UTF8.self))
        // What follows the end of a stream is YAML_NO_EVENT.
        default: self = .streamEnd
        }
    }
}

extension Mark {
    /// Takes a place from libyaml, which counts from 0.
    init(_ mark: yaml_mark_t) {
        self.init(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
    }
}
