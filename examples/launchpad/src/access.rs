//! Who may see what, said once for everything that is asked through a context.

use crate::domain::{Bug, BugSubscription, BugTask, Bugs, Viewer};
use persist::Context;

/// From now on `context` shows what `viewer` may see: no private bug of others, and nothing that belongs to one.
///
/// It holds for whatever is asked later, and by whom: no page, no relation and no count can forget it. Within the scope
/// of tasks and subscriptions, `Bugs::all()` are those to be seen.
pub fn see_as(context: &mut Context<'_>, viewer: Viewer) {
    context.scope::<Bug>(Bugs::all().visible_to(viewer));
    context.scope::<BugTask>(Bugs::all().tasks());
    context.scope::<BugSubscription>(Bugs::all().subscriptions());
}
