//! The lists that `net` commands print, which say how they ended.

use crate::model::Origin;

use super::Reading;

/// What `net` says at the end of a command that went well (message 3500 of netmsg.dll), without its full stop.
///
/// In other languages the list is read all the same, and speaks for nothing that it does not show.
const COMPLETED: &[&str] = &[
    "The command completed successfully",
    "Der Befehl wurde erfolgreich ausgeführt",
    "La commande s'est terminée correctement",
    "Se ha completado el comando correctamente",
    "Comando completado correctamente",
    "Esecuzione comando riuscita",
    "Comando concluído com êxito",
    "De opdracht is voltooid",
    "Polecenie zostało wykonane pomyślnie",
    "Příkaz byl úspěšně dokončen",
    "Команда выполнена успешно",
    "コマンドは正常に終了しました",
    "명령을 잘 실행했습니다",
    "命令成功完成",
];

/// What `net` says before it shows what is the domain's and not the server's own.
pub const ELSEWHERE: &str = "The request will be processed at ";

/// Whether a line says that a `net` command ended, and then whether it ended well.
pub fn completion(text: &str) -> Option<bool> {
    let said = text.trim().trim_end_matches(['.', '。']);
    if COMPLETED.iter().any(|known| same(said, known)) {
        return Some(true);
    }
    // Message 3504.
    said.starts_with("The command completed with ").then_some(false)
}

/// Whether two texts are the same, where a Latin letter beyond ASCII may have been lost to the wrong code page.
fn same(found: &str, known: &str) -> bool {
    let mut found = found.chars();
    let alike = known.chars().all(|wanted| match found.next() {
        Some('\u{2019}') if wanted == '\'' => true,
        Some(got) if ('\u{80}'..'\u{250}').contains(&wanted) => got == '?' || !got.is_ascii(),
        got => got == Some(wanted),
    });
    alike && found.next().is_none()
}

/// The computer that a header of a list names last, whatever its language: `Benutzerkonten für \\\\SITEP01`.
pub fn named_last(line: &str) -> Option<&str> {
    let (words, name) = line.trim().rsplit_once(' ')?;
    let name = name.strip_prefix(r"\\")?;
    let short = words.split(' ').count() <= 6 && !name.contains('\\') && !words.contains(':');
    short.then_some(name)
}

/// The list that a `net` command prints: complete only when the command says that it completed.
#[derive(Default)]
pub struct List {
    start: Option<Origin>,
    flawed: bool,
}

impl List {
    /// A header was read; a list that was open is cut.
    pub fn begin(&mut self, origin: Origin, reading: &mut Reading) {
        self.cut(reading);
        *self = Self { start: Some(origin), flawed: false };
    }

    /// Whether rows belong to a list.
    pub fn is_open(&self) -> bool {
        self.start.is_some()
    }

    /// Where the header of the open list stands.
    pub fn start(&self) -> Option<Origin> {
        self.start
    }

    /// A row was not understood, so the list speaks for nothing that it does not show.
    pub fn flaw(&mut self) {
        self.flawed = true;
    }

    /// The list ends without a word from the command.
    pub fn cut(&mut self, reading: &mut Reading) {
        if let Some(start) = self.start.take() {
            let what = "the list has no end: expected `The command completed successfully.`";
            reading.truncated(start, || what.to_owned());
        }
    }

    /// The command said how it completed. True when the list is whole.
    pub fn end(&mut self, well: bool, origin: Origin, reading: &mut Reading) -> bool {
        let open = self.start.take().is_some();
        if open && !well {
            let what = "the command completed with errors, so its list may lack entries";
            reading.truncated(origin, || what.to_owned());
        }
        open && well && !self.flawed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_name_the_computer_last() {
        assert_eq!(named_last("Benutzerkonten für \\\\SITEP01"), Some("SITEP01"));
        assert_eq!(named_last("see \\\\SITEP01\\SMS_SHR"), None);
        assert_eq!(named_last("\\\\SITEP01"), None);
    }

    #[test]
    fn commands_end_in_many_languages() {
        let check = |text: &str, expected: Option<bool>| assert_eq!(completion(text), expected, "{text}");
        check("   The command completed successfully.", Some(true));
        check("The command completed successfully", Some(true));
        check("The command completed with one or more errors.", Some(false));
        check("Der Befehl wurde erfolgreich ausgef\u{207f}hrt.", Some(true));
        check("Der Befehl wurde erfolgreich ausgef?hrt.", Some(true));
        check("La commande s\u{2019}est terminée correctement.", Some(true));
        check("コマンドは正常に終了しました。", Some(true));
        check("コマンドは異常に終了しました。", None);
        check("The command completed successfully, as it says.", None);
        check("", None);
    }
}
