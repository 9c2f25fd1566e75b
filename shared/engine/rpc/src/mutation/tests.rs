mod conflicts;
mod failures;
mod repeats;
mod shelf;
