//! Archives within other files: self-extracting programs, and archives with something in front.

use std::ops::Range;

use memchr::memmem;

use super::{Block, Budget, Contents, cab, sevenz, zip};

/// The members of what lies within a file; `None` if that is no archive.
pub fn members(block: &Block, budget: &mut Budget) -> Option<Contents> {
    let cabinets = cabinets(block);
    if !cabinets.is_empty() {
        return Some(all(block, &cabinets, budget));
    }
    let rest = |at: usize| block.part(at as u64..block.len() as u64);
    let solid = memmem::find_iter(block, sevenz::SIGNATURE).find(|at| sevenz::is_header(&block[*at..]));
    if let Some(at) = solid {
        return Some(sevenz::members(&rest(at), budget));
    }
    // The directory of a zip archive is at its end, and does not mind what stands in front.
    zip::has_directory(block).then(|| zip::members(block, budget))
}

/// A file may carry several cabinets; those within another one are its members.
fn cabinets(bytes: &[u8]) -> Vec<Range<usize>> {
    let (mut found, mut at) = (Vec::new(), 0);
    let finder = memmem::Finder::new(b"MSCF");
    while let Some(next) = bytes.get(at..).and_then(|rest| finder.find(rest)) {
        let place = at + next;
        at = match cab::length(&bytes[place..]) {
            Some(length) => {
                found.push(place..place + length);
                place + length
            }
            None => place + 4,
        };
    }
    found
}

fn all(block: &Block, cabinets: &[Range<usize>], budget: &mut Budget) -> Contents {
    let mut all = Contents::default();
    let members = budget.members;
    for place in cabinets {
        let found = cab::members(&block.part(place.start as u64..place.end as u64), budget);
        all.members.extend(found.members);
        all.problems.extend(found.problems);
        budget.members = members.saturating_sub(all.members.len());
    }
    // Whoever asked takes them from the budget.
    budget.members = members;
    all
}
