use super::*;

const MARKERS: Markers = Markers { before: "# <", after: ">", end: "# <end>" };

fn refreshed(text: &str) -> Result<String> {
    MARKERS.refresh(text, |name| Ok(format!("new {name}\n\n  deeper\n")))
}

fn complaint(text: &str) -> String {
    refreshed(text).expect_err("an error").to_string()
}

#[test]
fn what_stands_in_a_block_is_replaced_at_its_indentation_and_nothing_else_is() {
    let text = "before\n  # <a>\n  old\n    older\n  # <end>\nbetween\n# <b>\n# <end>\n# after\n";
    let expected =
        "before\n  # <a>\n  new a\n\n    deeper\n  # <end>\nbetween\n# <b>\nnew b\n\n  deeper\n# <end>\n# after\n";
    assert_eq!(refreshed(text).expect("refreshed"), expected);
    assert_eq!(refreshed(expected).expect("refreshed"), expected, "a second time changes nothing");
}

/// What is written by hand between two blocks would be lost if the first one ended where the second one does.
#[test]
fn a_block_ends_before_the_next_one_begins() {
    assert_eq!(complaint("# <a>\nby hand\n# <b>\n# <end>\n"), "the block # <a> has no # <end>");
    assert_eq!(complaint("# <b>\n# <end>\n  # <a>\nby hand\n"), "the block # <a> has no # <end>");
}

#[test]
fn an_end_without_a_block_is_an_error() {
    let expected = "a line # <end> ends no block: write a line # <…> before it, or take it out";
    assert_eq!(complaint("# <a>\n# <end>\nby hand\n  # <end>\n"), expected);
}

#[test]
fn a_block_without_content_is_an_error() {
    let error = MARKERS.refresh("# <a>\n# <end>\n", |name| bail!("no {name}")).expect_err("an error");
    assert_eq!(error.to_string(), "no a");
}
