//! What an alarm says to whoever it calls: what to do, with the commands, queues, logs and sections of pages that are there.

use std::collections::BTreeSet;

use anyhow::{Context, Result, ensure};
use local::template::strings;
use serde_json::{Map, Value};
use tests::root;

use super::sam;

/// The longest description that CloudWatch takes.
const LONGEST: usize = 1024;
/// What stands for the stack's name.
const STACK: &str = "${AWS::StackName}";
/// Where a person may put what fits, or the whole of it.
const OPEN: [&str; 6] = ["<id>", "<step>", "<queue>", "<function>", "<url>", "*"];

/// What an alarm may name.
struct Known {
    /// The targets of the Makefile.
    targets: BTreeSet<String>,
    /// Sections and their pages, such as `"Deploy" in README.md`.
    sections: BTreeSet<String>,
    /// The physical names of what the template creates: queues, log groups, alarms and the rest.
    names: BTreeSet<String>,
    /// The queues that have dead letters, such as `create-ticket`.
    queues: BTreeSet<String>,
    parameters: BTreeSet<String>,
}

impl Known {
    fn read(template: &Value) -> Result<Self> {
        let makefile = std::fs::read_to_string(root().join("Makefile"))?;
        let targets = makefile.lines().filter_map(|line| line.strip_prefix(".PHONY: ")).map(str::to_owned).collect();
        let mut sections = BTreeSet::new();
        for page in tests::files_below("", ".md")? {
            let text = std::fs::read_to_string(&page)?;
            let headings = text.lines().filter(|line| line.starts_with("## "));
            let name = tests::relative(&page);
            sections.extend(headings.map(|line| format!("\"{}\" in {name}", line.trim_start_matches("## "))));
        }
        let mut names = BTreeSet::new();
        for resource in template["Resources"].as_object().into_iter().flat_map(Map::values) {
            let properties = resource["Properties"].as_object().into_iter().flatten();
            let named = properties.filter(|(property, _)| property.ends_with("Name"));
            names.extend(named.flat_map(|(_, name)| strings(&name["Fn::Sub"])));
        }
        let of_queue = |name: &String| {
            let name = name.strip_prefix(STACK)?.strip_prefix('-')?;
            name.strip_suffix("-dead").map(str::to_owned)
        };
        let queues = names.iter().filter_map(of_queue).collect();
        let parameters = template["Parameters"].as_object().into_iter().flat_map(Map::keys).cloned().collect();
        Ok(Self { targets, sections, names, queues, parameters })
    }

    /// What is wrong with what an alarm says.
    fn complaint(&self, said: &str) -> Option<String> {
        let words: Vec<&str> =
            said.split_whitespace().map(|word| word.trim_matches(['(', ')', ',', ';', ':', '.'])).collect();
        let sentences = said.matches(". ").count() + 1;
        if sentences > 2 || !said.ends_with('.') || said.len() > LONGEST {
            return Some(format!("it has {sentences} sentences and {} letters", said.len()));
        }
        let told = words.windows(2).filter(|pair| pair[0] == "make").map(|pair| pair[1]);
        let (known, unknown): (Vec<_>, Vec<_>) = told.partition(|target| self.targets.contains(*target));
        if let Some(target) = unknown.first() {
            return Some(format!("the Makefile has no target {target}"));
        }
        let pages = said.split(" in ").skip(1).filter(|rest| rest.split(".md").next().is_some_and(is_page)).count();
        let sections = self.sections.iter().map(|section| said.matches(section.as_str()).count()).sum::<usize>();
        if pages != sections {
            return Some(format!("it names {pages} pages, and sections of {sections} of them that are there"));
        }
        if known.is_empty() && sections == 0 {
            return Some("it names neither a command nor a section of a page".to_owned());
        }
        words.into_iter().find_map(|word| self.complaint_about(word))
    }

    fn complaint_about(&self, word: &str) -> Option<String> {
        let is_open = OPEN.iter().any(|open| word.contains(open));
        if let Some(queue) = word.strip_prefix("QUEUE=") {
            return (!is_open && !self.queues.contains(queue)).then(|| format!("there is no queue {queue}"));
        }
        if word.contains(STACK) && word != format!("STACK={STACK}") {
            let begin = word.split(['*', '<']).next().unwrap_or_default();
            let is_there = self.names.iter().any(|name| if is_open { name.starts_with(begin) } else { name == word });
            return (!is_there).then(|| format!("nothing is named {word}"));
        }
        let is_parameter = word.chars().all(char::is_alphabetic)
            && word.chars().filter(|letter| letter.is_uppercase()).count() > 1
            && word.chars().any(char::is_lowercase);
        (is_parameter && !self.parameters.contains(word)).then(|| format!("there is no parameter {word}"))
    }
}

/// Whether the text is the path of a page, without its ending.
fn is_page(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "/-_".contains(letter))
}

/// The alarms, and what each says.
fn alarms(template: &Value) -> Result<Vec<(&String, &str)>> {
    let resources = template["Resources"].as_object().context("resources")?.iter();
    let alarms = resources.filter(|(_, resource)| resource["Type"] == "AWS::CloudWatch::Alarm");
    let mut said = Vec::new();
    for (id, alarm) in alarms {
        let text = alarm["Properties"]["AlarmDescription"]["Fn::Sub"].as_str();
        said.push((id, text.with_context(|| format!("{id} says nothing"))?));
    }
    Ok(said)
}

#[test]
fn every_alarm_says_what_to_do_and_names_what_is_there() -> Result<()> {
    let template = sam::raw()?;
    let known = Known::read(template)?;
    let mut complaints = Vec::new();
    for (id, said) in alarms(template)? {
        complaints.extend(known.complaint(said).map(|complaint| format!("{id}: {complaint}: {said}")));
    }
    ensure!(complaints.is_empty(), "correct what these alarms say:\n{}", complaints.join("\n"));
    Ok(())
}

/// A panic and a slow table are answered, or put a message back: Lambda has an error only of a function that it could not start, or
/// had to end.
#[test]
fn an_alarm_on_a_functions_errors_says_what_lambda_counts_as_an_error() -> Result<()> {
    let template = sam::raw()?;
    let mut count = 0;
    for (id, said) in alarms(template)? {
        let properties = &template["Resources"][id]["Properties"];
        // The outbox is a stream's reader, whose error is how it has the records repeated.
        if properties["Namespace"] == "AWS/Lambda"
            && properties["MetricName"] == "Errors"
            && id != "RelayOutboxErrorsAlarm"
        {
            ensure!(said.contains(" could not start, or was ended by Lambda,"), "{id} says: {said}");
            count += 1;
        }
    }
    ensure!(count > 0, "no alarm looks at a function's errors");
    Ok(())
}

#[test]
fn a_call_that_names_what_is_not_there_is_seen() -> Result<()> {
    let known = Known::read(sam::raw()?)?;
    let good = format!(
        "It is late: make generate, then see {STACK}-saga and \"Deploy\" in README.md. QueueConcurrency is low."
    );
    ensure!(known.complaint(&good).is_none(), "{:?}", known.complaint(&good));
    for (right, wrong) in [
        ("make generate", "make regenerate"),
        ("make generate, then see", "see"),
        ("\"Deploy\"", "\"Deployment\""),
        ("README.md", "RUNBOOK.md"),
        ("-saga", "-sage"),
        ("see $", "see /aws/lambda/$"),
        ("see", "QUEUE=sage see"),
        ("QueueConcurrency", "QueuesConcurrency"),
        ("low.", "low. It is. It really is."),
        ("low.", "low"),
    ] {
        let said = good.replacen(right, wrong, 1);
        // Without its command it still names a section.
        let said = if wrong == "see" { said.replace(" and \"Deploy\" in README.md", "") } else { said };
        ensure!(known.complaint(&said).is_some(), "nobody minds: {said}");
    }
    for open in ["QUEUE=<queue>", "/aws/lambda/${AWS::StackName}-*", "QUEUE=create-ticket", "STACK=${AWS::StackName}"] {
        let said = good.replace("late", &format!("late {open}"));
        ensure!(known.complaint(&said).is_none(), "{:?}", known.complaint(&said));
    }
    Ok(())
}
