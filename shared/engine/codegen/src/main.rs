//! `make generate`: refreshes the committed Rust of `.proto` files.

use std::path::PathBuf;

use anyhow::Result;
use clap::Parser;

#[derive(Parser)]
#[command(version, about = "Writes the Rust of .proto files")]
struct Arguments {
    /// A folder of .proto files that may be imported
    #[arg(long)]
    include: Vec<PathBuf>,
    /// The folder of .proto files
    protos: PathBuf,
    /// Where the Rust goes
    out: PathBuf,
}

fn main() -> Result<()> {
    let Arguments { include, protos, out } = Arguments::parse();
    codegen::generate(&protos, &include, &out)
}
