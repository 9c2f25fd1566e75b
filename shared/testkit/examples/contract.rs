//! Runs the contract against a local AWS: `cargo run -p testkit --example contract -- http://127.0.0.1:<port> <prefix>`.
#![allow(clippy::expect_used, reason = "test support: a broken expectation ends the run")]

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let mut arguments = std::env::args().skip(1);
    let endpoint = arguments.next().expect("the endpoint, such as http://127.0.0.1:4566");
    let prefix = arguments.next().expect("a prefix that nothing there begins with yet");
    testkit::LocalAws::new(&endpoint, &prefix).keeps_the_contract().await;
}
