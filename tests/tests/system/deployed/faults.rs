use std::sync::Arc; use libtest_mimic::Trial; use tests::LazySystem; pub fn trials(_: &Arc<LazySystem>) -> Vec<Trial> { vec![] }
