// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Undoes what others did to this thread: some threads of Swift hold all signals back, and whoever runs the tests may
/// have some ignored.
func letSignalsAct() {
    for number in [SIGHUP, SIGTERM, SIGALRM] { Glibc.signal(number, SIG_DFL) }
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
}

/// Ends a process that only makes a check, if the check fails, and runs nothing more: a filter may not let it.
func expect(_ condition: Bool, line: Int32 = #line) {
    if !condition { _exit(line) }
}

/// Goes on in a process that has no thread but this one, and ends as that one did.
///
/// The threads of the tests' own process do what no filter and no set of rights under test lets them do.
func alone(_ body: () throws -> Void) -> Never {
    // Swift does not import it, because little is safe in a process that had threads before; this little is.
    let fork = dlsym(nil, "fork").map { unsafeBitCast($0, to: (@convention(c) () -> Int32).self) }
    guard let child = fork?(), child >= 0 else { _exit(255) }
    if child == 0 {
        do { try body() } catch { _exit(254) }
        _exit(0)
    }
    var status: Int32 = 0
    waitpid(child, &status, 0)
    let signal = status & 0x7f
    if signal == 0 { _exit(status >> 8) }
    Glibc.signal(signal, SIG_DFL)
    var none = sigset_t()
    sigemptyset(&none)
    pthread_sigmask(SIG_SETMASK, &none, nil)
    raise(signal)
    _exit(253)
}
