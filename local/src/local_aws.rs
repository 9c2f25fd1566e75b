//! Puts a local AWS together: emulator, recorder, issuer, the deployed template and its address, and the console's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use aws_config::SdkConfig;
use operate::{Product, Tables};
use tempfile::TempDir;

use crate::data::lane::Lane;
use crate::data::workspace::Workspace;
use crate::front::bridge;
use crate::front::console::{Console, Surroundings};
use crate::front::gateway::Gateway;
use crate::front::issuer::{Issuer, SignIn};
use crate::front::serving::Reserved;
use crate::front::token::SigningKey;
use crate::front::trouble::TroubleServer;
use crate::stack::clients::{ACCOUNT, Clients};
use crate::stack::deployment::{Deployment, Progress, Stack};
use crate::stack::emulator::{Emulator, Settings};
use crate::stack::template::Template;
use crate::trouble::world::World;
use crate::watch::identity;
use crate::watch::recorder::Recorder;

/// The audience of the API's tokens on this machine.
const AUDIENCE: &str = "https://order-saga.localhost/";
/// The client that the console is at the issuer.
const CONSOLE_CLIENT: &str = "console";

/// The settings of a local AWS.
#[derive(Clone, Debug)]
pub struct Options {
    /// The template to deploy.
    pub template: PathBuf,
    /// The directory of the built functions.
    pub binaries: PathBuf,
    /// The name of the stack, which begins every physical name.
    pub stack_name: String,
    /// The lane that runs the sagas.
    pub lane: Lane,
    /// Values of the template's parameters, beside the parameters that the local AWS sets itself.
    pub parameters: BTreeMap<String, String>,
    /// The directory of the built console; without it no console is served.
    pub console: Option<PathBuf>,
    /// Where data outlives the run. Without it the data goes to a temporary directory, and the ports are any free ports.
    pub keep: Option<Kept>,
    /// For how long an access token is good that people sign in for. Without it nobody can sign in, and tests make the tokens
    /// that they need.
    pub sign_in: Option<Duration>,
    /// Is told how far the start has come.
    pub progress: Progress,
}

/// The directory in which a local AWS keeps its data, and the ports that it prefers.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The directory of the data.
    pub dir: PathBuf,
    /// The file of the issuer's key.
    pub issuer_key: PathBuf,
    /// The API's port.
    pub api_port: u16,
    /// The issuer's port.
    pub issuer_port: u16,
    /// The console's port.
    pub console_port: u16,
    /// The port at which troubles are switched on and off.
    pub trouble_port: u16,
    /// The emulator's port; the recorder takes the next port.
    pub emulator_port: u16,
}

impl Options {
    /// A throw-away local AWS with the template of `workspace`, for a test.
    #[must_use]
    pub fn throw_away(workspace: &Workspace) -> Self {
        Self {
            template: workspace.template(),
            binaries: workspace.binaries(),
            stack_name: "order-saga".to_owned(),
            lane: Lane::default(),
            parameters: BTreeMap::new(),
            console: None,
            keep: None,
            sign_in: None,
            progress: |_| {},
        }
    }

    /// The same options with `lane` to run the sagas.
    #[must_use]
    pub fn lane(self, lane: Lane) -> Self {
        Self { lane, ..self }
    }

    /// The same options with the console of `workspace`.
    #[must_use]
    pub fn console(self, workspace: &Workspace) -> Self {
        Self { console: Some(workspace.console()), ..self }
    }

    /// The same options with sign-in, and access tokens that are good for `lifetime`.
    #[must_use]
    pub fn sign_in(self, lifetime: Duration) -> Self {
        Self { sign_in: Some(lifetime), ..self }
    }

    /// The same options with `value` for the template's parameter `name`.
    #[must_use]
    pub fn parameter(mut self, name: &str, value: &str) -> Self {
        self.parameters.insert(name.to_owned(), value.to_owned());
        self
    }
}

/// A running local AWS. Dropping it kills everything it has started.
#[derive(Debug)]
pub struct LocalAws {
    // Fields are dropped in this order: first the callers, then the called, last the directory they write to.
    console: Option<Console>,
    trouble: Option<TroubleServer>,
    gateway: Gateway,
    emulator: Emulator,
    recorder: Recorder,
    issuer: Issuer,
    lane: Lane,
    stack_name: String,
    stack: Stack,
    clients: Clients,
    dir: PathBuf,
    _temporary: Option<TempDir>,
}

impl LocalAws {
    /// Where a single-page app under development is served from.
    pub const ORIGIN: &str = "http://localhost:5173";
    /// Where the same app is served from by its other name, which is another origin to a browser.
    pub const OTHER_ORIGIN: &str = "http://127.0.0.1:5173";

    /// Starts everything and deploys the template.
    ///
    /// # Errors
    /// When a part does not start or the deployment fails; the parts that were started are stopped.
    pub async fn start(workspace: &Workspace, options: Options) -> Result<Self> {
        let Options { template, binaries, stack_name, lane, mut parameters, console, keep, sign_in, progress } =
            options;
        let temporary =
            if keep.is_none() { Some(tempfile::tempdir().context("cannot make a temporary directory")?) } else { None };
        let chosen = keep.as_ref().map(|keep| keep.dir.as_path()).or(temporary.as_ref().map(TempDir::path));
        let dir = chosen.map(Path::to_path_buf).unwrap_or_default();
        std::fs::create_dir_all(&dir).with_context(|| format!("cannot make {}", dir.display()))?;

        let console_port = keep.as_ref().map(|keep| keep.console_port);
        let console = console.map(|files| anyhow::Ok((files, Reserved::port(console_port)?))).transpose()?;
        let origins = origins(console.as_ref().map(|(_, port)| port.url()));
        let sign_in = sign_in.map(|token_lifetime| SignIn { origins: origins.clone(), token_lifetime });
        let issuer = issuer(keep.as_ref(), sign_in.as_ref(), workspace, &dir).await?;

        progress("starting the emulator (ministack, IAM enforced)");
        let recorder_port = Reserved::port(keep.as_ref().map(|keep| keep.emulator_port + 1))?;
        let emulator = Emulator::start(workspace, &settings(keep.as_ref(), &dir, &recorder_port)).await?;
        let recorder = Recorder::start(recorder_port, emulator.endpoint())?;
        let clients = emulator.clients();

        let template = Template::read(&template)?;
        for (name, value) in [
            ("TokenIssuer", issuer.url()),
            ("TokenAudience", AUDIENCE),
            ("AllowedOrigins", &origins.join(",")),
            // The files come from this machine, so nothing is put into a bucket, and no distribution is needed.
            ("Console", "false"),
            ("ConsoleClientId", CONSOLE_CLIENT),
            ("Architecture", "x86_64"),
            ("Orchestrator", lane.parameter()),
        ] {
            set(&mut parameters, &template, name, value);
        }
        let template = template.given(parameters.clone());
        progress("deploying the template (sam deploy)");
        let (name, code) = (stack_name.clone(), template.clone());
        let given = parameters.clone();
        let deployment = Deployment { stack_name: name, template: code, parameters: given, binaries, dir: dir.clone() };
        let (api, functions) = (template.http_api()?, template.functions()?);
        let stack = deployment.deploy(workspace, emulator.endpoint(), progress).await?;

        let functions: Vec<String> = functions.into_iter().map(|function| function.logical_id).collect();
        recorder.learn(&stack, &functions)?;
        let api = bridge::bridge(emulator.endpoint(), &api, &stack).await?;
        let api_port = Reserved::port(keep.as_ref().map(|keep| keep.api_port))?;
        let gateway = Gateway::start(api_port, emulator.endpoint(), &api)?;
        let trouble_port = Reserved::port(keep.as_ref().map(|keep| keep.trouble_port))?;
        let world = World::new((emulator.endpoint(), emulator.process_id()), &recorder, &stack, lane);
        let trouble = TroubleServer::start(trouble_port, &origins, world).await?;
        let surroundings = Surroundings { api: &gateway.url(), parameters: &parameters, trouble: Some(trouble.url()) };
        let serve = |(files, port): (PathBuf, Reserved)| Console::start(port, &files, &template, &surroundings);
        let console = console.map(serve).transpose()?;
        Ok(Self {
            console,
            trouble: Some(trouble),
            gateway,
            emulator,
            recorder,
            issuer,
            lane,
            stack_name,
            stack,
            clients,
            dir,
            _temporary: temporary,
        })
    }

    /// The API's address, without a trailing "/".
    #[must_use]
    pub fn api(&self) -> String {
        self.gateway.url()
    }

    /// The console, if it was asked for.
    #[must_use]
    pub fn console(&self) -> Option<&Console> {
        self.console.as_ref()
    }

    /// The issuer of the API's tokens.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// The address at which troubles are switched on and off, without a trailing "/".
    #[must_use]
    pub fn trouble(&self) -> &str {
        self.trouble.as_ref().map(TroubleServer::url).unwrap_or_default()
    }

    /// The recorder of the functions' AWS calls.
    #[must_use]
    pub fn recorder(&self) -> &Recorder {
        &self.recorder
    }

    /// The emulator.
    #[must_use]
    pub fn emulator(&self) -> &Emulator {
        &self.emulator
    }

    /// The lane that runs the sagas.
    #[must_use]
    pub fn lane(&self) -> Lane {
        self.lane
    }

    /// The name of the deployed stack, which begins every physical name.
    #[must_use]
    pub fn stack_name(&self) -> &str {
        &self.stack_name
    }

    /// The deployed stack.
    #[must_use]
    pub fn stack(&self) -> &Stack {
        &self.stack
    }

    /// Clients of the emulator as its root.
    #[must_use]
    pub fn clients(&self) -> &Clients {
        &self.clients
    }

    /// The configuration of a client with the permissions of a function, by the logical ids of the function and of its role. The
    /// emulator accepts the client once the function has run.
    ///
    /// # Errors
    /// When the stack has no function or role with this id.
    pub fn config_of(&self, function: &str, role: &str) -> Result<SdkConfig> {
        let role = format!("arn:aws:iam::{ACCOUNT}:role/{}", self.stack.resource(role)?);
        Ok(identity::config(self.emulator.endpoint(), &self.stack.running_arn(function)?, &role))
    }

    /// Puts `products` on the menu.
    ///
    /// # Errors
    /// When the catalogue's table does not take them.
    pub async fn offer(&self, products: &[Product]) -> Result<()> {
        for product in products {
            operate::offer(&self.tables(), product).await?;
        }
        Ok(())
    }

    /// The tables of the deployed stack.
    #[must_use]
    pub fn tables(&self) -> Tables {
        Tables::of(self.clients.dynamodb.clone(), &self.stack_name)
    }

    /// The directory of the logs: `ministack.log`, which holds the functions' output, and `sam.log`.
    #[must_use]
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Kills the running processes of the function with the logical id `logical_id`, and returns their number.
    ///
    /// # Errors
    /// When the stack has no function with this id.
    pub fn kill_function(&self, logical_id: &str) -> Result<usize> {
        Ok(self.emulator.kill_function(self.stack.resource(logical_id)?))
    }

    /// Whether the emulator has ended by itself.
    pub fn has_ended(&mut self) -> bool {
        self.emulator.has_ended()
    }

    /// Stops everything in good order; the emulator writes the data that it keeps.
    pub fn stop(mut self) {
        // Before the emulator writes what it keeps: nothing that a trouble has switched off is kept so.
        self.trouble = None;
        self.emulator.stop();
    }
}

/// Starts the issuer, with sign-in if somebody may sign in.
async fn issuer(keep: Option<&Kept>, sign_in: Option<&SignIn>, workspace: &Workspace, dir: &Path) -> Result<Issuer> {
    let key = match keep {
        Some(keep) => SigningKey::kept_in(&keep.issuer_key)?,
        None => SigningKey::generate()?,
    };
    let port = Reserved::port(keep.map(|keep| keep.issuer_port))?;
    match sign_in {
        Some(sign_in) => Issuer::start_with_sign_in(port, AUDIENCE, key, sign_in, workspace, dir).await,
        None => Issuer::start(port, AUDIENCE, key),
    }
}

/// The settings of the emulator whose functions call AWS at the recorder's address.
fn settings(keep: Option<&Kept>, dir: &Path, recorder: &Reserved) -> Settings {
    Settings {
        dir: dir.to_path_buf(),
        port: keep.map(|keep| keep.emulator_port),
        keep: keep.is_some(),
        enforce_iam: true,
        functions_endpoint: Some(recorder.url()),
    }
}

/// From where browsers may call: an app under development by either name of this machine, and the console.
fn origins(console: Option<String>) -> Vec<String> {
    let mut origins = [LocalAws::ORIGIN, LocalAws::OTHER_ORIGIN].map(str::to_owned).to_vec();
    origins.extend(console.filter(|origin| origin != LocalAws::OTHER_ORIGIN));
    origins
}

/// Sets a parameter that the caller has left open, if the template has it.
fn set(parameters: &mut BTreeMap<String, String>, template: &Template, name: &str, value: &str) {
    if template.as_json()["Parameters"].get(name).is_some() {
        parameters.entry(name.to_owned()).or_insert_with(|| value.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_origin_is_named_once() {
        let usual = ["http://localhost:5173", "http://127.0.0.1:5173"];
        assert_eq!(origins(None), usual);
        assert_eq!(origins(Some(usual[1].to_owned())), usual);
        assert_eq!(origins(Some("http://127.0.0.1:6000".to_owned())), [usual[0], usual[1], "http://127.0.0.1:6000"]);
    }
}
