//! Generated blocks between marker lines of a file that is written by hand.

use anyhow::{Result, bail, ensure};

use crate::template::yaml::indented;

/// What the marker lines of a file look like; the indentation is the file's own.
pub(crate) struct Markers {
    /// Before the name, in the line that begins a block.
    pub(crate) before: &'static str,
    /// After the name.
    pub(crate) after: &'static str,
    /// The line that ends a block.
    pub(crate) end: &'static str,
}

impl Markers {
    /// The line that begins the block of this name.
    pub(crate) fn start(&self, name: &str) -> String {
        format!("{}{name}{}", self.before, self.after)
    }

    /// The name of the block that the line begins.
    fn name<'a>(&self, line: &'a str) -> Option<&'a str> {
        line.trim().strip_prefix(self.before)?.strip_suffix(self.after)
    }

    /// The text with what stands in each block replaced by its content, which gets the block's indentation.
    ///
    /// # Errors
    /// A block that never ends or never begins, or whose content is an error.
    pub(crate) fn refresh(&self, text: &str, mut content: impl FnMut(&str) -> Result<String>) -> Result<String> {
        let mut refreshed = String::new();
        let mut lines = text.lines();
        while let Some(line) = lines.next() {
            let stray = line.trim() == self.end;
            ensure!(
                !stray,
                "a line {} ends no block: write a line {} before it, or take it out",
                self.end,
                self.start("…")
            );
            refreshed += line;
            refreshed.push('\n');
            let Some(name) = self.name(line) else { continue };
            self.skip(&mut lines, line.trim())?;
            let indent = &line[..line.len() - line.trim_start().len()];
            for line in content(name)?.lines().chain([self.end]) {
                refreshed += &indented(indent, line);
            }
        }
        Ok(refreshed)
    }

    /// Leaves out what stood in a block; the end of the next block is not the end of this one.
    fn skip<'a>(&self, lines: &mut impl Iterator<Item = &'a str>, start: &str) -> Result<()> {
        for line in lines {
            if line.trim() == self.end {
                return Ok(());
            }
            if self.name(line).is_some() {
                break;
            }
        }
        bail!("the block {start} has no {}", self.end)
    }
}

#[cfg(test)]
mod tests;
