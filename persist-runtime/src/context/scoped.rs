//! Scopes of a context: what it lets be seen, whoever asks.

use super::Context;
use crate::entity::Entity;
use crate::group::ScopeOf;
use crate::view::{Plan, View};

impl Context<'_> {
    /// From now on, the `E`s there are to see through this context are those of `group`: for permissions, tenants, rows
    /// that are marked as deleted.
    ///
    /// It holds wherever rows of `E`'s table are looked at: in a group of `E` itself, in the relations of views, in
    /// counts and existence tests, in traversals and in the conditions of other groups, at any depth, links of a
    /// `many_to_many` among them. A limit counts what is left. No statement is added.
    ///
    /// | what leads to a row that is hidden | what comes of it |
    /// |---|---|
    /// | a group, a relation to many, a count | it is as if it were not there |
    /// | a reference held as an `Option` | `None`, as for NULL |
    /// | a reference that the view needs | the error [`Problem::Hidden`](crate::Problem::Hidden), without the key |
    ///
    /// The error says that the parent is to be seen and what it needs is not: narrow the parents too, as below. The key
    /// itself stays readable to whoever may read the column that holds it.
    ///
    /// Several scopes of one entity add up. A group with a limit stands for the rows it is cut to. Within `group` itself
    /// `E` is not narrowed, and other entities are by their scopes. Inserts are not held to scopes.
    ///
    /// ```
    #[doc = tracker!()]
    /// impl Bugs {
    ///     fn visible_to(person: i32) -> Bugs {
    ///         Bugs::all().filter(bug::owner_id.eq(person) | bug::heat.lt(10))
    ///     }
    /// }
    /// #[derive(View)]
    /// #[view(of = Person)]
    /// struct Card {
    ///     #[view(count(bugs))]
    ///     bugs: i64,
    /// }
    /// context.scope::<Bug>(Bugs::visible_to(2));
    /// let (bugs, ada) = context.realise((Bugs::all(), People::from_keys([1]).view::<Card>()))?;
    /// assert_eq!(bugs.iter().map(|bug| bug.id).collect::<Vec<_>>(), [8, 9]);     // 7 is hers alone
    /// assert_eq!(ada[0].bugs, 1);
    ///
    /// context.scope::<Person>(Bugs::all().owners());                      // who owns a bug that may be seen
    /// assert_eq!(context.realise(People::all().count())?, 2);
    /// # Ok::<(), persist::Error>(())
    /// ```
    pub fn scope<E: Entity>(&mut self, group: impl ScopeOf<E>) -> &mut Self {
        self.scopes.narrow(&group);
        self
    }

    /// A context over the same store that sees every `E`; all other scopes stay. It borrows this one, whose scopes are
    /// not touched: there is nothing to put back, also when a panic or an early return cuts its life short.
    ///
    /// What it sends counts in the statistics of this one.
    ///
    /// ```
    #[doc = tracker!()]
    /// context.scope::<Bug>(Bugs::all().filter(bug::heat.lt(10)));
    /// assert_eq!(context.without_scope::<Bug>().realise(Bugs::all().count())?, 3);
    /// assert_eq!(context.realise(Bugs::all().count())?, 1);
    /// # Ok::<(), persist::Error>(())
    /// ```
    #[must_use = "the scope stays where it is: this is a context of its own"]
    pub fn without_scope<E: Entity>(&mut self) -> Context<'_> {
        let scopes = self.scopes.without(E::TABLE);
        Context { scopes, ..self.borrowed() }
    }

    /// The plan of a view as this context would run it: [`View::plan`], with the scopes that narrow each step.
    ///
    /// ```
    #[doc = tracker!()]
    /// #[derive(View)]
    /// #[view(of = Person)]
    /// struct Page {
    ///     name: String,
    ///     bugs: Vec<Bug>,
    /// }
    /// context.scope::<Bug>(Bugs::all().filter(bug::heat.lt(10)));
    /// assert_eq!(context.plan::<Page>().to_string(), "\
    /// Page of Person: at most 2 statements, 2 rounds
    /// round 1
    ///   1. people: the group
    ///        for Page: Page
    /// round 2
    ///   2. bugs by owner_id
    ///        in the scope of Bug
    ///        for Page.bugs: Bug
    /// ");
    /// ```
    #[must_use]
    pub fn plan<V: View>(&self) -> Plan {
        V::plan().within(&self.scopes)
    }
}
