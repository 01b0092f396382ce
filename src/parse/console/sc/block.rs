//! One block of `sc`: the key of a service and the rows below it.

use crate::model::{Origin, Service, ServiceState, StartType};

/// A block that is being read.
pub struct Block {
    key: String,
    display: Option<String>,
    rows: Vec<Row>,
    first: Origin,
    last: Origin,
}

/// A row `LABEL : value`, with further values below it.
pub struct Row {
    label: String,
    values: Vec<String>,
}

/// The label and the value of a line `SERVICE_NAME: x`, where no blank stands before the colon.
pub fn heading(text: &str) -> Option<(&str, &str)> {
    let (label, value) = text.split_once(':')?;
    let named = label.contains('_') && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let bordered = value.is_empty() || value.starts_with([' ', '\t']);
    (named && bordered).then(|| (label, value.trim()))
}

/// Reads a row. The label of a further value is empty.
pub fn row(text: &str) -> Option<Row> {
    let (label, value) = text.strip_prefix(':').map(|value| ("", value)).or_else(|| text.split_once(" :"))?;
    let label = label.trim_end();
    // Some labels are more than one word: `RESET_PERIOD (in seconds)`.
    let possible = label.len() <= 40 && !label.starts_with(|c: char| c.is_lowercase());
    possible.then(|| Row { label: label.to_owned(), values: vec![value.trim().to_owned()] })
}

impl Row {
    fn value(&self) -> &str {
        self.values.first().map_or("", String::as_str)
    }

    /// The number before a name, in hexadecimal or decimal digits.
    fn number(&self, radix: u32) -> Option<u32> {
        u32::from_str_radix(self.value().split_whitespace().next()?, radix).ok()
    }

    /// Whether the row tells the type of a service (winnt.h); its names are the same in every language.
    pub fn is_type(&self) -> bool {
        let name = self.value().split_whitespace().nth(1).unwrap_or_default();
        let known = ["WIN32", "KERNEL_DRIVER", "FILE_SYSTEM_DRIVER", "USER_", "RECOGNIZER_DRIVER", "ADAPTER"];
        self.number(16).is_some() && known.iter().any(|start| name.starts_with(start))
    }

    /// Whether the value is a code as `1077  (0x435)`.
    fn is_code(&self) -> bool {
        self.value().split_whitespace().nth(1).is_some_and(|hex| hex.starts_with("(0x"))
    }
}

impl Block {
    pub fn new(key: &str, origin: Origin) -> Self {
        Self { key: key.to_owned(), display: None, rows: Vec::new(), first: origin, last: origin }
    }

    pub fn key(&self) -> &str {
        &self.key
    }

    /// All lines of the block.
    pub fn origin(&self) -> Origin {
        let end = self.last.offset.saturating_add(u64::from(self.last.length));
        let length = u32::try_from(end.saturating_sub(self.first.offset)).unwrap_or(u32::MAX);
        Origin { length, ..self.first }
    }

    /// Whether no row was read yet.
    pub fn is_fresh(&self) -> bool {
        self.rows.is_empty() && self.first == self.last
    }

    /// Takes the name that people see.
    pub fn display(&mut self, name: &str, origin: Origin) {
        self.display = Some(name.to_owned()).filter(|name| !name.is_empty());
        self.last = origin;
    }

    /// Whether a line belongs to the block: a row, or the controls in brackets below the state.
    pub fn takes(&self, text: &str) -> bool {
        let controls = text.starts_with('(') && text.ends_with(')') && !self.rows.is_empty();
        controls || row(text).is_some_and(|row| !row.label.is_empty() || !self.rows.is_empty())
    }

    /// Takes a line of which [`Block::takes`] says that it belongs here.
    pub fn row(&mut self, text: &str, origin: Origin) {
        self.last = origin;
        match (row(text), self.rows.last_mut()) {
            (Some(row), Some(last)) if row.label.is_empty() => last.values.extend(row.values),
            (Some(row), _) => self.rows.push(row),
            (None, _) => {}
        }
    }

    /// The row of a label; in another language, the row at its place.
    fn field(&self, label: &str, place: usize) -> Option<&Row> {
        let english = self.rows.iter().any(|row| row.label == "TYPE");
        match english {
            true => self.rows.iter().find(|row| row.label == label),
            false => self.rows.get(place),
        }
    }

    /// Whether the rows are those of `sc qc`, whose third row is no exit code.
    fn is_configuration(&self) -> bool {
        match self.rows.iter().any(|row| row.label == "TYPE") {
            true => self.rows.iter().any(|row| row.label == "START_TYPE"),
            false => self.rows.get(2).is_some_and(|row| !row.is_code()),
        }
    }

    /// The last row of a whole block, if it is not there.
    pub fn missing(&self) -> Option<&'static str> {
        let (label, place) = match self.is_configuration() {
            true => ("SERVICE_START_NAME", 8),
            false => ("WAIT_HINT", 5),
        };
        self.field(label, place).is_none().then_some(label)
    }

    /// The service; an error tells what was found instead.
    pub fn service(&self) -> Result<Service, String> {
        let kind = self.field("TYPE", 0).filter(|row| row.is_type() && !self.key.is_empty());
        let Some(kind) = kind.and_then(|row| row.number(16)) else {
            return Err(format!("{:?} without a type", self.key));
        };
        // winnt.h: 1 kernel driver, 2 file system driver, 8 recogniser; 0x10 and 0x20 are services.
        let known = Service {
            key: Some(self.key.clone()),
            display: self.display.clone(),
            driver: Some(kind & 0xB != 0),
            ..Service::default()
        };
        match self.is_configuration() {
            true => self.configured(known),
            false => self.queried(known),
        }
    }

    fn queried(&self, known: Service) -> Result<Service, String> {
        let number = |label, place| self.field(label, place).and_then(|row| row.number(10));
        let state = self.field("STATE", 1).map(|row| {
            let state = row.number(10).and_then(ServiceState::of);
            state.ok_or_else(|| format!("the state {:?} of {:?}", row.value(), self.key))
        });
        let exit = number("WIN32_EXIT_CODE", 2).zip(number("SERVICE_EXIT_CODE", 3));
        Ok(Service { state: state.transpose()?, exit, ..known })
    }

    fn configured(&self, known: Service) -> Result<Service, String> {
        let text = |label, place| {
            let value = self.field(label, place).map(Row::value).filter(|value| !value.is_empty());
            value.map(str::to_owned)
        };
        let start = self.field("START_TYPE", 1).map(|row| {
            let start = row.number(16).and_then(StartType::of);
            start.ok_or_else(|| format!("the start type {:?} of {:?}", row.value(), self.key))
        });
        let dependencies = self.field("DEPENDENCIES", 7).map(|row| row.values.as_slice()).unwrap_or_default();
        // A plus stands before the name of a group.
        let services = dependencies.iter().filter(|name| !name.is_empty() && !name.starts_with('+'));
        Ok(Service {
            start: start.transpose()?,
            path: text("BINARY_PATH_NAME", 3),
            display: text("DISPLAY_NAME", 6).or(known.display),
            account: text("SERVICE_START_NAME", 8),
            dependencies: services.cloned().collect(),
            ..known
        })
    }
}
