//! What a page in a browser can read of the functions' answers: CORS hides each header that is not exposed.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use local::Template;
use local::template::strings;
use serde_json::Value;
use tests::root;

use super::callers::{Call, bearer};
use super::doors::{ANNA, Door, Stage, doors};
use super::permissions;

/// What every page can read of an answer that it may see at all, as the Fetch standard lists it.
const READABLE: [&str; 7] =
    ["cache-control", "content-language", "content-length", "content-type", "expires", "last-modified", "pragma"];
/// What is said to browsers and to caches, and to no page.
const NOT_FOR_PAGES: [&str; 2] = ["vary", "x-content-type-options"];

fn exposed() -> Result<BTreeSet<String>> {
    let template = Template::read(&root().join("template.yaml"))?;
    let api = template.as_json().pointer("/Resources/HttpApi/Properties/CorsConfiguration/Fn::If/1");
    Ok(strings(&api.context("CORS")?["ExposeHeaders"]).into_iter().collect())
}

/// Calls that are answered and refused in every way that has headers of its own.
fn calls(door: &Door) -> Result<Vec<Call>> {
    let all = permissions();
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let post = Call::post(door.path, &door.good).with("idempotency-key", "k");
    let good = post.clone().with("authorization", &bearer(ANNA, &all)?);
    Ok(vec![
        post.clone(),
        post.with("authorization", &bearer(ANNA, &[])?),
        Call::get(door.path, &door.good)?.with("authorization", &bearer(ANNA, &all)?),
        Call::post(door.path, &Value::Null).with("authorization", &bearer(ANNA, &all)?),
        good.clone().with("content-type", "text/plain"),
        good.clone().with("content-encoding", "gzip"),
        good.clone().with("connect-timeout-ms", "soon"),
        good,
    ])
}

#[tokio::test]
async fn a_page_can_read_every_header_that_an_answer_has() -> Result<()> {
    let (stage, exposed) = (Stage::new(true).await?, exposed()?);
    let mut seen = BTreeSet::new();
    for door in doors(&stage).await? {
        for call in calls(&door)? {
            let answer = door.answer(call.event()).await;
            seen.extend(answer["headers"].as_object().context("headers")?.keys().cloned());
        }
    }
    let known = |name: &str| READABLE.contains(&name) || NOT_FOR_PAGES.contains(&name) || exposed.contains(name);
    let hidden: Vec<_> = seen.iter().filter(|name| !known(name)).collect();
    ensure!(hidden.is_empty(), "no page can read {hidden:?}: expose it");
    for name in ["accept-post", "allow", "www-authenticate"] {
        ensure!(seen.contains(name), "no answer has {name}: these calls do not show what they should, but {seen:?}");
    }
    Ok(())
}
