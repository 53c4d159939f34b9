// SPDX-License-Identifier: Apache-2.0

internal import Configuration
import Linux
import Text

/// The program: prepares a container that is to start, and becomes the real runtime.
package struct Wrapper {
    private let installation: Installation

    /// Makes the program for a machine.
    package init(_ installation: Installation) { self.installation = installation }

    /// Performs a command line, and becomes the real runtime with the arguments and the environment of this process.
    ///
    /// - Parameter words: The arguments of this process, without the program's name.
    /// - Returns: Only when the real runtime was not called: the exit status.
    package func run(_ words: [String]) -> Int32 {
        let invocation = RuntimeInvocation(words)
        do throws(RuntimeError) {
            let runtime = try prepare(invocation)
            let reason = CurrentProcess.handOver(to: runtime)
            throw RuntimeError(
                "cannot start \(runtime): \(reason); the real runtime is named as 'runtime', below 'containers', in "
                    + installation.configuration)
        } catch {
            report(error, invocation.log)
            return 1
        }
    }

    /// Does everything that comes before the real runtime.
    ///
    /// - Returns: The path of the real runtime.
    func prepare(_ invocation: RuntimeInvocation) throws(RuntimeError) -> String {
        let settings = RuntimeSettings(installation.configuration)
        let runtime = try installation.runtime(named: settings.containers.runtime)
        if let option = invocation.unknownOption {
            warn(["option '\(option)' before the command is unknown, so that a container would start without the hook"])
        }
        guard let place = invocation.configuration else { return runtime }
        // Engines ask for states and run health checks all the time; of those, nobody is told.
        warn(settings.warnings)
        do throws(RuntimeError) {
            try prepare(place, settings)
        } catch {
            guard !BundleFile.speaksOfRequests(place) else {
                throw RuntimeError("\(error); the container speaks of rtshield, and does not start without its hook")
            }
            // What is wrong with it, the real runtime says, in its own words.
            warn(["\(error); the container does not speak of rtshield, and starts without its hook"])
        }
        return runtime
    }

    private func prepare(_ place: RuntimeInvocation.Place, _ settings: RuntimeSettings) throws(RuntimeError) {
        let file = try BundleFile.read(place)
        var preparation = Preparation(hook: try installation.hook(), settings: settings, place: place)
        let text = try preparation.prepare(file.text)
        warn(preparation.warnings)
        if let text { try file.rewrite(text) }
    }
}

// MARK: - Messages

extension Wrapper {
    private func warn(_ lines: [String]) {
        for line in lines { installation.log.log(line, .warning) }
    }

    /// Tells a failure to whoever called, and to the administrator.
    private func report(_ refusal: RuntimeError, _ log: RuntimeInvocation.Log?) {
        installation.log.log(refusal.description, .error)
        log?.append(refusal.description)
        // Nobody is left who could be told that nobody reads.
        try? StandardError.write("rtshield-runtime: \(refusal)\n")
    }
}

/// Why no runtime is called: one line of what is wrong and what to do, safe to print.
struct RuntimeError: Error, Hashable, CustomStringConvertible {
    let description: String

    /// Takes a text; of what would end its line or steer a terminal, spaces are left.
    init(_ text: String) { description = text.withoutControlCharacters }
}
