//! Small changes to an input, such as a person or a broken program makes.

use proptest::prelude::*;
use proptest::sample::Index;

/// What is often put where something else belongs.
const WORDS: &[&str] = &[
    "",
    "null",
    "true",
    "0",
    "-1",
    "1e999",
    "9223372036854775808",
    "18446744073709551616",
    "0.5",
    "[]",
    "{}",
    "\"\"",
    "[[[[",
    "\u{0}",
    "\\u0000",
    "\\ud800",
    "é",
    "\u{202e}",
    "🍕",
    "\u{feff}",
    "\r\n",
    "\t",
    " ",
    "\"",
    "\\",
    "%00",
    "../",
    "none",
    "RS256",
    "HS256",
    "Bearer ",
    "2026-02-30T00:00:00Z",
    "-0001-01-01T00:00:00Z",
    "00000000-0000-0000-0000-000000000000",
    "__proto__",
];

/// One change of an input.
#[derive(Debug, Clone)]
pub(crate) enum Change {
    /// Another byte in place of a byte.
    Byte(Index, u8),
    /// A bit of a byte turned over.
    Bit(Index, u8),
    /// A piece left out.
    Without(Index, usize),
    /// A piece written so many times.
    Repeated(Index, usize, usize),
    /// A word put in.
    Word(Index, Index),
    /// A JSON value, from a colon or comma to the next mark, replaced by a word.
    Value(Index, Index),
    /// A piece of another input put in.
    Piece(Index, Index, usize),
}

/// One change, of any kind.
pub(crate) fn change() -> impl Strategy<Value = Change> {
    prop_oneof![
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Byte(at, byte)),
        (any::<Index>(), 0..8_u8).prop_map(|(at, bit)| Change::Bit(at, bit)),
        (any::<Index>(), 1..40_usize).prop_map(|(at, length)| Change::Without(at, length)),
        (any::<Index>(), 1..40_usize, 1..30_usize).prop_map(|(at, length, times)| Change::Repeated(at, length, times)),
        (any::<Index>(), any::<Index>()).prop_map(|(at, word)| Change::Word(at, word)),
        (any::<Index>(), any::<Index>()).prop_map(|(at, word)| Change::Value(at, word)),
        (any::<Index>(), any::<Index>(), 1..80_usize).prop_map(|(at, from, length)| Change::Piece(at, from, length)),
    ]
}

impl Change {
    /// The input with this change; `other` is where pieces come from.
    pub(crate) fn of(&self, mut input: Vec<u8>, other: &[u8]) -> Vec<u8> {
        let place = |at: &Index| at.index(input.len() + 1);
        let end = |start: usize, length: usize| input.len().min(start + length);
        match self {
            Self::Byte(at, byte) => {
                let at = place(at);
                input.splice(at..end(at, 1), [*byte]);
            }
            Self::Bit(at, bit) => {
                let at = place(at);
                input.iter_mut().skip(at).take(1).for_each(|byte| *byte ^= 1 << bit);
            }
            Self::Without(at, length) => {
                let at = place(at);
                input.drain(at..end(at, *length));
            }
            Self::Repeated(at, length, times) => {
                let (start, end) = (place(at), end(place(at), *length));
                let piece = input.get(start..end).unwrap_or_default().repeat(*times);
                input.splice(start..start, piece);
            }
            Self::Word(at, word) => {
                let at = place(at);
                input.splice(at..at, word.get(WORDS).bytes());
            }
            Self::Value(at, word) => {
                let is_mark = |byte: &u8| b":,[]{}".contains(byte);
                let start = place(at);
                let start = start + input.iter().skip(start).position(is_mark).map_or(0, |mark| mark + 1);
                let start = start.min(input.len());
                let length = input.iter().skip(start).position(is_mark).unwrap_or_default();
                input.splice(start..start + length, word.get(WORDS).bytes());
            }
            Self::Piece(at, from, length) => {
                let (at, from) = (place(at), from.index(other.len() + 1));
                let piece = other.iter().skip(from).take(*length).copied();
                input.splice(at..at, piece.collect::<Vec<_>>());
            }
        }
        input
    }
}
