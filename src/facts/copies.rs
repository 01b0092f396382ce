//! Saved copies of the registry: exports that lie within what a broader export of the same server covers.

use super::canonical;
use crate::model::{Coverage, Fact, Located, Origin, Problem, ProblemKind};

/// What one source says, before it is put together with the others.
#[derive(Clone, Debug, Default)]
pub struct Capture {
    pub facts: Vec<Located<Fact>>,
    pub coverage: Vec<Located<Coverage>>,
}

/// Takes the registry out of captures that only repeat a part of another one.
///
/// Someone who collects a backup set brings its saved key along. It tells what was, while the export of
/// the whole hive tells what is; so it must not be read as the state of the server.
pub fn set_aside(captures: &mut [Capture]) -> Vec<Problem> {
    let roots: Vec<Vec<String>> = captures.iter().map(roots).collect();
    let mut problems = Vec::new();
    for index in 0..captures.len() {
        let own = &roots[index];
        let broader = (0..captures.len()).find(|other| {
            *other != index
                && !own.is_empty()
                && own.iter().all(|root| roots[*other].iter().any(|wide| below(root, wide)))
        });
        if broader.is_none() {
            continue;
        }
        let capture = &mut captures[index];
        capture.facts.retain(|fact| !is_registry(&fact.value));
        let place = capture.coverage.first().map(|place| place.origin);
        capture.coverage.retain(|place| !matches!(place.value, Coverage::RegistryTree { .. }));
        problems.extend(place.map(told));
    }
    problems
}

fn told(origin: Origin) -> Problem {
    let what = "an export of the server's registry covers this one, so it is taken for a saved copy and not for the state of the server";
    Problem {
        source: origin.source,
        origin: Some(origin),
        kind: ProblemKind::Unsupported,
        what: what.to_owned(),
    }
}

fn roots(capture: &Capture) -> Vec<String> {
    let tree = |place: &Located<Coverage>| match &place.value {
        Coverage::RegistryTree { root } => Some(canonical(root)),
        _ => None,
    };
    capture.coverage.iter().filter_map(tree).collect()
}

/// Whether a key lies strictly below another.
fn below(key: &str, wide: &str) -> bool {
    key.strip_prefix(wide).is_some_and(|rest| rest.starts_with('\\'))
}

fn is_registry(fact: &Fact) -> bool {
    matches!(fact, Fact::RegistryKey { .. } | Fact::RegistryValue { .. } | Fact::RegistryDeletion { .. })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::SourceId;

    fn capture(root: &str) -> Capture {
        let origin = Origin { source: SourceId(0), line: 1, offset: 0, length: 0 };
        Capture {
            facts: vec![Located { value: Fact::RegistryKey { path: root.into(), written: None }, origin }],
            coverage: vec![Located { value: Coverage::RegistryTree { root: root.to_owned() }, origin }],
        }
    }

    #[test]
    fn a_part_of_a_hive_is_a_copy_beside_the_hive() {
        let mut captures = [capture(r"HKLM\SOFTWARE\Microsoft\SMS"), capture(r"HKEY_LOCAL_MACHINE\SOFTWARE")];
        assert_eq!(set_aside(&mut captures).len(), 1);
        assert!(captures[0].facts.is_empty() && !captures[1].facts.is_empty());
        let mut alone = [capture(r"HKLM\SOFTWARE\Microsoft\SMS")];
        assert!(set_aside(&mut alone).is_empty());
        let mut equal = [capture(r"HKLM\SOFTWARE"), capture(r"HKLM\SOFTWARE")];
        assert!(set_aside(&mut equal).is_empty(), "two of one breadth are two moments, not copy and state");
    }
}
