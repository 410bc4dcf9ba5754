//! The schedule of a view: which fetches there are, and in which round each runs. All of it is constant evaluation, so
//! that the number of statements is known when the program is compiled; the engine runs the same functions.
//!
//! A fetch runs no earlier than its parents' rows are known, and as late as it can still share a statement with another
//! of the same table and key columns without adding a round.

use super::node::{Edge, FieldMeta, Load, Node};
use super::same::same_fetch;
use super::spot::{Level, Spot, What, settle};
use crate::entity::{ColumnDef, Strategy, Table};

/// A view may lead to so many relations.
const MOST: usize = 128;

/// All fetches of one view.
pub struct Survey {
    spots: [Spot; MOST],
    len: usize,
}

impl Survey {
    /// Looks through `node`, and assigns the rounds.
    ///
    /// # Panics
    /// At compile time, when the view leads to more than 128 relations.
    #[must_use]
    pub const fn of(node: &'static Node) -> Self {
        let root = Spot::new(0, node.table, &[], What::Root(node), Strategy::Keys);
        let mut survey = Self { spots: [root; MOST], len: 1 };
        let _ = survey.fields(node, 0, 0, None);
        let (spots, _) = survey.spots.split_at_mut(survey.len);
        assign_rounds(spots);
        survey
    }

    const fn push(
        &mut self,
        parent: usize,
        table: &'static Table,
        by: &'static [ColumnDef],
        what: What,
        asked: Strategy,
    ) -> usize {
        assert!(self.len < MOST, "a view may lead to at most 128 relations: split it");
        self.spots[self.len] = Spot::new(parent, table, by, what, asked);
        self.len += 1;
        self.len - 1
    }

    /// Adds the edges of `node`, whose first edge is the `ordinal`-th of its row; gives the ordinal after its last.
    const fn fields(&mut self, node: &'static Node, parent: usize, mut ordinal: usize, level: Option<Level>) -> usize {
        let mut index = 0;
        while index < node.fields.len() {
            match &node.fields[index] {
                FieldMeta::Column(..) | FieldMeta::Embed(..) | FieldMeta::Loaded(_) => {}
                FieldMeta::Flatten(inner) => {
                    // Within a tree, only the field that leads on does.
                    let level = if level.is_some() { Some(Level { field: usize::MAX, left: 0 }) } else { None };
                    ordinal = self.fields(inner, parent, ordinal, level);
                }
                FieldMeta::Edge(edge) => match edge.load {
                    Load::Tree(tree) => {
                        let left = levels(tree.depth, level, index);
                        if left > 0 {
                            match (tree.depth, level) {
                                (None, Some(_)) => {
                                    let (table, by) = (edge.relation.to, edge.relation.remote);
                                    let _ =
                                        self.push(parent, table, by, What::NextLevel(edge, ordinal), Strategy::Keys);
                                }
                                _ => self.level(edge, node, parent, ordinal, Level { field: index, left: left - 1 }),
                            }
                            ordinal += 1;
                        }
                    }
                    _ => {
                        self.edge(edge, parent, ordinal);
                        ordinal += 1;
                    }
                },
            }
            index += 1;
        }
        ordinal
    }

    /// Adds a level of a tree, and what is below it.
    const fn level(&mut self, edge: &'static Edge, node: &'static Node, parent: usize, ordinal: usize, level: Level) {
        let (table, by) = (edge.relation.to, edge.relation.remote);
        let at = self.push(parent, table, by, What::Rows(edge, node, ordinal), Strategy::Keys);
        self.spots[at].level = Some(level);
        let _ = self.fields(node, at, 0, Some(level));
    }

    const fn edge(&mut self, edge: &'static Edge, parent: usize, ordinal: usize) {
        let relation = &edge.relation;
        let (table, by) = match relation.link {
            Some(link) => (link.table, link.near),
            None => (relation.to, relation.remote),
        };
        match edge.load {
            Load::Tree(_) => {}
            Load::Measure(measure) => {
                let _ = self.push(parent, table, by, What::Figures(edge, measure, ordinal), edge.strategy);
            }
            Load::ToOne(node) | Load::Sole(node, _) | Load::Many(node, _) => {
                let at = self.push(parent, table, by, What::Rows(edge, node, ordinal), edge.strategy);
                let _ = self.fields(node, at, 0, None);
            }
            Load::Through(node) => {
                let links = self.push(parent, table, by, What::Links(edge, ordinal), edge.strategy);
                self.linked(links, edge, node);
            }
            Load::Linked(link, _, node) => {
                let links = self.push(parent, table, by, What::Links(edge, ordinal), edge.strategy);
                let _ = self.fields(link, links, 0, None);
                self.linked(links, edge, node);
            }
        }
    }

    const fn linked(&mut self, links: usize, edge: &'static Edge, node: &'static Node) {
        let at = self.push(links, edge.relation.to, edge.relation.remote, What::Linked(edge, node), edge.strategy);
        let _ = self.fields(node, at, 0, None);
    }

    /// The name of the view.
    #[must_use]
    pub const fn view(&self) -> &'static str {
        match self.spots[0].what {
            What::Root(node) => node.view,
            _ => "",
        }
    }

    /// The fetches, parents before children.
    #[must_use]
    pub const fn spots(&self) -> &[Spot] {
        self.spots.split_at(self.len).0
    }

    /// How many statements they are, merged.
    #[must_use]
    pub const fn statements(&self) -> usize {
        statements_of(self.spots())
    }

    /// How many rounds they take.
    #[must_use]
    pub const fn rounds(&self) -> usize {
        let mut most = 0;
        let mut index = 0;
        while index < self.len {
            if self.spots[index].round > most {
                most = self.spots[index].round;
            }
            index += 1;
        }
        most
    }
}

/// How many levels a field of a tree leads on, seen from a row of some level.
const fn levels(depth: Option<u32>, level: Option<Level>, field: usize) -> u32 {
    match level {
        None => match depth {
            Some(depth) => depth,
            None => u32::MAX,
        },
        Some(level) if level.field == field => level.left,
        Some(_) => 0,
    }
}

/// Assigns a strategy and a round to each of `spots`, which hold parents before children.
///
/// From the last round to the first: a spot that can run no earlier runs in its round, and whatever can wait until then
/// and shares its statement joins it.
pub const fn assign_rounds(spots: &mut [Spot]) {
    settle(spots);
    let mut round = 0;
    let mut index = 0;
    while index < spots.len() {
        spots[index].round = 0;
        if spots[index].depth > round {
            round = spots[index].depth;
        }
        index += 1;
    }
    while round > 0 {
        let mut index = 0;
        while index < spots.len() {
            if spots[index].is_waiting(index) && spots[index].depth == round {
                spots[index].round = round;
            }
            index += 1;
        }
        let mut index = 0;
        while index < spots.len() {
            if spots[index].is_waiting(index) && children_run_after(spots, index, round) && joins(spots, index, round) {
                spots[index].round = round;
            }
            index += 1;
        }
        round -= 1;
    }
    // What is joined comes when its host does.
    let mut index = 0;
    while index < spots.len() {
        spots[index].round = spots[spots[index].host].round;
        index += 1;
    }
}

const fn children_run_after(spots: &[Spot], parent: usize, round: usize) -> bool {
    let mut index = parent + 1;
    while index < spots.len() {
        let child = &spots[index];
        // Also the children of what is joined to it.
        if child.host == index && spots[child.parent].host == parent && child.round <= round {
            return false;
        }
        index += 1;
    }
    true
}

const fn joins(spots: &[Spot], candidate: usize, round: usize) -> bool {
    let mut index = 0;
    while index < spots.len() {
        let runs = spots[index].host == index && spots[index].round == round;
        if index != candidate && runs && same_fetch(&spots[index], &spots[candidate]) {
            return true;
        }
        index += 1;
    }
    false
}

/// The number of statements of `spots`: those of one round that are the same fetch count once.
#[must_use]
pub const fn statements_of(spots: &[Spot]) -> usize {
    let mut statements = 0;
    let mut index = 0;
    while index < spots.len() {
        let mut earlier = 0;
        // What is joined is no statement.
        let mut merged = spots[index].host != index;
        while earlier < index {
            let runs = spots[earlier].host == earlier && spots[earlier].round == spots[index].round;
            if runs && same_fetch(&spots[earlier], &spots[index]) {
                merged = true;
            }
            earlier += 1;
        }
        if !merged {
            statements += 1;
        }
        index += 1;
    }
    statements
}
