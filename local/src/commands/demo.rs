//! Five stories, played against the running system through its public API only.

mod ending;
mod front_door;
mod progress;
mod stage;
mod stories;
mod timeline;

use std::io::{IsTerminal, Write, stdout};

use anyhow::{Context, Result, bail};
use local::run_state::RunState;
use local::{Workspace, seed};

use front_door::FrontDoor;
use stage::Stage;
use stories::Story;
use timeline::Style;

pub(crate) async fn run() -> Result<()> {
    let state = RunState::of_running(&Workspace::here())?;
    let door = FrontDoor::open(&state).await?;
    let told = tell_all(&door).await;
    // However the telling ended: the stories sell everything out.
    let restocked = restock(&door).await.context("the stock of the stories' products could not be restored");
    told.and(restocked)
}

async fn tell_all(door: &FrontDoor) -> Result<()> {
    let style = Style { colors: stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none() };
    let (mut well, all) = (0, Story::ALL.len());
    for (index, story) in Story::ALL.iter().enumerate() {
        let ended_well = tell(door, *story, index + 1, style).await?;
        well += usize::from(ended_well);
    }
    writeln!(stdout(), "{well} of {all} stories ended as they must")?;
    if well < all {
        bail!("{} of {all} stories ended wrong: see the lines marked {} above", all - well, ending::WRONG);
    }
    Ok(())
}

/// Plays one story and prints it; whether it ended as it must.
async fn tell(door: &FrontDoor, story: Story, number: usize, style: Style) -> Result<bool> {
    let title = format!("Story {number} of {}: {}", Story::ALL.len(), story.title());
    writeln!(stdout(), "{}\n{}\n", style.strong(&title), story.premise())?;
    let mut stage = Stage::set(door, story.product());
    // What cannot be played to its end has ended wrong; the other stories are played all the same.
    let played = story.play(&mut stage).await;
    let (timeline, mut ending) = stage.clear();
    if let Err(error) = played {
        ending.must(&format!("the story is played to its end, but {error:#}"), false);
    }
    writeln!(stdout(), "{}\n{}", timeline.render(style), ending.render(style))?;
    Ok(ending.is_good())
}

/// Gives every product of the stories as much stock as a fresh system has.
async fn restock(door: &FrontDoor) -> Result<()> {
    for product in seed::products()? {
        if Story::ALL.iter().any(|story| story.product() == product.id) {
            door.set_stock(&product.id, product.stock).await?;
        }
    }
    Ok(())
}
