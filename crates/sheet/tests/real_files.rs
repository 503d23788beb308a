//! Files as people have them.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod support;

use sheet::{Limits, Sheet};
use support::{Fixture, file, headers, open, rows, texts};

#[test]
fn real_files_are_read_whole() {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let companies = data.join("cn_listed_companies/stock_basic_fullname_2020.csv");
    let pipeline = data.join("maven_crm/sales_pipeline.csv");
    let (companies, pipeline) = if companies.exists() && pipeline.exists() {
        (
            std::fs::read(companies).unwrap(),
            std::fs::read(pipeline).unwrap(),
        )
    } else {
        made_like_the_real_files()
    };
    for bytes in [
        companies.clone(),
        encoding_rs::GB18030
            .encode(std::str::from_utf8(&companies).unwrap())
            .0
            .into_owned(),
    ] {
        let mut sheet = open(&bytes).unwrap();
        assert_eq!(
            (sheet.row_count(), &headers(&sheet)[..3]),
            (3_842, &["TS代码", "股票代码", "股票名称"][..])
        );
        assert_eq!(texts(&mut sheet)[0].1[5], "平安银行股份有限公司");
    }
    let mut sheet = open(&pipeline).unwrap();
    assert_eq!((sheet.row_count(), sheet.columns().len()), (8_800, 8));
    assert_eq!(texts(&mut sheet)[0].1[..2], ["1C1I7A6R", "Moses Frase"]);
}

fn made_like_the_real_files() -> (Vec<u8>, Vec<u8>) {
    let mut companies = "TS代码,股票代码,股票名称,所在地域,所属行业,股票全称\n".to_owned();
    let mut pipeline = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n".to_owned();
    (0..3_842).for_each(|_| {
        companies.push_str("000001.SZ,000001,平安银行,深圳,银行,平安银行股份有限公司\n")
    });
    (0..8_800).for_each(|_| {
        pipeline.push_str(
            "1C1I7A6R,Moses Frase,GTX Plus Basic,Cancity,Won,2016-10-20,2017-03-01,1054\n",
        )
    });
    (companies.into_bytes(), pipeline.into_bytes())
}

#[test]
fn a_sheet_stays_readable_when_its_file_is_taken_away() {
    let fixture: Fixture = file(b"a\n1\n2\n");
    let mut sheet = Sheet::open(&fixture.path, "x.csv", &Limits::default()).unwrap();
    std::fs::remove_file(&fixture.path).unwrap();
    assert_eq!(rows(&mut sheet).len(), 2);
}
