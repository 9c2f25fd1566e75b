//! `operate redrive`: what lies in a function's dead-letter queue, and the way back from there.
//!
//! SQS has a redrive of its own, and it does not do here: it refuses what a function, SNS or Lambda *sent* to a dead-letter
//! queue, which is nearly all that lies there, unless it is told a destination; and it always moves all messages, unseen.
//! Therefore the message is sent to its queue once more and then deleted, in this order: a crash in between doubles the
//! message, which its receiver recognises by its id, and never loses it.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use aws::AwsOutbound;
use clap::Args;
use messaging::{Envelope, Outbound, OutboxEntry, OutgoingEvent, SendError};

use crate::letters::{Content, DeadLetters, Found, Letter};
use crate::speech::{count, say};
use crate::stack::{Place, RELAY, Stack};

/// How many messages are read at once, at most.
const MOST: i64 = 1000;

/// Why a message stays in the relay's dead-letter queue.
const UNREADABLE: &str = "its events cannot be read here either: mend that and build this tool again, or delete the message \
                          with --discard (make: DISCARD=<id>)";
const NO_EVENT: &str =
    "it holds no event: publish its orders again, then delete it with --discard (make: DISCARD=<id>)";

/// Which queue, and what to do with its messages: without more, they are shown.
#[derive(Args)]
pub(crate) struct Redrive {
    /// The function whose messages were set aside, such as create-ticket; `saga` is the orchestrator's queue
    function: String,
    /// Move all messages back to their queue
    #[arg(long, conflicts_with_all = ["message", "discard"])]
    all: bool,
    /// Move the message with this id back to its queue; may be given several times, or with commas
    #[arg(long, value_name = "ID", value_delimiter = ',', conflicts_with = "discard")]
    message: Vec<String>,
    /// Delete the message with this id, for good; may be given several times, or with commas
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    discard: Vec<String>,
    /// How many messages to read at most
    #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=MOST))]
    limit: u16,
}

/// Where messages go back to.
enum Way {
    /// To the queue with this URL.
    Queue(String),
    /// To the topic, like what the relay publishes.
    Topic(Box<dyn Outbound>),
    /// Nowhere: they are deleted.
    Nowhere,
}

pub(crate) async fn run(stack: &Stack, redrive: &Redrive) -> Result<()> {
    let place = stack.announce().await?;
    let function = stack.function(&redrive.function).await?;
    let dead = stack.dead_letter_queue(function);
    let Some(url) = stack.queue_url(&dead).await? else { return stack.no_queue(&dead).await };
    let queue = DeadLetters::new(stack.clients().sqs(), url);
    let wanted: BTreeSet<&str> = redrive.message.iter().chain(&redrive.discard).map(String::as_str).collect();
    if !redrive.all && wanted.is_empty() {
        let found = queue.read(redrive.limit).await?;
        queue.give_back(&found.letters).await?;
        say!("{}", shown(function, &dead, &found).trim_end());
        return Ok(());
    }
    let way = if !redrive.discard.is_empty() {
        Way::Nowhere
    } else if function == RELAY {
        Way::Topic(Box::new(topic(stack, &place)))
    } else {
        let live = stack.queue(function);
        let Some(url) = stack.queue_url(&live).await? else { return stack.no_queue(&live).await };
        Way::Queue(url)
    };
    let found = queue.read(redrive.limit).await?;
    let (mut open, others): (Vec<_>, Vec<_>) =
        found.letters.into_iter().partition(|letter| redrive.all || wanted.contains(letter.id.as_str()));
    let missing: Vec<&str> = wanted.iter().filter(|id| open.iter().all(|letter| letter.id != **id)).copied().collect();
    let given_back = queue.give_back(&others).await;
    let done = take_all(&queue, &mut open, &way).await;
    // Whatever happened, the messages that stay are seen again at once.
    let left = queue.give_back(&open).await;
    done.and(given_back).and(left)?;
    if !missing.is_empty() {
        bail!("not among the messages that were read from {dead}: {}", missing.join(", "));
    }
    if !open.is_empty() {
        bail!("{} left in {dead}", count(open.len(), "message"));
    }
    if redrive.all && found.unread > 0 {
        say!("some {} more are in {dead}: say the same again", found.unread);
    }
    Ok(())
}

/// The way out to the topic of the stack's events; it sets nothing aside.
fn topic(stack: &Stack, place: &Place) -> AwsOutbound {
    let topic = place.topic(&stack.queue("order-events"));
    AwsOutbound::new(stack.clients().sqs(), "").with_topic(stack.clients().sns(), topic)
}

/// Takes each message its way, and leaves those that have no way in `open`.
async fn take_all(queue: &DeadLetters, open: &mut Vec<Letter>, way: &Way) -> Result<()> {
    let mut stay = Vec::new();
    let mut done = Ok(());
    // The oldest first.
    open.reverse();
    while let Some(letter) = open.pop() {
        done = match take(queue, &letter, way).await {
            Ok(Taken::To(place)) => {
                say!("{}: {place}", letter.id);
                continue;
            }
            Ok(Taken::Stays(why)) => {
                say!("{} stays: {why}", letter.id);
                stay.push(letter);
                continue;
            }
            Err(error) => Err(error),
        };
        stay.push(letter);
        break;
    }
    open.append(&mut stay);
    done
}

/// What became of a message.
enum Taken {
    /// It is there now.
    To(&'static str),
    /// It is where it was, and why.
    Stays(&'static str),
}

async fn take(queue: &DeadLetters, letter: &Letter, way: &Way) -> Result<Taken> {
    match way {
        Way::Nowhere => queue.delete(letter).await.map(|()| Taken::To("deleted")),
        Way::Queue(url) => queue.send_back(letter, url).await.map(|()| Taken::To("moved")),
        Way::Topic(outbound) => {
            let events = match events(letter) {
                Ok(events) => events,
                Err(why) => return Ok(Taken::Stays(why)),
            };
            for (type_name, body) in events {
                let event = OutgoingEvent { type_name: &type_name, body: &body };
                let published: Result<(), SendError> = outbound.publish(&[event]).await.into_iter().collect();
                published.with_context(|| format!("cannot publish {}", letter.id))?;
            }
            queue.delete(letter).await.map(|()| Taken::To("published"))
        }
    }
}

/// The events that the relay did not publish, by type and body; or what to do instead.
fn events(letter: &Letter) -> Result<Vec<(String, String)>, &'static str> {
    let by_type = |message: &Envelope, body: &str| (message.payload.type_name().to_owned(), body.to_owned());
    match &letter.content {
        Content::Message(message) => Ok(vec![by_type(message, &letter.body)]),
        Content::Image(image) => {
            let read = |entry: &OutboxEntry| Some(by_type(&Envelope::parse(&entry.body).ok()?, &entry.body));
            let events = image.outbox.as_ref().and_then(|outbox| outbox.iter().map(read).collect());
            events.ok_or(UNREADABLE)
        }
        Content::Positions(_) => Err(NO_EVENT),
        Content::Unknown => Err(UNREADABLE),
    }
}

/// What an operator sees of a queue, and what to do next.
fn shown(function: &str, dead: &str, found: &Found) -> String {
    let mut text = format!("{} in {dead}\n", count(found.letters.len(), "message"));
    for letter in &found.letters {
        text.push('\n');
        text.push_str(&letter.told());
        if let Content::Positions(positions) = &letter.content {
            text.push_str(&format!("  orders {}\n", positions.command()));
        }
    }
    if found.unread > 0 {
        text.push_str(&format!("\nsome {} more were not read: give a higher --limit, up to {MOST}\n", found.unread));
    }
    if found.hidden > 0 {
        text.push_str(&format!("\nsome {} were hidden by another reader: look again in ten minutes\n", found.hidden));
    }
    if !found.letters.is_empty() {
        text.push('\n');
        text.push_str(&next(function, found));
    }
    text
}

fn next(function: &str, found: &Found) -> String {
    let mut text = if function == RELAY {
        "Mend the cause, then publish the events of all or of some:".to_owned()
    } else {
        "Mend the cause, then move all or some back; what had taken effect does not do so twice:".to_owned()
    };
    text.push_str(&format!(
        "\n  make redrive QUEUE={function} MOVE=all\n  make redrive QUEUE={function} MOVE=<id>,<id>\n\
         What will never be wanted is deleted:\n  make redrive QUEUE={function} DISCARD=<id>,<id>\n"
    ));
    if found.letters.iter().any(|letter| matches!(letter.content, Content::Positions(_))) {
        text.push_str(
            "Of writes that Lambda gave up there is only the place in the stream. Within 24 hours of the write, the command \
             beside `orders` lists their orders; later, `make republish` lists the orders that wait. Publish each again, then \
             delete the message:\n  make republish ORDER=<id>\n",
        );
    }
    text
}

#[cfg(test)]
mod tests;
