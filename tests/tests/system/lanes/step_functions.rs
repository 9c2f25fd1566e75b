//! Paths through the Step Functions lane: the committed state machines in a real interpreter, start-saga and resume-saga
//! as they are deployed, and participants that do what a path says.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use aws::AwsExecutions;
use aws_sdk_sqs::types::Message;
use futures_util::future::{join_all, try_join_all};
use messaging::{Envelope, Failure, Receiver, ids};
use orchestration::{Executions, ResumeSaga, SagaProgress, StartSaga, history};
use order::sagas::registry;
use saga::Definition;
use testkit::builders;
use time::OffsetDateTime;
use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;
use wire::message::v1::CommandSucceeded;

use super::interpreter::Interpreter;
use super::paths::{Answer, Path};
use super::rust_lane::refused;
use super::{Case, Command, Trace, registry_of};

const BETWEEN_LOOKS: Duration = Duration::from_millis(500);
/// How long one path may take.
const PATIENCE: Duration = Duration::from_secs(150);
/// How often a queue brings a reply, as those of the template do.
const MAX_DELIVERIES: u32 = 10;

/// An interpreter with the state machines and the one queue of all participants.
pub(super) struct StepFunctions {
    interpreter: Interpreter,
    queue_url: String,
    patient: Arc<dyn Executions>,
    hasty: Arc<dyn Executions>,
    runs: Mutex<BTreeMap<Uuid, Run>>,
}

/// What the participants of one saga know.
struct Run {
    path: Path,
    commands: Vec<(Command, Envelope)>,
    /// The commands after which the saga is over.
    last: [&'static str; 2],
    /// One of them was answered: before that there is no need to ask whether the saga is over.
    answered: Arc<Notify>,
}

impl StepFunctions {
    pub(super) async fn on(interpreter: Interpreter) -> Result<Self> {
        let queue_url = interpreter.queue().await?;
        let (mut patient, mut hasty) =
            (AwsExecutions::new(interpreter.sfn.clone()), AwsExecutions::new(interpreter.sfn.clone()));
        for definition in registry().definitions() {
            let name = definition.machine_name();
            patient = patient.with_machine(&name, interpreter.machine(definition, false, &queue_url).await?);
            hasty = hasty.with_machine(&name, interpreter.machine(definition, true, &queue_url).await?);
        }
        let (patient, hasty) = (Arc::new(patient), Arc::new(hasty));
        Ok(Self { interpreter, queue_url, patient, hasty, runs: Mutex::default() })
    }

    /// Runs each of these paths, so many at once; gives what came of each, in their order.
    pub(super) async fn run_all(&self, cases: &[Case<'_>], at_once: usize) -> Result<Vec<Result<Trace>>> {
        let turns = &Semaphore::new(at_once);
        let run = |case| async move {
            let _turn = turns.acquire().await?;
            self.run(case).await
        };
        tokio::select! {
            traces = join_all(cases.iter().map(run)) => Ok(traces),
            stopped = self.participate() => Err(stopped.err().unwrap_or_else(|| anyhow!("the participants stopped"))),
        }
    }

    async fn run(&self, Case { definition, event, path }: &Case<'_>) -> Result<Trace> {
        let saga = ids::saga(event.message_id);
        let last_step = definition.steps.last().context("a saga without steps")?.command.handler;
        let last = [last_step, definition.undo.handler];
        let answered = Arc::new(Notify::new());
        let run = Run { path: path.clone(), commands: Vec::new(), last, answered: Arc::clone(&answered) };
        self.runs().insert(saga, run);
        let executions = if path.has_silence() { &self.hasty } else { &self.patient };
        let start = StartSaga::new(registry_of(definition), Arc::clone(executions));
        for _ in 0..if path.starts_twice { 2 } else { 1 } {
            start.receive(event, OffsetDateTime::UNIX_EPOCH).await?;
        }
        let ended = async {
            answered.notified().await;
            self.ended(executions.as_ref(), definition, saga).await
        };
        let ended = tokio::time::timeout(PATIENCE, ended).await;
        let progress = ended.map_err(|_| anyhow!("it never ended: {:?}", self.sent(&saga)))??;
        Ok(Trace::of(self.sent(&saga), &progress))
    }

    async fn ended(&self, executions: &dyn Executions, definition: &Definition, saga: Uuid) -> Result<SagaProgress> {
        loop {
            let history = executions.history(&definition.machine_name(), &saga.to_string()).await?;
            let progress = history::progress(definition, &history.context("there is no such execution")?.events);
            if let Some(progress) = progress.filter(|progress| progress.ended_at.is_some()) {
                return Ok(progress);
            }
            tokio::time::sleep(BETWEEN_LOOKS).await;
        }
    }

    fn runs(&self) -> MutexGuard<'_, BTreeMap<Uuid, Run>> {
        self.runs.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sent(&self, saga: &Uuid) -> Vec<Command> {
        let runs = self.runs();
        let commands = runs.get(saga).into_iter().flat_map(|run| &run.commands);
        commands.map(|(command, _)| command.clone()).collect()
    }

    /// Takes commands off the queue for as long as there is somebody to wait for them.
    async fn participate(&self) -> Result<()> {
        let resume = ResumeSaga::new(registry(), Arc::clone(&self.patient));
        loop {
            let receive = self.interpreter.sqs.receive_message().queue_url(&self.queue_url);
            let batch = receive.max_number_of_messages(10).wait_time_seconds(1).send().await?;
            let messages = batch.messages.unwrap_or_default();
            try_join_all(messages.iter().map(|message| self.take(&resume, message))).await?;
        }
    }

    async fn take(&self, resume: &ResumeSaga, message: &Message) -> Result<()> {
        let command = Envelope::parse(message.body().unwrap_or_default())?;
        for reply in self.hand_over(&command)? {
            self.receive(resume, &reply).await?;
        }
        let handle = message.receipt_handle().context("a receipt")?;
        self.interpreter.sqs.delete_message().queue_url(&self.queue_url).receipt_handle(handle).send().await?;
        Ok(())
    }

    async fn receive(&self, resume: &ResumeSaga, reply: &Envelope) -> Result<()> {
        let mut deliveries = 1;
        loop {
            match resume.receive(reply, OffsetDateTime::UNIX_EPOCH).await {
                // As in the Rust lane: what breaks the contract is set aside, and the command is repeated.
                Err(Failure::SetAside(_)) => return Ok(()),
                // The reply would come again from its queue, to the same answer, and end as a dead letter.
                Err(Failure::Retry(reason)) if self.interpreter.forgets_tokens && reason.contains("InvalidToken") => {
                    return Ok(());
                }
                // A busy interpreter did not answer: the queue brings the reply again.
                Err(Failure::Retry(_)) if deliveries < MAX_DELIVERIES => deliveries += 1,
                received => return Ok(received?),
            }
        }
    }

    /// A participant gets a command; gives its replies.
    fn hand_over(&self, command: &Envelope) -> Result<Vec<Envelope>> {
        let sender = command.correlation.as_ref().context("a command of nobody's")?;
        let mut runs = self.runs();
        let Some(run) = runs.get_mut(&sender.saga_id) else { bail!("a command of an unknown saga: {command:?}") };
        let earlier: Vec<&Envelope> =
            run.commands.iter().filter(|(sent, _)| sent.handler == sender.step).map(|(_, envelope)| envelope).collect();
        let succeeded = |command: &Envelope| builders::reply(command, CommandSucceeded::default());
        let refused = |command: &Envelope| builders::reply(command, refused());
        let before = earlier.last().copied();
        let replies = match run.path.answer(&sender.step, earlier.len()) {
            Answer::Nothing => vec![],
            Answer::Succeed => vec![succeeded(command)],
            Answer::Refuse => vec![refused(command)],
            Answer::SucceedTwice => vec![succeeded(command), succeeded(command)],
            Answer::RefuseTwice => vec![refused(command), refused(command)],
            Answer::SucceedLate => before.map(succeeded).into_iter().chain([succeeded(command)]).collect(),
            Answer::RefuseLate => before.map(refused).into_iter().chain([refused(command)]).collect(),
            Answer::SucceedAndWake(late) => {
                let woken = run.commands.iter().rev().find(|(sent, _)| sent.handler == late).context("it was sent")?;
                vec![succeeded(&woken.1), succeeded(command)]
            }
        };
        run.commands.push((Command::of(&sender.step, command)?, command.clone()));
        if run.last.contains(&sender.step.as_str()) && !replies.is_empty() {
            run.answered.notify_one();
        }
        Ok(replies)
    }
}
