//! The engine's README quotes files, and each quotation is what stands in the file.

use std::path::Path;

/// The languages of quotations; what a reader types into a shell stands in no file.
const QUOTED: [&str; 3] = ["mermaid", "proto", "rust"];

#[test]
fn every_quotation_stands_in_the_file_named_before_it() {
    let engine = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |file: &str| std::fs::read_to_string(engine.join(file)).expect(file);
    let readme = read("README.md");
    let quotations = quotations(&readme);
    assert!(quotations.len() >= 8, "only {} quotations were found", quotations.len());
    for (file, quotation) in quotations {
        let whole = format!("\n{}\n", read(file));
        assert!(whole.contains(&format!("\n{quotation}\n")), "{file} has no such lines:\n{quotation}");
    }
}

/// The file of each quotation, which the line before links to, and the quoted lines.
fn quotations(readme: &str) -> Vec<(&str, &str)> {
    // Fences open and close by turns: what follows an odd number of them is a block, which begins with its language.
    let parts: Vec<&str> = readme.split("\n```").collect();
    let blocks = parts.windows(2).step_by(2).filter_map(|pair| {
        let (language, block) = pair.last()?.split_once('\n')?;
        let line = pair.first()?.lines().next_back()?;
        let file = || Some(line.split_once("](")?.1.split_once(')')?.0);
        QUOTED.contains(&language).then(|| (file().expect(line), block))
    });
    blocks.collect()
}

#[test]
fn a_quotation_is_found_with_its_file() {
    let readme = "# A\n\n```sh\nls\n```\n\n[b](c/d.rs):\n```rust\nfn e() {}\n\nfn f() {}\n```\n";
    assert_eq!(quotations(readme), [("c/d.rs", "fn e() {}\n\nfn f() {}")]);
}
