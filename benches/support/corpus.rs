//! Logs of made-up sites, the same for the same seed: what the benchmarks and other log readers are timed on.

use std::io::Write as _;

use chrono::{DateTime, Datelike, Timelike};

/// What error lines contain, one text per line. Scanners for fixed texts are given the same.
pub const LITERALS: &str = include_str!("literals.txt");

/// How the records of a log are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    Sms2,
    ConfigMgr,
    Ccm,
    Setup,
}

/// The logs of a framing in a corpus of 500 MB; a corpus of another size has the same shares.
struct Share {
    framing: Framing,
    files: u64,
    megabytes: u64,
    /// Megabytes of files that are larger than all others, as sites have a few.
    large: &'static [u64],
}

const SHARES: [Share; 4] = [
    Share { framing: Framing::Sms2, files: 61, megabytes: 150, large: &[30] },
    Share { framing: Framing::ConfigMgr, files: 80, megabytes: 216, large: &[40, 10] },
    Share { framing: Framing::Ccm, files: 40, megabytes: 93, large: &[20] },
    Share { framing: Framing::Setup, files: 19, megabytes: 41, large: &[] },
];

const SITES: u64 = 8;

/// Components of a server, with the names of their logs.
const SERVER: [(&str, &str); 16] = [
    ("SMS_HIERARCHY_MANAGER", "hman"),
    ("SMS_DISTRIBUTION_MANAGER", "distmgr"),
    ("SMS_SITE_COMPONENT_MANAGER", "sitecomp"),
    ("SMS_LAN_SENDER", "sender"),
    ("SMS_SCHEDULER", "sched"),
    ("SMS_DESPOOLER", "despool"),
    ("SMS_INVENTORY_DATA_LOADER", "dataldr"),
    ("SMS_DISCOVERY_DATA_MANAGER", "ddm"),
    ("SMS_SITE_CONTROL_MANAGER", "sitectrl"),
    ("SMS_STATUS_MANAGER", "statmgr"),
    ("SMS_OFFER_MANAGER", "offermgr"),
    ("SMS_COLLECTION_EVALUATOR", "colleval"),
    ("SMS_REPLICATION_MANAGER", "replmgr"),
    ("SMS_INBOX_MANAGER", "inboxmgr"),
    ("SMS_POLICY_PROVIDER", "policypv"),
    ("SMS_CLIENT_CONFIG_MANAGER", "ccm"),
];

const CLIENT: [(&str, &str); 8] = [
    ("CcmExec", "CcmExec"),
    ("LocationServices", "LocationServices"),
    ("ContentAccess", "CAS"),
    ("DataTransferService", "DataTransferService"),
    ("execmgr", "execmgr"),
    ("ScanAgent", "ScanAgent"),
    ("StateMessage", "StateMessage"),
    ("InventoryAgent", "InventoryAgent"),
];

const SERVER_LINES: &[&str] = &[
    "Waiting for changes to the inbox \"D:\\SMS\\inboxes\\{inbox}.box\", or for {small} seconds",
    "Nothing to do. The next cycle begins in {small} minutes.",
    "Took the file D:\\SMS\\inboxes\\{inbox}.box\\{word}.{ending} ({large} bytes) from the queue, {small} more wait",
    "Moved D:\\SMS\\inboxes\\{inbox}.box\\{word}.{ending} to \\\\{host}\\SMS_{site}\\inboxes\\{inbox}.box",
    "STATMSG: ID={small} SEV=I LEV=M SOURCE=\"SMS Server\" COMP=\"{component}\" SYS={host} SITE={site} PID={small} TID={thread} GMTDATE=Sat Mar 27 03:12:08.220 1999 ISTR0=\"{package}\" ISTR1=\"{host}\" ISTR2=\"\" ISTR3=\"\" ISTR4=\"\" ISTR5=\"\" ISTR6=\"\" ISTR7=\"\" ISTR8=\"\" ISTR9=\"\" NUMATTRS=0",
    "{component} runs as thread {thread} of SMS_EXECUTIVE on {host}",
    "Package {package} goes to the share \\\\{host}\\SMSPKGD$ in {small} steps",
    "The package {package} on [\"Display=\\\\{host}\\\"]MSWNET:[\"SMS_SITE={site}\"]\\\\{host}\\ is up to date",
    "All {small} threads for packages are idle",
    "Wrote 1024 bytes to \\\\{host}\\SMS_SITE\\{word}.PCK at position {large}",
    "Sent {large} bytes of {package} to site {site} in {small} seconds, within the limit of the address",
    "Opened the address of site {site} on {host}, rate {small} KB/s",
    "Begin transaction for machine {host} (GUID:{guid})",
    "Commit transaction for machine {host} (GUID:{guid}), {small} rows",
    "Inventory of {host} has {small} groups, {large} properties differ from those of the database",
    "exec sp_MembersOfCollection '{package}', {small} returned {large} rows",
    "Collection {package} has {large} members: {small} came, {small} went",
    "The offer {package} for collection {package} is on the list of site {site}",
    "The key HKLM\\SOFTWARE\\Microsoft\\SMS\\Components\\{component} changed, reading it again",
    "Site {site} is alive: version 2.00.{small}.0000, serial number {large} of its site control file",
    "Link from {site} to {site} is active, {small} transactions of group Configuration Data wait",
    "Management point {host} answered with status code 200, OK, after {small} ms",
    "Policy {guid} version {small}.00 is written, {large} bytes",
    "DDR of system {host} from SMS_AD_SYSTEM_DISCOVERY_AGENT with {small} properties is processed",
    "Content {package}.{small} is on {host} already, its hash is right",
    "The backup begins at 02:00:00; the one before took {small} seconds",
    "Sleeping for {small} seconds",
    "Component {component} on {host} is installed and running, checked {small} times",
];

const CLIENT_LINES: &[&str] = &[
    "Policy [CCM_Policy_Policy5.PolicyID=\"{guid}\",PolicySource=\"SMS:{site}\",PolicyVersion=\"{small}.00\"] is [Active] now",
    "Looking at the assignment {guid} of {site}",
    "Content {package}.{small}: {large} bytes of {large} are in C:\\WINDOWS\\ccmcache\\{small}",
    "Job {guid} is in state 'DownloadingData', {small} files to come",
    "Distribution point http://{host}/SMS_DP_SMSPKG$/{package} comes first on the list of {small}",
    "The management point is {host}.corp.contoso.com, <Capabilities SchemaVersion=\"1.0\"/>, port {small}",
    "The scan is complete, result = 0x0, {small} updates apply",
    "State message with TopicType {small} and TopicId {guid} is kept for the next report",
    "Inventory action {guid} is done, {large} instances",
    "The application {package} (revision {small}) is there. Reverted=0",
    "Event: instance of CCM_PolicyAgent_AssignmentEvaluated { ClientID = \"GUID:{guid}\"; DateTime = \"20230715{small}\"; }",
    "Program Install of package {package} goes from WaitingContent to NotifyExecution",
];

const SETUP_LINES: &[&str] = &[
    "Copying D:\\SMSSETUP\\BIN\\I386\\{word}.DLL to C:\\SMS\\BIN\\I386\\{word}.DLL",
    "Component {component} goes to server {host}",
    "Creating table {inbox}_{word} (number {small} of {large})",
    "SQL Server on {host} has version 7.00.{small}, which is new enough",
    "Created folder C:\\SMS\\inboxes\\{inbox}.box for {small} accounts",
    "Value SOFTWARE\\Microsoft\\SMS\\Identification\\Site Code is {site}",
    "Ran sp_{inbox}_{word} in {small} ms",
    "Gave rights 0x{word} to account CONTOSO\\SMSServer_{site}",
];

const ERROR_LINES: &[&str] = &[
    "ERROR: {literal} {host}, Win32 error = {win32}",
    "{literal} \\\\{host}\\SMS_{site}, error code = {win32}",
    "*** [{small}][{thread}][Microsoft][ODBC SQL Server Driver] {literal} : {host}",
    "{literal} {package}, HRESULT 0x{result}. Will try again in {small} seconds",
    "C{component}::Run - {literal} {word}: 0x{result}",
];

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const HOSTS: [&str; 8] = ["SMSPRI", "SMSSEC", "NTBDC", "FILESRV", "SQLBOX", "CMDP", "CMMP", "WKS"];
const CODES: [&str; 8] = ["CEN", "NYC", "LON", "S01", "P01", "CAS", "TOK", "XYZ"];
const INBOXES: [&str; 10] = [
    "sitectrl", "hman", "distmgr", "schedule", "despoolr", "dataldr", "ddm", "statmgr", "offerinf",
    "colleval",
];
const ENDINGS: [&str; 8] = ["MIF", "NHM", "SVF", "DDR", "CT1", "PKG", "SRQ", "RPT"];
const WIN32: [u32; 12] = [2, 3, 5, 32, 53, 64, 67, 112, 1265, 1326, 1450, 1722];
const RESULTS: [&str; 8] =
    ["80070005", "80070002", "80070035", "800706BA", "80041002", "80040154", "80004005", "87D00324"];

/// Random numbers that are the same everywhere: `SplitMix64`.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, limit: u64) -> u64 {
        ((self.next() >> 32) * limit) >> 32
    }

    fn of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len() as u64) as usize]
    }
}

/// The files of a corpus of about so many bytes, with their paths.
pub fn files(bytes: u64, seed: u64) -> impl Iterator<Item = (String, Vec<u8>)> {
    SHARES.iter().flat_map(move |share| {
        let megabyte = move |count: u64| bytes * count / 500;
        let small = share.files - share.large.len() as u64;
        let mut random = Random(seed ^ share.megabytes);
        // Sizes from a third of the mean to five thirds of it.
        let weights: Vec<u64> = (0..small).map(|_| 100 + random.below(400)).collect();
        let rest = megabyte(share.megabytes - share.large.iter().sum::<u64>());
        let all: u64 = weights.iter().sum();
        let sizes = share.large.iter().map(move |size| megabyte(*size));
        let sizes = sizes.chain(weights.into_iter().map(move |weight| rest * weight / all));
        let one = move |(number, size)| (path(share.framing, number), log(share.framing, number, size, seed));
        (0..).zip(sizes).map(one)
    })
}

/// Where a log lies in the bundle: a folder per site, as collectors make them.
fn path(framing: Framing, number: u64) -> String {
    let (site, name) = (number % SITES, writer(framing, number).1);
    // A log that was rolled over has the ending `lo_`.
    let ending = if number % 5 == 3 { "lo_" } else { "log" };
    match framing {
        Framing::Sms2 => format!("site{site}/SMS/Logs/{name}.{ending}"),
        Framing::ConfigMgr => format!("site{site}/ConfigMgr/Logs/{name}.{ending}"),
        Framing::Ccm => format!("site{site}/CCM/Logs/{name}.{ending}"),
        Framing::Setup => {
            format!("site{site}/{}_drive/{name}.LOG", ["C", "D", "E"][(number / SITES) as usize % 3])
        }
    }
}

/// The component that writes a log, and the name of the log; within a site each log has its own.
fn writer(framing: Framing, number: u64) -> (&'static str, &'static str) {
    // Nine shares no factor with the numbers of components, so that sites do not all have the same logs.
    let place = (number / SITES * (SITES + 1) + number % SITES) as usize;
    match framing {
        Framing::Setup => ("SMS_SETUP", "SMSSETUP"),
        Framing::Ccm => CLIENT[place % CLIENT.len()],
        _ => SERVER[place % SERVER.len()],
    }
}

/// A part of a message.
enum Part {
    Text(&'static str),
    Value(&'static str),
}

fn templates(lines: &[&'static str]) -> Vec<Vec<Part>> {
    lines.iter().copied().map(template).collect()
}

fn template(mut line: &'static str) -> Vec<Part> {
    let mut parts = Vec::new();
    loop {
        let marks = line.match_indices('{');
        let named = marks.filter_map(|(start, _)| {
            let length = line[start..].find('}')?;
            let name = &line[start + 1..start + length];
            name.bytes().all(|byte| byte.is_ascii_alphanumeric()).then_some((start, name))
        });
        let Some((start, name)) = { named }.next() else {
            parts.push(Part::Text(line));
            return parts;
        };
        parts.extend([Part::Text(&line[..start]), Part::Value(name)]);
        line = &line[start + name.len() + 2..];
    }
}

/// One log in CR LF of at least so many bytes.
pub fn log(framing: Framing, number: u64, bytes: u64, seed: u64) -> Vec<u8> {
    let mut random = Random(seed.wrapping_mul(1000).wrapping_add(number * 4 + framing as u64));
    let component = writer(framing, number).0;
    let lines = templates(match framing {
        Framing::Ccm => CLIENT_LINES,
        Framing::Setup => SETUP_LINES,
        _ => SERVER_LINES,
    });
    let (errors, literals): (_, Vec<&str>) = (templates(ERROR_LINES), LITERALS.lines().collect());
    let mut clock = Clock::of(framing, &mut random);
    let threads: [u64; 6] = std::array::from_fn(|_| 100 + random.below(8900));
    let (mut out, mut message) = (Vec::with_capacity(bytes as usize + 1000), Vec::new());
    while (out.len() as u64) < bytes {
        clock.go_on(&mut random);
        let is_error = random.below(1000) == 0;
        let parts = random.of(if is_error { &errors } else { &lines });
        message.clear();
        for part in parts {
            match part {
                Part::Text(text) => message.extend_from_slice(text.as_bytes()),
                Part::Value("component") => message.extend_from_slice(component.as_bytes()),
                Part::Value("literal") => message.extend_from_slice(random.of(&literals).as_bytes()),
                Part::Value(name) => value(&mut message, name, &mut random),
            }
        }
        // Letters that are not ASCII stand there as the code page of the server has them.
        if random.below(5000) == 0 {
            message.extend_from_slice(b" (M\xFCnchen)");
        }
        if framing == Framing::Ccm && random.below(200) == 0 {
            message.extend_from_slice(b"\r\n    second line of the message\r\n    hr = 0x0");
        }
        let thread = *random.of(&threads);
        let (time, millisecond, behind) = (&clock.text, clock.now % 1000, &clock.behind);
        let severity = if is_error { 3 } else { 1 };
        if framing == Framing::Setup {
            out.extend_from_slice(time.as_bytes());
        }
        if framing == Framing::Ccm {
            out.extend_from_slice(b"<![LOG[");
        }
        out.extend_from_slice(&message);
        let _ = match framing {
            Framing::Sms2 => write!(
                out,
                "~  $$<{component}><{time}.{millisecond:03}{behind}><thread={thread} (0x{thread:X})>\r\n"
            ),
            Framing::ConfigMgr => write!(
                out,
                "  $$<{component}><{time}.{millisecond:03}{behind}><thread={thread} (0x{thread:X})>\r\n"
            ),
            Framing::Ccm => write!(
                out,
                "]LOG]!><time=\"{time}.{millisecond:03}{behind}\" component=\"{component}\" context=\"\" type=\"{severity}\" thread=\"{thread}\" file=\"{component}.cpp:{}\">\r\n",
                thread % 1999
            ),
            Framing::Setup => write!(out, "\r\n"),
        };
    }
    out
}

fn value(out: &mut Vec<u8>, name: &str, random: &mut Random) {
    let _ = match name {
        "small" => write!(out, "{}", 1 + random.below(239)),
        "large" => write!(out, "{}", 1000 + random.below(90_000_000)),
        "thread" => write!(out, "{}", 100 + random.below(8900)),
        "word" => write!(out, "{:08X}", random.next() as u32),
        "guid" => {
            let (a, b) = (random.next(), random.next());
            write!(
                out,
                "{:08X}-{:04X}-{:04X}-{:04X}-{:012X}",
                a >> 32,
                a >> 16 & 0xFFFF,
                a & 0xFFFF,
                b >> 48,
                b & 0xFFFF_FFFF_FFFF
            )
        }
        "package" => write!(out, "{}{:05X}", random.of(&CODES), random.below(0x10_0000)),
        "host" => write!(out, "{}{:02}", random.of(&HOSTS), 1 + random.below(59)),
        "site" => write!(out, "{}", random.of(&CODES)),
        "inbox" => write!(out, "{}", random.of(&INBOXES)),
        "ending" => write!(out, "{}", random.of(&ENDINGS)),
        "win32" => write!(out, "{}", random.of(&WIN32)),
        "result" => write!(out, "{}", random.of(&RESULTS)),
        name => unreachable!("no value is named {name}"),
    };
}

/// The time of records as they write it.
struct Clock {
    framing: Framing,
    /// Milliseconds since 1970, in local time.
    now: i64,
    /// What follows the milliseconds; for CCM it ends with the date.
    behind: String,
    zone: &'static str,
    /// Up to the seconds.
    text: String,
    /// The second that `text` has.
    shown: i64,
}

impl Clock {
    fn of(framing: Framing, random: &mut Random) -> Self {
        let named =
            [(1, " Eastern Standard Time"), (6, " Eastern Daylight Time"), (1, " W. Europe Standard Time")];
        let biased = [(1, "+300"), (6, "+240"), (1, "-060"), (6, "-120"), (1, "+000")];
        let (years, (month, zone)) = match framing {
            Framing::Sms2 => (1999..2002, *random.of(&named)),
            Framing::Setup => (1999..2002, (3, "")),
            _ => (2008..2024, *random.of(&biased)),
        };
        let year = years.start + random.below(years.end - years.start);
        let midnight = chrono::NaiveDate::from_ymd_opt(year as i32, month, 2 + random.below(20) as u32);
        let start = midnight.and_then(|day| day.and_hms_opt(0, 0, 0)).expect("a day of a calendar");
        let now = start.and_utc().timestamp_millis();
        Self { framing, now, behind: String::new(), zone, text: String::new(), shown: -1 }
    }

    /// Most records follow in a burst, some after a pause.
    fn go_on(&mut self, random: &mut Random) {
        self.now += match random.below(100) {
            0..55 => random.below(40),
            55..98 => random.below(1500),
            _ => random.below(600_000),
        } as i64;
        if self.now / 1000 == self.shown {
            return;
        }
        self.shown = self.now / 1000;
        let time = DateTime::from_timestamp(self.shown, 0).expect("a time of a calendar");
        let (year, month, day) = (time.year(), time.month(), time.day());
        let clock = format!("{:02}:{:02}:{:02}", time.hour(), time.minute(), time.second());
        let weekday = WEEKDAYS[time.weekday().num_days_from_monday() as usize];
        let zone = self.zone;
        (self.text, self.behind) = match self.framing {
            Framing::Sms2 => (
                format!("{weekday} {} {day:02} {clock}", MONTHS[month as usize - 1]),
                format!(" {year}{zone}"),
            ),
            Framing::ConfigMgr => (format!("{month:02}-{day:02}-{year} {clock}"), zone.to_owned()),
            Framing::Ccm => (clock, format!("{zone}\" date=\"{month:02}-{day:02}-{year}")),
            Framing::Setup => (format!("<{month:02}-{day:02}-{year} {clock}> "), String::new()),
        };
    }
}
