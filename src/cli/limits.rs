//! The limits on what comes out of archives, as options of every command that reads bundles.

use crate::bundle::Limits;

/// How much is unpacked at most; what is over a limit is told, and the rest is read.
#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Limits on archives")]
pub struct LimitArguments {
    /// Bytes that may come out of all archives of one path; K, M, G and T are powers of 1024.
    #[arg(long, value_name = "SIZE", default_value = "20G", value_parser = size)]
    max_unpacked: u64,
    /// Bytes of one member.
    #[arg(long, value_name = "SIZE", default_value = "2G", value_parser = size)]
    max_member: u64,
    /// Members of all archives of one path.
    #[arg(long, value_name = "COUNT", default_value = "200000")]
    max_members: usize,
    /// Archives within archives.
    #[arg(long, value_name = "COUNT", default_value = "4")]
    max_depth: usize,
    /// Bytes out for one byte in, above the first mebibyte.
    #[arg(long, value_name = "TIMES", default_value = "1000")]
    max_ratio: u64,
    /// Characters of a path within the bundle.
    #[arg(long, value_name = "COUNT", default_value = "1024")]
    max_path: usize,
}

impl LimitArguments {
    /// The limits that were asked for.
    pub fn limits(&self) -> Limits {
        Limits {
            total: self.max_unpacked,
            member: self.max_member,
            members: self.max_members,
            depth: self.max_depth,
            ratio: self.max_ratio,
            path: self.max_path,
        }
    }
}

/// A number of bytes with a unit, as in `512M`, `2G`, `1000`.
fn size(text: &str) -> Result<u64, String> {
    let unit = text.trim_end_matches(['b', 'B']).trim_end_matches(['i', 'I']);
    let number = unit.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    let shift = match unit[number.len()..].to_ascii_lowercase().as_str() {
        "" => 0,
        "k" => 10,
        "m" => 20,
        "g" => 30,
        "t" => 40,
        _ => return Err("expected a number and K, M, G or T, as in 512M".to_owned()),
    };
    let number: u64 = number.trim().parse().map_err(|_| "expected a whole number, as in 512M".to_owned())?;
    number.checked_shl(shift).filter(|bytes| bytes >> shift == number).ok_or_else(|| "too large".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units() {
        let check = |text: &str, expected: Option<u64>| assert_eq!(size(text).ok(), expected, "{text}");
        check("1000", Some(1000));
        check("20G", Some(20 << 30));
        check("512 MiB", Some(512 << 20));
        check("3kb", Some(3072));
        check("2X", None);
        check("G", None);
        check("1.5G", None);
        check("99999999999T", None);
    }

    #[test]
    fn without_options_the_limits_are_those_of_the_library() {
        #[derive(clap::Parser)]
        struct Command {
            #[command(flatten)]
            limits: LimitArguments,
        }
        let command = <Command as clap::Parser>::parse_from(["sitedx"]);
        assert_eq!(command.limits.limits(), Limits::default());
    }
}
