//! The literal lines of logs, and the codes that stand in them.

use proptest::prelude::*;

use super::*;

/// The codes of a line: as written, what they can be, and `?` where the words leave it open.
fn shown(message: &str) -> String {
    let show = |found: &Found| {
        let family = |it: &Candidate| format!("{} {}", it.family.name(), it.family.written(it.number));
        let families: Vec<String> = found.candidates.iter().map(family).collect();
        let open = if found.open { "?" } else { "" };
        format!("{}: {}{open}", &message[found.span.clone()], families.join(" | "))
    };
    find(message).iter().map(show).collect::<Vec<_>>().join("; ")
}

#[test]
fn lines_of_logs_give_their_codes() {
    let mut wrong = Vec::new();
    for (line, codes) in LINES {
        let found = shown(line);
        if found != *codes {
            wrong.push(format!("{line}\n  expected {codes}\n  found    {found}"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

proptest! {
    #[test]
    fn no_message_panics(message in "(?s).{0,200}") {
        for found in find(&message) {
            prop_assert!(!message[found.span].is_empty());
        }
    }

    #[test]
    fn no_run_of_words_and_marks_panics(parts in prop::collection::vec(prop::sample::select(PARTS), 0..40)) {
        let message = parts.concat();
        let found = find(&message);
        for pair in found.windows(2) {
            prop_assert!(pair[0].span.end <= pair[1].span.start, "{message}");
        }
        for code in found {
            prop_assert!(message.get(code.span).is_some());
            prop_assert!(code.candidates.iter().all(|it| it.number != 0));
        }
    }
}

const PARTS: &[&str] = &[
    " ",
    "=",
    ":",
    "(",
    ")",
    "[",
    "]",
    "#",
    ">",
    "-",
    "~",
    ",",
    ".",
    "'",
    "error",
    "Win32",
    "code",
    "return",
    "returned",
    "exit",
    "SQL",
    "Msg",
    "08001",
    "0x80070005",
    "-2147024891",
    "38a",
    "5",
    "0",
    "10054",
    "despooler",
    "instruction",
    "é",
    "failed",
    "with",
    "Event",
    "logged",
    "ID",
    "STATMSG",
    "0x",
    "99999999999999999999",
];

/// Each line, and its codes.
const LINES: &[(&str, &str)] = &[
    (r"Cannot start SQL setup at  /t IniFilePath = G:\SMS\SqlSetup.ini, Win32 Error = 2", "2: win32 2"),
    (r"x:\sms\netmon\i386\parsers\atalk.dll, Win32 error = 3", "3: win32 3"),
    ("Win32 error = 32.", "32: win32 32"),
    ("to access it, Win32 Error = 5   ", "5: win32 5"),
    ("WARNING - Delete zero length file V4TY4GF3.sid failed, Win32 = 2", "2: win32 2"),
    (
        "06-21-1999 15:45:51 Cannot find any PDC for domain XXXX, Win32 return = 2453",
        "2453: nerr 2453 | win32 2453",
    ),
    (r"E:\SMS\inboxes\clicfg.src\CLINTX86.OFR (Win32 error: 2)", "2: win32 2"),
    ("failed to open <path to INS file in Despoolr> WIN32 ERROR = 32", "32: win32 32"),
    ("Failed to deltree O, Win32\nError = 0", ""),
    ("GetLastError() returned error 2.", "2: win32 2"),
    ("Win32 GetLastError() returned error 2.", "2: win32 2"),
    (
        "Event 223 logged with error 183 and object (SERVER1); GetLastError 183; SiteConfig Mgr code 7404.",
        "223: sms_event 223; 183: win32 183; 183: win32 183; 7404: sms_site_config 7404",
    ),
    ("reported error 997: Overlapped I/O operation is in progress.", "997: win32 997"),
    ("operating system reported error 1317. The specified user does not exist.", "1317: win32 1317"),
    ("Cannot start SMS_Key_Creation_Service, error code = 997", "997: win32 997"),
    (r#"machine name: "SPARC", error code: 67 SMS_CLIENT_CONFIG_MANAGER 9/20/99"#, "67: win32 67"),
    ("ERROR: Initializing CliEx failed error code 126  ", "126: win32 126"),
    ("~Cannot update the package AUS0001B in the package source, error = 8", "8: win32 8"),
    ("error = 3.", "3: win32 3"),
    ("error=5", "5: win32 5"),
    ("Problem with the registry (error 2). SWM server probably not configured", "2: win32 2"),
    ("~Free disk space check failed (error 144),", "144: win32 144"),
    (r"Create Directory \\A1-PDC\SMSLOGON\Sites\PRN - Fail (5)", "5: win32 5"),
    ("Error during WNetAddConnection2 (53)", "53: win32 53"),
    (r"Error during WNetAddConnection2 to \\\\DSSMS\SMS_SITE (67).", "67: win32 67"),
    (r#""C:\WINNT\MS\SMS\clicomp\SWDist32\bin\ODPUSR32.exe " - Error : 1314"#, "1314: win32 1314"),
    ("Error 32: The process cannot access the file because it is being used by", "32: win32 32"),
    ("*** Client Configuration Installation Manager - Error launching (#0x5)", "0x5: win32 5"),
    (
        r#"Failed to copy "C:\WINNT\sms_temp\caplist.ini" (-2147467259) The operation completed"#,
        "-2147467259: hresult 0x80004005 | ntstatus 0x80004005",
    ),
    (
        "~NetGetDCName domain: TEST server return: 2453 SMS_NT_LOGON_SERVER_MANAGER",
        "2453: nerr 2453 | win32 2453",
    ),
    ("Could not register CCIM; AppRegister return code =1060", "1060: win32 1060 | own 1060?"),
    ("AppRegisterI returned error 1058 for component Hardware Inventory Agent", "1058: win32 1058"),
    (
        "MultinetGetConnectionPerformance returned error: 2250. Defaulting to RAS",
        "2250: nerr 2250 | win32 2250",
    ),
    ("**ERROR: AppVerify(Hardware Inventory Agent) returned 232~", "232: own 232"),
    ("ReWriteSitesRegistry returning 28931", "28931: own 28931"),
    (r#"Process "clicore.exe /S" finished; exit code = 1. <CCIM32>"#, "1: exit 1"),
    ("Thread C7 has terminated exit code=0", ""),
    ("Successfully ran command line 'ECHO' (exit status 0).", ""),
    (r#"Process "i386\WBEMSDK /s" finished; exit code = 128."#, "128: exit 128"),
    ("Despooler failed to execute the instruction, error code = 38a", "38a: sms_despooler 38a | win32 906?"),
    ("Despooler failed to execute the instruction, error code = cb", "cb: sms_despooler cb | win32 203?"),
    (
        "Despooler failed to execute the instruction, error code = c0000001",
        "c0000001: sms_despooler c0000001 | ntstatus 0xC0000001 | hresult 0xC0000001?",
    ),
    (
        "Despooler failed to execute the instruction, error code = C000000b",
        "C000000b: sms_despooler c000000b | ntstatus 0xC000000B | hresult 0xC000000B?",
    ),
    ("Despooler failed to execute the instruction, error code = 20", "20: sms_despooler 20 | win32 32?"),
    (",SMS_NT_LOGON_SERVER_MANAGER,c000057f,0,DOMAIN1", ""),
    (
        "SCHED DATA  : Handling an error condition (0x80070047) for program Run test1.bat in package Test batch file #1.~",
        "0x80070047: win32 71",
    ),
    (
        "SCHED DATA  : Return code = 0x80070047; No more connections can be made to this remote computer",
        "0x80070047: win32 71",
    ),
    ("SCHED DATA : Return code = 0x10b; The directory name is invalid.", "0x10b: win32 267"),
    ("Return code = 0x2; The system cannot find the file specified.~~; Program", "0x2: win32 2"),
    (
        r"GetAccessiblePath failed for NAL path \SITES\XXX\. Error = 0x80004003",
        "0x80004003: hresult 0x80004003 | ntstatus 0x80004003",
    ),
    ("ConnectViaDCOM, CoCreateInstanceEx resulted in hr = 0x80070005(Fri Dec 17", "0x80070005: win32 5"),
    (
        "Error loading module {F7CE2E13-8C90-11D1-9E7B-00C04FC324A8}, return code is\n0x80070005(Fri Dec 17 14:21:41 1999) :",
        "0x80070005: win32 5",
    ),
    ("IsExecutePossible returned error -2147023648 for program 'navsms.cmd'~", "-2147023648: win32 1248"),
    ("Warning - CNALPathEx::GetAccessiblePath returned error 2147942405", "2147942405: win32 5"),
    (
        "IAbstractNetwork::CreatePath() returned 0x80004005: The operation completed",
        "0x80004005: hresult 0x80004005 | ntstatus 0x80004005",
    ),
    ("HRESULT : 0x800706BF-The remote procedure call failed and did not execute.", "0x800706BF: win32 1727"),
    ("failed. The error code was: 3221225586", "3221225586: ntstatus 0xC0000072 | hresult 0xC0000072"),
    ("loaded. Error Status was oxc000012f", "oxc000012f: ntstatus 0xC000012F | hresult 0xC000012F"),
    ("Sink 04BCB8B4 failed with 800706BA. Cancelling", "800706BA: win32 1722"),
    ("Error : WBEM_E_FAILED, 0x80041001", "0x80041001: wbem 0x80041001 | hresult 0x80041001"),
    ("Err>General SQL Server error: Check messages from the SQL Server.~", ""),
    (
        "~SQL Err #10007> General SQL Server error: Check messages from the SQL Server.",
        "10007: db_library 10007",
    ),
    ("~SQL Msg #2627> Violation of PRIMARY KEY constraint", "2627: sql_server 2627"),
    ("~SQL Msg #99901> This SiteCode (SEC) does not exist in the parent table,", "99901: sql_server 99901"),
    (
        "Error Description: SQL Err>> #10025 Sev 9: Possible network error: Write to SQL Server Failed.",
        "10025: db_library 10025",
    ),
    ("SQL>>>>> Invalid column name 'SMSID0'.", ""),
    ("<07-13-1999 17:40:49> SQL error <>", ""),
    ("Msg 208, Level 16, State 1", "208: sql_server 208"),
    ("SQL Server message 4002, state 1, severity 14:", "4002: sql_server 4002"),
    ("Error: 18456, Severity: 14, State: 8", "18456: sql_server 18456"),
    ("{818} ERROR SQL: General SQL Server error:", ""),
    ("{6581} ERROR: Cannot establish a SQL connection.~", ""),
    (
        "*** [08001][10054][Microsoft][SQL Server Native Client 11.0]TCP Provider: An existing connection was forcibly closed",
        "08001: odbc 08001; 10054: winsock 10054 | win32 10054 | sql_server 10054",
    ),
    (
        "*** [42000][547][Microsoft][ODBC SQL Server Driver][SQL Server]DELETE statement conflicted",
        "42000: odbc 42000; 547: sql_server 547",
    ),
    ("NAL[4] - ERROR: failed to make the network connection. No more connections", ""),
    ("NAL[1] - ERROR: failed to make a network connection through the NDS provider.  Access is denied.", ""),
    (
        "Non-fatal Error in module: SMS_SCHEDULER Operation: Compress Object: Package Object name: A0100100 Error code: 1002",
        "1002: own 1002",
    ),
    ("Error code: 1002", "1002: own 1002"),
    ("~Cannot compress the package file, return code = 4865", "4865: sms_compression 4865"),
    (
        r"Cannot decompress package D:\SMSPKG\BD100007.PCK to D:\_S M4YZ5.TMP, CTool return code = 4",
        "4: sms_compression 4",
    ),
    ("Failed to write to the output file, Win32 Error = 13", "13: win32 13"),
    ("<11-22-1996 13:42:18> Script execution returns code 0", ""),
    (
        r#"STATMSG: ID=3807 SEV=W LEV=M SOURCE="SMS Server" COMP="SMS_OFFER_STATUS_SUMMARIZER" SYS=ECGJ01 SITE=OH1 PID=259 TID=170"#,
        "3807: sms_status 3807",
    ),
    (r#"TATMSG: ID=2636 SEV=E LEV=M SOURCE="SMS Server""#, "2636: sms_status 2636"),
    ("Message ID: 2321 Message Text: SMS Distribution Manager failed", "2321: sms_status 2321"),
    ("Service Failed to start due to a logon failure: Error 1069", "1069: win32 1069"),
    (r"ERROR: \\<servername>\SYS\SMLOGON\X86.bin\SMSNW1.EXE returned 34819!", "34819: own 34819"),
    ("ERROR: 529", "529: win32 529 | own 529?"),
    (
        "Exception = 0xC0000005 (EXCEPTION_ACCESS_VIOLATION)",
        "0xC0000005: ntstatus 0xC0000005 | hresult 0xC0000005",
    ),
    (
        "Exception: access violation (0xc0000005), Address <Hex address>",
        "0xc0000005: ntstatus 0xC0000005 | hresult 0xC0000005",
    ),
    ("NT Service Exception: 997 The service INSTALL_ODBC could not be started.", "997: win32 997"),
    ("ERROR 1018 - Cannot UnRegister", "1018: win32 1018 | own 1018?"),
    ("Error 2186 - The service is not responding", "2186: nerr 2186 | win32 2186"),
    ("RegQueryValueEx of Verify Port returned 0", ""),
    ("Event ID 360 was logged", "360: sms_event 360 | windows_event 360?"),
    ("Win32_Service error in class Win32_Process", ""),
    ("Error on thread=276 (0x114) TID=300", ""),
    ("Cannot read version 4.0.1381 of 12/04/1995 15:41, error 4.0", ""),
    ("ERROR: 3 files could not be copied", ""),
    ("failed with 3 errors, 0 errors, error 0, error code 0x0, rc = 0", ""),
    ("Cannot write at address 0xC0001234", ""),
    (
        "Crash: access violation at 0c00000005, exception 0c00000005",
        "0c00000005: ntstatus 0xC0000005 | hresult 0xC0000005",
    ),
    ("[Microsoft][ODBC SQL Server Driver] SQLState: 08001 error", "08001: odbc 08001"),
    ("SQL Err >> #107 Sev 16: The column", "107: sql_server 107"),
    ("Error 7411 from SMS_SITE_CONFIG_MANAGER", "7411: sms_site_config 7411 | win32 7411?"),
    ("Operation = Install Object = Package Error Code = 1", "1: own 1"),
    ("Cannot run the True Win32 (32-bit) installation", ""),
    ("Remote Control Fails With 15 Character NetBIOS Name", ""),
    ("Could not set value CliEx32.dll 4294896193 (0xFFFEEA41)", ""),
    ("Status code 3400 should not be reported as an error", ""),
    ("ErrorCode = 3242722560; File", "3242722560: own 3242722560"),
];
