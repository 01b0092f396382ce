//! Site control files of SMS 1.x to Configuration Manager, whole, wrapped, damaged and cut.

use expect_test::{Expect, expect};
use proptest::prelude::*;

use super::*;
use crate::model::Fact;
use crate::parse::shown;

fn read(text: &[u8]) -> String {
    shown(&SiteControl.parse(SourceId(0), "SITECTRL.CT0", text), |fact| match fact {
        Fact::Setting { section, name, value, .. } => format!("[{section}] {name}={value}"),
        other => format!("{other:?}"),
    })
}

fn check(text: &str, expected: Expect) {
    expected.assert_eq(&read(text.as_bytes()));
}

#[test]
fn blocks_within_blocks_have_an_end() {
    let text = format!(
        "BEGIN_FILE_DEFINITION\n<1>\n{}PROPERTY <deep><><><1>\n{}PROPERTY <back><><><2>\nEND_FILE_DEFINITION\n",
        "BEGIN_X\n".repeat(40),
        "END_X\n".repeat(40)
    );
    let read = read(text.as_bytes());
    assert!(read.contains("back") && !read.contains("deep"), "{read}");
    assert!(read.contains("a block within 32 blocks"), "{read}");
}

#[test]
fn a_file_of_sms_1x() {
    check(
        include_str!("../../../samples/state/site_control/sitectrl.ct0"),
        expect![[r#"
        [] size=799
        [] SITE CONTROL FILE=[786][1.08]
        [FILE_DEFINITION] 1=2
        [FILE_DEFINITION] 2=Setup-based site creation
        [FILE_DEFINITION] 3=S02
        [FILE_DEFINITION] 4=P01
        [FILE_DEFINITION] 5=919846512
        [FILE_DEFINITION] 6=1
        [FILE_DEFINITION] type=PROPOSED
        [FILE_DEFINITION] comment=Setup-based site creation
        [FILE_DEFINITION] target site=S02
        [FILE_DEFINITION] originating site=P01
        [FILE_DEFINITION] time stamp=919846512
        [FILE_DEFINITION] posted=1
        [SITE_ACCOUNT] 1=9
        [SITE_ACCOUNT] 2=S02
        [SITE_ACCOUNT] 3=P01
        [SITE_ACCOUNT] 4=SITES02
        [SITE_ACCOUNT] 5=NWTRADERS
        [SITE_ACCOUNT] 6=Second Site
        [SITE_ACCOUNT] 7=D:\SMS
        [SITE_ACCOUNT] 8=NWTRADERS
        [SITE_ACCOUNT] 9=0A1B2C
        [SITE_ACCOUNT] 10=3D4E5F
        [SITE_ACCOUNT] 11=7788
        [SITE_ACCOUNT] site type=secondary
        [SITE_ACCOUNT] site code=S02
        [SITE_ACCOUNT] parent site code=P01
        [SITE_ACCOUNT] site server=SITES02
        [SITE_ACCOUNT] site server domain=NWTRADERS
        [SITE_ACCOUNT] site name=Second Site
        [SITE_ACCOUNT] installation directory=D:\SMS
        [] Site Server Platform=<INTEL X86><><0>
        [] Logon Scripts=1
        [] User And Organization=<Pat><Northwind Traders><0>
        [PROPERTY_LIST/NET_PROVIDERS] 1=NET_PROVIDERS
        [PROPERTY_LIST/NET_PROVIDERS] 2=Microsoft Windows NT
        [] ADDRESS=<S02><P01><MS_LAN_SENDER><MS_LAN><12 0011AABB>
        [] SERVER=<SITES02><Logon><1><D>
        [] TRANSACTION InactiveDomains=<0><2><NWEAST,NWWEST><>
        [COMPONENT/SMS_EXECUTIVE] 1=453
        [COMPONENT/SMS_EXECUTIVE] 2=SMS_EXECUTIVE
        [COMPONENT/SMS_EXECUTIVE] 3=EXECUTIVE_ID
        [COMPONENT/SMS_EXECUTIVE] 4=SITES02
        [COMPONENT/SMS_EXECUTIVE] 5=D
        understood 45 of 45"#]],
    );
}

#[test]
fn a_file_of_sms_2_0() {
    check(
        include_str!("../../../samples/state/site_control/s02.ct2"),
        expect![[r#"
        [] size=777
        [FILE_DEFINITION] 1=1
        [FILE_DEFINITION] 2=Reply from SITES02
        [FILE_DEFINITION] 3=S02
        [FILE_DEFINITION] 4=S02
        [FILE_DEFINITION] 5=951382511
        [FILE_DEFINITION] 6=0
        [FILE_DEFINITION] type=ACTUAL
        [FILE_DEFINITION] comment=Reply from SITES02
        [FILE_DEFINITION] target site=S02
        [FILE_DEFINITION] originating site=S02
        [FILE_DEFINITION] time stamp=951382511
        [FILE_DEFINITION] posted=0
        [CLIENT_CONFIGURATION/Client Properties] 1=Client Properties
        [CLIENT_CONFIGURATION/Client Properties] 2=3
        [CLIENT_CONFIGURATION/Client Properties] TARGET_PLATFORM=ALL
        [CLIENT_CONFIGURATION/Client Properties] SITE_KEY_FLAGS=0
        [CLIENT_CONFIGURATION/Client Properties] Bin\i386\Ccim32.dll=<Client Program><><2>
        [CLIENT_COMPONENT/SMS Client Base Components] 1=SMS Client Base Components
        [CLIENT_COMPONENT/SMS Client Base Components] 2=65537
        [CLIENT_COMPONENT/SMS Client Base Components] SITE_KEY_FLAGS=1
        [CLIENT_COMPONENT/SMS Client Base Components] Component Verify Interval=<REG_SZ><00011700001000F0><0>
        [CLIENT_COMPONENT/SMS Client Base Components] Travel Mode Switch=9
        [CLIENT_COMPONENT/SMS Client Base Components/PROPERTY_LIST/Copy Queue] 1=Copy Queue
        [CLIENT_COMPONENT/SMS Client Base Components/PROPERTY_LIST/Copy Queue] Item Lifetime=11520
        [CLIENT_COMPONENT/SMS Client Base Components/PROPERTY_LIST/Copy Queue] Wakeup cycle=1380
        [CLIENT_COMPONENT/SMS Client Base Components/CLIENT_REG_MULTI_STRING_LIST/Retry Sequence] 1=Retry Sequence
        [CLIENT_COMPONENT/SMS Client Base Components/CLIENT_REG_MULTI_STRING_LIST/Retry Sequence] 2=Copy Queue
        [CLIENT_COMPONENT/SMS Client Base Components/CLIENT_REG_MULTI_STRING_LIST/Retry Sequence] SITE_KEY_FLAGS=1
        [CLIENT_COMPONENT/SMS Client Base Components/CLIENT_REG_MULTI_STRING_LIST/Retry Sequence] 3=15
        [CLIENT_COMPONENT/SMS Client Base Components/CLIENT_REG_MULTI_STRING_LIST/Retry Sequence] 4=30
        understood 34 of 34"#]],
    );
}

#[test]
fn an_install_map() {
    check(
        include_str!("../../../samples/state/site_control/install.map"),
        expect![[r#"
            [] size=188
            [] Bin\i386\Sampl32.dll=<Client Application><><2>
            [] Bin\i386\Samplsvc.exe=<Client Application><><1>
            [] Bin\alpha\Sampl32.dll=<Client Application><><2>
            understood 3 of 3"#]],
    );
}

#[test]
fn wrapped_and_damaged_rows() {
    check(
        "BEGIN_X\n<A\nlong name><>\n<Name>\nProperty <Bin\\A.dll><Client\nProgram><><3>\n\
         PROPERTY <B><>\n<><9>\nPROPERTY <C><Client Program>><4>\nPROPERTY <D><><1>\nPROPERTY <E><><><1> junk\n\
         Property <F><open\nEND_X\n",
        expect![[r#"
            [] size=194
            [X/A long name] 1=A long name
            [X/A long name] 2=
            [X/A long name] 3=Name
            [X/A long name] Bin\A.dll=<Client Program><><3>
            [X/A long name] B=9
            [X/A long name] C=<Client Program><><4>
            [X/A long name] D=1
            [X/A long name] E=1
            malformed line 9: found `>` without `<`, expected a field: read as an empty one
            malformed line 10: found a property of 3 fields, expected 4
            malformed line 11: found `junk` behind the fields, expected `<` or the end of the line
            malformed line 12: found `<` without `>`, expected the end of the field: the row is left out
            understood 12 of 13"#]],
    );
}

#[test]
fn blocks_that_do_not_match() {
    check(
        "BEGIN_A\nBEGIN_B\n<b>\nEND_A\nEND_C\nwords\nBEGIN_D\n<d>\n<1>\n",
        expect![[r#"
        [] size=54
        [A/B/b] 1=b
        [D/d] 1=d
        [D/d] 2=1
        malformed line 2: found no END_B before END_A
        malformed line 5: found END_C without BEGIN_C
        malformed line 6: found no part of a site control file, expected BEGIN_, END_ or fields in `<>`
        truncated line 7: the file ends before END_D: cut, or edited
        understood 7 of 9"#]],
    );
}

#[test]
fn blocks_of_one_name_are_told_apart() {
    check(
        "BEGIN_COMPONENT\n<6>\n<SMS_SENDER>\n<SITES02>\nEND_COMPONENT\nBEGIN_COMPONENT\n<6>\n<SMS_SENDER>\n<SITES03>\n\
         PROPERTY <Limit><><><5>\nEND_COMPONENT\n",
        expect![[r#"
            [] size=138
            [COMPONENT/SMS_SENDER] 1=6
            [COMPONENT/SMS_SENDER] 2=SMS_SENDER
            [COMPONENT/SMS_SENDER] 3=SITES02
            [COMPONENT/SMS_SENDER/SITES03] 1=6
            [COMPONENT/SMS_SENDER/SITES03] 2=SMS_SENDER
            [COMPONENT/SMS_SENDER/SITES03] 3=SITES03
            [COMPONENT/SMS_SENDER/SITES03] Limit=5
            understood 11 of 11"#]],
    );
}

#[test]
fn only_site_control_files_are_claimed() {
    let score = |name: &str, text: &str| {
        SiteControl.recognise(&Head::new(name, text.as_bytes())).map(|claim| claim.score)
    };
    assert_eq!(score("x", "SITE CONTROL FILE [786][1.08]\n"), Some(100));
    assert_eq!(score("x", "words\nBEGIN_FILE_DEFINITION\n<1>\n"), Some(100));
    assert_eq!(score("x", "words\n  PROPERTY <A><><><1>\n"), Some(80));
    assert_eq!(score("x.ct1", "BEGIN_X\n"), Some(80));
    for text in [
        "",
        "BEGIN_X\nEND_X\n",
        "BEGIN_MESSAGE_MAP(A, B)\n",
        "the line \"PROPERTY <Logon\nScripts><><><1>\" to 1\n",
        "<a><b><c><d>\n",
        "<html>\n<head><title>PROPERTY</title></head>\n",
    ] {
        assert_eq!(score("x", text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        SiteControl.parse(SourceId(0), "x.ct0", &bytes);
    }

    #[test]
    fn no_text_panics(
        pieces in proptest::collection::vec(
            proptest::sample::select(vec![
                "BEGIN_A", "END_A", "BEGIN_FILE_DEFINITION", "END_FILE_DEFINITION", "PROPERTY ", "<", ">", "<1>", "\n",
                " ", "x", "é", "(REG_SZ)a=b", "SITE CONTROL FILE [1]",
            ]),
            0..60,
        )
    ) {
        let parsed = SiteControl.parse(SourceId(0), "x.ct0", pieces.concat().as_bytes());
        prop_assert!(parsed.understood <= parsed.lines);
    }
}
