//! Running the compiler, and what it took.

use super::generate::{Side, module, write};
use crate::Outcome;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};
use std::{env, fs, thread};

/// Where a wrapped compiler leaves the greatest memory it had, in kilobytes, and its processor time, in seconds.
const PEAK: &str = "PERSIST_BENCHES_PEAK";

/// The three crates, with their dependencies built.
pub struct Workspace {
    at: PathBuf,
    entities: usize,
    /// Every edit is a new one.
    edits: u32,
}

/// What one compilation took.
#[derive(Debug, Clone, Copy)]
pub struct Cost {
    /// Seconds by the clock, cargo's own among them.
    pub time: f64,
    /// Seconds of rustc on all processors: steadier where the machine has other work.
    pub processor: f64,
    /// The most memory of rustc, in kilobytes.
    pub memory: f64,
}

/// What one crate took.
#[derive(Debug, Clone, Copy)]
pub struct Costs {
    /// `cargo check`, from nothing but the dependencies.
    pub check: Cost,
    /// `cargo build`, from nothing but the dependencies.
    pub build: Cost,
    /// `cargo build` after a change to one entity's module.
    pub rebuild: Cost,
}

impl Workspace {
    /// Writes the crates under `at` and builds what they depend on; what is there already is used again.
    ///
    /// # Errors
    /// When they do not compile.
    pub fn new(at: PathBuf, entities: usize) -> Outcome<Self> {
        write(&at, entities)?;
        let workspace = Self { at, entities, edits: 0 };
        for command in ["check", "build"] {
            workspace.cargo(&[command, "--workspace"])?;
        }
        Ok(workspace)
    }

    fn peak_file(&self) -> PathBuf {
        self.at.join("peak")
    }

    fn cargo(&self, arguments: &[&str]) -> Outcome<f64> {
        let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        command.args(arguments).arg("--quiet").current_dir(&self.at);
        command.env("CARGO_TARGET_DIR", self.at.join("target"));
        command
            .env_remove("CARGO_INCREMENTAL")
            .env("RUSTC_WORKSPACE_WRAPPER", env::current_exe()?)
            .env(PEAK, self.peak_file());
        let begun = Instant::now();
        let status = command.status()?;
        let spent = begun.elapsed().as_secs_f64();
        if status.success() { Ok(spent) } else { Err(format!("cargo {arguments:?} failed").into()) }
    }

    /// Compiles one crate in every way.
    ///
    /// # Errors
    /// When it does not compile.
    pub fn costs(&mut self, side: Side) -> Outcome<Costs> {
        let name = side.name();
        self.cargo(&["clean", "-p", name])?;
        let check = self.measured(&["check", "-p", name])?;
        self.cargo(&["clean", "-p", name])?;
        let build = self.measured(&["build", "-p", name])?;
        let number = self.entities / 2;
        self.edits += 1;
        let mut text = module(side, number, self.entities);
        text.push_str(&format!("\npub fn edited_{number}() -> u32 {{\n    {}\n}}\n", self.edits));
        fs::write(self.at.join(name).join(format!("src/m{number}.rs")), text)?;
        let rebuild = self.measured(&["build", "-p", name])?;
        Ok(Costs { check, build, rebuild })
    }

    fn measured(&self, arguments: &[&str]) -> Outcome<Cost> {
        let time = self.cargo(arguments)?;
        let noted = fs::read_to_string(self.peak_file())?;
        let (memory, processor) = noted.split_once(' ').ok_or("rustc was not watched")?;
        Ok(Cost { time, processor: processor.parse()?, memory: memory.parse()? })
    }
}

/// Processor time out of `/proc/PID/stat`, in seconds; Linux counts it in hundredths.
fn processor_time(stat: &str) -> Option<f64> {
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / 100.0)
}

/// Runs the compiler if this program was called by cargo to do so, and notes what it took.
#[must_use]
pub fn wrap_rustc() -> Option<ExitCode> {
    let peak_file = env::var_os(PEAK)?;
    let mut arguments = env::args_os().skip(1);
    let mut child = Command::new(arguments.next()?).args(arguments).spawn().ok()?;
    let (status_file, stat_file) = (format!("/proc/{}/status", child.id()), format!("/proc/{}/stat", child.id()));
    let (mut peak, mut processor) = (0_u64, 0.0_f64);
    let status = loop {
        // The figures only grow; what is missed is what rustc takes in its last milliseconds.
        let text = fs::read_to_string(&status_file).unwrap_or_default();
        let kilobytes =
            text.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
        peak = peak.max(kilobytes.unwrap_or_default());
        let stat = fs::read_to_string(&stat_file).unwrap_or_default();
        processor = processor.max(processor_time(&stat).unwrap_or_default());
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) => thread::sleep(Duration::from_millis(4)),
            Err(_) => return Some(ExitCode::FAILURE),
        }
    };
    let _ = fs::write(peak_file, format!("{peak} {processor}"));
    Some(if status.success() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
