//! The plan of a view, for people: [`Plan`], as text and as a Mermaid diagram.

use super::change::{Change, Changes};
use super::loader::Loader;
use super::node::{Edge, Load, Node};
use super::same::same_fetch;
use super::schedule::{Survey, assign_rounds};
use super::spot::{Spot, What, selects_keys};
use crate::entity::Table;
use crate::group::{Scopes, names, order_text};
use std::fmt::{self, Write};

/// What a view loads: which fetches, in which rounds. Made by [`View::plan`](super::View::plan).
///
/// `Display` writes it as text, [`mermaid`](Self::mermaid) draws it; either may change. A step that serves several
/// fields is one statement.
///
/// ```
#[doc = tracker!()]
/// #[derive(View)]
/// #[view(of = Bug)]
/// struct BugPage {
///     title: String,
///     owner: Arc<Person>,
///     assignee: Option<Arc<Person>>,
/// }
/// assert_eq!(BugPage::plan().to_string(), "\
/// BugPage of Bug: at most 2 statements, 2 rounds
/// round 1
///   1. bugs: the group
///        for BugPage: BugPage
/// round 2
///   2. people by id
///        for BugPage.owner: Person
///        for BugPage.assignee: Person
/// ");
/// ```
#[derive(Clone)]
pub struct Plan {
    title: String,
    steps: Vec<Step>,
    rounds: usize,
    /// The functions that load fields, with the fields.
    loaders: Vec<(&'static Loader, Vec<String>)>,
}

#[derive(Clone)]
struct Step {
    round: usize,
    what: String,
    /// The tables that the step looks at.
    tables: Vec<&'static Table>,
    /// The entities whose scopes narrow it.
    scopes: Vec<&'static str>,
    /// For each fetch that the step serves: the spot, the spot it starts from, the field, what it shows.
    serves: Vec<(usize, usize, String, String)>,
}

impl Plan {
    pub(super) fn of(node: &'static Node) -> Self {
        Self::changed(node, &Changes::default())
    }

    /// The plan of a view of which something is said for one request.
    pub(super) fn changed(node: &'static Node, changes: &Changes) -> Self {
        let mut spots = Survey::of(node).spots().to_vec();
        let mut chosen = Vec::new();
        let _ = changes.apply(&mut spots, 0, &mut chosen);
        assign_rounds(&mut spots);
        let spots = spots.as_slice();
        let mut steps: Vec<Step> = Vec::new();
        let paths = paths(spots);
        // What goes on with a tree is said with its first level.
        let shows = |(_, spot): &(usize, &Spot)| !matches!(spot.what, What::NextLevel(..));
        for (index, spot) in spots.iter().enumerate().filter(shows) {
            let serves = (index, spot.parent, paths[index].clone(), shown(spot));
            let same = |step: &&mut Step| {
                let first = step.serves.first().map(|(first, ..)| &spots[*first]);
                step.round == spot.round && first.is_some_and(|first| same_fetch(first, spot))
            };
            let with = |step: &&mut Step| step.serves.iter().any(|(served, ..)| *served == spot.host);
            let joined = spot.host != index;
            let step = if joined { steps.iter_mut().find(with) } else { steps.iter_mut().find(same) };
            match step {
                Some(step) => step.serve(spot, serves),
                None => steps.push(Step::of(spot, &chosen, serves)),
            }
        }
        steps.iter_mut().for_each(|step| step.note_strategy(spots));
        steps.sort_by_key(|step| step.round);
        Self {
            title: format!("{} of {}", node.view, node.table.entity),
            steps,
            rounds: spots.iter().map(|spot| spot.round).max().unwrap_or_default(),
            loaders: loaders(spots, &paths),
        }
    }

    /// The same, with the scopes that narrow each step.
    pub(crate) fn within(mut self, scopes: &Scopes) -> Self {
        for step in &mut self.steps {
            let covered = step.tables.iter().filter(|table| scopes.covers(table));
            step.scopes = covered.map(|table| table.entity).collect();
        }
        self
    }

    /// At most so many statements: [`View::STATEMENTS`](super::View::STATEMENTS).
    #[must_use]
    pub fn statements(&self) -> usize {
        self.steps.len()
    }

    /// In so many rounds: [`View::ROUNDS`](super::View::ROUNDS).
    #[must_use]
    pub const fn rounds(&self) -> usize {
        self.rounds
    }

    /// The plan as a Mermaid flowchart: a box for each statement, an arrow for each relation.
    ///
    /// ```
    #[doc = tracker!()]
    /// #[derive(View)]
    /// #[view(of = Bug)]
    /// struct BugPage {
    ///     owner: Arc<Person>,
    /// }
    /// assert_eq!(BugPage::plan().mermaid(), "\
    /// flowchart TD
    ///     s1[\"1. bugs: the group\"]
    ///     s2[\"2. people by id\"]
    ///     s1 -->|owner| s2
    /// ");
    /// ```
    #[must_use]
    pub fn mermaid(&self) -> String {
        let mut text = String::from("flowchart TD\n");
        let home = |spot: usize| self.steps.iter().position(|step| step.serves.iter().any(|serve| serve.0 == spot));
        for (number, step) in self.steps.iter().enumerate() {
            let what = step.what.replace('"', "#quot;");
            let _ = writeln!(text, "    s{}[\"{}. {what}\"]", number + 1, number + 1);
        }
        for (number, step) in self.steps.iter().enumerate() {
            for (spot, parent, path, _) in &step.serves {
                // What is joined has no arrow: it is in the box of its parent.
                if let (true, Some(from)) = (spot != parent, home(*parent).filter(|from| *from != number)) {
                    let field = path.rsplit('.').next().unwrap_or(path);
                    let _ = writeln!(text, "    s{} -->|{field}| s{}", from + 1, number + 1);
                }
            }
        }
        text
    }
}

impl Step {
    fn of(spot: &Spot, chosen: &[Change], serves: (usize, usize, String, String)) -> Self {
        let mut tables = vec![spot.table];
        // Links count where what they lead to is to be seen.
        if let What::Links(edge, _) | What::Figures(edge, ..) = &spot.what
            && edge.relation.link.is_some()
        {
            tables.push(edge.relation.to);
        }
        Self { round: spot.round, what: describe(spot, chosen), tables, scopes: Vec::new(), serves: vec![serves] }
    }

    /// Serves another spot too.
    fn serve(&mut self, spot: &Spot, serves: (usize, usize, String, String)) {
        if !self.tables.iter().any(|table| table.is(spot.table)) {
            self.tables.push(spot.table);
        }
        self.serves.push(serves);
    }

    /// Says what does not go by keys.
    fn note_strategy(&mut self, spots: &[Spot]) {
        let own = || self.serves.iter().filter(|(at, ..)| spots[*at].host == *at).map(|(at, ..)| &spots[*at]);
        if !matches!(own().next().map(|spot| &spot.what), Some(What::Root(_))) && selects_keys(own()) {
            self.what.push_str(", by subselect");
        }
        let mut joined = Vec::new();
        for spot in self.serves.iter().filter(|(at, ..)| spots[*at].host != *at).map(|(at, ..)| &spots[*at]) {
            let What::Rows(edge, ..) = &spot.what else { continue };
            let one = format!("{} by {}", spot.table.name, names(edge.relation.local));
            if !joined.contains(&one) {
                joined.push(one);
            }
        }
        if !joined.is_empty() {
            let _ = write!(self.what, ", joined: {}", joined.join(", "));
        }
    }
}

/// The functions that load fields of the rows of these spots, each with all its fields.
fn loaders(spots: &[Spot], paths: &[String]) -> Vec<(&'static Loader, Vec<String>)> {
    let mut loaders: Vec<(&'static Loader, Vec<String>)> = Vec::new();
    for (spot, path) in spots.iter().zip(paths) {
        let node = match &spot.what {
            What::Root(node)
            | What::Rows(_, node, _)
            | What::Linked(_, node)
            | What::Links(Edge { load: Load::Linked(node, ..), .. }, _) => node,
            What::Links(..) | What::Figures(..) | What::NextLevel(..) => continue,
        };
        for loader in node.loaders() {
            let field = format!("{path}.{}", loader.field);
            match loaders.iter_mut().find(|(known, _)| known.is(loader)) {
                Some((_, fields)) => fields.push(field),
                None => loaders.push((loader, vec![field])),
            }
        }
    }
    loaders
}

fn paths(spots: &[Spot]) -> Vec<String> {
    let mut paths: Vec<String> = Vec::with_capacity(spots.len());
    for spot in spots {
        let path = match &spot.what {
            What::Root(node) => node.view.to_owned(),
            What::Rows(edge, ..) | What::Links(edge, _) | What::Figures(edge, ..) | What::NextLevel(edge, _) => {
                format!("{}.{}", paths[spot.parent], edge.field)
            }
            What::Linked(..) => paths[spot.parent].clone(),
        };
        paths.push(path);
    }
    paths
}

/// What a field shows: a view, or an aggregate.
fn shown(spot: &Spot) -> String {
    match &spot.what {
        What::Links(Edge { load: Load::Linked(link, ..), .. }, _) => link.view.to_owned(),
        What::Root(node) | What::Rows(_, node, _) | What::Linked(_, node) => node.view.to_owned(),
        What::Links(..) => "links".to_owned(),
        What::NextLevel(edge, _) => edge.relation.to.entity.to_owned(),
        What::Figures(_, measure, _) => measure.to_string(),
    }
}

pub(crate) fn describe(spot: &Spot, chosen: &[Change]) -> String {
    let mut text = match &spot.what {
        What::Root(_) => return format!("{}: the group", spot.table.name),
        What::Figures(..) => format!("{}: aggregates by {}", spot.table.name, names(spot.by)),
        _ => format!("{} by {}", spot.table.name, names(spot.by)),
    };
    if let What::Rows(edge, ..) | What::Links(edge, _) | What::Figures(edge, ..) = &spot.what {
        options(edge, spot.change.and_then(|change| chosen.get(change)), &mut text);
    }
    text
}

fn options(edge: &Edge, change: Option<&Change>, text: &mut String) {
    if let Some(condition) = edge.condition() {
        let _ = write!(text, " where {condition}");
    }
    if let Some(condition) = change.and_then(|change| change.filter.as_ref()) {
        let _ = write!(text, ", of these {condition}");
    }
    let chosen = change.and_then(|change| change.limit);
    if let Some(limit) = edge.limit.into_iter().chain(chosen).min() {
        let _ = write!(text, ", {limit} per {}", edge.relation.from.entity);
    }
    let order = change.and_then(|change| change.order.clone()).unwrap_or_else(|| edge.order());
    if !order.is_empty() {
        let _ = write!(text, ", order by {}", order_text(&order));
    }
    let links = edge.link_order();
    if !links.is_empty() {
        let _ = write!(text, ", links by {}", order_text(&links));
    }
    if edge.is_recursive() {
        text.push_str(", to the last level");
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (statements, rounds) = (self.statements(), self.rounds);
        let plural = |count: usize| if count == 1 { "" } else { "s" };
        writeln!(
            f,
            "{}: at most {statements} statement{}, {rounds} round{}",
            self.title,
            plural(statements),
            plural(rounds)
        )?;
        let mut round = 0;
        for (number, step) in self.steps.iter().enumerate() {
            if step.round != round {
                round = step.round;
                writeln!(f, "round {round}")?;
            }
            writeln!(f, "  {}. {}", number + 1, step.what)?;
            if !step.scopes.is_empty() {
                writeln!(f, "       in the scope of {}", step.scopes.join(", "))?;
            }
            for (_, _, path, view) in &step.serves {
                writeln!(f, "       for {path}: {view}")?;
            }
        }
        if !self.loaders.is_empty() {
            writeln!(f, "then, once each")?;
        }
        for (loader, fields) in &self.loaders {
            writeln!(f, "  {}", loader.function)?;
            fields.iter().try_for_each(|field| writeln!(f, "       for {field}"))?;
        }
        Ok(())
    }
}

impl fmt::Debug for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
