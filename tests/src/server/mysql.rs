//! MariaDB; or MySQL, where there is one already.

use super::Server;
use crate::stores::MysqlConnection;
use diesel::Connection;
use std::path::PathBuf;
use std::sync::{Mutex, OnceLock};

/// The MariaDB or MySQL server of the tests.
pub static MYSQL: Server = Server {
    name: "MariaDB",
    variable: "PERSIST_TEST_MYSQL_URL",
    local: |port| format!("mysql://root@127.0.0.1:{port}/"),
    port: 3306,
    connect: |url| MysqlConnection::establish(url).map(drop).map_err(|error| error.to_string()),
    binaries,
    // Nothing in it is to outlive it, so it need not wait for the disk, and is killed in the end.
    script: r#"
        PATH="$PATH:/usr/bin:/usr/sbin"
        dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
        mariadb-install-db --no-defaults --datadir="$dir/data" --auth-root-authentication-method=normal --skip-test-db \
            >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
        "$1/mariadbd" --no-defaults --datadir="$dir/data" --socket="$dir/socket" --pid-file="$dir/pid" --port="$2" \
            --bind-address=127.0.0.1 --innodb-flush-log-at-trx-commit=0 --innodb-flush-method=nosync \
            >"$dir/log" 2>&1 & server=$!
        until grep -q 'ready for connections' "$dir/log"; do
            kill -0 $server 2>/dev/null || { cat "$dir/log"; exit 1; }
            sleep 0.1
        done
        echo ready
        read _ || true
        kill -9 $server; wait $server 2>/dev/null"#,
    user: "mysql",
    found: OnceLock::new(),
    own: Mutex::new(None),
};

fn binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/sbin", "/usr/local/sbin"].map(PathBuf::from);
    std::env::split_paths(&path).chain(usual).find(|directory| directory.join("mariadbd").exists())
}
