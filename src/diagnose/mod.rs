//! From facts to findings: verdicts, root cause over symptom, checklists, and what is left unexplained.

mod answer;
mod assemble;
mod cause;
mod checklist;
mod course;
mod finding;
mod found;
mod judge;
mod role;
mod unexplained;

pub use assemble::{Captured, Material, SourceInfo, assemble, code_reports, diff, names, verify, why};
pub use checklist::Checked;
pub use course::{Course, PhaseState, Stage, courses};
pub use finding::{Finding, Judged, Part, Verdict};
pub use judge::{is_told, looked_alike};
pub use role::serving;

use rayon::prelude::*;

use crate::correlate::World;
use crate::signature::Signature;

/// Every finding of every signature on every server, with causes and effects connected.
///
/// Findings of checklists without a problem are among them; [`is_told`] tells them apart.
pub fn find_all<'a>(signatures: &'a [Signature], world: &World) -> Vec<Finding<'a>> {
    let hosts: Vec<usize> = (0..world.hosts.len()).collect();
    let by_host: Vec<Vec<Finding<'a>>> = hosts
        .par_iter()
        .map(|host| signatures.iter().flat_map(|signature| judge::judge(signature, *host, world)).collect())
        .collect();
    let mut findings: Vec<Finding<'a>> = by_host.into_iter().flatten().collect();
    cause::connect(&mut findings, world);
    findings
}
