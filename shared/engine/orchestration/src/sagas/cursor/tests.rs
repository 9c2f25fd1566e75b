use testkit::builders::at;

use super::*;

fn wanted() -> Wanted {
    Wanted { saga: Some("place-sale".to_owned()), ..Wanted::default() }
}

fn cursor() -> Cursor {
    Cursor::new("here", &wanted(), Place { at: sortable_time(at(7)), key: "1".to_owned() })
}

#[test]
fn a_cursor_survives_the_caller() {
    let token = cursor().write().expect("a token");
    assert_eq!(Cursor::read("here", &wanted(), &token), Ok(cursor()));
    assert!(token.chars().all(|letter| letter.is_ascii_alphanumeric() || "-_".contains(letter)), "{token}");
    assert_eq!(cursor().below.time(), Some(at(7)));
}

#[test]
fn a_token_leads_only_through_its_own_list() {
    let token = cursor().write().expect("a token");
    let others = [
        Wanted { states: vec![crate::ProgressState::Stuck], ..wanted() },
        Wanted { saga: None, ..wanted() },
        Wanted { step: Some("charge-card".to_owned()), ..wanted() },
        Wanted { text: Some("1".to_owned()), ..wanted() },
        Wanted { started_after: Some(at(0)), ..wanted() },
        Wanted { started_before: Some(at(0)), ..wanted() },
    ];
    for other in others {
        assert_eq!(Cursor::read("here", &other, &token), Err(LoadError::BadToken), "{other:?}");
    }
    assert_eq!(Cursor::read("there", &wanted(), &token), Err(LoadError::BadToken), "the other lane's");
}

#[test]
fn what_is_no_token_is_refused() {
    let encode = |json: &str| URL_SAFE_NO_PAD.encode(json);
    let of = |at: &str| Cursor { below: Place { at: at.to_owned(), key: "1".to_owned() }, ..cursor() }.write();
    let timeless = ["", "yesterday"].map(|at| of(at).expect("a token"));
    for bad in ["", "?", "e30", &encode("[]"), &encode("{}"), &timeless[0], &timeless[1]] {
        assert_eq!(Cursor::read("here", &wanted(), bad), Err(LoadError::BadToken), "{bad}");
    }
}

#[test]
fn no_token_is_longer_than_callers_may_send_it() {
    let longest = Place { at: sortable_time(at(7)), key: "k".repeat(80) };
    let token = Cursor { below: longest, ..cursor() }.write().expect("a token");
    assert!(token.len() < 400, "{}", token.len());
}

#[test]
fn a_list_goes_from_the_latest_to_the_earliest() {
    let place = |seconds, key: &str| Place { at: sortable_time(at(seconds)), key: key.to_owned() };
    assert!(place(10, "1") > place(9, "2"));
    assert!(place(9, "2") > place(9, "1"));
    let earlier = place(9, "1").earlier().expect("a place");
    assert_eq!(earlier.time(), Some(at(9) - time::Duration::MILLISECOND));
    assert!(earlier < place(9, "0") && earlier > Place { key: "zzz".to_owned(), ..earlier.clone() });
}
