//! Who of a batch waits for whom, and how long.

use std::sync::Mutex;

use tokio::time::{Instant, sleep};

use super::*;

/// A message says by the sale that it names what it contends for and how many milliseconds it takes, as in "paper pens 300".
/// At the counter "panic" the till breaks.
struct Till {
    opened: Instant,
    /// The counters of each message that was handled, with its first and its last millisecond.
    served: Mutex<Vec<(String, u128, u128)>>,
}

fn wanted(message: &Envelope) -> (Vec<Key>, Duration) {
    let command: RefundCard = message.unpack().expect("a command");
    let mut words: Vec<Key> = command.sale_id.split(' ').map(str::to_owned).collect();
    let takes = words.pop().and_then(|word| word.parse().ok()).map(Duration::from_millis);
    (words, takes.expect("a number"))
}

#[async_trait]
impl Receiver for Till {
    async fn receive(&self, message: &Envelope, _: OffsetDateTime) -> Result<(), Failure> {
        let ((keys, takes), began) = (wanted(message), self.opened.elapsed().as_millis());
        assert!(!keys.contains(&"panic".to_owned()), "as the test wants");
        sleep(takes).await;
        self.served.lock().expect("notes").push((keys.join(" "), began, self.opened.elapsed().as_millis()));
        Ok(())
    }

    fn contends(&self, message: &Envelope) -> Vec<Key> {
        wanted(message).0
    }
}

/// Handles the messages as one batch: when each was handled, in the order of their ends, and the indexes of those that come
/// again.
async fn serve(sales: &[&str]) -> (Vec<(String, u128, u128)>, Vec<String>) {
    let (till, outbound) = (Till { opened: Instant::now(), served: Mutex::default() }, MemoryOutbound::default());
    let mut batch = SqsEvent::default();
    let bodies = sales.iter().zip(0..).map(|(sale, number)| (number, good(number, sale)));
    batch.records = bodies.map(|(number, body)| message(Some(&number.to_string()), Some(&body))).collect();
    let response = handle_batch(&till, &outbound, clock, batch).await;
    let again = response.batch_item_failures.into_iter().map(|failure| failure.item_identifier).collect();
    (till.served.into_inner().expect("notes"), again)
}

fn served(keys: &str, from: u128, to: u128) -> (String, u128, u128) {
    (keys.to_owned(), from, to)
}

#[tokio::test(start_paused = true)]
async fn messages_that_share_a_key_are_handled_one_after_the_other_and_the_others_meanwhile() {
    let (handled, again) = serve(&["paper 200", "paper 200", "pens 300", "paper 200"]).await;
    let expected =
        [served("paper", 0, 200), served("pens", 0, 300), served("paper", 200, 400), served("paper", 400, 600)];
    assert_eq!((handled.as_slice(), again), (&expected[..], none()));
}

#[tokio::test(start_paused = true)]
async fn a_message_with_several_keys_waits_for_each_and_nobody_waits_for_ever() {
    let (handled, again) =
        serve(&["paper 100", "pens paper 100", "paper pens 100", "pens 100", "ink paper ink 100"]).await;
    assert_eq!(again, none());
    for (index, (keys, from, to)) in handled.iter().enumerate() {
        assert_eq!(to - from, 100);
        let shares = |other: &str| other.split(' ').any(|key| keys.split(' ').any(|mine| mine == key));
        let overlaps = |(other, begins, ends): &(String, u128, u128)| shares(other) && begins < to && from < ends;
        assert!(!handled[..index].iter().any(overlaps), "{handled:?}");
    }
    assert_eq!(handled.len(), 5);
}

#[tokio::test(start_paused = true)]
async fn ten_in_a_row_fit_into_the_time_of_a_batch() {
    let (handled, again) = serve(&["paper 900"; 10]).await;
    assert_eq!((handled.len(), again), (10, none()));
    assert_eq!(handled[9], served("paper", 8100, 9000));
}

#[tokio::test(start_paused = true)]
async fn a_message_that_hangs_loses_its_turn_and_comes_again_alone() {
    let (handled, again) = serve(&["paper 60000", "paper 100", "paper 100"]).await;
    assert_eq!(again, ["0"], "the slow message alone");
    assert_eq!(handled, [served("paper", 3000, 3100), served("paper", 3100, 3200)]);
}

#[tokio::test(start_paused = true)]
async fn who_gets_no_turn_in_time_comes_again() {
    let (handled, again) = serve(&["paper 8999", "paper 8999", "paper 8999"]).await;
    assert_eq!(handled, [served("paper", 0, 8999)]);
    assert_eq!(again, ["1", "2"], "each began in its turn, and the batch's time was over first");
}

#[tokio::test(start_paused = true)]
async fn a_panic_gives_the_turn_away() {
    let (handled, again) = serve(&["paper panic 100", "paper 100"]).await;
    assert_eq!((handled, again), (vec![served("paper", 0, 100)], vec!["0".to_owned()]));
}
