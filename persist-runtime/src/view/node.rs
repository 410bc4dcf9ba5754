//! A view as data: a constant tree that the derives emit.

use super::View;
use super::edges::EdgeFilter;
use super::loader::Loader;
use super::rows::{RowsOf, ViewRows};
use super::upkeep::Upkeep;
use crate::entity::{ColumnDef, ColumnType, Entity, Strategy, Table, Value};
use crate::group::{Comparison, Condition, Measure, OrderBy, RelationDef};
use std::any::{Any, TypeId};
use std::fmt;

/// A view: its entity's table, and its fields.
pub struct Node {
    /// The view's name.
    pub view: &'static str,
    /// The table of its entity.
    pub table: &'static Table,
    /// Its fields, in the order of declaration; computed ones are left out.
    pub fields: &'static [FieldMeta],
    /// Which type it is.
    pub id: fn() -> TypeId,
    /// An empty collection of its rows.
    pub rows: fn() -> Box<dyn ViewRows>,
}

/// One field of a view.
#[allow(clippy::large_enum_variant, reason = "these are constants: nobody moves them")]
pub enum FieldMeta {
    /// A column of the entity, with the name of the field that shows it.
    Column(&'static str, ColumnDef),
    /// A relation, or an aggregate of it.
    Edge(Edge),
    /// A value that a function loads.
    Loaded(Loader),
    /// Another view of the same entity, inlined.
    Flatten(&'static Node),
    /// Several columns as one field, with its name and the parts of it: columns, or fields of this kind again.
    Embed(&'static str, &'static [FieldMeta]),
}

impl FieldMeta {
    /// The field's name; of a flattened view, that view's.
    pub(super) const fn label(&self) -> &'static str {
        match self {
            Self::Column(field, _) | Self::Embed(field, _) => field,
            Self::Edge(edge) => edge.field,
            Self::Loaded(loader) => loader.field,
            Self::Flatten(node) => node.view,
        }
    }
}

impl FieldMeta {
    /// The relation, if it is one.
    #[doc(hidden)]
    #[must_use]
    pub const fn as_edge(&self) -> Option<&Edge> {
        match self {
            Self::Edge(edge) => Some(edge),
            Self::Column(..) | Self::Loaded(_) | Self::Flatten(_) | Self::Embed(..) => None,
        }
    }
}

/// At most so many terms order the rows of an edge.
pub const MAX_ORDER: usize = 4;

/// A relation as a field of a view.
pub struct Edge {
    /// The field's name.
    pub field: &'static str,
    /// The relation.
    pub relation: RelationDef,
    /// What is loaded.
    pub load: Load,
    /// How, unless something nearer to the call says otherwise.
    pub strategy: Strategy,
    /// The order of the rows of each parent, the first term counting most; the key ends it.
    pub order: [Option<OrderBy>; MAX_ORDER],
    /// The order of the links of each parent, which counts after that of the rows.
    pub link_order: [Option<OrderBy>; MAX_ORDER],
    /// At most so many rows for each parent.
    pub limit: Option<u32>,
    /// What the rows satisfy, besides the relation's own condition.
    pub filter: Option<EdgeFilter>,
    /// The columns that are the keys of a map; none where it is no map.
    pub by: &'static [ColumnDef],
    /// The column that is held instead of a view of the row, if one is.
    pub value: &'static [ColumnDef],
    /// How its rows are kept, where they are edited with the row that holds them.
    pub upkeep: Upkeep,
}

/// What an edge loads.
#[derive(Clone, Copy)]
pub enum Load {
    /// The row that the parent refers to, shared with other parents.
    ToOne(&'static Node),
    /// The only row that refers to the parent; it is its own.
    Sole(&'static Node, Gather),
    /// The rows that refer to the parent; they are its own.
    Many(&'static Node, Gather),
    /// Rows that a link table names, shared with other parents.
    Through(&'static Node),
    /// The same, each with its link, which is the parent's own: first the view of the link.
    Linked(&'static Node, Gather, &'static Node),
    /// One value made of the rows.
    Measure(Measure),
    /// The view itself again, along a relation of its entity onto itself.
    Tree(Tree),
}

/// How a view leads to itself. It names no node, since the view's own would be a constant that needs itself: a tree's
/// node is the one that it is a field of.
#[derive(Clone, Copy)]
pub struct Tree {
    /// How many levels below the first; none: to the last one, which one statement brings.
    pub depth: Option<u32>,
    /// For a relation to many rows: puts them into containers.
    pub gather: Option<Gather>,
}

/// Distributes children over parents: the children as a `Vec` of views, the parent of each, the number of parents; out
/// comes a `Vec` of containers.
pub type Gather = fn(Box<dyn Any + Send>, &[u32], usize) -> Option<Box<dyn Any + Send>>;

impl Edge {
    /// The order's terms.
    pub fn order(&self) -> Vec<OrderBy> {
        self.order.iter().copied().flatten().collect()
    }

    /// Whether the order in which its rows come is not seen: they are held in a map, or in a set.
    #[must_use]
    pub const fn has_its_own_order(&self) -> bool {
        matches!(self.load, Load::Many(..)) && !(self.by.is_empty() && self.value.is_empty())
    }

    /// Whether a parent may refer to nothing: its field is an `Option`.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.is_reference() && self.relation.local.iter().any(|column| column.nullable)
    }

    /// Whether it leads to the one row that the parent refers to, shared with other parents.
    #[must_use]
    pub const fn is_reference(&self) -> bool {
        matches!(self.load, Load::ToOne(_) | Load::Tree(Tree { gather: None, .. }))
    }

    /// Whether it leads on to the last level of a tree, by one statement.
    #[must_use]
    pub const fn is_recursive(&self) -> bool {
        matches!(self.load, Load::Tree(Tree { depth: None, .. }))
    }

    /// The order of the links: its terms.
    pub fn link_order(&self) -> Vec<OrderBy> {
        self.link_order.iter().copied().flatten().collect()
    }

    /// What the rows that hold the parent's key satisfy: rows of the target, or links to them.
    pub fn condition(&self) -> Option<Condition> {
        let view = self.filter.map(|filter| (filter.make)());
        let alive = |column| Condition::Compare { column, how: Comparison::Equal, value: Value::Bool(false) };
        let all = [self.relation.condition(), view, self.upkeep.mark().map(alive)];
        all.into_iter().flatten().reduce(Condition::and).map(|condition| self.relation.of_keyed(condition))
    }

    /// Whether each row belongs to one parent, into which it is moved.
    #[must_use]
    pub const fn owns_its_rows(&self) -> bool {
        match self.load {
            Load::Sole(..) | Load::Many(..) | Load::Linked(..) => true,
            Load::Tree(tree) => tree.gather.is_some(),
            Load::ToOne(_) | Load::Through(_) | Load::Measure(_) => false,
        }
    }

    /// The view that it leads to, if it loads rows of another view.
    #[must_use]
    pub const fn node(&self) -> Option<&'static Node> {
        match self.load {
            Load::ToOne(node)
            | Load::Sole(node, _)
            | Load::Many(node, _)
            | Load::Through(node)
            | Load::Linked(.., node) => Some(node),
            Load::Measure(_) | Load::Tree(_) => None,
        }
    }
}

impl Node {
    /// The node of the view `V`. Emitted by the derives.
    #[doc(hidden)]
    #[must_use]
    pub const fn of<V: View>(view: &'static str, fields: &'static [FieldMeta]) -> Self {
        let table = <V::Of as Entity>::TABLE;
        Self { view, table, fields, id: TypeId::of::<V>, rows: RowsOf::<V>::boxed }
    }

    /// Whether it is more than columns: one of its fields leads to other rows. Of an entity, which flattens nothing.
    pub(crate) fn holds_rows(&self) -> bool {
        self.fields.iter().any(|field| field.as_edge().is_some())
    }

    /// The columns of this view, those of flattened views in place.
    #[must_use]
    pub fn columns(&self) -> Vec<ColumnDef> {
        let mut columns = Vec::with_capacity(self.fields.len());
        flat_of(self.fields, &mut columns);
        columns
    }

    /// The fields that show a column, with it; those of flattened views in place.
    #[must_use]
    pub fn shown(&self) -> Vec<Shown> {
        let mut columns = Vec::with_capacity(self.fields.len());
        for field in self.fields {
            match field {
                FieldMeta::Column(field, column) => columns.push(Shown { field, part: None, column: *column }),
                FieldMeta::Flatten(node) => columns.extend(node.shown()),
                FieldMeta::Embed(field, parts) => parts_of(field, None, parts, &mut columns),
                FieldMeta::Edge(_) | FieldMeta::Loaded(_) => {}
            }
        }
        columns
    }

    /// The edges of this view, those of flattened views in place.
    #[must_use]
    pub fn edges(&self) -> Vec<&'static Edge> {
        let edge = |supplied| if let Supplied::Edge(edge) = supplied { Some(edge) } else { None };
        self.supplied().into_iter().filter_map(edge).collect()
    }

    /// The fields of this view that functions load, those of flattened views in place.
    #[must_use]
    pub fn loaders(&self) -> Vec<&'static Loader> {
        let loader = |supplied| if let Supplied::Loaded(loader) = supplied { Some(loader) } else { None };
        self.supplied().into_iter().filter_map(loader).collect()
    }

    /// The fields that are not columns of the row, those of flattened views in place.
    #[must_use]
    pub fn supplied(&self) -> Vec<Supplied> {
        let mut supplied = Vec::new();
        for field in self.fields {
            match field {
                FieldMeta::Edge(edge) => supplied.push(Supplied::Edge(edge)),
                FieldMeta::Loaded(loader) => supplied.push(Supplied::Loaded(loader)),
                FieldMeta::Flatten(node) => supplied.extend(node.supplied()),
                FieldMeta::Column(..) | FieldMeta::Embed(..) => {}
            }
        }
        supplied
    }
}

/// A field that is put in place when the row is finished.
#[derive(Clone, Copy)]
pub enum Supplied {
    /// By a relation.
    Edge(&'static Edge),
    /// By a loader.
    Loaded(&'static Loader),
}

/// A column, and the field of a view that shows it.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The field.
    pub field: &'static str,
    /// Where in the field, if that is an embedded struct: `city`, or `place.city` for one within another.
    pub part: Option<String>,
    /// The column.
    pub column: ColumnDef,
}

fn parts_of(field: &'static str, within: Option<&str>, parts: &'static [FieldMeta], columns: &mut Vec<Shown>) {
    let path = |part: &str| within.map_or_else(|| part.to_owned(), |within| format!("{within}.{part}"));
    for part in parts {
        match part {
            FieldMeta::Column(part, column) => columns.push(Shown { field, part: Some(path(part)), column: *column }),
            FieldMeta::Embed(part, parts) => parts_of(field, Some(&path(part)), parts, columns),
            FieldMeta::Edge(_) | FieldMeta::Loaded(_) | FieldMeta::Flatten(_) => {}
        }
    }
}

/// Appends the columns of these fields, those of embedded structs in place.
pub(crate) fn flat_of(fields: &[FieldMeta], columns: &mut Vec<ColumnDef>) {
    for field in fields {
        match field {
            FieldMeta::Column(_, column) => columns.push(*column),
            FieldMeta::Embed(_, parts) => flat_of(parts, columns),
            FieldMeta::Flatten(node) => flat_of(node.fields, columns),
            FieldMeta::Edge(_) | FieldMeta::Loaded(_) => {}
        }
    }
}

/// The columns of these fields, `N` of them: those of embedded structs in place. Emitted by the derive.
///
/// # Panics
/// At compile time, when there are not `N`.
#[doc(hidden)]
#[must_use]
pub const fn flat<const N: usize>(fields: &[FieldMeta]) -> [ColumnDef; N] {
    let mut columns = [ColumnDef { name: "", ty: ColumnType::Text, nullable: true, value: |_| Ok(Value::Null) }; N];
    let filled = fill(fields, &mut columns, 0);
    assert!(filled == N, "each column of an embedded struct is named once");
    columns
}

const fn fill(fields: &[FieldMeta], columns: &mut [ColumnDef], mut next: usize) -> usize {
    let mut index = 0;
    while index < fields.len() {
        match &fields[index] {
            FieldMeta::Column(_, column) => {
                columns[next] = *column;
                next += 1;
            }
            FieldMeta::Embed(_, parts) => next = fill(parts, columns, next),
            FieldMeta::Edge(_) | FieldMeta::Loaded(_) | FieldMeta::Flatten(_) => {}
        }
        index += 1;
    }
    next
}

impl fmt::Debug for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} of {}", self.view, self.table.entity)
    }
}
