//! The listed companies with their legal names as customers.

use serde_json::json;

use super::wizard::{Jobs, check, import, kept, plain, shared, texts, upload};
use crate::support::each_database;

/// The real list where it lies beside the repository, else some lines of the same shape.
fn companies() -> Vec<u8> {
    shared("cn_listed_companies/stock_basic_fullname_2020.csv").unwrap_or_else(|| {
        let mut text = String::from("TS代码,股票代码,股票名称,所在地域,所属行业,股票全称,英文全称\n");
        let places = ["深圳", "北京", "浙江", "内蒙"];
        let industries = ["银行", "全国地产", "软件服务", "化学制药"];
        for i in 0..40 {
            let (place, industry) = (places[i % 4], industries[i / 4 % 4]);
            text.push_str(&format!("{i:06}.SZ,{i:06},样例{i},{place},{industry},样例第{i}制造股份有限公司,\"Sample {i} Co., Ltd.\"\n"));
        }
        text.into_bytes()
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn listed_companies_become_customers_with_region_and_industry() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let uploaded = upload(&admin, "customers", "companies.csv", companies()).await;
        let rows = uploaded["row_count"].as_u64().expect("a count");
        // The headers alone tell what the columns are.
        let field = |header: &str| uploaded["mapping"]["columns"][header]["field"].clone();
        assert_eq!(field("股票全称"), "name");
        assert_eq!(field("股票名称"), "short_name");
        assert_eq!(field("所在地域"), "region");
        assert_eq!(field("所属行业"), "industry");

        let done = import(
            &admin,
            "customers",
            "companies.csv",
            companies(),
            &kept("listed_companies/customers.json"),
        )
        .await;
        assert_eq!(done["summary"]["bad_rows"], 0, "{done:#}");
        assert_eq!(done["summary"]["create"], rows);
        // What the file leaves out stays out: places and industries stand before the first quotation mark of a line.
        let list = String::from_utf8(companies()).expect("the list is UTF-8");
        let without = |column: usize| {
            list.lines()
                .skip(1)
                .filter(|line| line.split(',').nth(column) == Some(""))
                .count()
        };
        let placed = admin
            .query(
                "/api/customers",
                &[("filter", r#"{"field":"region","op":"empty"}"#)],
            )
            .await;
        assert_eq!(placed.json["total"]["count"], without(3));
        let unsorted = admin
            .query(
                "/api/customers",
                &[("filter", r#"{"field":"industry","op":"empty"}"#)],
            )
            .await;
        assert_eq!(unsorted.json["total"]["count"], without(4));
        let shenzhen = admin
            .query(
                "/api/customers",
                &[
                    ("filter", r#"{"field":"region","op":"eq","value":"4403"}"#),
                    ("count", "exact"),
                ],
            )
            .await;
        let in_shenzhen = list
            .lines()
            .filter(|line| line.split(',').nth(3) == Some("深圳"))
            .count();
        assert_eq!(shenzhen.json["total"]["count"], in_shenzhen);

        // Once more: every company exists already.
        let again = upload(&admin, "customers", "companies.csv", companies()).await;
        assert_eq!(again["is_saved_mapping"], true);
        let mut mapping = kept("listed_companies/customers.json");
        let warned = check(&admin, &again, &mapping).await;
        assert_eq!(warned["summary"]["warnings"], rows);
        assert!(
            texts(&warned["warnings"])
                .iter()
                .all(|warning| warning.ends_with("股票全称 same_name_exists"))
        );
        mapping["duplicates"] = json!("skip");
        let skipped = check(&admin, &again, &mapping).await;
        assert_eq!(
            (&skipped["summary"]["create"], &skipped["summary"]["skip"]),
            (&json!(0), &json!(rows))
        );
        mapping["duplicates"] = json!("update");
        mapping["constants"] = json!({ "source": "website" });
        let updated = check(&admin, &again, &mapping).await;
        assert_eq!(
            (&updated["summary"]["create"], &updated["summary"]["update"]),
            (&json!(0), &json!(rows))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn companies_of_one_name_inside_a_file_are_told_and_may_be_skipped() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let text = "名称\n深圳市腾讯计算机系统有限公司\n騰訊計算機系統有限公司\n北京华联综合超市\n上海华联综合超市\n";
        let mut mapping = plain(&[("名称", "name")]);
        let uploaded = upload(&admin, "customers", "names.csv", text).await;
        let state = check(&admin, &uploaded, &mapping).await;
        assert_eq!(texts(&state["warnings"]), ["3 名称 same_name_in_file"]);
        assert_eq!(state["summary"]["create"], 4);
        mapping["duplicates"] = json!("skip");
        let state = check(&admin, &uploaded, &mapping).await;
        assert_eq!((&state["summary"]["create"], &state["summary"]["skip"]), (&json!(3), &json!(1)));
    })
    .await;
}
