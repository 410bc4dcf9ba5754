//! How a relation is loaded: [`Strategy`].

/// How the rows of a relation are loaded. Whichever it is, the answer is the same; the statements differ.
///
/// | strategy | the rows come | for |
/// |---|---|---|
/// | [`Keys`](Self::Keys) | by a statement of their own, which carries the keys found in the parents | every relation |
/// | [`Join`](Self::Join) | with their parent, outer-joined to its statement | relations to one row |
/// | [`Subselect`](Self::Subselect) | by a statement of their own, which repeats the parents' selection | see below |
///
/// What is said nearest to the call counts: of one edge of a [request](crate::Ask::edge), of a whole
/// [context](crate::Context::with_strategy), of a field of a view (`#[view(load = join)]`), of the relation
/// (`#[entity(belongs_to(owner: Person, load = join))]`). Where nothing is said, it is by keys.
///
/// **Keys** are the default because they cost the least in the worst case: each row is sent once, equal statements merge,
/// and no plan of the database goes wrong. **A join** saves the statement, and what the joined row leads to is loaded one
/// round earlier; the row is sent once for each parent that refers to it, and decoded once. A chain of joins is one
/// statement. **A subselect** sends no keys, for many parents of which the store finds the selection quickly.
///
/// A join needs the key of the other entity: a reference by another column goes by keys, and so do trees.
///
/// A subselect needs a selection to repeat: that of the group, or that of a `has_many` which is itself loaded so and has
/// no limit. Elsewhere, and where it shares its statement with what goes by keys, it goes by keys too; the
/// [plan](crate::View::plan) says which. Since it reads the parents again, it needs one state of the store: without a
/// [snapshot](crate::Context::with_snapshots), as inside of a transaction of the caller's, it goes by keys.
///
/// ```
#[doc = tracker!()]
/// use persist::Strategy;
///
/// #[derive(Debug, PartialEq, View)]
/// #[view(of = Bug)]
/// struct Line {
///     title: String,
///     #[view(load = join)]
///     owner: Arc<Person>,
/// }
/// assert_eq!((Line::STATEMENTS, Line::ROUNDS), (1, 1));
///
/// let joined = context.realise(Bugs::all().view::<Line>())?;
/// let mut by_keys = Context::memory(&memory).with_strategy(Strategy::Keys);
/// assert_eq!(by_keys.realise(Bugs::all().view::<Line>())?, joined);
/// assert_eq!(by_keys.stats().statements, 2);
/// # Ok::<(), persist::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Strategy {
    /// By the keys that were found in the parents.
    #[default]
    Keys,
    /// With the parent, in one row. For relations to one row; others stay by keys.
    Join,
    /// By what selects the parents.
    Subselect,
}
