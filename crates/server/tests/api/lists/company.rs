//! Records with every type of field, the same in every run.

use platform::access::Access;
use platform::write::Cause;
use rules::value::{Changes, Value};
use uuid::Uuid;

use crate::support::{DAY_MS, NOW_MS, World, id};

/// The same ids in every run, in the order of creation.
pub(super) fn number(kind: u128, i: usize) -> Uuid {
    Uuid::from_u128(0x0190_0000_0000_7000_9000_0000_0000_0000 + (kind << 32) + i as u128)
}

/// Picks from a list in a pattern that never repeats in step with another of a different length.
fn pick<T: Copy>(list: &[T], i: usize) -> T {
    list[(i * 7 + i / 3) % list.len()]
}

pub(super) const CUSTOMERS: usize = 60;

/// Records with every type of field, and gaps in all that may have them.
pub(super) async fn fill(world: &World) {
    let access = Access::system(&world.app, "tests");
    let mut write = access.write_as(Cause::Load).await.unwrap();
    let resource = |name: &str| access.resource(name).unwrap();
    let names = [
        "上海电力",
        "Shanghai Power",
        "杭州水务",
        "重庆钢铁",
        "北京燃气 100%",
        "a_b\\c",
        "ÄRZTE Bund",
        "苏州",
    ];
    let tags: [&[&str]; 5] = [
        &[],
        &["VIP"],
        &["vip", "重点"],
        &["重点", "VIP"],
        &["老客户"],
    ];
    for i in 0..CUSTOMERS {
        let list = pick(&tags, i)
            .iter()
            .map(|tag| (*tag).to_owned())
            .collect::<Vec<_>>();
        let values = Changes::from([
            (
                "name".into(),
                format!("{} {}", pick(&names, i), i % 9).into(),
            ),
            (
                "short_name".into(),
                pick(&[None, Some("ab"), Some("AB"), Some("b")], i).into(),
            ),
            (
                "description".into(),
                pick(&[None, Some("两行\n文字"), Some("Plain")], i).into(),
            ),
            (
                "level".into(),
                pick(&[None, Some("A"), Some("B"), Some("C")], i).into(),
            ),
            (
                "region".into(),
                pick(
                    &[
                        None,
                        Some("31"),
                        Some("3101"),
                        Some("310101"),
                        Some("3301"),
                        Some("11"),
                    ],
                    i,
                )
                .into(),
            ),
            (
                "industry".into(),
                pick(&[None, Some("C"), Some("C13"), Some("D")], i).into(),
            ),
            (
                "phone".into(),
                pick(&[None, Some("021-62345678"), Some("13800138000")], i).into(),
            ),
            (
                "owner_id".into(),
                pick(&[None, Some("li"), Some("wang"), Some("qian")], i)
                    .map(id)
                    .into(),
            ),
            (
                "parent_id".into(),
                (i > 10 && i % 4 == 0).then(|| number(1, i - 9)).into(),
            ),
            (
                "tags".into(),
                if list.is_empty() {
                    Value::Null
                } else {
                    Value::List(list)
                },
            ),
            (
                "created_at".into(),
                Value::Int(NOW_MS - (i as i64 * 13 % 50 - 3) * DAY_MS / 2),
            ),
        ]);
        write
            .create_with_id(&resource("customers"), number(1, i), values)
            .await
            .unwrap();
    }
    for i in 0..40 {
        let values = Changes::from([
            ("name".into(), format!("联系人 {i}").into()),
            ("customer_id".into(), number(1, i * 3 % CUSTOMERS).into()),
            (
                "email".into(),
                pick(&[None, Some("a@example.com"), Some("b@example.org")], i).into(),
            ),
            (
                "birthday_on".into(),
                pick(
                    &[
                        None,
                        Some("1980-06-15"),
                        Some("2026-06-01"),
                        Some("2026-06-14"),
                        Some("2026-12-31"),
                    ],
                    i,
                )
                .into(),
            ),
            (
                "is_project_leader".into(),
                pick(&[None, Some(true), Some(false)], i).into(),
            ),
        ]);
        write
            .create_with_id(&resource("contacts"), number(2, i), values)
            .await
            .unwrap();
    }
    for i in 0..30 {
        let values = Changes::from([
            ("name".into(), format!("产品 {i}").into()),
            (
                "list_price".into(),
                pick(
                    &[
                        None,
                        Some(0i64),
                        Some(100),
                        Some(12_345),
                        Some(9_999_999_999),
                    ],
                    i,
                )
                .into(),
            ),
            (
                "state".into(),
                pick(&["planned", "active", "discontinued"], i).into(),
            ),
        ]);
        write
            .create_with_id(&resource("products"), number(3, i), values)
            .await
            .unwrap();
    }
    write.commit().await.unwrap();
}
