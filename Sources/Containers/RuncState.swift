// SPDX-License-Identifier: Apache-2.0

internal import JSON
import MachineKit

/// What runc notes of a container in its own `state.json`, of which only the bundle is of use here.
enum RuncState {
    /// The directory of the bundle, which runc keeps as a label; nil when the text does not tell.
    static func bundle(in text: [UInt8]) -> String? {
        guard let document = try? Document("state.json", text, limit: Spec.largest),
            let labels = try? Fields(document).object("config")?.strings("labels")
        else { return nil }
        let prefix = "bundle="
        let label = labels.first { $0.hasPrefix(prefix) }
        return label.map { String($0.dropFirst(prefix.count)) }.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
}
