// SPDX-License-Identifier: Apache-2.0

/// What a manual page tells beyond commands and options.
package struct Manual: Sendable {
    /// Paragraphs on what the program is for.
    package var description: [String]
    /// Exit statuses and when each is returned.
    package var exitStatus: [Row]
    /// Paths and what each holds.
    package var files: [Row]
    /// Other pages, such as `cgroups(7)`.
    package var seeAlso: [String]

    /// What the page tells, each part in the order given; parts that are empty are left out.
    package init(
        description: [String] = [], exitStatus: [Row] = [], files: [Row] = [], seeAlso: [String] = []
    ) {
        self.description = description
        self.exitStatus = exitStatus
        self.files = files
        self.seeAlso = seeAlso
    }
}

extension CommandTable {
    /// The manual page for section 1, in the macros of man(7) and in ASCII alone.
    package var manualPage: String {
        let title = roff(String(name.map { Character($0.uppercased()) }))
        let head = ".TH \"\(title)\" 1 \"\" \"\(roff("\(name) \(version)"))\" \"User Commands\"\n"
        let sections: [(title: String, body: String)] = [
            ("NAME", "\(roff(name)) \\- \(roff(summary))\n"),
            ("SYNOPSIS", synopsis),
            ("DESCRIPTION", paragraphs(manual.description)),
            ("COMMANDS", commands.map(section).joined()),
            ("OPTIONS", definitions(generalOptions.map { (term($0), roff($0.summary)) })),
            ("EXIT STATUS", list(manual.exitStatus)),
            ("FILES", list(manual.files)),
            ("EXAMPLES", list(examples + commands.flatMap(\.examples))),
            ("SEE ALSO", manual.seeAlso.isEmpty ? "" : roff(manual.seeAlso.joined(separator: ", ")) + "\n"),
        ]
        return head + sections.filter { !$0.body.isEmpty }.map { ".SH \($0.title)\n\($0.body)" }.joined()
    }

    private var synopsis: String {
        let usages = commands.map { "\(roff(name)) \(roff($0.usage))\n" } + ["\(roff(name)) help [COMMAND]\n"]
        return ".nf\n" + usages.joined() + ".fi\n"
    }

    private func section(on command: Command) -> String {
        ".SS \"\(roff("\(name) \(command.usage)"))\"\n" + paragraphs([command.summary + "."] + command.details)
            + definitions(command.options.map { (term($0), roff($0.summary)) })
    }

    private func term(_ option: OptionShape) -> String {
        let words = option.words.map { "\\fB\(roff($0))\\fR" }.joined(separator: ", ")
        let value = option.placeholder.map { " \\fI\(roff($0))\\fR" } ?? ""
        return words + value + (option.isRepeatable ? " ..." : "")
    }

    private func paragraphs(_ texts: [String]) -> String {
        texts.map { "\(roff($0))\n" }.joined(separator: ".PP\n")
    }

    private func list(_ rows: [Row]) -> String {
        definitions(rows.map { ("\\fB\(roff($0.term))\\fR", roff($0.meaning)) })
    }

    private func definitions(_ rows: [Row]) -> String { rows.map { ".TP\n\($0.term)\n\($0.meaning)\n" }.joined() }
}

/// What roff reads as markup, and what stands for the character itself; see groff_char(7).
private let roffEscapes: [Character: String] = [
    "\\": "\\e", "-": "\\-", "'": "\\(aq", "\"": "\\(dq", "`": "\\(ga", "^": "\\(ha", "~": "\\(ti",
]

/// Text as roff source: one line, no markup, a dot at its start harmless, and other than ASCII by code point.
private func roff(_ text: String) -> String {
    let escaped = replacing(roffEscapes, in: text).unicodeScalars.map { scalar in
        if scalar.isASCII { return String(scalar) }
        let digits = String(scalar.value, radix: 16, uppercase: true)
        return "\\[u" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "]"
    }
    let line = escaped.joined()
    return line.hasPrefix(".") ? "\\&" + line : line
}
