// SPDX-License-Identifier: Apache-2.0

package import Linux

/// A machine as rtshield sees it: trees of pseudo-files and the affinity of tasks.
///
/// The same code runs on the live machine (``DirectoryMachine``) and on a recorded directory; tests add one that refuses on demand.
/// This is the only door to pseudo-files.
package protocol Machine: AnyObject, Sendable {
    /// Whether this is a recording: it can be read, and never written.
    var isRecorded: Bool { get }

    /// Where cpusets live on this machine; nil when it has none.
    var layout: CgroupLayout? { get }

    /// The absolute path of `file` on the machine that is described, for messages.
    func path(of file: KernelFile) -> String

    /// Reads a whole file.
    func bytes(of file: KernelFile) throws(FileError) -> [UInt8]

    /// Hands `value` to the kernel in one `write(2)`: pseudo-files act on each call.
    func write(_ value: String, to file: KernelFile) throws(FileError)

    /// Hands each value to the kernel in a `write(2)` of its own, on one descriptor that stays open.
    ///
    /// - Returns: The values that the kernel refused, with the error number of each.
    func write(each values: [Int32], to file: KernelFile) throws(FileError) -> [(value: Int32, errno: Errno)]

    /// Names of the entries of a directory, subdirectories only when asked.
    func entries(of directory: KernelFile, directoriesOnly: Bool) throws(FileError) -> [String]

    func makeDirectory(_ directory: KernelFile) throws(FileError)

    func removeDirectory(_ directory: KernelFile) throws(FileError)

    /// Replaces a regular file atomically, creating the directories above it (units and state only).
    func replaceFile(_ file: KernelFile, with text: String) throws(FileError)

    /// Adds a line to a regular file and waits until it is on disk (state only).
    func append(_ line: String, to file: KernelFile) throws(FileError)

    /// Removes a regular file, and the directory that held it when that is empty now (units and state only).
    func removeFile(_ file: KernelFile) throws(FileError)

    /// The CPUs that a task may use, `sched_getaffinity(2)`.
    func affinity(of task: Int32) throws(Errno) -> CPUSet

    /// Sets the CPUs that a task may use, `sched_setaffinity(2)`.
    func setAffinity(_ cpus: CPUSet, of task: Int32) throws(Errno)

    /// How a task is scheduled, `sched_getattr(2)`.
    func scheduling(of task: Int32) throws(Errno) -> Scheduling

    /// Has a task scheduled otherwise, `sched_setattr(2)`.
    func setScheduling(_ scheduling: Scheduling, of task: Int32) throws(Errno)

    /// Sets the highest real-time priority that the threads of a process may take by themselves, `RLIMIT_RTPRIO`.
    func setPriorityLimit(_ limit: UInt64, of process: Int32) throws(Errno)

    /// Runs a program to its end, as rtshield asks systemd for what is systemd's.
    ///
    /// - Returns: The exit status and what the program printed.
    func run(_ command: [String]) throws(FileError) -> (status: Int32, output: String)

    /// Asks a service through its socket, as irqbalance is asked.
    ///
    /// - Parameters:
    ///   - socket: A path, or an abstract name after `@`.
    ///   - message: The question.
    /// - Returns: The answer, which may be empty.
    /// - Throws: `FileError` if nobody listens or answers.
    func ask(_ socket: String, _ message: String) throws(FileError) -> String

    /// Has systemd keep CPUs for a unit that runs, in place of those that it has: `AllowedCPUs=`, none for an empty set.
    ///
    /// - Throws: `FileError` if there is no such unit, or PID 1 does not answer.
    func setAllowedCPUs(_ cpus: CPUSet, of unit: String) throws(FileError)

    /// Has a service look at its settings again (SIGHUP).
    func hangUp(_ process: Int32)

    /// Waits 50 ms for something that happens by itself.
    func pause()

    /// The time that has passed since some moment, whatever the clock was set to meanwhile.
    var uptime: Duration { get }
}

extension Machine {
    /// Reads a whole file as text.
    package func text(of file: KernelFile) throws(FileError) -> String {
        String(decoding: try bytes(of: file), as: UTF8.self)
    }

    /// Reads a file that may be missing or unreadable, without the white space around its text.
    package func textIfPresent(of file: KernelFile) -> String? {
        guard let text = try? text(of: file) else { return nil }
        return String(text.trimmingASCIISpace())
    }

    /// Whether a file or directory exists.
    package func exists(_ file: KernelFile) -> Bool {
        if (try? entries(of: file, directoriesOnly: true)) != nil { return true }
        return (try? bytes(of: file)) != nil
    }
}
