use super::*;
use proptest::prelude::*;

fn targets(resource: &str, fields: &[(&str, FieldType)]) -> Vec<Target> {
    let target = |&(field, field_type): &(&str, FieldType)| Target {
        field: field.to_owned(),
        field_type,
        labels: Vec::new(),
        synonyms: synonyms(resource, field)
            .into_iter()
            .map(str::to_owned)
            .collect(),
    };
    fields.iter().map(target).collect()
}

fn customers() -> Vec<Target> {
    use FieldType::*;
    targets(
        "customers",
        &[
            ("name", Text),
            ("short_name", Text),
            ("credit_code", Text),
            ("industry", Industry),
            ("employees", Choice),
            ("revenue_band", Choice),
            ("region", Region),
            ("address", Text),
            ("website", Url),
            ("phone", Phone),
            ("parent_id", Reference),
            ("source", Choice),
            ("class", Choice),
            ("level", Choice),
            ("funnel_level", Choice),
            ("owner_id", Reference),
            ("tags", Tags),
            ("description", LongText),
        ],
    )
}

fn opportunities() -> Vec<Target> {
    use FieldType::*;
    targets(
        "opportunities",
        &[
            ("name", Text),
            ("number", Text),
            ("customer_id", Reference),
            ("process_id", Reference),
            ("stage_id", Reference),
            ("amount", Money),
            ("expected_close_on", Day),
            ("win_chance", Integer),
            ("source", Choice),
            ("owner_id", Reference),
            ("next_step", Text),
            ("next_step_on", Day),
            ("competitor", Text),
            ("loss_reason", Choice),
            ("closed_on", Day),
            ("outcome", Choice),
            ("stage_entered_at", Instant),
            ("product_id", Reference),
        ],
    )
}

fn contacts() -> Vec<Target> {
    use FieldType::*;
    targets(
        "contacts",
        &[
            ("customer_id", Reference),
            ("name", Text),
            ("department", Text),
            ("title", Text),
            ("mobile", Phone),
            ("email", Email),
            ("wechat", Text),
            ("birthday_on", Day),
        ],
    )
}

/// `header=value;value` columns with the field that each must get (`-` for none).
fn check(targets: &[Target], columns: &[(&str, &str)]) {
    let headers: Vec<&str> = columns
        .iter()
        .map(|(column, _)| column.split('=').next().unwrap())
        .collect();
    let values = |column: &&str| {
        column.split_once('=').map_or_else(Vec::new, |(_, values)| {
            values.split(';').map(str::to_owned).collect()
        })
    };
    let samples: Vec<Vec<String>> = columns.iter().map(|(column, _)| values(column)).collect();
    let owned: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
    let suggested = suggest(&owned, &samples, targets);
    for ((header, expected), field) in headers
        .iter()
        .zip(columns.iter().map(|column| column.1))
        .zip(&suggested)
    {
        assert_eq!(
            field.as_deref().unwrap_or("-"),
            expected,
            "{header}: {suggested:?}"
        );
    }
}

#[test]
fn the_columns_of_the_exchange_file_are_known() {
    check(
        &customers(),
        &[
            ("TS代码=000001.SZ", "-"),
            ("股票名称=平安银行", "short_name"),
            ("所在地域=深圳;内蒙", "region"),
            ("所属行业=银行;全国地产", "industry"),
            ("股票全称=平安银行股份有限公司", "name"),
            ("交易货币=CNY", "-"),
            ("上市日期=19910403", "-"),
        ],
    );
}

#[test]
fn the_columns_of_an_english_crm_are_known() {
    check(
        &customers(),
        &[
            ("account=Acme Corporation", "name"),
            ("sector=technolgy;medical", "industry"),
            ("year_established=1996", "-"),
            ("revenue=1100.04", "revenue_band"),
            ("employees=2822", "employees"),
            ("office_location=United States;Kenya", "address"),
            ("subsidiary_of=;Acme Corporation", "parent_id"),
        ],
    );
    check(
        &opportunities(),
        &[
            ("opportunity_id=1C1I7A6R", "number"),
            ("sales_agent=Moses Frase", "owner_id"),
            ("product=GTX Plus Basic", "product_id"),
            ("account=Cancity", "customer_id"),
            ("deal_stage=Won;Lost", "stage_id"),
            ("engage_date=2016-10-20", "stage_entered_at"),
            ("close_date=2017-03-01", "closed_on"),
            ("close_value=1054;0", "amount"),
        ],
    );
    let people = targets(
        "people",
        &[
            ("name", FieldType::Text),
            ("email", FieldType::Email),
            ("team_id", FieldType::Reference),
            ("supervisor_id", FieldType::Reference),
        ],
    );
    check(
        &people,
        &[
            ("sales_agent", "name"),
            ("manager", "supervisor_id"),
            ("regional_office", "team_id"),
        ],
    );
    let products = targets(
        "products",
        &[
            ("name", FieldType::Text),
            ("code", FieldType::Text),
            ("line_id", FieldType::Reference),
            ("list_price", FieldType::Money),
        ],
    );
    check(
        &products,
        &[
            ("product", "name"),
            ("series", "line_id"),
            ("sales_price=550", "list_price"),
        ],
    );
}

#[test]
fn chinese_headers_with_remarks_and_prefixes_are_known() {
    check(
        &opportunities(),
        &[
            ("商机名称 *", "name"),
            ("客户名称（必填）", "customer_id"),
            ("预计成交金额(万元)=12.5", "amount"),
            ("销售阶段", "stage_id"),
            ("预计成交日期=2026年1月2日", "expected_close_on"),
            ("项目负责人", "owner_id"),
            ("Sales Stge", "-"),
        ],
    );
    check(
        &contacts(),
        &[
            ("联系人姓名", "name"),
            ("所属客户", "customer_id"),
            ("联系人手机号=13812341234", "mobile"),
            ("职务", "title"),
        ],
    );
    assert_eq!(unit_of("预计成交金额（万元）"), 10_000);
    assert_eq!(unit_of("金额"), 1);
}

#[test]
fn values_find_a_field_without_a_name_and_rule_out_a_wrong_one() {
    check(
        &contacts(),
        &[
            ("甲=张三", "-"),
            ("乙=li@x.cn;wang@y.com", "email"),
            ("丙=13812341234", "mobile"),
        ],
    );
    check(
        &contacts(),
        &[("手机归属地=上海;广东", "-"), ("生日礼物=茶叶", "-")],
    );
    // Named outright, it stays: the dry run will show which cells are wrong.
    check(&contacts(), &[("邮箱=无;没有", "email")]);
    check(
        &customers(),
        &[
            ("丁=91330100799655058B", "credit_code"),
            ("戊=https://a.cn", "website"),
        ],
    );
}

#[test]
fn synonyms_are_unique_within_a_field_and_belong_to_known_resources() {
    for line in SYNONYMS.lines().filter(|line| !line.starts_with('#')) {
        let (key, headers) = line.split_once(" | ").unwrap();
        let (resource, field) = key.split_once('.').unwrap();
        assert!(
            [
                "*",
                "customers",
                "contacts",
                "products",
                "product_lines",
                "opportunities",
                "activities",
                "people",
                "teams"
            ]
            .contains(&resource)
        );
        let plain_headers: Vec<String> = headers.split(',').map(plain).collect();
        for (at, header) in plain_headers.iter().enumerate() {
            assert!(
                !header.is_empty() && !plain_headers[..at].contains(header),
                "{key}: {header}"
            );
        }
        assert_eq!(synonyms(resource, field).len(), plain_headers.len());
    }
    assert!(synonyms("customers", "email").contains(&"邮箱"));
    assert!(synonyms("customers", "nothing").is_empty());
}

proptest! {
    #[test]
    fn no_field_is_given_twice(headers in prop::collection::vec("(客户|公司|联系|电话|名称|name|phone|owner|[a-z]){1,3}|.{0,6}", 0..20)) {
        let targets = customers();
        let suggested = suggest(&headers, &[], &targets);
        prop_assert_eq!(suggested.len(), headers.len());
        let mut fields: Vec<&String> = suggested.iter().flatten().collect();
        let count = fields.len();
        fields.sort();
        fields.dedup();
        prop_assert_eq!(fields.len(), count);
    }

    #[test]
    fn our_own_field_names_and_labels_map_to_themselves(seed in 0usize..1000) {
        let mut targets = opportunities();
        let count = targets.len();
        targets.rotate_left(seed % count);
        let headers: Vec<String> = targets.iter().map(|target| target.field.clone()).collect();
        let suggested = suggest(&headers, &[], &targets);
        prop_assert_eq!(suggested, headers.into_iter().map(Some).collect::<Vec<_>>());
    }
}
