//! The course of a story, as a table for a person to read.

use std::io::{IsTerminal, stdout};

use time::{Duration, OffsetDateTime};

use super::progress::Saga;

/// The decoration of text.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// Whether text has colors.
    pub colors: bool,
}

/// The meaning of a text for the story.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    Plain,
    Good,
    Bad,
    Undone,
}

impl Style {
    /// Colors for a person at a terminal who has not declined them by `NO_COLOR`.
    #[must_use]
    pub fn of_stdout() -> Self {
        Self { colors: stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() }
    }

    pub(crate) fn paint(self, text: &str, tone: Tone) -> String {
        match tone {
            _ if !self.colors => text.to_owned(),
            Tone::Plain => text.to_owned(),
            Tone::Good => format!("\x1b[32m{text}\x1b[0m"),
            Tone::Bad => format!("\x1b[31m{text}\x1b[0m"),
            Tone::Undone => format!("\x1b[33m{text}\x1b[0m"),
        }
    }

    /// The text in bold.
    #[must_use]
    pub fn strong(self, text: &str) -> String {
        if self.colors { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// The deeds of people and services since the story began.
#[derive(Debug)]
pub(crate) struct Timeline {
    began: OffsetDateTime,
    rows: Vec<Row>,
}

#[derive(Debug)]
struct Row {
    at: OffsetDateTime,
    who: String,
    what: String,
    outcome: String,
    tone: Tone,
    detail: String,
}

const HEAD: [&str; 5] = ["at", "who", "does", "outcome", ""];
/// Marks a step that reverses an earlier one.
const UNDO: &str = "<- undo: ";

impl Timeline {
    pub(crate) fn from(began: OffsetDateTime) -> Self {
        Self { began, rows: Vec::new() }
    }

    /// A person's call.
    pub(crate) fn person(&mut self, at: OffsetDateTime, who: &str, what: &str, outcome: &str, detail: &str) {
        self.outcome(at, who, what, (outcome, Tone::Plain), detail);
    }

    /// A deed whose outcome has a tone.
    pub(crate) fn outcome(
        &mut self,
        at: OffsetDateTime,
        who: &str,
        what: &str,
        (outcome, tone): (&str, Tone),
        detail: &str,
    ) {
        let (who, what) = (who.to_owned(), what.to_owned());
        self.rows.push(Row { at, who, what, outcome: outcome.to_owned(), tone, detail: detail.to_owned() });
    }

    /// The services' work on these sagas.
    pub(crate) fn sagas(&mut self, sagas: &[Saga]) {
        for saga in sagas {
            self.saga(saga);
        }
    }

    fn saga(&mut self, saga: &Saga) {
        let name = &saga.name;
        let Some(started_at) = saga.started_at else { return };
        self.outcome(started_at, "order", &format!("saga {name}"), ("begins", Tone::Plain), "");
        // A saga that has turned back sends only undos: every step after a refusal is an undo.
        let mut undoing = false;
        let mut last = started_at;
        for step in &saga.steps {
            let mark = if undoing { UNDO } else { "" };
            let tone = match (step.state(), undoing) {
                ("SUCCEEDED", false) => Tone::Good,
                ("SUCCEEDED", true) => Tone::Undone,
                ("SENT", _) => Tone::Plain,
                _ => Tone::Bad,
            };
            let took = step.ended_at.map(|ended_at| format!("after {}", seconds(ended_at - step.sent_at)));
            let repeats = (step.repeats > 0).then(|| format!("repeated {} x", step.repeats));
            let reason = Some(step.reason.clone()).filter(|reason| !reason.is_empty());
            let detail: Vec<String> = [reason, took, repeats].into_iter().flatten().collect();
            let what = format!("{mark}{}", step.name);
            self.outcome(step.sent_at, &step.service, &what, (step.state(), tone), &detail.join(", "));
            undoing |= step.turned_round();
            last = last.max(step.ended_at.unwrap_or(step.sent_at));
        }
        if saga.is_over() {
            let tone = if saga.state() == "COMPLETED" { Tone::Good } else { Tone::Undone };
            self.outcome(last, "order", &format!("saga {name}"), (saga.state(), tone), "");
        }
    }

    /// The table, ordered by time.
    pub(crate) fn render(&self, style: Style) -> String {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        // The sort is stable: deeds of the same time stay in the order of cause and effect.
        rows.sort_by_key(|row| row.at);
        let cells = |row: &&Row| {
            let at = seconds(row.at - self.began);
            ([at, row.who.clone(), row.what.clone(), row.outcome.clone(), row.detail.clone()], row.tone)
        };
        let head = (HEAD.map(str::to_owned), Tone::Plain);
        let lines: Vec<([String; 5], Tone)> = std::iter::once(head).chain(rows.iter().map(cells)).collect();
        let width = |column: usize| lines.iter().map(|(cells, _)| cells[column].chars().count()).max().unwrap_or(0);
        let [at, who, what, outcome] = [width(0), width(1), width(2), width(3)];
        let line = |(cells, tone): &([String; 5], Tone)| {
            let [when, actor, act, came_to, detail] = cells;
            let act = style.paint(&format!("{act:<what$}"), *tone);
            let outcome = if detail.is_empty() { 0 } else { outcome };
            let came_to = style.paint(&format!("{came_to:<outcome$}"), *tone);
            format!("  {}\n", format!("{when:>at$}  {actor:<who$}  {act}  {came_to}  {detail}").trim_end())
        };
        lines.iter().map(line).collect()
    }
}

fn seconds(duration: Duration) -> String {
    format!("{:.3} s", duration.as_seconds_f64())
}

#[cfg(test)]
mod tests;
