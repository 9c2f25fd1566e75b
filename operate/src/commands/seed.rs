//! `operate seed`: puts a menu and its first stock into a deployed stack.

use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::Result;
use auth::Policy;
use clap::Args;

use crate::api::client::{Client, SET_STOCK};
use crate::api::door;
use crate::api::token::Token;
use crate::menu::product::Product;
use crate::menu::seed::{self, Outcome};
use crate::speech::say;
use crate::stack::Stack;

#[derive(Args)]
pub(crate) struct Seed {
    /// The address of the API: the stack's output ApiUrl
    #[arg(long, env = "API")]
    api: String,
    /// The issuer of the token, to be compared with the token's; not compared when it is left out
    #[arg(long, env = "ISSUER")]
    issuer: Option<String>,
    /// A file of products, written as operate/menu/products.json is; that file if it is left out
    #[arg(long, env = "PRODUCTS")]
    products: Option<PathBuf>,
    /// An access token with update:stock; give it by the environment, where no list of processes shows it
    #[arg(long, env = "TOKEN", hide_env_values = true)]
    token: Option<String>,
}

pub(crate) async fn run(stack: &Stack, asked: Seed) -> Result<()> {
    let api = door::address(&asked.api)?;
    stack.announce().await?;
    say!("its API at {api}");
    let products = match asked.products.filter(|file| !file.as_os_str().is_empty()) {
        Some(file) => Product::read(&file)?,
        None => Product::menu()?,
    };
    let token = Token::given("TOKEN", asked.token.as_deref())?;
    let left = token.left(SystemTime::now())?;
    if let Some(issuer) = asked.issuer.filter(|issuer| !issuer.is_empty()) {
        token.must_come_from(&issuer)?;
    }
    token.must_open(&Policy::from_rows(contracts::API.policy).await?, &[SET_STOCK])?;
    let cook = Client::new(door::http(&api)?, api, Some(token.text().to_owned()));
    door::knock(&cook, &token).await?;
    say!("the API takes the token, which is good for another {} minutes\n", left.as_secs() / 60);
    plant(stack, &cook, &products).await
}

/// Writes every product and its stock, and prints a line for each.
async fn plant(stack: &Stack, cook: &Client, products: &[Product]) -> Result<()> {
    let tables = stack.tables();
    let width = products.iter().map(|product| product.id.len()).max().unwrap_or_default();
    let (mut written, mut counted) = (0, 0);
    for product in products {
        // The stock first: it shows whether API and STACK belong together before the menu is written.
        let stock = seed::stock(&tables, cook, product).await?;
        let on_the_menu = seed::offer(&tables, product).await?;
        written += usize::from(on_the_menu == Outcome::Written);
        counted += usize::from(stock == Outcome::Written);
        let on_the_menu = if on_the_menu == Outcome::Written { "written" } else { "as it was" };
        let stock = match stock {
            Outcome::Written => format!("stock set to {}", product.stock),
            Outcome::Kept => "keeps its stock".to_owned(),
        };
        say!("  {:width$}  {on_the_menu:9}  {stock}", product.id);
    }
    let all = products.len();
    say!("\n{all} products are on the menu: {written} written; {counted} got their first stock");
    Ok(())
}
