// SPDX-License-Identifier: Apache-2.0

/// The candidate nearest to a misspelt word, unless it is too far to be what was meant.
///
/// Near is at most a third of the letters typed, and one for short words.
package func suggestion(for word: String, among candidates: [String]) -> String? {
    let limit = max(1, word.count / 3)
    return candidates.map { (name: $0, distance: editDistance(word, $0)) }
        .filter { $0.distance <= limit }
        .min { $0.distance < $1.distance }?.name
}

/// How many letters to insert, delete, replace or swap with their neighbour to turn one word into another.
///
/// This is the optimal string alignment distance: a swap counts once, since it is the commonest slip.
func editDistance(_ first: String, _ second: String) -> Int {
    let first = Array(first)
    let second = Array(second)
    var older: [Int] = []
    var old = Array(0...second.count)
    for row in first.indices {
        var new = [row + 1]
        for column in second.indices {
            let replaced = old[column] + (first[row] == second[column] ? 0 : 1)
            var best = min(replaced, old[column + 1] + 1, new[column] + 1)
            if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
                best = min(best, older[column - 1] + 1)
            }
            new.append(best)
        }
        (older, old) = (old, new)
    }
    return old[second.count]
}
