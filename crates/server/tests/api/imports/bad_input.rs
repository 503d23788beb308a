//! Each kind of bad input gets its message at its place, and nothing of it is written.

use std::io::{Cursor, Write};

use serde_json::{Value as Json, json};
use sheet::{Kind, Out, OutColumn, Writer};

use super::wizard::{Jobs, check, errors, errors_of, plain, run, send, upload};
use crate::support::{Answer, Client, each_database};

async fn refused(client: &Client, file_name: &str, content: &[u8], code: &str) -> Answer {
    let answer = send(client, "customers", file_name, content).await;
    assert_eq!(
        (answer.status, answer.code()),
        (422, code),
        "{file_name}: {:?}",
        answer.json
    );
    let title = answer.json["title"].as_str().unwrap_or_default();
    assert!(
        !title.is_empty() && !title.starts_with("problems.") && !title.contains("{{"),
        "no words for {code}: {title}"
    );
    answer
}

/// A workbook made by hand from its parts.
fn archive(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in parts {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .expect("a part");
        writer.write_all(content).expect("its content");
    }
    writer.finish().expect("an archive").into_inner()
}

/// A workbook with one sheet of these rows, and other parts besides.
fn workbook(rows: &[u8], others: &[(&str, &[u8])]) -> Vec<u8> {
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let relations = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let sheet = [
        format!(r#"<worksheet xmlns="{main}"><sheetData>"#).as_bytes(),
        rows,
        b"</sheetData></worksheet>",
    ]
    .concat();
    let types = format!(
        r#"<Types xmlns="{package}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>"#
    );
    let relation = |kind: &str, target: &str| {
        format!(
            r#"<Relationships xmlns="{package}/relationships"><Relationship Id="r1" Type="{relations}/{kind}" Target="{target}"/></Relationships>"#
        )
    };
    let (root, inner) = (
        relation("officeDocument", "xl/workbook.xml"),
        relation("worksheet", "worksheets/sheet1.xml"),
    );
    let book = format!(
        r#"<workbook xmlns="{main}" xmlns:r="{relations}"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#
    );
    let mut parts: Vec<(&str, &[u8])> = vec![
        ("[Content_Types].xml", types.as_bytes()),
        ("_rels/.rels", root.as_bytes()),
        ("xl/workbook.xml", book.as_bytes()),
        ("xl/_rels/workbook.xml.rels", inner.as_bytes()),
        ("xl/worksheets/sheet1.xml", &sheet),
    ];
    parts.extend_from_slice(others);
    archive(&parts)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_no_spreadsheet_is_refused_at_the_door() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        refused(&admin, "empty.csv", b"", "empty_file").await;
        let garbage: Vec<u8> = (0..5_000u32)
            .map(|i| (i.wrapping_mul(2_654_435_761) >> 13) as u8)
            .collect();
        let answer = send(&admin, "customers", "garbage.xlsx", &garbage).await;
        assert_eq!(answer.status, 422, "{:?}", answer.json);
        refused(
            &admin,
            "picture.xlsx",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
            "not_a_spreadsheet",
        )
        .await;
        refused(
            &admin,
            "old.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 and so on",
            "old_xls",
        )
        .await;
        let answer = send(
            &admin,
            "customers",
            "zip.xlsx",
            &archive(&[("hello.txt", b"hello")]),
        )
        .await;
        assert_eq!(answer.status, 422, "{:?}", answer.json);
        let spaces = vec![b' '; 300 << 20];
        let bomb = workbook(
            b"<row r=\"1\"><c r=\"A1\" t=\"str\"><v>name</v></c></row>",
            &[("xl/media/image1.png", &spaces)],
        );
        assert!(bomb.len() < 1 << 20);
        refused(&admin, "bomb.xlsx", &bomb, "zip_bomb").await;
        let answer = send(&admin, "customers", "nothing", b"").await;
        assert_eq!(answer.status, 422);
        assert_eq!(admin.get("/api/imports").await.rows().len(), 0);
        let kept = world.app.files.all("").await.expect("a list");
        assert_eq!(kept.len(), 0, "refused files are not kept");
        let passing = world.app.files.passing_folder().expect("the folder");
        let left = std::fs::read_dir(passing).expect("the folder").count();
        assert_eq!(left, 0, "nor do they stay on their way");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn too_much_of_anything_is_refused_with_its_limit() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let huge = format!("name\n{}\n", "x".repeat(10 << 20));
        let answer = refused(&admin, "cell.csv", huge.as_bytes(), "cell_too_long").await;
        assert_eq!(
            (
                &answer.json["params"]["row"],
                &answer.json["params"]["column"]
            ),
            (&json!(2), &json!("A"))
        );
        let rows = format!("name\n{}", "x\n".repeat(1_000_001));
        let answer = refused(&admin, "rows.csv", rows.as_bytes(), "too_many_rows").await;
        assert_eq!(
            (
                &answer.json["params"]["row"],
                &answer.json["params"]["limit"]
            ),
            (&json!(1_000_002), &json!(1_000_000))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_that_cannot_be_read_is_refused_at_its_row() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        refused(
            &admin,
            "quote.csv",
            b"name,level\n\"never closed,A\n",
            "unterminated_quote",
        )
        .await;
        let answer = refused(
            &admin,
            "headless.csv",
            b"name,,level\nA,orphan,B\n",
            "missing_header",
        )
        .await;
        assert_eq!(
            (
                &answer.json["params"]["row"],
                &answer.json["params"]["column"]
            ),
            (&json!(2), &json!("B"))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn each_bad_cell_is_named_by_row_and_column() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let mapping = plain(&[
            ("名称", "name"),
            ("级别", "level"),
            ("地区", "region"),
            ("行业", "industry"),
            ("网址", "website"),
            ("电话", "phone"),
            ("信用代码", "credit_code"),
            ("负责人", "owner_id"),
        ]);
        let header = "名称,级别,地区,行业,网址,电话,信用代码,负责人\n";
        let rows = [
            ("甲,Z,,,,,,", "级别 unknown_choice"),
            (",A,,,,,,", "名称 required"),
            ("乙,,不存在的地方,,,,,", "地区 unknown_region"),
            ("丙,,,没有这个行当,,,,", "行业 unknown_industry"),
            ("丁,,,,,不是电话,,", "电话 not_a_phone"),
            ("戊,,,,,,12345,", "信用代码 bad_credit_code"),
            ("己,,,,,,,没有这个人", "负责人 unknown_name"),
            ("庚,A,,,,,,,多一格", "- ragged_row"),
        ];
        let text = format!("{header}{}\n", rows.map(|(row, _)| row).join("\n"));
        let expected: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(i, (_, error))| format!("{} {error}", i + 2))
            .collect();
        let mut found = errors_of(&admin, "customers", &text, &mapping).await;
        found.sort();
        let mut expected = expected;
        expected.sort();
        assert_eq!(found, expected);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn days_and_figures_that_cannot_be_are_named() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        admin.customer("甲公司").await;
        let mapping = plain(&[
            ("商机", "name"),
            ("客户", "customer_id"),
            ("阶段", "stage_id"),
            ("金额", "amount"),
            ("预计", "expected_close_on"),
        ]);
        let rows = [
            (
                "一,甲公司,意向客户,100,1899-12-31",
                "预计 year_out_of_range",
            ),
            ("二,甲公司,意向客户,100,2026-02-30", "预计 no_such_day"),
            ("三,甲公司,意向客户,100,03/04/2026", "预计 ambiguous_day"),
            ("四,甲公司,意向客户,100,改天", "预计 not_a_day"),
            ("五,甲公司,意向客户,很多,2026-07-01", "金额 wrong_type"),
            (
                "六,甲公司,意向客户,\"1,23\",2026-07-01",
                "金额 unclear_separators",
            ),
            ("七,甲公司,没有这个阶段,100,2026-07-01", "阶段 unknown_name"),
            ("八,乙公司,意向客户,100,2026-07-01", "客户 unknown_name"),
            ("九,甲公司,意向客户,-5,2026-07-01", "金额 negative"),
            ("十,甲公司,意向客户,$100,2026-07-01", "金额 wrong_currency"),
            (
                "十一,甲公司,意向客户,5万美元,2026-07-01",
                "金额 wrong_currency",
            ),
        ];
        let text = format!(
            "商机,客户,阶段,金额,预计\n{}\n",
            rows.map(|(row, _)| row).join("\n")
        );
        let expected: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(i, (_, error))| format!("{} {error}", i + 2))
            .collect();
        assert_eq!(
            errors_of(&admin, "opportunities", &text, &mapping).await,
            expected
        );
        // The mapping can say which number is the month.
        let mut mapping = mapping;
        mapping["columns"]["预计"]["format"] = json!("dmy");
        let text = "商机,客户,阶段,金额,预计\n三,甲公司,意向客户,100,03/04/2026\n";
        assert!(
            errors_of(&admin, "opportunities", text, &mapping)
                .await
                .is_empty()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn keys_and_names_must_be_clear() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let code = "91440300708461136T";
        admin.create("customers", json!({ "name": "双胞胎" })).await;
        admin.create("customers", json!({ "name": "双胞胎" })).await;
        admin.create("customers", json!({ "name": "有代码", "credit_code": code })).await;
        let mut mapping = plain(&[("名称", "name"), ("代码", "credit_code"), ("上级", "parent_id")]);
        let text = format!("名称,代码,上级\n甲,,双胞胎\n乙,{code},\n丙,91440300192189783K,\n丁,91440300192189783K,\n");
        let found = errors_of(&admin, "customers", &text, &mapping).await;
        assert_eq!(found, ["2 上级 ambiguous_reference", "3 代码 already_exists", "5 代码 duplicate_in_file"]);
        mapping["mode"] = json!("upsert");
        mapping["key"] = json!("name");
        let found = errors_of(&admin, "customers", "名称,代码,上级\n双胞胎,,\n新,,\n新,,\n", &mapping).await;
        assert_eq!(found, ["2 名称 ambiguous_key", "4 名称 duplicate_in_file"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn teams_that_lie_below_themselves_are_refused() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let mapping = plain(&[("团队", "name"), ("上级", "parent_id")]);
        let text = "团队,上级\n一,二\n二,三\n三,一\n四,四\n";
        let found = errors_of(&admin, "teams", text, &mapping).await;
        assert_eq!(found, ["4 上级 cycle", "5 上级 cycle"]);
        let teams = admin.get("/api/teams").await.json["total"]["count"].clone();
        let uploaded = upload(&admin, "teams", "teams.csv", text).await;
        assert_eq!(run(&admin, &uploaded, &mapping).await["state"], "failed");
        assert_eq!(admin.get("/api/teams").await.json["total"]["count"], teams);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_failed_formula_is_no_value_and_a_text_that_looks_like_one_stays_text() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let rows = br#"<row r="1"><c r="A1" t="str"><v>name</v></c><c r="B1" t="str"><v>address</v></c></row>
            <row r="2"><c r="A2" t="str"><f>"Acme"&amp;" Ltd"</f><v>Acme Ltd</v></c><c r="B2" t="e"><f>B9</f><v>#REF!</v></c></row>"#;
        let workbook = workbook(rows, &[]);
        let mapping = plain(&[("name", "name"), ("address", "address")]);
        let uploaded = upload(&admin, "customers", "formulas.xlsx", &workbook).await;
        assert_eq!(uploaded["columns"][0]["samples"], json!(["Acme Ltd"]));
        assert_eq!(errors(&check(&admin, &uploaded, &mapping).await), ["2 address formula_error"]);

        let text = "name,address\n=HYPERLINK(\"http://x\"),+1+1\n";
        let uploaded = upload(&admin, "customers", "formulas.csv", text).await;
        let done = run(&admin, &uploaded, &mapping).await;
        assert_eq!(done["state"], "done", "{done:#}");
        assert_eq!(admin.get("/api/customers").await.rows()[0]["name"], "=HYPERLINK(\"http://x\")");
        let exported = admin.get("/api/customers/export?format=csv&columns=name,address").await;
        let text = String::from_utf8(exported.bytes.to_vec()).expect("CSV is UTF-8");
        assert!(text.contains("\"'=HYPERLINK(\"\"http://x\"\")\",'+1+1"), "{text}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_that_does_not_fit_is_refused_at_once() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let uploaded = upload(&admin, "customers", "rows.csv", "名称,级别\n甲,A\n").await;
        let id = uploaded["id"].as_str().expect("an id").to_owned();
        let try_mapping = async |mapping: Json| {
            let answer = admin
                .post(
                    &format!("/api/imports/{id}/check"),
                    json!({ "mapping": mapping }),
                )
                .await;
            assert_eq!(answer.status, 422, "{:?}", answer.json);
            answer.errors()
        };
        assert_eq!(
            try_mapping(plain(&[("名称", "name"), ("城市", "region")])).await,
            ["/mapping/columns/城市 unknown_column"]
        );
        assert_eq!(
            try_mapping(plain(&[("名称", "name"), ("级别", "grade")])).await,
            ["/mapping/columns/级别 unknown_field"]
        );
        assert_eq!(
            try_mapping(plain(&[("名称", "name"), ("级别", "updated_at")])).await,
            ["/mapping/columns/级别 read_only"]
        );
        assert_eq!(
            try_mapping(plain(&[("级别", "level")])).await,
            ["/mapping/name required_not_mapped"]
        );
        let mut mapping = plain(&[("名称", "name")]);
        mapping["mode"] = json!("update");
        assert_eq!(
            try_mapping(mapping.clone()).await,
            ["/mapping/key key_missing"]
        );
        mapping["key"] = json!("level");
        assert_eq!(
            try_mapping(mapping.clone()).await,
            ["/mapping/key not_a_key"]
        );
        mapping["key"] = json!("credit_code");
        assert_eq!(try_mapping(mapping).await, ["/mapping/key key_not_mapped"]);
        // Nothing has started.
        assert_eq!(
            admin.get(&format!("/api/imports/{id}")).await.json["state"],
            "uploaded"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_and_days_of_a_workbook_are_what_they_are() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        admin.customer("甲公司").await;
        let folder = tempfile::tempdir().expect("a folder");
        let columns = [
            OutColumn::new("商机名称", Kind::Text),
            OutColumn::new("客户", Kind::Text),
            OutColumn::new("金额", Kind::Money),
            OutColumn::new("预计成交日期", Kind::Day),
        ];
        let mut writer = Writer::xlsx("商机", &columns, folder.path()).expect("a workbook");
        let day = chrono::NaiveDate::from_ymd_opt(2026, 9, 30).expect("a day");
        writer
            .row(&[
                Out::text("一"),
                Out::text("甲公司"),
                Out::MoneyMinor(1_234_567),
                Out::Day(day),
            ])
            .expect("a row");
        let mut content = Vec::new();
        let mut file = writer
            .finish()
            .expect("a file")
            .file
            .expect("a nameless file");
        std::io::Read::read_to_end(&mut file, &mut content).expect("its content");
        let uploaded = upload(&admin, "opportunities", "商机.xlsx", &content).await;
        let done = run(&admin, &uploaded, &uploaded["mapping"]).await;
        assert_eq!(done["state"], "done", "{done:#}");
        let row = admin.get("/api/opportunities").await.rows()[0].clone();
        assert_eq!(
            (&row["amount"]["amount_minor"], &row["expected_close_on"]),
            (&json!(1_234_567), &json!("2026-09-30"))
        );
    })
    .await;
}
