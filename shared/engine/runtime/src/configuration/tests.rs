use std::os::unix::ffi::OsStringExt;

use super::*;

#[derive(Debug, serde::Deserialize)]
struct Limits {
    sales_table: String,
    sale_limit: i64,
}

fn environment(variables: &[(&str, &str)]) -> Environment {
    Environment::of(variables.iter().map(|(name, value)| (OsString::from(name), OsString::from(value))))
}

fn read(variables: &[(&str, &str)]) -> Result<Limits, String> {
    environment(variables).read().map_err(|error| error.to_string())
}

#[test]
fn fields_come_from_variables_in_upper_case() {
    let limits = read(&[("SALE_LIMIT", "7"), ("SALES_TABLE", "sales"), ("OTHER", "x")]).expect("limits");
    assert_eq!((limits.sales_table.as_str(), limits.sale_limit), ("sales", 7));
}

#[test]
fn a_problem_names_its_variable() {
    let missing = "the function's environment is incomplete: the variable SALE_LIMIT is not set";
    assert_eq!(read(&[("SALES_TABLE", "sales")]).expect_err("a problem"), missing);
    let malformed = read(&[("SALES_TABLE", "sales"), ("SALE_LIMIT", "much")]).expect_err("a problem");
    assert!(malformed.contains("SALE_LIMIT"), "{malformed}");
}

#[test]
fn an_empty_variable_is_as_good_as_none() {
    let missing = read(&[("SALES_TABLE", ""), ("SALE_LIMIT", "7")]).expect_err("a problem");
    assert!(missing.contains("SALES_TABLE is not set"), "{missing}");
    let missing = environment(&[("SAGA_QUEUE_URL", "")]).variable("SAGA_QUEUE_URL").expect_err("a problem");
    assert!(missing.to_string().contains("SAGA_QUEUE_URL is not set"), "{missing}");
}

#[test]
fn a_variable_is_found_by_its_whole_name() {
    let environment = environment(&[("A_QUEUE_URL", "a"), ("B_QUEUE_URL", "b")]);
    assert_eq!(environment.variable("B_QUEUE_URL").expect("a variable"), "b");
    let missing = environment.variable("QUEUE_URL").expect_err("a problem").to_string();
    assert_eq!(missing, "the function's environment is incomplete: the variable QUEUE_URL is not set");
}

#[test]
fn what_is_not_text_is_no_variable_and_harms_no_other() {
    let garbage = || OsString::from_vec(vec![b'A', 0xff]);
    let variables = [
        (garbage(), OsString::from("x")),
        (OsString::from("GARBAGE"), garbage()),
        (OsString::from("GOOD"), OsString::from("good")),
    ];
    let environment = Environment::of(variables);
    assert!(environment.variable("GARBAGE").is_err());
    assert_eq!(environment.variable("GOOD").expect("a variable"), "good");
}

#[test]
fn the_process_has_an_environment() {
    // Cargo sets this variable for every test that it runs.
    let environment = Environment::of_the_process();
    assert_eq!(environment.variable("CARGO_PKG_NAME").expect("a variable"), "runtime");
    #[derive(serde::Deserialize)]
    struct Package {
        cargo_pkg_name: String,
    }
    assert_eq!(configuration::<Package>().expect("a configuration").cargo_pkg_name, "runtime");
}

#[test]
fn a_variable_is_named_after_what_it_tells_of() {
    assert_eq!(variable_of("sales", "TABLE"), "SALES_TABLE");
    assert_eq!(variable_of("gift-cards", "TABLE"), "GIFT_CARDS_TABLE");
}
