//! What happens in one run: orders, calls, disturbances. All of it follows from a seed.

use std::time::Duration;

use anyhow::Result;
use kitchen::domain::Shards;
use messaging::ids;
use rpc::Mutation as _;
use testkit::{Dice, Faults, Operation, Schedule};
use uuid::Uuid;

use crate::deeds::{Deed, Placing, Visit};
use crate::menu::{Line, MENU, line};
use crate::provider::{Loss, SILENT};
use crate::services::SAGA_QUEUE;
use crate::world::World;

const CUSTOMERS: [&str; 3] = ["auth0|anna", "auth0|ben", "auth0|clara"];
/// Within so many seconds everybody has made his calls.
const OPENING_HOURS: usize = 400;

/// Whatever is not over by then never will be; a saga that repeats something for ever must not hold up the others.
const CLOSING_TIME: time::Duration = time::Duration::days(1);

/// One run.
#[derive(Debug, Clone)]
pub(crate) struct Plan {
    pub(crate) seed: u64,
    pub(crate) weather: Weather,
    /// Every order that is placed, with its rivals under the same key.
    pub(crate) placings: Vec<Placing>,
    /// What is done, and after how many seconds.
    deeds: Vec<(u64, Deed)>,
}

/// What disturbs a run.
#[derive(Debug, Clone, Default)]
pub(crate) struct Weather {
    shuffled: bool,
    duplicates: usize,
    /// The share of messages that come late, and by how many seconds at most.
    delays: (usize, u64),
    at_once: usize,
    faults: Vec<(Trouble, Operation, usize)>,
    losses: Vec<(usize, Loss)>,
    slowness: usize,
    /// Which consumer rests, from which second on, and for how many.
    pauses: Vec<(&'static str, i64, i64)>,
}

/// A fault.
#[derive(Debug, Clone, Copy)]
enum Trouble {
    Fail,
    Crash,
    Conflict,
}

impl Weather {
    /// Whether nothing can keep a reply from coming in time.
    pub(crate) fn is_calm(&self) -> bool {
        self.delays.0 == 0 && self.faults.is_empty() && self.losses.is_empty() && self.pauses.is_empty()
    }

    fn of(dice: &mut Dice) -> Self {
        let kind = dice.below(8);
        let mut weather = Self { at_once: 1, ..Self::default() };
        if kind > 0 {
            weather.shuffled = true;
            weather.duplicates = [0, 20, 40][dice.below(3)];
            weather.at_once = 1 + dice.below(5);
            weather.slowness = dice.below(6);
        }
        if kind > 2 && dice.happens(70) {
            weather.delays = (10 + dice.below(40), [20, 60, 150, 300][dice.below(4)]);
        }
        if kind > 3 {
            weather.faults = (0..1 + dice.below(6)).map(|_| fault(dice)).collect();
        }
        if kind > 4 {
            let loss = |dice: &mut Dice| if dice.happens(50) { Loss::Request } else { Loss::Answer };
            weather.losses = (0..dice.below(4)).map(|_| (1 + dice.below(12), loss(dice))).collect();
        }
        if kind > 5 {
            // The orchestrator's queue, and the queue of each step.
            let queues: Vec<_> = [SAGA_QUEUE].into_iter().chain(order::sagas::registry().handlers()).collect();
            let mut pause = |_| {
                let lengths = [60, 200, 500, 4000];
                let start = i64::try_from(dice.below(OPENING_HOURS)).unwrap_or_default();
                (queues[dice.below(queues.len())], start, lengths[dice.below(lengths.len())])
            };
            weather.pauses = (0..2).map(&mut pause).collect();
            weather.pauses.sort_by_key(|(_, start, _)| *start);
        }
        weather
    }

    fn schedule(&self, seed: u64) -> Schedule {
        let schedule = if self.shuffled { Schedule::shuffled(seed) } else { Schedule::in_order() };
        let (share, longest) = self.delays;
        schedule.duplicating(self.duplicates).delaying(share, Duration::from_secs(longest)).at_once(self.at_once)
    }
}

fn fault(dice: &mut Dice) -> (Trouble, Operation, usize) {
    let operations = [Operation::Load, Operation::Save, Operation::Send, Operation::Publish, Operation::Any];
    let (trouble, operation) = match dice.below(3) {
        0 => (Trouble::Fail, operations[dice.below(5)]),
        1 => (Trouble::Crash, operations[dice.below(5)]),
        _ => (Trouble::Conflict, Operation::Save),
    };
    let most = match operation {
        Operation::Any => 200,
        Operation::Publish => 8,
        _ => 60,
    };
    (trouble, operation, 1 + dice.below(most))
}

impl Plan {
    /// The run of a seed.
    pub(crate) fn of(seed: u64) -> Self {
        let mut dice = Dice::new(seed ^ 0x5eed_0000);
        let weather = Weather::of(&mut dice);
        let mut plan = Self { seed, weather, placings: Vec::new(), deeds: Vec::new() };
        for number in 0..[2, 2, 2, 3, 3, 4, 5][dice.below(7)] {
            plan.order(number, &mut dice);
        }
        if dice.happens(40) {
            plan.misplace(&mut dice);
        }
        for number in 0..dice.below(3) {
            let (dish, available) = (dice.below(MENU.len()), i64::try_from(dice.below(15)).unwrap_or_default());
            plan.add(&mut dice, Deed::Count { dish, available, key: format!("count {number}") });
        }
        for _ in 0..2 {
            plan.add(&mut dice, Deed::Look);
        }
        plan
    }

    /// An order and what its customer and the cooks do about it.
    fn order(&mut self, number: usize, dice: &mut Dice) {
        let placing = Placing {
            customer: CUSTOMERS[dice.below(CUSTOMERS.len())],
            number,
            lines: lines(dice),
            card: card(dice),
            shown: dice.happens(50).then_some(0),
        };
        let (customer, id) = (placing.customer, placing.order());
        self.place(&placing, dice);
        if dice.happens(15) {
            self.place(&placing, dice);
        }
        if dice.happens(10) {
            self.place(&Placing { lines: lines(dice), ..placing.clone() }, dice);
        }
        if dice.happens(15) {
            self.place(&Placing { card: "tok_visa", shown: Some(0), ..placing }, dice);
        }
        for attempt in 0..dice.below(4) {
            let key = if dice.happens(15) { "shared".to_owned() } else { format!("cancel {number} {}", attempt / 2) };
            let subject = if dice.happens(10) { CUSTOMERS[dice.below(CUSTOMERS.len())] } else { customer };
            self.add(dice, Deed::Cancel { subject, order: id, key });
        }
        for attempt in 0..dice.below(3) {
            let key = if dice.happens(15) { "shared".to_owned() } else { format!("start {number} {attempt}") };
            self.add(dice, Deed::Start { order: id, key });
        }
    }

    fn place(&mut self, placing: &Placing, dice: &mut Dice) {
        self.placings.push(placing.clone());
        self.add(dice, Deed::Place(placing.clone()));
    }

    /// An order that must leave no trace.
    fn misplace(&mut self, dice: &mut Dice) {
        let placing =
            Placing { customer: CUSTOMERS[0], number: 99, lines: vec![line(0, 1)], card: "tok_visa", shown: None };
        let deed = match dice.below(4) {
            0 => Deed::Misplace(Placing { shown: Some(1), ..placing }, "PRICE_CHANGED"),
            1 => Deed::Misplace(Placing { lines: vec![line(0, 174)], ..placing }, "ABOVE_APPROVAL_LIMIT"),
            2 => Deed::Misplace(Placing { lines: vec![line(0, 1), line(4, 1)], ..placing }, ""),
            _ => Deed::Misplace(Placing { lines: Vec::new(), ..placing }, ""),
        };
        self.add(dice, deed);
    }

    /// Half of the deeds crowd into the first seconds, where they race.
    fn add(&mut self, dice: &mut Dice, deed: Deed) {
        let hours = if dice.happens(50) { 3 } else { OPENING_HOURS };
        self.deeds.push((u64::try_from(dice.below(hours)).unwrap_or_default(), deed));
    }

    /// Plays the run to its end.
    pub(crate) async fn play(&self) -> Result<World> {
        let faults = Faults::default();
        // Every third run knows no shards, the others two or three.
        let shards = Shards::try_from(1 + u32::try_from(self.seed % 3)?)?;
        let mut world = World::with_shards(self.weather.schedule(self.seed), &faults, shards).await?;
        // A provider that never answers is asked a hundred times there; ten times show the same in half the time.
        world.bus.set_aside_after("authorize-card", 10);
        for (trouble, operation, nth) in &self.weather.faults {
            match trouble {
                Trouble::Fail => faults.fail(*operation, *nth),
                Trouble::Crash => faults.crash_after(*operation, *nth),
                Trouble::Conflict => faults.conflict(*nth),
            }
        }
        for (nth, loss) in &self.weather.losses {
            world.shop.provider.lose(*nth, *loss);
        }
        world.shop.provider.slow_down(self.weather.slowness);
        for (after, deed) in &self.deeds {
            let visit = Visit { shop: world.shop.clone(), deed: deed.clone() };
            world.bus.call(visit, Duration::from_secs(*after));
        }
        let opening = world.bus.now();
        for (queue, start, length) in &self.weather.pauses {
            let start = world.bus.now().max(opening + time::Duration::seconds(*start));
            world.bus.run_until(start).await;
            world.bus.pause(queue);
            world.bus.run_until(start + time::Duration::seconds(*length)).await;
            world.bus.resume(queue);
        }
        world.bus.run_until(opening + CLOSING_TIME).await;
        Ok(world)
    }

    /// The order that a key stands for: the content that came first.
    pub(crate) fn placed(&self, order: Uuid, content: Uuid) -> Option<&Placing> {
        self.placings.iter().find(|placing| placing.order() == order && placing.fingerprint() == content)
    }

    /// Every call that may have canceled this order.
    pub(crate) fn cancellations(&self, id: Uuid) -> Vec<Uuid> {
        let call = |deed: &Deed| match deed {
            Deed::Cancel { subject, order, key } if *order == id => {
                Some(ids::request(subject, order::api::CancelOrder::SPEC.procedure, key))
            }
            _ => None,
        };
        self.deeds.iter().filter_map(|(_, deed)| call(deed)).collect()
    }
}

/// 1 to 4 products of one currency, each once.
fn lines(dice: &mut Dice) -> Vec<Line> {
    let currency = if dice.happens(70) { "EUR" } else { "CHF" };
    let mut dishes: Vec<usize> = (0..MENU.len()).filter(|dish| MENU[*dish].currency == currency).collect();
    let count = (1 + dice.below(4)).min(dishes.len());
    let mut next = |_| line(dishes.remove(dice.below(dishes.len())), 1 + i32::try_from(dice.below(4)).unwrap_or(0));
    (0..count).map(&mut next).collect()
}

fn card(dice: &mut Dice) -> &'static str {
    match dice.below(10) {
        0 => "tok_declined",
        1 => "tok_insufficient_funds",
        2 => SILENT,
        _ => "tok_visa",
    }
}
