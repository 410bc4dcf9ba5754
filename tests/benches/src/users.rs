//! Work 2: users, ten posts each, ten comments on each post: the associations of diesel_bench.

use crate::data::{fill, fill_users};
use crate::{Map, Outcome};
use diesel::prelude::*;
use persist::Context;
use persist::prelude::*;
use schema::{post_comments, posts, users};

/// Diesel's tables.
#[allow(missing_docs, reason = "made by `table!`")]
pub mod schema {
    diesel::table! { users (id) { id -> Integer, name -> Text, hair_color -> Nullable<Text>, } }
    diesel::table! { posts (id) { id -> Integer, user_id -> Integer, title -> Text, body -> Nullable<Text>, } }
    diesel::table! { post_comments (id) { id -> Integer, post_id -> Integer, text -> Text, } }
    diesel::allow_tables_to_appear_in_same_query!(users, posts, post_comments);
}

/// A user.
#[derive(Debug, PartialEq, Eq, Clone, Entity, Queryable, Identifiable)]
#[diesel(table_name = users)]
#[entity(table = users)]
#[entity(has_many(posts: Post))]
pub struct User {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The name.
    pub name: String,
    /// If known.
    pub hair_color: Option<String>,
}

/// A post.
#[derive(Debug, PartialEq, Eq, Clone, Entity, Queryable, Identifiable, Associations)]
#[diesel(table_name = posts, belongs_to(User))]
#[entity(table = posts)]
#[entity(has_many(comments: PostComment))]
pub struct Post {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// Who wrote it.
    #[entity(belongs_to(user: User))]
    pub user_id: i32,
    /// One line.
    pub title: String,
    /// The rest.
    pub body: Option<String>,
}

/// A comment on a post.
#[derive(Debug, PartialEq, Eq, Clone, Entity, Queryable, Identifiable, Associations)]
#[diesel(table_name = post_comments, belongs_to(Post))]
#[entity(table = post_comments)]
pub struct PostComment {
    /// The key.
    #[entity(key)]
    pub id: i32,
    /// The post.
    #[entity(belongs_to(post: Post))]
    pub post_id: i32,
    /// What.
    pub text: String,
}

/// A user with posts.
#[derive(Debug, PartialEq, Eq, View)]
#[view(of = User)]
pub struct UserPage {
    /// The user.
    #[view(flatten)]
    pub user: User,
    /// The posts.
    pub posts: Vec<PostPage>,
}

/// A post with comments.
#[derive(Debug, PartialEq, Eq, View)]
#[view(of = Post)]
pub struct PostPage {
    /// The post.
    #[view(flatten)]
    pub post: Post,
    /// The comments.
    pub comments: Vec<PostComment>,
}

/// A database in memory with so many users.
///
/// # Errors
/// When SQLite cannot fill it.
pub fn open(users: u32) -> Outcome<SqliteConnection> {
    let mut connection = SqliteConnection::establish(":memory:")?;
    fill(&mut connection, |execute| fill_users(execute, users))?;
    Ok(connection)
}

/// By persist.
///
/// # Errors
/// When the store cannot answer.
pub fn persist(connection: &mut SqliteConnection) -> Outcome<Vec<UserPage>> {
    Ok(Context::borrowing(connection).realise(Users::all().view::<UserPage>())?)
}

/// By Diesel's associations, as diesel_bench does it, with an order.
///
/// # Errors
/// When the store cannot answer.
pub fn associations(connection: &mut SqliteConnection) -> Outcome<Vec<UserPage>> {
    let pages = connection.transaction(|connection| {
        let users = users::table.order(users::id).load::<User>(connection)?;
        let posts = Post::belonging_to(&users).order((posts::user_id, posts::id)).load::<Post>(connection)?;
        let comments = PostComment::belonging_to(&posts)
            .order((post_comments::post_id, post_comments::id))
            .load::<PostComment>(connection)?
            .grouped_by(&posts);
        let posts: Vec<Vec<(Post, Vec<PostComment>)>> = posts.into_iter().zip(comments).grouped_by(&users);
        let page = |(post, comments)| PostPage { post, comments };
        let pages = users.into_iter().zip(posts);
        let pages = pages.map(|(user, posts)| UserPage { user, posts: posts.into_iter().map(page).collect() });
        QueryResult::Ok(pages.collect())
    });
    Ok(pages?)
}

/// By Diesel with hash maps and rows that go straight to their place.
///
/// # Errors
/// When the store cannot answer.
pub fn by_hand(connection: &mut SqliteConnection) -> Outcome<Vec<UserPage>> {
    let pages = connection.transaction(|connection| {
        let mut pages = Vec::new();
        let mut users_at = Map::default();
        for user in users::table.order(users::id).load_iter::<User, _>(connection)? {
            let user = user?;
            users_at.insert(user.id, pages.len());
            pages.push(UserPage { user, posts: Vec::new() });
        }
        let keys: Vec<i32> = pages.iter().map(|page| page.user.id).collect();
        let query = posts::table.filter(posts::user_id.eq_any(keys)).order((posts::user_id, posts::id));
        let mut posts_at = Map::default();
        let mut keys = Vec::new();
        for post in query.load_iter::<Post, _>(connection)? {
            let post = post?;
            let user = users_at[&post.user_id];
            posts_at.insert(post.id, (user, pages[user].posts.len()));
            keys.push(post.id);
            pages[user].posts.push(PostPage { post, comments: Vec::new() });
        }
        let query = post_comments::table.filter(post_comments::post_id.eq_any(keys));
        let query = query.order((post_comments::post_id, post_comments::id));
        for comment in query.load_iter::<PostComment, _>(connection)? {
            let comment = comment?;
            let (user, post) = posts_at[&comment.post_id];
            pages[user].posts[post].comments.push(comment);
        }
        QueryResult::Ok(pages)
    });
    Ok(pages?)
}
