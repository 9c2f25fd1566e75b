//! The documents in docs/api/ describe what is asked, answered and sent on every path.

use anyhow::{Context, Result, ensure};
use messaging::Envelope;
use serde_json::json;
use tests::{Document, as_it_is_read};

use super::journal::Called;
use super::paths::Path;
use super::{calls, registry};
use crate::block_on;

/// Whether the request itself is at fault: its schema may refuse it, or not, as it cannot see that two items name one product.
fn is_malformed(called: &Called) -> bool {
    called.reason().is_some_and(|reason| reason == "INVALID_REQUEST")
}

#[test]
fn every_call_fits_the_openapi() -> Result<()> {
    let document = Document::openapi()?;
    let mut all = block_on(calls::play())?.calls;
    for path in Path::ALL {
        all.extend(block_on(path.play())?.0.calls);
    }
    let (mut answered, mut refused) = (0, 0);
    for called in &all {
        for (schema, message) in called.messages().filter(|(name, _)| !name.starts_with("google.")) {
            let fits = document.fits(schema, message);
            if !is_malformed(called) {
                fits.with_context(|| called.to_string())?;
            }
        }
        if called.is_refused {
            refused += 1;
            document.fits("ConnectError", &called.answer)?;
        } else {
            answered += 1;
        }
    }
    ensure!(answered > 50 && refused > 20, "{answered} answered, {refused} refused");
    Ok(())
}

#[test]
fn every_message_fits_the_asyncapi_and_its_channel_names_it() -> Result<()> {
    let document = Document::asyncapi()?;
    let starting: Vec<&str> = Vec::from_iter(order::sagas::registry().starting_events());
    let mut seen = std::collections::BTreeSet::new();
    for path in Path::ALL {
        for heard in block_on(path.play())?.0.heard() {
            document.message(&heard.body).with_context(|| format!("{path:?}: {heard}"))?;
            let name = heard.type_name();
            // Whoever subscribes to the other events is no function of this system.
            let channel = if heard.to == "subscriber" { "order-events" } else { heard.to.as_str() };
            let channel = &document.as_json()["channels"][channel];
            ensure!(channel["messages"][name].is_object(), "{} does not name {name}", heard.to);
            let published = &document.as_json()["channels"]["order-events"]["messages"][name];
            ensure!(published.is_object() == (starting.contains(&name) || heard.to == "subscriber"), "{name}");
            seen.insert(name.to_owned());
        }
    }
    let messages = document.as_json()["components"]["messages"].as_object().context("messages")?;
    ensure!(messages.keys().eq(&seen), "{:?} are described, and {seen:?} are sent", messages.keys());
    Ok(())
}

/// What the state machines send, as it is read: they put a refusal's message beside its reason, which nobody knows there.
#[test]
fn every_message_of_a_state_machine_fits_the_asyncapi() -> Result<()> {
    let (document, mut tried) = (Document::asyncapi()?, 0);
    for definition in registry().definitions() {
        for run in super::runs(definition)? {
            let because = json!({"Cause": json!({"reason": "WHY", "message": "because"}).to_string()});
            for (state, mut body) in run.execution.messages(&because)? {
                body["payload"] = as_it_is_read(&Envelope::parse(&body.to_string())?.payload)?;
                document.message(&body).with_context(|| format!("{state} of {}", definition.machine_name()))?;
                tried += 1;
            }
        }
    }
    ensure!(tried > 20, "only {tried} messages were tried");
    Ok(())
}

/// Nobody else reads the limits of a card's token.
#[test]
fn a_card_token_is_as_long_as_the_openapi_says() -> Result<()> {
    let document = Document::openapi()?;
    let schema = &document.as_json()["components"]["schemas"]["order_api.v1.CreateOrderRequest"];
    let token = &schema["properties"]["cardToken"];
    let (least, most) =
        (token["minLength"].as_u64().context("the least")?, token["maxLength"].as_u64().context("the most")?);
    for (length, taken) in [(least - 1, false), (least, true), (most, true), (most + 1, false)] {
        let called = block_on(calls::with_card(&"x".repeat(usize::try_from(length)?)))?;
        ensure!(called.is_refused != taken, "a token of {length} characters: {called}");
    }
    Ok(())
}
