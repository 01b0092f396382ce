//! What a number can be by its value alone: the number spaces that Windows keeps apart.

use super::{Candidate, Family};

/// Largest number that is one of Windows.
const LAST_SYSTEM: i64 = 15_999;

/// The families of a number that Windows or COM gave, the likeliest first; empty for no error.
pub fn of_system(number: i64, why: &'static str) -> Vec<Candidate> {
    let one = |family| vec![Candidate { family, number, why }];
    let two = |first, second| {
        vec![Candidate { family: first, number, why }, Candidate { family: second, number, why }]
    };
    match number {
        0 => Vec::new(),
        2100..3000 => two(Family::Nerr, Family::Win32),
        10_000..12_000 => two(Family::Winsock, Family::Win32),
        1..=LAST_SYSTEM => one(Family::Win32),
        0x8007_0001..=0x8007_FFFF => {
            of_system(number & 0xFFFF, "the result code holds a code of Windows (0x8007....)")
        }
        0x8004_1000..=0x8004_2FFF => two(Family::Wbem, Family::Hresult),
        0x8000_0000..=0x8FFF_FFFF => two(Family::Hresult, Family::NtStatus),
        0xC000_0000..=0xC0FF_FFFF => two(Family::NtStatus, Family::Hresult),
        // An NTSTATUS in the dress of an HRESULT has one bit more.
        0xD000_0000..=0xD0FF_FFFF => {
            vec![Candidate { family: Family::NtStatus, number: number & !0x1000_0000, why }]
        }
        _ => one(Family::Own),
    }
}

/// Whether a number has the shape of a result code, so that it needs no phrase.
pub fn is_result(number: i64) -> bool {
    (0x8000_0000..=0xFFFF_FFFF).contains(&number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_space_is_told_by_the_value() {
        let first =
            |number| of_system(number, "").first().map(|candidate| (candidate.family, candidate.number));
        for (number, expected) in [
            (0, None),
            (5, Some((Family::Win32, 5))),
            (2453, Some((Family::Nerr, 2453))),
            (10_054, Some((Family::Winsock, 10_054))),
            (0x8007_0005, Some((Family::Win32, 5))),
            (0x8007_0000 + 2453, Some((Family::Nerr, 2453))),
            (0x8004_1010, Some((Family::Wbem, 0x8004_1010))),
            (0x8000_4005, Some((Family::Hresult, 0x8000_4005))),
            (0xC000_0072, Some((Family::NtStatus, 0xC000_0072))),
            (0xD000_0022, Some((Family::NtStatus, 0xC000_0022))),
            (28_931, Some((Family::Own, 28_931))),
            (-39, Some((Family::Own, -39))),
        ] {
            assert_eq!(first(number), expected, "{number}");
        }
    }
}
