//! The order of a list that is kept in a column: which rows get another position when some change places.

use super::layout::Layout;
use crate::entity::Value;
use crate::view::Graph;
use std::sync::Arc;

/// The distance between two positions that are given anew: so many rows can be put between them before others have to
/// make room.
const GAP: i64 = 1024;

/// Gives the rows in hand positions that ascend. As many as possible keep theirs, so that a row that changes its place is
/// one row to write where there is a gap. Positions that any of them held are not given to another one: no two
/// rows hold the same one, not even while they are written.
pub(super) fn reposition(layout: &Layout, read: &[Option<&Graph>], now: &mut [Graph]) {
    let Some(place) = layout.upkeep().position.and_then(|column| layout.columns.iter().position(|c| *c == column))
    else {
        return;
    };
    let known: Vec<Option<i64>> = read.iter().map(|row| integer(row.as_ref()?.cells.get(place)?)).collect();
    for (row, position) in now.iter_mut().zip(positions(&known)) {
        let position = Value::Int(position);
        if row.cells.get(place).is_some_and(|cell| *cell != position) {
            Arc::make_mut(&mut row.cells)[place] = position;
        }
    }
}

const fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Int(number) => Some(*number),
        _ => None,
    }
}

/// Positions for rows that stood at `known` ones, in their new order; none: the row is new.
fn positions(known: &[Option<i64>]) -> Vec<i64> {
    let keep = longest_ascending(known);
    let mut given = Vec::with_capacity(known.len());
    let last = known.iter().flatten().max().copied();
    let mut at = 0;
    while at < known.len() {
        if let Some(position) = known[at].filter(|_| keep[at]) {
            given.push(position);
            at += 1;
            continue;
        }
        let next = (at..known.len()).find(|at| keep[*at]);
        let several = next.unwrap_or(known.len()) - at;
        let before = given.last().copied();
        let above = next.and_then(|next| known[next]);
        match between(before, above, several as i64, last, known) {
            Some(mut some) => {
                given.append(&mut some);
                at += several;
            }
            // No room: all that follow move behind the last.
            None => {
                let first = last.unwrap_or(0);
                given
                    .extend((1..).take(known.len() - at).map(|nth: i64| first.saturating_add(nth.saturating_mul(GAP))));
                return given;
            }
        }
    }
    given
}

/// So many positions between two others, which nobody held; none if there are not enough.
fn between(
    before: Option<i64>,
    above: Option<i64>,
    several: i64,
    last: Option<i64>,
    known: &[Option<i64>],
) -> Option<Vec<i64>> {
    let (from, step) = match (before, above) {
        (None, None) => (last.unwrap_or(0), GAP),
        // Behind the last of those that stay, and behind those that do not.
        (Some(before), None) => (last.unwrap_or(before).max(before), GAP),
        (None, Some(above)) => {
            let first = known.iter().flatten().min().copied().unwrap_or(above).min(above);
            let step = GAP;
            (first.checked_sub(step.checked_mul(several.checked_add(1)?)?)?, step)
        }
        (Some(before), Some(above)) => (before, above.checked_sub(before)? / (several + 1)),
    };
    if step == 0 {
        return None;
    }
    let given: Option<Vec<i64>> = (1..=several).map(|nth| from.checked_add(nth.checked_mul(step)?)).collect();
    given.filter(|given| !given.iter().any(|position| known.contains(&Some(*position))))
}

/// Which of them, the most that are possible, stand in ascending order.
fn longest_ascending(known: &[Option<i64>]) -> Vec<bool> {
    // For each length, where the least last one of such a sequence stands; for each, which one comes before it.
    let (mut ends, mut before): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), vec![None; known.len()]);
    for (at, position) in known.iter().enumerate() {
        let Some(position) = position else { continue };
        let length = ends.partition_point(|end| known[*end].is_some_and(|end| end < *position));
        before[at] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = at,
            None => ends.push(at),
        }
    }
    let mut keep = vec![false; known.len()];
    let mut at = ends.last().copied();
    while let Some(kept) = at {
        keep[kept] = true;
        at = before[kept];
    }
    keep
}

#[cfg(test)]
mod tests {
    use super::positions;

    fn given(known: &[i64]) -> Vec<i64> {
        positions(&known.iter().map(|position| (*position != 0).then_some(*position)).collect::<Vec<_>>())
    }

    #[test]
    fn what_stays_keeps_its_position() {
        assert_eq!(given(&[10, 20, 30]), [10, 20, 30]);
        assert_eq!(given(&[]), [0_i64; 0]);
    }

    #[test]
    fn one_that_moves_goes_between() {
        assert_eq!(given(&[30, 10, 20]), [10 - 2048 + 1024, 10, 20]);
        assert_eq!(given(&[10, 30, 20, 40]), [10, 15, 20, 40]);
        assert_eq!(given(&[20, 30, 10]), [20, 30, 30 + 1024]);
    }

    #[test]
    fn new_ones_come_behind_or_between() {
        assert_eq!(given(&[0, 0]), [1024, 2048]);
        assert_eq!(given(&[10, 0, 0]), [10, 1034, 2058]);
        assert_eq!(given(&[10, 0, 20]), [10, 15, 20]);
    }

    #[test]
    fn without_room_the_rest_moves_behind() {
        assert_eq!(given(&[1, 0, 2, 3]), [1, 3 + 1024, 3 + 2048, 3 + 3072]);
    }

    /// Every list of up to four rows out of new ones and of four that stood at 3, 4, 6 and 9.
    #[test]
    fn they_ascend_and_nobody_takes_anothers() {
        const STOOD: [i64; 5] = [0, 3, 4, 6, 9];
        for number in 0..5_usize.pow(4) {
            let known: Vec<i64> = (0..4).map(|digit| STOOD[number / 5_usize.pow(digit) % 5]).collect();
            let twice = |at: usize| known[at] != 0 && known[..at].contains(&known[at]);
            if (0..4).any(twice) {
                continue;
            }
            let positions = given(&known);
            assert!(positions.is_sorted_by(|one, two| one < two), "{known:?}: {positions:?}");
            for (at, position) in positions.iter().enumerate() {
                let others = known.iter().enumerate().filter(|(other, _)| *other != at);
                assert!(
                    *position == 0 || others.into_iter().all(|(_, known)| known != position),
                    "{known:?}: {positions:?}"
                );
            }
        }
    }
}
