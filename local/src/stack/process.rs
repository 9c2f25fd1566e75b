//! Child processes in process groups of their own, so that a child's children end with it.

use std::fs::File;
use std::io::Write;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// A child process and everything it has started; all of it is killed on drop.
#[derive(Debug)]
pub struct ProcessGroup {
    child: Child,
    /// Open until this process ends, so that a child that reads it learns of the end, even of a killed process.
    lifeline: Option<ChildStdin>,
}

impl ProcessGroup {
    /// Starts `command` in a process group of its own, with its output in the file `log`.
    ///
    /// # Errors
    /// When the log cannot be written or the program cannot be started.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        use std::os::unix::process::CommandExt;
        let output = File::options().create(true).append(true).open(log);
        let output = output.with_context(|| format!("cannot write {}", log.display()))?;
        let program = command.get_program().to_string_lossy().into_owned();
        let mut child = command
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(output.try_clone().context("cannot share the log")?)
            .stderr(output)
            .spawn()
            .with_context(|| format!("cannot start {program}"))?;
        let lifeline = child.stdin.take();
        Ok(Self { child, lifeline })
    }

    /// Writes `line` to the child's standard input, which stays open.
    ///
    /// # Errors
    /// When the child has closed it, as a child that has ended does.
    pub(crate) fn tell(&mut self, line: &str) -> Result<()> {
        let input = self.lifeline.as_mut().context("the child has no standard input")?;
        writeln!(input, "{line}").context("the child does not read its standard input")
    }

    /// Waits until the server of the child, which people know as `name`, answers a GET of `url`, and returns the answer.
    ///
    /// # Errors
    /// When the child ends or does not answer within `limit`; the error holds the end of its `log`.
    pub(crate) async fn answer(
        &mut self,
        name: &str,
        url: &str,
        log: &Path,
        limit: Duration,
    ) -> Result<reqwest::Response> {
        let client = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(5)).build()?;
        let deadline = Instant::now() + limit;
        loop {
            if let Ok(answer) = client.get(url).send().await.and_then(reqwest::Response::error_for_status) {
                return Ok(answer);
            }
            if self.has_ended() || Instant::now() > deadline {
                let text = std::fs::read_to_string(log).unwrap_or_default();
                let start = text.char_indices().rev().nth(2000).map_or(0, |(index, _)| index);
                bail!("{name} did not start; {} ends in:\n{}", log.display(), text.get(start..).unwrap_or_default());
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// The process id of the group's leader.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The leader's exit status; `None` while it runs.
    pub fn status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Whether the leader has ended.
    pub fn has_ended(&mut self) -> bool {
        !matches!(self.child.try_wait(), Ok(None))
    }

    /// Waits until the leader has ended, and returns its exit status; `None` when it still runs after `patience`.
    pub fn wait(&mut self, patience: Duration) -> Option<ExitStatus> {
        let deadline = Instant::now() + patience;
        while !self.has_ended() && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(20));
        }
        self.status()
    }

    /// Asks the leader to end, and kills the group after `patience` at the latest.
    pub fn stop(&mut self, patience: Duration) {
        if let Some(leader) = pid(self.child.id()).filter(|_| !self.has_ended()) {
            // Only the leader is asked: it ends its children in its own order.
            let _ = kill_process(leader, Signal::TERM);
            let _ = self.wait(patience);
        }
        self.kill();
    }

    fn kill(&mut self) {
        if let Some(group) = pid(self.child.id()) {
            // The group outlives its leader, so this also ends the children of a crashed leader.
            let _ = kill_process_group(group, Signal::KILL);
        }
        let _ = self.child.wait();
        self.lifeline = None;
    }

    /// Kills the members of the group whose environment holds `variable=value`, and returns their number.
    pub fn kill_members(&self, variable: &str, value: &str) -> usize {
        kill_members(self.child.id(), variable, value)
    }
}

/// Kills the members of the process group `group` whose environment holds `variable=value`, and returns their number.
pub(crate) fn kill_members(group: u32, variable: &str, value: &str) -> usize {
    let wanted = format!("{variable}={value}");
    let members = processes().filter(|&id| group_of(id) == Some(group));
    let matching = members.filter(|id| {
        let environment = std::fs::read(format!("/proc/{id}/environ")).unwrap_or_default();
        environment.split(|byte| *byte == 0).any(|entry| entry == wanted.as_bytes())
    });
    matching.filter_map(pid).filter(|member| kill_process(*member, Signal::KILL).is_ok()).count()
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        self.kill();
    }
}

fn pid(id: u32) -> Option<Pid> {
    i32::try_from(id).ok().and_then(Pid::from_raw)
}

fn processes() -> impl Iterator<Item = u32> {
    let entries = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    entries.filter_map(|entry| entry.file_name().to_str()?.parse().ok())
}

/// The process group of `id`: the third field after the name in /proc/<id>/stat. The name may hold any character.
fn group_of(id: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(2)?.parse().ok()
}

/// Whether the process `id` exists and its command line holds `part`.
#[must_use]
pub(crate) fn runs(id: u32, part: &str) -> bool {
    std::fs::read(format!("/proc/{id}/cmdline"))
        .is_ok_and(|line| String::from_utf8_lossy(&line).replace('\0', " ").contains(part))
}

/// Asks the process `id` to end.
pub(crate) fn terminate(id: u32) {
    if let Some(process) = pid(id) {
        let _ = kill_process(process, Signal::TERM);
    }
}

/// The port `preferred` if it is free, and any free port otherwise.
///
/// # Errors
/// When this machine has no free port.
pub fn free_port(preferred: Option<u16>) -> Result<u16> {
    let preferred = preferred.and_then(|port| TcpListener::bind(("127.0.0.1", port)).ok());
    let listener = match preferred {
        Some(listener) => listener,
        None => TcpListener::bind(("127.0.0.1", 0))
            .context("127.0.0.1 has no free port: end a program that listens there")?,
    };
    Ok(listener.local_addr().context("the port has no address")?.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn drop_ends_the_child_and_what_it_started() {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 1000 & echo $!; wait"]);
        let group = ProcessGroup::start(&mut command, &dir.path().join("log")).unwrap();
        let grandchild = loop {
            if let Ok(id) = std::fs::read_to_string(dir.path().join("log")).unwrap().trim().parse::<u32>() {
                break id;
            }
            std::thread::yield_now();
        };
        // Its parent may tell its id before it has become a `sleep`.
        while !runs(grandchild, "sleep") {
            std::thread::yield_now();
        }
        drop(group);
        // A killed process stays listed, without a command line, until its parent has collected it.
        while runs(grandchild, "sleep") {
            std::thread::yield_now();
        }
    }

    #[test]
    fn only_the_members_with_the_variable_are_killed() {
        let dir = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command.args(["-c", "WHO=you sleep 1001 & WHO=me sleep 1000 & wait $!; echo ended; wait"]);
        let group = ProcessGroup::start(&mut command, &dir.path().join("log")).unwrap();
        while group.kill_members("WHO", "me") == 0 {
            std::thread::yield_now();
        }
        while !std::fs::read_to_string(dir.path().join("log")).unwrap().contains("ended") {
            std::thread::yield_now();
        }
        while group.kill_members("WHO", "you") == 0 {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_busy_port_is_replaced() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = taken.local_addr().unwrap().port();
        assert_ne!(free_port(Some(port)).unwrap(), port);
    }
}
