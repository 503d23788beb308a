//! Following a record: being told of what happens to it. Its creator and owner do so unless they say no.

use axum::response::Response;
use platform::access::Access;
use platform::problem::Result;
use platform::web::{Doc, Path, Routes, no_content};
use sea_orm::sea_query::{Alias, OnConflict, Query};
use uuid::Uuid;

pub fn routes() -> Routes {
    Routes::default()
        .put(
            "/api/{resource}/{id}/following",
            Doc::new(
                "comments",
                "Follow a record: be told of comments and changes",
            )
            .status(204),
            async |access: Access, Path((name, id)): Path<(String, Uuid)>| {
                choose(access, name, id, true).await
            },
        )
        .delete(
            "/api/{resource}/{id}/following",
            Doc::new("comments", "Follow a record no longer").status(204),
            async |access: Access, Path((name, id)): Path<(String, Uuid)>| {
                choose(access, name, id, false).await
            },
        )
}

async fn choose(access: Access, name: String, id: Uuid, is_following: bool) -> Result<Response> {
    let record = access.get(&access.resource(&name)?, id).await?;
    let mut write = access.write().await?;
    let columns = ["record_id", "person_id", "resource", "is_following"].map(Alias::new);
    let insert = Query::insert()
        .into_table(Alias::new("follower"))
        .columns(columns)
        .values_panic([
            record.id().into(),
            access.actor.person_id.into(),
            record.resource.name.as_str().into(),
            is_following.into(),
        ])
        .on_conflict(
            OnConflict::columns(["record_id", "person_id"].map(Alias::new))
                .update_column(Alias::new("is_following"))
                .to_owned(),
        )
        .to_owned();
    write.execute(&insert).await?;
    write.commit().await?;
    Ok(no_content())
}
