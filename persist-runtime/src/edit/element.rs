//! What a save would do to the rows of an edit's collections: [`ElementChange`], for logs and for people.

use super::below::Part;
use super::change::Changed;
use super::editable::Editable;
use super::held::Edit;
use super::work::Op;
use super::write::RowUpdate;
use crate::engine::KeyText;
use std::fmt;

/// What a save would do to one element of a collection. See [`Edit::elements`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ElementChange {
    /// The field that holds the collection.
    pub field: &'static str,
    /// The entity of the element.
    pub entity: &'static str,
    /// What it is told from others by: the key of a map, the value of a set, or its own key.
    pub key: KeyText,
    /// What becomes of it.
    pub what: Element,
}

/// What becomes of an element.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Element {
    /// It is put in.
    Put,
    /// These columns of it change.
    Changed(Vec<Changed>),
    /// It is taken out.
    Removed,
}

impl<V: Editable> Edit<V> {
    /// What a save would do to the rows of its collections, those of collections below them too; nothing where it would be
    /// [refused](super::Refused). `Display` is for logs.
    ///
    /// ```
    #[doc = tracker!()]
    /// use persist::Edit;
    ///
    /// #[derive(View)]
    /// #[view(of = Person, edit)]
    /// struct Desk {
    ///     id: i32,
    ///     bugs: Vec<Bug>,
    /// }
    /// let mut desk = context.edit::<Desk>(1)?;
    /// desk.bugs[0].heat = 50;
    /// desk.bugs.push(Bug { id: 10, title: "Loud fan".into(), heat: 1, owner_id: 1, assignee_id: None });
    /// let changes: Vec<_> = Edit::elements(&desk).iter().map(ToString::to_string).collect();
    /// assert_eq!(changes, ["bugs 7: heat: 42 -> 50", "bugs 10: put in"]);
    /// context.save(&mut desk)?;
    /// assert_eq!(context.realise(Bugs::from_keys([10]))?[0].heat, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    #[must_use]
    pub fn elements(edit: &Self) -> Vec<ElementChange> {
        edit.below().map_or_else(|_| Vec::new(), |(_, parts)| parts.into_iter().map(change).collect())
    }
}

fn change(part: Part) -> ElementChange {
    let what = match &part.op {
        _ if part.at.is_none() => Element::Removed,
        Op::Update(RowUpdate { sets, .. }) => {
            let changed =
                |set: &super::Set| Changed { column: set.column, from: part.read(&set.column), to: set.to.clone() };
            Element::Changed(sets.iter().map(changed).collect())
        }
        _ => Element::Put,
    };
    ElementChange { field: part.field, entity: part.table.entity, key: KeyText(part.name), what }
}

impl fmt::Display for ElementChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}: ", self.field, self.key)?;
        match &self.what {
            Element::Put => f.write_str("put in"),
            Element::Removed => f.write_str("taken out"),
            Element::Changed(changed) => {
                for (index, changed) in changed.iter().enumerate() {
                    write!(f, "{}{changed}", if index > 0 { ", " } else { "" })?;
                }
                Ok(())
            }
        }
    }
}
