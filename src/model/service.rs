//! What captures tell of a service or driver. Each tells a part.

/// A service or driver, as far as one capture tells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Service {
    /// The name of its registry key, such as `SMS_EXECUTIVE`.
    pub key: Option<String>,
    /// The name that people see; `net start` prints only this.
    pub display: Option<String>,
    pub state: Option<ServiceState>,
    pub start: Option<StartType>,
    /// The command line of its program.
    pub path: Option<String>,
    /// The account that it runs under.
    pub account: Option<String>,
    /// Key names of what must run before it.
    pub dependencies: Vec<String>,
    /// Win32 exit code and service-specific exit code of its last run.
    pub exit: Option<(u32, u32)>,
    /// Whether it is a driver, where the capture tells.
    pub driver: Option<bool>,
}

/// The states of the service control manager, by their numbers in winsvc.h.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ServiceState {
    Stopped = 1,
    StartPending = 2,
    StopPending = 3,
    Running = 4,
    ContinuePending = 5,
    PausePending = 6,
    Paused = 7,
}

impl ServiceState {
    /// The state of a number that `sc` prints.
    pub fn of(number: u32) -> Option<Self> {
        use ServiceState::*;
        [Stopped, StartPending, StopPending, Running, ContinuePending, PausePending, Paused]
            .into_iter()
            .find(|state| *state as u32 == number)
    }

    /// The name that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Stopped => "stopped",
            Self::StartPending => "starting",
            Self::StopPending => "stopping",
            Self::Running => "running",
            Self::ContinuePending => "resuming",
            Self::PausePending => "pausing",
            Self::Paused => "paused",
        }
    }
}

/// How a service is started, by the numbers of its `Start` value (winnt.h).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartType {
    Boot = 0,
    System = 1,
    Automatic = 2,
    Manual = 3,
    Disabled = 4,
}

impl StartType {
    /// The start type of a number that `sc` or the registry holds.
    pub fn of(number: u32) -> Option<Self> {
        use StartType::*;
        [Boot, System, Automatic, Manual, Disabled].into_iter().find(|start| *start as u32 == number)
    }

    /// The name that reports use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Boot => "boot",
            Self::System => "system",
            Self::Automatic => "automatic",
            Self::Manual => "manual",
            Self::Disabled => "disabled",
        }
    }
}
