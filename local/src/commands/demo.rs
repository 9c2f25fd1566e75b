//! Five stories, played against the running system through its public API only.

use std::io::{Write, stdout};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use operate::{Cast, Client, Played, Product, Story, Style, WRONG};

use super::token;
use crate::data::run_state::RunState;
use crate::data::workspace::Workspace;
use crate::front::person::Person;

/// How long a call may take.
const CALL_LIMIT: Duration = Duration::from_secs(30);

pub(crate) async fn run() -> Result<()> {
    let workspace = Workspace::here();
    let cast = cast(&workspace, &RunState::of_running(&workspace)?)?;
    let told = tell_all(&cast).await;
    // The stories sell everything out, however the telling ended.
    let restocked = restock(&cast).await.context("the stock of the stories' products could not be restored");
    told.and(restocked)
}

fn cast(workspace: &Workspace, state: &RunState) -> Result<Cast> {
    let http = reqwest::Client::builder().no_proxy().timeout(CALL_LIMIT).build().context("no HTTP client")?;
    let client = |person: Person| -> Result<Client> {
        let token = token::signed(workspace, state, person.subject(), person.permissions(), 3600)?;
        Ok(Client::new(http.clone(), state.api_url.clone(), Some(token)))
    };
    Ok(Cast { customer: client(Person::Customer)?, cook: client(Person::Cook)? })
}

async fn tell_all(cast: &Cast) -> Result<()> {
    let style = Style::of_stdout();
    let (mut well, all) = (0, Story::ALL.len());
    for (story, number) in Story::ALL.iter().zip(1..) {
        let ended_well = tell(cast, story, number, style).await?;
        well += usize::from(ended_well);
    }
    writeln!(stdout(), "{well} of {all} stories ended as they must")?;
    if well < all {
        bail!("{} of {all} stories ended wrong: see the lines marked {WRONG} above", all - well);
    }
    Ok(())
}

/// Plays a story and prints it; returns whether it ended as it must.
async fn tell(cast: &Cast, story: &Story, number: usize, style: Style) -> Result<bool> {
    let title = format!("Story {number} of {}: {}", Story::ALL.len(), story.title);
    writeln!(stdout(), "{}\n{}\n", style.strong(&title), story.premise)?;
    // A story that ends wrong does not keep the others from being played.
    let played = Played::by(cast, story, story.product).await;
    writeln!(stdout(), "{}\n{}", played.timeline(style), played.ending(style))?;
    Ok(played.is_good())
}

/// Gives every product of the stories as much stock as a fresh system has.
async fn restock(cast: &Cast) -> Result<()> {
    for product in Product::menu()? {
        if Story::ALL.iter().any(|story| story.product == product.id) {
            cast.cook.set_stock(&product.id, product.stock).await?;
        }
    }
    Ok(())
}
