//! What the derives emit, written out by hand for three entities and two views: the engine without any macro, and a
//! place to read what an expansion means.

#![allow(non_upper_case_globals, non_camel_case_types, reason = "columns are named as fields are")]
#![allow(missing_docs, clippy::unwrap_used, reason = "a test")]
#![cfg(feature = "sqlite")]

use diesel::{Connection, SqliteConnection};
use persist::__private::*;
use persist::{Context, Entity, MemoryStore, Reader, RelationDef, View};
use std::ops::Deref;
use std::sync::Arc;

diesel::table! { people (id) { id -> Integer, name -> Text, } }
diesel::table! { bugs (id) { id -> Integer, title -> Text, assignee_id -> Nullable<Integer>, } }
diesel::table! { comments (id) { id -> Integer, bug_id -> Integer, text -> Text, } }

macro_rules! group {
    ($group:ident, $entity:ident) => {
        #[derive(Clone)]
        struct $group(Group<$entity>);
        impl From<Group<$entity>> for $group {
            fn from(group: Group<$entity>) -> Self {
                Self(group)
            }
        }
        impl Deref for $group {
            type Target = Group<$entity>;
            fn deref(&self) -> &Group<$entity> {
                &self.0
            }
        }
        impl ViewOf<$entity> for $entity {}
    };
}

#[derive(Debug, Clone, PartialEq)]
struct Person {
    id: i32,
    name: String,
}

struct person {}

impl person {
    const id: Column<Person, i32> = Column::of::<people::id>();
    const name: Column<Person, String> = Column::of::<people::name>();
}

group!(People, Person);

impl Entity for Person {
    type Key = i32;
    type Cols = person;
    type Group = People;
    type Source = people::table;
    type Columns = persist::entity::Given;
    const TABLE: &'static Table = &Table {
        entity: "Person",
        schema: None,
        name: "people",
        columns: &[person::id.def(), person::name.def()],
        key: &[person::id.def()],
        collation: Collation::Portable,
        rules: &persist::Rules::NONE,
    };

    fn key(&self) -> i32 {
        self.id
    }

    fn push_values(&self, out: &mut Out<'_>) {
        person::id.push(&self.id, out);
        person::name.push(&self.name, out);
    }
}

impl View for Person {
    type Of = Self;
    type Partial = Self;
    const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static Node = &Node::of::<Self>(
        "Person",
        &[FieldMeta::Column("id", person::id.def()), FieldMeta::Column("name", person::name.def())],
    );

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CellError> {
        Ok(Self { id: person::id.read(reader)?, name: person::name.read(reader)? })
    }

    fn finish(partial: Self, _: &mut Supplies) -> Result<Self, Missing> {
        Ok(partial)
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Comment {
    id: i32,
    bug_id: i32,
    text: String,
}

struct comment {}

impl comment {
    const id: Column<Comment, i32> = Column::of::<comments::id>();
    const bug_id: Column<Comment, i32> = Column::of::<comments::bug_id>();
    const text: Column<Comment, String> = Column::of::<comments::text>();
    const bug: Relation<Comment, <i32 as RefersTo<<Bug as Entity>::Key>>::Cardinality, Bug> =
        Relation::belongs_to("bug", Comment::TABLE, const { &[comment::bug_id.def()] }, Bug::TABLE);
}

group!(Comments, Comment);

impl Entity for Comment {
    type Key = i32;
    type Cols = comment;
    type Group = Comments;
    type Source = comments::table;
    type Columns = persist::entity::Given;
    const TABLE: &'static Table = &Table {
        entity: "Comment",
        schema: None,
        name: "comments",
        columns: &[comment::id.def(), comment::bug_id.def(), comment::text.def()],
        key: &[comment::id.def()],
        collation: Collation::Portable,
        rules: &persist::Rules::NONE,
    };

    fn key(&self) -> i32 {
        self.id
    }

    fn push_values(&self, out: &mut Out<'_>) {
        comment::id.push(&self.id, out);
        comment::bug_id.push(&self.bug_id, out);
        comment::text.push(&self.text, out);
    }
}

impl View for Comment {
    type Of = Self;
    type Partial = Self;
    const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static Node = &Node::of::<Self>(
        "Comment",
        &[
            FieldMeta::Column("id", comment::id.def()),
            FieldMeta::Column("bug_id", comment::bug_id.def()),
            FieldMeta::Column("text", comment::text.def()),
        ],
    );

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CellError> {
        let (id, bug_id) = (comment::id.read(reader)?, comment::bug_id.read(reader)?);
        Ok(Self { id, bug_id, text: comment::text.read(reader)? })
    }

    fn finish(partial: Self, _: &mut Supplies) -> Result<Self, Missing> {
        Ok(partial)
    }
}

#[derive(Debug, Clone, PartialEq)]
struct Bug {
    id: i32,
    title: String,
    assignee_id: Option<i32>,
}

struct bug {}

impl bug {
    const id: Column<Bug, i32> = Column::of::<bugs::id>();
    const title: Column<Bug, String> = Column::of::<bugs::title>();
    const assignee_id: Column<Bug, Option<i32>> = Column::of::<bugs::assignee_id>();
    const assignee: Relation<Bug, <Option<i32> as RefersTo<<Person as Entity>::Key>>::Cardinality, Person> =
        Relation::belongs_to("assignee", Bug::TABLE, const { &[bug::assignee_id.def()] }, Person::TABLE);
    const comments: Relation<Bug, Many, Comment> = Relation::has_many("comments", <<Comment as Entity>::Cols>::bug);
}

group!(Bugs, Bug);

impl Entity for Bug {
    type Key = i32;
    type Cols = bug;
    type Group = Bugs;
    type Source = bugs::table;
    type Columns = persist::entity::Given;
    const TABLE: &'static Table = &Table {
        entity: "Bug",
        schema: None,
        name: "bugs",
        columns: &[bug::id.def(), bug::title.def(), bug::assignee_id.def()],
        key: &[bug::id.def()],
        collation: Collation::Portable,
        rules: &persist::Rules::NONE,
    };

    fn key(&self) -> i32 {
        self.id
    }

    fn push_values(&self, out: &mut Out<'_>) {
        bug::id.push(&self.id, out);
        bug::title.push(&self.title, out);
        bug::assignee_id.push(&self.assignee_id, out);
    }
}

impl View for Bug {
    type Of = Self;
    type Partial = Self;
    const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static Node = &Node::of::<Self>(
        "Bug",
        &[
            FieldMeta::Column("id", bug::id.def()),
            FieldMeta::Column("title", bug::title.def()),
            FieldMeta::Column("assignee_id", bug::assignee_id.def()),
        ],
    );

    fn decode(reader: &mut Reader<'_>) -> Result<Self, CellError> {
        let (id, title) = (bug::id.read(reader)?, bug::title.read(reader)?);
        Ok(Self { id, title, assignee_id: bug::assignee_id.read(reader)? })
    }

    fn finish(partial: Self, _: &mut Supplies) -> Result<Self, Missing> {
        Ok(partial)
    }
}

/// A view with each kind of field.
#[derive(Debug, PartialEq)]
struct BugPage {
    title: String,
    assignee: Option<Arc<Person>>,
    comments: Vec<Comment>,
    comment_count: i64,
}

const F0: ViewField<Bug, String> = <<Bug as Entity>::Cols>::title.field("title");
const F1: ViewField<Bug, Option<Arc<Person>>> = <<Bug as Entity>::Cols>::assignee.field("assignee");
const F2: ViewField<Bug, Vec<Comment>> =
    <<Bug as Entity>::Cols>::comments.each().order_by([comment::text.desc()]).limit(2).field("comments");
const F3: MeasuredField<Bug, i64> = <<Bug as Entity>::Cols>::comments.measured(measures::count(), "comment_count");

impl View for BugPage {
    type Of = Bug;
    type Partial =
        (<String as Slot>::Partial, <Option<Arc<Person>> as Slot>::Partial, <Vec<Comment> as Slot>::Partial, ());
    const A_VIEW_MUST_NOT_LEAD_BACK_TO_ITSELF: &'static Node =
        &Node::of::<Self>("BugPage", &[F0.meta, F1.meta, F2.meta, F3.meta]);

    fn decode(reader: &mut Reader<'_>) -> Result<Self::Partial, CellError> {
        Ok(((F0.decode)(reader)?, (F1.decode)(reader)?, (F2.decode)(reader)?, ()))
    }

    fn finish((p0, p1, p2, ()): Self::Partial, supplies: &mut Supplies) -> Result<Self, Missing> {
        let (title, assignee) = ((F0.finish)(p0, supplies)?, (F1.finish)(p1, supplies)?);
        let (comments, comment_count) = ((F2.finish)(p2, supplies)?, (F3.finish)(supplies)?);
        Ok(Self { title, assignee, comments, comment_count })
    }
}

impl ViewOf<Bug> for BugPage {}
fn fill(context: &mut Context<'_>) {
    let people = [(1, "Ada"), (2, "Grace")].map(|(id, name)| Person { id, name: name.into() });
    let bugs = [(1, Some(1)), (2, None), (3, Some(1))];
    let bugs = bugs.map(|(id, assignee_id)| Bug { id, title: format!("bug {id}"), assignee_id });
    let comments: Vec<_> = (1..=7).map(|id| Comment { id, bug_id: 1 + id % 2, text: format!("text {id}") }).collect();
    context.insert_all(&people).unwrap();
    context.insert_all(&bugs).unwrap();
    context.insert_all(&comments).unwrap();
}

fn check(mut context: Context<'_>) {
    fill(&mut context);
    let before = context.stats();
    let all = Group::<Bug>::all();
    let (pages, people, count) =
        context.realise((all.view::<BugPage>(), all.along(bug::assignee).view::<Person>(), all.count())).unwrap();
    let sent = context.stats() - before;
    assert_eq!((sent.statements, sent.rounds), (6, 2));
    assert_eq!(count, 3);
    assert_eq!(people.len(), 1);
    let texts: Vec<Vec<_>> =
        pages.iter().map(|page| page.comments.iter().map(|comment| comment.text.as_str()).collect()).collect();
    assert_eq!(texts, [vec!["text 6", "text 4"], vec!["text 7", "text 5"], vec![]]);
    assert_eq!(pages.iter().map(|page| page.comment_count).collect::<Vec<_>>(), [3, 4, 0]);
    let assignees: Vec<_> = pages.iter().map(|page| page.assignee.as_ref()).collect();
    assert!(assignees[1].is_none());
    assert!(Arc::ptr_eq(assignees[0].unwrap(), assignees[2].unwrap()), "decoded once, shared");
}

#[test]
fn on_memory() {
    check(Context::memory(&MemoryStore::new()));
}

#[test]
fn on_sqlite() {
    let mut connection = SqliteConnection::establish(":memory:").unwrap();
    diesel::connection::SimpleConnection::batch_execute(
        &mut connection,
        "CREATE TABLE people (id INTEGER PRIMARY KEY, name TEXT NOT NULL);
         CREATE TABLE bugs (id INTEGER PRIMARY KEY, title TEXT NOT NULL, assignee_id INTEGER);
         CREATE TABLE comments (id INTEGER PRIMARY KEY, bug_id INTEGER NOT NULL, text TEXT NOT NULL);",
    )
    .unwrap();
    check(Context::owning(connection));
}

#[test]
fn the_plan_is_known_when_the_program_is_compiled() {
    const { assert!(BugPage::STATEMENTS == 4 && BugPage::ROUNDS == 2) }
    let plan = BugPage::plan().to_string();
    assert_eq!(
        plan,
        "BugPage of Bug: at most 4 statements, 2 rounds
round 1
  1. bugs: the group
       for BugPage: BugPage
round 2
  2. people by id
       for BugPage.assignee: Person
  3. comments by bug_id, 2 per Bug, order by text desc
       for BugPage.comments: Comment
  4. comments: aggregates by bug_id
       for BugPage.comment_count: count
"
    );
}

#[test]
fn a_relation_is_data() {
    let RelationDef { name, local, remote, .. } = bug::comments.def();
    assert_eq!((name, local[0].name, remote[0].name), ("comments", "id", "bug_id"));
}
