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
