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
    // Nothing in it is to outlive the machine, so it need not wait for the disk; and it is killed in the end.
    script: r#"
        PATH="$PATH:/usr/bin:/usr/sbin"
        bin=$1 port=$2 settings=$3
        dir=$(mktemp -d); trap 'rm -rf "$dir"' EXIT
        start() {
            rm -f "$dir/log"
            "$bin/mariadbd" --no-defaults --datadir="$dir/data" --socket="$dir/socket" --pid-file="$dir/pid" --port="$port" \
                --bind-address=127.0.0.1 --innodb-flush-log-at-trx-commit=2 --innodb-flush-method=nosync $settings \
                >"$dir/log" 2>&1 & server=$!
            until grep -qs 'ready for connections' "$dir/log"; do
                kill -0 $server 2>/dev/null || { cat "$dir/log"; exit 1; }
                sleep 0.05
            done
            echo ready
        }
        mariadb-install-db --no-defaults --datadir="$dir/data" --auth-root-authentication-method=normal --skip-test-db \
            $settings >"$dir/log" 2>&1 || { cat "$dir/log"; exit 1; }
        start
        while read order; do
            case $order in
            start) start ;;
            kill) kill -9 $server; wait $server 2>/dev/null; echo ready ;;
            esac
        done
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
