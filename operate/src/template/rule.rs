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
mod tests {
    use std::path::Path;

    use crate::template::Template;

    #[test]
    fn a_value_that_cloudformation_would_refuse_is_told_what_it_must_be() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
        let template = Template::read(&std::fs::read_to_string(path).expect("a template"));
        for (name, good, bad, why) in [
            ("TokenIssuer", "https://t.eu.auth0.com/", "https://t.eu.auth0.com", "must be an https URL that ends in"),
            (
                "AllowedOrigins",
                "https://orders.example.com",
                "https://orders.example.com/",
                "must be empty, or one to ten origins",
            ),
            ("EncryptionKeyArn", "", "alias/mine", "must be the ARN of a KMS key"),
            ("Architecture", "arm64", "arm", "must be one of arm64, x86_64"),
            ("DeletionProtection", "true", "yes", "must be one of true, false"),
            ("QueueConcurrency", "2", "1", "must be 2 to 1000"),
            ("ApprovalLimitMinorUnits", "1", "0", "must be 1 or more"),
            ("ApiRateLimit", "50", "many", "must be a whole number"),
            ("TokenAudience", "https://orders", &"a".repeat(81), "must have 80 characters at most"),
        ] {
            let rule = &template.parameters[name];
            assert_eq!(rule.broken_by(good), None, "{name}");
            let said = rule.broken_by(bad).unwrap_or_default();
            assert!(said.starts_with(why), "{name}: {said}");
        }
    }

    #[test]
    fn an_origin_is_what_a_browser_says_and_nothing_wider() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
        let template = Template::read(&std::fs::read_to_string(path).expect("a template"));
        let rule = &template.parameters["AllowedOrigins"];
        let many = |number| vec!["https://orders.example.com"; number].join(",");
        for good in [
            "",
            "https://orders.example.com",
            "https://orders.example.com:8443",
            "http://localhost:5173",
            "http://localhost",
            "https://orders.example.com,http://localhost:5173,http://127.0.0.1:5173",
            &many(10),
        ] {
            assert_eq!(rule.broken_by(good), None, "{good}");
        }
        for bad in [
            "*",
            "https://*",
            "https://*.example.com",
            "null",
            "orders.example.com",
            "https://orders.example.com/",
            "https://orders.example.com/app",
            "https://orders.example.com?x",
            "https://orders.example.com:",
            "https://orders.example.com:https",
            "https://",
            "https://anna@example.com",
            "https://Orders.example.com",
            "HTTPS://orders.example.com",
            "ftp://orders.example.com",
            "http://orders.example.com",
            "http://localhost.example.com",
            "http://127.0.0.2",
            "http://127x0x0x1",
            " https://orders.example.com",
            "https://orders.example.com, http://localhost:5173",
            "https://orders.example.com;http://localhost:5173",
            "https://orders.example.com,",
            ",https://orders.example.com",
            "https://orders.example.com,,http://localhost:5173",
            "https://orders.example.comhttps://eats.example.com",
            "https://orders.example.com\nhttps://evil.example.com",
            &many(11),
        ] {
            for origins in [bad.to_owned(), format!("https://eats.example.com,{bad}")] {
                let why = rule.broken_by(&origins).unwrap_or_default();
                assert!(why.starts_with("must be empty, or one to ten origins"), "{origins:?}: {why}");
            }
        }
    }
}
