// SPDX-License-Identifier: Apache-2.0

internal import CLibyaml

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
