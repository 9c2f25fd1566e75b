//! What the console never does: keep more for longer than a tab than it says, ask too often, or ask when nobody looks.

use anyhow::{Result, ensure};
use regex_lite::Regex;
use tests::{relative, root};

use super::{SOURCES, own};

/// Names of what would outlive the tab, would ask in a hidden tab, or would write what is no text of ours into the page.
const NEVER: [&str; 6] = [
    "localStorage",
    "indexedDB",
    "document.cookie",
    "refetchIntervalInBackground",
    "dangerouslySetInnerHTML",
    "innerHTML",
];

/// Where alone it is said what all tabs share: a basket, which whoever opens a second tab expects there, and the keys of what the
/// shop was asked for, so that an order that two tabs place is placed once.
const SHARED: (&str, &str) = ("web/src/session/kept.ts", "localStorage");

/// The shortest pause between two questions of the same page.
const SHORTEST_MS: u64 = 1_000;

/// Milliseconds below the shortest pause in a file that asks again by itself; nothing for a file that does not.
///
/// Such a file says its pauses itself: on the line that sets the interval, or in constants that end in `_MS`. Pages that watch a saga
/// take them from the table `PAUSES`, which is read along with the file. `polling` sets it for others.
fn short_pauses(text: &str) -> Result<Vec<u64>> {
    if !Regex::new(r"refetchInterval|setInterval\(|\bpolling\(")?.is_match(text) {
        return Ok(Vec::new());
    }
    let says = Regex::new(r"refetchInterval|setInterval\(|\bpolling\(|_MS\b.*=|\bPAUSES\b.*=")?;
    let number = Regex::new(r"\b[0-9][0-9_]*\b")?;
    let spoken = text.lines().filter(|line| says.is_match(line) && !line.trim_start().starts_with("//"));
    let pauses: Vec<u64> = spoken
        .flat_map(|line| number.find_iter(line).map(|found| found.as_str().replace('_', "")).collect::<Vec<_>>())
        .map(|digits| Ok(digits.parse()?))
        .collect::<Result<_>>()?;
    ensure!(!pauses.is_empty(), "it says nowhere how often it asks: write the milliseconds there, or a constant X_MS");
    // 0 and 1 are how many of something there are, such as pages that are asked for.
    Ok(pauses.into_iter().filter(|pause| *pause > 1 && *pause < SHORTEST_MS).collect())
}

#[test]
fn the_console_says_in_one_place_what_outlives_a_tab_and_writes_no_markup() -> Result<()> {
    for file in own(SOURCES, &[".ts", ".tsx"])? {
        let text = std::fs::read_to_string(&file)?;
        let path = relative(&file);
        let found = NEVER.iter().find(|name| text.contains(**name) && (path.as_str(), **name) != SHARED);
        ensure!(found.is_none(), "{path} has {found:?}");
    }
    Ok(())
}

#[test]
fn the_console_asks_at_most_once_a_second() -> Result<()> {
    let pace = std::fs::read_to_string(root().join("web/src/api/pace.ts"))?;
    for file in own(SOURCES, &[".ts", ".tsx"])? {
        let mut text = std::fs::read_to_string(&file)?;
        if text.contains("/pace.ts\"") {
            text += &pace;
        }
        let short = short_pauses(&text);
        let short = short.map_err(|error| error.context(relative(&file)))?;
        ensure!(short.is_empty(), "{} asks again after {short:?} ms", relative(&file));
    }
    Ok(())
}

#[test]
fn a_pause_is_found_wherever_it_is_said() -> Result<()> {
    ensure!(short_pauses("useQuery(x, { refetchInterval: 500 })")? == [500]);
    ensure!(short_pauses("const EVERY_MS = 99;\nuseQuery(x, { refetchInterval: EVERY_MS })")? == [99]);
    ensure!(short_pauses("setInterval(() => ask(), 9_00)")? == [900]);
    ensure!(short_pauses("refetchInterval: ({ state }) => (isOver(state.data) ? false : 5_000),")?.is_empty());
    ensure!(short_pauses("const EVERY_MS = 5_000;\nrefetchInterval: () => EVERY_MS * Math.max(1, pages),")?.is_empty());
    ensure!(short_pauses("refetchInterval: PAUSES[pace],\nconst PAUSES = { moving: 300, settled: false };")? == [300]);
    ensure!(short_pauses("polling(transport, method, {}, () => 700)")? == [700]);
    ensure!(short_pauses("const EVERY_MS = 70;\npolling(transport, method, {}, () => EVERY_MS)")? == [70]);
    ensure!(short_pauses("refetchInterval: EVERY").is_err(), "an interval from elsewhere was taken");
    ensure!(short_pauses("const QUICK_MS = 160; setTimeout(hide, QUICK_MS)")?.is_empty(), "a single pause is no poll");
    Ok(())
}
