//! Wrong orders of step classes do not compile.

#[test]
fn only_compensatable_pivot_retriable_compiles() {
    let cases = trybuild::TestCases::new();
    cases.pass("tests/compile_pass/*.rs");
    cases.compile_fail("tests/compile_fail/*.rs");
}
