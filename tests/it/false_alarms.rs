//! A false alarm is worse than silence: nothing is found where nothing of what is known went wrong.

use std::fmt::Write as _;

use sitedx::bundle::in_memory;
use sitedx::catalog::{Cases, Catalog, Packs};
use sitedx::custody::Hashes;
use sitedx::model::report::Report;
use sitedx::pipeline::analyze;

/// Findings that claim a trouble.
pub fn alarms(report: &Report) -> Vec<String> {
    let strong = ["confirmed", "probable"];
    let found = report.diagnoses.iter().filter(|it| strong.contains(&it.verdict) && it.kind != "benign");
    found.map(|it| format!("{} on {}: {}", it.signature, it.host, it.title)).collect()
}

/// What components of SMS 2.0 write day by day: file, component, messages with numbers for `#`.
const DAILY: &[(&str, &str, &[&str])] = &[
    (
        "hman.log",
        "SMS_HIERARCHY_MANAGER",
        &[
            "Processing site control file: Site P01 File C:\\SMS\\inboxes\\hman.box\\#.CT2",
            "Waiting for changes to the hman.box directory, max wait = 3600 seconds.",
            "Site S# status 1, detailed status 0",
            "Verify whether the database version is current.",
        ],
    ),
    (
        "sched.log",
        "SMS_SCHEDULER",
        &[
            "Scheduler wake up by event",
            "~Sleep for # minutes...",
            "<JOB 000000#>  Created, destination site S0#, priority 2",
            "~Checking for sending capacity. Used 0 out of 5.",
            "<Updating JOB 000000#> Activate job",
        ],
    ),
    (
        "sender.log",
        "SMS_LAN_SENDER",
        &[
            "~Checking for sending capacity. Used # out of 5.",
            "~Found send request. ID: 1_00#S01, Dest Site: S01",
            "~Attempt to write 1024 bytes to \\\\SEC01\\SMS_SITE\\1_00#S01.PCK at position #",
            "~Sending completed successfully",
            "~No (more) send requests found to process",
        ],
    ),
    (
        "despool.log",
        "SMS_DESPOOLER",
        &[
            "Waiting for ready instruction file....~",
            "~Found ready instruction 1_00#.ist",
            "~Old package storedUNC path is .",
            "Used 0 out of 3 allowed processing threads.",
        ],
    ),
    (
        "sitecomp.log",
        "SMS_SITE_COMPONENT_MANAGER",
        &[
            "Polling multisite component server PRI01..",
            "Component SMS_SITE_BACKUP flagged for installation, already installed.",
            "The registry values were refreshed.",
            "Waiting until the next polling cycle in 60 minutes from now.",
        ],
    ),
    (
        "distmgr.log",
        "SMS_DISTRIBUTION_MANAGER",
        &[
            "~Currently using 0 out of the allowed # package processing threads.",
            "~Start adding package to server [\"Display=\\\\PRI01\\\"]MSWNET:[\"SMS_SITE=P01\"]\\\\PRI01\\...",
            "~Sleep # seconds...",
        ],
    ),
    (
        "dataldr.log",
        "SMS_INVENTORY_DATA_LOADER",
        &[
            "Processing Inventory for Machine: WS# Version 1.# Generated: 10/01/2000",
            "Done: Machine=WS# code=0 (# stored procs in XHSTORE.MIF)",
        ],
    ),
    (
        "ddm.log",
        "SMS_DISCOVERY_DATA_MANAGER",
        &["Processing file #.DDR", "CDiscoverDataManager - Finished processing cycle, sleeping # seconds"],
    ),
    (
        "inboxmgr.log",
        "SMS_INBOX_MANAGER",
        &[
            "Waiting on #, max wait # seconds...",
            "Copied C:\\SMS\\inboxes\\clicfg.src\\#.cfg to C:\\CAP_P01\\clicfg.box\\#.cfg",
        ],
    ),
    (
        "nt_logon.log",
        "SMS_NT_LOGON_SERVER_MANAGER",
        &["Thread # has terminated exit code=0", "Domain CORP was enumerated, # controllers"],
    ),
    (
        "smsdbmon.log",
        "SMS_SQL_MONITOR",
        &[
            "Starting Manage Trigger thread...",
            "SQL Trigger #: file C:\\SMS\\inboxes\\colleval.box\\#.UDC was written",
        ],
    ),
    (
        "replmgr.log",
        "SMS_REPLICATION_MANAGER",
        &["Scheduled low priority outbound replication, # minutes", "Processed 0 transactions in # ms"],
    ),
    (
        "statmgr.log",
        "SMS_STATUS_MANAGER",
        &["Received a status message. ID=500 SEV=I, thread #", "Processed # files"],
    ),
    (
        "colleval.log",
        "SMS_COLLECTION_EVALUATOR",
        &["Evaluated collection P010000#, # members", "Waiting for changes in colleval.box"],
    ),
];

/// Error lines that come up anywhere and tell of nothing that is known by itself.
const STRAY: &[&str] = &[
    "Cannot connect to the registry of WS#, Win32 error = 53",
    "Failed to open file C:\\TEMP\\#.tmp, Win32 error = 32",
    "ERROR: Access is denied while reading \\\\WS#\\C$, error code = 5",
    "The network path was not found. (Error: 80070035; Source: Windows)",
    "SQL Error: General network error. Check your network documentation. native #",
    "*** [28000][18456][Microsoft][ODBC SQL Server Driver][SQL Server]Login failed for user 'CORP\\WS#'.",
    "~Sending failed. Failed to write 1024 bytes at position #. GetLastError=64",
    "STATMSG: ID=2302 SEV=E LEV=M SOURCE=\"SMS Server\" COMP=\"SMS_DISTRIBUTION_MANAGER\" SYS=PRI01 SITE=P01 PID=# TID=# GMTDATE=Mon Oct 02 10:00:00.000 2000 ISTR0=\"P010000#\" NUMATTRS=0",
    "bad MIF file #.MIF moved to BADMIFS: invalid group class, line #",
    "Exception code 0xC0000005 in a program of client WS#",
    "Could not find package source path \\\\SRC\\PKG#, error = 0x80070003",
    "There is no existing connection, Win32 error = 1208",
    "Insufficient disk space on \\\\WS#\\D$: required # MB, available # MB",
];

/// A month of logs of a site server, and what its registry says.
fn healthy(version: &str) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (log, (file, component, messages)) in DAILY.iter().enumerate() {
        let mut text = String::new();
        for number in 0..3000_usize {
            let stray = number % 97 == log;
            let message = if stray {
                STRAY[(number / 97 + log) % STRAY.len()]
            } else {
                messages[number % messages.len()]
            };
            let message = message.replace('#', &(number % 1000).to_string());
            let (day, hour, minute) = (number / 100 + 1, number / 60 % 24, number % 60);
            let _ = write!(
                text,
                "{message}  $$<{component}><Mon Oct {day:02} {hour:02}:{minute:02}:00.000 2000 Eastern Standard Time><thread=281 (0x119)>\r\n"
            );
        }
        files.push((format!("PRI01/{file}"), text.into_bytes()));
    }
    let setup = "<10-01-2000 08:00:00> Starting evaluation process.\r\n<10-01-2000 08:10:00> Enough free disk space.\r\n\
                 <10-01-2000 08:30:00> Setup completed successfully.\r\n";
    files.push(("PRI01/SMSSETUP.LOG".to_owned(), setup.into()));
    let registry = format!(
        "REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS\\Setup]\r\n\"Full Version\"=\"{version}\"\r\n\
         \"Type\"=dword:00000001\r\n\"Installation Directory\"=\"C:\\\\SMS\"\r\n\r\n\
         [HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\SMS\\Identification]\r\n\"Site Code\"=\"P01\"\r\n\"Site Server\"=\"PRI01\"\r\n\r\n\
         [HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\ComputerName\\ComputerName]\r\n\"ComputerName\"=\"PRI01\"\r\n\r\n"
    );
    files.push(("PRI01/sms.reg".to_owned(), registry.into()));
    files
}

#[test]
fn a_healthy_site_with_stray_errors_raises_no_alarm() {
    let catalog = Catalog::load(&Packs::default(), Cases::Skipped).0;
    for version in ["2.00.1239.0000", "2.00.1380.1000", "2.00.1493.2010", "2.00.1493.3010", "2.00.1493.4010"]
    {
        let opened = in_memory("healthy", healthy(version));
        let report = analyze(&opened, &catalog, Hashes::Left, |_| {});
        assert_eq!(alarms(&report), Vec::<String>::new(), "{version}");
        assert!(!report.unexplained.is_empty(), "the stray errors are told all the same");
    }
}
