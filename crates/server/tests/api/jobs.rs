//! Background jobs as administrators see them.

use platform::access::Access;
use platform::job::enqueue;
use serde_json::json;
use uuid::Uuid;

use crate::support::{World, each_database};

async fn queue(world: &World) -> Uuid {
    let access = Access::system(&world.app, "tests");
    let mut write = access.write().await.expect("a write");
    let id = enqueue(&mut write, "nothing_runs_this", json!({}))
        .await
        .expect("a job");
    write.commit().await.expect("queued");
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn administrators_cancel_jobs_and_try_them_again() {
    each_database(async |world| {
        let id = queue(world).await;
        let admin = world.as_person("admin");
        for person in ["li", "director"] {
            let client = world.as_person(person);
            assert_eq!(client.get("/api/jobs").await.status, 403);
            assert_eq!(
                client
                    .post(&format!("/api/jobs/{id}/cancel"), json!({}))
                    .await
                    .status,
                403
            );
        }
        let row = admin.get("/api/jobs?state=queued").await.rows().remove(0);
        assert_eq!((&row["id"], &row["can"]), (&json!(id), &json!(["cancel"])));
        let post = async |verb: &str| {
            let answer = admin
                .post(&format!("/api/jobs/{id}/{verb}"), json!({}))
                .await;
            (answer.status, answer.code().to_owned())
        };
        assert_eq!(post("retry").await, (409, "job_not_failed".into()));
        assert_eq!(post("cancel").await.0, 204);
        assert_eq!(post("cancel").await, (409, "job_not_running".into()));
        assert_eq!(admin.get("/api/jobs").await.rows()[0]["state"], "cancelled");
        assert_eq!(post("retry").await.0, 204);
        assert_eq!(admin.get("/api/jobs").await.rows()[0]["state"], "queued");
        let unknown = Uuid::from_u128(1);
        assert_eq!(
            admin
                .post(&format!("/api/jobs/{unknown}/cancel"), json!({}))
                .await
                .status,
            404
        );
        assert_eq!(admin.get("/api/jobs?state=odd").await.status, 422);
    })
    .await;
}
