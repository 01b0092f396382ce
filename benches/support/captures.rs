//! State captures of one server, made in memory: a registry export and a listing of folders.

use std::fmt::Write as _;

/// An export of the services of a server in REGEDIT4, of at least so many bytes.
pub fn registry_export(bytes: usize) -> Vec<u8> {
    let mut text = "REGEDIT4\r\n\r\n[HKEY_LOCAL_MACHINE\\SYSTEM]\r\n\r\n".to_owned();
    for number in 0_u32.. {
        let key = format!("HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\THREAD_{number:05}");
        let _ = write!(
            text,
            "[{key}]\r\n\"Type\"=dword:00000010\r\n\"Start\"=dword:00000002\r\n\"DisplayName\"=\"Thread {number}\"\r\n\
             \"ImagePath\"=hex(2):44,3a,5c,53,4d,53,5c,62,69,6e,\\\r\n  5c,69,33,38,36,00\r\n\r\n\
             [{key}\\Parameters]\r\n\"Directory\"=\"D:\\\\SMS\\\\inboxes\\\\box{number}\"\r\n\
             \"Rights\"=hex:01,00,14,80,c0,00,00,00,cc,00,00,00,14,00,00,00,34,00,00,00,02\r\n\r\n"
        );
        if bytes <= text.len() {
            break;
        }
    }
    text.into_bytes()
}

/// A `dir /s` of an English system, of at least so many bytes, with forty files in each folder.
pub fn listing(bytes: usize) -> Vec<u8> {
    const FILES: u32 = 40;
    let mut text = " Volume in drive D is DATA\r\n Volume Serial Number is 1234-5678\r\n\r\n".to_owned();
    let (mut folders, mut all) = (0, 0);
    while text.len() < bytes {
        let _ = write!(text, " Directory of D:\\SMS\\inboxes\\folder{folders:06}\r\n\r\n");
        for dots in [".", ".."] {
            let _ = write!(text, "12/07/2019  02:09 AM    <DIR>          {dots}\r\n");
        }
        for file in 0..FILES {
            let _ = write!(text, "12/07/2019  02:09 AM             1,{file:03} package{file:05}.PCK\r\n");
        }
        let sum = FILES * 1000 + FILES * (FILES - 1) / 2;
        let _ = write!(text, "{FILES:>16} File(s){sum:>15} bytes\r\n\r\n");
        folders += 1;
        all += sum;
    }
    let files = folders * FILES;
    let _ = write!(text, "     Total Files Listed:\r\n{files:>16} File(s){all:>15} bytes\r\n");
    let _ = write!(text, "{:>16} Dir(s)       9,999,999 bytes free\r\n", folders * 2);
    text.into_bytes()
}
