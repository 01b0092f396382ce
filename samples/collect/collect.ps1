# Collects from a server what sitedx reads: Windows Server 2008 and later. See README.md beside this file.
#
#   powershell -ExecutionPolicy Bypass -File collect.ps1 [-Folder E:\case4711] [-Drives C,D]
#
# It only reads, and writes only below the folder. It takes no password, and no store of passwords or hashes.
param(
    [string] $Folder = $env:COMPUTERNAME,
    [string[]] $Drives
)
$ErrorActionPreference = 'Continue'
$null = New-Item -ItemType Directory -Force -Path $Folder
$Folder = (Resolve-Path $Folder).Path
$missing = @()
$utf8 = New-Object System.Text.UTF8Encoding($true)
# Names of values that may hold passwords. sitedx needs none of them.
$secret = 'password|pwd|passphrase|secret|community'

function Save-Lines([string] $file, [string[]] $lines) {
    [IO.File]::WriteAllLines((Join-Path $Folder $file), $lines, $utf8)
}

# Keeps what a command prints between prompts, so that a reader knows the command and where its output ends.
function Save-Command([string] $file, [string] $command, [string] $without) {
    $printed = @(cmd.exe /d /c "$command 2>&1" | ForEach-Object { "$_" })
    if ($LASTEXITCODE -ne 0) { $script:missing += "${file}: `"$command`" ended with $LASTEXITCODE" }
    if ($without) { $printed = @($printed | Where-Object { $_ -notmatch $without }) }
    Save-Lines $file (@("C:\>$command") + $printed + @('', 'C:\>'))
}

# Keeps a registry key with all below it, without values whose lines speak of passwords.
function Save-Key([string] $file, [string] $key) {
    Save-Command $file "reg query `"$key`" /s" "^\s.*($secret)"
}

function Save-Files([string] $from, [string] $to, [string[]] $names) {
    if (-not (Test-Path $from)) { return }
    $target = Join-Path $Folder $to
    foreach ($file in Get-ChildItem -Path (Join-Path $from '*') -Include $names -ErrorAction SilentlyContinue) {
        $null = New-Item -ItemType Directory -Force -Path $target
        try { Copy-Item $file.FullName $target -ErrorAction Stop }
        catch { $script:missing += "$($file.FullName): $($_.Exception.Message)" }
    }
}

Write-Host 'Who the server is ...'
Save-Command 'hostname.txt' 'hostname'
Save-Command 'systeminfo.txt' 'systeminfo'
Save-Command 'ipconfig.txt' 'ipconfig /all'
Save-Command 'net_accounts.txt' 'net accounts'

Write-Host 'Services, shares and accounts ...'
Save-Command 'net_start.txt' 'net start'
Save-Command 'sc_query.txt' 'sc query state= all'
Save-Command 'net_share.txt' 'net share'
Save-Command 'net_user.txt' 'net user'
Save-Command 'net_localgroup.txt' 'net localgroup'
foreach ($service in Get-Service | Where-Object { $_.Name -match '^(SMS_|SMSvc|CcmExec|Winmgmt|MSSQL|SQLAgent|W3SVC|BITS)' }) {
    Save-Command "sc_qc_$($service.Name -replace '[^A-Za-z0-9_]', '_').txt" "sc qc `"$($service.Name)`" 8192"
}

Write-Host 'Registry ...'
$software = 'HKEY_LOCAL_MACHINE\SOFTWARE'
$control = 'HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control'
foreach ($name in 'SMS', 'CCM', 'CCMSetup', 'NAL', 'WBEM') {
    if (Test-Path "Registry::$software\Microsoft\$name") { Save-Key "reg_$name.txt" "$software\Microsoft\$name" }
    else { $missing += "reg_$name.txt: the key $software\Microsoft\$name does not exist" }
    $on32 = "$software\Wow6432Node\Microsoft\$name"
    if (Test-Path "Registry::$on32") { Save-Key "reg_${name}_32.txt" $on32 }
}
Save-Key 'reg_computer.txt' "$control\ComputerName"
Save-Key 'reg_timezone.txt' "$control\TimeZoneInformation"
Save-Key 'reg_product.txt' "$control\ProductOptions"
foreach ($service in 'SMS_EXECUTIVE', 'SMS_SITE_COMPONENT_MANAGER', 'SMS_BOOTSTRAP', 'SMS_SITE_SQL_BACKUP') {
    $key = "HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\$service"
    if (Test-Path "Registry::$key") { Save-Key "reg_service_$service.txt" $key }
}

Write-Host 'Drives ...'
if (-not $Drives) {
    # Type 3 is a fixed drive.
    $Drives = @(Get-WmiObject Win32_LogicalDisk -Filter 'DriveType=3' | ForEach-Object { $_.DeviceID.Substring(0, 1) })
}
foreach ($drive in $Drives) {
    $file = Join-Path $Folder "dir_$drive.txt"
    # Unicode output, as names may hold what no code page has.
    cmd.exe /d /u /c "(echo C:\^>dir /s /a ${drive}:\&dir /s /a ${drive}:\&echo.&echo C:\^>) >`"$file`" 2>&1"
    Save-Files "${drive}:\" "${drive}_drive" @('*sms*.log', '*sms*.lo_', 'ConfigMgr*.log', 'ComponentSetup.log', 'SMS.INI')
}

Write-Host 'Logs and site control files ...'
$install = (Get-ItemProperty "Registry::$software\Microsoft\SMS\Setup" -ErrorAction SilentlyContinue).'Installation Directory'
if ($install) {
    Save-Files "$install\Logs" 'install\Logs' @('*.log', '*.lo_')
    foreach ($box in 'inboxes\sitectrl.box', 'site.srv\sitecfg.box') {
        foreach ($control in Get-ChildItem "$install\$box\sitectrl.ct?" -ErrorAction SilentlyContinue) {
            $null = New-Item -ItemType Directory -Force -Path (Join-Path $Folder "install\$box")
            $lines = @(Get-Content $control.FullName | Where-Object { $_ -notmatch $secret })
            Save-Lines "install\$box\$($control.Name)" $lines
        }
    }
} else {
    $missing += 'install: the registry does not tell where SMS or Configuration Manager is installed'
}
foreach ($folder in "$env:SystemRoot\CCM\Logs", "$env:SystemRoot\ccmsetup\Logs", "$env:SystemRoot\System32\CCM\Logs", "$env:SystemRoot\MS\SMS\Logs") {
    Save-Files $folder ('windows' + $folder.Substring($env:SystemRoot.Length)) @('*.log', '*.lo_')
}

Write-Host 'Event logs ...'
# The columns of dumpel: date, time, type, category, event, source, user, computer, strings.
$types = @{ 'Error' = 1; 'Warning' = 2; 'Information' = 4; 'SuccessAudit' = 8; 'FailureAudit' = 16 }
foreach ($log in 'Application', 'System') {
    try {
        $events = Get-EventLog -LogName $log -Newest 20000 -ErrorAction Stop
        $lines = foreach ($event in $events) {
            $type = $types["$($event.EntryType)"]
            if (-not $type) { $type = 4 }
            $user = if ($event.UserName) { $event.UserName } else { 'N/A' }
            $strings = ($event.ReplacementStrings -join ' ') -replace '\s+', ' '
            $time = $event.TimeGenerated
            @($time.ToString('yyyy-MM-dd'), $time.ToString('HH:mm:ss'), $type, $event.CategoryNumber,
                ($event.InstanceId -band 0xFFFF), $event.Source, $user, $event.MachineName, $strings) -join "`t"
        }
        Save-Lines "$($log.ToLower())_event_log.txt" @($lines)
    } catch {
        $missing += "${log} event log: $($_.Exception.Message)"
    }
}

Save-Lines 'NOT_COLLECTED.txt' (@("What could not be collected from ${env:COMPUTERNAME}:") + $missing)
Write-Host ''
$missing | ForEach-Object { Write-Host "not collected: $_" }
Write-Host "Done. Pack the folder $Folder and send it."
