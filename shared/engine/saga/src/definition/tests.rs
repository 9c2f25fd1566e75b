use super::*;

fn command(handler: &'static str) -> CommandSpec {
    CommandSpec { handler, participant: "shop" }
}

fn step(handler: &'static str, class: Class, undo: Option<&'static str>) -> StepSpec {
    StepSpec { command: command(handler), class, undo: undo.map(command) }
}

#[test]
fn the_canonical_text_holds_everything() {
    let steps = vec![
        step("a", Class::Compensatable, Some("b")),
        step("d", Class::Pivot, Some("e")),
        step("f", Class::Retriable, None),
    ];
    let definition = Definition { name: "x", version: 7, undo: command("c"), steps, patience: Patience::USUAL };
    let expected = "saga x 7\npatience 10000 ms up to 900000 ms, 3 repeats\nstart undone by c@shop\n\
        compensatable a@shop undone by b@shop\npivot d@shop undone by e@shop\n\
        retriable f@shop undone by nothing\n";
    assert_eq!(definition.canonical(), expected);
}

#[test]
fn waits_double_up_to_the_longest() {
    let waits: Vec<u64> = (0..9).map(|attempt| Patience::USUAL.wait(attempt).as_secs()).collect();
    assert_eq!(waits, [10, 20, 40, 80, 160, 320, 640, 900, 900]);
    for attempt in [31, 32, 33, u32::MAX] {
        assert_eq!(Patience::USUAL.wait(attempt), Duration::from_secs(900), "attempt {attempt}");
    }
    assert_eq!(Patience::USUAL.repeats, 3);
}

#[test]
fn a_command_is_called_in_pascal_case_where_hyphens_are_not_allowed() {
    for (handler, name) in
        [("reserve-goods", "ReserveGoods"), ("ship", "Ship"), ("a-b-c", "ABC"), ("", ""), ("a--b", "AB")]
    {
        assert_eq!(command(handler).state_name(), name);
    }
}

#[test]
fn only_a_step_with_an_undo_gives_up() {
    assert!(step("a", Class::Compensatable, Some("b")).gives_up() && step("a", Class::Pivot, Some("b")).gives_up());
    assert!(!step("a", Class::Pivot, None).gives_up() && !step("a", Class::Retriable, None).gives_up());
}
