//! What attackers send, in one table: each row is an Authorization header and what the verifier must say to it.
//!
//! A row that is accepted differs from a refused row beside it in the hostile detail only, so that the refusal can have no
//! other reason. The rows stand in `hostile/`, by what they attack.

mod algorithms;
mod audiences;
mod claims;
mod json;
mod keys;
mod kinds;
mod schemes;
mod serialisation;
mod signatures;
mod times;

use std::collections::BTreeSet;

use super::fixture::{bearer, refusal_of_header, verify_header};
use crate::Rejection;

/// RFC 8725 is the list of known attacks on JWTs (2.x) and of what a receiver has to do (3.x).
const RFC_8725: [&str; 21] = [
    "2.1", "2.2", "2.3", "2.4", "2.5", "2.6", "2.7", "2.8", "2.9", "3.1", "3.2", "3.3", "3.4", "3.5", "3.6", "3.7",
    "3.8", "3.9", "3.10", "3.11", "3.12",
];
const MIN_ROWS: usize = 120;

macro_rules! categories {
    ($($name:ident: $sections:literal),* $(,)?) => {
        /// What is attacked.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        enum Category { $($name),* }

        impl Category {
            const ALL: &[Self] = &[$(Self::$name),*];

            /// The sections that speak of it, as `<number of the RFC> <section>`.
            fn sections(self) -> &'static str {
                match self { $(Self::$name => $sections),* }
            }
        }
    };
}

categories! {
    NoneAlgorithm: "8725 2.1, 8725 3.2, 7519 6, 7518 3.6",
    AlgorithmConfusion: "8725 2.1, 8725 3.1, 7515 4.1.1",
    WeakKeys: "8725 2.2, 8725 3.5",
    Encryption: "8725 2.3, 8725 2.4, 8725 2.5, 8725 3.4, 8725 3.6, 7516 7.1",
    ForgedKeys: "8725 2.9, 8725 3.10, 7515 4.1.2, 7515 4.1.3, 7515 4.1.5, 7515 4.1.6",
    KeyIds: "8725 2.9, 8725 3.10, 7515 4.1.4",
    Signatures: "8725 3.3, 7515 5.2",
    Base64url: "7515 2, 7515 5.2",
    Serialisation: "7515 3, 7515 7.1, 7515 7.2, 7519 7.2",
    Nesting: "8725 3.3, 7519 5.2, 7515 4.1.10",
    Json: "8725 2.6, 7515 4, 7519 4, 7519 7.2",
    Utf8: "8725 3.7, 7519 7.2",
    Critical: "7515 4.1.11, 7797 6",
    Types: "8725 2.8, 8725 3.11, 9068 2.1, 7515 4.1.9",
    OtherTokens: "8725 2.8, 8725 3.12, 9068 5",
    Issuers: "8725 2.7, 8725 3.8, 7519 4.1.1, 9068 4",
    Subjects: "8725 3.8, 7519 4.1.2",
    Audiences: "8725 2.7, 8725 3.9, 7519 4.1.3, 9068 4",
    Expiry: "7519 4.1.4, 7519 2, 9068 4",
    NotBefore: "7519 4.1.5",
    IssuedAt: "7519 4.1.6",
    Confirmation: "7800 3, 9449 7.1, 8705 3",
    Permissions: "8725 3.10, 9068 2.2.3",
    Scheme: "6750 2.1, 9110 11.4, 9449 7.1",
    Size: "6750 5.2, 7515 10",
}

/// An Authorization header, and what becomes of it.
struct Row {
    category: Category,
    name: String,
    header: Option<String>,
    expected: Result<(), Rejection>,
}

impl Row {
    fn header(
        category: Category,
        name: impl Into<String>,
        header: Option<&str>,
        expected: Result<(), Rejection>,
    ) -> Self {
        Self { category, name: name.into(), header: header.map(str::to_owned), expected }
    }

    fn refused(category: Category, name: impl Into<String>, token: &str, rejection: Rejection) -> Self {
        Self::header(category, name, Some(&bearer(token)), Err(rejection))
    }

    fn accepted(category: Category, name: impl Into<String>, token: &str) -> Self {
        Self::header(category, name, Some(&bearer(token)), Ok(()))
    }
}

fn rows() -> Vec<Row> {
    let topics = [
        algorithms::rows,
        audiences::rows,
        claims::rows,
        json::rows,
        keys::rows,
        kinds::rows,
        schemes::rows,
        serialisation::rows,
        signatures::rows,
        times::rows,
    ];
    topics.iter().flat_map(|rows| rows()).collect()
}

macro_rules! variants {
    ($($name:ident),* $(,)?) => {
        const REJECTIONS: &[&str] = &[$(stringify!($name)),*];

        /// The variant's name; a new variant does not compile before it stands in the list.
        fn variant(rejection: &Rejection) -> &'static str {
            match rejection { $(Rejection::$name { .. } => stringify!($name)),* }
        }
    };
}

variants! {
    Missing, NotBearer, TooLong, Malformed, Algorithm, NotAnAccessToken, UnknownKey, Signature, MissingClaim, Issuer,
    IdToken, SenderConstrained, Audience, Expired, NotYetValid, IssuedInFuture, Subject,
}

#[tokio::test]
async fn every_row_of_the_table_gets_its_answer() {
    let mut wrong = Vec::new();
    for Row { category, name, header, expected } in rows() {
        let outcome = match verify_header(header.as_deref()).await {
            Ok(_) => Ok(()),
            Err(_) => Err(refusal_of_header(header.as_deref()).await),
        };
        if outcome != expected {
            wrong.push(format!("{category:?} ({}), {name}: {outcome:?} instead of {expected:?}", category.sections()));
        }
    }
    assert!(wrong.is_empty(), "{} rows:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_table_knows_every_kind_of_attack_and_every_rejection() {
    let rows = rows();
    let hostile: Vec<_> = rows.iter().filter(|row| row.expected.is_err()).collect();
    println!("{} hostile rows, {} that are accepted", hostile.len(), rows.len() - hostile.len());
    assert!(hostile.len() >= MIN_ROWS, "{} hostile rows", hostile.len());

    let (mut names, mut headers) = (BTreeSet::new(), BTreeSet::new());
    for row in &rows {
        assert!(names.insert((row.category, &row.name)), "two rows are called {:?}, {}", row.category, row.name);
        // The good token stands in more than one category.
        let is_new = headers.insert(&row.header) || row.expected.is_ok();
        assert!(is_new, "{:?}, {} sends what another row sends", row.category, row.name);
    }

    let attacked: BTreeSet<_> = hostile.iter().map(|row| row.category).collect();
    let untouched: Vec<_> = Category::ALL.iter().filter(|it| !attacked.contains(it)).collect();
    assert!(untouched.is_empty(), "no row attacks {untouched:?}");
    let sections: BTreeSet<_> = attacked.iter().flat_map(|category| category.sections().split(", ")).collect();
    for section in RFC_8725 {
        assert!(sections.contains(format!("8725 {section}").as_str()), "no row is about RFC 8725, section {section}");
    }

    let reached: BTreeSet<_> = rows.iter().filter_map(|row| row.expected.as_ref().err()).map(variant).collect();
    assert_eq!(reached, REJECTIONS.iter().copied().collect());
}
