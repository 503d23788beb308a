//! What rows mean: keys, names, values as people write them, and rights.

use serde_json::{Value as Json, json};

use super::wizard::{Jobs, check, errors, errors_of, import, plain, run, texts, upload};
use crate::support::{Client, each_database, id};

async fn customer(client: &Client, name: &str) -> Json {
    let filter = json!({ "field": "name", "op": "eq", "value": name }).to_string();
    let rows = client
        .query("/api/customers", &[("filter", &filter)])
        .await
        .rows();
    assert_eq!(rows.len(), 1, "{name}: {rows:?}");
    rows[0].clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn values_are_read_as_people_write_them() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let text =
            "产品,标价（万元）,底价,状态\n甲,12.5,\"1,234.50\",在售\n乙,3亿,￥12.5万,active\n";
        let uploaded = upload(&admin, "products", "价格.csv", text).await;
        assert_eq!(
            uploaded["mapping"]["columns"]["标价（万元）"],
            json!({ "field": "list_price", "unit": 10_000 })
        );
        let mut mapping = plain(&[
            ("产品", "name"),
            ("标价（万元）", "list_price"),
            ("底价", "floor_price"),
            ("状态", "state"),
        ]);
        mapping["columns"]["标价（万元）"]["unit"] = json!(10_000);
        mapping["columns"]["状态"]["values"] = json!({ "在售": "active" });
        let done = run(&admin, &uploaded, &mapping).await;
        assert_eq!(done["state"], "done", "{done:#}");
        let rows = admin.get("/api/products?sort=list_price").await.rows();
        let minor = |row: usize, field: &str| rows[row][field]["amount_minor"].clone();
        assert_eq!(
            (minor(0, "list_price"), minor(0, "floor_price")),
            (json!(12_500_000), json!(123_450))
        );
        assert_eq!(
            (minor(1, "list_price"), minor(1, "floor_price")),
            (json!(30_000_000_000_i64), json!(12_500_000))
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_in_gb18030_is_read_and_regions_industries_and_bands_are_understood() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        // 客户名称,地区,行业,人数 / 红圈软件,广东深圳,软件服务,120
        let gbk: &[u8] = b"\xbf\xcd\xbb\xa7\xc3\xfb\xb3\xc6,\xb5\xd8\xc7\xf8,\xd0\xd0\xd2\xb5,\xc8\xcb\xca\xfd\r\n\
            \xba\xec\xc8\xa6\xc8\xed\xbc\xfe,\xb9\xe3\xb6\xab\xc9\xee\xdb\xda,\xc8\xed\xbc\xfe\xb7\xfe\xce\xf1,120\r\n";
        let uploaded = upload(&admin, "customers", "old.csv", gbk).await;
        let done = run(&admin, &uploaded, &uploaded["mapping"]).await;
        assert_eq!(done["state"], "done", "{done:#}");
        let row = customer(&admin, "红圈软件").await;
        assert_eq!((&row["region"], &row["employees"]), (&json!("4403"), &json!("100_499")));
        assert!(row["industry"].as_str().is_some_and(|code| code.starts_with('I')), "{row:#}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upsert_updates_what_its_key_finds_and_creates_the_rest() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        admin
            .create("customers", json!({ "name": "已有公司", "level": "C" }))
            .await;
        let mut mapping = plain(&[("名称", "name"), ("级别", "level"), ("负责人", "owner_id")]);
        mapping["mode"] = json!("upsert");
        mapping["key"] = json!("name");
        let text = "名称,级别,负责人\n已有公司,A,li@example.com\n新公司,B,王芳\n";
        let done = import(&admin, "customers", "rows.csv", text, &mapping).await;
        assert_eq!(
            (&done["summary"]["create"], &done["summary"]["update"]),
            (&json!(1), &json!(1))
        );
        let known = customer(&admin, "已有公司").await;
        assert_eq!(
            (&known["level"], &known["owner_id"]),
            (&json!("A"), &json!(id("li")))
        );
        assert_eq!(
            customer(&admin, "新公司").await["owner_id"],
            json!(id("wang"))
        );
        // An update alone finds only what is there.
        mapping["mode"] = json!("update");
        let errors = errors_of(
            &admin,
            "customers",
            "名称,级别,负责人\n无此公司,A,\n",
            &mapping,
        )
        .await;
        assert_eq!(errors, ["2 名称 no_such_record"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_may_refer_to_rows_that_follow() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let mapping = plain(&[("团队", "name"), ("上级", "parent_id")]);
        let text = "团队,上级\n一组,西部大区\n二组,西部大区\n西部大区,成单科技\n";
        import(&admin, "teams", "teams.csv", text, &mapping).await;
        let directory = world.app.directory();
        let team = |name: &str| {
            directory
                .teams
                .values()
                .find(|team| team.name == name)
                .expect("a team")
        };
        assert_eq!(team("一组").parent_id, Some(team("西部大区").id));
        assert_eq!(team("西部大区").parent_id, Some(id("company")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn missing_teams_are_made_along_their_path() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let mut mapping = plain(&[("姓名", "name"), ("部门", "team_id"), ("角色", "role_ids")]);
        mapping["columns"]["部门"]["create_missing"] = json!(true);
        let text = "姓名,部门,角色\n周一,成单科技/西南区/成都队,销售员\n周二,成单科技/西南区/重庆队,销售员、支持\n";
        let done = import(&admin, "people", "people.csv", text, &mapping).await;
        assert_eq!(done["summary"]["made"], json!({ "teams": 3 }));
        let directory = world.app.directory();
        let person = directory.people.values().find(|person| person.name == "周二").expect("a person");
        assert_eq!(person.role_ids.len(), 2);
        let path: Vec<&str> = directory
            .ancestors(person.team_id.expect("a team"))
            .iter()
            .map(|team| directory.teams[team].name.as_str())
            .collect();
        assert_eq!(path, ["重庆队", "西南区", "成单科技"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn bad_rows_may_be_left_out_and_come_back_as_a_file_with_reasons() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let mut mapping = plain(&[("名称", "name"), ("级别", "level"), ("上级", "parent_id")]);
        mapping["skip_bad_rows"] = json!(true);
        let text = "名称,级别,上级\n好公司,A,坏公司\n坏公司,Z,\n也好,B,\n";
        let uploaded = upload(&admin, "customers", "mixed.csv", text).await;
        let done = run(&admin, &uploaded, &mapping).await;
        assert_eq!(done["state"], "done", "{done:#}");
        assert_eq!(
            (&done["summary"]["create"], &done["summary"]["bad_rows"]),
            (&json!(2), &json!(1))
        );
        assert_eq!(errors(&done), ["3 级别 unknown_choice"]);
        assert_eq!(texts(&done["warnings"]), ["2 上级 refers_to_bad_row"]);
        assert_eq!(customer(&admin, "好公司").await["parent_id"], Json::Null);
        let id = uploaded["id"].as_str().expect("an id");
        let file = admin
            .get(&format!("/api/imports/{id}/errors?format=csv"))
            .await;
        let text = String::from_utf8(file.bytes.to_vec()).expect("CSV is UTF-8");
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 2, "{text}");
        assert!(
            lines[1].starts_with("3,坏公司,Z,,") && lines[1].contains("级别: "),
            "{text}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_import_reaches_no_further_than_its_importer() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let (admin, supervisor) = (world.as_person("admin"), world.as_person("supervisor"));
        // Salespeople may not import at all.
        let refused = super::wizard::send(
            &world.as_person("li"),
            "customers",
            "rows.csv",
            b"name\nA\n",
        )
        .await;
        assert_eq!(refused.status, 403);
        admin
            .create(
                "customers",
                json!({ "name": "钱进的客户", "owner_id": id("qian") }),
            )
            .await;
        let mut mapping = plain(&[("名称", "name"), ("负责人", "owner_id"), ("级别", "level")]);
        // Own people may be given customers, others' may not; without an owner they are the importer's.
        let text = "名称,负责人,级别\n甲公司,李明,A\n乙公司,,A\n丙公司,钱进,A\n";
        let uploaded = upload(&supervisor, "customers", "rows.csv", text).await;
        let state = check(&supervisor, &uploaded, &mapping).await;
        assert_eq!(errors(&state), ["4 - forbidden"]);
        mapping["skip_bad_rows"] = json!(true);
        let done = run(&supervisor, &uploaded, &mapping).await;
        assert_eq!(done["state"], "done", "{done:#}");
        assert_eq!(
            customer(&admin, "乙公司").await["owner_id"],
            json!(id("supervisor"))
        );
        // What the importer can't see can't be updated.
        mapping["mode"] = json!("update");
        mapping["key"] = json!("name");
        let errors = errors_of(
            &supervisor,
            "customers",
            "名称,负责人,级别\n钱进的客户,,B\n",
            &mapping,
        )
        .await;
        assert_eq!(errors, ["2 名称 no_such_record"]);
        // Nobody else sees somebody's import.
        let id = uploaded["id"].as_str().expect("an id");
        assert_eq!(
            world
                .as_person("north_supervisor")
                .get(&format!("/api/imports/{id}"))
                .await
                .status,
            404
        );
        assert_eq!(admin.get(&format!("/api/imports/{id}")).await.status, 200);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mapping_is_kept_for_the_next_file_of_the_source() {
    each_database(async |world| {
        let _jobs = Jobs::of(world);
        let admin = world.as_person("admin");
        let mapping = plain(&[("C1", "name")]);
        let kept = admin
            .post("/api/import-mappings", json!({ "resource": "customers", "name": "旧系统", "mapping": mapping, "headers": ["C1", "C2"] }))
            .await;
        assert_eq!(kept.status, 201, "{:?}", kept.json);
        let next = upload(&admin, "customers", "next.csv", "C2,C1\nx,y\n").await;
        assert_eq!((&next["is_saved_mapping"], &next["mapping"]["columns"]["C1"]["field"]), (&json!(true), &json!("name")));
        let id = kept.json["id"].as_str().expect("an id");
        assert_eq!(admin.get("/api/import-mappings?resource=customers").await.rows().len(), 1);
        let gone = admin.delete(&format!("/api/import-mappings/{id}"), 1).await;
        assert_eq!(gone.status, 204);
        let next = upload(&admin, "customers", "next.csv", "C2,C1\nx,y\n").await;
        assert_eq!(next["is_saved_mapping"], false);
    })
    .await;
}
