//! Search over everything.

use serde_json::json;

use crate::activities::{create, hours};
use crate::support::{Client, each_database, id, id_of};

async fn found(client: &Client, text: &str) -> Vec<(String, String)> {
    let answer = client.query("/api/search", &[("q", text)]).await;
    assert_eq!(answer.status, 200, "{:?}", answer.json);
    let mut hits = Vec::new();
    for group in answer.json["groups"].as_array().expect("groups") {
        for hit in group["hits"].as_array().expect("hits") {
            let text = |json: &serde_json::Value| json.as_str().unwrap_or_default().to_owned();
            hits.push((text(&group["resource"]), text(&hit["label"])));
        }
    }
    hits
}

fn customer(name: &str) -> (String, String) {
    ("customers".into(), name.into())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_finds_by_initials_pinyin_and_parts_of_the_name() {
    each_database(async |world| {
        let li = world.as_person("li");
        li.customer("红圈科技有限公司").await;
        li.customer("蓝圈贸易").await;
        for text in ["hq", "hongquan", "hongq", "红圈", "圈科", "科技"] {
            assert_eq!(
                li.names("customers", &[("q", text)]).await,
                ["红圈科技有限公司"],
                "{text}"
            );
        }
        assert_eq!(li.names("customers", &[("q", "没有这家")]).await, [""; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn signs_of_the_databases_own_search_language_are_only_text() {
    each_database(async |world| {
        let li = world.as_person("li");
        li.customer("GTX \"Pro\" 100%").await;
        assert_eq!(li.names("customers", &[("q", "gtx")]).await.len(), 1);
        for text in [
            "\"",
            "gtx\" OR \"a",
            "*",
            "(",
            "NEAR(a b)",
            "a AND",
            "^gt",
            "~",
            "_",
            "%",
            "\\",
            "ก็",
            "é́x",
        ] {
            let answer = li.query("/api/customers", &[("q", text)]).await;
            assert_eq!(answer.status, 200, "{text}: {:?}", answer.json);
            assert_eq!(
                li.query("/api/search", &[("q", text)]).await.status,
                200,
                "{text}"
            );
        }
        assert_eq!(li.names("customers", &[("q", "__")]).await, [""; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn text_filters_work_whatever_the_case() {
    each_database(async |world| {
        let li = world.as_person("li");
        li.customer("GTX Pro").await;
        let filter = json!({ "field": "name", "op": "contains", "value": "tx p" }).to_string();
        assert_eq!(
            li.names("customers", &[("filter", &filter)]).await,
            ["GTX Pro"]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_closest_names_come_first() {
    each_database(async |world| {
        let li = world.as_person("li");
        for name in ["上海海天集团", "海天味业", "海天", "大海天空"] {
            li.customer(name).await;
        }
        let hits = found(&li, "海天").await;
        assert_eq!(hits[0], customer("海天"));
        assert_eq!(hits[1], customer("海天味业"));
        assert_eq!(hits.len(), 4);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_finds_what_they_may_not_see() {
    each_database(async |world| {
        world.as_person("qian").customer("红圈科技").await;
        assert_eq!(found(&world.as_person("li"), "红圈").await, []);
        assert_eq!(
            found(&world.as_person("north_supervisor"), "红圈").await,
            [customer("红圈科技")]
        );
        assert_eq!(
            found(&world.as_person("admin"), "hq").await[0],
            customer("红圈科技")
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_contact_is_found_by_mobile_and_shown_with_its_customer() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let body =
            json!({ "name": "周敏", "customer_id": customer["id"], "mobile": "13800138000" });
        li.create("contacts", body).await;
        let answer = li.query("/api/search", &[("q", "8001380")]).await;
        let hit = &answer.json["groups"][0]["hits"][0];
        assert_eq!(hit["label"], "周敏");
        let detail = hit["detail"].as_str().expect("a detail");
        assert!(
            detail.contains("红圈科技") && detail.contains("138"),
            "{detail}"
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_masked_number_neither_finds_nor_shows() {
    each_database(async |world| {
        let admin = world.as_person("admin");
        let roles = admin.get("/api/roles").await.rows();
        let role = roles
            .iter()
            .find(|role| role["code"] == "salesperson")
            .expect("the role")
            .clone();
        let mut grants = role["grants"].clone();
        grants["fields"] = json!({ "contacts": { "mobile": "mask" } });
        let li = world.as_person("li");
        let customer = li.customer("红圈科技").await;
        let body =
            json!({ "name": "周敏", "customer_id": customer["id"], "mobile": "13800138000" });
        li.create("contacts", body).await;
        admin
            .edit("roles", &role, json!({ "grants": grants }))
            .await;
        assert_eq!(found(&li, "8001380").await, []);
        assert_eq!(
            found(&li, "周敏").await,
            [("contacts".to_owned(), "周敏".to_owned())]
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn people_are_found_by_pinyin() {
    each_database(async |world| {
        let answer = world
            .as_person("li")
            .query("/api/search", &[("q", "wangf"), ("limit", "3")])
            .await;
        assert_eq!(answer.json["groups"][0]["resource"], "people");
        assert_eq!(
            answer.json["groups"][0]["hits"][0]["id"],
            id("wang").to_string()
        );
        assert_eq!(answer.json["groups"][0]["hits"][0]["detail"], "上海队");
    })
    .await;
}

#[tokio::test]
async fn activities_are_found_by_their_words_and_their_customer_within_scope() {
    each_database(async |world| {
        let li = world.as_person("li");
        let customer = li.customer("恒力精密").await;
        let visit = json!({
            "customer_id": id_of(&customer), "planned_start_at": hours(1.0), "purpose": "讲清楚交付周期",
            "participant_ids": [id("qian")],
        });
        let visit = create(&li, "first", visit).await;
        let call = json!({ "state": "done", "subject": "随访", "result": "对方要一份报价单" });
        let call = create(&li, "call", call).await;
        let activities = async |who: &str, text: &str| -> Vec<String> {
            let answer = world.as_person(who).query("/api/search", &[("q", text)]).await;
            let groups = answer.json["groups"].as_array().unwrap().clone();
            let group = groups.into_iter().find(|group| group["resource"] == "activities");
            let hits = group.map_or(Vec::new(), |group| group["hits"].as_array().unwrap().clone());
            hits.iter().map(|hit| hit["id"].as_str().unwrap().to_owned()).collect()
        };
        let (visit, call) = (vec![id_of(&visit).to_string()], vec![id_of(&call).to_string()]);
        for text in ["交付周期", "jiaofuzhouqi", "jfzq", "恒力", "hljm", "恒力 交付"] {
            assert_eq!(activities("li", text).await, visit, "{text}");
        }
        assert_eq!(activities("li", "报价单").await, call);
        // Who takes part finds it, whoever leads finds it by its customer, and nobody else does.
        assert_eq!(activities("qian", "交付周期").await, visit);
        assert_eq!(activities("supervisor", "恒力").await, visit);
        for text in ["交付周期", "恒力", "报价单"] {
            assert!(activities("wang", text).await.is_empty(), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn everybody_finds_the_same_among_few_people_and_among_many() {
    each_database(async |world| {
        for (who, name) in [("li", "恒力精密"), ("zhao", "恒力电子"), ("qian", "恒力机械")] {
            let client = world.as_person(who);
            let customer = client.customer(name).await;
            let contact = json!({ "name": "周恒力", "customer_id": customer["id"] });
            client.create("contacts", contact).await;
        }
        let mut theirs = vec![
            customer("恒力电子"),
            customer("恒力精密"),
            ("contacts".to_owned(), "周恒力".to_owned()),
            ("contacts".to_owned(), "周恒力".to_owned()),
        ];
        theirs.sort();
        let director = world.as_person("director");
        let seen = async |text: &str| {
            let mut hits = found(&director, text).await;
            hits.sort();
            hits
        };
        let listed = async || {
            let names = [("q", "恒力"), ("sort", "name")];
            director.names("customers", &names).await
        };
        for text in ["恒力", "hengli", "hl"] {
            assert_eq!(seen(text).await, theirs, "{text}");
        }
        assert_eq!(listed().await, ["恒力电子", "恒力精密"]);
        // Now li and the supervisor are few among many, whose records are looked through themselves.
        for number in 0..30 {
            let person = json!({
                "name": format!("新人{number}"), "email": format!("new{number}@example.com"), "team_id": id("east_2"),
            });
            world.as_person("admin").create("people", person).await;
        }
        for text in ["恒力", "hengli", "hl"] {
            assert_eq!(seen(text).await, theirs, "{text}");
        }
        assert_eq!(listed().await, ["恒力电子", "恒力精密"]);
        for (who, name) in [("li", "恒力精密"), ("supervisor", "恒力精密"), ("qian", "恒力机械")] {
            for text in ["恒力", "hengli", "hl"] {
                let mut hits = found(&world.as_person(who), text).await;
                hits.sort();
                let contact = ("contacts".to_owned(), "周恒力".to_owned());
                assert_eq!(hits, [contact, customer(name)], "{who} {text}");
            }
            assert_eq!(world.as_person(who).names("customers", &[("q", "恒力")]).await, [name]);
        }
    })
    .await;
}
