//! What CloudFormation takes for a parameter's value: found out here, before a build that takes minutes.

use regex_lite::Regex;

/// The constraints of a parameter.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Rule {
    pattern: Option<String>,
    /// What the template says about the pattern.
    wanted: Option<String>,
    values: Vec<String>,
    least: Option<i64>,
    most: Option<i64>,
    longest: Option<usize>,
}

impl Rule {
    /// Takes a line of the parameter's part of the template into account.
    pub(super) fn note(&mut self, line: &str) {
        let Some((property, value)) = line.trim().split_once(": ") else { return };
        let list = || value.trim_matches(['[', ']']).split(", ").map(|value| value.trim_matches('"').to_owned());
        match property {
            "AllowedPattern" => self.pattern = Some(value.to_owned()),
            "ConstraintDescription" => self.wanted = Some(value.to_owned()),
            "AllowedValues" => self.values = list().collect(),
            "MinValue" => self.least = value.parse().ok(),
            "MaxValue" => self.most = value.parse().ok(),
            "MaxLength" => self.longest = value.parse().ok(),
            _ => {}
        }
    }

    /// Why the value does not do.
    pub(crate) fn broken_by(&self, value: &str) -> Option<String> {
        let matches = |pattern: &String| Regex::new(pattern).is_ok_and(|pattern| pattern.is_match(value));
        if self.pattern.as_ref().is_some_and(|pattern| !matches(pattern)) {
            return Some(self.wanted.clone().unwrap_or_else(|| "does not match its AllowedPattern".to_owned()));
        }
        if !self.values.is_empty() && !self.values.iter().any(|allowed| allowed == value) {
            return Some(format!("must be one of {}", self.values.join(", ")));
        }
        if let Some(longest) = self.longest.filter(|longest| value.chars().count() > *longest) {
            return Some(format!("must have {longest} characters at most"));
        }
        if self.least.is_none() && self.most.is_none() {
            return None;
        }
        let (least, most) = (self.least.unwrap_or(i64::MIN), self.most.unwrap_or(i64::MAX));
        match value.parse::<i64>() {
            Ok(number) if (least..=most).contains(&number) => None,
            Ok(_) if most == i64::MAX => Some(format!("must be {least} or more")),
            Ok(_) => Some(format!("must be {least} to {most}")),
            Err(_) => Some("must be a whole number".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests;
