//! What the databases say of the tables that they have.

use super::domain::ENTITIES;
use super::{databases, with};
use diesel::{QueryableByName, RunQueryDsl, sql_query};
use persist::Table;
use persist_tests::stores::Fresh;

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = diesel::sql_types::Text)]
    line: String,
}

/// The rows of a query for one column of text, `line`.
fn lines(fresh: &mut Fresh, sql: &str) -> Vec<String> {
    let query = sql_query(sql);
    let lines: Vec<Line> = match fresh {
        Fresh::Memory(_) => panic!("memory speaks no SQL"),
        Fresh::Sqlite(connection) | Fresh::File(connection, _) => query.load(connection).unwrap(),
        Fresh::Postgres(postgres) => query.load(&mut postgres.connection).unwrap(),
        Fresh::Mysql(mysql) => query.load(&mut mysql.connection).unwrap(),
    };
    lines.into_iter().map(|Line { line }| line).collect()
}

/// For each database: keys, then uniques, indexes and foreign keys of these tables, as it describes them.
fn described(fresh: &mut Fresh, table: &str) -> Vec<String> {
    let sql = match fresh {
        Fresh::Postgres(_) => format!(
            "SELECT line FROM (
                 SELECT 1 AS n, conname || ' ' || pg_get_constraintdef(oid) AS line FROM pg_constraint
                 WHERE conrelid = '{table}'::regclass AND contype IN ('p', 'u', 'f')
                 UNION ALL SELECT 2, indexname || ' INDEX (' || substring(indexdef FROM '\\((.*)\\)') || ')' FROM pg_indexes
                 WHERE schemaname = current_schema() AND tablename = '{table}' AND indexname LIKE '%\\_idx'
             ) AS it ORDER BY n, line COLLATE \"C\""
        ),
        Fresh::Mysql(_) => format!(
            "SELECT line FROM (
                 SELECT 1 AS n, concat(index_name, if(min(non_unique), ' INDEX (', ' UNIQUE ('),
                        group_concat(column_name ORDER BY seq_in_index SEPARATOR ', '), ')') AS line
                 FROM information_schema.statistics WHERE table_schema = database() AND table_name = '{table}'
                 GROUP BY index_name
                 UNION ALL SELECT 2, concat(k.constraint_name, ' FOREIGN KEY (',
                        group_concat(k.column_name ORDER BY k.ordinal_position SEPARATOR ', '), ') REFERENCES ',
                        max(k.referenced_table_name), '(',
                        group_concat(k.referenced_column_name ORDER BY k.ordinal_position SEPARATOR ', '), ') ', max(r.delete_rule))
                 FROM information_schema.key_column_usage k JOIN information_schema.referential_constraints r
                   ON r.constraint_schema = k.constraint_schema AND r.constraint_name = k.constraint_name
                 WHERE k.table_schema = database() AND k.table_name = '{table}' GROUP BY k.constraint_name
             ) it ORDER BY n, line"
        ),
        _ => format!(
            "SELECT line FROM (
                 SELECT 1 AS n, CASE WHEN l.origin = 'c' THEN l.name ELSE l.origin END || ' (' || (
                     SELECT group_concat(name || ' ' || coll, ', ') FROM (
                         SELECT name, coll FROM pragma_index_xinfo(l.name) WHERE key ORDER BY seqno)) || ')' AS line
                 FROM pragma_index_list('{table}') l
                 UNION ALL SELECT 2, '(' || group_concat(\"from\", ', ') || ') REFERENCES ' || \"table\" || '(' ||
                     group_concat(\"to\", ', ') || ') ' || on_delete
                 FROM (SELECT * FROM pragma_foreign_key_list('{table}') ORDER BY id, seq) GROUP BY id
             ) ORDER BY n, line"
        ),
    };
    lines(fresh, &sql)
}

#[test]
fn keys_uniques_indexes_and_references_are_there() {
    for mut fresh in with(ENTITIES) {
        let (bugs, votes, people) =
            (described(&mut fresh, "bugs"), described(&mut fresh, "votes"), described(&mut fresh, "people"));
        match fresh {
            Fresh::Postgres(_) => {
                assert_eq!(
                    bugs,
                    [
                        "bugs_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES people(id) ON DELETE SET NULL",
                        "bugs_distro_code_fkey FOREIGN KEY (distro_code) REFERENCES distros(code)",
                        "bugs_duplicate_of_fkey FOREIGN KEY (duplicate_of) REFERENCES bugs(id)",
                        "bugs_label_fkey FOREIGN KEY (label) REFERENCES labels(name)",
                        "bugs_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES people(id) ON DELETE RESTRICT",
                        "bugs_owner_id_title_key UNIQUE (owner_id, title)",
                        "bugs_pkey PRIMARY KEY (id)",
                        "bugs_assignee_id_idx INDEX (assignee_id)",
                        "bugs_distro_code_idx INDEX (distro_code)",
                        "bugs_duplicate_of_idx INDEX (duplicate_of)",
                        "bugs_label_idx INDEX (label)",
                    ]
                );
                assert_eq!(
                    votes,
                    [
                        "votes_bug_id_nth_fkey FOREIGN KEY (bug_id, nth) REFERENCES comments(bug_id, nth)",
                        "votes_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id)",
                        "votes_pkey PRIMARY KEY (bug_id, nth, person_id)",
                        "votes_person_id_idx INDEX (person_id)",
                    ]
                );
                assert_eq!(
                    people,
                    [
                        "people_nick_key UNIQUE (nick)",
                        "people_pkey PRIMARY KEY (id)",
                        "people_team_id_fkey FOREIGN KEY (team_id) REFERENCES teams(id)",
                        "people_team_id_idx INDEX (team_id)",
                    ]
                );
            }
            Fresh::Mysql(_) => {
                assert_eq!(
                    bugs,
                    [
                        "bugs_assignee_id_idx INDEX (assignee_id)",
                        "bugs_distro_code_idx INDEX (distro_code)",
                        "bugs_duplicate_of_idx INDEX (duplicate_of)",
                        "bugs_label_idx INDEX (label)",
                        "bugs_owner_id_title_key UNIQUE (owner_id, title)",
                        "PRIMARY UNIQUE (id)",
                        "bugs_assignee_id_fkey FOREIGN KEY (assignee_id) REFERENCES people(id) SET NULL",
                        "bugs_distro_code_fkey FOREIGN KEY (distro_code) REFERENCES distros(code) RESTRICT",
                        "bugs_duplicate_of_fkey FOREIGN KEY (duplicate_of) REFERENCES bugs(id) RESTRICT",
                        "bugs_label_fkey FOREIGN KEY (label) REFERENCES labels(name) RESTRICT",
                        "bugs_owner_id_fkey FOREIGN KEY (owner_id) REFERENCES people(id) RESTRICT",
                    ]
                );
                assert_eq!(
                    votes,
                    [
                        "PRIMARY UNIQUE (bug_id, nth, person_id)",
                        "votes_person_id_idx INDEX (person_id)",
                        "votes_bug_id_nth_fkey FOREIGN KEY (bug_id, nth) REFERENCES comments(bug_id, nth) RESTRICT",
                        "votes_person_id_fkey FOREIGN KEY (person_id) REFERENCES people(id) RESTRICT",
                    ]
                );
                assert_eq!(
                    people,
                    [
                        "people_nick_key UNIQUE (nick)",
                        "people_team_id_idx INDEX (team_id)",
                        "PRIMARY UNIQUE (id)",
                        "people_team_id_fkey FOREIGN KEY (team_id) REFERENCES teams(id) RESTRICT",
                    ]
                );
            }
            _ => {
                assert_eq!(
                    bugs,
                    [
                        "bugs_assignee_id_idx (assignee_id BINARY)",
                        "bugs_distro_code_idx (distro_code BINARY)",
                        "bugs_duplicate_of_idx (duplicate_of BINARY)",
                        "bugs_label_idx (label BINARY)",
                        "u (owner_id BINARY, title BINARY)",
                        "(assignee_id) REFERENCES people(id) SET NULL",
                        "(distro_code) REFERENCES distros(code) NO ACTION",
                        "(duplicate_of) REFERENCES bugs(id) NO ACTION",
                        "(label) REFERENCES labels(name) NO ACTION",
                        "(owner_id) REFERENCES people(id) RESTRICT",
                    ]
                );
                assert_eq!(
                    votes,
                    [
                        "pk (bug_id BINARY, nth BINARY, person_id BINARY)",
                        "votes_person_id_idx (person_id BINARY)",
                        "(bug_id, nth) REFERENCES comments(bug_id, nth) NO ACTION",
                        "(person_id) REFERENCES people(id) NO ACTION",
                    ]
                );
                assert_eq!(
                    people,
                    [
                        "people_team_id_idx (team_id BINARY)",
                        "u (nick BINARY)",
                        "(team_id) REFERENCES teams(id) NO ACTION"
                    ]
                );
            }
        }
    }
}

#[test]
fn columns_have_the_types_and_collations_of_their_store() {
    let thing: &[&Table] = persist::entities![persist_tests::tracker::Thing, super::domain::Label];
    for mut fresh in with(thing) {
        let found = match &fresh {
            Fresh::Postgres(_) => lines(
                &mut fresh,
                "SELECT concat_ws(' ', column_name, data_type, collation_name, CASE is_nullable WHEN 'YES' THEN 'NULL' END) AS line
                 FROM information_schema.columns WHERE table_schema = current_schema() ORDER BY table_name, ordinal_position",
            ),
            Fresh::Mysql(_) => lines(
                &mut fresh,
                "SELECT concat_ws(' ', column_name, column_type, collation_name, IF(is_nullable = 'YES', 'NULL', NULL)) AS line
                 FROM information_schema.columns WHERE table_schema = database() ORDER BY table_name, ordinal_position",
            ),
            _ => lines(
                &mut fresh,
                "SELECT c.name || ' ' || c.type || CASE WHEN c.\"notnull\" THEN '' ELSE ' NULL' END AS line
                 FROM sqlite_master t, pragma_table_info(t.name) c WHERE t.type = 'table' ORDER BY t.name, c.cid",
            ),
        };
        super::snapshot(&format!("columns-{}.txt", fresh.name()), &(found.join("\n") + "\n"));
    }
}

#[test]
fn nothing_is_left_of_a_schema_that_failed_where_that_can_be() {
    for mut fresh in databases() {
        // The last table that is made is there already.
        fresh.execute("CREATE TABLE votes (id INTEGER)");
        let error = super::create(&mut fresh, &persist::schema::Schema::of(ENTITIES)).unwrap_err();
        let refused = matches!(&error, persist::schema::SchemaError::Database { statement, .. }
            if statement.starts_with("CREATE TABLE") && statement.contains("votes"));
        assert!(refused, "{error:?}");
        let left = super::try_execute(&mut fresh, "SELECT 1 FROM bugs").is_ok();
        assert_eq!(left, matches!(fresh, Fresh::Mysql(_)), "{}", fresh.name());
        assert_eq!(fresh.depth(), 0);
    }
}
