//! What messages say, on every path of an order of three products: compared with snapshots that a person has reviewed, and
//! reckoned up again by an arithmetic of their own.

mod journal;
mod paths;
mod restaurant;

use anyhow::Result;

use journal::text;
use paths::Path;

fn block_on<T>(test: impl Future<Output = Result<T>>) -> Result<T> {
    tokio::runtime::Builder::new_current_thread().enable_time().build()?.block_on(test)
}

/// Every command, reply, event and watchdog, in the order in which they came to their queues.
#[test]
fn every_message_on_every_path_is_worded_as_it_was_reviewed() -> Result<()> {
    for path in Path::ALL {
        let (restaurant, _) = block_on(path.play())?;
        insta::assert_snapshot!(format!("messages_{}", path.name()), text(&restaurant.heard()));
    }
    Ok(())
}

/// What the customer and the cook are told on the way.
#[test]
fn every_answer_on_every_path_is_worded_as_it_was_reviewed() -> Result<()> {
    for path in Path::ALL {
        let (restaurant, _) = block_on(path.play())?;
        insta::assert_snapshot!(format!("answers_{}", path.name()), text(&restaurant.calls));
    }
    Ok(())
}
