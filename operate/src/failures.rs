//! What fails of many: the others go on, and the end names what is left.

use anyhow::{Result, bail};
use uuid::Uuid;

use crate::speech::{count, say};

/// What was not done.
#[derive(Debug, Default)]
pub(crate) struct Failures {
    /// The keys of the items that could not be read.
    pub(crate) unread: Vec<String>,
    /// The ids of those on which the action failed.
    pub(crate) undone: Vec<String>,
}

impl Failures {
    /// Acts on each of these, and goes on after a failure.
    pub(crate) async fn act_on(&mut self, ids: impl IntoIterator<Item = Uuid>, act: impl AsyncFn(Uuid) -> Result<()>) {
        for id in ids {
            if let Err(error) = act(id).await {
                say!("{id}: failed: {error:#}");
                self.undone.push(id.to_string());
            }
        }
    }

    /// Ends well if nothing has failed.
    ///
    /// # Errors
    /// The keys and ids of what has failed.
    pub(crate) fn end(self) -> Result<()> {
        let mut told = Vec::new();
        if !self.unread.is_empty() {
            let items = count(self.unread.len(), "item");
            let why = "cannot be read by this version of the tool, and may wait as well";
            told.push(format!("{items} {why}: {}", self.unread.join(", ")));
        }
        if !self.undone.is_empty() {
            told.push(format!("{}: {}", count(self.undone.len(), "failure"), self.undone.join(", ")));
        }
        if told.is_empty() { Ok(()) } else { bail!(told.join("; ")) }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;

    use super::*;

    #[tokio::test]
    async fn what_fails_is_named_at_the_end_and_the_others_are_done() {
        let [first, second, third] = [1, 2, 3].map(Uuid::from_u128);
        let (done, mut failures) = (RefCell::new(Vec::new()), Failures::default());
        let act = async |id| {
            if id == first || id == third {
                bail!("no");
            }
            done.borrow_mut().push(id);
            Ok(())
        };
        failures.act_on([first, second, third], act).await;
        assert_eq!(done.into_inner(), [second]);
        failures.unread.push("key".to_owned());
        let told = failures.end().expect_err("failures").to_string();
        let unread = "1 item cannot be read by this version of the tool, and may wait as well: key";
        assert_eq!(told, format!("{unread}; 2 failures: {first}, {third}"));
        assert!(Failures::default().end().is_ok());
    }
}
