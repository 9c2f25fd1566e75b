//! The state machine of every version of every saga, with what belongs to it alone.

use std::collections::BTreeMap;

use saga::Definition;

use super::yaml::{filled, id, lines, parted};
use crate::state_machines::machine_file;

/// How an execution may end that leaves its order pending, and what an alarm says of it.
const ENDS: [(&str, &str); 3] =
    [("failed", "has failed"), ("timed-out", "has run out of time"), ("aborted", "was aborted")];

pub(super) fn blocks(definitions: &[&Definition]) -> BTreeMap<String, String> {
    let output = |definition: &&Definition| {
        let machine = resource(definition);
        format!("{machine}Arn: {{ Value: !Ref {machine} }}")
    };
    let machines = definitions.iter().map(|definition| machine(definition));
    BTreeMap::from([
        ("state machines".to_owned(), parted(machines)),
        ("outputs of state machines".to_owned(), lines(definitions.iter().map(output))),
    ])
}

/// The logical id of the state machine.
pub(super) fn resource(definition: &Definition) -> String {
    format!("{}StateMachine", id(&definition.machine_name()))
}

fn machine(definition: &Definition) -> String {
    let (name, file) = (definition.machine_name(), machine_file(definition));
    let id_of_machine = id(&name);
    let words = [("Id", id_of_machine.as_str()), ("name", &name), ("file", &file)];
    let queues: Vec<_> = definition.commands().map(|command| format!("{}Queue", id(command.handler))).collect();
    let urls = queues.iter().map(|queue| format!("{queue}Url: !Ref {queue}")).collect();
    let arns = queues.iter().map(|queue| format!("- !GetAtt {queue}.Arn")).collect();
    let machine = filled(include_str!("state_machine.yaml"), &words, &[("urls", urls), ("queues", arns)]);
    let alarms = ENDS.map(|(end, told)| {
        let end_id = id(end);
        let of_end = [("End", end_id.as_str()), ("end", end), ("told", told)];
        filled(include_str!("end_alarm.yaml"), &[words.as_slice(), of_end.as_slice()].concat(), &[])
    });
    parted([machine].into_iter().chain(alarms))
}
