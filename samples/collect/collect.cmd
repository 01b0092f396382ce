@echo off
rem Collects from a server what sitedx reads: Windows NT 4.0, 2000 and Server 2003. See README.md beside this file.
rem
rem   collect.cmd [folder] [drives]        for example: collect.cmd E:\case4711 C D
rem
rem It only reads, and writes only below the folder. It takes no password, and no store of passwords or hashes.
setlocal
set OUT=%1
if "%OUT%"=="" set OUT=%COMPUTERNAME%
set DRIVES=%2 %3 %4 %5 %6 %7 %8 %9
if "%2"=="" set DRIVES=C D E F G H I J K L M N O P Q R S T U V W X Y Z
if not exist "%OUT%\nul" mkdir "%OUT%"
if not exist "%OUT%\nul" goto nowhere
set MISSING=%OUT%\NOT_COLLECTED.txt
>"%MISSING%" echo What could not be collected from %COMPUTERNAME%:

rem Programs that not every server has.
for %%p in (reg.exe) do set REG=%%~$PATH:p
for %%p in (sc.exe) do set SC=%%~$PATH:p
for %%p in (systeminfo.exe) do set SYSTEMINFO=%%~$PATH:p
for %%p in (srvinfo.exe) do set SRVINFO=%%~$PATH:p
for %%p in (dumpel.exe) do set DUMPEL=%%~$PATH:p

echo Who the server is ...
call :take system.txt ver
call :take system.txt hostname
call :take system.txt net config workstation
call :take system.txt net config server
call :take ipconfig.txt ipconfig /all
call :take net_accounts.txt net accounts
if not "%SYSTEMINFO%"=="" call :take systeminfo.txt systeminfo
if not "%SRVINFO%"=="" call :take srvinfo.txt srvinfo

echo Services, shares and accounts ...
call :take net_start.txt net start
call :take net_share.txt net share
call :take net_user.txt net user
call :take net_localgroup.txt net localgroup
if not "%SC%"=="" call :take sc_query.txt sc query
if "%SC%"=="" >>"%MISSING%" echo sc_query.txt: there is no sc.exe; net_start.txt shows what runs

echo Registry ...
set SMS=HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft
set CONTROL=HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Control
call :key reg_sms %SMS%\SMS
call :key reg_nal %SMS%\NAL
call :key reg_wbem %SMS%\WBEM
call :key reg_sql %SMS%\MSSQLServer\MSSQLServer\CurrentVersion
call :key reg_computer %CONTROL%\ComputerName
call :key reg_timezone %CONTROL%\TimeZoneInformation
call :key reg_product %CONTROL%\ProductOptions
set SERVICES=HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services
for %%s in (SMS_BOOTSTRAP SMS_EXECUTIVE SMS_SITE_COMPONENT_MANAGER SMS_SQL_MONITOR) do call :key reg_service_%%s %SERVICES%\%%s
for %%s in (SMS_SERVER_BOOTSTRAP SMS_NT_LOGON_DISCOVERY_AGENT SMS_SITE_CONFIG_MANAGER SMS_HIERARCHY_MANAGER) do call :key reg_service_%%s %SERVICES%\%%s
for %%s in (WMI Winmgmt CLISVC MSSQLServer SQLServerAgent) do call :key reg_service_%%s %SERVICES%\%%s

echo Drives, logs and site control files ...
set WHICH=*.lo?
for %%d in (%DRIVES%) do if exist %%d:\nul call :drive %%d
set FROM=%SystemRoot%\MS\SMS\Logs
set TO=windows\MS\SMS\Logs
call :logs
set FROM=%SystemRoot%\System32\CCM\Logs
set TO=windows\System32\CCM\Logs
call :logs
rem A site that is not in \SMS tells where it is.
set INSTALL=
if not "%REG%"=="" for /f "tokens=3*" %%a in ('reg query "%SMS%\SMS\Setup" /v "Installation Directory" ^| find "REG_SZ"') do set INSTALL=%%b
if "%INSTALL%"=="" goto events
set FROM=%INSTALL%\Logs
set TO=install\Logs
if /i not "%INSTALL:~1%"==":\SMS" call :logs

:events

echo Event logs ...
if not "%DUMPEL%"=="" dumpel -f "%OUT%\application_event_log.txt" -l application >nul 2>&1
if not "%DUMPEL%"=="" dumpel -f "%OUT%\system_event_log.txt" -l system >nul 2>&1
if "%DUMPEL%"=="" >>"%MISSING%" echo event logs: there is no dumpel.exe; save them in Event Viewer as .evt files

echo.
type "%MISSING%"
echo.
echo Done. Pack the folder %OUT% and send it.
goto :end

rem ---- Adds what a command prints to a file, between prompts, so that a reader knows the command and its end.
:take
set FILE=%1
set COMMAND=%2 %3 %4 %5 %6 %7 %8
rem An equals sign parts the words of a call, so it is put in here.
if "%FILE%"=="sc_query.txt" set COMMAND=sc query state= all
>>"%OUT%\%FILE%" echo C:\^>%COMMAND%
%COMMAND% >>"%OUT%\%FILE%" 2>&1
if errorlevel 1 >>"%MISSING%" echo %FILE%: "%COMMAND%" failed
>>"%OUT%\%FILE%" echo.
>>"%OUT%\%FILE%" echo C:\^>
goto :end

rem ---- Takes a registry key with all below it, without values that are named for passwords.
:key
if not "%REG%"=="" goto query
regedit /e "%OUT%\%1.tmp" "%2"
if not exist "%OUT%\%1.tmp" goto nokey
findstr /v /i /r "^[^[][^=]*password ^[^[][^=]*pwd" "%OUT%\%1.tmp" >"%OUT%\%1.reg"
del "%OUT%\%1.tmp"
goto :end
:query
>"%OUT%\%1.txt" echo C:\^>reg query "%2" /s
reg query "%2" /s 2>&1 | findstr /v /i /r "^[^H].*password ^[^H].*pwd" >>"%OUT%\%1.txt"
>>"%OUT%\%1.txt" echo.
>>"%OUT%\%1.txt" echo C:\^>
goto :end
:nokey
>>"%MISSING%" echo %1.reg: regedit wrote nothing; the key %2 does not exist, or may not be read
goto :end

rem ---- Takes the listing, the logs and the site control files of a drive; network drives are left out.
:drive
net use %1: >nul 2>&1
if not errorlevel 1 goto :end
>"%OUT%\dir_%1.txt" echo C:\^>dir /s /a %1:\
dir /s /a %1:\ >>"%OUT%\dir_%1.txt" 2>&1
>>"%OUT%\dir_%1.txt" echo.
>>"%OUT%\dir_%1.txt" echo C:\^>
set FROM=%1:
set TO=%1_drive
set WHICH=*sms*.lo?
call :logs
set WHICH=*.lo?
set FROM=%1:\SMS\Logs
set TO=%1_drive\SMS\Logs
call :logs
if exist %1:\SMS.INI if not exist "%OUT%\%1_drive\nul" mkdir "%OUT%\%1_drive"
if exist %1:\SMS.INI copy %1:\SMS.INI "%OUT%\%1_drive" >nul
call :control %1 inboxes\sitectrl.box
call :control %1 site.srv\sitecfg.box
goto :end

rem ---- Copies the logs WHICH of the folder FROM to the folder TO.
:logs
if not exist "%FROM%\%WHICH%" goto :end
if not exist "%OUT%\%TO%\nul" mkdir "%OUT%\%TO%"
copy "%FROM%\%WHICH%" "%OUT%\%TO%" >nul
if errorlevel 1 >>"%MISSING%" echo %TO%: not all of %FROM%\%WHICH% could be copied
goto :end

rem ---- Copies site control files without the lines that hold encrypted passwords.
:control
if not exist %1:\SMS\%2\*.ct? goto :end
if not exist "%OUT%\%1_drive\SMS\%2\nul" mkdir "%OUT%\%1_drive\SMS\%2"
for %%c in (0 1 2) do if exist %1:\SMS\%2\sitectrl.ct%%c findstr /v /i password %1:\SMS\%2\sitectrl.ct%%c >"%OUT%\%1_drive\SMS\%2\sitectrl.ct%%c"
goto :end

:nowhere
echo %OUT% cannot be made. Name a folder on a drive with room: collect.cmd E:\case4711

:end
